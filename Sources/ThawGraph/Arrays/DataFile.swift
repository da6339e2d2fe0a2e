import Foundation
import ThawONNX

/// How much memory readers of data may fill.
public typealias MemoryBudget = ThawONNX.MemoryBudget

/// What a file or a folder of data holds.
public enum DataFile: Sendable {
  /// Arrays by name: a `.npz` file, or a folder of ONNX's test data.
  case arrays([Member])
  /// One array: `.npy`, IDX, a tensor in a `.pb` file.
  case array(RowArray)
  /// Named columns: text.
  case table(DataTable)

  /// An array with its name.
  public struct Member: Sendable {
    public let name: String
    /// Another name, which an ONNX tensor carries; empty where there is none.
    public let otherName: String
    public let array: RowArray

    public init(name: String, otherName: String = "", array: RowArray) {
      self.name = name
      self.otherName = otherName
      self.array = array
    }
  }

  /// Opens a file or a folder; which it is, its content tells.
  ///
  /// Numbers stay in the file where they can: `.npy`, what a `.npz` does not compress, IDX of one byte a number, `.pb`.
  /// The rest is expanded, into memory while the budget allows it, and into a file without a name beyond.
  ///
  /// - Parameters:
  ///   - hasHeader: whether text begins with the names of its columns.
  ///   - classColumn: the column of text that holds classes by name.
  ///   - classes: their names, in the order of their numbers.
  /// - Throws: `FileError` that says what was expected where.
  public init(
    contentsOf path: String, hasHeader: Bool = true, classColumn: String = "", classes: [String] = [],
    budget: MemoryBudget = MemoryBudget()
  ) throws {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      self = .arrays(
        try TensorFolder(contentsOf: path, budget: budget).members.map {
          Member(name: $0.name, otherName: $0.messageName, array: try RowArray($0.data))
        })
      return
    }
    var reading = Table.Reading()
    (reading.hasHeader, reading.classColumn, reading.classes) = (hasHeader, classColumn, classes)
    switch try ArrayFile(contentsOf: path, reading, budget: budget) {
    case .archive(let archive):
      self = .arrays(
        try archive.names.compactMap { name in
          try archive[name].map { Member(name: name, array: try RowArray($0)) }
        })
    case .array(let data): self = .array(try RowArray(data))
    case .table(let table): self = .table(DataTable(table))
    }
  }
}
