/// Arrays by name, in order: NumPy's `.npz` format.
public struct Npz: Equatable, Sendable {
  /// The names in the order of the file, or of being added.
  public private(set) var names: [String] = []
  private var arrays: [String: TensorData] = [:]

  /// Makes an empty set of arrays.
  public init() {}

  /// The array of a name, nil when there is none. Setting a new name adds it at the end; setting nil removes it.
  public subscript(name: String) -> TensorData? {
    get { arrays[name] }
    set {
      let old = arrays[name]
      arrays[name] = newValue
      if old == nil, newValue != nil { names.append(name) }
      if old != nil, newValue == nil { names.removeAll { $0 == name } }
    }
  }
}

extension Npz {
  private static let suffix = ".npy"

  /// Reads a `.npz` file.
  ///
  /// Stored arrays are views of the file, deflated ones are expanded. Checksums are checked, so every byte is read
  /// once.
  ///
  /// - Parameter budget: For what is expanded or brought into order.
  /// - Throws: ``FileError`` that names the member and says what was expected.
  public init(
    contentsOf path: String, limits: ReadingLimits = ReadingLimits(), budget: MemoryBudget = .unlimited
  ) throws(FileError) {
    do throws(FileError) {
      try self.init(decoding: ByteRegion(try Mapping(path)), limits: limits, budget: budget)
    } catch {
      throw error.at(path: path)
    }
  }

  /// Reads the bytes of a `.npz` file.
  ///
  /// - Throws: ``FileError`` that names the member and says what was expected.
  public init(
    decoding source: ByteRegion, limits: ReadingLimits = ReadingLimits(), budget: MemoryBudget = .unlimited
  ) throws(FileError) {
    let archive = try ZipArchive(source, limits: limits, budget: budget)
    for member in archive.members {
      guard member.name.hasSuffix(Npz.suffix) else {
        throw FileError(
          .unsupported, place: member.name, expected: "an array, a member ending in .npy", found: "another")
      }
      let content = try archive.contents(of: member)
      do throws(FileError) {
        self[String(member.name.dropLast(Npz.suffix.count))] = try Npy.decode(content, budget: budget)
      } catch {
        throw error.inside(member.name)
      }
    }
  }

  /// Saves the arrays as a `.npz` file, whole or not at all.
  ///
  /// Members are stored, with fixed times, and data begins at multiples of 64: the same arrays give the same bytes, and
  /// reading them back copies nothing.
  ///
  /// - Throws: ``FileError`` when the file cannot be written, or NumPy has no such type.
  public func write(to path: String) throws(FileError) {
    do throws(FileError) {
      // Everything that can be refused is refused before a file is made.
      var members: [(name: String, header: [UInt8], body: ByteRegion)] = []
      for name in names {
        guard let array = arrays[name] else { continue }
        guard name.utf8.count <= 0xff00, !name.utf8.contains(0) else {
          throw FileError(.notEncodable, place: name, expected: "a name of at most 65,280 bytes without zeros")
        }
        do throws(FileError) {
          let (header, body) = try Npy.encode(array)
          members.append((name + Npz.suffix, header, body))
        } catch {
          throw error.inside(name)
        }
      }
      try AtomicFile.write(to: path) { file throws(FileError) in
        var zip = ZipWriter()
        for member in members { try zip.add(member.name, member.header, member.body, to: &file) }
        try zip.finish(&file)
      }
    } catch {
      throw error.at(path: path)
    }
  }
}
