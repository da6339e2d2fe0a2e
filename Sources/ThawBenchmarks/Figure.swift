import Foundation
import ThawTraining
import ThawTypes

/// What one measurement gave: a line of JSON, or a row of a table.
protocol Figure: Encodable {
  static var columns: [TextTable.Column] { get }
  var cells: [String] { get }
}

/// Where figures go: a line of JSON each as they come, or a table at the end.
struct FigureOutput<Row: Figure> {
  private let isJSON: Bool
  private var rows: [Row] = []

  /// - Parameter json: JSON also on a terminal; elsewhere it is JSON always, for programs that read it.
  init(json: Bool) { isJSON = json || isatty(STDOUT_FILENO) == 0 }

  mutating func add(_ row: Row) throws {
    guard isJSON else {
      rows.append(row)
      return
    }
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    print(String(decoding: try encoder.encode(row), as: UTF8.self))
    fflush(nil)
  }

  func finish() {
    guard !isJSON else { return }
    var table = TextTable(Row.columns)
    for row in rows { table.add(row.cells) }
    print(table.text(width: .max))
  }
}

/// Who was measured.
let peer = "thaw-\(Release.version)"

extension Double {
  /// With three digits after the point: enough for a microsecond in milliseconds.
  var rounded3: Double { (self * 1000).rounded() / 1000 }
}

/// The most memory that this process has held, in MB.
var peakMemory: Int {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return usage.ru_maxrss / 1024
}
