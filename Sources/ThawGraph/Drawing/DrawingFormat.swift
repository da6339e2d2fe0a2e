import Foundation
import ThawONNX

/// The kinds of file that a drawing can become.
public enum DrawingFormat: String, CaseIterable, Sendable {
  case svg, png, dot, html

  /// The kind that a file's name ends in; nil for any other.
  public init?(path: String) {
    guard let ending = path.split(separator: "/").last?.split(separator: ".").dropFirst().last else { return nil }
    self.init(rawValue: ending.lowercased())
  }

  /// Writes a drawing in DOT as text, or as `dot` lays it out; a failure or a crash leaves what was there.
  ///
  /// - Throws: `DrawingError` when the name ends in no kind of picture, or `dot` is missing or fails; `FileError` when
  ///   the file cannot be written.
  public static func write(_ dot: String, to path: String, _ patience: Graphviz.Patience = Graphviz.Patience()) throws {
    let data =
      switch DrawingFormat(path: path) {
      case .dot: Data(dot.utf8)
      case .svg: try Graphviz.layOut(dot, as: .svg, patience)
      case .png: try Graphviz.layOut(dot, as: .png, patience)
      case .html: throw DrawingError(message: "\(path): only a model becomes a page; take .svg, .png or .dot")
      case nil: throw DrawingError.ending(of: path)
      }
    try write(data, to: path)
  }

  static func write(_ data: Data, to path: String) throws {
    try AtomicFile.write(to: path) { writer throws(FileError) in try writer.write([UInt8](data)) }
  }
}
