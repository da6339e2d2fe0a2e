import ThawTensor

/// ONNX's operators as they are published, in every version.
///
/// The facts are ONNX's (Apache-2.0, the schemas that onnx 1.23.2 registers); the form is Thaw's. Each family of ONNX's
/// has a file under `Tables` with rows such as
///
///     Gemm 11 | A T, B T, C? T | Y T | T @floats int32 | alpha float = 1, transA int = 0
///     Loop 11 | M? I, cond? B, v_initial~0 V | outs~1 V | V @tensors, I int64, B bool | body! graph
///
/// A row starts at the margin and goes on in indented lines. Its fields, with "|" between them; the last ones may be
/// left out:
/// 1. The name and the first version of that form. Then, where it applies: `deprecated`; `open` when other attributes
///    are allowed; `outputs 1 3` when there may only be so many outputs.
/// 2. and 3. Inputs and outputs: name and type, a letter of the next field or a type. The name ends with `?` when the
///    parameter is optional, with `*n` when it stands for n or more values of one type, with `~n` when their types may
///    differ.
/// 4. The type letters, and what each may stand for: names of element types mean tensors; `seq(…)`, `optional(…)`
///    and `map(key value)` are what they say, of each of the types inside; `@name` is a group of `groups`.
/// 5. The attributes: name, with `!` when it is required, type, and the default after "=".
///
/// Rows are kept as text and read when they are asked for.
public enum PublishedSchemas {
  /// One published domain.
  struct Table {
    let domain: Domain
    /// The newest version of the operator set that the rows tell of.
    let newestVersion: Int
    let texts: [String]
  }

  static let tables = [
    Table(
      domain: .onnx, newestVersion: Operators.newestOpset,
      texts: [
        controlFlow, generator, logical, math, nn, other, quantization, reduction, rnn, tensor,
      ]),
    Table(domain: .onnxML, newestVersion: 5, texts: [ml]),
    Table(domain: .onnxTraining, newestVersion: 1, texts: [training]),
    Table(domain: "ai.onnx.preview", newestVersion: 1, texts: [preview]),
  ]

  /// Lists of element types that many rows have in common.
  static let groups: [Substring: String] = [
    "ints": "uint8 uint16 uint32 uint64 int8 int16 int32 int64",
    "floats": "float16 float double",
    "numbers": "@ints @floats",
    "tensors": "@numbers bool string complex64 complex128",
    "float8": "float8e4m3fn float8e4m3fnuz float8e5m2 float8e5m2fnuz",
  ]

  private struct Row {
    let version: Int
    let text: String
  }

  /// The rows by domain and name, versions ascending.
  private static let rows: [Domain: [String: [Row]]] = {
    var rows: [Domain: [String: [Row]]] = [:]
    for table in tables {
      for text in table.texts {
        for row in joined(text) {
          let words = row.prefix { $0 != "|" }.split(separator: " ", maxSplits: 2)
          guard words.count > 1, let version = Int(words[1]) else { continue }
          rows[table.domain, default: [:]][String(words[0]), default: []].append(Row(version: version, text: row))
        }
      }
    }
    return rows
  }()

  private static func joined(_ text: String) -> [String] {
    var rows: [String] = []
    for line in text.split(separator: "\n") {
      if line.hasPrefix("  "), let last = rows.indices.last {
        rows[last] += line.dropFirst()
      } else {
        rows.append(String(line))
      }
    }
    return rows
  }

  /// The newest version of a domain that is known; nil for a domain that ONNX has not published.
  public static func newestVersion(of domain: Domain) -> Int? {
    tables.first { $0.domain == domain }?.newestVersion
  }

  /// The names of a domain's operators, in order.
  public static func names(in domain: Domain) -> [String] { (rows[domain] ?? [:]).keys.sorted() }

  /// The versions of an operator, ascending; none for an unknown one.
  public static func versions(of name: String, in domain: Domain) -> [Int] {
    (rows[domain]?[name] ?? []).map(\.version)
  }

  /// What a node of an operator may look like in a model of `opset`; nil where there is no such operator.
  public static func named(_ name: String, in domain: Domain, opset: Int) -> PublishedSchema? {
    rows[domain]?[name]?.last { $0.version <= opset }.flatMap { PublishedSchema(row: $0.text, domain: domain) }
  }

  /// The newest form of an operator that is not withdrawn, among the versions that Thaw has; nil where there is none.
  public static func newest(of schema: Schema) -> PublishedSchema? {
    schema.versions.reversed().lazy.compactMap { named(schema.name, in: schema.domain, opset: $0) }
      .first { !$0.isDeprecated }
  }
}
