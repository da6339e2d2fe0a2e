import ThawONNX

/// Whether the parts of the file fit together: names, types, tensors.
enum StructureRule: CheckRule {
  static func findings(in file: CheckedFile) -> [Finding] {
    var findings = file.structure.map { finding($0, in: file) }
    if file.structure.count == CheckedFile.structureLimit {
      findings.append(
        Finding(
          level: .note, rule: .structure, place: Finding.Place(path: "graph"),
          message: "only the first \(CheckedFile.structureLimit) problems of structure are listed",
          advice: "mend these and check again"))
    }
    if let graph = file.proto.graph, graph.output.isEmpty {
      findings.append(
        Finding(
          level: .warning, rule: .structure, place: file.walk.place("graph"),
          message: "the graph has no output, so that running it gives nothing",
          advice: "declare what it gives as outputs"
        ))
    }
    // An opset that Thaw does not know is said where it is imported.
    if let error = file.loadError, OpsetRule.findings(in: file).allSatisfy({ $0.level == .note }) {
      findings.append(finding(loading: error))
    }
    return findings
  }

  private static func finding(_ error: StructureError, in file: CheckedFile) -> Finding {
    let place = file.walk.place(error.place)
    if error.kind == .tensor, let surplus = file.walk.tensor(error.place)?.surplus {
      // Checkers look whether there is enough.
      return Finding(
        level: .warning, rule: .orphanBytes, place: place,
        message: "\(error.detail); \(surplus) too many, and runtimes, Thaw among them, refuse to load it",
        advice: "correct the dimensions, or cut the data to them")
    }
    return Finding(
      level: error.isWarning ? .warning : .error, rule: rule(for: error.kind), place: place, message: error.message,
      advice: advice(for: error.kind))
  }

  /// A file that holds together and that Thaw does not open.
  private static func finding(loading error: any Error) -> Finding {
    let isOurs = (error as? ModelError)?.kind == .unsupported
    return Finding(
      level: isOurs ? .warning : .error, rule: isOurs ? .operators : .structure, place: Finding.Place(path: "graph"),
      message: "Thaw does not open the model: \(error)",
      advice: isOurs ? "export it with what Thaw knows; `thaw operators` lists it" : "mend what the sentence names")
  }

  private static func rule(for kind: StructureError.Kind) -> Finding.Rule {
    switch kind {
    case .opsetImportMissing, .opsetImportTooEarly, .duplicateOpsetImport, .domainNotImported: .opsets
    case .typeMissing, .outputTypeMissing: .types
    case .attributeMismatch, .duplicateAttribute: .operators
    case .tensor: .tensors
    case .duplicateInput, .duplicateInitializer, .duplicateValue, .duplicateNodeName, .undefinedInput, .notSorted,
      .cycle, .undefinedOutput, .nameMissing:
      .names
    case .irVersionMissing, .irVersionTooNew, .graphMissing, .duplicateMetadataKey, .nodeWithoutValues,
      .initializerNotInput, .duplicateFunction, .recursiveFunction:
      .structure
    }
  }

  private static func advice(for kind: StructureError.Kind) -> String {
    switch kind {
    case .irVersionMissing, .irVersionTooNew: "set ir_version to one from 3 to 14, such as 8"
    case .graphMissing: "export the model again; this file holds none"
    case .opsetImportMissing: "add the version of the operators to opset_import"
    case .opsetImportTooEarly: "set ir_version to 3 or newer"
    case .duplicateOpsetImport: "keep one import of the domain; which of them counts is up to the reader"
    case .duplicateMetadataKey: "keep one entry of the key"
    case .nameMissing: "give it a name"
    case .typeMissing, .outputTypeMissing:
      "declare the type in full; a dimension may be open, and the shape must be there"
    case .duplicateInput, .duplicateInitializer, .duplicateValue:
      "give each value a name of its own, in subgraphs too; `thaw rename` does it"
    case .duplicateNodeName: "give each node a name of its own, so that messages and patterns tell them apart"
    case .duplicateAttribute: "keep one attribute of the name"
    case .attributeMismatch: "set the attribute's type to that of the one field it has"
    case .nodeWithoutValues: "remove the node"
    case .domainNotImported: "add the domain with its version to opset_import"
    case .undefinedInput: "correct the name, or add the node, input or initializer that gives it"
    case .notSorted: "put the node after those that it takes from"
    case .cycle: "take one of the nodes out of the circle; a recurrence is a Loop or a Scan"
    case .undefinedOutput: "correct the output's name, or add the node that gives it"
    case .initializerNotInput: "add the initializer to the inputs, or set ir_version to 4 or newer"
    case .duplicateFunction: "rename or remove one of the functions"
    case .recursiveFunction: "inline one of the functions"
    case .tensor: "write the tensor anew; type, dimensions and data must agree"
    }
  }
}
