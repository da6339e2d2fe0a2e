/// A cell of a table as a number.
enum NumberText: Equatable {
  case whole(Int64)
  case number(Double)
  /// No number.
  case text

  /// Whole numbers up to here are the same in both types.
  private static let exact = 1 << 53
  /// The powers of ten that are exact, so that one product or quotient is rounded once.
  private static let powers: [Double] = (0...22).map { (0..<$0).reduce(1.0) { power, _ in power * 10 } }

  /// Reads a number as the C locale writes it; `nan`, `inf` and `infinity` in any case are numbers, too.
  ///
  /// A fraction that is a whole number (`1.0`) is a whole number.
  init(_ field: ArraySlice<UInt8>) {
    var text = field
    while let first = text.first, first == 0x20 || first == 0x09 { text.removeFirst() }
    while let last = text.last, last == 0x20 || last == 0x09 { text.removeLast() }
    guard let value = NumberText.decimal(text) ?? NumberText.other(text) else {
      self = .text
      return
    }
    self = value
    if case .number(let number) = value, let whole = Int64(exactly: number), whole.magnitude <= NumberText.exact {
      self = .whole(whole)
    }
  }

  /// Numbers that one multiplication or division makes exactly: up to 2^53, and ten to the power of up to 22.
  private static func decimal(_ text: ArraySlice<UInt8>) -> NumberText? {
    var index = text.startIndex
    let isNegative = text.first == UInt8(ascii: "-")
    if isNegative || text.first == UInt8(ascii: "+") { index += 1 }
    var mantissa = 0
    var digits = 0
    var decimals = 0
    var hasPoint = false
    while index < text.endIndex {
      let byte = text[index]
      if byte == UInt8(ascii: "."), !hasPoint {
        hasPoint = true
      } else if (0x30...0x39).contains(byte) {
        // More digits do not fit.
        if digits == 18 { return nil }
        mantissa = mantissa * 10 + Int(byte - 0x30)
        digits += 1
        if hasPoint { decimals += 1 }
      } else {
        return nil
      }
      index += 1
    }
    guard digits > 0 else { return nil }
    if !hasPoint { return .whole(Int64(isNegative ? -mantissa : mantissa)) }
    guard mantissa <= exact else { return nil }
    let value = Double(mantissa) / powers[decimals]
    return .number(isNegative ? -value : value)
  }

  private static func other(_ text: ArraySlice<UInt8>) -> NumberText? {
    // Longer ones are no numbers that anybody wrote, and hexadecimal ones are none of the C locale's decimal form.
    guard !text.isEmpty, text.count <= 400 else { return nil }
    let string = String(decoding: text, as: UTF8.self)
    if let whole = Int64(string) { return .whole(whole) }
    let unsigned = (string.hasPrefix("-") || string.hasPrefix("+") ? String(string.dropFirst()) : string).lowercased()
    let isName = ["nan", "inf", "infinity"].contains(unsigned)
    guard isName || unsigned.utf8.allSatisfy({ "0123456789.e+-".utf8.contains($0) }) else { return nil }
    return Double(string).map { .number($0) }
  }
}
