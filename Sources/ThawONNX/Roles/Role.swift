/// What training does with a tensor.
public enum Role: String, Hashable, Sendable, CaseIterable {
  /// A parameter that training changes.
  case trainable
  /// A parameter that is kept as it is.
  case frozen
  /// State that no gradient changes, such as running statistics.
  case buffer
  /// A number that belongs to the computation.
  case constant
}
