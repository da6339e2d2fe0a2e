import Testing
import ThawTypes

@testable import ThawTensor

/// Functions of several tensors to several, with the numbers of PyTorch 2.13's `torch.autograd.functional`.
@Suite("Functional derivatives of lists") struct FunctionalListTests {
  private static let inputs = [Tensor(elements: [2.0, 3]), Tensor(elements: [5.0])]
  private static let vectors = [Tensor(elements: [1.0, 10]), Tensor(elements: [100.0])]

  /// (a²b, Σab).
  private static func f(_ x: [Tensor]) -> [Tensor] { [x[0] * x[0] * x[1], (x[0] * x[1]).sum()] }
  /// Σa³b.
  private static func g(_ x: [Tensor]) -> Tensor { (x[0] * x[0] * x[0] * x[1]).sum() }
  /// (a², 1).
  private static func partial(_ x: [Tensor]) -> [Tensor] { [x[0] * x[0], Tensor(elements: [1.0])] }

  private func numbers(_ tensors: [Tensor]) throws -> [[Double]] { try tensors.map { try $0.elements() } }

  @Test("vectors times Jacobians, and Jacobians times vectors") func products() throws {
    let cotangents = [Tensor(elements: [1.0, 10]), Tensor(elements: [100.0], shape: [])]
    let back = try vjp(Self.f, at: Self.inputs, cotangents: cotangents)
    #expect(try numbers(back.values) == [[20, 45], [25]])
    #expect(try numbers(back.products) == [[520, 800], [594]])
    let forth = try jvp(Self.f, at: Self.inputs, tangents: Self.vectors)
    #expect(try numbers(forth.values) == [[20, 45], [25]])
    #expect(try numbers(forth.products) == [[420, 1200], [555]])
    #expect(forth.products.map(\.shape) == [[2], []])
    #expect((back.products + back.values + forth.products + forth.values).allSatisfy { !$0.requiresGrad })
  }

  @Test("Jacobians and Hessians by value and input") func matrices() throws {
    let jacobians = try jacobian(Self.f, at: Self.inputs)
    #expect(jacobians.map { $0.map(\.shape) } == [[[2, 2], [2, 1]], [[2], [1]]])
    #expect(try jacobians.map(numbers) == [[[20, 0, 0, 30], [4, 9]], [[5, 5], [5]]])
    let hessians = try hessian(Self.g, at: Self.inputs)
    #expect(hessians.map { $0.map(\.shape) } == [[[2, 2], [2, 1]], [[1, 2], [1, 1]]])
    #expect(try hessians.map(numbers) == [[[60, 0, 0, 90], [12, 27]], [[12, 27], [0]]])
  }

  @Test("Hessians times vectors, and vectors times Hessians") func hessianProducts() throws {
    for (value, products) in [
      try hvp(Self.g, at: Self.inputs, vectors: Self.vectors), try vhp(Self.g, at: Self.inputs, vectors: Self.vectors),
    ] {
      #expect(try value.item() == 175)
      #expect(try numbers(products) == [[1260, 3600], [282]])
      #expect(!value.requiresGrad && products.allSatisfy { !$0.requiresGrad })
    }
  }

