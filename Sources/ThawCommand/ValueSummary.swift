import Foundation
import Thaw

/// A value in a line: name, type, and its numbers or what they are like.
struct ValueSummary {
  let text: String

  init(_ name: String, _ value: Value) throws {
    text = "\(name): \(value.type)" + (try Self.contents(of: value).map { ", \($0)" } ?? "")
  }

  private static let shownCount = 10

  private static func contents(of value: Value) throws -> String? {
    guard let tensor = value.tensor else { return nil }
    if tensor.dtype == .string {
      let words = try tensor.strings().map { "\"\(String(decoding: $0, as: UTF8.self))\"" }
      return words.shortened(to: shownCount)
    }
    guard tensor.count > 0 else { return "empty" }
    let numbers = try tensor.elements(as: Double.self)
    if numbers.count <= shownCount { return numbers.map(Self.text).joined(separator: " ") }
    let finite = numbers.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else { return "no finite number" }
    let mean = finite.reduce(0, +) / Double(finite.count)
    let rest = finite.count == numbers.count ? "" : ", \(numbers.count - finite.count) not finite"
    return "\(Self.text(low)) to \(Self.text(high)), mean \(Self.text(mean))\(rest)"
  }

  private static func text(_ number: Double) -> String { String(format: "%.6g", number) }
}
