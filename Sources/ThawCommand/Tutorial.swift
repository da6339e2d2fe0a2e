import ArgumentParser
import Thaw

/// `thaw tutorial`.
struct Tutorial: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tutorial",
    abstract: "Shows automatic differentiation at work, in numbers.",
    discussion: """
      --draw gives a picture of the graph that the example builds while it runs: leaves, operations by their grad_fn, and \
      what is frozen. A .dot file needs nothing else, .svg and .png need Graphviz's program dot.

      Example: thaw tutorial --draw dag.svg
      """)

  @Option(name: [.customShort("o"), .long], help: "Where to save the recorded function.", completion: .file())
  var out = "tutorial.onnx"
  @Option(
    help: "Where to save a drawing of the graph of automatic differentiation: .svg, .png or .dot.", completion: .file())
  var draw: String?

  func validate() throws {
    guard let draw else { return }
    switch DrawingFormat(path: draw) {
    case .svg, .png, .dot: break
    case .html, nil: throw ValidationError("\(draw): the drawing's name should end in .svg, .png or .dot")
    }
  }

  func run() throws {
    try TensorFile.checkWritable(out)
    if let draw { try TensorFile.checkWritable(draw) }
    // A failed operation is an error of this scope, and not the end of the program.
    try withErrors {
      try showGradients()
      try showRequirements()
      try showGraph()
      if let draw { try save(to: draw) }
    }
  }

  static func q(_ a: Tensor, _ b: Tensor) -> Tensor { 3 * a ** 3 - b ** 2 }

  private func showGradients() throws {
    say("Two tensors that require a gradient, and Q = 3a³ − b² of them. Q remembers the operation that made it.")
    let a = Tensor([2, 3], requiresGrad: true)
    let b = Tensor([6, 4], requiresGrad: true)
    let q = Self.q(a, b)
    show("a", a)
    show("b", b)
    show("Q", q)
    show("Q.sum()", q.sum())

    say("A backward pass goes from the sum to a and b, and leaves the gradients there: 9a² and −2b.")
    try q.sum().backward()
    show("a.grad", try gradient(of: a))
    show("b.grad", try gradient(of: b))
    show("a.grad .== 9 * a ** 2", try gradient(of: a) .== (9 * a.detach() ** 2))
    show("b.grad .== -2 * b", try gradient(of: b) .== (-2 * b.detach()))

    say("The pass has freed what the operations saved. Going back a second time is an error, not a wrong number:")
    do {
      try q.backward(gradient: Tensor([1.0, 1.0]))
    } catch {
      Console.line("    \(error)")
    }
  }

  private func showRequirements() throws {
    say("A result requires a gradient when an input does. What is frozen stays out of the graph.")
    let (x, y, z) = try Self.squares()
    show("(x + y).requiresGrad", (x + y).requiresGrad)
    show("(x + z).requiresGrad", (x + z).requiresGrad)
  }

  private func showGraph() throws {
    say("The same Swift code recorded as a graph of ONNX operators, saved, opened again and replayed:")
    let graph = try Graph.record(inputs: ["a": .float32([2]), "b": .float32([2])], output: "Q", Self.q)
    try graph.save(to: out)
    let model = try Model(contentsOf: out)
    let a = Tensor([2, 3], requiresGrad: true)
    let b = Tensor([6, 4], requiresGrad: true)
    let q = try model(["a": a, "b": b])["Q"]
    show("operators of \(out)", model.summary.operators.map { "\($0.count) \($0.name)" }.joined(separator: ", "))
    show("Q", q)
    try q.sum().backward()
    show("a.grad", try gradient(of: a))
    show("b.grad", try gradient(of: b))
    Console.line("\nsaved: \(out)")
  }

  /// Two tensors that are frozen, and one that requires a gradient.
  private static func squares() throws -> (x: Tensor, y: Tensor, z: Tensor) {
    let numbers = try (0..<3).map { try RandomGenerator(seed: $0).uniform([5, 5]) }
    return (numbers[0], numbers[1], try numbers[2].requiringGrad())
  }

  /// Draws the example's graph: Q of its leaves a and b, and beside it a sum of which a part is frozen.
  private func save(to path: String) throws {
    let a = Tensor([2, 3], requiresGrad: true)
    let b = Tensor([6, 4], requiresGrad: true)
    let (x, _, z) = try Self.squares()
    let dot = Tensor.dot(
      ["Q = 3a³ − b²": Self.q(a, b), "x + z": x + z], names: ["a": a, "b": b, "z": z], showsFrozen: true)
    try DrawingFormat.write(dot, to: path)
    Console.line("drawn: \(path)")
  }

  private func gradient(of tensor: Tensor) throws -> Tensor {
    guard let gradient = tensor.grad else {
      throw TensorError(.autograd, "the backward pass left no gradient in \(tensor)")
    }
    return gradient
  }

  private func say(_ text: String) { Console.line("\n\(text)") }

  private func show(_ expression: String, _ value: some CustomStringConvertible) {
    Console.line("    \(expression.padded(to: 24)) \(value)")
  }
}