  @Test("what does not depend on an input has zeros") func unused() throws {
    let cotangents = [Tensor(elements: [1.0, 1]), Tensor(elements: [1.0])]
    #expect(try numbers(vjp(Self.partial, at: Self.inputs, cotangents: cotangents).products) == [[4, 6], [0]])
    #expect(try numbers(jvp(Self.partial, at: Self.inputs, tangents: Self.vectors).products) == [[4, 60], [0]])
    #expect(
      try jacobian(Self.partial, at: Self.inputs).map(numbers) == [[[4, 0, 0, 6], [0, 0]], [[0, 0], [0]]])
    #expect(try numbers(hvp({ $0[0].sum() }, at: Self.inputs, vectors: Self.vectors).products) == [[0, 0], [0]])
    let empty = try jacobian({ $0 }, at: [Tensor(elements: [Double](), shape: [0])])
    #expect(empty[0][0].shape == [0, 0])
  }

  @Test("with createGraph they are differentiable themselves") func createGraph() throws {
    let leaves = try Self.inputs.map { try $0.requiringGrad() }
    let cube: ([Tensor]) -> [Tensor] = { [$0[0] * $0[0] * $0[0] * $0[1]] }
    let ones = [Tensor(elements: [1.0, 1])]
    let back = try vjp(cube, at: leaves, cotangents: ones, createGraph: true).products[0]
    #expect(try numbers(grad(of: [back.sum()], withRespectTo: leaves).compactMap { $0 }) == [[60, 90], [39]])
    let forth = try jvp(cube, at: leaves, tangents: ones + [Tensor(elements: [0.0])], createGraph: true).products[0]
    #expect(try numbers(grad(of: [forth.sum()], withRespectTo: leaves).compactMap { $0 }) == [[60, 90], [39]])
    let matrix = try hessian(Self.g, at: leaves, createGraph: true)[0][0]
    #expect(try numbers(grad(of: [matrix.sum()], withRespectTo: leaves).compactMap { $0 }) == [[30, 30], [30]])
    let product = try vhp(Self.g, at: leaves, vectors: Self.vectors, createGraph: true).products[0]
    #expect(product.requiresGrad)
  }

  private static let ignored =
    "The output of the user-provided function is independent of input 1. This is not allowed in strict mode."
  private static let linear =
    "While computing the hessian, found that the jacobian of the user-provided function with respect to input 0 is "
    + "independent of the input. This is not allowed in strict mode. You should ensure that your function is twice "
    + "differentiable and that the jacobian depends on the inputs (this would be violated by a linear function for "
    + "example)."
  private static let constant =
    "Output 1 of the user-provided function does not require gradients. The outputs must be computed in a "
    + "differentiable manner from the input when running in strict mode."

  static let failures: [(name: String, body: @Sendable () throws -> Void, message: String)] = [
    ("vjp, a constant", { _ = try vjp(partial, at: inputs, cotangents: inputs, strict: true) }, constant),
    ("jvp, a constant", { _ = try jvp(partial, at: inputs, tangents: vectors, strict: true) }, constant),
    ("jacobian, a constant", { _ = try jacobian(partial, at: inputs, strict: true) }, constant),
    ("vjp, an unused input", { _ = try vjp({ [($0[0] * $0[0]).sum()] }, at: inputs, strict: true) }, ignored),
    (
      "jvp, an unused input", { _ = try jvp({ [($0[0] * $0[0]).sum()] }, at: inputs, tangents: vectors, strict: true) },
      ignored
    ),
    (
      "jacobian, an unused input", { _ = try jacobian({ [($0[0] * $0[0]).sum()] }, at: inputs, strict: true) },
      "Output 0 of the user-provided function is independent of input 1. This is not allowed in strict mode."
    ),
    (
      "hessian, a linear function", { _ = try hessian({ $0[0].sum() + $0[1].sum() }, at: inputs, strict: true) }, linear
    ),
    (
      "hvp, a linear function",
      { _ = try hvp({ $0[0].sum() + $0[1].sum() }, at: inputs, vectors: vectors, strict: true) }, linear
    ),
    (
      "vjp, a vector too few", { _ = try vjp(f, at: inputs, cotangents: [inputs[0]]) },
      "v is a tuple of invalid length: should be 2 but got 1."
    ),
    (
      "vjp, no vector", { _ = try vjp(f, at: inputs) },
      "The vector v can only be None if the user-provided function returns a single Tensor with a single element: give "
        + "a cotangent for each value, of the shapes [[2], []]"
    ),
    (
      "vjp, a vector of another shape", { _ = try vjp(f, at: inputs, cotangents: [inputs[1], inputs[1]]) },
      "Entry 0 in v has invalid size: should be [2] but got [1]."
    ),
    (
      "hvp, two elements", { _ = try hvp({ $0[0] }, at: inputs, vectors: vectors) },
      "The Tensor returned by the function given to hvp should contain a single element; this one has shape [2]"
    ),
  ]

  @Test("what does not fit is an error", arguments: failures.indices)
  func failing(index: Int) {
    let (name, body, message) = Self.failures[index]
    let error = #expect(throws: TensorError.self, "\(name)") { try body() }
    #expect(error?.message == message, "\(name)")
  }
}
