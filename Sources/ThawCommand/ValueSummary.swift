import Foundation
import Thaw

/// A value in a line: name, type, and its numbers, entries or elements, or what they are like.
struct ValueSummary {
  let text: String

  init(_ name: String, _ value: Value) throws {
    text = "\(name): \(value.type)" + (try Self.contents(of: value).map { ", \($0)" } ?? "")
  }

  private static let shownCount = 10

  private static func contents(of value: Value) throws -> String? {
    switch value {
    case .tensor(let tensor): try contents(of: tensor)
    case .map(let map): try text(map)
    case .sequence(let values, _): try text(values)
    case .optional(let inner?, _): try contents(of: inner)
    case .optional(nil, _): "nothing"
    case .sparseTensor: nil
    }
  }

  /// A map's entries, as many as are shown.
  private static func text(_ map: MapValue) throws -> String {
    let keys =
      map.keys.dtype == .string
      ? try map.keys.strings().map { "\"\(String(decoding: $0, as: UTF8.self))\"" }
      : try map.keys.integers().map(String.init)
    let entries = try zip(keys, map.values).map { "\($0): \(try contents(of: $1) ?? "?")" }
    return "{\(entries.shortened(to: shownCount))}"
  }

  /// How many elements a sequence has, and the first few.
  private static func text(_ values: [Value]) throws -> String {
    let shown = try values.prefix(3).map { try contents(of: $0) ?? "?" }
    let rest = values.count > shown.count ? " …" : ""
    return "\(values.count) elements\(shown.isEmpty ? "" : ": ")\(shown.joined(separator: ", "))\(rest)"
  }

  private static func contents(of tensor: Tensor) throws -> String {
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
