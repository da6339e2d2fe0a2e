import ThawTypes

/// The greatest, or least, elements along an axis and their indices (ONNX TopK-1, 10, 11, 24).
///
/// They come sorted, also where that is not asked for; of equal ones the first comes first. NaN is greater than every
/// number, as in PyTorch.
public struct TopK: Primitive {
  public var axis: Int
  public var largest: Bool

  public init(axis: Int = -1, largest: Bool = true) {
    self.axis = axis
    self.largest = largest
  }

  public static let schema = Schema(
    "TopK", versions: [1, 10, 11, 24], inputs: [Input("X"), Input("K", .index, value: true)],
    outputs: [Output("Values"), Output("Indices", differentiable: false)], batch: .mixing, autogradName: "Topk")

  public init(_ node: NodeReader) throws {
    self.init(axis: try node.int("axis", default: -1), largest: try node.flag("largest", default: true))
    node.ignore("sorted")
    guard node.version < 10 else { return }
    node.supply(try Tensor(copying: [try node.required("k", try node.int("k"))], shape: nil), asInput: 1)
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    largest ? ["axis": .int(axis)] : ["axis": .int(axis), "largest": .int(0)]
  }

  public var minimumOpset: Int { largest ? 10 : 11 }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] { batch.kept(apartFrom: [axis]) }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try tensorType(inputs, 0, of: Self.schema)
    guard var dims = x.dims else { return [.tensor(x), .tensor(TensorType(.int64, nil))] }
    let axis = try Shapes.normalize(axis: axis, rank: dims.count, in: "TopK")
    dims[axis] = try known[1].map { .known(try count($0, of: dims[axis].value)) } ?? .unknown
    return [.tensor(TensorType(x.dtype, dims)), .tensor(TensorType(.int64, dims))]
  }

  /// K, which may not be more than the axis has.
  private func count(_ tensor: Tensor, of size: Int?) throws -> Int {
    let numbers = try tensor.integers()
    guard numbers.count == 1, numbers[0] >= 0, numbers[0] <= size ?? .max else {
      throw TensorError(
        .range,
        "TopK: K is \(numbers), and should be one number from 0 to the axis's size\(size.map { ", \($0)" } ?? "")")
    }
    return numbers[0]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    let axis = try Shapes.normalize(axis: axis, rank: x.rank, in: "TopK")
    let count = try count(try tensor(inputs, 1, of: Self.schema), of: x.shape[axis])
    let indices = try withErrors {
      try x.sortedIndices(axis: axis, descending: largest).slice(first: count, axis: axis)
    }
    return [.tensor(try withErrors { x.gatherElements(indices, axis: axis) }), .tensor(indices)]
  }

  public func outputsToSave(needs: InputMask) -> OutputMask { .only(1) }

  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] {
    [outputs[1], (inputs[0]?.tensor).map { .tensor($0.shapeTensor()) }]
  }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil, nil] }
    let zeros = gradient.zeros(shape: try tensor(saved, 1, of: Self.schema))
    return [zeros.scatterElements(try tensor(saved, 0, of: Self.schema), gradient, axis: axis), nil]
  }
}

extension Tensor {
  /// The indices, along an axis, that put the elements of a tensor in memory in order; equal ones keep theirs.
  func sortedIndices(axis: Int, descending: Bool = false) throws -> Tensor {
    switch dtype {
    case .uint64: try sortedIndices(try elements(as: UInt64.self), axis) { descending ? $0 > $1 : $0 < $1 }
    case _ where dtype.isInteger || dtype == .bool:
      try sortedIndices(try elements(as: Int.self), axis) { descending ? $0 > $1 : $0 < $1 }
    case _ where dtype.isFloatingPoint:
      try sortedIndices(try elements(as: Double.self), axis) { a, b in
        let (a, b) = descending ? (b, a) : (a, b)
        return a < b || (b.isNaN && !a.isNaN)
      }
    default: throw TensorError(.dtype, "a \(dtype) tensor has no order")
    }
  }

  private func sortedIndices<Element>(
    _ elements: [Element], _ axis: Int, by comesFirst: (Element, Element) -> Bool
  ) throws -> Tensor {
    let inner = shape[(axis + 1)...].reduce(1, *)
    let length = shape[axis]
    var result = [Int](repeating: 0, count: elements.count)
    for outer in 0..<shape[..<axis].reduce(1, *) {
      for column in 0..<inner {
        let first = outer * length * inner + column
        let order = (0..<length).sorted { a, b in
          let (x, y) = (elements[first + a * inner], elements[first + b * inner])
          return comesFirst(x, y) || (!comesFirst(y, x) && a < b)
        }
        for (place, index) in order.enumerated() { result[first + place * inner] = index }
      }
    }
    return try Tensor(copying: result, shape: shape)
  }

  /// The first `count` slices along an axis.
  func slice(first count: Int, axis: Int) -> Tensor {
    slice(starts: [0], ends: [count], axes: [axis])
  }

  /// The `count` greatest or least elements along `axis`, and their indices; see `TopK`.
  public func topK(_ count: Int, axis: Int = -1, largest: Bool = true) throws -> (values: Tensor, indices: Tensor) {
    let outputs = try apply(
      TopK(axis: axis, largest: largest), to: [.tensor(self), .tensor(Tensor([count]))], wanted: .all)
    guard let values = outputs[0]?.tensor, let indices = outputs[1]?.tensor else {
      throw TensorError(.internal, "TopK gave no tensors")
    }
    return (values, indices)
  }
}
