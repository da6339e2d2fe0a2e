import Testing
import ThawTypes

@testable import ThawTensor

/// A pass in which a NaN appears says which operation's gradient it is.
@Suite("Anomaly mode") struct AnomalyTests {
  @Test("the operation is named, and nothing accumulates") func named() throws {
    let x = Tensor([0, 4], requiresGrad: true)
    let y = x.sqrt()
    let node = try #require(y.gradFn)
    let loss = (y * Tensor([0, 1] as [Float])).sum()
    let error = #expect(throws: TensorError.self) { try detectAnomaly { try loss.backward(retainGraph: true) } }
    #expect(error?.kind == .autograd)
    #expect(
      error?.message
        == "Function 'SqrtBackward0' returned nan values in its 0th output. It is the gradient of Sqrt, operation "
        + "\(node.sequence) in the order of creation (inputs: \(x.type); outputs: \(y.type)): look at the values "
        + "that this operation was given")
    #expect(x.grad == nil)
    try loss.backward()
    #expect(try x.grad?.elements(as: Float.self)[0].isNaN == true)
  }

  @Test("infinity is no anomaly, and an index is that of the input") func index() throws {
    let x = Tensor([0], requiresGrad: true)
    try detectAnomaly { try x.sqrt().sum().backward() }
    #expect(try x.grad?.item() == .infinity)
    let (a, b) = (Tensor([.infinity] as [Float]), Tensor([1], requiresGrad: true))
    let error = #expect(throws: TensorError.self) {
      try detectAnomaly { try (a * b).backward(gradient: Tensor([0] as [Float])) }
    }
    #expect(error?.message.hasPrefix("Function 'MulBackward0' returned nan values in its 1th output.") == true)
  }

  @Test("it ends with its scope") func scope() throws {
    detectAnomaly { #expect(Context.current.anomaly != nil) }
    #expect(Context.current.anomaly == nil)
  }
}
