extension ModelProto {
  /// Opens the elements that the model keeps outside its file.
  ///
  /// Nothing is read: tensors get views of the side-cars, which are checked to be there, inside the model's folder, and
  /// long enough. Tensors that contradict themselves are left for ``validate()``.
  ///
  /// - Parameters:
  ///   - path: The model's file.
  ///   - allowLinks: Whether a side-car may be a symbolic link that leads out of the folder.
  /// - Throws: ``FileError`` that names the tensor, the side-car and the folder.
  public mutating func openExternalData(besides path: String, allowLinks: Bool = false) throws(FileError) {
    try openExternalData(besides: path, allowLinks: allowLinks) { _, error throws(FileError) in throw error }
  }

  /// Opens what can be opened of the elements that the model keeps outside its file.
  ///
  /// - Returns: the tensors whose elements cannot be opened, in the order of the file, with the reason.
  package mutating func openExternalDataAsFarAsPossible(
    besides path: String, allowLinks: Bool
  ) -> [(tensor: String, error: FileError)] {
    var failures: [(tensor: String, error: FileError)] = []
    do throws(FileError) {
      try openExternalData(besides: path, allowLinks: allowLinks) { tensor, error throws(FileError) in
        failures.append((tensor.name ?? "", error))
      }
    } catch {
      failures.append(("", error))
    }
    return failures
  }

  /// - Parameter onFailure: what happens when a tensor's elements cannot be opened; the tensor is left as it is when it
  ///   returns.
  private mutating func openExternalData(
    besides path: String, allowLinks: Bool, onFailure: (TensorProto, FileError) throws(FileError) -> Void
  ) throws(FileError) {
    var isNeeded = false
    forEachTensor { if $0.dataLocation == .external { isNeeded = true } }
    guard isNeeded else { return }
    let folder = try ExternalFolder(of: path, allowsLinks: allowLinks)
    var files: [String: ByteRegion] = [:]
    try replaceTensors { tensor throws(FileError) in
      guard let size = tensor.externalByteCount else { return nil }
      var opened = tensor
      do throws(FileError) {
        let place = try ExternalPlace(tensor.externalData)
        if files[place.location] == nil { files[place.location] = ByteRegion(try folder.open(place.location)) }
        opened.externalBytes = try files[place.location].map { file throws(FileError) in
          try Self.part(of: file, at: place, size)
        }
      } catch {
        try onFailure(tensor, error.at(path: path).inside("external data of tensor '\(tensor.name ?? "")'"))
        return nil
      }
      return opened
    }
    externalSource = ExternalFolder.resolved(path)
  }

  private static func part(of file: ByteRegion, at place: ExternalPlace, _ size: Int) throws(FileError) -> ByteRegion {
    let path = file.mapping?.path
    if let length = place.length, length != size {
      throw FileError(
        .malformed, path: path, expected: "a length of \(size) bytes, for its dimensions", found: "\(length)")
    }
    guard place.offset <= file.count, size <= file.count - place.offset else {
      throw FileError(
        .truncated, path: path, expected: "\(size) bytes from byte \(place.offset) on",
        found: "a file of \(file.count)", advice: "fetch it again, together with the model")
    }
    return file[place.offset..<place.offset + size]
  }
}
