import ThawGraph
import ThawTensor

/// Arrays by name, whose first axis counts samples, or named columns of text; in memory, or in files that are read batch
/// by batch.
public struct Dataset: Sendable {
  /// Where it came from, for messages.
  public let source: String
  /// How it is given to a model. What is said there of text's header and classes counts when a file is opened.
  public var reading: DataReading { didSet { passedChecks = PassedChecks() } }
  let contents: Contents
  /// The samples that are part of it, in this order; all when nil.
  let selection: [Int]?
  /// What was found right once need not be checked again: neither the data nor what they are checked for changes.
  private(set) var passedChecks = PassedChecks()

  enum Contents: Sendable {
    case arrays([DataFile.Member])
    case table(DataTable)
  }

  init(_ contents: Contents, _ reading: DataReading, source: String, selection: [Int]? = nil) {
    self.contents = contents
    self.reading = reading
    self.source = source
    self.selection = selection
  }

  /// Makes a data set of arrays; they are checked when they are held against a model.
  ///
  /// - Parameter source: where they came from, for messages.
  public init(_ arrays: KeyValuePairs<String, Tensor>, source: String = "the data") {
    self.init(arrays.map { (name: $0.key, tensor: $0.value) }, source: source)
  }

  package init(_ arrays: [(name: String, tensor: Tensor)], source: String = "the data") {
    self.init(
      .arrays(arrays.map { DataFile.Member(name: $0.name, array: RowArray($0.tensor)) }), DataReading(), source: source)
  }

  /// The names of the arrays or columns.
  public var names: [String] {
    switch contents {
    case .arrays(let members): members.map(\.name)
    case .table(let table): table.names
    }
  }

  /// The array or column of a name, read whole; nil when there is none.
  ///
  /// - Throws: `FileError` when the file has changed.
  public subscript(name: String) -> Tensor? {
    get throws {
      let array: RowArray?
      switch contents {
      case .arrays(let members): array = members.first { $0.name == name }?.array
      case .table(let table):
        array = try table.index(of: name).map { try table.array(columns: [$0]).reshaped(rowShape: []) }
      }
      return try selection.map { try array?.rows($0) } ?? array?.tensor()
    }
  }

  /// Whether all numbers are in memory.
  public var isInMemory: Bool {
    switch contents {
    case .arrays(let members): members.allSatisfy(\.array.isInMemory)
    case .table(let table): table.array(columns: []).isInMemory
    }
  }

  /// The samples of some numbers, in that order; nothing is copied.
  ///
  /// - Throws: `TrainingError` of kind `setting` for a number that no sample has.
  public func subset(_ rows: some Sequence<Int>) throws -> Dataset {
    let rows = Array(rows)
    let count = try sampleCount()
    if let row = rows.first(where: { !(0..<count).contains($0) }) {
      throw TrainingError(.setting, "\(source): there is no sample \(row); there are \(count)")
    }
    return Dataset(contents, reading, source: source, selection: selection.map { all in rows.map { all[$0] } } ?? rows)
  }

  /// How many samples there are.
  ///
  /// - Throws: `TrainingError` of kind `data` when arrays hold different numbers of them.
  public func sampleCount() throws -> Int {
    if let selection { return selection.count }
    switch contents {
    case .table(let table): return table.rowCount
    case .arrays(let members):
      for member in members {
        guard let count = member.array.shape.first else { throw scalar(member.name) }
        if let first = members.first, let expected = first.array.shape.first, count != expected {
          throw TrainingError(
            .data,
            "\(source): the array '\(member.name)' holds \(count) samples, and '\(first.name)' holds \(expected); they "
              + "should be as many")
        }
      }
      return members.first?.array.shape.first ?? 0
    }
  }

  func scalar(_ name: String) -> TrainingError {
    TrainingError(.data, "\(source): the array '\(name)' is a single number; its first axis should count samples")
  }
}

extension Dataset: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (String, Tensor)...) {
    self.init(elements.map { (name: $0.0, tensor: $0.1) })
  }
}
