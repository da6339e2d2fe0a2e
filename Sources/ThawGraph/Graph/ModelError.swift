import ThawONNX
import ThawTensor

/// What is wrong with a model, or with what was asked of it.
public struct ModelError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kinds of failure, for code that reacts to them.
  public enum Kind: Hashable, Sendable {
    /// The graph does not hold together.
    case graph
    /// A node cannot be understood.
    case node
    /// An operator, or the opset, that Thaw does not have.
    case unsupported
    /// An input, output or parameter of another name, type or shape than was asked for.
    case name, type
    /// A request that the model cannot fulfil.
    case request
    /// Swift code that cannot be recorded.
    case recording
  }

  public let kind: Kind
  public let message: String

  public init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  public var description: String { message }
}
