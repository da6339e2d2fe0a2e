import Testing
import ThawTypes

@testable import ThawTensor

/// Products with Jacobians, Jacobians and Hessians, against matrices worked out by hand.
@Suite("Functional derivatives") struct FunctionalTests {
  private let x = Tensor(elements: [2.0, 3])

  /// (x₀²x₁, 5x₀, x₁³), whose Jacobian at (2, 3) is ((12, 4), (5, 0), (0, 27)).
  private func f(_ x: Tensor) -> Tensor {
    let (a, b) = (x.gather(Tensor([0])), x.gather(Tensor([1])))
    return Tensor.concat([a * a * b, 5.0 * a, b * b * b])
  }

  private func numbers(_ tensor: Tensor) throws -> [Double] { try tensor.elements() }

  @Test("a vector times the Jacobian") func vectorJacobian() throws {
    let (value, product) = try vjp(f, at: x, cotangent: Tensor(elements: [1.0, 10, 100]))
    #expect(try numbers(value) == [12, 10, 27])
    #expect(try numbers(product) == [62, 2704])
    #expect(!value.requiresGrad && !product.requiresGrad)
    #expect(try numbers(vjp({ ($0 * $0).sum() }, at: x).product) == [4, 6])
  }

  @Test("the Jacobian times a vector") func jacobianVector() throws {
    let (value, product) = try jvp(f, at: x, tangent: Tensor(elements: [1.0, 10]))
    #expect(try numbers(value) == [12, 10, 27])
    #expect(try numbers(product) == [52, 5, 270])
    #expect(!value.requiresGrad && !product.requiresGrad)
    #expect(try numbers(jvp({ $0 }, at: x, tangent: Tensor(elements: [1.0, 10])).product) == [1, 10])
  }

  @Test("the Jacobian has the value's shape, then the input's") func jacobians() throws {
    let matrix = try jacobian(f, at: x)
    #expect(matrix.shape == [3, 2])
    #expect(try numbers(matrix) == [12, 4, 5, 0, 0, 27])
    let wide = Tensor(elements: [1.0, 2, 3, 4, 5, 6], shape: [2, 3])
    let sums = try jacobian({ ($0 * $0).sum(axes: [1]) }, at: wide)
    #expect(sums.shape == [2, 2, 3])
    #expect(try numbers(sums) == [2, 4, 6, 0, 0, 0, 0, 0, 0, 8, 10, 12])
    #expect(try jacobian({ $0.sum() }, at: wide).shape == [2, 3])
  }

  /// The example of PyTorch's documentation, `jacobian(exp_reducer, …)`, at numbers of our own.
  @Test("as PyTorch's, in float32") func exponentials() throws {
    let x = Tensor([0, 1, 2, 3] as [Float], shape: [2, 2])
    let values = try jacobian({ $0.exp().sum(axes: [1]) }, at: x).elements(as: Float.self)
    let expected: [Float] = [1, 2.7182817, 0, 0, 0, 0, 7.3890562, 20.085537]
    for (value, expected) in zip(values, expected) { #expect(abs(value - expected) <= 2e-6 * expected) }
  }

  @Test("the Hessian of x₀³ + 2x₀x₁²") func hessians() throws {
    let cubic: (Tensor) -> Tensor = { x in
      let (a, b) = (x.gather(Tensor([0])), x.gather(Tensor([1])))
      return (a * a * a + 2.0 * a * b * b).sum()
    }
    let matrix = try hessian(cubic, at: x)
    #expect(matrix.shape == [2, 2])
    #expect(try numbers(matrix) == [12, 12, 12, 8])
    let cube = try hessian({ ($0 * $0 * $0).sum() }, at: x.reshaped(to: [2, 1]))
    #expect(cube.shape == [2, 1, 2, 1])
    #expect(try numbers(cube) == [12, 0, 0, 18])
    #expect(try numbers(hessian({ (3.0 * $0).sum() }, at: x)) == [0, 0, 0, 0])
  }

  @Test("what does not depend on the input has zeros") func constants() throws {
    let constant = Tensor(elements: [7.0])
    #expect(try numbers(vjp({ _ in constant }, at: x).product) == [0, 0])
    #expect(try numbers(jvp({ _ in constant }, at: x, tangent: x).product) == [0])
    #expect(try numbers(jacobian({ _ in constant }, at: x)) == [0, 0])
    #expect(try numbers(hessian({ _ in constant }, at: x)) == [0, 0, 0, 0])
    let other = Tensor(elements: [7.0], requiresGrad: true)
    #expect(try numbers(jvp({ _ in other * other }, at: x, tangent: x).product) == [0])
    #expect(other.grad == nil)
  }

  @Test("with createGraph they are differentiable themselves") func createGraph() throws {
    let leaf = try x.requiringGrad()
    let first = try vjp({ ($0 * $0 * $0).sum() }, at: leaf, createGraph: true).product
    #expect(try numbers(grad(of: first.sum(), withRespectTo: leaf)) == [12, 18])
    let along = try jvp({ ($0 * $0 * $0).sum() }, at: leaf, tangent: Tensor(elements: [1.0, 1]), createGraph: true)
    #expect(try numbers(grad(of: along.product, withRespectTo: leaf)) == [12, 18])
    let second = try hessian({ ($0 * $0 * $0).sum() }, at: leaf, createGraph: true)
    #expect(try numbers(grad(of: second.sum(), withRespectTo: leaf)) == [6, 6])
    #expect(leaf.grad == nil)
    #expect(try !jacobian(f, at: leaf).requiresGrad)
    #expect(try numbers(noGrad { try jacobian({ $0 * $0 }, at: x) }) == [4, 0, 0, 6])
  }

  static let failures: [(body: @Sendable (Tensor) throws -> Tensor, message: String)] = [
    (
      { try vjp({ $0 * $0 }, at: $0).product },
      "The vector v can only be None if the user-provided function returns a single Tensor with a single element: give "
        + "a cotangent for each value, of the shapes [[2]]"
    ),
    (
      { try vjp({ $0 }, at: $0, cotangent: Tensor(elements: [1.0])).product },
      "v has invalid size: should be [2] but got [1]."
    ),
    (
      { try jvp({ $0 }, at: $0, tangent: Tensor([1, 2] as [Float])).product },
      "v has invalid type: should be float64 but got float32."
    ),
    (
      { try hessian({ $0 }, at: $0) },
      "The Tensor returned by the function given to hessian should contain a single element; this one has shape [2]"
    ),
    (
      { try jacobian({ $0 }, at: $0.cast(to: .int64)) },
      "only Tensors of floating point dtype can require gradients; this one is int64: cast it first"
    ),
    (
      { try jacobian({ $0.reshaped(to: [3]) }, at: $0) },
      "Reshape: the input of shape [2] has 2 elements, which do not fill the shape [3]"
    ),
  ]

  @Test("what does not fit is an error", arguments: failures.indices)
  func failing(index: Int) {
    let error = #expect(throws: TensorError.self) { try Self.failures[index].body(x) }
    #expect(error?.message == Self.failures[index].message)
  }
}
