import ThawTypes

/// A function of two tensors as versions before 7 broadcast it: the second's axes are the first's from `axis` on.
///
/// It goes by the function's own name; files of newer opsets have the function alone.
struct AxisBroadcast<Operation: Operator>: Composite {
  let operation: Operation
  /// The first tensor's axis that the second one's first stands for; counted from the end when negative.
  let axis: Int

  static var schema: Schema { Operation.schema }

  init(_ operation: Operation, axis: Int) {
    self.operation = operation
    self.axis = axis
  }

  init(_ node: NodeReader) throws {
    self.init(try Operation(node), axis: try node.required("axis", try node.int("axis")))
  }

  func attributes(opset: Int) throws -> [String: Attribute] {
    guard opset < 7 else {
      throw TensorError(
        .unsupported,
        "\(Self.schema.name): opset \(opset) broadcasts without an axis, which opset 6 is the last to have")
    }
    return try operation.attributes(opset: opset).merging(["axis": .int(axis), "broadcast": .int(1)]) { $1 }
  }

  var minimumOpset: Int { 1 }

  func batchAxes(of batch: BatchLayout) -> [BatchAxis?] {
    guard let along = batch[0], batch.isSame(1), batch.input(1) != nil else { return batch.mixed }
    let first = axis < 0 ? axis + batch.shape(0).count : axis
    let isApart = along < first || along >= first + batch.shape(1).count || batch.shape(1).allSatisfy { $0 == 1 }
    return isApart ? batch.all(along) : batch.mixed
  }

  func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let left = try tensorType(inputs, 0, of: Self.schema)
    var right = try tensorType(inputs, 1, of: Self.schema)
    if let dims = right.dims, dims.contains(where: { $0 != .known(1) }) {
      right.dims = try left.dims.map { try dims + newAxes(left: $0.count, right: dims.count).map { _ in .known(1) } }
    }
    return try operation.outputTypes([.tensor(left), .tensor(right)], known: KnownValues())
  }

  func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let left = try tensor(inputs, 0, of: Self.schema)
    var right = try tensor(inputs, 1, of: Self.schema)
    let axes = right.count == 1 ? [] : try newAxes(left: left.rank, right: right.rank)
    if !axes.isEmpty { right = right.unsqueezed(axes: axes) }
    return try apply(operation, to: [.tensor(left), .tensor(right)], wanted: wanted)
  }

  /// The axes of size 1 that bring the second tensor's axes below those of the first.
  private func newAxes(left: Int, right: Int) throws -> [Int] {
    let first = axis < 0 ? axis + left : axis
    guard first >= 0, first <= left, right <= left - first else {
      throw TensorError(
        .shape,
        "\(Self.schema.name): an input of rank \(right) cannot be broadcast to one of rank \(left) from axis \(axis) on"
      )
    }
    return Array(right..<(left - first))
  }
}

extension AxisBroadcast: Superseded {
  package var isSuperseded: Bool { true }
  package func successor(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] { try body(inputs, wanted: wanted) }
}

extension Operator {
  /// This operation as a node of a version before 7 broadcasts it; itself where that is how today's does.
  func broadcasting(as node: NodeReader) throws -> any Operator {
    guard node.version < 7 else { return self }
    if self is PRelu { return AxisBroadcast(self, axis: 1) }
    guard self is any ElementwiseBinary || self is Pow else { return self }
    node.ignore("broadcast")
    return try node.int("axis").map { AxisBroadcast(self, axis: $0) } ?? self
  }
}
