import ThawONNX

/// A file that cannot be read at all.
enum FileRule {
  static func finding(_ error: any Error) -> Finding {
    guard let error = error as? FileError else {
      return Finding(
        level: .error, rule: .file, place: Finding.Place(path: "file"), message: "\(error)", advice: "fetch it again")
    }
    var bare = error
    (bare.path, bare.place, bare.advice) = (nil, nil, nil)
    return Finding(
      level: .error, rule: .file, place: Finding.Place(path: error.place ?? "file"), message: bare.description,
      advice: error.advice ?? advice(for: error.kind))
  }

  private static func advice(for kind: FileError.Kind) -> String {
    switch kind {
    case .notFound, .isFolder, .notRegular: "give the path of an .onnx file"
    case .notReadable, .readFailed: "make the file readable"
    case .gitLFSPointer: "fetch the model with `git lfs pull`"
    case .html: "download the file itself, not the page that shows it"
    case .zip: "unpack the archive and check the model inside"
    case .unsupported, .tooLarge, .tooDeep: "export the model anew, with a plainer structure"
    default: "fetch or export the file again"
    }
  }
}
