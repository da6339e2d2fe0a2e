import ThawKernels
import ThawTypes

/// The gradient of `Slice`: a tensor of the given shape, zero apart from the slice.
public struct SliceGradient: Expandable {
  public init() {}
  public init(_ node: NodeReader) throws {}

  public static let schema = Schema(
    "SliceGradient", domain: .thaw, versions: [1],
    inputs: [
      Input("dY"), Input("shape", .index, value: true), Input("starts", .index, value: true),
      Input("ends", .index, value: true), Input("axes", .index, value: true, optional: true),
      Input("steps", .index, value: true, optional: true),
    ], outputs: [Output("dX")], batch: .mixing)

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let dtype = try tensorType(inputs, 0, of: Self.schema).dtype
    return [.tensor(TensorType(dtype, try known.dims(1, of: inputs, in: "SliceGradient")))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let gradient = try tensor(inputs, 0, of: Self.schema)
    let shape = try tensor(inputs, 1, of: Self.schema).integers()
    let result = try Tensor.full(shape, 0, dtype: gradient.dtype).copied()
    let part = try result.cut(by: try SliceCut.all(inputs, from: 2, rank: shape.count, of: Self.schema))
    guard part.shape == gradient.shape else {
      throw TensorError(
        .shape, "SliceGradient: a gradient of shape \(gradient.shape) does not fill a slice of shape \(part.shape)")
    }
    try gradient.copy(onto: part)
    return [.tensor(result)]
  }

  /// The same slice of the elements' numbers says where in a vector the gradient goes.
  public func expansion(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let gradient = try tensor(inputs, 0, of: Self.schema)
    let shape = try tensor(inputs, 1, of: Self.schema)
    let places = try apply(Slice(), to: [.tensor(Tensor.elementNumbers(shape))] + inputs[2...])[0]?.tensor
    guard let places else { throw TensorError(.internal, "Slice gave no tensor") }
    return [.tensor(gradient.added(at: places, inShape: shape))]
  }
}

extension Tensor {
  /// 0, 1, 2 … in a shape that is itself a tensor.
  static func elementNumbers(_ shape: Tensor) -> Tensor {
    catching {
      try apply(Reshape(allowsZero: true), to: .range(shape.product()), shape)
    }
  }

  /// Zeros of a shape, with these elements added at `places`, which count the elements row-major.
  func added(at places: Tensor, inShape shape: Tensor) -> Tensor {
    .catching {
      let zeros = self.zeros(shape: shape.product().unsqueezed(axes: [0]))
      let sums = zeros.scatterElements(places.reshaped(to: [-1]), reshaped(to: [-1]), reduction: .add)
      return try apply(Reshape(allowsZero: true), to: sums, shape)
    }
  }
}
