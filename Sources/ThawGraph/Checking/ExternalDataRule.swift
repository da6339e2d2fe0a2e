import ThawONNX

/// Elements outside of the file: whether they can be opened, and whether tensors share bytes.
enum ExternalDataRule: CheckRule {
  static func findings(in file: CheckedFile) -> [Finding] {
    var failures = Dictionary(grouping: file.externalFailures, by: \.tensor)
    var findings: [Finding] = []
    for tensor in file.walk.tensors where tensor.proto.isExternalAndClosed {
      guard let error = failures[tensor.proto.name ?? ""]?.first?.error else { continue }
      if let rest = failures[tensor.proto.name ?? ""], rest.count > 1 {
        failures[tensor.proto.name ?? ""] = Array(rest.dropFirst())
      }
      var bare = error
      (bare.place, bare.advice) = (nil, nil)
      if bare.path == file.path { bare.path = nil }
      findings.append(
        Finding(
          level: .error, rule: .externalData, place: tensor.place, message: bare.description,
          advice: error.advice ?? advice(for: error.kind)))
    }
    return findings + overlaps(in: file)
  }

  private static func advice(for kind: FileError.Kind) -> String {
    switch kind {
    case .outsideFolder: "put the data beside the model and name it relative to the model's folder"
    case .malformed, .duplicateName: "correct the entries of external_data: location, offset and length"
    default: "fetch the data again, together with the model"
    }
  }

  /// Tensors that have some of their bytes in common. Two that are one are no problem; training keeps them apart.
  private static func overlaps(in file: CheckedFile) -> [Finding] {
    var findings: [Finding] = []
    for (_, extents) in Extent.byFile(file) {
      // The one that reaches furthest so far.
      var furthest: Extent?
      for extent in extents.sorted(by: {
        ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
      }) {
        if let other = furthest, other.range.upperBound > extent.range.lowerBound {
          let isSame = other.range == extent.range
          findings.append(
            Finding(
              level: isSame ? .note : .warning, rule: .externalData, place: extent.place,
              message: isSame
                ? "its bytes are those of '\(other.name)'"
                : "its bytes \(extent.range.text) overlap those of '\(other.name)', \(other.range.text)",
              advice: isSame
                ? "nothing; training changes each of them apart from the other"
                : "correct the offsets, or write the data anew with `thaw convert --external-data`"))
        }
        if extent.range.upperBound > furthest?.range.upperBound ?? 0 { furthest = extent }
      }
    }
    return findings
  }
}

/// Which bytes of a side-car a tensor takes.
struct Extent {
  let place: Finding.Place
  let name: String
  let range: Range<Int>

  /// All extents of a model's tensors, with the side-cars they are in.
  static func byFile(_ file: CheckedFile) -> [(file: Mapping, extents: [Extent])] {
    var order: [Mapping] = []
    var extents: [ObjectIdentifier: [Extent]] = [:]
    for tensor in file.walk.tensors {
      guard let bytes = tensor.proto.externalBytes, let mapping = bytes.mapping,
        let start = bytes.unsafeBytes.baseAddress, let base = mapping.bytes.baseAddress
      else { continue }
      let offset = start - base
      if extents[ObjectIdentifier(mapping)] == nil { order.append(mapping) }
      extents[ObjectIdentifier(mapping), default: []].append(
        Extent(place: tensor.place, name: tensor.proto.name ?? "", range: offset..<offset + bytes.count))
    }
    return order.map { ($0, extents[ObjectIdentifier($0)] ?? []) }
  }
}

extension TensorProto {
  /// Whether the elements are outside of the file and could not be opened.
  fileprivate var isExternalAndClosed: Bool { dataLocation == .external && externalBytes == nil }
}

extension Range<Int> {
  /// As bytes from the first to the last.
  var text: String { "\(lowerBound) to \(upperBound - 1)" }
}
