import Foundation
import Thaw

/// Words between commas, and nested lists of them in brackets: `7`, `[1,2]`, `[[1,2],[3,4]]`.
struct ListText {
  private(set) var words: [String] = []
  private(set) var shape: [Int] = []

  /// - Throws: `ModelError` for brackets that do not match and lists of different lengths.
  init(_ text: String, _ name: String) throws {
    func broken(_ reason: String) -> ModelError {
      ModelError(
        .type,
        "--input \(name): '\(text)' is no value: \(reason); write a number, a list such as [1,2] or [[1,2],[3,4]], or "
          + "a .npy, .npz or .pb file")
    }
    // For each open bracket, how many entries its list has; for each depth, how long a list there is.
    var open: [Int] = []
    var lengths: [Int: Int] = [:]
    var wordDepths: Set<Int> = []
    var rest = Substring(text)
    var needsEntry = true
    while let first = rest.first {
      switch first {
      case _ where first.isWhitespace: rest.removeFirst()
      case "[":
        guard needsEntry, open.count < 16 else { throw broken("a bracket stands where a comma should") }
        rest.removeFirst()
        open.append(0)
        if rest.first(where: { !$0.isWhitespace }) == "]" { needsEntry = false }
      case "]":
        guard !needsEntry, let length = open.popLast() else { throw broken("a bracket closes where none is open") }
        rest.removeFirst()
        let depth = open.count
        guard lengths.updateValue(length, forKey: depth) ?? length == length else {
          throw broken("its lists are of different lengths")
        }
        if !open.isEmpty { open[open.count - 1] += 1 }
      case ",":
        guard !needsEntry, !open.isEmpty else { throw broken("a comma stands where a number should") }
        rest.removeFirst()
        needsEntry = true
      default:
        guard needsEntry else { throw broken("something follows a bracket") }
        let word = rest.prefix { !"[],".contains($0) }
        words.append(word.trimmingCharacters(in: .whitespaces))
        rest.removeFirst(word.count)
        wordDepths.insert(open.count)
        if !open.isEmpty { open[open.count - 1] += 1 }
        needsEntry = false
      }
    }
    guard open.isEmpty, !needsEntry else { throw broken(open.isEmpty ? "it is empty" : "a bracket is not closed") }
    guard wordDepths.count <= 1, wordDepths.first.map({ $0 == lengths.count }) ?? true else {
      throw broken("its numbers stand in lists of different depths")
    }
    shape = lengths.keys.sorted().map { lengths[$0] ?? 0 }
    guard shape.reduce(1, *) == words.count else { throw broken("its numbers stand in lists of different depths") }
  }

  var areIntegers: Bool { words.allSatisfy { Int($0) != nil } }
}
