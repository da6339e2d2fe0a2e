import Testing
import ThawTensor
import ThawTypes

@testable import ThawGraph

/// Groups of operations that are one operator, however they are written, and others that only look alike.
@Suite("Recognized operators") struct RecognitionTests {
  struct Row: CustomTestStringConvertible, Sendable {
    let testDescription: String
    /// The operators that are left; nil where nothing may change.
    let kinds: [String]?
    let inputs: [[Int]]
    let body: @Sendable ([Tensor]) throws -> [Tensor]

    init(
      _ name: String, _ kinds: [String]?, _ inputs: [[Int]], _ body: @escaping @Sendable ([Tensor]) throws -> [Tensor]
    ) {
      testDescription = name
      self.kinds = kinds
      self.inputs = inputs
      self.body = body
    }
  }

  private static let root = 2.0.squareRoot()
  private static let slope = (2 / Double.pi).squareRoot()

  private static func gelu(_ name: String, _ function: @escaping @Sendable (Tensor) -> Tensor) -> Row {
    Row(name, ["Gelu"], [[2, 5]]) { [function($0[0])] }
  }

  private static func curve(_ x: Tensor) -> Tensor { (x / root).erf() }

  static let geluRows: [Row] = [
    gelu("x · (1 + erf(x / √2)) · 0.5") { $0 * (1 + curve($0)) * 0.5 },
    gelu("0.5 · x · (erf(x · 0.7071…) + 1)") { x in
      let curve = (x * 0.5.squareRoot()).erf()
      return 0.5 * x * (curve + 1)
    },
    gelu("x · (0.5 · (1 + erf(x / √2)))") { $0 * (0.5 * (1 + curve($0))) },
    gelu("(x / 2) · (1 + erf(x / √2))") { ($0 / 2) * (1 + curve($0)) },
    gelu("x · (0.5 + 0.5 · erf(x / √2))") { $0 * (0.5 + 0.5 * curve($0)) },
    gelu("0.5 · (x + x · erf(x / √2))") { 0.5 * ($0 + $0 * curve($0)) },
    gelu("−0.5 · x · (−1 − erf(x / √2))") { -0.5 * $0 * (-1 - curve($0)) },
    gelu("0.5 · x · (1 + tanh(s (x + c x ** 3)))") { x in
      let curve = (slope * (x + 0.044715 * x ** 3)).tanh()
      return 0.5 * x * (1 + curve)
    },
    gelu("x · 0.5 · (1 + tanh(s x (1 + c x²)))") { x in
      let curve = (slope * x * (1 + 0.044715 * (x * x))).tanh()
      return x * 0.5 * (1 + curve)
    },
    gelu("x · (1 + tanh(s x + s c x·x·x)) / 2") { x in
      let cube = x * x * x
      let curve = (x * slope + cube * (slope * 0.044715)).tanh()
      return x * (1 + curve) / 2
    },
  ]

  static let noGelu: [Row] = [
    Row("erf(x)", nil, [[5]]) { [0.5 * $0[0] * (1 + $0[0].erf())] },
    Row("1 − erf", nil, [[5]]) { [0.5 * $0[0] * (1 - curve($0[0]))] },
    Row("not halved", nil, [[5]]) { [$0[0] * (1 + curve($0[0]))] },
    Row("of another", nil, [[5], [5]]) { [0.5 * $0[1] * (1 + curve($0[0]))] },
    Row("tanh with another cube", nil, [[5]]) {
      let x = $0[0]
      let curve = (slope * (x + 0.04 * x ** 3)).tanh()
      return [0.5 * x * (1 + curve)]
    },
    Row("the curve is an output", nil, [[5]]) {
      let made = curve($0[0])
      return [0.5 * $0[0] * (1 + made), made]
    },
    Row("the sum is read twice", nil, [[5]]) {
      let sum = 1 + curve($0[0])
      return [0.5 * $0[0] * sum, sum.exp()]
    },
    Row("a vector instead of one half", nil, [[5]]) {
      let halves = Tensor([0.5, 0.5, 0.5, 0.5, 1] as [Float])
      return [halves * $0[0] * (1 + curve($0[0]))]
    },
  ]

  private static func rows(
    _ x: Tensor, axes: [Int] = [-1], _ normalize: (Tensor, Tensor) -> Tensor = { $0 / $1.sqrt() }
  ) -> Tensor {
    let centered = x - x.mean(axes: axes, keepDims: true)
    return normalize(centered, (centered ** 2).mean(axes: axes, keepDims: true) + 1e-5)
  }

