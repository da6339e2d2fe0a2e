import ThawKernels
import ThawTypes

/// A copy of a tensor with elements or slices put in where coordinates say (ONNX ScatterND-11, 13, 16, 18).
///
/// The last axis of the indices holds the coordinates of one slice. Where they repeat under the reduction `none`, the
/// last update stays.
public struct ScatterND: Scattering {
  public var reduction: ScatterMode

  public init(reduction: ScatterMode = .none) { self.reduction = reduction }

  public static let schema = Schema(
    "ScatterND", versions: [11, 13, 16, 18], inputs: [Input("data"), Input("indices", .index), Input("updates")],
    outputs: [Output("output")], batch: .mixing, autogradName: "IndexPut")

  public init(_ node: NodeReader) throws { self.init(reduction: try ScatterMode(node, since: 16, maxSince: 18)) }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    reduction == .none ? [:] : ["reduction": .text(reduction.rawValue)]
  }

  public var minimumOpset: Int { ScatterElements(reduction: reduction).minimumOpset }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let data = try tensorType(inputs, 0, of: Self.schema)
    let updates = try tensorType(inputs, 2, of: Self.schema)
    guard data.dtype == updates.dtype else {
      throw TensorError(
        .dtype, "ScatterND: data is \(data.dtype) and updates are \(updates.dtype): cast one with Cast (cast(to:))")
    }
    try checkReduces(data.dtype)
    let slices = try GatherND().outputTypes([.tensor(data), inputs[1]], known: KnownValues())[0].tensor
    if let expected = slices?.shape, let found = updates.shape, expected != found {
      throw TensorError(
        .shape, "ScatterND: updates have the shape \(found), and the slices of the indices \(expected)")
    }
    return [.tensor(data)]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let data = try tensor(inputs, 0, of: Self.schema)
    let updates = try tensor(inputs, 2, of: Self.schema)
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let slices = try SliceNumbers(try tensor(inputs, 1, of: Self.schema), of: data.shape, in: "ScatterND")
    let result = try data.copied()
    let request = ScatterRequest(
      reduction: reduction.kernel, dtype: data.dtype, outer: 1, length: slices.length, inner: slices.inner,
      indexCount: slices.numbers.count, indexType: .int64)
    try compute(request, [try updates.contiguous(), slices.numbers], onto: [result])
    return [.tensor(result)]
  }

  func with(_ reduction: ScatterMode) -> ScatterND { ScatterND(reduction: reduction) }

  func picked(_ tensor: Tensor, _ indices: Tensor) -> Tensor { tensor.gatherND(indices) }
}

/// Coordinates of slices as row-major numbers, as kernels of one axis take them.
struct SliceNumbers {
  /// int64, one for each slice.
  let numbers: Tensor
  /// How many slices there are in the tensor.
  let length: Int
  /// How many elements a slice has.
  let inner: Int

  /// - Parameter batchRank: how many leading axes the coordinates share with the tensor, instead of naming them.
  /// - Throws: `TensorError` of kind `dtype`, `shape` or `range` when a coordinate is no place in `shape`.
  init(_ indices: Tensor, of shape: [Int], batchRank: Int = 0, in name: String) throws {
    guard indices.dtype == .int64 || indices.dtype == .int32 else {
      throw TensorError(.dtype, "\(name): the indices should be int64 and are \(indices.dtype)")
    }
    let depth = indices.shape.last ?? 0
    let indexed = batchRank + depth
    length = shape[..<indexed].reduce(1, *)
    inner = shape[indexed...].reduce(1, *)
    let coordinates = try indices.elements(as: Int.self)
    let count = indices.shape.dropLast().reduce(1, *)
    let perBatch = max(1, indices.shape[..<(indices.rank - 1)].dropFirst(batchRank).reduce(1, *))
    let flat = try (0..<count).map { slice in
      var number = batchRank == 0 ? 0 : slice / perBatch
      for axis in 0..<depth {
        let size = shape[batchRank + axis]
        let coordinate = coordinates[slice * depth + axis]
        guard coordinate >= -size, coordinate < size else {
          throw TensorError(
            .range,
            "\(name): the index \(coordinate) is out of range for axis \(batchRank + axis) of size \(size) (expected "
              + "\(-size) to \(size - 1))")
        }
        number = number * size + (coordinate < 0 ? coordinate + size : coordinate)
      }
      return number
    }
    numbers = try Tensor(copying: flat, shape: nil)
  }
}

extension Tensor {
  /// This tensor with `updates` put in where coordinates say; see `ScatterND`.
  public func scatterND(_ indices: Tensor, _ updates: Tensor, reduction: ScatterMode = .none) -> Tensor {
    .catching { try apply(ScatterND(reduction: reduction), to: self, indices, updates) }
  }
}
