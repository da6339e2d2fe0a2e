/// Something in a node that ONNX's published schema of its operator does not allow.
public struct SchemaProblem: Hashable, Sendable {
  public enum Kind: Hashable, Sendable, CaseIterable {
    /// The domain has no such operator, or not yet in the imported version.
    case unknownOperator
    /// The operator is withdrawn in the imported version.
    case deprecatedOperator
    case inputCount
    case outputCount
    /// The name of an input that must be there is empty.
    case missingInput
    /// The name of an output that must be there is empty.
    case missingOutput
    case unknownAttribute
    /// An attribute holds a value of another kind.
    case attributeType
    case missingAttribute
    /// An input or output has a type that is not allowed there, or that does not go with another's.
    case valueType
  }

  public let kind: Kind
  /// What is wrong, in one sentence that names the operator and its version.
  public let summary: String
  /// What to do about it.
  public let remedy: String
}

extension SchemaProblem: CustomStringConvertible {
  public var description: String { "\(summary); \(remedy)" }
}
