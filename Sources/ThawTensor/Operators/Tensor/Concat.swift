import ThawKernels
import ThawTypes

/// Tensors one after the other along an axis (ONNX Concat-1, 4, 11, 13).
public struct Concat: Primitive {
  public var axis: Int

  public init(axis: Int) { self.axis = axis }

  public static let schema = Schema(
    "Concat", versions: [1, 4, 11, 13], inputs: [Input("inputs", variadic: true)], outputs: [Output("concat_result")],
    batch: .mixing, autogradName: "Cat")

  public init(_ node: NodeReader) throws {
    let axis = try node.int("axis")
    self.init(axis: node.version < 4 ? axis ?? 1 : try node.required("axis", axis))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] { ["axis": .int(axis)] }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] {
    guard let axis = batch.inputs.indices.lazy.compactMap({ batch[$0] }).first else { return batch.mixed }
    let isApart = batch.inputs.indices.allSatisfy { index in
      batch[index] == axis || batch.isSame(index, fromEnd: batch.shape(index).count - axis)
    }
    return isApart && axis != (self.axis < 0 ? self.axis + batch.shape(0).count : self.axis)
      ? batch.all(axis) : batch.mixed
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let types = try inputs.indices.map { try tensorType(inputs, $0, of: Self.schema) }
    guard let first = types.first else { throw TensorError(.operand, "Concat: no inputs are given") }
    for (index, type) in types.enumerated() where type.dtype != first.dtype {
      throw TensorError(
        .dtype, "Concat: input 0 is \(first.dtype) and input \(index) is \(type.dtype): cast one with Cast (cast(to:))")
    }
    guard var result = types.compactMap(\.dims).first else { return [.tensor(TensorType(first.dtype, nil))] }
    let axis = try Shapes.normalize(axis: axis, rank: result.count, in: "Concat")
    for (index, type) in types.enumerated() {
      guard let dims = type.dims else { continue }
      guard let joined = join(result, dims, apartFrom: axis) else {
        throw TensorError(
          .shape,
          "Concat: input \(index) is \(type) and the first is \(first); apart from axis \(axis) their shapes "
            + "should agree")
      }
      result = joined
    }
    result[axis] = length(types.map { $0.dims?[axis] })
    return [.tensor(TensorType(first.dtype, result))]
  }

  /// What two lists of dimensions that should agree tell together, nil when they cannot agree.
  private func join(_ left: [Dim], _ right: [Dim], apartFrom axis: Int) -> [Dim]? {
    guard left.count == right.count else { return nil }
    var result = left
    for other in left.indices where other != axis {
      if let a = left[other].value, let b = right[other].value, a != b { return nil }
      if left[other].value == nil, right[other] != .unknown { result[other] = right[other] }
    }
    return result
  }

  private func length(_ sizes: [Dim?]) -> Dim {
    if sizes.count == 1 { return sizes[0] ?? .unknown }
    var sum = 0
    for size in sizes {
      guard let value = size?.value else { return .unknown }
      let (next, overflow) = sum.addingReportingOverflow(value)
      if overflow { return .unknown }
      sum = next
    }
    return .known(sum)
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let type = try outputTypes(inputs.map { $0?.type }, known: KnownValues())[0].tensor
    guard let type, let shape = type.shape else { throw TensorError(.shape, "Concat: the result is too large") }
    let axis = try Shapes.normalize(axis: axis, rank: shape.count, in: "Concat")
    let isPlanned = inputs.contains { $0?.tensor?.isPlanned ?? false }
    let result = try Tensor.uninitialized(shape, dtype: type.dtype, isPlanned: isPlanned)
    let strides = Strides.contiguous(for: shape)
    var start = 0
    for index in inputs.indices {
      let part = try tensor(inputs, index, of: Self.schema)
      try part.copy(onto: try result.view(shape: part.shape, strides: strides, offsetBy: start * strides[axis]))
      start += part.shape[axis]
    }
    return [.tensor(result)]
  }

  /// The sizes along the axis.
  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] {
    inputs.map { $0?.tensor.map { .tensor($0.shapeTensor().gather(Tensor(axis))) } }
  }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return saved.map { _ in nil } }
    let sizes = try saved.indices.map { try tensor(saved, $0, of: Self.schema).unsqueezed(axes: [0]) }
    let split = Split(axis: axis, outputCount: sizes.count)
    return try apply(split, to: [.tensor(gradient), .tensor(.concat(sizes))], wanted: needs).map { $0?.tensor }
  }
}

extension Tensor {
  /// Tensors one after the other along an axis; see `Concat`.
  public static func concat(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
    catching {
      guard case .tensor(let result)? = try apply(Concat(axis: axis), to: tensors.map(Value.tensor))[0] else {
        throw TensorError(.internal, "Concat gave no tensor")
      }
      return result
    }
  }
}
