import Foundation
import Testing
import ThawONNX
import ThawTypes

@Suite struct StructureTests {
  struct Fault: CustomStringConvertible {
    var kind: StructureError.Kind
    var place: String
    var spoil: @Sendable (inout ModelProto) -> Void

    var description: String { "\(kind) at \(place)" }
  }

  static let faults: [Fault] = [
    Fault(kind: .irVersionMissing, place: "ir_version") { $0.irVersion = 0 },
    Fault(kind: .irVersionTooNew, place: "ir_version") { $0.irVersion = 15 },
    Fault(kind: .graphMissing, place: "graph") { $0.graph = nil },
    Fault(kind: .opsetImportMissing, place: "opset_import") {
      $0.opsetImport = []
      $0.graph?.node = []
      $0.graph?.output = []
    },
    Fault(kind: .opsetImportMissing, place: "opset_import[0]") { $0.opsetImport[0].version = nil },
    Fault(kind: .opsetImportTooEarly, place: "opset_import") {
      $0.irVersion = 2
      $0.graph?.input += [Models.value("w", [2, 3]), Models.value("b", [3])]
    },
    Fault(kind: .duplicateMetadataKey, place: "metadata_props[1]") {
      $0.metadataProps = [StringStringEntryProto(key: "k", value: "1"), StringStringEntryProto(key: "k", value: "2")]
    },
    Fault(kind: .nameMissing, place: "graph.name") { $0.graph?.name = "" },
    Fault(kind: .nameMissing, place: "graph.initializer[2]") {
      $0.graph?.initializer.append(Models.tensor("", [1], [1]))
    },
    Fault(kind: .nameMissing, place: "graph.node[0].op_type") { $0.graph?.node[0].opType = nil },
    Fault(kind: .typeMissing, place: "graph.input[0].type") { $0.graph?.input[0].type = nil },
    Fault(kind: .outputTypeMissing, place: "graph.output[0].type") {
      $0.graph?.output[0].type = TypeProto(.tensor(TypeProto.Tensor()))
    },
    Fault(kind: .duplicateInput, place: "graph.input[1]") { $0.graph?.input.append(Models.value("x", [1])) },
    Fault(kind: .duplicateInitializer, place: "graph.initializer[2]") {
      $0.graph?.initializer.append(Models.tensor("w", [1], [1]))
    },
    Fault(kind: .duplicateValue, place: "graph.node[1].output[0]") {
      $0.graph?.node[1].output = ["h"]; $0.graph?.output = []
    },
    Fault(kind: .duplicateValue, place: "graph.node[2].output[0]") {
      $0.graph?.node.append(NodeProto("Relu", input: ["h"], output: ["x"]))
    },
    Fault(kind: .duplicateNodeName, place: "graph.node[1]") { $0.graph?.node[1].name = "fc" },
    Fault(kind: .duplicateAttribute, place: "graph.node[0].attribute[1]") {
      var attribute = AttributeProto()
      attribute.name = "alpha"
      attribute.type = .float
      attribute.f = 1
      $0.graph?.node[0].attribute = [attribute, attribute]
    },
    Fault(kind: .attributeMismatch, place: "graph.node[0].attribute[0]") {
      var attribute = AttributeProto()
      attribute.name = "alpha"
      attribute.type = .int
      attribute.f = 1
      $0.graph?.node[0].attribute = [attribute]
    },
    Fault(kind: .nodeWithoutValues, place: "graph.node[2]") {
      $0.graph?.node.append(NodeProto("Relu", input: [], output: []))
    },
    Fault(kind: .domainNotImported, place: "graph.node[1]") { $0.graph?.node[1].domain = "com.example" },
    Fault(kind: .duplicateOpsetImport, place: "opset_import[1]") {
      $0.opsetImport.append(OperatorSetIdProto(domain: "ai.onnx", version: 17))
    },
    Fault(kind: .undefinedInput, place: "graph.node[1].input[0]") { $0.graph?.node[1].input = ["nowhere"] },
    Fault(kind: .notSorted, place: "graph.node[0]") { $0.graph?.node.reverse() },
    Fault(kind: .cycle, place: "graph.node[0]") { $0.graph?.node[0].input[0] = "y" },
    Fault(kind: .undefinedOutput, place: "graph.output[1]") { $0.graph?.output.append(Models.value("z", [1])) },
    Fault(kind: .initializerNotInput, place: "graph.initializer[0]") { $0.irVersion = 3 },
    Fault(kind: .tensor, place: "graph.initializer[0]") { $0.graph?.initializer[0].dims = [7] },
    Fault(kind: .duplicateFunction, place: "functions[1]") { $0.functions = [function("F", []), function("F", [])] },
    Fault(kind: .recursiveFunction, place: "functions") {
      $0.functions = [function("F", ["G"]), function("G", ["F"])]
    },
    Fault(kind: .undefinedInput, place: "functions[0].node[0].input[0]") {
      $0.functions = [function("F", ["G"])]
      $0.functions[0].input = []
    },
    Fault(kind: .undefinedInput, place: "graph.node[2].attribute[0].g.node[0].input[0]") {
      let body = Models.body([NodeProto("Relu", input: ["nowhere"], output: ["t"])], outputs: ["t"])
      $0.graph?.node.append(
        NodeProto("If", input: ["h"], output: ["c"], attribute: [Models.attribute("then", graph: body)]))
    },
    Fault(kind: .duplicateValue, place: "graph.node[2].attribute[0].g.node[0].output[0]") {
      let body = Models.body([NodeProto("Relu", input: ["h"], output: ["y"])], outputs: ["y"])
      $0.graph?.node.append(
        NodeProto("If", input: ["h"], output: ["c"], attribute: [Models.attribute("then", graph: body)]))
    },
    // The body takes what a later node gives.
    Fault(kind: .notSorted, place: "graph.node[0]") {
      let body = Models.body([NodeProto("Relu", input: ["h"], output: ["t"])], outputs: ["t"])
      $0.graph?.node.insert(
        NodeProto("If", input: ["x"], output: ["c"], attribute: [Models.attribute("then", graph: body)]), at: 0)
    },
  ]

