internal import COnnx

/// A message that has a twin in the generated C code.
///
/// The Swift value is the truth; the C message lives only while a file is being read or written.
protocol WireMessage {
  associatedtype CMessage

  /// The generated function that makes an empty C message.
  static var initialize: (UnsafeMutablePointer<CMessage>?) -> Void { get }

  /// Makes the value of a C message.
  init(unpacking c: CMessage, with unpacking: Unpacking) throws(FileError)

  /// Sets the fields of an empty C message. What they point at belongs to `packing`, or to `self`.
  func pack(into c: inout CMessage, with packing: Packing) throws(FileError)
}
