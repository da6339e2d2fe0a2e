import Testing
import ThawTypes

@testable import ThawTensor

/// The example of PyTorch's introduction to automatic differentiation, to the last character.
@Suite("Worked example") struct WorkedExampleTests {
  private let a = Tensor([2, 3], requiresGrad: true)
  private let b = Tensor([6, 4], requiresGrad: true)

  @Test("values and their operations print as PyTorch's") func descriptions() {
    let q = 3 * a ** 3 - b ** 2
    #expect("\(q)" == "tensor([-12.,  65.], grad_fn=<SubBackward0>)")
    #expect("\(q.sum())" == "tensor(53., grad_fn=<SumBackward0>)")
    #expect("\(a)" == "tensor([2., 3.], requires_grad=True)")
  }

  @Test("the gradients are 9a² and -2b") func gradients() throws {
    let q = 3 * a ** 3 - b ** 2
    try q.sum().backward()
    let (ofA, ofB) = (try #require(a.grad), try #require(b.grad))
    #expect("\(ofA .== 9 * a ** 2)" == "tensor([True, True])")
    #expect("\(ofB .== -2 * b)" == "tensor([True, True])")
    #expect("\(ofA)" == "tensor([36., 81.])")
    #expect("\(ofB)" == "tensor([-12.,  -8.])")
  }

  @Test("a gradient of ones does what the sum does") func vector() throws {
    try (3 * a ** 3 - b ** 2).backward(gradient: Tensor([1, 1] as [Float]))
    #expect(try a.grad?.elements(as: Float.self) == [36, 81])
    #expect(try b.grad?.elements(as: Float.self) == [-12, -8])
  }

  @Test("a second pass needs what the first one keeps") func secondPass() throws {
    let q = 3 * a ** 3 - b ** 2
    try q.sum().backward()
    let error = #expect(throws: TensorError.self) { try q.backward(gradient: Tensor([1, 1] as [Float])) }
    #expect(
      error?.message == "Trying to backward through the graph a second time (or directly access saved tensors after "
        + "they have already been freed): the values that PowBackward0 saved are freed by the first pass; give it "
        + "retainGraph: true to go through the graph again")

    let again = 3 * a ** 3 - b ** 2
    try again.sum().backward(retainGraph: true)
    try again.backward(gradient: Tensor([1, 1] as [Float]))
    #expect(try b.grad?.elements(as: Float.self) == [-36, -24])
  }

  @Test("a result requires a gradient when an operand does") func requirement() throws {
    let (x, y) = (Tensor.ones([5, 5]), Tensor.ones([5, 5]))
    let z = try Tensor.ones([5, 5]).requiringGrad()
    #expect((x + y).requiresGrad == false)
    #expect((x + z).requiresGrad)
    #expect((x + y).gradFn == nil)
  }

  @Test("a power binds more tightly than a product") func precedence() throws {
    #expect(try (2 * Tensor([3]) ** 2).elements(as: Int.self) == [18])
    #expect(try (Tensor([2]) ** Tensor([3]) ** 2).elements(as: Int.self) == [512])
    #expect(try (2 ** Tensor([3])).elements(as: Int.self) == [8])
  }
}
