import ThawTypes

// How operators reach the sequences among their inputs. A tensor that requires a gradient keeps its place in the graph
// of automatic differentiation while it is in a sequence, so that these operators need no gradients of their own.

/// The sequence among an operator's inputs, and the type of its elements.
///
/// - Throws: `TensorError` of kind `operand` when it is absent or not a sequence.
func sequence(_ values: [Value?], _ index: Int, of schema: Schema) throws -> (elements: [Value], type: ValueType) {
  guard index < values.count, let value = values[index] else {
    throw TensorError(.operand, "\(schema.name): input \(index) (\(schema.input(at: index)?.name ?? "?")) is missing")
  }
  guard case .sequence(let elements, let type) = value else { throw notSequence(value.type, index, schema) }
  return (elements, type)
}

/// The type of the elements of the sequence among an operator's input types.
func elementType(_ types: [ValueType?], _ index: Int, of schema: Schema) throws -> ValueType {
  guard index < types.count, let type = types[index] else {
    throw TensorError(.operand, "\(schema.name): input \(index) (\(schema.input(at: index)?.name ?? "?")) is missing")
  }
  guard case .sequence(let element) = type else { throw notSequence(type, index, schema) }
  return element
}

private func notSequence(_ type: ValueType, _ index: Int, _ schema: Schema) -> TensorError {
  TensorError(
    .operand,
    "\(schema.name): input \(index) (\(schema.input(at: index)?.name ?? "?")) should be a sequence and is \(type)")
}

/// The place that an input names in a sequence, counted from the front; nil when the input is absent.
///
/// - Parameters:
///   - count: how many places there are.
///   - end: the place from which a negative number counts; `count` when left out.
/// - Throws: `TensorError` of kind `range` when there is no such place.
func position(
  _ values: [Value?], _ index: Int, below count: Int, of schema: Schema, fromEnd end: Int? = nil
) throws -> Int? {
  guard let tensor = try optionalTensor(values, index, of: schema) else { return nil }
  guard tensor.count == 1, tensor.dtype == .int32 || tensor.dtype == .int64 else {
    throw TensorError(.dtype, "\(schema.name): the position should be one int32 or int64 and is \(tensor.type)")
  }
  let position = try tensor.integers()[0]
  let end = end ?? count
  guard position >= -end, position < count else {
    throw TensorError(
      .range, "\(schema.name): position \(position) is out of range (expected \(-end) to \(count - 1))")
  }
  return position < 0 ? position + end : position
}

/// The type that holds elements of both types.
///
/// - Throws: `TensorError` of kind `dtype` when there is none.
func joinedElementType(_ left: ValueType, _ right: ValueType, in schema: Schema) throws -> ValueType {
  guard let joined = left.joined(with: right) else {
    throw TensorError(.dtype, "\(schema.name): a sequence of \(left) cannot hold \(right)")
  }
  return joined
}
