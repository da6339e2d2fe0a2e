import Foundation
import ThawONNX

/// The kinds of file that a drawing can become.
public enum DrawingFormat: String, CaseIterable, Sendable {
  case svg, png, dot

  /// The kind that a file's name ends in; nil for any other.
  public init?(path: String) {
    guard let ending = path.split(separator: "/").last?.split(separator: ".").dropFirst().last else { return nil }
    self.init(rawValue: ending.lowercased())
  }

  /// Writes a drawing in DOT as text, or as `dot` lays it out; a crash leaves the old file or the new one, whole.
  ///
  /// - Throws: `DrawingError` when `dot` is missing or fails, `FileError` when the file cannot be written.
  public func write(_ dot: String, to path: String, seconds: Double = 600) throws {
    switch self {
    case .dot: try Self.write(Data(dot.utf8), to: path)
    case .svg: try Self.write(Graphviz.layOut(dot, as: .svg, seconds: seconds), to: path)
    case .png: try Self.write(Graphviz.layOut(dot, as: .png, seconds: seconds), to: path)
    }
  }

  static func write(_ data: Data, to path: String) throws {
    try AtomicFile.write(to: path) { writer throws(FileError) in try writer.write([UInt8](data)) }
  }
}
