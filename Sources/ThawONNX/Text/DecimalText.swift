internal import Foundation

/// The shortest decimal text that reads back as the same number.
enum DecimalText {
  /// Fixed or scientific, whichever is shorter, and fixed of two as short: C++'s `to_chars`, as ONNX's text form has it.
  static func shortest<Number: BinaryFloatingPoint & LosslessStringConvertible>(_ number: Number) -> String {
    guard number.isFinite else {
      return number.isNaN ? (number.sign == .minus ? "-nan" : "nan") : signed(number, "inf")
    }
    guard number != 0 else { return signed(number, "0") }
    let (digits, exponent) = decimal(number.magnitude)
    let scientific = scientific(digits, exponent)
    // Of a whole number every digit counts, those beyond the type's precision too.
    let fixed =
      exponent > 0 && digits.count + exponent <= scientific.count
      ? String(format: "%.0f", Double(number.magnitude)) : fixed(digits, exponent)
    return signed(number, fixed.count <= scientific.count ? fixed : scientific)
  }

  /// The digits, without zeros at either end, and the power of ten of the last one.
  private static func decimal(_ number: some LosslessStringConvertible) -> (digits: String, exponent: Int) {
    let parts = number.description.split(separator: "e")
    let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let fraction = mantissa.count > 1 ? mantissa[1] : ""
    var digits = String(mantissa[0] + fraction)
    var exponent = (parts.count > 1 ? Int(parts[1]) ?? 0 : 0) - fraction.count
    while digits.count > 1, digits.last == "0" {
      digits.removeLast()
      exponent += 1
    }
    digits = String(digits.drop { $0 == "0" })
    return (digits, exponent)
  }

  private static func scientific(_ digits: String, _ exponent: Int) -> String {
    let power = exponent + digits.count - 1
    let mantissa = digits.count == 1 ? digits : "\(digits.prefix(1)).\(digits.dropFirst())"
    let magnitude = "\(abs(power))"
    return "\(mantissa)e\(power < 0 ? "-" : "+")\(magnitude.count < 2 ? "0" : "")\(magnitude)"
  }

  private static func fixed(_ digits: String, _ exponent: Int) -> String {
    if exponent >= 0 { return digits + String(repeating: "0", count: exponent) }
    let whole = digits.count + exponent
    if whole > 0 { return "\(digits.prefix(whole)).\(digits.dropFirst(whole))" }
    return "0." + String(repeating: "0", count: -whole) + digits
  }

  private static func signed(_ number: some FloatingPoint, _ text: String) -> String {
    number.sign == .minus ? "-\(text)" : text
  }
}
