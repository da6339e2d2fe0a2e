import Testing
import ThawTypes

@testable import ThawTensor

/// The checker itself: a gradient wrong by a thousandth must not pass.
@Suite("Gradient check") struct GradientCheckTests {
  private let inputs = [
    Tensor(elements: [0.3, 1.7, -0.9], requiresGrad: true), Tensor(elements: [1.1, 0.4, 2.3], requiresGrad: true),
  ]

  @Test("a right gradient passes at both orders") func right() throws {
    try gradcheck({ [$0[0] * $0[0] * $0[1]] }, inputs: inputs)
    try gradgradcheck({ [$0[0] * $0[0] * $0[1]] }, inputs: inputs)
    try gradcheck({ [try apply(Skewed(), to: $0[0])] }, inputs: [inputs[0]])
    try gradgradcheck({ [try apply(Skewed(), to: $0[0])] }, inputs: [inputs[0]])
  }

  @Test("wrong by 0.1 % fails", arguments: 0..<8 as Range<UInt64>)
  func wrong(seed: UInt64) {
    #expect(throws: GradientCheckFailure.self) {
      try gradcheck({ [try apply(Skewed(first: 1.0011), to: $0[0])] }, inputs: [inputs[0]], seed: seed, rtol: 1e-3)
    }
  }

  @Test("wrong by 0.1 % at second order alone fails at second order alone", arguments: 0..<8 as Range<UInt64>)
  func wrongAtSecondOrder(seed: UInt64) throws {
    let function: ([Tensor]) throws -> [Tensor] = { [try apply(Skewed(second: 1.0011), to: $0[0])] }
    try gradcheck(function, inputs: [inputs[0]], seed: seed)
    #expect(throws: GradientCheckFailure.self) {
      try gradgradcheck(function, inputs: [inputs[0]], seed: seed, rtol: 1e-4)
    }
  }

  @Test("a function without gradients is no check") func nothing() {
    #expect(throws: GradientCheckFailure.self) { try gradcheck({ [$0[0].detach()] }, inputs: inputs) }
  }

  @Test("a failure in the function comes out as itself") func failure() {
    #expect(throws: TensorError.self) { try gradcheck({ [$0[0].reshaped(to: [7])] }, inputs: inputs) }
  }
}

/// The cube, whose gradient, or the gradient of that, is off by a factor.
private struct Skewed: Primitive {
  var first = 1.0
  var second = 1.0

  init(first: Double = 1, second: Double = 1) {
    self.first = first
    self.second = second
  }

  init(_ node: NodeReader) throws { self.init() }

  static let schema = Schema("Skewed", versions: [1], inputs: [Input("x")], batch: .elementwise)

  func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    [.tensor(try tensorType(inputs, 0, of: Self.schema))]
  }

  func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    return [.tensor(x * x * x)]
  }

  func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] { [inputs[0]] }

  func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil] }
    let x = try tensor(saved, 0, of: Self.schema)
    return [gradient * (3 * first) * (try apply(SkewedSquare(factor: second), to: x))]
  }
}

/// The square, whose gradient is off by a factor.
private struct SkewedSquare: Primitive {
  var factor: Double

  init(factor: Double) { self.factor = factor }
  init(_ node: NodeReader) throws { self.init(factor: 1) }

  static let schema = Schema("SkewedSquare", versions: [1], inputs: [Input("x")], batch: .elementwise)

  func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    [.tensor(try tensorType(inputs, 0, of: Self.schema))]
  }

  func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    return [.tensor(x * x)]
  }

  func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] { [inputs[0]] }

  func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    [try gradients[0].map { $0 * (2 * factor) * (try tensor(saved, 0, of: Self.schema)) }]
  }
}
