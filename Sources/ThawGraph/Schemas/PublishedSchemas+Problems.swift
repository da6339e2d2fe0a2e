import ThawONNX
import ThawTensor

extension PublishedSchemas {
  /// What is wrong with a node by the published schema of its operator, in the order of the node's fields.
  ///
  /// Nothing is said of a domain that ONNX has not published or the model does not import, or of a version newer than
  /// the table: its operators may be others. A node that calls one of the model's own functions is no node to ask about.
  ///
  /// - Parameters:
  ///   - imports: of the model or, for a node in a function's body, of the function; none mean version 1 of ONNX's own
  ///     domain, as in models of the first IR versions.
  ///   - type: the types of the node's inputs and outputs by name, where they are known.
  public static func problems(
    of node: NodeProto, in imports: [OperatorSetIdProto], type: (String) -> ValueType? = { _ in nil }
  ) -> [SchemaProblem] {
    let domain = Domain(rawValue: node.domain ?? "")
    let named = imports.first { Domain(rawValue: $0.domain ?? "") == domain }?.version
    guard let newest = newestVersion(of: domain),
      let imported = named ?? (imports.isEmpty && domain == .onnx ? 1 : nil), imported <= Int64(newest)
    else { return [] }
    let opset = Int(imported)
    guard let schema = Self.named(node.opType ?? "", in: domain, opset: opset) else {
      return [unknownOperator(node.opType ?? "", domain, opset)]
    }
    if schema.isDeprecated { return [deprecatedOperator(schema, opset)] }
    var check = NodeCheck(node, schema)
    check.checkCounts()
    check.checkAttributes()
    check.checkTypes(type)
    return check.problems
  }

  private static func unknownOperator(_ name: String, _ domain: Domain, _ opset: Int) -> SchemaProblem {
    let title = domain == .onnx ? "ai.onnx" : domain.rawValue
    let summary = "\(title) opset \(opset) has no operator '\(name)'"
    let remedy: String
    if let first = versions(of: name, in: domain).first {
      remedy = "it comes with opset \(first): convert the model to that or a newer one"
    } else if let other = tables.first(where: { !versions(of: name, in: $0.domain).isEmpty })?.domain {
      remedy = "it is one of \(other == .onnx ? "ai.onnx" : other.rawValue): give the node that domain and import it"
    } else if let near = NearestName.of(name, among: names(in: domain)) {
      remedy = "should it be \(near)?"
    } else {
      remedy = "an operator of your own needs a domain of its own, or a function in the model"
    }
    return SchemaProblem(kind: .unknownOperator, summary: summary, remedy: remedy)
  }

  private static func deprecatedOperator(_ schema: PublishedSchema, _ opset: Int) -> SchemaProblem {
    let last = versions(of: schema.name, in: schema.domain).last { $0 < schema.version }
    return SchemaProblem(
      kind: .deprecatedOperator,
      summary: "\(schema.name) is withdrawn since version \(schema.version), and the model imports \(opset)",
      remedy: last.map {
        "the last form of it is that of version \($0): import an opset before \(schema.version), "
          + "or write the node with the operators that replace it"
      }
        ?? "write the node with the operators that replace it")
  }
}

/// Holds one node against its published schema.
private struct NodeCheck {
  private(set) var problems: [SchemaProblem] = []
  private let node: NodeProto
  private let schema: PublishedSchema
  /// The operator and its version.
  private let title: String

  init(_ node: NodeProto, _ schema: PublishedSchema) {
    self.node = node
    self.schema = schema
    title = "\(schema.name)-\(schema.version)"
  }

  private mutating func report(_ kind: SchemaProblem.Kind, _ summary: String, _ remedy: String) {
    problems.append(SchemaProblem(kind: kind, summary: "\(title): \(summary)", remedy: remedy))
  }

  // MARK: Inputs and outputs

  mutating func checkCounts() {
    checkCount(.inputCount, "inputs", node.input.count, schema.inputCount, schema.inputs)
    for (index, name) in node.input.enumerated() where name.isEmpty {
      guard index < schema.inputs.count, schema.inputs[index].count == .one else { continue }
      report(
        .missingInput, "input \(index) (\(schema.inputs[index].name)) is required, and its name is empty",
        "name the value that goes there")
    }
    checkCount(.outputCount, "outputs", node.output.count, schema.outputCount, schema.outputs)
    if let counts = schema.outputCounts, schema.outputCount.contains(node.output.count),
      !counts.contains(node.output.count)
    {
      report(
        .outputCount,
        "the node has \(node.output.count) outputs, and it may have \(counts.map(String.init).joined(separator: " or "))",
        "remove outputs, or name the others too")
    }
    for (index, name) in node.output.enumerated() where name.isEmpty {
      guard index < schema.outputs.count, schema.outputs[index].count == .one else { continue }
      report(
        .missingOutput, "output \(index) (\(schema.outputs[index].name)) is required, and its name is empty",
        "give the output a name")
    }
  }

