import ThawGraph
import ThawTensor

/// Arrays by name, whose first axis counts samples.
public struct Dataset: Sendable {
  /// Where it came from, for messages.
  public let source: String
  public let names: [String]
  private let arrays: [String: Tensor]

  /// Makes a data set of arrays; they are checked when they are held against a model.
  ///
  /// - Parameter source: where they came from, for messages.
  public init(_ arrays: KeyValuePairs<String, Tensor>, source: String = "the data") {
    self.init(arrays.map { (name: $0.key, tensor: $0.value) }, source: source)
  }

  package init(_ arrays: [(name: String, tensor: Tensor)], source: String = "the data") {
    self.source = source
    names = arrays.map(\.name)
    self.arrays = Dictionary(arrays.map { ($0.name, $0.tensor) }) { first, _ in first }
  }

  /// Opens a `.npz` file.
  ///
  /// - Throws: `FileError` that names the array.
  public init(contentsOf path: String) throws {
    self.init(try TensorFile.readArchive(path), source: path)
  }

  /// The array of a name, whole.
  public subscript(name: String) -> Tensor? { arrays[name] }

  /// The array of a name, with at least one axis.
  ///
  /// - Throws: `TrainingError` of kind `data` when it is missing or a scalar.
  func array(_ name: String, for purpose: String) throws -> Tensor {
    guard let array = arrays[name] else {
      let present = names.isEmpty ? "none" : names.map { "'\($0)'" }.joined(separator: ", ")
      throw TrainingError(
        .data, "\(source): the array '\(name)' (\(purpose)) is missing; the arrays there are \(present)")
    }
    guard array.rank > 0 else {
      throw TrainingError(
        .data, "\(source): the array '\(name)' is a single number; its first axis should count samples")
    }
    return array
  }
}

extension Dataset: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (String, Tensor)...) {
    self.init(elements.map { (name: $0.0, tensor: $0.1) })
  }
}
