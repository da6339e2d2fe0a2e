internal import Foundation

/// Tensors by name in the safetensors format: eight bytes that give the length of a JSON header, the header with type,
/// shape and place of each tensor, and the elements.
///
/// Reading looks at the header alone; tensors are views of the file.
public struct Safetensors: Equatable, Sendable {
  /// The names in the order of the elements in the file, or of being added.
  public private(set) var names: [String] = []
  /// Free entries of the header, `__metadata__`.
  public var metadata: [String: String] = [:]
  private var tensors: [String: TensorData] = [:]

  /// The most bytes that a header may have, the format's own limit.
  public static let longestHeader = 100_000_000

  /// Makes an empty set of tensors.
  public init() {}

  /// The tensor of a name, nil when there is none. Setting a new name adds it at the end; setting nil removes it.
  public subscript(name: String) -> TensorData? {
    get { tensors[name] }
    set {
      let old = tensors[name]
      tensors[name] = newValue
      if old == nil, newValue != nil { names.append(name) }
      if old != nil, newValue == nil { names.removeAll { $0 == name } }
    }
  }

  /// Opens a file.
  ///
  /// - Throws: ``FileError`` that names the tensor and says what was expected: a header that is cut off, no JSON or too
  ///   long; types the format does not have; tensors that overlap, leave holes or do not fit their shapes.
  public init(contentsOf path: String) throws(FileError) {
    do throws(FileError) {
      try self.init(decoding: ByteRegion(try Mapping(path)))
    } catch {
      throw error.at(path: path)
    }
  }

  /// Reads the bytes of a file, of which the tensors keep views.
  ///
  /// - Throws: ``FileError`` as ``init(contentsOf:)``.
  public init(decoding source: ByteRegion) throws(FileError) {
    let header = try SafetensorsHeader(source)
    metadata = header.metadata
    var end = 0
    for entry in header.entries {
      do throws(FileError) {
        guard entry.range.lowerBound == end else {
          throw FileError(
            .malformed, expected: "elements from byte \(end) on, where those before end",
            found: "from \(entry.range.lowerBound)")
        }
        end = entry.range.upperBound
        guard end <= source.count - header.length else {
          throw FileError(
            .truncated, expected: "elements up to byte \(end)", found: "\(source.count - header.length) bytes")
        }
        let bytes = source[header.length + entry.range.lowerBound..<header.length + end]
        self[entry.name] = try entry.tensor(bytes)
      } catch {
        throw error.inside("tensor '\(entry.name)'")
      }
    }
    guard end == source.count - header.length else {
      throw FileError(
        .malformed, expected: "\(end) bytes of elements, as the header says", found: "\(source.count - header.length)")
    }
  }

  /// Saves the tensors, whole or not at all; the elements go from where they are to the file.
  ///
  /// Wide types come first, then names decide, so that every tensor is aligned and the same tensors give the same bytes.
  ///
  /// - Throws: ``FileError`` of kind `notEncodable` for a type that the format does not have, and when the file cannot be
  ///   written.
  public func write(to path: String) throws(FileError) {
    do throws(FileError) {
      var entries: [SafetensorsHeader.Entry] = []
      for name in names {
        if let data = tensors[name] { entries.append(try SafetensorsHeader.Entry(name, data)) }
      }
      let sorted = entries.sorted {
        $0.dtype.itemSize != $1.dtype.itemSize
          ? $0.dtype.itemSize > $1.dtype.itemSize : $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
      }
      let header = SafetensorsHeader.encoded(sorted, metadata)
      try AtomicFile.write(to: path) { writer throws(FileError) in
        try writer.write(header)
        for entry in sorted {
          if let bytes = tensors[entry.name]?.bytes { try writer.write(bytes) }
        }
      }
    } catch {
      throw error.at(path: path)
    }
  }
}
