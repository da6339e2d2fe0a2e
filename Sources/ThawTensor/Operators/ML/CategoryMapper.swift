import ThawTypes

/// Strings as integers or integers as strings, by two lists of one length (ONNX-ML CategoryMapper-1).
public struct CategoryMapper: TableLookup {
  public let tables: Bulk<[LabelTable]>

  public init(
    integers: [Int], strings: [[UInt8]], integer: Int = -1, string: [UInt8] = Array("_Unused".utf8)
  ) {
    tables = Bulk([
      LabelTable(keys: .strings(strings), values: .integers(integers), fallback: .integers([integer])),
      LabelTable(keys: .integers(integers), values: .strings(strings), fallback: .strings([string])),
    ])
  }

  public static let schema = Schema(
    "CategoryMapper", domain: .onnxML, versions: [1], inputs: [Input("X", .index)], batch: .elementwise,
    differentiability: .never(because: "a table has no values between its keys"))

  public init(_ node: NodeReader) throws {
    self.init(
      integers: try node.required("cats_int64s", try node.ints("cats_int64s")),
      strings: try node.required("cats_strings", try node.strings("cats_strings")),
      integer: try node.int("default_int64", default: -1),
      string: try node.bytes("default_string") ?? Array("_Unused".utf8))
    for table in tables.contents { _ = try table.checked(in: node.name) }
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    let table = tables.contents[0]
    guard case .strings(let strings) = table.keys, case .integers(let integers, _) = table.values,
      case .integers(let integer, _) = table.fallback, case .strings(let string) = tables.contents[1].fallback
    else { throw TensorError(.internal, "CategoryMapper holds other tables than its own") }
    return [
      "cats_strings": .strings(strings), "cats_int64s": .ints(integers), "default_int64": .int(integer[0]),
      "default_string": .string(string[0]),
    ]
  }
}
