import Foundation
import Testing
import ThawTensor
import ThawTypes

@testable import ThawGraph
@testable import ThawONNX

/// Nodes against the published schemas of their operators.
@Suite("Problems of nodes") struct NodeProblemTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let node: NodeProto
    let imports: [OperatorSetIdProto]
    var types: [String: ValueType] = [:]
    /// The kinds, and a part of each sentence.
    var expected: [(kind: SchemaProblem.Kind, text: String)] = []
    var testDescription: String { name }

    init(
      _ name: String, _ opType: String, _ input: [String], outputs output: [String] = ["y"], domain: String = "",
      opset: Int64 = 17, attributes attribute: [AttributeProto] = [], types: [String: ValueType] = [:],
      problems expected: (kind: SchemaProblem.Kind, text: String)...
    ) {
      self.name = name
      node = NodeProto(opType, input: input, output: output, domain: domain, attribute: attribute)
      imports = [OperatorSetIdProto(domain: domain, version: opset)]
      self.types = types
      self.expected = expected
    }
  }

  private static func attribute(_ name: String, _ value: Attribute) -> AttributeProto {
    var proto = AttributeProto()
    proto.name = name
    switch value {
    case .int(let int): (proto.type, proto.i) = (.int, Int64(int))
    case .float(let float): (proto.type, proto.f) = (.float, float)
    case .ints(let ints): (proto.type, proto.ints) = (.ints, ints.map { Int64($0) })
    case .string(let bytes): (proto.type, proto.s) = (.string, bytes)
    default: proto.type = .undefined
    }
    return proto
  }

  private static let (f32, f64, i64, text) = (
    ValueType.tensor(TensorType(.float32, nil)), ValueType.tensor(TensorType(.float64, nil)),
    ValueType.tensor(TensorType(.int64, nil)), ValueType.tensor(TensorType(.string, nil))
  )

  static let cases: [Case] = [
    Case(
      "sound", "Gemm", ["a", "b", "c"], attributes: [attribute("alpha", .float(2))],
      types: ["a": f32, "b": f32, "c": f32]),
    Case("sound, by the domain's other name", "Gemm", ["a", "b"], domain: "ai.onnx"),
    Case("sound, an optional input left out", "Clip", ["x", "", "m"]),
    Case("sound, an attribute private to a tool", "Relu", ["x"], attributes: [attribute("__note", .int(1))]),
    Case(
      "sound, attributes not checked by ONNX", "LayerNormalization", ["x", "s"],
      attributes: [attribute("note", .int(1))]),
    Case("sound, an unpublished domain", "Gemmm", [], domain: "mine", opset: 1),
    Case("sound, a future opset", "Gemmm", [], opset: 99),
    Case(
      "sound, types of their own", "If", ["c"], outputs: ["y", "z"],
      attributes: [
        attribute("then_branch", .text("")), attribute("else_branch", .text("")),
      ], types: ["y": f32, "z": i64], problems: (.attributeType, "should be a graph and is a string"),
      (.attributeType, "'else_branch'")),
    Case(
      "misspelt", "Gemmm", ["a", "b"],
      problems: (.unknownOperator, "ai.onnx opset 17 has no operator 'Gemmm'; should it be Gemm?")),
    Case("misspelt by case", "relu", ["x"], problems: (.unknownOperator, "should it be Relu?")),
    Case("like nothing", "Zzzzzzzzzz", ["x"], problems: (.unknownOperator, "an operator of your own needs a domain")),
    Case("no name", "", ["x"], problems: (.unknownOperator, "no operator ''")),
    Case("too early", "Gelu", ["x"], problems: (.unknownOperator, "it comes with opset 20")),
    Case("another domain's", "Scaler", ["x"], problems: (.unknownOperator, "it is one of ai.onnx.ml")),
    Case(
      "withdrawn", "Upsample", ["x", "s"], opset: 10,
      problems: (
        .deprecatedOperator,
        "Upsample is withdrawn since version 10, and the model imports 10; the last form of it is "
          + "that of version 9"
      )),
    Case("before it was withdrawn", "Upsample", ["x", "s"], opset: 9),
    Case(
      "too few inputs", "Gemm", ["a"],
      problems: (.inputCount, "Gemm-13: the node has 1 input, and it takes 2 to 3 (A, B, C)")),
    Case("too many inputs", "Gemm", ["a", "b", "c", "d"], problems: (.inputCount, "remove those after the first 3")),
    Case(
      "too few of a list", "Concat", [], attributes: [attribute("axis", .int(0))],
      problems: (.inputCount, "it takes at least 1")),
    Case(
      "no outputs", "Gemm", ["a", "b"], outputs: [],
      problems: (.outputCount, "the node has 0 outputs, and it takes 1 (Y)")),
    Case(
      "too many outputs", "Gemm", ["a", "b"], outputs: ["y", "z"], problems: (.outputCount, "the node has 2 outputs")),
    Case(
      "a number of outputs between", "BatchNormalization", ["x", "s", "b", "m", "v"], outputs: ["y", "z"],
      problems: (.outputCount, "the node has 2 outputs, and it may have 1 or 3")),
    Case("a required input left out", "Gemm", ["a", ""], problems: (.missingInput, "input 1 (B) is required")),
    Case(
      "a required output left out", "Gemm", ["a", "b"], outputs: [""],
      problems: (.missingOutput, "output 0 (Y) is required")),
    Case(
      "a misspelt attribute", "Gemm", ["a", "b"], attributes: [attribute("alhpa", .float(1))],
      problems: (.unknownAttribute, "there is no attribute 'alhpa'; should it be 'alpha'?")),
    Case(
      "an attribute of an older version", "ReduceSum", ["x"], attributes: [attribute("axes", .ints([0]))],
      problems: (.unknownAttribute, "version 1, 11 has it")),
    Case(
      "an attribute where there are none", "MatMul", ["a", "b"], attributes: [attribute("axes", .ints([0]))],
      problems: (.unknownAttribute, "there are no attributes")),
    Case(
      "an attribute of the wrong type", "Gemm", ["a", "b"], attributes: [attribute("alpha", .int(1))],
      problems: (.attributeType, "the attribute 'alpha' should be a float and is an integer")),
    Case(
      "a missing attribute", "Concat", ["a"], problems: (.missingAttribute, "the required attribute 'axis' is missing")),
    Case(
      "two types", "Gemm", ["a", "b"], types: ["a": f32, "b": i64],
      problems: (
        .valueType, "input 1 (B), 'b', is tensor(int64), and input 0 (A) is tensor(float); both must be of one type"
      )),
    Case(
      "another output", "Gemm", ["a", "b"], types: ["a": f32, "y": f64],
      problems: (.valueType, "output 0 (Y), 'y', is tensor(double), and input 0 (A) is tensor(float)")),
    Case(
      "a type that is not allowed", "Gemm", ["a", "b"], types: ["a": text],
      problems: (.valueType, "input 0 (A), 'a', is tensor(string); it may be tensor(bfloat16), tensor(double)")),
    Case(
      "a type that comes later", "Relu", ["x"], opset: 13, types: ["x": i64],
      problems: (.valueType, "version 14 takes it: convert the model to opset 14")),
    Case(
      "a fixed type", "If", ["c"], attributes: [attribute("then_branch", .int(0)), attribute("else_branch", .int(0))],
      types: ["c": f32], problems: (.attributeType, "should be a graph and is an integer"),
      (.attributeType, "else_branch"),
      (.valueType, "input 0 (cond), 'c', is tensor(float); it may be tensor(bool)")),
    Case(
      "a list of one type", "Sum", ["a", "b"], types: ["a": f32, "b": f64],
      problems: (.valueType, "both must be of one type")),
    Case(
      "a sequence", "SequenceAt", ["s", "i"], types: ["s": .sequence(f32), "i": i64, "y": f32]),
    Case(
      "no sequence", "SequenceAt", ["s", "i"], types: ["s": f32], problems: (.valueType, "'s', is tensor(float)")),
    Case(
      "a map", "DictVectorizer", ["m"], domain: "ai.onnx.ml", opset: 1,
      types: ["m": .map(key: .string, value: .tensor(.float32([])))]),
    Case(
      "a map of another kind", "DictVectorizer", ["m"], domain: "ai.onnx.ml", opset: 1,
      types: ["m": .map(key: .int32, value: .tensor(.float32([])))],
      problems: (.valueType, "'m', is map(int32, float)")),
  ]

  @Test("each has the problems that are written down", arguments: cases)
  func table(row: Case) {
    let problems = PublishedSchemas.problems(of: row.node, in: row.imports) { row.types[$0] }
    #expect(problems.map(\.kind) == row.expected.map(\.kind), "\(problems)")
    for (problem, expected) in zip(problems, row.expected) {
      #expect(problem.description.contains(expected.text))
      #expect(!problem.remedy.isEmpty)
    }
  }

  @Test("every kind of problem has a row") func kinds() {
    #expect(Set(Self.cases.flatMap { $0.expected.map(\.kind) }) == Set(SchemaProblem.Kind.allCases))
  }

  // MARK: onnx.checker's verdicts

  private static let shared = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../../shared/checker").standardized.path

  /// What onnx.checker refuses a node for, by file; in all other files it finds nothing of the kind.
  private static let refused: [String: [SchemaProblem.Kind]] = [
    "add_types_differ": [.valueType], "attribute_of_wrong_type": [.attributeType],
    "attribute_without_name": [.unknownAttribute],
    "clip_11_attributes": [.unknownAttribute, .unknownAttribute], "empty_op_type": [.unknownOperator],
    "gelu_before_20": [.unknownOperator], "if_condition_float": [.valueType],
    "if_without_else": [.missingAttribute], "no_outputs_on_node": [.outputCount],
    "reducesum_13_axes_attribute": [.unknownAttribute], "required_input_empty": [.missingInput],
    "output_type_wrong": [.valueType], "too_few_inputs": [.inputCount], "too_many_inputs": [.inputCount],
    "too_many_outputs": [.outputCount],
    "unknown_attribute": [.unknownAttribute], "unknown_operator": [.unknownOperator],
    "weight_type_mismatch": [.valueType],
  ]

  @Test(
    "nodes are refused where onnx.checker refuses them",
    .enabled(if: FileManager.default.fileExists(atPath: shared), "\(shared) is not there"))
  func verdicts() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.shared).filter { $0.hasSuffix(".onnx") }
    #expect(Set(Self.refused.keys).isSubset(of: files.map { String($0.dropLast(5)) }))
    for file in files {
      let model = try ModelProto(contentsOf: "\(Self.shared)/\(file)")
      let problems = model.nodeProblems
      #expect(problems.map(\.kind) == Self.refused[String(file.dropLast(5))] ?? [], "\(file): \(problems)")
    }
  }
}
