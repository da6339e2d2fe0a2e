import Foundation
import Testing
import ThawGraph
import ThawONNX
import ThawTensor
import ThawTraining

@Suite("thaw inspect") struct InspectTests {
  @Test("text: the whole first, then the parameters")
  func text() throws {
    try Thaw.withFolder { folder in
      try SmallModels.write(to: folder)
      let text = try Thaw.run(["inspect", "model.onnx"], in: folder)
      #expect(text.code == 0 && text.error == "")
      #expect(
        text.output
          == """
          format      ONNX, IR version 8, opset ai.onnx 17
          producer    thaw
          graph       graph
          input       x: float32[N, 2]
          output      probabilities: float32[N, 2]
          operators   2 Add, 2 MatMul, 1 Relu, 1 Softmax
          roles       as written in the file
          trainable   4 tensors, 42 numbers, 168 B
          work        32 multiply-adds, for x: float32[1, 2]

          parameter    type           role       bytes
          body.weight  float32[2, 8]  trainable   64 B
          body.bias    float32[8]     trainable   32 B
          head.weight  float32[8, 2]  trainable   64 B
          head.bias    float32[2]     trainable    8 B

          """)
    }
  }

  @Test("statistics, nodes, shapes and memory, for a batch")
  func options() throws {
    try Thaw.withFolder { folder in
      try SmallModels.write(to: folder)
      let text = try Thaw.run(
        ["inspect", "model.onnx", "--stats", "--nodes", "--shapes", "--memory", "--batch", "10"], in: folder
      ).output
      #expect(text.contains("work        320 multiply-adds, for x: float32[10, 2]\n"))
      #expect(text.contains("weights 168 B, inputs 80 B, activations ") && text.contains(" B (planned)"))
      #expect(text.contains("gradients 168 B; optimizer state: sgd 0 B, sgd with momentum 168 B"))
      #expect(
        text.contains("body.bias    float32[8]     trainable   32 B       0      0        0      0      8\n"), "\(text)"
      )
      #expect(text.contains("MatMul    float32[10, 8]            160  50.0 %\n"), "\(text)")
      let json = try inspection("model.onnx", "--stats", in: folder)
      let weight = try #require(json.description.parameters.first?.statistics)
      let numbers = try RandomGenerator(seed: 1).uniform([2, 8], from: -1, to: 1).elements(as: Double.self)
      #expect(weight.min == numbers.min() && weight.max == numbers.max() && weight.zeroCount == 0)
    }
  }

  @Test("an open axis: what it costs is not known, and why; --size gives it")
  func open() throws {
    try Thaw.withFolder { folder in
      let graph = try Graph.record(inputs: ["x": .float32("N", "T", 4)], output: "y") { x in
        x.matmul(Tensor.ones([4, 3]))
      }
      try graph.save(to: "\(folder)/model.onnx")
      let none = try Thaw.run(["inspect", "model.onnx", "--memory"], in: folder)
      #expect(none.code == 0 && !none.output.contains("work "))
      #expect(
        none.error
          == "thaw: note: what the model costs is not known: the input 'x' (float32[N, T, 4]) leaves the size of "
          + "axis 1 open: give it (--size T=NUMBER), or the input (--input x=FILE)\n")
      let text = try Thaw.run(["inspect", "model.onnx", "--size", "T=5", "--batch", "2"], in: folder).output
      #expect(text.contains("work        120 multiply-adds, for x: float32[2, 5, 4]\n"), "\(text)")
    }
  }

  private func inspection(_ arguments: String..., in folder: String) throws -> Inspection {
    let result = try Thaw.run(["inspect", "--json"] + arguments, in: folder)
    try #require(result.code == 0, "\(result.error)")
    return try JSONDecoder().decode(Inspection.self, from: Data(result.output.utf8))
  }

  @Test("a model of 200 nodes: what it is fits on the first screen of 80 columns")
  func firstScreen() throws {
    try Thaw.withFolder { folder in
      let weights = try (0..<50).map { index in
        Parameter(
          "encoder.stages.\(index / 10).blocks.\(index).weight",
          try RandomGenerator(seed: 1).uniform([16, 16], from: -1, to: 1))
      }
      let graph = try Graph.record(inputs: ["features": .float32("N", 16)], output: "y", parameters: weights) { x in
        try weights.reduce(x) { x, weight in
          let y = x.matmul(try weight.value()).relu()
          return (y + x).tanh()
        }
      }
      #expect(try Model(graph).nodeCount == 200)
      try graph.save(to: "\(folder)/model.onnx")
      let terminal = try Terminal(["inspect", "model.onnx", "--memory"], in: folder, environment: ["NO_COLOR": "1"])
      #expect(terminal.end() == 0)
      let lines = terminal.screen
      #expect(lines.allSatisfy { $0.count <= 80 }, "\(lines.filter { $0.count > 80 })")
      let head = try #require(lines.firstIndex { $0.hasPrefix("parameter") })
      #expect(head < 24)
      for label in ["format", "input", "operators", "roles", "trainable", "work", "inference", "training"] {
        #expect(lines[..<head].contains { $0.hasPrefix(label) }, "\(label)")
      }
    }
  }

  /// The paths of all fields, entries of lists as `[]`; dictionaries by free keys count as one.
  private func fields(_ value: Any, _ path: String = "") -> Set<String> {
    switch value {
    case let fields as [String: Any]:
      if ["opsets", "metadata"].contains(path) { return [path] }
      return fields.reduce(into: []) {
        $0.formUnion(self.fields($1.value, path.isEmpty ? $1.key : "\(path).\($1.key)"))
      }
    case let list as [Any]: return list.reduce(into: []) { $0.formUnion(self.fields($1, path + "[]")) }
    default: return [path]
    }
  }

  @Test("the fields of the JSON are those that the documentation tells")
  func documented() throws {
    try Thaw.withFolder { folder in
      try SmallModels.write(to: folder)
      // What most models do not have: words about themselves, operators that are not known or known in part.
      let w = Parameter("w", Tensor.ones([2, 2]))
      let graph = try Graph.record(inputs: ["x": .float32([1, 2])], output: "y", parameters: [w]) { x in
        x.matmul(try w.value())
      }
      try graph.save(to: "\(folder)/other.onnx")
      var proto = try ModelProto(contentsOf: "\(folder)/other.onnx")
      (proto.domain, proto.modelVersion, proto.docString) = ("org.example", 3, "A model.")
      var (strange, partly) = (NodeProto(), NodeProto())
      (strange.opType, strange.input, strange.output) = ("Strange", ["x"], ["z"])
      (partly.opType, partly.input, partly.output) = ("Cast", ["x"], ["u"])
      proto.graph?.node += [strange, partly]
      let type = try #require(proto.graph?.output.first?.type)
      for name in ["z", "u"] {
        var output = ValueInfoProto()
        (output.name, output.type) = (name, type)
        proto.graph?.output.append(output)
      }
      try proto.write(to: "\(folder)/other.onnx")
      var found: Set<String> = []
      for model in ["model.onnx", "other.onnx"] {
        let result = try Thaw.run(
          ["inspect", model, "--json", "--stats", "--shapes", "--nodes", "--memory"], in: folder)
        try #require(result.code == 0, "\(result.error)")
        found.formUnion(fields(try JSONSerialization.jsonObject(with: Data(result.output.utf8))))
      }
      let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
      let article = try String(contentsOf: root.appending(path: "Sources/Thaw/Thaw.docc/Inspect.md"), encoding: .utf8)
      let cells = article.split(separator: "\n").filter { $0.hasPrefix("| `") }.compactMap {
        $0.split(separator: "|").first
      }
      let told = Set(cells.flatMap { $0.matches(of: /`([^`]+)`/).map { String($0.1) } })
      #expect(found.subtracting(told).sorted() == [])
      #expect(told.subtracting(found).sorted() == [])
    }
  }
}
