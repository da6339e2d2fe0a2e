import Foundation
import ThawTensor
import ThawTypes

/// Holds what was computed against what should have come out, as ONNX's backend tests do.
///
/// Floating numbers may differ by `atol + rtol · |expected|`, and NaN equals NaN. Everything else is exact, but integers
/// may differ by what a `data.json` says.
package struct ValueComparison: Sendable {
  package var rtol = 1e-3
  package var atol = 1e-7
  private var integersMayDiffer = false

  package init() {}

  /// The tolerance of a `data.json`, where there is one, for what it says.
  ///
  /// - Throws: `ModelError` when the file holds something else.
  package init(contentsOf path: String) throws {
    struct File: Decodable { var rtol, atol: Double? }
    guard let data = FileManager.default.contents(atPath: path) else { return }
    guard let file = try? JSONDecoder().decode(File.self, from: data) else {
      throw ModelError(.type, "\(path) should be JSON with the numbers rtol and atol")
    }
    rtol = file.rtol ?? rtol
    atol = file.atol ?? atol
    integersMayDiffer = true
  }

  /// What is different, in a sentence; nil where nothing is.
  ///
  /// - Throws: `TensorError` when the numbers cannot be read.
  package func difference(_ found: Value, from expected: Value) throws -> String? {
    switch (found, expected) {
    case (.tensor(let a), .tensor(let b)): return try difference(a, from: b)
    case (.sparseTensor(let a), .sparseTensor(let b)):
      guard a.shape == b.shape else { return "shape \(a.shape), expected \(b.shape)" }
      return try difference(a.indices, from: b.indices).map { "indices: \($0)" }
        ?? difference(a.values, from: b.values).map { "values: \($0)" }
    case (.sequence(let a, _), .sequence(let b, _)): return try difference(a, from: b)
    case (.map(let a), .map(let b)):
      guard a.keyType == b.keyType else { return "keys of \(a.keyType), expected \(b.keyType)" }
      return try difference(byKey: a.entries(), from: b.entries())
    case (.optional(let a?, _), .optional(let b?, _)): return try difference(a, from: b)
    case (.optional(nil, _), .optional(nil, _)): return nil
    case (.optional(let a, _), .optional(let b, _)):
      return "\(a == nil ? "absent" : "there"), expected to be \(b == nil ? "absent" : "there")"
    default: return "\(found.type), expected \(expected.type)"
    }
  }

  private func difference(_ found: [Value], from expected: [Value]) throws -> String? {
    guard found.count == expected.count else { return "\(found.count) elements, expected \(expected.count)" }
    for (index, (a, b)) in zip(found, expected).enumerated() {
      if let difference = try difference(a, from: b) { return "element \(index): \(difference)" }
    }
    return nil
  }

  private func difference(byKey found: [String: Value], from expected: [String: Value]) throws -> String? {
    let keys = Set(found.keys).symmetricDifference(expected.keys).sorted()
    if let key = keys.first { return "the key \(key) is \(found[key] == nil ? "missing" : "not expected")" }
    for (key, value) in found.sorted(by: { $0.key < $1.key }) {
      guard let goal = expected[key] else { continue }
      if let difference = try difference(value, from: goal) { return "key \(key): \(difference)" }
    }
    return nil
  }

  private func difference(_ found: Tensor, from expected: Tensor) throws -> String? {
    guard found.dtype == expected.dtype, found.shape == expected.shape else {
      return "\(found.type), expected \(expected.type)"
    }
    if found.dtype == .string {
      let pairs = zip(try found.strings(), try expected.strings())
      return pairs.enumerated().first { $1.0 != $1.1 }.map { index, pair in
        "element \(index) is \(Self.text(pair.0)), expected \(Self.text(pair.1))"
      }
    }
    let (a, b) = (try found.contiguous(), try expected.contiguous())
    let areSame = try a.withBytes { left in try b.withBytes { right in left.elementsEqual(right) } }
    if areSame { return nil }
    let (numbers, goals) = (try Self.numbers(a), try Self.numbers(b))
    let isFloating = a.dtype.isFloatingPoint || a.dtype == .complex64 || a.dtype == .complex128
    let isExact = !isFloating && (a.dtype == .bool || !integersMayDiffer)
    var (count, worst, worstError) = (0, 0, -1.0)
    for index in numbers.indices {
      let error = error(numbers[index], goals[index], isExact: isExact)
      guard error > 0 else { continue }
      count += 1
      if error > worstError { (worst, worstError) = (index, error) }
    }
    guard count > 0 else {
      return isExact ? "other bytes in a \(a.dtype) tensor" : nil
    }
    return "\(count) of \(numbers.count) numbers are wrong, the worst is \(numbers[worst]) at \(worst), expected "
      + "\(goals[worst])"
  }

  /// How far a number is outside of what is allowed; 0 inside.
  private func error(_ found: Double, _ expected: Double, isExact: Bool) -> Double {
    if found == expected || found.isNaN && expected.isNaN { return 0 }
    let error = abs(found - expected)
    guard error.isFinite else { return .infinity }
    return isExact ? error : max(0, error - atol - rtol * abs(expected))
  }

  /// The numbers; of a complex tensor, real and imaginary parts in turn.
  private static func numbers(_ tensor: Tensor) throws -> [Double] {
    switch tensor.dtype {
    case .complex64: try tensor.withBytes { $0.bindMemory(to: Float.self).map(Double.init) }
    case .complex128: try tensor.withBytes { Array($0.bindMemory(to: Double.self)) }
    default: try tensor.elements(as: Double.self)
    }
  }

  fileprivate static func text(_ bytes: [UInt8]) -> String {
    String(decoding: bytes, as: UTF8.self).debugDescription
  }
}

extension MapValue {
  /// The values by what their keys look like; the order of entries means nothing.
  fileprivate func entries() throws -> [String: Value] {
    let names =
      keyType == .string ? try keys.strings().map(ValueComparison.text) : try keys.integers().map { "\($0)" }
    return Dictionary(zip(names, values)) { first, _ in first }
  }
}
