internal import COnnx

/// A tensor with its elements, in one of several carriers.
///
/// The carriers are there to be kept as they are in a file; ``contents()`` reads the elements from whichever is used.
public struct TensorProto: Equatable, Sendable {
  /// The dimensions; none for a scalar.
  public var dims: [Int64] = []
  /// The element type's number, as it stands in the file. See ``dtype``.
  public var dataType: Int32?
  /// The piece of a larger tensor that this one is.
  public var segment: Segment? {
    get { segmentBox.value }
    set { segmentBox = Indirect(newValue) }
  }
  /// Elements of `float32`, and the parts of `complex64` in turn.
  public var floatData: [Float] = []
  /// Elements of every other type of up to 32 bits but `uint32`.
  public var int32Data: [Int32] = []
  /// Elements of `string`, which need not be UTF-8.
  public var stringData: [[UInt8]] = []
  /// Elements of `int64`.
  public var int64Data: [Int64] = []
  /// The tensor's name.
  public var name: String?
  /// The elements of any type but `string`: row-major, little-endian, types narrower than a byte packed.
  public var rawData: ByteRegion?
  /// Elements of `float64`, and the parts of `complex128` in turn.
  public var doubleData: [Double] = []
  /// Elements of `uint32` and `uint64`.
  public var uint64Data: [UInt64] = []
  /// What the tensor is, for people.
  public var docString: String?
  /// Where the elements are when they are outside the file: location, offset, length.
  public var externalData: [StringStringEntryProto] = []
  /// Whether the elements are in this message or outside the file.
  public var dataLocation: DataLocation?
  /// Free entries, each key once.
  public var metadataProps: [StringStringEntryProto] = []
  /// The fields this version of the schema does not know, as they stood in the file.
  public var unknownFields: [UnknownField] = []

  /// The elements that ``externalData`` describes, once they are open. Not a field of the message.
  package var externalBytes: ByteRegion?
  /// The entries of ``externalData`` when the elements, which are now in `raw_data`, were outside: they go back there
  /// when the model is saved. Not a field of the message.
  package var formerPlace: [StringStringEntryProto]?

  private var segmentBox = Indirect<Segment>.none

  /// Makes a message with no field set.
  public init() {}
}

extension TensorProto: WireMessage {
  static var initialize: (UnsafeMutablePointer<Onnx__TensorProto>?) -> Void { onnx__tensor_proto__init }

  init(unpacking c: Onnx__TensorProto, with unpacking: Unpacking) throws(FileError) {
    dims = unpacking.numbers(c.dims, c.n_dims)
    dataType = unpacking.present(c.has_data_type, c.data_type)
    segment = try unpacking.message(c.segment)
    floatData = unpacking.numbers(c.float_data, c.n_float_data)
    int32Data = unpacking.numbers(c.int32_data, c.n_int32_data)
    stringData = unpacking.byteStrings(c.string_data, c.n_string_data)
    int64Data = unpacking.numbers(c.int64_data, c.n_int64_data)
    name = unpacking.text(c.name)
    rawData = c.has_raw_data != 0 ? try unpacking.payload(c.raw_data) : nil
    doubleData = unpacking.numbers(c.double_data, c.n_double_data)
    uint64Data = unpacking.numbers(c.uint64_data, c.n_uint64_data)
    docString = unpacking.text(c.doc_string)
    externalData = try unpacking.messages(c.external_data, c.n_external_data)
    dataLocation = unpacking.present(
      c.has_data_location, DataLocation(rawValue: unpacking.number(c.data_location.rawValue)))
    metadataProps = try unpacking.messages(c.metadata_props, c.n_metadata_props)
    unknownFields = unpacking.unknownFields(c.base)
  }

  func pack(into c: inout Onnx__TensorProto, with packing: Packing) throws(FileError) {
    (c.dims, c.n_dims) = packing.numbers(dims)
    (c.has_data_type, c.data_type) = packing.optional(dataType, else: 0)
    c.segment = try packing.message(segment)
    (c.float_data, c.n_float_data) = packing.numbers(floatData)
    (c.int32_data, c.n_int32_data) = packing.numbers(int32Data)
    (c.string_data, c.n_string_data) = packing.byteStrings(stringData)
    (c.int64_data, c.n_int64_data) = packing.numbers(int64Data)
    c.name = try packing.text(name)
    (c.has_raw_data, c.raw_data) = packing.payload(rawData)
    (c.double_data, c.n_double_data) = packing.numbers(doubleData)
    (c.uint64_data, c.n_uint64_data) = packing.numbers(uint64Data)
    c.doc_string = try packing.text(docString)
    (c.external_data, c.n_external_data) = try packing.messages(externalData)
    (c.has_data_location, c.data_location) = packing.optional(
      dataLocation.map { Onnx__TensorProto__DataLocation(rawValue: .init(truncatingIfNeeded: $0.rawValue)) },
      else: c.data_location)
    (c.metadata_props, c.n_metadata_props) = try packing.messages(metadataProps)
    packing.unknownFields(unknownFields, into: &c.base)
  }
}
