extension ModelProto {
  /// Saves the model, whole or not at all.
  ///
  /// Payloads go from where they are to the file. The file that is replaced may be the one the model was opened from. A
  /// name that ends in `.gz` gives a compressed file.
  ///
  /// Elements outside the file go to one side-car beside it, `NAME.data`, each at a multiple of 4096 bytes, and those of
  /// an open side-car are copied by the system, not through memory. The side-car is written first, under a name that is
  /// free; then the model takes its place; then the side-car of the model that was there is removed, if it was that
  /// model's own. When nothing outside the file changed and the model is saved over itself, the side-car stays as it is.
  ///
  /// - Throws: ``FileError`` when the folder or the file cannot be written, the disk is full, or for what a file
  ///   cannot hold. The old model is then still in place.
  public func write(to path: String, externalData: ExternalData = .automatic) throws(FileError) {
    do throws(FileError) {
      try write(to: path, AtomicFile.resolvingLinks(path), externalData)
    } catch {
      throw error.at(path: path)
    }
  }

  private func write(
    to path: String, _ target: AtomicFile.Location, _ externalData: ExternalData
  ) throws(FileError) {
    var model = self
    switch externalData {
    case .automatic: break
    case .always: try model.sendOutside()
    case .never: try model.bringInside()
    }
    if try model.encodedCount > ModelProto.longestMessage, externalData != .never { try model.sendOutside() }
    let old = SideCars(of: target, isSource: externalSource != nil && externalSource == ExternalFolder.resolved(path))
    var written: String?
    if model.hasElementsOutside, try !model.staysInPlace(old) {
      try old.checkReplaceable()
      let name = old.freeName
      let pieces = try model.layOut(in: name)
      try SideCars.write(pieces, to: "\(target.folder)/\(name)")
      written = name
    }
    do throws(FileError) {
      let encoder = try WireEncoder(model)
      guard encoder.count <= ModelProto.longestMessage else {
        throw FileError(
          .tooLarge, expected: "less than 2 GiB in the file, which is what readers of ONNX take",
          found: "\(encoder.count) bytes", advice: "save it with external data")
      }
      try encoder.write(to: path, compressed: path.hasSuffix(".gz"))
    } catch {
      if let written { SideCars.remove("\(target.folder)/\(written)") }
      throw error
    }
    old.remove(except: model.externalLocations)
  }

  private static let longestMessage = Int(Int32.max)

  private var encodedCount: Int { get throws(FileError) { try WireEncoder(self).count } }

  private var hasElementsOutside: Bool {
    var result = false
    forEachTensor { if $0.formerPlace != nil || $0.externalBytes != nil { result = true } }
    return result
  }

  /// The side-cars that tensors name.
  var externalLocations: Set<String> {
    var locations: Set<String> = []
    forEachTensor { tensor in
      guard tensor.dataLocation == .external else { return }
      if let location = tensor.externalData.first(where: { $0.key == "location" })?.value { locations.insert(location) }
    }
    return locations
  }

  /// Whether every element outside is where the saved file will look for it.
  private func staysInPlace(_ current: SideCars) throws(FileError) -> Bool {
    guard current.isSource else { return false }
    var stays = true
    forEachTensor { tensor in
      if tensor.formerPlace != nil { stays = false }
      guard let file = tensor.externalBytes?.mapping, stays else { return }
      let location = tensor.externalData.first { $0.key == "location" }?.value ?? ""
      stays = current.holds(file, at: location)
    }
    return stays
  }

  /// Marks the larger initializers for the side-car.
  private mutating func sendOutside() throws(FileError) {
    for index in graph?.initializer.indices ?? 0..<0 {
      guard let bytes = graph?.initializer[index].rawData, bytes.count >= 1024,
        graph?.initializer[index].formerPlace == nil
      else { continue }
      graph?.initializer[index].formerPlace = []
    }
  }

  private mutating func bringInside() throws(FileError) {
    try replaceTensors { tensor in
      guard tensor.formerPlace != nil || tensor.externalBytes != nil else { return nil }
      var inside = tensor
      if let bytes = tensor.externalBytes {
        inside.bringInside()
        inside.rawData = bytes
      }
      inside.formerPlace = nil
      return inside
    }
  }

  /// Gives every tensor outside its place in a new side-car.
  ///
  /// - Returns: the bytes, in order, each to start at the next multiple of the alignment.
  private mutating func layOut(in name: String) throws(FileError) -> [ByteRegion] {
    struct Bytes: Hashable {
      var start: UnsafeRawPointer?
      var count: Int
    }
    var offsets: [Bytes: Int] = [:]
    var pieces: [ByteRegion] = []
    var end = 0
    try replaceTensors { tensor throws(FileError) in
      guard let bytes = tensor.externalBytes ?? (tensor.formerPlace == nil ? nil : tensor.rawData) else { return nil }
      // Tensors that shared their bytes go on doing so.
      let key = Bytes(start: bytes.unsafeBytes.baseAddress, count: bytes.count)
      let start = offsets[key] ?? SideCars.aligned(end)
      if offsets.updateValue(start, forKey: key) == nil {
        let (sum, overflow) = start.addingReportingOverflow(bytes.count)
        guard !overflow, sum < Int.max / 2 else { throw FileError(.tooLarge, found: "tensors of \(sum) bytes") }
        end = sum
        pieces.append(bytes)
      }
      var placed = tensor
      placed.clearCarriers()
      placed.dataLocation = .external
      placed.externalData = ExternalPlace(location: name, offset: start, length: bytes.count)
        .entries(replacing: tensor.formerPlace ?? tensor.externalData)
      placed.externalBytes = bytes
      placed.formerPlace = nil
      return placed
    }
    return pieces
  }
}
