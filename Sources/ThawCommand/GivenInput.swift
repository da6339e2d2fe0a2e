import Foundation
import Thaw

/// An input as it is written on the command line: a number, a list, or a file.
struct GivenInput {
  let name: String
  let text: String
  /// As the model declares it.
  let type: TensorType?

  private static let suffixes = [".npy", ".npz", ".pb"]

  /// - Throws: `ModelError` for a text that is no value of the type, `FileError` for a file that cannot be read.
  func tensor() throws -> Tensor {
    if Self.suffixes.contains(where: text.hasSuffix) { return try array() }
    let list = try ListText(text, name)
    let dtype = type?.dtype ?? (list.areIntegers ? .int64 : .float32)
    let tensor = try self.tensor(of: list, dtype)
    // One number fills what the model declares; a flat list of as many numbers takes its shape.
    guard let shape = type?.shape, shape != tensor.shape else { return tensor }
    return try withErrors {
      if list.shape.isEmpty { return tensor.expanded(to: Tensor(shape)) }
      let fits = list.shape.count == 1 && DType.elementCount(of: shape) == tensor.count
      return fits ? tensor.reshaped(to: Tensor(shape)) : tensor
    }
  }

  private func array() throws -> Tensor {
    guard text.hasSuffix(".npz") else { return try TensorFile.read(text) }
    let arrays = try TensorFile.readArchive(text)
    if let array = arrays.first(where: { $0.name == name }) ?? (arrays.count == 1 ? arrays.first : nil) {
      return array.tensor
    }
    let names = arrays.map { "'\($0.name)'" }.joined(separator: ", ")
    throw ModelError(
      .name, "--input \(name): \(text) holds \(names), and should hold one array, or one named '\(name)'")
  }

  private func tensor(of list: ListText, _ dtype: DType) throws -> Tensor {
    func each<Element>(_ kind: String, _ read: (String) -> Element?) throws -> [Element] {
      try list.words.map { word in
        guard let value = read(word) else {
          throw ModelError(
            .type, "--input \(name): '\(word)' is not \(kind); the input is \(type.map { "\($0)" } ?? "\(dtype)")")
        }
        return value
      }
    }
    switch dtype {
    case .string: return try Tensor(strings: list.words.map { Array($0.utf8) }, shape: list.shape)
    case .bool:
      let truths = ["true": true, "1": true, "false": false, "0": false]
      return Tensor(try each("true or false") { truths[$0.lowercased()] }, shape: list.shape)
    case _ where dtype.isInteger:
      let values = try each("a whole number", Int.init)
      for value in values where dtype != .int64 && (try? Tensor.scalar(Double(value), dtype: dtype)) == nil {
        throw ModelError(.type, "--input \(name): \(value) is outside of \(dtype)")
      }
      return try withErrors { Tensor(values, shape: list.shape).cast(to: dtype) }
    case _ where dtype.isFloatingPoint:
      return try withErrors { Tensor(elements: try each("a number", Double.init), shape: list.shape).cast(to: dtype) }
    default:
      throw ModelError(.type, "--input \(name): a \(dtype) value cannot be written as text: give a file")
    }
  }
}
