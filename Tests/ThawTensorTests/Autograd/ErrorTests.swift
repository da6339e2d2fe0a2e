import Testing
import ThawTypes

@testable import ThawTensor

/// The texts of errors, which begin as PyTorch's do, and that every failure ends as one.
@Suite("Errors of automatic differentiation") struct ErrorTests {
  private func message(_ body: () throws -> Void) -> String? {
    #expect(throws: TensorError.self) { try withErrors(body) }?.message
  }

  @Test("an implicit gradient needs one element") func implicit() {
    let x = Tensor([1, 2], requiresGrad: true)
    #expect(
      message { try (x * x).backward() }
        == "grad can be implicitly created only for scalar outputs; this one has shape [2]: give a gradient of that "
        + "shape, or reduce it to one element first")
  }

  @Test("a gradient has the shape and type of its output") func mismatch() {
    let x = Tensor([1, 2], requiresGrad: true)
    #expect(
      message { try (x * x).backward(gradient: Tensor([1, 2, 3] as [Float])) }
        == "Mismatch in shape: grad_output[0] has a shape of [3] and output[0] has a shape of [2].")
    #expect(
      message { try (x * x).backward(gradient: Tensor([1, 2])) }
        == "Mismatch in dtype: grad_output[0] is int64 and output[0] is float32.")
  }

  @Test("something must require a gradient") func nothing() {
    #expect(
      message { try Tensor([1, 2]).sum().backward() }
        == "element 0 of tensors does not require grad and does not have a grad_fn: nothing that it was computed from "
        + "requires a gradient")
  }

  @Test("an input that was not used is an error, unless allowed") func unused() throws {
    let (x, y) = (Tensor([1, 2], requiresGrad: true), Tensor([1, 2], requiresGrad: true))
    #expect(
      message { _ = try grad(of: [x.sum()], withRespectTo: [x, y]) }
        == "One of the differentiated Tensors appears to not have been used in the graph (input 1 of 2); set "
        + "allowUnused: true if nil is wanted for it")
    #expect(try grad(of: [x.sum()], withRespectTo: [x, y], allowUnused: true)[1] == nil)
    #expect(
      message { _ = try grad(of: [x.sum()], withRespectTo: [Tensor([1])]) }
        == "One of the differentiated Tensors does not require grad (input 0 of 1)")
  }

  @Test("only leaves change their requirement, and only floating ones have it") func requirement() {
    let x = Tensor([1, 2], requiresGrad: true)
    #expect(
      message { _ = try (x * 2).requiringGrad(false) }
        == "you can only change requires_grad flags of leaf variables; this tensor is the result of MulBackward0: call "
        + "detach() first to get a leaf")
    #expect(
      message { _ = try Tensor([1, 2] as [Int]).requiringGrad() }
        == "only Tensors of floating point dtype can require gradients; this one is int64: cast it first")
  }

  @Test("an operation without a gradient says so before it is recorded") func missing() {
    let x = Tensor([1, 2], requiresGrad: true)
    #expect(
      message { _ = try apply(Unfinished(), to: x) }
        == "Unfinished has no gradient in Thaw yet, and an input of it requires one; freeze what leads to it, or "
        + "detach() its input")
    #expect(throws: Never.self) { try noGrad { try apply(Unfinished(), to: x) } }
  }

  @Test("the first failure comes out, whatever follows it") func first() {
    #expect(
      message {
        let failed = Tensor([1, 2]).gather(Tensor([5]))
        _ = (failed + 1).reshaped(to: [7]).sum()
      } == "Gather: the index 5 is out of range for axis 0 of size 2 (expected -2 to 1)")
  }

  static let shapes: [(name: String, body: @Sendable (Tensor) throws -> Tensor, message: String)] = [
    (
      "Gather", { $0.gather(Tensor([5])) },
      "Gather: the index 5 is out of range for axis 0 of size 2 (expected -2 to 1)"
    ),
    (
      "Reshape", { $0.reshaped(to: [3]) },
      "Reshape: the input of shape [2] has 2 elements, which do not fill the shape [3]"
    ),
    (
      "Expand", { $0.expanded(to: [3]) },
      "Expand: the shapes [2] and [3] do not broadcast: counted from the last, dimensions must be equal or 1"
    ),
  ]

  @Test("a failure in a body is an error of the composite", arguments: shapes.indices)
  func inBody(index: Int) {
    let (name, body, text) = Self.shapes[index]
    let composite = FailingBody(name: name, operation: body)
    let x = Tensor([1, 2], requiresGrad: true)
    for input in [x, x.detach()] {
      let thrown = #expect(throws: TensorError.self) { try apply(composite, to: input) }
      #expect(thrown?.message == "in the body of FailingBody: " + text)
      #expect(message { _ = Tensor.catching { try apply(composite, to: input) } } == thrown?.message)
    }
  }

  @Test("a failure in a pullback is an error of the pass", arguments: shapes.indices)
  func inPullback(index: Int) throws {
    let (name, body, text) = Self.shapes[index]
    let x = Tensor([1, 2], requiresGrad: true)
    let y = try apply(FailingPullback(name: name, operation: body), to: x)
    let thrown = #expect(throws: TensorError.self) { try y.sum().backward() }
    #expect(thrown?.message == "in the gradient of FailingPullback: " + text)
    #expect(x.grad == nil)
  }

  @Test("a gradient of another shape is Thaw's own fault") func wrongShape() throws {
    let x = Tensor([1, 2], requiresGrad: true)
    let y = try apply(FailingPullback(name: "wrong") { Tensor.concat([$0, $0, $0]) }, to: x)
    let thrown = #expect(throws: TensorError.self) { try y.sum().backward() }
    #expect(thrown?.kind == .internal)
  }
}

/// A composite whose body is a closure.
private struct FailingBody: Composite {
  let name: String
  let operation: @Sendable (Tensor) throws -> Tensor

  init(name: String, operation: @escaping @Sendable (Tensor) throws -> Tensor) {
    self.name = name
    self.operation = operation
  }

  init(_ node: NodeReader) throws { self.init(name: "") { $0 } }
  static func == (left: FailingBody, right: FailingBody) -> Bool { left.name == right.name }
  func hash(into hasher: inout Hasher) { hasher.combine(name) }

  static let schema = Schema("FailingBody", versions: [1], inputs: [Input("x")], batch: .mixing)

  func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] { [] }

  func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    [.tensor(try operation(try tensor(inputs, 0, of: Self.schema)) * 2)]
  }
}

/// The identity, as if its gradient were still to be written.
private struct Unfinished: Primitive {
  init() {}
  init(_ node: NodeReader) throws {}

  static let schema = Schema(
    "Unfinished", versions: [1], inputs: [Input("x")], batch: .mixing, differentiability: .missing)

  func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] { inputs.compactMap { $0 } }
  func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] { [inputs[0]] }
}

/// The identity, whose pullback is a closure.
private struct FailingPullback: Primitive {
  let name: String
  let operation: @Sendable (Tensor) throws -> Tensor

  init(name: String, operation: @escaping @Sendable (Tensor) throws -> Tensor) {
    self.name = name
    self.operation = operation
  }

  init(_ node: NodeReader) throws { self.init(name: "") { $0 } }
  static func == (left: FailingPullback, right: FailingPullback) -> Bool { left.name == right.name }
  func hash(into hasher: inout Hasher) { hasher.combine(name) }

  static let schema = Schema("FailingPullback", versions: [1], inputs: [Input("x")], batch: .mixing)

  func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] { [] }
  func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] { [inputs[0]] }

  func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    [try gradients[0].map(operation)]
  }
}
