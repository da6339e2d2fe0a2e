import ThawGraph
import ThawTensor
import ThawTypes

/// What a model needs of a data set.
extension Dataset {
  /// The array for an input of a model, of the input's rank where it comes from text.
  ///
  /// - Parameters:
  ///   - position: the input's place among all inputs of the model.
  ///   - isOnly: whether it is the only one that reads data.
  /// - Throws: `TrainingError` of kind `data` when there is none.
  func array(forInput name: String, _ type: ValueType?, position: Int, isOnly: Bool) throws -> RowArray {
    let purpose = "an input of the model" + (type.map { ", \($0)" } ?? "")
    let array: RowArray
    switch contents {
    case .arrays(let members):
      let member =
        members.first { $0.name == name } ?? members.first { $0.otherName == name }
        ?? members.first { $0.name == "input_\(position)" }
      guard let member else { throw missing("array", name, purpose) }
      array = member.array
    case .table(let table):
      let chosen = try columns(of: table, forInput: name, isOnly: isOnly, purpose)
      try table.checkNumbers(chosen, source)
      array = table.array(columns: chosen)
    }
    guard array.isText, let type = type?.tensor else { return try withAxis(array, name) }
    return try shaped(array, like: type, name)
  }

  /// The array that the model should give.
  ///
  /// - Throws: `TrainingError` of kind `data` when there is none.
  func targetArray() throws -> RowArray {
    let purpose = "what the model should give"
    switch contents {
    case .arrays(let members):
      guard let member = members.first(where: { $0.name == reading.target }) else {
        throw missing("array", reading.target, purpose)
      }
      return try withAxis(member.array, reading.target)
    case .table(let table):
      let chosen = try targetColumns(of: table)
      guard !chosen.isEmpty else { throw missing("column", reading.target, purpose) }
      try table.checkNumbers(chosen, source, isTarget: true)
      let array = table.array(columns: chosen)
      return chosen.count == 1 ? try array.reshaped(rowShape: []) : array
    }
  }

  /// None where there is no column of the name that is looked for without being asked to.
  private func targetColumns(of table: DataTable) throws -> [Int] {
    if reading.target == DataReading().target, table.index(of: reading.target) == nil { return [] }
    return try ColumnList(reading.target, in: table, source).indices(without: [])
  }

  private func columns(
    of table: DataTable, forInput name: String, isOnly: Bool, _ purpose: String
  ) throws -> [Int] {
    let target = try targetColumns(of: table)
    let own = reading.columns.filter { $0.hasPrefix("\(name)=") }.map { String($0.dropFirst(name.count + 1)) }
    if !own.isEmpty { return try own.flatMap { try ColumnList($0, in: table, source).indices(without: target) } }
    if isOnly {
      let lists = reading.columns.isEmpty ? ["*"] : reading.columns
      return try lists.flatMap { try ColumnList($0, in: table, source).indices(without: target) }
    }
    guard let index = table.index(of: name) else { throw missing("column", name, purpose) }
    return [index]
  }

  /// Rows of text in the shape that an input declares.
  private func shaped(_ array: RowArray, like type: TensorType, _ name: String) throws -> RowArray {
    guard let dims = type.dims else { return array }
    let count = array.shape.dropFirst().reduce(1, *)
    let known = dims.dropFirst().compactMap(\.value).reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue }
    let open = dims.dropFirst().count { $0.value == nil }
    let fits = open == 0 ? known == count : open == 1 && known > 0 && count % known == 0
    guard !dims.isEmpty, fits else {
      throw TrainingError(
        .data,
        "\(source): \(count) columns do not fill the input '\(name)', which is \(type), its first axis counting "
          + "samples; choose others with --columns")
    }
    return try array.reshaped(rowShape: dims.dropFirst().map { $0.value ?? count / known })
  }

  private func withAxis(_ array: RowArray, _ name: String) throws -> RowArray {
    guard !array.shape.isEmpty else { throw scalar(name) }
    return array
  }

  private func missing(_ what: String, _ name: String, _ purpose: String) -> TrainingError {
    let present = names.isEmpty ? "none" : names.map { "'\($0)'" }.shortened(to: 20)
    let advice = name == DataReading().target && what == "column" ? "; name another with --target" : ""
    return TrainingError(
      .data, "\(source): the \(what) '\(name)' (\(purpose)) is missing; the \(what)s there are \(present)\(advice)")
  }
}

extension DataTable {
  /// - Throws: `TrainingError` of kind `data` for the first cell of these columns that is no number.
  func checkNumbers(_ columns: [Int], _ source: String, isTarget: Bool = false) throws {
    let found = columns.compactMap { column in firstText(in: column).map { (column, $0.line, $0.text) } }
    guard let (column, line, text) = found.min(by: { $0.1 < $1.1 }) else { return }
    let advice =
      isTarget
      ? "name the classes, in the order of their numbers, with --classes A,B,…"
      : "leave the column out with --columns, or correct it"
    throw TrainingError(
      .data, "\(source): line \(line), column '\(names[column])': '\(text)' is no number; \(advice)")
  }
}
