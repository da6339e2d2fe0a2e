internal import COnnx

/// A tensor given by its elements that are not zero.
public struct SparseTensorProto: Equatable, Sendable {
  /// The elements that are not zero; the sparse tensor's name is this tensor's.
  public var values: TensorProto?
  /// Where they are: `[n]` linear indices or `[n, rank]` coordinates, ascending.
  public var indices: TensorProto?
  /// The dimensions of the dense tensor.
  public var dims: [Int64] = []
  /// The fields this version of the schema does not know, as they stood in the file.
  public var unknownFields: [UnknownField] = []

  /// Makes a message with no field set.
  public init() {}
}

extension SparseTensorProto: WireMessage {
  static var initialize: (UnsafeMutablePointer<Onnx__SparseTensorProto>?) -> Void { onnx__sparse_tensor_proto__init }

  init(unpacking c: Onnx__SparseTensorProto, with unpacking: Unpacking) throws(FileError) {
    values = try unpacking.message(c.values)
    indices = try unpacking.message(c.indices)
    dims = unpacking.numbers(c.dims, c.n_dims)
    unknownFields = unpacking.unknownFields(c.base)
  }

  func pack(into c: inout Onnx__SparseTensorProto, with packing: Packing) throws(FileError) {
    c.values = try packing.message(values)
    c.indices = try packing.message(indices)
    (c.dims, c.n_dims) = packing.numbers(dims)
    packing.unknownFields(unknownFields, into: &c.base)
  }
}
