import Foundation
import ThawGraph

extension Dataset {
  /// Opens a file or a folder: `.npz`, CSV or TSV text (also `.gz`), or a folder of ONNX's test data (`input_0.pb`,
  /// `target.pb`). Which it is, its content tells.
  ///
  /// - Parameter budget: for what has to be expanded or converted; beyond it, that goes to files without names.
  /// - Throws: `FileError` that names the array or the line; `TrainingError` of kind `data` for a file with one array.
  public init(
    contentsOf path: String, _ reading: DataReading = DataReading(), budget: MemoryBudget? = nil
  ) throws {
    try self.init(files: [path], reading, budget: budget)
  }

  /// Opens several files as one data set.
  ///
  /// - Parameters:
  ///   - files: paths, as for one; or `NAME=PATH` for a file that holds one array: `.npy`, IDX (also `.gz`), a `.pb`
  ///     tensor, or text whose columns are one array.
  ///   - budget: see `init(contentsOf:_:budget:)`.
  /// - Throws: as `init(contentsOf:_:budget:)`; `TrainingError` of kind `data` when a name is there twice, or text
  ///   without a name is not alone.
  public init(
    files: [String], _ reading: DataReading = DataReading(), budget: MemoryBudget? = nil
  ) throws {
    let budget = budget ?? MemoryBudget()
    var members: [DataFile.Member] = []
    for file in files {
      let (name, path) = Self.parts(of: file)
      let opened = try DataFile(
        contentsOf: path, hasHeader: reading.hasHeader, classColumn: reading.target, classes: reading.classes,
        budget: budget)
      switch (opened, name) {
      case (.table(let table), nil):
        guard files.count == 1 else {
          throw TrainingError(
            .data, "\(path): text beside other files needs a name, for all its columns are one array: NAME=\(path)")
        }
        self.init(.table(table), reading, source: path)
        return
      case (.table(let table), let name?):
        let array = table.array(columns: Array(table.names.indices))
        try table.checkNumbers(Array(table.names.indices), path)
        members.append(
          DataFile.Member(name: name, array: table.names.count == 1 ? try array.reshaped(rowShape: []) : array))
      case (.array(let array), let name?): members.append(DataFile.Member(name: name, array: array))
      case (.array(let array), nil):
        throw TrainingError(
          .data, "\(path) holds one array, \(array.type), without a name: give it one, as in image=\(path)")
      case (.arrays(let arrays), nil): members += arrays
      case (.arrays(let arrays), let name?):
        throw TrainingError(
          .data,
          "\(path) holds \(arrays.count) arrays with names of their own: leave '\(name)=' out")
      }
    }
    if let name = Dictionary(grouping: members, by: \.name).filter({ $1.count > 1 }).keys.min() {
      throw TrainingError(.data, "\(files.joined(separator: ", ")): there are two arrays named '\(name)'")
    }
    let paths = files.map { Self.parts(of: $0).path }
    self.init(.arrays(members), reading, source: paths.joined(separator: ", "))
  }

  /// `NAME=PATH`, unless there is a file of the whole name.
  private static func parts(of file: String) -> (name: String?, path: String) {
    guard let equals = file.firstIndex(of: "="), !FileManager.default.fileExists(atPath: file) else {
      return (nil, file)
    }
    return (String(file[..<equals]), String(file[file.index(after: equals)...]))
  }
}
