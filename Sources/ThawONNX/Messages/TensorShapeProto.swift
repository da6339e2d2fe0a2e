internal import COnnx

/// The dimensions of a tensor, as far as they are known.
public struct TensorShapeProto: Equatable, Sendable {
  /// The axes; none for a scalar.
  public var dim: [Dimension] = []
  /// The fields this version of the schema does not know, as they stood in the file.
  public var unknownFields: [UnknownField] = []

  /// Makes a message with no field set.
  public init() {}

  /// Makes a shape of the given sizes.
  public init(_ sizes: [DimensionSize?]) {
    dim = sizes.map(Dimension.init)
  }
}

extension TensorShapeProto {
  /// One axis of a shape.
  public struct Dimension: Equatable, Sendable {
    /// The size: a number, a symbol, or nil when nothing is known.
    public var value: DimensionSize?
    /// What the axis means, such as `DATA_BATCH`.
    public var denotation: String?
    /// The fields this version of the schema does not know, as they stood in the file.
    public var unknownFields: [UnknownField] = []

    /// Makes a message with no field set.
    public init() {}

    /// Makes an axis of the given size.
    public init(_ value: DimensionSize?) {
      self.value = value
    }
  }
}

extension TensorShapeProto: WireMessage {
  static var initialize: (UnsafeMutablePointer<Onnx__TensorShapeProto>?) -> Void { onnx__tensor_shape_proto__init }

  init(unpacking c: Onnx__TensorShapeProto, with unpacking: Unpacking) throws(FileError) {
    dim = try unpacking.messages(c.dim, c.n_dim)
    unknownFields = unpacking.unknownFields(c.base)
  }

  func pack(into c: inout Onnx__TensorShapeProto, with packing: Packing) throws(FileError) {
    (c.dim, c.n_dim) = try packing.messages(dim)
    packing.unknownFields(unknownFields, into: &c.base)
  }
}

extension TensorShapeProto.Dimension: WireMessage {
  static var initialize: (UnsafeMutablePointer<Onnx__TensorShapeProto__Dimension>?) -> Void {
    onnx__tensor_shape_proto__dimension__init
  }

  init(unpacking c: Onnx__TensorShapeProto__Dimension, with unpacking: Unpacking) throws(FileError) {
    denotation = unpacking.text(c.denotation)

    value =
      switch c.value_case {
      case ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE: .value(c.dim_value)
      case ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_PARAM: .symbol(unpacking.text(c.dim_param) ?? "")
      default: nil
      }
    unknownFields = unpacking.unknownFields(c.base)
  }

  func pack(into c: inout Onnx__TensorShapeProto__Dimension, with packing: Packing) throws(FileError) {
    c.denotation = try packing.text(denotation)

    switch value {
    case .value(let number):
      c.value_case = ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE
      c.dim_value = number
    case .symbol(let symbol):
      c.value_case = ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_PARAM
      c.dim_param = try packing.text(symbol)
    case nil: break
    }
    packing.unknownFields(unknownFields, into: &c.base)
  }
}
