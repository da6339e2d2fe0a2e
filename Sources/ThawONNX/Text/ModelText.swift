internal import ThawTypes

/// Writes a model in ONNX's textual syntax, as the field's own printer does.
///
/// What that syntax has no form for (sparse initializers, documentation and metadata of graphs and nodes, elements
/// narrower than a byte and complex ones, training information) is left out or stands as `...`.
struct ModelText {
  private var out: TextPieces
  private var indent = 3

  init(_ take: @escaping ([UInt8]) throws(FileError) -> Void) { out = TextPieces(take) }

  mutating func write(_ model: ModelProto) throws(FileError) {
    out.add("<\n   ir_version: \(model.irVersion ?? 0),\n   opset_import: ")
    add(model.opsetImport)
    for (key, text) in [
      ("producer_name", model.producerName), ("producer_version", model.producerVersion), ("domain", model.domain),
    ] {
      if let text { add(key: key, quoted: text) }
    }
    if let version = model.modelVersion { out.add(",\n   model_version: \(version)") }
    if let text = model.docString { add(key: "doc_string", quoted: text) }
    if !model.metadataProps.isEmpty {
      out.add(",\n   metadata_props: ")
      add(model.metadataProps)
    }
    out.add("\n>\n")
    try add(model.graph ?? GraphProto())
    for function in model.functions {
      out.add("\n")
      try add(function)
    }
    try out.flush()
  }

  // Names and texts.

  private mutating func add(key: String, quoted text: String) {
    out.add(",\n   \(key): ")
    add(quoted: text.utf8)
  }

