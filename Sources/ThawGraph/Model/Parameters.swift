import ThawONNX
import ThawTypes

/// The floating tensors of a model, in the file's order.
public struct Parameters: RandomAccessCollection, Sendable {
  private let list: [Parameter]
  /// How the roles came about.
  public let source: RoleSource

  init(_ list: [Parameter], source: RoleSource) {
    self.list = list
    self.source = source
  }

  public var startIndex: Int { list.startIndex }
  public var endIndex: Int { list.endIndex }
  public subscript(index: Int) -> Parameter { list[index] }

  /// The parameter of a name.
  public subscript(name: String) -> Parameter? { list.first { $0.name == name } }

  /// Those of one role.
  public func with(_ role: Role) -> [Parameter] { list.filter { $0.role == role } }

  /// A line a role: how many tensors, how many numbers; then the rule that said so.
  public var summary: String {
    let lines = Role.allCases.compactMap { role -> String? in
      let members = with(role)
      guard !members.isEmpty else { return nil }
      let numbers = members.map(\.count).clampedSum
      let tensors = members.count == 1 ? "1 tensor" : "\(members.count) tensors"
      return "\(role.rawValue): \(tensors), \(numbers) numbers"
    }
    return (lines + ["roles: \(source)"]).joined(separator: "\n")
  }
}

/// Where a model's roles come from.
public enum RoleSource: Hashable, Sendable, CustomStringConvertible {
  /// Written in the file by Thaw, and the listed tensors are all there and all.
  case file
  /// Written in the file, which was changed since.
  case changedFile(missing: [String], new: [String], reshaped: Bool)
  /// PyTorch's marks of parameters and buffers.
  case exportMarks
  /// What the file's training information updates.
  case trainingInfo
  /// What a gradient of an output reaches.
  case reachability

  public var description: String {
    switch self {
    case .file: "as written in the file"
    case .changedFile(let missing, let new, let reshaped):
      "as written in the file, which was changed since"
        + (missing.isEmpty ? "" : "; renamed or removed: " + missing.joined(separator: ", "))
        + (new.isEmpty ? "" : "; new, without a role (inferred): " + new.joined(separator: ", "))
        + (reshaped ? "; a type or shape is another" : "")
    case .exportMarks: "inferred from PyTorch's marks of parameters and buffers"
    case .trainingInfo: "inferred from the bindings of the file's training information"
    case .reachability:
      "inferred: a floating tensor of rank 1 or more trains when a gradient of an output reaches it as data or weight"
    }
  }
}
