import ThawONNX

/// Bytes that no tensor and no field takes.
enum OrphanBytesRule: CheckRule {
  static func findings(in file: CheckedFile) -> [Finding] {
    Extent.byFile(file).compactMap { sideCar, extents in finding(sideCar, extents) } + sideCars(of: file)
      + unknownFields(of: file.proto)
  }

  /// Writers put tensors at multiples of up to this many bytes, and zeros between.
  private static let alignment = 1 << 16

  private static func finding(_ sideCar: Mapping, _ extents: [Extent]) -> Finding? {
    var gaps: [Range<Int>] = []
    var end = 0
    for range in extents.map(\.range).sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if range.lowerBound > end { gaps.append(end..<range.lowerBound) }
      end = max(end, range.upperBound)
    }
    if end < sideCar.bytes.count { gaps.append(end..<sideCar.bytes.count) }
    gaps.removeAll { $0.count < alignment && sideCar.bytes[$0].allSatisfy { $0 == 0 } }
    guard let first = gaps.first else { return nil }
    let count = gaps.reduce(0) { $0 + $1.count }
    return Finding(
      level: .warning, rule: .orphanBytes, place: Finding.Place(path: sideCar.path),
      message: "\(count) of \(sideCar.bytes.count) bytes belong to no tensor, the first of them bytes \(first.text)",
      advice: "write the data anew with `thaw convert --external-data`; whether the bytes matter, only the writer knows"
    )
  }

  private static func sideCars(of file: CheckedFile) -> [Finding] {
    (file.path.flatMap(SideCars.orphans) ?? []).map { name in
      Finding(
        level: .note, rule: .orphanBytes, place: Finding.Place(path: name),
        message: "this file bears the name of the model's external data, and no model beside it names it",
        advice: "remove it if nothing else needs it")
    }
  }

  private static func unknownFields(of model: ModelProto) -> [Finding] {
    let places =
      [("model", model.unknownFields), ("graph", model.graph?.unknownFields ?? [])]
    return places.compactMap { path, fields in
      guard !fields.isEmpty else { return nil }
      return Finding(
        level: .note, rule: .orphanBytes, place: Finding.Place(path: path),
        message: "\(fields.count) fields are not of ONNX as Thaw knows it; they are kept as they are",
        advice: "nothing, if a newer tool wrote them; else export again")
    }
  }
}
