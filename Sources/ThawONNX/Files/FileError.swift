/// What was wrong with a file, where, and what to do about it.
///
/// Every reader and writer of this module throws it. `description` is one sentence made of its parts.
public struct FileError: Error, Equatable, Sendable {
  /// What went wrong.
  public var kind: Kind
  /// The file, where there is one.
  public var path: String?
  /// The place inside: a field such as `graph.initializer[3].raw_data`, or a member of an archive.
  public var place: String?
  /// The offset in the file, in bytes.
  public var offset: Int?
  /// What should have been there.
  public var expected: String?
  /// What was there.
  public var found: String?
  /// What to do about it.
  public var advice: String?

  /// Makes an error.
  public init(
    _ kind: Kind, path: String? = nil, place: String? = nil, offset: Int? = nil, expected: String? = nil,
    found: String? = nil, advice: String? = nil
  ) {
    self.kind = kind
    self.path = path
    self.place = place
    self.offset = offset
    self.expected = expected
    self.found = found
    self.advice = advice
  }
}

extension FileError {
  /// The ways in which a file can fail to be read or written.
  public enum Kind: Hashable, Sendable, CaseIterable {
    /// There is no file at the path.
    case notFound
    /// A folder is at the path.
    case isFolder
    /// A device, a pipe or a socket is at the path.
    case notRegular
    /// The file may not be read.
    case notReadable
    /// Reading failed for another reason.
    case readFailed
    /// The file has no bytes.
    case empty
    /// The file holds the address of a model in Git Large File Storage.
    case gitLFSPointer
    /// The file is a web page.
    case html
    /// The file is compressed with gzip.
    case gzip
    /// The file is a zip archive.
    case zip
    /// The bytes are not what this reader reads.
    case wrongFormat
    /// The file ends before what it announces.
    case truncated
    /// The bytes contradict the format.
    case malformed
    /// A table of text breaks its rules.
    case malformedTable
    /// A text is not UTF-8, or holds a zero byte.
    case invalidText
    /// Messages are nested too deeply.
    case tooDeep
    /// A part is larger than the limits allow.
    case tooLarge
    /// A checksum does not fit the bytes.
    case checksum
    /// A name occurs twice.
    case duplicateName
    /// The file is sound but uses something that Thaw does not read.
    case unsupported
    /// The file changed after it was opened.
    case changed
    /// The folder to write to does not exist.
    case folderMissing
    /// The folder to write to is a file.
    case parentIsFile
    /// The file or its folder may not be written.
    case notWritable
    /// There is no room left.
    case diskFull
    /// Writing failed for another reason.
    case writeFailed
    /// A value cannot be written in the format.
    case notEncodable
    /// External data is said to be outside of the model's folder.
    case outsideFolder
    /// External data is a symbolic link out of the model's folder.
    case linkOut
    /// A file that would be replaced has another name.
    case hardLinked
  }
}

extension FileError: CustomStringConvertible {
  /// One sentence: the file, what is wrong, where, what was expected and found, and what to do.
  public var description: String {
    var text = path.map { "\($0): " } ?? ""
    text += kind.summary
    switch (place, offset) {
    case (let place?, let offset?): text += " in \(place), byte \(offset)"
    case (let place?, nil): text += " in \(place)"
    case (nil, let offset?): text += " at byte \(offset)"
    case (nil, nil): break
    }
    switch (expected, found) {
    case (let expected?, let found?): text += ": expected \(expected), found \(found)"
    case (let expected?, nil): text += ": expected \(expected)"
    case (nil, let found?): text += ": found \(found)"
    case (nil, nil): break
    }
    if let advice { text += "; \(advice)" }
    return text
  }

  /// The same error with the file's path, where it has none yet.
  func at(path: String) -> FileError {
    var error = self
    error.path = error.path ?? path
    return error
  }

  /// The same error with its place put inside `outer`.
  func inside(_ outer: String) -> FileError {
    var error = self
    error.place = error.place.map { "\(outer).\($0)" } ?? outer
    return error
  }
}

extension FileError.Kind {
  var summary: String {
    switch self {
    case .notFound: "there is no such file"
    case .isFolder: "this is a folder, not a file"
    case .notRegular: "this is a device, a pipe or a socket, not a file"
    case .notReadable: "the file may not be read"
    case .readFailed: "the file could not be read"
    case .empty: "the file is empty"
    case .gitLFSPointer: "the file is a Git LFS pointer, not the model it stands for"
    case .html: "the file is a web page, not a model"
    case .gzip: "the file is compressed with gzip"
    case .zip: "the file is a zip archive"
    case .wrongFormat: "the file is of another format"
    case .truncated: "the file is cut off"
    case .malformed: "the file is damaged"
    case .malformedTable: "the table is not well-formed"
    case .invalidText: "a text is not valid UTF-8 without zero bytes"
    case .tooDeep: "messages are nested too deeply"
    case .tooLarge: "a part is larger than the limit"
    case .checksum: "the checksum is wrong"
    case .duplicateName: "a name occurs twice"
    case .unsupported: "this part of the format is not supported"
    case .changed: "the file changed after it was opened"
    case .folderMissing: "the folder does not exist"
    case .parentIsFile: "the path leads through a file as if it were a folder"
    case .notWritable: "the file or its folder may not be written"
    case .diskFull: "there is no room left on the disk"
    case .writeFailed: "the file could not be written"
    case .notEncodable: "the value cannot be written"
    case .outsideFolder: "external data must be inside the model's folder"
    case .linkOut: "this is a symbolic link that leads out of the model's folder"
    case .hardLinked: "the file has other names (hard links)"
    }
  }
}
