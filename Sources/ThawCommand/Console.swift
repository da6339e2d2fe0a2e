import Foundation
import Thaw

/// Where the command speaks: results to standard output, troubles and progress to standard error.
enum Console {
  /// Where words go.
  enum Stream: Int32 {
    case output = 1
    case error = 2

    /// Whether somebody watches.
    var isTerminal: Bool { isatty(rawValue) == 1 }

    /// Whether it is a terminal that knows more than letters.
    var isScreen: Bool { isTerminal && !["dumb", ""].contains(Self.environment("TERM") ?? "") }

    /// Whether words may have colours: on a screen, unless NO_COLOR is set.
    var showsColours: Bool { isScreen && (Self.environment("NO_COLOR") ?? "").isEmpty }

    /// How many characters fit into a line; nil where it is no terminal.
    var width: Int? {
      var size = winsize()
      guard ioctl(rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
      return Int(size.ws_col)
    }

    private static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
  }

  static func line(_ text: String) {
    StatusLine.erase()
    print(text)
    // Whoever reads through a pipe should see a line when it is there.
    fflush(nil)
  }

  /// Something a user should know about what is done, among the results.
  static func note(_ text: String) { line("\(Paint.yellow("note:", on: .output)) \(text)") }

  /// Something a user should know that is no part of the results.
  static func remark(_ text: String) {
    error("\(Paint.yellow("thaw: note:", on: .error)) \(text)")
  }

  /// What went wrong, before the program ends.
  static func failure(_ text: String) { error("\(Paint.red("thaw:", on: .error)) \(text)") }

  static func error(_ text: String) {
    StatusLine.erase()
    write(text + "\n")
  }

  /// Words to standard error as they are. Nobody is left to tell when it is closed.
  static func write(_ text: String) {
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { Foundation.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }

  /// How many characters fit into a line of standard output; 120 where that is no terminal.
  static var width: Int { Stream.output.width ?? 120 }
}

/// What words look like on a screen.
enum Paint: Int {
  case bold = 1
  case dim = 2
  case red = 31
  case green = 32
  case yellow = 33
  case blue = 34

  /// The text in this colour where `stream` shows colours, else as it is.
  func callAsFunction(_ text: String, on stream: Console.Stream) -> String {
    stream.showsColours ? "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" : text
  }
}
