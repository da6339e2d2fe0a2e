import ThawTypes

/// The names of a classifier's classes.
public enum ClassLabels: Hashable, Sendable {
  case integers([Int])
  case strings([[UInt8]])

  /// Strings, from text.
  public static func texts(_ texts: [String]) -> ClassLabels { .strings(texts.map { Array($0.utf8) }) }

  public var count: Int {
    switch self {
    case .integers(let labels): labels.count
    case .strings(let labels): labels.count
    }
  }

  var dtype: DType {
    switch self {
    case .integers: .int64
    case .strings: .string
    }
  }

  /// What stands for the negative and the positive class of a single score.
  var pair: ClassLabels {
    if count == 2 { return self }
    switch self {
    case .integers: return .integers([0, 1])
    case .strings: return .texts(["0", "1"])
    }
  }

  /// The labels of classes, by index.
  func labels(of classes: [Int], shape: [Int]) throws -> Tensor {
    switch self {
    case .integers(let labels): try Tensor(copying: classes.map { labels[$0] }, shape: shape)
    case .strings(let labels): try Tensor(strings: classes.map { labels[$0] }, shape: shape)
    }
  }

  /// The labels of classes, by index: the operation that gives them.
  var encoder: LabelEncoder {
    LabelEncoder(keys: .integers(Array(0..<count)), values: list)
  }

  var list: LabelList {
    switch self {
    case .integers(let labels): .integers(labels)
    case .strings(let labels): .strings(labels)
    }
  }

  /// The labels as attributes, those that are there.
  func attributes(integers: String, strings: String) -> [String: Attribute] {
    switch self {
    case .integers(let labels): [integers: .ints(labels)]
    case .strings(let labels): [strings: .strings(labels)]
    }
  }
}

extension NodeReader {
  /// The labels, in one of two attributes.
  ///
  /// - Throws: `TensorError` of kind `operand` when there are none.
  func classLabels(integers: String, strings: String) throws -> ClassLabels {
    let texts = try self.strings(strings) ?? []
    let numbers = try ints(integers) ?? []
    guard texts.isEmpty || numbers.isEmpty else {
      throw TensorError(.operand, "\(name): the attributes \(integers) and \(strings) both hold labels")
    }
    if !texts.isEmpty { return .strings(texts) }
    guard !numbers.isEmpty else {
      throw TensorError(.operand, "\(name): one of the attributes \(integers) and \(strings) should hold the labels")
    }
    return .integers(numbers)
  }
}
