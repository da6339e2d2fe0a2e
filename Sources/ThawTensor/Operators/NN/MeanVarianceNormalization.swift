import ThawTypes

/// A tensor shifted and scaled to mean 0 and deviation 1 along axes (ONNX MeanVarianceNormalization-9, 13).
///
/// As ONNX's function has it, 1e-9 is added to the deviation, and the variance is the mean of the squares less the
/// square of the mean, here computed from the differences, which loses fewer digits.
public struct MeanVarianceNormalization: Composite {
  public var axes: [Int]

  public init(axes: [Int] = [0, 2, 3]) { self.axes = axes }

  public static let schema = Schema(
    "MeanVarianceNormalization", versions: [9, 13], inputs: [Input("X")], batch: .mixing)

  public init(_ node: NodeReader) throws { self.init(axes: try node.ints("axes") ?? [0, 2, 3]) }

  public func attributes(opset: Int) throws -> [String: Attribute] { ["axes": .ints(axes)] }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] { batch.kept(apartFrom: axes) }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try tensorType(inputs, 0, of: Self.schema)
    if let dims = x.dims { _ = try Shapes.normalize(axes: axes, rank: dims.count, in: "MeanVarianceNormalization") }
    return [.tensor(x)]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    let centered = x - x.mean(axes: axes, keepDims: true)
    return [.tensor(centered / ((centered * centered).mean(axes: axes, keepDims: true).sqrt() + 1e-9))]
  }
}
