import Foundation
import ThawTypes

extension Tensor: CustomStringConvertible {
  /// The elements as PyTorch prints them, then what is not the default: dtype, `grad_fn` or `requires_grad`.
  ///
  /// float32, int64 and bool are defaults, as long as there are elements to see. Numbers take four decimals; more than 1,000 elements are summarised.
  public var description: String {
    if let poison { return "tensor(<failed: \(poison)>)" }
    var suffixes: [String] = []
    if isTraced { suffixes.append("\(type)") }
    if case .memory = contents, count == 0, rank != 1 { suffixes.append("size=(\(sizeList))") }
    let defaults: [DType] = count == 0 ? [.float32] : [.float32, .int64, .bool]
    if !defaults.contains(dtype), !isTraced { suffixes.append("dtype=\(dtype)") }
    if let gradFn {
      suffixes.append("grad_fn=<\(gradFn.name)>")
    } else if requiresGrad {
      suffixes.append("requires_grad=True")
    }
    let data = isTraced ? "..." : count == 0 ? "[]" : TensorFormatter(self).text(indent: Self.indent)
    return "tensor(" + suffixes.reduce(data) { Self.append($1, to: $0) } + ")"
  }

  private static let indent = "tensor(".count

  private static func append(_ suffix: String, to text: String) -> String {
    let lastLine = text.split(separator: "\n").last?.count ?? 0
    let fits = lastLine + suffix.count + 4 <= TensorFormatter.lineWidth
    return text + (fits ? ", " : ",\n" + String(repeating: " ", count: indent)) + suffix
  }

  private var sizeList: String {
    shape.map(String.init).joined(separator: ", ") + (rank == 1 ? "," : "")
  }
}

/// Lays out the elements of a tensor in PyTorch's manner.
private struct TensorFormatter {
  private static let threshold = 1000
  private static let edgeItems = 3
  static let lineWidth = 80

  private let shape: [Int]
  private let words: [String]
  private let width: Int
  private let summarizes: Bool

  init(_ tensor: Tensor) {
    shape = tensor.shape
    summarizes = tensor.count > Self.threshold
    let shown = Self.shownIndices(shape, summarizes: summarizes)
    var words = [String](repeating: "", count: tensor.count)
    let (texts, width) = Self.texts(of: tensor, at: shown)
    for (index, text) in zip(shown, texts) { words[index] = text }
    self.words = words
    self.width = width
  }

  /// The flat indices of what is printed.
  private static func shownIndices(_ shape: [Int], summarizes: Bool) -> [Int] {
    shape.reduce([0]) { flat, size in
      flat.flatMap { start in
        (0..<size).filter { !summarizes || size <= 2 * edgeItems || $0 < edgeItems || $0 >= size - edgeItems }
          .map { start * size + $0 }
      }
    }
  }

  /// The words of what is printed, and the width that they are filled up to.
  private static func texts(of tensor: Tensor, at shown: [Int]) -> ([String], width: Int) {
    if tensor.dtype.isFloatingPoint {
      let values = (try? tensor.elements(as: Double.self)) ?? []
      let format = FloatFormat(shown.map { values[$0] })
      return (format.texts, format.width)
    }
    let texts = wholeTexts(of: tensor, at: shown)
    return (texts, texts.map(\.count).max() ?? 0)
  }

  private static func wholeTexts(of tensor: Tensor, at shown: [Int]) -> [String] {
    if case .strings(let strings) = tensor.contents {
      return shown.map { "'\(String(decoding: strings[$0], as: UTF8.self))'" }
    }
    if tensor.dtype == .bool {
      let values = (try? tensor.elements(as: Bool.self)) ?? []
      return shown.map { values[$0] ? "True" : "False" }
    }
    if tensor.dtype == .uint64 {
      let values = (try? tensor.elements(as: UInt64.self)) ?? []
      return shown.map { "\(values[$0])" }
    }
    let values = (try? tensor.elements(as: Int.self)) ?? []
    return shown.map { "\(values[$0])" }
  }

  func text(indent: Int) -> String {
    shape.isEmpty ? words[0] : block(axis: 0, start: 0, indent: indent)
  }

  private func block(axis: Int, start: Int, indent: Int) -> String {
    let size = shape[axis]
    let indices: [Int?] =
      summarizes && size > 2 * Self.edgeItems
      ? Array(0..<Self.edgeItems) + [nil] + Array((size - Self.edgeItems)..<size) : Array(0..<size)
    if axis == shape.count - 1 { return row(start: start * size, indices, indent: indent) }
    let blocks = indices.map { index in
      index.map { block(axis: axis + 1, start: start * size + $0, indent: indent + 1) } ?? "..."
    }
    let gap = String(repeating: "\n", count: shape.count - axis - 1) + String(repeating: " ", count: indent + 1)
    return "[" + blocks.joined(separator: "," + gap) + "]"
  }

  private func row(start: Int, _ indices: [Int?], indent: Int) -> String {
    let perLine = max(1, (Self.lineWidth - indent) / (width + 2))
    let cells = indices.map { index in
      index.map { String(repeating: " ", count: max(0, width - words[start + $0].count)) + words[start + $0] } ?? " ..."
    }
    let lines = stride(from: 0, to: cells.count, by: perLine).map {
      cells[$0..<min($0 + perLine, cells.count)].joined(separator: ", ")
    }
    return "[" + lines.joined(separator: ",\n" + String(repeating: " ", count: indent + 1)) + "]"
  }
}

/// How a tensor's floating elements are printed: as whole numbers, with four decimals, or with exponents.
private struct FloatFormat {
  let texts: [String]
  /// The longest of the finite numbers but 0; others may be longer, as in PyTorch.
  let width: Int

  init(_ values: [Double]) {
    let magnitudes = values.filter { $0.isFinite && $0 != 0 }.map(\.magnitude)
    let smallest = magnitudes.min() ?? 0
    let largest = magnitudes.max() ?? 0
    let areWhole = magnitudes.allSatisfy { $0.rounded(.up) == $0 }
    let scientific =
      !magnitudes.isEmpty && (largest / smallest > 1000 || largest > 1e8 || (!areWhole && smallest < 1e-4))
    texts = values.map { value in
      if value.isNaN { return "nan" }
      if value.isInfinite { return value < 0 ? "-inf" : "inf" }
      if scientific { return String(format: "%.4e", value) }
      return String(format: areWhole ? "%.0f." : "%.4f", value)
    }
    width = zip(values, texts).filter { $0.0.isFinite && $0.0 != 0 }.map(\.1.count).max() ?? 0
  }
}
