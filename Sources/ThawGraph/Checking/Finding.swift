/// A problem of a model file, or something that whoever fine-tunes it should know.
public struct Finding: Codable, Hashable, Sendable {
  /// How bad it is.
  public enum Level: String, Codable, Hashable, Sendable, CaseIterable {
    /// The file breaks a rule of ONNX, or no reader can compute what it says.
    case error
    /// Readers may take the file, and it is wrong all the same, or Thaw cannot do what it asks.
    case warning
    /// Nothing is wrong; it is good to know before training or deploying.
    case note
  }

  /// What a finding is about.
  public enum Rule: String, Codable, Hashable, Sendable, CaseIterable {
    /// The file cannot be read.
    case file
    /// The parts of the file do not fit together.
    case structure
    /// A name is given twice, not at all, or too late.
    case names
    /// Element types contradict each other, or one is missing.
    case types
    /// Shapes contradict each other, or a number does not fit them.
    case shapes
    /// Versions of operator sets.
    case opsets
    /// An operator, its attributes, or how many values it takes and gives.
    case operators
    /// A tensor's type, dimensions and elements contradict each other.
    case tensors
    /// Elements outside of the file.
    case externalData = "external-data"
    /// Bytes that nothing reads.
    case orphanBytes = "orphan-bytes"
    /// The roles that the file keeps.
    case roles
    /// What trains, and what does not.
    case trainability
    /// Initializers that nothing reads.
    case unusedInitializers = "unused-initializers"
    /// A tensor that several nodes use.
    case tiedWeights = "tied-weights"
    /// NaN and infinite numbers.
    case numbers
    /// Nodes that compute the same in every run.
    case constantNodes = "constant-nodes"
    /// Nodes that no output needs.
    case deadNodes = "dead-nodes"
  }

  /// Where it is. What does not apply is nil.
  public struct Place: Codable, Hashable, Sendable {
    /// The way in the file, such as `graph.node[3].attribute[0].t`.
    public var path: String
    /// The way to the innermost graph or function around, such as `graph` or `functions[1]`.
    public var graph: String?
    /// The node's number in that graph, from 0.
    public var nodeIndex: Int?
    /// The node's name.
    public var node: String?
    /// What the node does.
    public var operation: String?
    /// The tensor's name.
    public var tensor: String?
    /// The name of another value.
    public var value: String?
  }

  public let level: Level
  public let rule: Rule
  public let place: Place
  /// What was expected and what was found, without the place.
  public let message: String
  /// What to do about it.
  public let advice: String
}

extension Finding.Place: CustomStringConvertible {
  /// The way in the file, and the names of what is there.
  public var description: String {
    var names: [String] = []
    if let operation {
      names.append(node.map { "\(operation) '\($0)'" } ?? operation)
    } else if let node {
      names.append("node '\(node)'")
    }
    if let tensor { names.append("tensor '\(tensor)'") }
    if let value { names.append("value '\(value)'") }
    return names.isEmpty ? path : "\(path) (\(names.joined(separator: ", ")))"
  }
}