  private mutating func add(quoted text: some Sequence<UInt8>) {
    out.add("\"")
    for byte in text {
      if byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "\"") { out.add(CollectionOfOne(UInt8(ascii: "\\"))) }
      out.add(CollectionOfOne(byte))
    }
    out.add("\"")
  }

  private mutating func add(name: String) { out.add(NameText.text(name)) }

  private mutating func add(
    names: [String], _ open: String = "", _ separator: String = ", ", _ close: String = ""
  ) {
    out.add(open)
    for (index, name) in names.enumerated() {
      if index > 0 { out.add(separator) }
      add(name: name)
    }
    out.add(close)
  }

  private mutating func add(_ entries: [StringStringEntryProto]) {
    out.add("[")
    for (index, entry) in entries.enumerated() {
      if index > 0 { out.add(", ") }
      add(quoted: (entry.key ?? "").utf8)
      out.add(": ")
      add(quoted: (entry.value ?? "").utf8)
    }
    out.add("]")
  }

  private mutating func add(_ opsets: [OperatorSetIdProto], separator: String = ", ") {
    out.add("[")
    for (index, opset) in opsets.enumerated() {
      if index > 0 { out.add(separator) }
      add(quoted: (opset.domain ?? "").utf8)
      out.add(" : \(opset.version ?? 0)")
    }
    out.add("]")
  }

  // Graphs.

  private mutating func add(_ graph: GraphProto) throws(FileError) {
    add(name: graph.name ?? "")
    out.add(" ")
    add(graph.input)
    out.add(" => ")
    add(graph.output)
    out.add(" ")
    if !graph.initializer.isEmpty || !graph.valueInfo.isEmpty {
      out.add("\n" + spaces(indent) + "<")
      var isFirst = true
      for tensor in graph.initializer {
        if !isFirst { out.add(", ") }
        isFirst = false
        try add(tensor, isInitializer: true)
      }
      for info in graph.valueInfo {
        if !isFirst { out.add(", ") }
        isFirst = false
        add(info)
      }
      out.add(">\n")
    }
    try add(graph.node)
  }

  private mutating func add(_ values: [ValueInfoProto]) {
    out.add("(")
    for (index, value) in values.enumerated() {
      if index > 0 { out.add(", ") }
      add(value)
    }
    out.add(")")
  }

  private mutating func add(_ value: ValueInfoProto) {
    if let type = value.type { out.add(TypeText.text(type)) }
    out.add(" ")
    add(name: value.name ?? "")
  }

  private mutating func add(_ nodes: [NodeProto]) throws(FileError) {
    out.add("{\n")
    for node in nodes { try add(node) }
    if indent > 3 { out.add(spaces(indent - 3)) }
    out.add("}")
  }

  private mutating func add(_ node: NodeProto) throws(FileError) {
    out.add(spaces(indent))
    if let name = node.name {
      out.add("[")
      add(name: name)
      out.add("] ")
    }
    add(names: node.output)
    out.add(" = ")
    if let domain = node.domain, !domain.isEmpty { out.add("\(domain).") }
    out.add(node.opType ?? "")
    if let overload = node.overload, !overload.isEmpty { out.add(":\(overload)") }
    // Attributes with graphs stand behind the inputs.
    let holdsGraph = node.attribute.contains { $0.g != nil || !$0.graphs.isEmpty }
    if !holdsGraph { try add(node.attribute) }
    add(names: node.input, " (", ", ", ")")
    if holdsGraph { try add(node.attribute) }
    out.add("\n")
    try out.checkpoint()
  }

  private mutating func add(_ function: FunctionProto) throws(FileError) {
    out.add("<\n  domain: ")
    add(quoted: (function.domain ?? "").utf8)
    out.add(",\n")
    if let overload = function.overload, !overload.isEmpty {
      out.add("  overload: ")
      add(quoted: overload.utf8)
      out.add(",\n")
    }
    out.add("  opset_import: ")
    add(function.opsetImport, separator: ",")
    out.add("\n>\n")
    add(name: function.name ?? "")
    out.add(" ")
    if !function.attribute.isEmpty { out.add("<" + function.attribute.joined(separator: ",") + ">") }
    add(names: function.input, "(", ", ", ")")
    out.add(" => ")
    add(names: function.output, "(", ", ", ")")
    out.add("\n")
    try add(function.node)
  }

  // Attributes.

  private mutating func add(_ attributes: [AttributeProto]) throws(FileError) {
    guard !attributes.isEmpty else { return }
    out.add(" <")
    for (index, attribute) in attributes.enumerated() {
      if index > 0 { out.add(", ") }
      try add(attribute)
    }
    out.add(">")
  }

  private mutating func add(_ attribute: AttributeProto) throws(FileError) {
    let type = attribute.type ?? attribute.typesHeld.first ?? .undefined
    out.add("\(attribute.name ?? ""): \(type.text) = ")
    if let reference = attribute.refAttrName { return out.add("@\(reference)") }
    switch type {
    case .int: out.add("\(attribute.i ?? 0)")
    case .ints: add(list: attribute.ints.lazy.map { "\($0)" })
    case .float: out.add(DecimalText.shortest(attribute.f ?? 0))
    case .floats: add(list: attribute.floats.lazy.map { DecimalText.shortest($0) })
    case .string: add(quoted: attribute.s ?? [])
    case .strings:
      out.add("[")
      for (index, text) in attribute.strings.enumerated() {
        if index > 0 { out.add(", ") }
        add(quoted: text)
      }
      out.add("]")
    case .graph, .graphs:
      indent += 3
      try add(list: attribute.subgraphs, isList: type == .graphs) { (printer, graph) throws(FileError) in
        try printer.add(graph)
      }
      indent -= 3
    case .tensor, .tensors:
      try add(list: type == .tensor ? attribute.t.map { [$0] } ?? [] : attribute.tensors, isList: type == .tensors) {
        (printer, tensor) throws(FileError) in try printer.add(tensor)
      }
    case .typeProto: out.add(TypeText.text(attribute.tp ?? TypeProto()))
    case .typeProtos: add(list: attribute.typeProtos.map { TypeText.text($0) })
    default: break
    }
  }

  private mutating func add(list texts: some Sequence<String>) {
    out.add("[")
    for (index, text) in texts.enumerated() { out.add(index > 0 ? ", \(text)" : text) }
    out.add("]")
  }

  private mutating func add<Element>(
    list elements: [Element], isList: Bool, _ add: (inout ModelText, Element) throws(FileError) -> Void
  ) throws(FileError) {
    if isList { out.add("[") }
    for (index, element) in elements.enumerated() {
      if index > 0 { out.add(", ") }
      try add(&self, element)
    }
    if isList { out.add("]") }
  }

  // Tensors.

  private mutating func add(_ tensor: TensorProto, isInitializer: Bool = false) throws(FileError) {
    out.add(TypeText.text(elementType: tensor.dataType))
    if !tensor.dims.isEmpty { out.add("[" + tensor.dims.map { "\($0)" }.joined(separator: ",") + "]") }
    if let name = tensor.name, !name.isEmpty {
      out.add(" ")
      add(name: name)
    }
    if isInitializer { out.add(" = ") }
    if tensor.dataLocation == .external { return add(tensor.externalData) }
    if tensor.dtype == .string {
      for (index, text) in tensor.stringData.enumerated() {
        out.add(index > 0 ? ", " : "{")
        add(quoted: text)
      }
      return out.add(tensor.stringData.isEmpty ? "{}" : "}")
    }
    try addNumbers(of: tensor)
  }

  private mutating func addNumbers(of tensor: TensorProto) throws(FileError) {
    let contents: TensorData
    do throws(TensorDataError) { contents = try tensor.contents() } catch {
      throw FileError(.notEncodable, place: tensor.name, found: error.description)
    }
    guard let bytes = contents.bytes else { return out.add("...") }
    switch contents.dtype {
    case .float32: try add(numbers: bytes, as: Float.self) { DecimalText.shortest($0) }
    case .float64: try add(numbers: bytes, as: Double.self) { DecimalText.shortest($0) }
    case .int64: try add(numbers: bytes, as: Int64.self) { "\($0)" }
    case .int32: try add(numbers: bytes, as: Int32.self) { "\($0)" }
    case .int16: try add(numbers: bytes, as: Int16.self) { "\($0)" }
    case .int8: try add(numbers: bytes, as: Int8.self) { "\($0)" }
    case .uint64: try add(numbers: bytes, as: UInt64.self) { "\($0)" }
    case .uint32: try add(numbers: bytes, as: UInt32.self) { "\($0)" }
    // Half-precision numbers stand as their bits.
    case .uint16, .float16, .bfloat16: try add(numbers: bytes, as: UInt16.self) { "\($0)" }
    case .uint8, .bool, .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz, .float8e8m0:
      try add(numbers: bytes, as: UInt8.self) { "\($0)" }
    case .complex64, .complex128, .string, .uint4, .int4, .uint2, .int2, .float4e2m1: out.add("...")
    }
  }

  private mutating func add<Element: BitwiseCopyable>(
    numbers bytes: ByteRegion, as _: Element.Type, _ text: (Element) -> String
  ) throws(FileError) {
    out.add(" {")
    try bytes.withUnsafeBytes { source throws(FileError) in
      let size = MemoryLayout<Element>.size
      for index in 0..<source.count / size {
        if index > 0 { out.add(",") }
        out.add(text(source.loadUnaligned(fromByteOffset: index * size, as: Element.self)))
        if index & 0xfff == 0xfff { try out.checkpoint() }
      }
    }
    out.add("}")
  }

  private func spaces(_ count: Int) -> String { String(repeating: " ", count: count) }
}
