internal import COnnx

/// Says which tensors hold the scale and the zero point of a quantized tensor.
public struct TensorAnnotation: Equatable, Sendable {
  /// The tensor that is quantized.
  public var tensorName: String?
  /// Maps `SCALE_TENSOR` and `ZERO_POINT_TENSOR` to tensor names.
  public var quantParameterTensorNames: [StringStringEntryProto] = []
  /// The fields this version of the schema does not know, as they stood in the file.
  public var unknownFields: [UnknownField] = []

  /// Makes a message with no field set.
  public init() {}
}

extension TensorAnnotation: WireMessage {
  static var initialize: (UnsafeMutablePointer<Onnx__TensorAnnotation>?) -> Void { onnx__tensor_annotation__init }

  init(unpacking c: Onnx__TensorAnnotation, with unpacking: Unpacking) throws(FileError) {
    tensorName = unpacking.text(c.tensor_name)
    quantParameterTensorNames = try unpacking.messages(c.quant_parameter_tensor_names, c.n_quant_parameter_tensor_names)
    unknownFields = unpacking.unknownFields(c.base)
  }

  func pack(into c: inout Onnx__TensorAnnotation, with packing: Packing) throws(FileError) {
    c.tensor_name = try packing.text(tensorName)
    (c.quant_parameter_tensor_names, c.n_quant_parameter_tensor_names) = try packing.messages(quantParameterTensorNames)
    packing.unknownFields(unknownFields, into: &c.base)
  }
}
