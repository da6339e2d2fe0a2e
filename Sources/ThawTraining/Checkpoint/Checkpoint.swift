import Foundation
import ThawGraph
import ThawTensor

/// A run on its way, as a file: with it and the same model and data, another process goes on.
///
/// The file is a `.npz`: `parameter/NAME` and, where epochs are measured, `best/NAME`, the values of what trains and of
/// the buffers; `optimizer/SLOT/NAME`, what the optimizer remembers; `state`, JSON in bytes, all the rest. A type that
/// NumPy does not have is written as float32.
struct Checkpoint {
  /// What stands in `state`.
  struct Record: Codable {
    static let currentFormat = 1

    var format = Self.currentFormat
    var state: TrainingState
    var settings: [RunSetting]
    var environment: RunEnvironment
    /// The seed and the position of `RandomGenerator.default`.
    var generatorSeed: UInt64
    var generatorPosition: UInt64
    /// What the run's lines in the log are marked with.
    var run: String
  }

  var record: Record
  var parameters: [(name: String, value: Tensor)]
  var best: [(name: String, value: Tensor)]
  var optimizer: [OptimizerState]

  /// Writes the file, whole or not at all.
  func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    encoder.nonConformingFloatEncodingStrategy = Self.encodingOfNonFinite
    let state = [UInt8](try encoder.encode(record))
    var arrays = [(name: "state", tensor: Tensor(elements: state, shape: [state.count]))]
    for (name, value) in parameters { arrays.append(("parameter/\(name)", try Self.writable(value))) }
    for (name, value) in best { arrays.append(("best/\(name)", try Self.writable(value))) }
    for entry in optimizer { arrays.append(("optimizer/\(entry.slot)/\(entry.parameter)", entry.tensor)) }
    try TensorFile.write(arrays, to: path)
  }

  /// Opens a file.
  ///
  /// - Throws: `FileError` when it is no sound `.npz`, `TrainingError` of kind `checkpoint` when it is no checkpoint.
  init(contentsOf path: String) throws {
    let arrays = try TensorFile.readArchive(path)
    guard let state = arrays.first(where: { $0.name == "state" })?.tensor, state.dtype == .uint8, state.rank == 1 else {
      throw TrainingError(.checkpoint, "\(path) is not a checkpoint of Thaw: the array 'state' of bytes is missing")
    }
    record = try Self.record(Data(state.elements(as: UInt8.self)), path)
    func entries(_ prefix: String) -> [(name: String, value: Tensor)] {
      arrays.filter { $0.name.hasPrefix(prefix) }.map { (String($0.name.dropFirst(prefix.count)), $0.tensor) }
    }
    parameters = entries("parameter/")
    best = entries("best/")
    optimizer = try entries("optimizer/").map { name, tensor in
      guard let slash = name.firstIndex(of: "/") else {
        throw TrainingError(.checkpoint, "\(path): the array 'optimizer/\(name)' names no parameter")
      }
      return OptimizerState(
        slot: String(name[..<slash]), parameter: String(name[name.index(after: slash)...]), tensor: tensor)
    }
  }

  init(
    _ record: Record, parameters: [(name: String, value: Tensor)], best: [(name: String, value: Tensor)],
    optimizer: [OptimizerState]
  ) {
    self.record = record
    self.parameters = parameters
    self.best = best
    self.optimizer = optimizer
  }

  private static func record(_ data: Data, _ path: String) throws -> Record {
    struct Format: Decodable { let format: Int }
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = decodingOfNonFinite
    guard let format = try? decoder.decode(Format.self, from: data) else {
      throw TrainingError(.checkpoint, "\(path) is not a checkpoint of Thaw: its 'state' has no format number")
    }
    guard format.format == Record.currentFormat else {
      throw TrainingError(
        .checkpoint,
        "\(path) is a checkpoint in format \(format.format), and this Thaw reads format \(Record.currentFormat): go on "
          + "with the Thaw that wrote it")
    }
    guard let record = try? decoder.decode(Record.self, from: data), record.state.isSound else {
      throw TrainingError(.checkpoint, "\(path): the 'state' of the checkpoint is damaged")
    }
    return record
  }

  private static let encodingOfNonFinite = JSONEncoder.NonConformingFloatEncodingStrategy.convertToString(
    positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
  private static let decodingOfNonFinite = JSONDecoder.NonConformingFloatDecodingStrategy.convertFromString(
    positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")

  /// The values in a type that NumPy has; float32 holds all of the smaller ones.
  private static func writable(_ value: Tensor) throws -> Tensor {
    [.float16, .float32, .float64].contains(value.dtype) ? value : try withErrors { value.cast(to: .float32) }
  }

  /// The values of the parameters that training changes, in their types.
  ///
  /// - Throws: `TrainingError` of kind `checkpoint` for one that is missing, superfluous, or of another type or shape.
  static func values(
    _ entries: [(name: String, value: Tensor)], for parameters: [Parameter], _ prefix: String, _ path: String
  ) throws -> [(parameter: Parameter, value: Tensor)] {
    let given = Dictionary(entries.map { ($0.name, $0.value) }) { first, _ in first }
    let known = Set(parameters.map(\.name))
    if let stranger = entries.first(where: { !known.contains($0.name) }) {
      throw TrainingError(
        .checkpoint, "\(path): the array '\(prefix)/\(stranger.name)' belongs to nothing that this run changes")
    }
    return try parameters.map { parameter in
      guard let stored = given[parameter.name] else {
        throw TrainingError(.checkpoint, "\(path): the array '\(prefix)/\(parameter.name)' is missing")
      }
      let value =
        stored.dtype == parameter.type.dtype ? stored : try withErrors { stored.cast(to: parameter.type.dtype) }
      guard stored.dtype.isFloatingPoint, value.shape == parameter.type.shape else {
        throw TrainingError(
          .checkpoint,
          "\(path): the array '\(prefix)/\(parameter.name)' should be \(parameter.type) and is \(stored.type)")
      }
      return (parameter, value)
    }
  }
}
