import ThawKernels
import ThawTypes

/// Elements no less than a minimum and no greater than a maximum (ONNX Clip-1, 6, 11, 12, 13).
///
/// The gradient passes inside and at the bounds, as in PyTorch. Before version 11 the bounds are float attributes; they
/// are converted to the data's type. Where the minimum is above the maximum, the maximum stays.
public struct Clip: Primitive {
  public init() {}

  public static let schema = Schema(
    "Clip", versions: [1, 6, 11, 12, 13],
    inputs: [Input("input"), Input("min", .setting, optional: true), Input("max", .setting, optional: true)],
    outputs: [Output("output")], batch: .elementwise, autogradName: "Clamp")

  public init(_ node: NodeReader) throws {
    guard node.version < 11 else { return }
    if let minimum = try node.float("min") { node.supply(try Tensor(copying: [minimum], shape: []), asInput: 1) }
    if let maximum = try node.float("max") { node.supply(try Tensor(copying: [maximum], shape: []), asInput: 2) }
  }

  public var minimumOpset: Int { 11 }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    [.tensor(try tensorType(inputs, 0, of: Self.schema))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    var result = try tensor(inputs, 0, of: Self.schema)
    for (index, function) in [(1, BinaryFunction.maximum), (2, .minimum)] {
      guard let bound = try optionalTensor(inputs, index, of: Self.schema) else { continue }
      result = try elementwise(function, result, try bound.setting(as: result.dtype, in: "Clip"), in: "Clip")
    }
    return [.tensor(result)]
  }

  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] {
    [inputs[0], inputs.count > 1 ? inputs[1] : nil, inputs.count > 2 ? inputs[2] : nil]
  }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil, nil, nil] }
    let x = try tensor(saved, 0, of: Self.schema)
    let bounds = try (1...2).map { try optionalTensor(saved, $0, of: Self.schema) }
    let (minimum, maximum) = (bounds[0]?.settingScalar(as: x.dtype), bounds[1]?.settingScalar(as: x.dtype))
    let isBelow = minimum.map { x .< $0 }
    var isAbove = maximum.map { x .> $0 }
    if let minimum, let maximum, let above = isAbove { isAbove = above .| (minimum .> maximum) }
    let isOutside = isBelow.map { below in isAbove.map { below .| $0 } ?? below } ?? isAbove
    func belonging(_ gradient: Tensor, to bound: Tensor?) -> Tensor? {
      guard let bound else { return nil }
      return gradient.sum().cast(to: bound.dtype).reshaped(to: bound.shape)
    }
    // Where the bounds cross, the maximum is what comes out.
    let low = isBelow.map { below in Tensor.where(isAbove.map { below .& .!$0 } ?? below, gradient, 0) }
    let high = isAbove.map { Tensor.where($0, gradient, 0) }
    return [
      needs[0] ? isOutside.map { Tensor.where($0, 0, gradient) } ?? gradient : nil,
      needs[1] ? low.flatMap { belonging($0, to: bounds[0]) } : nil,
      needs[2] ? high.flatMap { belonging($0, to: bounds[1]) } : nil,
    ]
  }
}

extension Tensor {
  /// Elements no less than `min` and no greater than `max`; see `Clip`.
  public func clip(min: Double? = nil, max: Double? = nil) -> Tensor {
    .catching { try apply(Clip(), to: self, min.map { try scalar($0) }, max.map { try scalar($0) }) }
  }
}
