import ThawONNX
import ThawTensor

/// Values that the file declares more than once, as different things.
enum DeclarationRule: CheckRule {
  static func findings(in file: CheckedFile) -> [Finding] {
    file.walk.blocks.flatMap { block -> [Finding] in
      guard let graph = block.graph else { return [] }
      var known: [String: (type: ValueType, field: String)] = [:]
      let ports = [("input", graph.input), ("output", graph.output), ("value_info", graph.valueInfo)]
      return ports.flatMap { field, list in
        list.enumerated().compactMap { index, value -> Finding? in
          guard let name = value.name, let type = value.type.flatMap(ValueType.init) else { return nil }
          guard let other = known[name] else {
            known[name] = (type, field)
            return nil
          }
          guard other.type.merged(withDeclared: type, isCredible: { _, _ in true }) == nil else { return nil }
          return Finding(
            level: .warning, rule: .types, place: file.walk.place("\(block.place.path).\(field)[\(index)]"),
            message: "'\(name)' is declared as \(type), and in \(other.field) as \(other.type)",
            advice: "keep the declaration that is right; readers differ in which they believe")
        }
      }
    }
  }
}
