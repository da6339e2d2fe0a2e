import ThawGraph
import ThawTypes

/// What of a model trains and what does not, a line a role, and the rule that said so.
public struct ParameterReport: Sendable, CustomStringConvertible {
  public let lines: [String]

  public init(_ parameters: Parameters) {
    let words: [(role: String, members: [Parameter])] = [
      ("trains", parameters.with(.trainable)), ("frozen", parameters.with(.frozen)),
      ("buffer", parameters.with(.buffer)), ("constant", parameters.with(.constant)),
    ]
    let width = words.map(\.role.count).max() ?? 0
    lines =
      words.filter { !$0.members.isEmpty }.map { role, members in
        let count = members.count == 1 ? "1 tensor" : "\(members.count) tensors"
        let numbers = members.map(\.count).clampedSum
        return role.padded(to: width) + "  \(count), \(numbers) numbers: \(members.map(\.name).shortened())"
      } + ["roles".padded(to: width) + "  \(parameters.source)"]
  }

  public var description: String { lines.joined(separator: "\n") }
}

extension String {
  /// The text, filled with spaces on the right.
  public func padded(to width: Int) -> String { self + String(repeating: " ", count: max(width - count, 0)) }
}
