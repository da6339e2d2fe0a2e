/// Which values some parameters had at one time, without holding them.
package struct ParameterRevisions: Sendable {
  private let entries: [(parameter: Parameter, revision: Int)]

  package init(_ parameters: [Parameter]) { entries = parameters.map { ($0, $0.revision) } }

  package var parameters: [Parameter] { entries.map(\.parameter) }

  /// The parameters that got another value since then.
  package var changed: [Parameter] { entries.filter { $0.parameter.revision != $0.revision }.map(\.parameter) }

  /// Whether all have the values of then.
  package var areCurrent: Bool { entries.allSatisfy { $0.parameter.revision == $0.revision } }
}
