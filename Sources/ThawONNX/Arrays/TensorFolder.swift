internal import Foundation
internal import ThawTypes

/// A folder of `TensorProto` files, as ONNX's test data comes: `input_0.pb`, `input_1.pb` and so on, and `target.pb` or
/// `output_0.pb`; or a folder of such folders, whose arrays are put one after another.
public struct TensorFolder: Sendable {
  /// An array of the folder.
  public struct Member: Sendable {
    /// `input_0`, `input_1`, …, `target`; otherwise the file's name without its ending.
    public let name: String
    /// The name in the message, empty where it has none.
    public let messageName: String
    /// The elements.
    public let data: TensorData
  }

  /// The arrays, inputs first.
  public let members: [Member]

  /// Reads a folder.
  ///
  /// Where files have something before `input_0` and `target` (`train_input_0.pb`, `train_target.pb`), the ones with a
  /// target of the same beginning are read, and the others are left.
  ///
  /// - Throws: ``FileError`` that names the file.
  public init(contentsOf folder: String, budget: MemoryBudget = MemoryBudget()) throws(FileError) {
    let entries = try TensorFolder.entries(of: folder)
    if entries.contains(where: { $0.hasSuffix(".pb") }) {
      members = try TensorFolder.read(folder, entries)
      return
    }
    var parts: [(folder: String, members: [Member])] = []
    for entry in entries {
      let inner = "\(folder)/\(entry)"
      guard let files = try? TensorFolder.entries(of: inner), files.contains(where: { $0.hasSuffix(".pb") }) else {
        continue
      }
      parts.append((inner, try TensorFolder.read(inner, files)))
    }
    guard let first = parts.first else {
      throw FileError(
        .notFound, path: folder, expected: "input_0.pb and target.pb, or folders that hold them", found: "neither")
    }
    for part in parts where part.members.map(\.name) != first.members.map(\.name) {
      throw FileError(
        .malformed, path: part.folder,
        expected: first.members.map(\.name).joined(separator: ", ") + ", as in the first folder",
        found: part.members.map(\.name).joined(separator: ", "))
    }
    var joined: [Member] = []
    for index in first.members.indices {
      joined.append(try TensorFolder.join(parts.map { ($0.folder, $0.members[index]) }, budget))
    }
    members = joined
  }

  /// The names in a folder, numbers in the order of their values.
  private static func entries(of folder: String) throws(FileError) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder).sorted {
        $0.compare($1, options: .numeric) == .orderedAscending
      }
    } catch {
      throw FileError(.notReadable, path: folder)
    }
  }

  private static func read(_ folder: String, _ entries: [String]) throws(FileError) -> [Member] {
    let stems = entries.filter { $0.hasSuffix(".pb") }.map { String($0.dropLast(3)) }
    var members: [Member] = []
    for (name, stem) in try choice(of: stems, folder) {
      let path = "\(folder)/\(stem).pb"
      let proto = try TensorProto(contentsOf: path)
      do throws(TensorDataError) {
        members.append(Member(name: name, messageName: proto.name ?? "", data: try proto.contents()))
      } catch {
        throw FileError(.malformed, path: path, found: error.description)
      }
    }
    return members
  }

  /// Which files to read, and as what.
  private static func choice(of stems: [String], _ folder: String) throws(FileError) -> [(name: String, stem: String)] {
    let known = Set(stems)
    let beginnings = stems.filter { $0.hasSuffix("input_0") }.map { String($0.dropLast("input_0".count)) }
    guard !beginnings.isEmpty else { return stems.map { ($0, $0) } }
    for target in ["target", "output_0"] {
      let complete = beginnings.filter { known.contains($0 + target) }
      guard complete.count <= 1 else {
        throw FileError(
          .malformed, path: folder, expected: "one file \(target).pb that belongs to an input_0.pb",
          found: complete.map { "\($0)\(target).pb" }.joined(separator: " and "), advice: "keep them in folders apart")
      }
      guard let beginning = complete.first else { continue }
      let inputs = (0..<stems.count).map { "input_\($0)" }.prefix { known.contains(beginning + $0) }
      return inputs.map { ($0, beginning + $0) } + [("target", beginning + target)]
    }
    return stems.map { ($0, $0) }
  }

  /// Puts arrays one after another along their first axis.
  private static func join(
    _ parts: [(folder: String, member: Member)], _ budget: MemoryBudget
  ) throws(FileError) -> Member {
    let first = parts[0].member
    var count = 0
    var strings: [[UInt8]] = []
    let spool = Spool(budget)
    for (folder, member) in parts {
      let (data, form) = (member.data, first.data)
      guard let rows = data.dims.first, data.dtype == form.dtype, data.dims.dropFirst() == form.dims.dropFirst() else {
        throw FileError(
          .malformed, path: "\(folder)/\(member.name).pb",
          expected: "\(form.dtype)\(form.dims) as in the first folder, but for the first axis, which counts samples",
          found: "\(data.dtype)\(data.dims)")
      }
      // Rows without elements could be announced by the quadrillion.
      count = count.addingReportingOverflow(rows).overflow ? .max : count + rows
      if let more = data.strings { strings += more }
      guard let bytes = data.bytes else { continue }
      guard data.dtype.bitWidth >= 8 else {
        throw FileError(.unsupported, path: "\(folder)/\(member.name).pb", found: "\(data.dtype) in several folders")
      }
      try bytes.withUnsafeBytes { bytes throws(FileError) in try spool.append(bytes) }
    }
    let dims = [count] + first.data.dims.dropFirst()
    let bytes = try spool.finish()
    do throws(TensorDataError) {
      let data =
        first.data.dtype == .string
        ? try TensorData(dims, strings: strings) : try TensorData(first.data.dtype, dims, bytes: bytes)
      return Member(name: first.name, messageName: first.messageName, data: data)
    } catch {
      throw FileError(.tooLarge, path: parts[0].folder, found: error.description)
    }
  }
}
