import ArgumentParser
import Thaw
import ThawTypes

/// `thaw operators`.
struct OperatorList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "operators",
    abstract: "Shows the operators that Thaw has: versions, how they compute, gradients, and types of the first input.",
    discussion: """
      The types of the first input are those that Thaw was found to compute with, of the ones that ONNX allows:
      "integers" are int8 to int64 and uint8 to uint64, "floats" are float16, float32 and float64, "float8" the four
      types of that width. In brackets: those that ONNX allows, where a call takes more than numbers of any shape to \
      find out. A dash: the operator takes no tensor first, or is not one of ONNX's.

      Example: thaw operators --markdown
      """)

  @Flag(help: "Prints a table in Markdown.") var markdown = false

  func run() throws { Console.line(markdown ? Self.markdown : Self.text) }

  private static let titles = ["operator", "domain", "versions", "kernel", "gradient", "types"]

  /// One row an operator, in the order of the registry.
  static let rows = Operators.all.map { type in
    let schema = type.schema
    return [
      schema.name, schema.domain == .onnx ? "ai.onnx" : schema.domain.rawValue,
      schema.versions.map(String.init).joined(separator: ", "), kernel(of: type), gradient(of: schema),
      types(of: type),
    ]
  }

  static var text: String {
    let widths = titles.indices.map { column in ([titles] + rows).map { $0[column].count }.max() ?? 0 }
    return ([titles] + rows).map { row in
      let padded = row.enumerated().map { $0 == row.count - 1 ? $1 : $1.padded(to: widths[$0]) }
      return padded.joined(separator: "  ")
    }.joined(separator: "\n")
  }

  static var markdown: String {
    ([titles, titles.map { _ in "---" }] + rows).map { "| \($0.joined(separator: " | ")) |" }.joined(separator: "\n")
  }

  private static func kernel(of type: any Operator.Type) -> String {
    switch type {
    case is any Expandable.Type: "own, or other operators"
    case is any Composite.Type: "other operators"
    default: "own"
    }
  }

  /// Yes, with the inputs it leaves out; zero; or none, and why.
  private static func gradient(of schema: Schema) -> String {
    switch schema.differentiability {
    case .never(let reason): return "none: \(reason)"
    case .missing: return "none yet"
    case .zero: return "zero: it is constant almost everywhere"
    case .differentiable:
      let others = schema.inputs.filter { $0.use == .index }.map(\.name)
      return others.isEmpty ? "yes" : "yes, not of \(others.joined(separator: ", "))"
    }
  }

  private static let groups: [(name: String, types: [DType])] = [
    ("integers", [.int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64]),
    ("floats", [.float16, .float32, .float64]),
    ("float8", [.float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz]),
  ]

  /// The types of the first input: those found, else, in brackets, those that ONNX allows; a dash where there are none.
  private static func types(of type: any Operator.Type) -> String {
    if let taken = OperatorProbe(type)?.takenTypes() { return words(for: taken) }
    guard let published = PublishedSchemas.newest(of: type.schema), let first = published.inputs.first,
      case let allowed = published.elementTypes(of: first), !allowed.isEmpty
    else { return "-" }
    return "[\(words(for: allowed))]"
  }

  /// Types in ONNX's order, those of a group in one word.
  private static func words(for types: [DType]) -> String {
    let whole = groups.filter { Set(types).isSuperset(of: $0.types) }
    let others = types.filter { dtype in !whole.contains { $0.types.contains(dtype) } }
    return (whole.map(\.name) + others.map { "\($0)" }).joined(separator: ", ")
  }
}
