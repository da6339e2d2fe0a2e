import ThawTypes

/// The features of each sample divided by their greatest, their sum of magnitudes or their length, in float32 (ONNX-ML
/// Normalizer-1).
///
/// A sample whose divisor is 0 stays as it is. Of float64 features it is computed in float64.
public struct Normalizer: Composite {
  public enum Norm: String, Hashable, Sendable, CaseIterable {
    case max = "MAX"
    case l1 = "L1"
    case l2 = "L2"
  }

  public var norm: Norm

  public init(_ norm: Norm = .max) { self.norm = norm }

  public static let schema = Schema(
    "Normalizer", domain: .onnxML, versions: [1], inputs: [Input("X")], batch: .rowwise)

  public init(_ node: NodeReader) throws {
    let name = try node.string("norm") ?? "MAX"
    guard let norm = Norm(rawValue: name) else {
      throw TensorError(
        .unsupported,
        "\(node.name): the attribute norm is '\(name)', and should be one of "
          + Norm.allCases.map(\.rawValue).joined(separator: ", "))
    }
    self.init(norm)
  }

  public func attributes(opset: Int) throws -> [String: Attribute] { ["norm": .text(norm.rawValue)] }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] { batch.rowsOfFeatures() }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try tensorType(inputs, 0, of: Self.schema)
    _ = try FeatureRows(x, in: "Normalizer")
    return [.tensor(TensorType(.float32, x.dims))]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    return [.tensor(try normalized(x).inSinglePrecision)]
  }

  /// The result in the precision that it is computed in.
  func normalized(_ x: Tensor) throws -> Tensor {
    _ = try FeatureRows(x.type, in: "Normalizer")
    let numbers = x.dtype == .float64 || x.dtype == .float32 ? x : x.cast(to: .float32)
    // The last axis's: a vector is one sample.
    func reduced(_ y: Tensor) -> Tensor { y.sum(axes: [-1], keepDims: true) }
    let divisor =
      switch norm {
      case .max: numbers.max(axes: [-1], keepDims: true)
      case .l1: reduced(numbers.abs())
      case .l2: reduced(numbers * numbers)
      }
    let safe = Tensor.where(divisor .== 0, 1, divisor)
    return numbers / (norm == .l2 ? safe.sqrt() : safe)
  }
}
