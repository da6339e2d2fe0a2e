import ThawTypes

/// The elements, or the slices along an axis, that differ, each once (ONNX Unique-11, 28).
///
/// Further outputs tell where each comes first, which of them every element is, and how often each comes.
public struct Unique: Primitive {
  /// nil for the elements of the tensor taken as a vector.
  public var axis: Int?
  /// Whether they are in order, rather than as they come.
  public var sorts: Bool

  public init(axis: Int? = nil, sorts: Bool = true) {
    self.axis = axis
    self.sorts = sorts
  }

  public static let schema = Schema(
    "Unique", versions: [11, 28], inputs: [Input("X", .index, value: true)],
    outputs: [
      Output("Y", differentiable: false), Output("indices", optional: true, differentiable: false),
      Output("inverse_indices", optional: true, differentiable: false),
      Output("counts", optional: true, differentiable: false),
    ], batch: .mixing, differentiability: .never(because: "which elements are equal changes in jumps"))

  public init(_ node: NodeReader) throws {
    self.init(axis: try node.int("axis"), sorts: try node.flag("sorted", default: true))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    let sorted: [String: Attribute] = ["sorted": .int(sorts ? 1 : 0)]
    return axis.map { sorted.merging(["axis": .int($0)]) { $1 } } ?? sorted
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try tensorType(inputs, 0, of: Self.schema)
    if let values = known[0] { return try forward([.tensor(values)], wanted: .all).compactMap { $0?.type } }
    let vector = ValueType.tensor(TensorType(.int64, [.unknown]))
    guard let axis else { return [.tensor(TensorType(x.dtype, [.unknown])), vector, vector, vector] }
    guard var dims = x.dims else { return [.tensor(x), vector, vector, vector] }
    dims[try Shapes.normalize(axis: axis, rank: dims.count, in: "Unique")] = .unknown
    return [.tensor(TensorType(x.dtype, dims)), vector, vector, vector]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let given = try tensor(inputs, 0, of: Self.schema)
    let x = axis == nil ? try withErrors { given.reshaped(to: [given.count]) } : given
    let axis = try Shapes.normalize(axis: axis ?? 0, rank: x.rank, in: "Unique")
    let others = [axis] + x.shape.indices.filter { $0 != axis }
    let rows = try withErrors { x.transposed(others) }
    let groups: Groups =
      switch x.dtype {
      case .string: Groups(try rows.strings(), count: x.shape[axis]) { $0.lexicographicallyPrecedes($1) }
      case .uint64: Groups(try rows.elements(as: UInt64.self), count: x.shape[axis]) { $0 < $1 }
      case _ where x.dtype.isInteger || x.dtype == .bool:
        Groups(try rows.elements(as: Int.self), count: x.shape[axis]) { $0 < $1 }
      case _ where x.dtype.isFloatingPoint:
        Groups(try rows.elements(as: Double.self), count: x.shape[axis]) { $0 < $1 || ($1.isNaN && !$0.isNaN) }
      default: throw TensorError(.dtype, "Unique: the elements are \(x.dtype), and should be numbers or strings")
      }
    let order =
      sorts ? Array(groups.firsts.indices) : groups.firsts.indices.sorted { groups.firsts[$0] < groups.firsts[$1] }
    var places = order
    for (place, group) in order.enumerated() { places[group] = place }
    let indices = try Tensor(copying: order.map { groups.firsts[$0] }, shape: nil)
    return [
      .tensor(try withErrors { x.gather(indices, axis: axis) }), .tensor(indices),
      .tensor(try Tensor(copying: groups.groupOf.map { places[$0] }, shape: nil)),
      .tensor(try Tensor(copying: order.map { groups.counts[$0] }, shape: nil)),
    ]
  }

  /// Equal rows, in order.
  private struct Groups {
    /// For each group its first row.
    var firsts: [Int] = []
    var counts: [Int] = []
    /// For each row its group.
    var groupOf: [Int]

    init<Element>(_ elements: [Element], count: Int, by precedes: (Element, Element) -> Bool) {
      let width = count == 0 ? 0 : elements.count / count
      /// Whether a row comes before another; nil when they are equal.
      func comparison(_ a: Int, _ b: Int) -> Bool? {
        for column in 0..<width {
          let (x, y) = (elements[a * width + column], elements[b * width + column])
          if precedes(x, y) { return true }
          if precedes(y, x) { return false }
        }
        return nil
      }
      groupOf = [Int](repeating: 0, count: count)
      for row in (0..<count).sorted(by: { comparison($0, $1) ?? ($0 < $1) }) {
        if let last = firsts.last, comparison(last, row) == nil {
          counts[counts.count - 1] += 1
        } else {
          firsts.append(row)
          counts.append(1)
        }
        groupOf[row] = firsts.count - 1
      }
    }
  }
}
