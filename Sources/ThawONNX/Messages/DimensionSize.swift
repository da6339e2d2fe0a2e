/// The size of an axis: a number, or a symbol that stands for one.
public enum DimensionSize: Hashable, Sendable {
  /// A known size.
  case value(Int64)
  /// A size known by name, such as `batch`.
  case symbol(String)
}

extension DimensionSize: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
  /// Makes a known size.
  public init(integerLiteral value: Int64) { self = .value(value) }

  /// Makes a symbol.
  public init(stringLiteral value: String) { self = .symbol(value) }
}
