import ThawTypes

/// The slices along an axis, or the elements, where a condition holds (ONNX Compress-9, 11, 28).
///
/// Without an axis the tensor is taken as a vector. The condition may be shorter than the axis.
public struct Compress: Composite {
  public var axis: Int?

  public init(axis: Int? = nil) { self.axis = axis }

  public static let schema = Schema(
    "Compress", versions: [9, 11, 28], inputs: [Input("input"), Input("condition", .index, value: true)],
    outputs: [Output("output")], batch: .mixing)

  public init(_ node: NodeReader) throws { self.init(axis: try node.int("axis")) }

  public func attributes(opset: Int) throws -> [String: Attribute] { axis.map { ["axis": .int($0)] } ?? [:] }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let input = try tensorType(inputs, 0, of: Self.schema)
    let condition = try tensorType(inputs, 1, of: Self.schema)
    guard condition.dtype == .bool, condition.dims.map({ $0.count == 1 }) ?? true else {
      throw TensorError(.shape, "Compress: the condition is \(condition), and should be a vector of bool")
    }
    let count = try known[1].map { Dim.known(try $0.elements(as: Bool.self).count { $0 }) } ?? .unknown
    guard let axis else { return [.tensor(TensorType(input.dtype, [count]))] }
    guard var dims = input.dims else { return [.tensor(input)] }
    dims[try Shapes.normalize(axis: axis, rank: dims.count, in: "Compress")] = count
    return [.tensor(TensorType(input.dtype, dims))]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let input = try tensor(inputs, 0, of: Self.schema)
    let condition = try tensor(inputs, 1, of: Self.schema)
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let places = condition.nonZero().reshaped(to: [-1])
    return [.tensor(axis.map { input.gather(places, axis: $0) } ?? input.reshaped(to: [-1]).gather(places))]
  }
}
