/// What `Model.resettingHead(classes:output:seed:)` has changed.
public struct HeadReset: Hashable, Sendable, CustomStringConvertible {
  /// A new tensor that the layer reads, because another node reads the old one too.
  public struct Copy: Hashable, Sendable {
    public let original: String
    public let name: String
    /// The node that still reads the original.
    public let reader: String
  }

  /// The layer's name, or its place in the file.
  public let node: String
  /// The layer's operator.
  public let operatorName: String
  public let oldClassCount: Int
  public let classCount: Int
  public let copies: [Copy]

  public var description: String {
    "node '\(node)' (\(operatorName)) starts anew, \(oldClassCount) → \(classCount) classes"
      + copies.map { "; '\($0.original)' is shared with node '\($0.reader)', so the head has its own, '\($0.name)'" }
      .joined()
  }
}
