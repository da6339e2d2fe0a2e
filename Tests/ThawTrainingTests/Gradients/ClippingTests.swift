import Testing
import ThawGraph
import ThawTensor

@testable import ThawTraining

@Suite("Clipping") struct ClippingTests {
  /// Two parameters with gradients, whose norm together is √170, and one without.
  private func parameters() throws -> [Parameter] {
    let (a, b) = (Parameter("a", Tensor.zeros([2])), Parameter("b", Tensor.zeros([2, 2])))
    let gradients = [Tensor([3, -4] as [Float]), Tensor([12, 0, 0, -1] as [Float], shape: [2, 2])]
    for (parameter, gradient) in zip([a, b], gradients) { try parameter.value().backward(gradient: gradient) }
    return [a, b, Parameter("c", Tensor.zeros([3]))]
  }

  private func gradients(_ parameters: [Parameter]) throws -> [Double] {
    try parameters.flatMap { try $0.grad?.elements(as: Double.self) ?? [] }
  }

  // Of torch.nn.utils.clip_grad_norm_.
  @Test(
    "PyTorch's numbers of the norm",
    arguments: [
      (6.5, [1.4955816268920898, -1.99410879611969, 5.982326507568359, 0, 0, -0.4985271990299225]),
      (0.001, [0.00023008948483038694, -0.00030678597977384925, 0.0009203579393215477, 0, 0, -7.669649494346231e-05]),
      (100, [3, -4, 12, 0, 0, -1]),
    ] as [(Double, [Double])])
  func norm(bound: Double, expected: [Double]) throws {
    let parameters = try parameters()
    #expect(abs(try clipGradientNorm(of: parameters, to: bound) - 13.03840446472168) < 1e-6)
    let found = try gradients(parameters)
    try #require(found.count == expected.count)
    for (found, expected) in zip(found, expected) { #expect(abs(found - expected) <= 1e-7 * abs(expected) + 1e-12) }
    #expect(parameters[2].grad == nil)
  }

  @Test("every element of a value") func value() throws {
    let parameters = try parameters()
    try clipGradientValue(of: parameters, to: 3.5)
    #expect(try gradients(parameters) == [3, -3.5, 3.5, 0, 0, -1])
    #expect(parameters[2].grad == nil)
  }

  @Test("the 1e-6 of PyTorch: a norm at the bound is scaled a little") func atTheBound() throws {
    let parameter = Parameter("p", Tensor.zeros([1], dtype: .float64))
    try parameter.value().backward(gradient: Tensor(elements: [0.5] as [Double], shape: [1]))
    try clipGradientNorm(of: [parameter], to: 0.5)
    #expect(abs(try #require(parameter.grad).item() - 0.5 * 0.5 / (0.5 + 1e-6)) < 1e-12)
  }

  @Test("a gradient that is no number stays where it is", arguments: [Float.infinity, .nan])
  func nonFinite(value: Float) throws {
    let (bad, good) = (Parameter("bad", Tensor.zeros([1])), Parameter("good", Tensor.zeros([1])))
    try bad.value().backward(gradient: Tensor([value]))
    try good.value().backward(gradient: Tensor([2] as [Float]))
    #expect(!(try clipGradientNorm(of: [bad, good], to: 1)).isFinite)
    #expect(try good.grad?.item() == 2)
  }
}
