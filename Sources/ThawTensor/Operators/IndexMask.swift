/// Which of an operator's inputs, or outputs, are meant.
public struct IndexMask: Hashable, Sendable {
  private var bits: [Bool]
  private let rest: Bool

  public init(_ bits: [Bool]) { (self.bits, rest) = (bits, false) }

  private init(rest: Bool) { (bits, self.rest) = ([], rest) }

  /// Every index.
  public static let all = IndexMask(rest: true)
  /// No index.
  public static let none = IndexMask(rest: false)

  public subscript(index: Int) -> Bool { index < bits.count ? bits[index] : rest }

  /// Whether an index below `count` is meant.
  public func isEmpty(below count: Int) -> Bool { !(0..<count).contains { self[$0] } }

  /// The indices of either mask.
  public func union(_ other: IndexMask) -> IndexMask {
    if rest || other.rest { return .all }
    return IndexMask((0..<max(bits.count, other.bits.count)).map { self[$0] || other[$0] })
  }

  /// The mask of these indices.
  public static func only(_ indices: Int...) -> IndexMask {
    IndexMask((0...(indices.max() ?? 0)).map(indices.contains))
  }
}

/// Which inputs of an operator a gradient is needed for.
public typealias InputMask = IndexMask
/// Which outputs of an operator are used.
public typealias OutputMask = IndexMask
