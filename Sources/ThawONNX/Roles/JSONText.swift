/// Writes JSON that is the same on every platform and in every version of Foundation.
enum JSONText {
  /// An array of strings.
  static func array(_ strings: [String]) -> String {
    "[" + strings.map(string).joined(separator: ",") + "]"
  }

  /// A string, with only what JSON asks for escaped.
  static func string(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
