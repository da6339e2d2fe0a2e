import ArgumentParser
import Thaw

/// `thaw tutorial`.
struct Tutorial: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tutorial", abstract: "Shows automatic differentiation at work, in numbers.",
    discussion: "Example: thaw tutorial -o tutorial.onnx")

  @Option(name: [.customShort("o"), .long], help: "Where to save the recorded function.", completion: .file()) var out =
    "tutorial.onnx"

  func run() throws {
    try TensorFile.checkWritable(out)
    // A failed operation is an error of this scope, and not the end of the program.
    try withErrors {
      try showGradients()
      try showRequirements()
      try showGraph()
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
    let x = try RandomGenerator(seed: 0).uniform([5, 5])
    let y = try RandomGenerator(seed: 1).uniform([5, 5])
    let z = try RandomGenerator(seed: 2).uniform([5, 5]).requiringGrad()
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