  static let layerNormalizations: [Row] = [
    Row("d / √(v + ε) · w + b", ["LayerNormalization"], [[2, 3, 6], [6], [6]]) { [rows($0[0]) * $0[1] + $0[2]] },
    Row("b + w · (d / √(v + ε))", ["LayerNormalization"], [[2, 3, 6], [6], [6]]) { [$0[2] + $0[1] * rows($0[0])] },
    Row("without b", ["LayerNormalization"], [[4, 6], [6]]) { [rows($0[0]) * $0[1]] },
    Row("a scalar w", ["LayerNormalization"], [[4, 6], []]) { [rows($0[0]) * $0[1]] },
    Row("rows of two axes", ["LayerNormalization"], [[2, 3, 6], [3, 6], [6]]) {
      [rows($0[0], axes: [2, 1]) * $0[1] + $0[2]]
    },
    Row("d · (1 / √…)", ["LayerNormalization"], [[4, 6], [6], [6]]) {
      [rows($0[0]) { $0 * (1 / $1.sqrt()) } * $0[1] + $0[2]]
    },
    Row("√…⁻¹ · d", ["LayerNormalization"], [[4, 6], [6], [6]]) {
      [rows($0[0]) { $1.sqrt().reciprocal() * $0 } * $0[1] + $0[2]]
    },
    Row("d · …^−½", ["LayerNormalization"], [[4, 6], [6], [6]]) {
      [rows($0[0]) { $0 * $1 ** -0.5 } * $0[1] + $0[2]]
    },
    Row("d twice, multiplied by itself", ["LayerNormalization"], [[4, 6], [6], [6]]) { inputs in
      let (x, mean) = (inputs[0], inputs[0].mean(axes: [1], keepDims: true))
      let variance = ((x - mean) * (x - mean)).mean(axes: [-1], keepDims: true)
      return [(x - mean) / (1e-6 + variance).sqrt() * inputs[1] + inputs[2]]
    },
    Row("what is added is read by others too", ["LayerNormalization", "Exp"], [[4, 6], [6], [6]]) {
      let y = rows($0[0]) * $0[1] + $0[2]
      return [y, y.exp()]
    },
    Row("what is added is no row", ["LayerNormalization", "Add"], [[4, 6], [6], [4, 6]]) {
      [rows($0[0]) * $0[1] + $0[2]]
    },
  ]

  static let noLayerNormalization: [Row] = [
    Row("not the last axes", nil, [[2, 3, 6], [3, 1]]) { [rows($0[0], axes: [1]) * $0[1]] },
    Row("another mean", nil, [[6, 6], [6]]) { inputs in
      let centered = inputs[0] - inputs[0].mean(axes: [0], keepDims: true)
      return [centered / ((centered ** 2).mean(axes: [1], keepDims: true) + 1e-5).sqrt() * inputs[1]]
    },
    Row("cubes", nil, [[4, 6], [6]]) { inputs in
      let centered = inputs[0] - inputs[0].mean(axes: [1], keepDims: true)
      return [centered / ((centered ** 3).mean(axes: [1], keepDims: true) + 1e-5).sqrt() * inputs[1]]
    },
    Row("the variance is an output", nil, [[4, 6], [6]]) { inputs in
      let centered = inputs[0] - inputs[0].mean(axes: [1], keepDims: true)
      let variance = (centered ** 2).mean(axes: [1], keepDims: true)
      return [centered / (variance + 1e-5).sqrt() * inputs[1], variance]
    },
    Row("the square of something else", nil, [[4, 6], [6]]) { inputs in
      let centered = inputs[0] - inputs[0].mean(axes: [1], keepDims: true)
      return [centered / ((inputs[0] ** 2).mean(axes: [1], keepDims: true) + 1e-5).sqrt() * inputs[1]]
    },
    Row("a weight for each row", nil, [[4, 6], [4, 1]]) { [rows($0[0]) * $0[1]] },
  ]

  @Test("GELU", arguments: geluRows + noGelu) func gelu(row: Row) throws { try check(row) { $0.recognizeGelu() } }

  @Test("LayerNormalization", arguments: layerNormalizations + noLayerNormalization)
  func layerNormalization(row: Row) throws { try check(row) { $0.recognizeLayerNormalization() } }

  /// The operators that are left, and the same numbers and gradients as before.
  private func check(_ row: Row, _ pass: (inout Trace) -> Void) throws {
    let generator = RandomGenerator(seed: 1)
    let inputs = try row.inputs.map { try generator.uniform($0, from: -2, to: 2) }
    let plain = try Trace(inputs: inputs.map(\.type)) { try row.body($0) }
    var trace = plain
    pass(&trace)
    #expect(trace.kinds == row.kinds ?? plain.kinds)
    let (found, expected) = (try gradients(trace, inputs), try gradients(plain, inputs))
    for (found, expected) in zip(found, expected) {
      let pairs = zip(try found.elements(as: Double.self), try expected.elements(as: Double.self))
      #expect(found.shape == expected.shape && pairs.allSatisfy { abs($0 - $1) < 2e-5 }, "\(found), \(expected)")
    }
  }

  /// Outputs, and gradients of a sum in which every element weighs another amount.
  private func gradients(_ trace: Trace, _ inputs: [Tensor]) throws -> [Tensor] {
    let leaves = try inputs.map { try $0.requiringGrad() }
    return try withErrors {
      let outputs = try trace.run(leaves)
      let seeds = try outputs.map { output in
        try RandomGenerator(seed: 2).uniform(output.shape, from: -1, to: 1)
      }
      return outputs.map { $0.detach() }
        + (try grad(of: outputs, withRespectTo: leaves, gradients: seeds).compactMap { $0 })
    }
  }
}
