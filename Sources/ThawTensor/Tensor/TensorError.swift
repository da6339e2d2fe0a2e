/// What went wrong in the engine, in one sentence: what was expected, what was found, where, and what to do.
public struct TensorError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kinds of failure, for code that reacts to them.
  public enum Kind: Hashable, Sendable {
    /// Shapes, ranks or axes that do not fit together.
    case shape
    /// An element type that the operation does not take.
    case dtype
    /// An index, axis or parameter outside its range.
    case range
    /// An operator's input or attribute that is missing, superfluous or of the wrong form.
    case operand
    /// A rule of automatic differentiation was broken.
    case autograd
    /// An operator, version, attribute or type that Thaw does not support.
    case unsupported
    /// A value was asked for that a recording does not know.
    case valueNeeded
    /// Memory that the system would not give.
    case memory
    /// A bound on memory, iterations or time that was set for the computation.
    case limit
    /// A kernel or a rule of Thaw's own failed; worth a bug report.
    case `internal`
  }

  public let kind: Kind
  public let message: String

  public init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  public var description: String { message }

  /// The same error with the place it happened at put before the message.
  package func at(_ place: String) -> TensorError { TensorError(kind, "\(place): \(message)") }
}
