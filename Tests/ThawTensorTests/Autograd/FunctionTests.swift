import Synchronization
import Testing
import ThawTypes

@testable import ThawTensor

/// Custom functions, as PyTorch 2.13 has `torch.autograd.Function`.
@Suite("Custom functions") struct FunctionTests {
  private func numbers(_ tensor: Tensor?) throws -> [Float] { try #require(tensor).elements(as: Float.self) }

  @Test("two inputs, three outputs, one of them without a gradient") func several() throws {
    let seen = Mutex<[FunctionContext]>([])
    let given = Mutex<[[Float]?]>([])
    let function = ProductAndSum { context, gradients in
      let values = try gradients.map { try $0?.elements(as: Float.self) }
      seen.withLock { $0.append(context) }
      given.withLock { $0 = values }
    }
    let (a, b) = (Tensor([1, 2], requiresGrad: true), Tensor([3, 4] as [Float]))
    let outputs = try function.apply(a, b)
    #expect(outputs.map(\.requiresGrad) == [true, true, false])
    #expect(outputs[0].gradFn?.name == "ProductAndSumBackward0")
    #expect(try outputs.map { try numbers($0) } == [[3, 8], [4, 6], [1, 1]])
    try outputs[0].sum().backward()
    #expect(try numbers(a.grad) == [3, 4])
    #expect(given.withLock { $0 } == [[1, 1], [0, 0], [0, 0]])
    #expect(seen.withLock { $0.map(\.needsInputGrad) } == [[true, false]])
    #expect(try noGrad { try function.apply(a, b)[0].gradFn } == nil)
  }

  @Test("without materialized gradients, nil is where nothing flows back") func absent() throws {
    let given = Mutex<[Bool]>([])
    let function = ProductAndSum(materializes: false) { _, gradients in
      given.withLock { $0 = gradients.map { $0 != nil } }
    }
    let (a, b) = (Tensor([1, 2], requiresGrad: true), Tensor([3, 4], requiresGrad: true))
    try function.apply(a, b)[1].sum().backward()
    #expect(given.withLock { $0 } == [false, true, false])
    #expect(try [a, b].map { try numbers($0.grad) } == [[1, 1], [1, 1]])
  }

  @Test("gradients of gradients through saved inputs and outputs") func second() throws {
    let x = Tensor(elements: [0.5, 1.5], requiresGrad: true)
    try gradcheck({ try [Cube()($0[0])] }, inputs: [x])
    try gradgradcheck({ try [Cube()($0[0])] }, inputs: [x])
    try gradgradcheck({ try [Exponential()($0[0])] }, inputs: [x])
    try gradgradcheck({ try ProductAndSum().apply($0[0], $0[0].exp()) }, inputs: [x])
  }

  @Test("an input is told from another look at the same memory") func identity() throws {
    let x = Tensor(elements: [2.0], requiresGrad: true)
    // y = a·b with b detached: dy/dx is b, and no gradient of it flows to x.
    let y = try ProductAndSum().apply(x, x.detach())[0]
    let first = try grad(of: y, withRespectTo: x, createGraph: true)
    #expect(try first.item() == 2)
    #expect(!first.requiresGrad)
  }

  @Test("an input handed through is a new result, with the function's own gradient") func handedThrough() throws {
    let x = Tensor([1, 2], requiresGrad: true)
    let y = try Reversed()(x)
    #expect(y.gradFn?.name == "ReversedBackward0")
    try (y * 3).sum().backward()
    #expect(try numbers(x.grad) == [-3, -3])
    #expect(x.isLeaf)
  }

  @Test("saved values are freed, counted and retained as those of any operation") func freed() throws {
    let x = Tensor([1, 2], requiresGrad: true)
    let y = try Cube()(x)
    #expect(y.gradFn?.savedByteCount == 8)
    try y.sum().backward(retainGraph: true)
    try y.sum().backward()
    #expect(y.gradFn?.savedByteCount == 0)
    #expect(try numbers(x.grad) == [6, 24])
    let error = #expect(throws: TensorError.self) { try y.sum().backward() }
    #expect(error?.message.hasPrefix("Trying to backward through the graph a second time") == true)
  }

  @Test("in a checkpoint and with hooks of saved tensors") func combined() throws {
    let x = Tensor([1, 2], requiresGrad: true)
    try checkpoint(x) { try Cube()($0 * 2) }.sum().backward()
    #expect(try numbers(x.grad) == [24, 96])
    x.zeroGrad()
    try savedTensorsHooks(pack: { $0 * 2 }, unpack: { $0 / 2 }) { try Cube()(x) }.sum().backward()
    #expect(try numbers(x.grad) == [3, 12])
  }

  @Test("calls are told apart by identity") func identities() {
    let call = FunctionCall(Cube(), [])
    #expect(call == call && call != FunctionCall(Cube(), []))
    #expect(Set([call, call, FunctionCall(Cube(), [])]).count == 2)
  }

  static let failures: [(body: @Sendable (Tensor) throws -> Tensor, message: String)] = [
    (
      { try Wrong { [$0, $0] }($0) },
      "in the gradient of Wrong: function WrongBackward returned an incorrect number of gradients (expected 1, got 2)"
    ),
    (
      { try Wrong { _ in [Tensor([1, 2, 3] as [Float])] }($0) },
      "Function WrongBackward0 returned an invalid gradient at index 0 - got float32[3] but expected shape compatible "
        + "with float32[2]"
    ),
    ({ try Wrong { _ in throw TensorError(.range, "own") }($0) }, "in the gradient of Wrong: own"),
    (
      { try Wrong { [$0.reshaped(to: [3])] }($0) },
      "in the gradient of Wrong: Reshape: the input of shape [2] has 2 elements, which do not fill the shape [3]"
    ),
    (
      { try Exponential()($0.reshaped(to: [3])) },
      "Reshape: the input of shape [2] has 2 elements, which do not fill the shape [3]"
    ),
    (
      { try ProductAndSum()($0, $0) },
      "ProductAndSum has 3 outputs, and a call gives one: use apply(…) to get them all"
    ),
    (
      { try ProductAndSum().apply($0, Tensor([1, 2, 3] as [Float]))[0] },
      "Mul: the shapes [2] and [3] do not broadcast: counted from the last, dimensions must be equal or 1"
    ),
  ]

  @Test("what does not fit is an error", arguments: failures.indices)
  func failing(index: Int) throws {
    let x = Tensor([1, 2], requiresGrad: true)
    let error = #expect(throws: TensorError.self) {
      try withErrors { try Self.failures[index].body(x).sum().backward() }
    }
    #expect(error?.message == Self.failures[index].message)
    #expect(x.grad == nil)
  }
}

