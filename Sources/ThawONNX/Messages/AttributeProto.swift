internal import COnnx

/// A named constant of a node.
///
/// `type` says which field holds the value.
public struct AttributeProto: Equatable, Sendable {
  /// The attribute's name.
  public var name: String?
  /// The value of a `float` attribute.
  public var f: Float?
  /// The value of an `int` attribute.
  public var i: Int64?
  /// The value of a `string` attribute, which need not be UTF-8.
  public var s: [UInt8]?
  /// The value of a `tensor` attribute.
  public var t: TensorProto? {
    get { tBox.value }
    set { tBox = Indirect(newValue) }
  }
  /// The value of a `graph` attribute.
  public var g: GraphProto? {
    get { gBox.value }
    set { gBox = Indirect(newValue) }
  }
  /// The value of a `floats` attribute.
  public var floats: [Float] = []
  /// The value of an `ints` attribute.
  public var ints: [Int64] = []
  /// The value of a `strings` attribute.
  public var strings: [[UInt8]] = []
  /// The value of a `tensors` attribute.
  public var tensors: [TensorProto] = []
  /// The value of a `graphs` attribute.
  public var graphs: [GraphProto] = []
  /// What the attribute means, for people.
  public var docString: String?
  /// The value of a `typeProto` attribute.
  public var tp: TypeProto? {
    get { tpBox.value }
    set { tpBox = Indirect(newValue) }
  }
  /// The value of a `typeProtos` attribute.
  public var typeProtos: [TypeProto] = []
  /// Which field holds the value; absent in files of IR version 1.
  public var type: AttributeType?
  /// In a function's body: the caller's attribute that gives the value.
  public var refAttrName: String?
  /// The value of a `sparseTensor` attribute.
  public var sparseTensor: SparseTensorProto? {
    get { sparseTensorBox.value }
    set { sparseTensorBox = Indirect(newValue) }
  }
  /// The value of a `sparseTensors` attribute.
  public var sparseTensors: [SparseTensorProto] = []
  /// The fields this version of the schema does not know, as they stood in the file.
  public var unknownFields: [UnknownField] = []

  private var tBox = Indirect<TensorProto>.none
  private var gBox = Indirect<GraphProto>.none
  private var tpBox = Indirect<TypeProto>.none
  private var sparseTensorBox = Indirect<SparseTensorProto>.none

  /// Makes a message with no field set.
  public init() {}
}

extension AttributeProto: WireMessage {
  static var initialize: (UnsafeMutablePointer<Onnx__AttributeProto>?) -> Void { onnx__attribute_proto__init }

  init(unpacking c: Onnx__AttributeProto, with unpacking: Unpacking) throws(FileError) {
    name = unpacking.text(c.name)
    f = unpacking.present(c.has_f, c.f)
    i = unpacking.present(c.has_i, c.i)
    s = unpacking.present(c.has_s, unpacking.bytes(c.s))
    t = try unpacking.message(c.t)
    g = try unpacking.message(c.g)
    floats = unpacking.numbers(c.floats, c.n_floats)
    ints = unpacking.numbers(c.ints, c.n_ints)
    strings = unpacking.byteStrings(c.strings, c.n_strings)
    tensors = try unpacking.messages(c.tensors, c.n_tensors)
    graphs = try unpacking.messages(c.graphs, c.n_graphs)
    docString = unpacking.text(c.doc_string)
    tp = try unpacking.message(c.tp)
    typeProtos = try unpacking.messages(c.type_protos, c.n_type_protos)
    type = unpacking.present(c.has_type, AttributeType(rawValue: unpacking.number(c.type.rawValue)))
    refAttrName = unpacking.text(c.ref_attr_name)
    sparseTensor = try unpacking.message(c.sparse_tensor)
    sparseTensors = try unpacking.messages(c.sparse_tensors, c.n_sparse_tensors)
    unknownFields = unpacking.unknownFields(c.base)
  }

  func pack(into c: inout Onnx__AttributeProto, with packing: Packing) throws(FileError) {
    c.name = try packing.text(name)
    (c.has_f, c.f) = packing.optional(f, else: 0)
    (c.has_i, c.i) = packing.optional(i, else: 0)
    (c.has_s, c.s) = packing.bytes(s)
    c.t = try packing.message(t)
    c.g = try packing.message(g)
    (c.floats, c.n_floats) = packing.numbers(floats)
    (c.ints, c.n_ints) = packing.numbers(ints)
    (c.strings, c.n_strings) = packing.byteStrings(strings)
    (c.tensors, c.n_tensors) = try packing.messages(tensors)
    (c.graphs, c.n_graphs) = try packing.messages(graphs)
    c.doc_string = try packing.text(docString)
    c.tp = try packing.message(tp)
    (c.type_protos, c.n_type_protos) = try packing.messages(typeProtos)
    (c.has_type, c.type) = packing.optional(
      type.map { Onnx__AttributeProto__AttributeType(rawValue: .init(truncatingIfNeeded: $0.rawValue)) }, else: c.type)
    c.ref_attr_name = try packing.text(refAttrName)
    c.sparse_tensor = try packing.message(sparseTensor)
    (c.sparse_tensors, c.n_sparse_tensors) = try packing.messages(sparseTensors)
    packing.unknownFields(unknownFields, into: &c.base)
  }
}
