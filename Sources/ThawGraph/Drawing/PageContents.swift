import Foundation
import ThawONNX
import ThawTensor

/// What a page of a drawing tells about its boxes.
struct PageContents: Encodable {
  struct Line: Encodable {
    let name: String
    let text: String
  }

  struct Weight: Encodable {
    let slot: String
    let name: String
    let type: String
    let role: String
    let numbers: String?
    let isShared: Bool
    /// Its place in `statistics`.
    let parameter: Int?
  }

  struct Port: Encodable {
    let slot: String
    let name: String
    let type: String
  }

  struct Member: Encodable {
    let name: String
    let weights: [Weight]
    let inputs: [Port]
    let outputs: [Port]
  }

  struct Box: Encodable {
    enum Kind: String, Encodable { case input, operation, output }

    let id: String
    let kind: Kind
    /// The operator, or the name of an input or output.
    let name: String
    var domain = ""
    var isInBackward = false
    var attributes: [Line] = []
    var notes: [String] = []
    let members: [Member]
  }

  let title: String
  let facts: [Line]
  let roles: [Line]
  let boxes: [Box]
  /// By parameter; nil for one without numbers.
  let statistics: [WeightStatistics?]

  /// - Throws: `FileError` or `ModelError` when a weight cannot be read.
  init(_ drawing: ModelDrawing) throws {
    let model = drawing.model
    title = drawing.title
    facts = Self.facts(of: model) + [Line(name: "drawn", text: "\(drawing.extent), without Constant and Identity")]
    roles = drawing.roles.map { Line(name: $0.role.rawValue, text: $0.text) }
    let terminals = drawing.graph.terminals.map(Self.box)
    boxes =
      terminals.filter { $0.kind == .input } + drawing.graph.operations.map(Self.box)
      + terminals.filter { $0.kind == .output }
    statistics = try model.parameters.map { parameter in
      try parameter.count == 0 ? nil : noGrad { try WeightStatistics(parameter.value().detach()) }
    }
  }

  /// The contents as JSON that may stand in a page: no name can end the element it stands in.
  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self).replacing("<", with: "\\u003c")
  }

  private static func facts(of model: Model) -> [Line] {
    let summary = model.summary
    let opsets = summary.opsets.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    let changed = model.parameters.count { $0.hasNewRole }
    let operators = summary.operators.map { "\($0.count) \($0.name)" }
    return [
      Line(name: "format", text: "ONNX, IR version \(summary.irVersion), opset \(opsets.joined(separator: ", "))"),
      Line(name: "producer", text: summary.producer.isEmpty ? "not named" : summary.producer),
      Line(name: "operators", text: operators.joined(separator: ", ")),
      Line(name: "roles", text: summary.roles + (changed == 0 ? "" : "; changed since: \(changed)")),
    ]
  }

  private static func box(_ operation: DrawnGraph.Operation) -> Box {
    Box(
      id: operation.id, kind: .operation, name: operation.opType, domain: operation.domain,
      isInBackward: operation.isInBackward, attributes: operation.attributes.map { Line(name: $0.name, text: $0.text) },
      notes: operation.notes,
      members: operation.members.map { member in
        Member(
          name: member.name,
          weights: member.weights.map {
            Weight(
              slot: $0.slot, name: $0.name, type: $0.type?.description ?? "unknown", role: $0.role.rawValue,
              numbers: $0.numbers,
              isShared: $0.isShared, parameter: $0.parameter)
          }, inputs: member.inputs.map(port), outputs: member.outputs.map(port))
      })
  }

  private static func port(_ port: DrawnGraph.Port) -> Port { Port(slot: port.slot, name: port.name, type: port.type) }

  private static func box(_ terminal: DrawnGraph.Terminal) -> Box {
    let ports = terminal.names.map { Port(slot: "", name: $0, type: terminal.type) }
    return Box(
      id: terminal.id, kind: terminal.isInput ? .input : .output, name: terminal.names.first ?? "",
      members: ports.map { port in
        Member(name: "", weights: [], inputs: terminal.isInput ? [] : [port], outputs: terminal.isInput ? [port] : [])
      })
  }
}
