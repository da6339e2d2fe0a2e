import ThawTypes

// Numbers as text and back, as Cast has them.

extension Tensor {
  /// The strings of these numbers: integers in decimal, truth values as 0 and 1, floating numbers by the fewest digits
  /// that give them back.
  func numberTexts() throws -> Tensor {
    let texts: [String]
    switch dtype {
    case .uint64: texts = try elements(as: UInt64.self).map { "\($0)" }
    case .float64: texts = try elements(as: Double.self).map(Self.text)
    case _ where dtype.isFloatingPoint: texts = try elements(as: Float.self).map(Self.text)
    case _ where dtype.isInteger || dtype == .bool: texts = try elements(as: Int.self).map { "\($0)" }
    default: throw TensorError(.unsupported, "Cast: \(dtype) to strings is not supported")
    }
    return try Tensor(strings: texts.map { Array($0.utf8) }, shape: shape)
  }

  private static func text(_ number: some BinaryFloatingPoint & CustomStringConvertible) -> String {
    if number.isNaN { return "NaN" }
    if number.isInfinite { return number < 0 ? "-INF" : "INF" }
    let text = number.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// The numbers that these strings stand for.
  ///
  /// - Throws: `TensorError` of kind `range` that names the first one that stands for none of the type.
  func parsed(as dtype: DType) throws -> Tensor {
    func numbers<Number>(_ read: (String) -> Number?) throws -> [Number] {
      try texts().map { text in
        let word = text.drop { $0.isWhitespace }
        guard let number = read(String(word.reversed().drop { $0.isWhitespace }.reversed())) else {
          throw TensorError(.range, "Cast: the string \(text.debugDescription) is no \(dtype)")
        }
        return number
      }
    }
    switch dtype {
    case .float32: return try Tensor(copying: numbers { Self.number($0, Float.init) }, shape: shape)
    case .uint64: return try Tensor(copying: numbers { UInt64($0) }, shape: shape)
    case _ where dtype.isFloatingPoint:
      return try Tensor(copying: numbers { Self.number($0, Double.init) }, shape: shape).numbers(as: dtype)
    case _ where dtype.isInteger:
      // "100.5" may be 100.
      let integers = try numbers { text in
        Int(text) ?? Self.number(text, Double.init).flatMap { Int(exactly: $0.rounded(.towardZero)) }
      }
      let result = try Tensor(copying: integers, shape: shape).numbers(as: dtype)
      guard try result.elements(as: Int.self) == integers else {
        throw TensorError(.range, "Cast: a string stands for a number outside of \(dtype)")
      }
      return result
    case .bool: return try Tensor(copying: numbers { Self.number($0, Double.init) }.map { $0 != 0 }, shape: shape)
    default: throw TensorError(.unsupported, "Cast: strings to \(dtype) are not supported")
    }
  }

  private static func number<Number: FloatingPoint>(_ text: String, _ read: (String) -> Number?) -> Number? {
    switch text.lowercased() {
    case "inf", "+inf": .infinity
    case "-inf": -.infinity
    case "nan": .nan
    // Swift would take hexadecimal digits and longer names too.
    case let lower where lower.contains { $0 == "x" || $0 == "n" }: nil
    default: read(text)
    }
  }
}