  static func function(_ name: String, _ calls: [String]) -> FunctionProto {
    var function = FunctionProto()
    function.name = name
    function.domain = "local"
    function.opsetImport = [OperatorSetIdProto(domain: "local", version: 1)]
    function.input = ["a"]
    function.output = calls.isEmpty ? ["a"] : ["b"]
    function.node = calls.map { NodeProto($0, input: ["a"], output: ["b"], domain: "local") }
    return function
  }

  @Test(arguments: faults)
  func aFaultIsNamedWithItsPlace(fault: Fault) {
    var model = Models.dense()
    fault.spoil(&model)
    let errors = model.structureErrors()
    #expect(errors.first?.kind == fault.kind)
    #expect(errors.first?.place == fault.place)
    if errors.allSatisfy(\.isTolerated) {
      #expect(throws: Never.self) { try model.validate() }
    } else {
      #expect(throws: StructureError.self) { try model.validate() }
    }
  }

  @Test func aSoundModelHasNoErrors() {
    #expect(Models.dense().structureErrors() == [])
  }

  @Test func aBodySeesWhatIsOutside() {
    var model = Models.dense()
    let inner = Models.body([NodeProto("Add", input: ["t", "w"], output: ["u"])], outputs: ["u"])
    let body = Models.body(
      [
        NodeProto("Relu", input: ["h"], output: ["t"]),
        NodeProto("If", input: ["x"], output: ["v"], attribute: [Models.attribute("then", graph: inner)]),
      ], outputs: ["v"])
    model.graph?.node.append(
      NodeProto("If", input: ["h"], output: ["c"], attribute: [Models.attribute("then", graph: body)]))
    #expect(model.structureErrors() == [])
  }

  @Test func aCircleIsNamedInItsOrder() {
    var model = Models.dense()
    model.graph?.node = [
      NodeProto("Relu", input: ["r"], output: ["p"], name: "A"),
      NodeProto("Relu", input: ["p"], output: ["q"], name: "B"),
      NodeProto("Relu", input: ["q"], output: ["r"], name: "C"),
      NodeProto("Relu", input: ["x"], output: ["y"], name: "D"),
    ]
    let error = model.structureErrors().first
    #expect(error?.kind == .cycle)
    #expect(error?.nodes == ["Relu A", "Relu B", "Relu C"])
  }

  @Test func namesAreComparedByTheirBytes() {
    var model = Models.dense()
    // The same letter composed and decomposed: equal to Swift, two values to ONNX.
    model.graph?.node = [
      NodeProto("Relu", input: ["x"], output: ["\u{e9}"]),
      NodeProto("Relu", input: ["x"], output: ["e\u{301}"]),
      NodeProto("Add", input: ["\u{e9}", "e\u{301}"], output: ["y"]),
    ]
    #expect(model.structureErrors() == [])
  }

  @Test func aLongChainInReverseTakesLinearTime() {
    var model = Models.dense()
    let count = 100_000
    model.graph?.node = (0..<count).reversed().map { index in
      NodeProto("Relu", input: [index == 0 ? "x" : "h\(index - 1)"], output: [index == count - 1 ? "y" : "h\(index)"])
    }
    #expect(model.structureErrors().map(\.kind) == [.notSorted])
  }

  /// What onnx.checker rejects, by structure alone. The rest of its verdicts needs the operators.
  static let beyondStructure: Set<String> = [
    "attribute_of_wrong_type", "clip_11_attributes", "external_escapes", "external_missing_file", "gelu_before_20",
    "if_without_else", "no_outputs_on_node", "reducesum_13_axes_attribute", "required_input_empty", "too_few_inputs",
    "too_many_inputs", "too_many_outputs", "unknown_attribute", "unknown_operator",
  ]

  /// What onnx.checker accepts and we do not: a payload longer than its shape.
  static let stricter: Set<String> = ["raw_data_too_long", "data_type_unknown"]

  @Test(.enabled(if: Files.hasShared))
  func theVerdictsOfTheCheckerAreOurs() throws {
    struct Verdict: Decodable { var check: String }
    let folder = Files.shared.appending(path: "checker")
    let verdicts = try JSONDecoder().decode(
      [String: Verdict].self, from: Data(contentsOf: folder.appending(path: "verdicts.json")))
    #expect(!verdicts.isEmpty)
    for (name, verdict) in verdicts where !Self.beyondStructure.contains(name) {
      let model = try ModelProto(contentsOf: folder.appending(path: "\(name).onnx").path)
      let errors = model.structureErrors().filter { !$0.isWarning }
      let isAccepted = verdict.check == "accept" && !Self.stricter.contains(name)
      #expect(errors.isEmpty == isAccepted, "\(name): \(errors)")
    }
  }

  @Test(.enabled(if: Files.hasShared))
  func networksInUseAreSound() throws {
    for folder in ["goldens", "models"] {
      for path in Files.models(under: Files.shared.appending(path: folder)) {
        #expect(try ModelProto(contentsOf: path).structureErrors().filter { !$0.isWarning } == [], "\(path)")
      }
    }
  }
}
