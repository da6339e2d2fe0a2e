import ThawKernels
import ThawTypes

/// Logarithms of the softmax along an axis (ONNX LogSoftmax-1, 11, 13).
///
/// Before version 13 the axis splits the tensor into a matrix, whose rows are taken whole; that is decoded into
/// `flattensFromAxis`.
public struct LogSoftmax: Primitive {
  public var axis: Int
  public var flattensFromAxis: Bool

  public init(axis: Int = -1, flattensFromAxis: Bool = false) {
    self.axis = axis
    self.flattensFromAxis = flattensFromAxis
  }

  private var softmaxAxis: SoftmaxAxis {
    SoftmaxAxis(name: "LogSoftmax", axis: axis, flattensFromAxis: flattensFromAxis)
  }

  public static let schema = Schema(
    "LogSoftmax", versions: [1, 11, 13], inputs: [Input("input")], outputs: [Output("output")], batch: .mixing)

  public init(_ node: NodeReader) throws {
    self.init(
      axis: try node.int("axis", default: node.version < 13 ? 1 : -1), flattensFromAxis: node.version < 13)
  }

  public func attributes(opset: Int) throws -> [String: Attribute] { try softmaxAxis.attributes(opset: opset) }

  public var minimumOpset: Int { flattensFromAxis ? 1 : 13 }

  public func batchBehaviour(_ inputs: [ValueType?]) -> BatchBehaviour { .ofRows(from: axis, inputs) }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let input = try tensorType(inputs, 0, of: Self.schema)
    if let dims = input.dims { _ = try softmaxAxis.check(rank: dims.count) }
    return [.tensor(input)]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    [.tensor(try softmaxAxis.forward(try tensor(inputs, 0, of: Self.schema), isLog: true))]
  }

  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] { [outputs[0]] }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil] }
    let gradientOperator = LogSoftmaxGradient(axis: axis, flattensFromAxis: flattensFromAxis)
    return [try apply(gradientOperator, to: gradient, try tensor(saved, 0, of: Self.schema))]
  }
}

extension Tensor {
  /// Logarithms of the softmax along `axis`; see `LogSoftmax`.
  public func logSoftmax(axis: Int = -1) -> Tensor { .catching { try apply(LogSoftmax(axis: axis), to: self) } }
}
