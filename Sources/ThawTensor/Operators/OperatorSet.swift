/// Operators by domain and name: what a model is given to read its nodes with, beside Thaw's own.
///
/// A value, so that two models may read the same name in two ways: `Model(contentsOf: path, operators: [Mine.self])`.
public struct OperatorSet: Sendable, ExpressibleByArrayLiteral {
  private struct Name: Hashable {
    let domain: Domain
    let name: String
  }

  private var types: [Name: any Operator.Type] = [:]

  /// The operators of these types; of two with the same domain and name, the later one.
  public init(_ types: some Sequence<any Operator.Type>) {
    for type in types { self.types[Name(domain: type.schema.domain, name: type.schema.name)] = type }
  }

  public init(arrayLiteral types: any Operator.Type...) { self.init(types) }

  /// The operator of a name in this set alone, nil when it has none.
  ///
  /// - Parameter domain: as in a node; "ai.onnx" and "" are the same.
  public func named(_ name: String, domain: String = "") -> (any Operator.Type)? {
    types[Name(domain: Domain(rawValue: domain), name: name)]
  }

  /// These operators and others; of two with the same domain and name, the other.
  public func union(_ other: OperatorSet) -> OperatorSet {
    var union = self
    union.types.merge(other.types) { $1 }
    return union
  }
}
