/// What is wrong with the structure of a model, and where.
public struct StructureError: Error, Equatable, Sendable {
  /// The ways in which a model's parts can fail to fit together.
  public enum Kind: Hashable, Sendable, CaseIterable {
    /// The IR version is absent or zero.
    case irVersionMissing
    /// The IR version is newer than this library.
    case irVersionTooNew
    /// There is no graph.
    case graphMissing
    /// No operator set is imported, or one without a version.
    case opsetImportMissing
    /// Operator sets are imported where the IR version has none.
    case opsetImportTooEarly
    /// A domain is imported twice. A warning.
    case duplicateOpsetImport
    /// A metadata key occurs twice.
    case duplicateMetadataKey
    /// Something that needs a name has none.
    case nameMissing
    /// A type, or a part of it, is missing.
    case typeMissing
    /// The type of an output of the model, or a part of it, is missing. Tolerated.
    case outputTypeMissing
    /// Two inputs of a graph have the same name.
    case duplicateInput
    /// Two initializers have the same name.
    case duplicateInitializer
    /// A value is given twice.
    case duplicateValue
    /// Two nodes have the same name. A warning.
    case duplicateNodeName
    /// Two attributes of a node have the same name.
    case duplicateAttribute
    /// An attribute's fields and its type contradict each other.
    case attributeMismatch
    /// A node takes and gives nothing.
    case nodeWithoutValues
    /// A node's domain is not imported.
    case domainNotImported
    /// A node takes a value that nothing gives.
    case undefinedInput
    /// A node comes before one it takes from; sorting would help.
    case notSorted
    /// Nodes take from each other in a circle.
    case cycle
    /// An output of a graph that nothing gives.
    case undefinedOutput
    /// Before IR version 4: an initializer that is no graph input.
    case initializerNotInput
    /// Two functions have the same domain, name and overload.
    case duplicateFunction
    /// Functions call each other in a circle.
    case recursiveFunction
    /// A tensor's type, dimensions and elements contradict each other.
    case tensor
  }

  /// What is wrong.
  public var kind: Kind
  /// Where: a path such as `graph.node[3]`.
  public var place: String
  /// The name that the error is about, or a sentence about it.
  public var detail: String
  /// The nodes of a circle, each taking from the one before; for `notSorted`, the node that comes too early.
  public var nodes: [String]

  /// Makes an error.
  public init(_ kind: Kind, at place: String, _ detail: String = "", nodes: [String] = []) {
    self.kind = kind
    self.place = place
    self.detail = detail
    self.nodes = nodes
  }

  /// Whether the model is sound all the same.
  public var isWarning: Bool { kind == .duplicateOpsetImport || kind == .duplicateNodeName }

  /// Whether the model can be opened all the same: it is sound, or what is missing follows from the rest.
  public var isTolerated: Bool { isWarning || kind == .outputTypeMissing }
}

extension StructureError: CustomStringConvertible {
  /// One sentence: the place, what is wrong, and the names.
  public var description: String { "\(place): \(message)" }

  /// What is wrong, and the names, without the place.
  package var message: String {
    var text = kind.summary
    if !detail.isEmpty { text += ": \(detail)" }
    if !nodes.isEmpty { text += " (\(nodes.joined(separator: " → ")))" }
    return text
  }
}

extension StructureError.Kind {
  fileprivate var summary: String {
    switch self {
    case .irVersionMissing: "the IR version is missing"
    case .irVersionTooNew: "the IR version is newer than 14, the newest this version knows"
    case .graphMissing: "there is no graph"
    case .opsetImportMissing: "no operator set is imported"
    case .opsetImportTooEarly: "IR versions before 3 have no operator set imports"
    case .duplicateOpsetImport: "a domain is imported twice"
    case .duplicateMetadataKey: "a metadata key occurs twice"
    case .nameMissing: "a name is missing"
    case .typeMissing: "a type, or a part of it, is missing"
    case .outputTypeMissing: "the type of an output, or a part of it, is missing"
    case .duplicateInput: "two inputs have the same name"
    case .duplicateInitializer: "two initializers have the same name"
    case .duplicateValue: "a value is given twice"
    case .duplicateNodeName: "two nodes have the same name"
    case .duplicateAttribute: "two attributes have the same name"
    case .attributeMismatch: "the attribute's fields contradict its type"
    case .nodeWithoutValues: "the node takes and gives nothing"
    case .domainNotImported: "the domain is not imported"
    case .undefinedInput: "nothing gives this input"
    case .notSorted: "the node comes before one it takes from"
    case .cycle: "nodes take from each other in a circle"
    case .undefinedOutput: "nothing gives this output"
    case .initializerNotInput: "before IR version 4 an initializer must be an input, too"
    case .duplicateFunction: "two functions have the same domain, name and overload"
    case .recursiveFunction: "functions call each other in a circle"
    case .tensor: "the tensor is not sound"
    }
  }
}
