import ThawTypes

/// A value for each element, looked up in a table (ONNX-ML LabelEncoder-1, 2, 4).
///
/// Keys and values are strings, int64 or float32, in version 4 of any type that a tensor of them has. NaN is found where
/// it is a key. Version 1 has one list of strings, and encodes a string as its place or a place as its string.
public struct LabelEncoder: TableLookup {
  public let tables: Bulk<[LabelTable]>
  /// Whether it is version 1's.
  public let isClassList: Bool

  public init(keys: LabelList, values: LabelList, fallback: LabelList? = nil) {
    tables = Bulk([LabelTable(keys: keys, values: values, fallback: fallback)])
    isClassList = false
  }

  /// Version 1's, between strings and their places.
  public init(classes: [[UInt8]], place: Int = -1, text: [UInt8] = Array("_Unused".utf8)) {
    let places = LabelList.integers(Array(0..<classes.count))
    tables = Bulk([
      LabelTable(keys: .strings(classes), values: places, fallback: .integers([place])),
      LabelTable(keys: places, values: .strings(classes), fallback: .strings([text])),
    ])
    isClassList = true
  }

  public static let schema = Schema(
    "LabelEncoder", domain: .onnxML, versions: [1, 2, 4], inputs: [Input("X", .index)], batch: .elementwise,
    differentiability: .never(because: "a table has no values between its keys"))

  public init(_ node: NodeReader) throws {
    let text = try node.bytes("default_string") ?? Array("_Unused".utf8)
    let place = try node.int("default_int64", default: -1)
    if node.version < 2 {
      self.init(classes: try node.strings("classes_strings") ?? [], place: place, text: text)
      return
    }
    let number = try node.float("default_float", default: -0.0)
    let keys = try Self.list("keys", node)
    let values = try Self.list("values", node)
    var fallback: LabelList =
      switch values {
      case .integers(_, let dtype): .integers([place], dtype)
      case .floats(_, let dtype): .floats([Double(number)], dtype)
      case .strings: .strings([text])
      }
    if node.version >= 4, let tensor = try node.tensor("default_tensor") {
      fallback = try LabelList(tensor, of: "default_tensor", in: node.name)
    }
    self.init(keys: keys, values: values, fallback: fallback)
    for table in tables.contents { _ = try table.checked(in: node.name) }
  }

  private static func list(_ prefix: String, _ node: NodeReader) throws -> LabelList {
    var lists: [LabelList] = []
    if let list = try node.strings("\(prefix)_strings"), !list.isEmpty { lists.append(.strings(list)) }
    if let list = try node.ints("\(prefix)_int64s"), !list.isEmpty { lists.append(.integers(list)) }
    if let list = try node.floats("\(prefix)_floats"), !list.isEmpty { lists.append(.floats(list.map(Double.init))) }
    if node.version >= 4, let tensor = try node.tensor("\(prefix)_tensor") {
      lists.append(try LabelList(tensor, of: "\(prefix)_tensor", in: node.name))
    }
    guard lists.count == 1 else {
      throw TensorError(
        .operand, "\(node.name): \(lists.count) of the attributes \(prefix)_* hold anything, and one should")
    }
    return lists[0]
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    let table = tables.contents[0]
    guard isClassList == (opset < 2) else {
      throw TensorError(
        .unsupported, "LabelEncoder: version \(opset) of ai.onnx.ml cannot say this table; \(minimumOpset) can")
    }
    if isClassList, case .strings(let classes) = table.keys {
      return ["classes_strings": .strings(classes)].merging(try Self.fallbacks(tables.contents)) { $1 }
    }
    if opset < 4, minimumOpset == 4 {
      throw TensorError(.unsupported, "LabelEncoder: version \(opset) of ai.onnx.ml has no tables of other types")
    }
    let values = try Self.attribute("values", table.values)
    return [values.name: values.list].merging([try Self.attribute("keys", table.keys)].map { ($0.name, $0.list) }) {
      $1
    }
    .merging(try Self.fallbacks([table])) { $1 }
  }

  private static func attribute(_ prefix: String, _ list: LabelList) throws -> (name: String, list: Attribute) {
    switch list {
    case .strings(let list): ("\(prefix)_strings", .strings(list))
    case .integers(let list, .int64): ("\(prefix)_int64s", .ints(list))
    case .floats(let list, .float32): ("\(prefix)_floats", .floats(list.map { Float($0) }))
    case .integers, .floats: ("\(prefix)_tensor", .tensor(try list.tensor()))
    }
  }

  private static func fallbacks(_ tables: [LabelTable]) throws -> [String: Attribute] {
    var attributes: [String: Attribute] = [:]
    for table in tables {
      switch table.fallback {
      case .strings(let list): attributes["default_string"] = .string(list[0])
      case .integers(let list, .int64): attributes["default_int64"] = .int(list[0])
      case .floats(let list, .float32): attributes["default_float"] = .float(Float(list[0]))
      case .integers, .floats: attributes["default_tensor"] = .tensor(try table.fallback.tensor())
      }
    }
    return attributes
  }

  public var minimumOpset: Int {
    if isClassList { return 1 }
    let table = tables.contents[0]
    let isPlain = [table.keys, table.values].allSatisfy { [.string, .int64, .float32].contains($0.dtype) }
    return isPlain ? 2 : 4
  }
}