/// a·b, a + b, and a > 0.
private struct ProductAndSum: Function {
  var materializes = true
  var observe: @Sendable (FunctionContext, [Tensor?]) throws -> Void = { _, _ in }

  func forward(_ inputs: [Tensor], _ context: inout FunctionContext) throws -> [Tensor] {
    context.saveForBackward(inputs[0], inputs[1])
    context.materializesGradients = materializes
    let outputs = [inputs[0] * inputs[1], inputs[0] + inputs[1], (inputs[0] .> 0).cast(to: inputs[0].dtype)]
    context.markNonDifferentiable(outputs[2])
    return outputs
  }

  func backward(_ gradients: [Tensor?], _ context: FunctionContext) throws -> [Tensor?] {
    try observe(context, gradients)
    return (0..<2).map { input in
      guard context.needsInputGrad[input] else { return nil }
      let product = gradients[0].map { $0 * context.savedTensors[1 - input] }
      guard let product, let sum = gradients[1] else { return product ?? gradients[1] }
      return product + sum
    }
  }
}

private struct Cube: Function {
  func forward(_ inputs: [Tensor], _ context: inout FunctionContext) throws -> [Tensor] {
    context.saveForBackward(inputs[0])
    return [inputs[0] ** 3]
  }

  func backward(_ gradients: [Tensor?], _ context: FunctionContext) throws -> [Tensor?] {
    [gradients[0].map { $0 * 3 * context.savedTensors[0] ** 2 }]
  }
}

/// Its gradient reads its output.
private struct Exponential: Function {
  func forward(_ inputs: [Tensor], _ context: inout FunctionContext) throws -> [Tensor] {
    let y = inputs[0].exp()
    context.saveForBackward(y)
    return [y]
  }

  func backward(_ gradients: [Tensor?], _ context: FunctionContext) throws -> [Tensor?] {
    [gradients[0].map { $0 * context.savedTensors[0] }]
  }
}

/// The identity, whose gradient changes its sign.
private struct Reversed: Function {
  func forward(_ inputs: [Tensor], _ context: inout FunctionContext) throws -> [Tensor] { [inputs[0]] }
  func backward(_ gradients: [Tensor?], _ context: FunctionContext) throws -> [Tensor?] { [gradients[0].map { -$0 }] }
}

private struct Wrong: Function {
  let gradients: @Sendable (Tensor) throws -> [Tensor?]

  init(_ gradients: @escaping @Sendable (Tensor) throws -> [Tensor?]) { self.gradients = gradients }
  func forward(_ inputs: [Tensor], _ context: inout FunctionContext) throws -> [Tensor] { [inputs[0] * 2] }

  func backward(_ gradients: [Tensor?], _ context: FunctionContext) throws -> [Tensor?] {
    try gradients[0].map(self.gradients) ?? []
  }
}
