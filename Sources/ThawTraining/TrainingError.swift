/// Why training cannot begin, or had to stop: one sentence.
public struct TrainingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kinds of failure, for code that reacts to them.
  public enum Kind: Hashable, Sendable {
    /// An array that is missing, of another type or shape, or that holds what is no number.
    case data
    /// A label that is not one of the model's classes.
    case label
    /// A setting outside its range, or settings that do not fit each other or the model.
    case setting
    /// The model has nothing to train, or no gradient for it.
    case model
    /// The loss became infinite or NaN.
    case nonFinite
    /// A file that is no checkpoint, is damaged, or is one of another run.
    case checkpoint
    /// The run was told to stop, as by the cancellation of its task.
    case interrupted
  }

  public let kind: Kind
  public let message: String

  public init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  public var description: String { message }
}
