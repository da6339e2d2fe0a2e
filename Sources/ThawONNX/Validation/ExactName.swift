/// A name compared by its bytes.
///
/// Swift compares strings by meaning: a letter with a combining accent equals the accented letter. ONNX's names are
/// bytes, and a file may hold both.
struct ExactName: Hashable {
  let text: String

  init(_ text: String) { self.text = text }

  static func == (a: Self, b: Self) -> Bool { a.text.utf8.elementsEqual(b.text.utf8) }

  func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}