  private mutating func checkCount(
    _ kind: SchemaProblem.Kind, _ what: String, _ count: Int, _ allowed: ClosedRange<Int>,
    _ formal: [PublishedSchema.FormalParameter]
  ) {
    guard !allowed.contains(count) else { return }
    let range =
      switch (allowed.lowerBound, allowed.upperBound) {
      case (let least, .max): "at least \(least)"
      case (let least, let most) where least == most: "\(least)"
      case (let least, let most): "\(least) to \(most)"
      }
    let names = formal.map(\.name).joined(separator: ", ")
    report(
      kind, "the node has \(count) \(count == 1 ? String(what.dropLast()) : what), and it takes \(range) (\(names))",
      count < allowed.lowerBound
        ? "name the missing \(what)"
        : "remove those after the first \(allowed.upperBound), or import the opset that they are from")
  }

  // MARK: Attributes

  mutating func checkAttributes() {
    let formal = Dictionary(schema.attributes.map { ($0.name, $0) }) { first, _ in first }
    for attribute in node.attribute {
      let name = attribute.name ?? ""
      guard let expected = formal[name] else {
        // Two underscores mark what is private to a tool.
        if !schema.isOpen, !name.hasPrefix("__") { reportUnknown(name) }
        continue
      }
      // Files of IR version 1 do not say the type.
      guard let type = attribute.type, type != .undefined, type != expected.type else { continue }
      report(
        .attributeType, "the attribute '\(name)' should be \(expected.type.words) and is \(type.words)",
        "write it with its type")
    }
    let names = Set(node.attribute.compactMap(\.name))
    for attribute in schema.attributes where attribute.isRequired && !names.contains(attribute.name) {
      report(
        .missingAttribute, "the required attribute '\(attribute.name)' is missing",
        "add it; it is \(attribute.type.words)")
    }
  }

  private mutating func reportUnknown(_ name: String) {
    let versions = PublishedSchemas.versions(of: schema.name, in: schema.domain)
    let other = versions.filter { version in
      PublishedSchemas.named(schema.name, in: schema.domain, opset: version)?.attributes.contains { $0.name == name }
        ?? false
    }
    let remedy: String
    if !other.isEmpty {
      remedy =
        "version \(other.map(String.init).joined(separator: ", ")) has it: import such an opset, or write the node in "
        + "the form of version \(schema.version)"
    } else if let near = NearestName.of(name, among: schema.attributes.map(\.name)) {
      remedy = "should it be '\(near)'?"
    } else {
      remedy =
        schema.attributes.isEmpty
        ? "remove it; there are no attributes"
        : "remove it; there are \(schema.attributes.map(\.name).joined(separator: ", "))"
    }
    report(.unknownAttribute, "there is no attribute '\(name)'", remedy)
  }

  // MARK: Types

  /// A type letter that one value has settled.
  private struct Binding {
    let type: String
    let place: String
  }

  mutating func checkTypes(_ type: (String) -> ValueType?) {
    var bindings: [String: Binding] = [:]
    for (index, name) in node.input.enumerated() {
      guard let formal = schema.input(at: index) else { continue }
      check(name, type, formal, "input \(index)", &bindings)
    }
    for (index, name) in node.output.enumerated() {
      guard let formal = schema.output(at: index) else { continue }
      check(name, type, formal, "output \(index)", &bindings)
    }
  }

  private mutating func check(
    _ name: String, _ type: (String) -> ValueType?, _ formal: PublishedSchema.FormalParameter, _ what: String,
    _ bindings: inout [String: Binding]
  ) {
    guard !name.isEmpty, let found = type(name)?.published else { return }
    let place = "\(what) (\(formal.name))"
    let allowed = schema.types(of: formal)
    guard allowed.contains(found) else {
      let newer = newerVersion(taking: found, formal)
      return report(
        .valueType, "\(place), '\(name)', is \(found); it may be \(allowed.sorted().listed)",
        newer.map { "version \($0) takes it: convert the model to opset \($0) or newer, or cast the value with Cast" }
          ?? "give a value of such a type, for instance from Cast")
    }
    if case .variadic(_, ofOneType: false) = formal.count { return }
    guard schema.types[formal.type] != nil else { return }
    guard let first = bindings[formal.type] else {
      bindings[formal.type] = Binding(type: found, place: place)
      return
    }
    guard first.type != found else { return }
    report(
      .valueType, "\(place), '\(name)', is \(found), and \(first.place) is \(first.type); both must be of one type",
      what.hasPrefix("output") ? "correct the type that the output is declared with" : "cast one of them with Cast")
  }

  private func newerVersion(taking type: String, _ formal: PublishedSchema.FormalParameter) -> Int? {
    PublishedSchemas.versions(of: schema.name, in: schema.domain).first { version in
      guard version > schema.version,
        let newer = PublishedSchemas.named(schema.name, in: schema.domain, opset: version), !newer.isDeprecated,
        let same = (newer.inputs + newer.outputs).first(where: { $0.name == formal.name })
      else { return false }
      return newer.types(of: same).contains(type)
    }
  }
}

extension [String] {
  fileprivate var listed: String {
    count < 2 ? joined() : dropLast().joined(separator: ", ") + " or " + self[count - 1]
  }
}

extension AttributeProto.AttributeType {
  fileprivate var words: String {
    switch self {
    case .float: "a float"
    case .int: "an integer"
    case .string: "a string"
    case .tensor: "a tensor"
    case .graph: "a graph"
    case .floats: "a list of floats"
    case .ints: "a list of integers"
    case .strings: "a list of strings"
    case .sparseTensor: "a sparse tensor"
    case .typeProto: "a type"
    default: "of the type \(text)"
    }
  }
}
