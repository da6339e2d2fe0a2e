import Testing
import ThawGraph
import ThawTensor
import ThawTypes

@testable import ThawCommand

/// What stands after `--input NAME=`, the type that the model declares, and the tensor that it means.
struct GivenRow: Sendable, CustomTestStringConvertible {
  let text: String
  let type: TensorType?
  let dtype: DType
  let shape: [Int]
  let values: [Double]

  init(_ text: String, _ type: TensorType?, _ dtype: DType, _ shape: [Int], _ values: [Double]) {
    (self.text, self.type, self.dtype, self.shape, self.values) = (text, type, dtype, shape, values)
  }

  var testDescription: String { "\(text) as \(type.map { "\($0)" } ?? "anything")" }
}

@Suite("Inputs on the command line") struct GivenInputTests {
  static let rows: [GivenRow] = [
    GivenRow("7", .int64([]), .int64, [], [7]),
    GivenRow("7", .float32([]), .float32, [], [7]),
    GivenRow("-1.5e2", .float64([1]), .float64, [1], [-150]),
    GivenRow("2", .float32([2, 2]), .float32, [2, 2], [2, 2, 2, 2]),
    GivenRow("[1,2,3]", .int64([3]), .int64, [3], [1, 2, 3]),
    GivenRow(" [ 1 , 2 ] ", .float32("N"), .float32, [2], [1, 2]),
    GivenRow("[1,2,3,4]", .float32([2, 2]), .float32, [2, 2], [1, 2, 3, 4]),
    GivenRow("[[1,2],[3,4]]", .float32("N", 2), .float32, [2, 2], [1, 2, 3, 4]),
    GivenRow("[[[1]],[[2]]]", .int64("N", 1, 1), .int64, [2, 1, 1], [1, 2]),
    GivenRow("[]", .float32("N"), .float32, [0], []),
    GivenRow("[true,0]", TensorType(.bool, ["N"]), .bool, [2], [1, 0]),
    GivenRow("[255]", TensorType(.uint8, ["N"]), .uint8, [1], [255]),
    GivenRow("0.5", TensorType(.float16, []), .float16, [], [0.5]),
    GivenRow("9007199254740993", .int64([]), .int64, [], [9_007_199_254_740_992]),
    GivenRow("[1,2]", nil, .int64, [2], [1, 2]),
    GivenRow("[1,2.5]", nil, .float32, [2], [1, 2.5]),
  ]

  @Test("values in the declared type and shape", arguments: rows)
  func values(row: GivenRow) throws {
    let tensor = try GivenInput(name: "a", text: row.text, type: row.type).tensor()
    #expect(tensor.dtype == row.dtype && tensor.shape == row.shape)
    #expect(try tensor.elements(as: Double.self) == row.values)
  }

  @Test("words")
  func words() throws {
    let tensor = try GivenInput(name: "a", text: "[one two, three]", type: TensorType(.string, ["N"])).tensor()
    #expect(try tensor.strings().map { String(decoding: $0, as: UTF8.self) } == ["one two", "three"])
  }

  static let troubles: [(text: String, type: TensorType, message: String)] = [
    ("", .float32([]), "'' is no value: it is empty"),
    ("[1,2", .float32("N"), "'[1,2' is no value: a bracket is not closed"),
    ("1]", .float32("N"), "'1]' is no value: a bracket closes where none is open"),
    ("[1,,2]", .float32("N"), "'[1,,2]' is no value: a comma stands where a number should"),
    ("[1,]", .float32("N"), "'[1,]' is no value: a bracket closes where none is open"),
    ("[1][2]", .float32("N"), "'[1][2]' is no value: a bracket stands where a comma should"),
    ("[1]2", .float32("N"), "'[1]2' is no value: something follows a bracket"),
    ("[[1],[2,3]]", .float32("N", "M"), "'[[1],[2,3]]' is no value: its lists are of different lengths"),
    ("[1,[2]]", .float32("N", "M"), "'[1,[2]]' is no value: its numbers stand in lists of different depths"),
    ("[[],1]", .float32("N", "M"), "'[[],1]' is no value: its numbers stand in lists of different depths"),
    ("x", .float32([]), "'x' is not a number; the input is float32[]"),
    ("1.5", .int64([]), "'1.5' is not a whole number; the input is int64[]"),
    ("2", TensorType(.bool, []), "'2' is not true or false; the input is bool[]"),
    ("300", TensorType(.uint8, []), "300 is outside of uint8"),
    ("1", TensorType(.complex64, []), "a complex64 value cannot be written as text: give a file"),
  ]

  @Test("what is no value", arguments: troubles)
  func trouble(text: String, type: TensorType, message: String) throws {
    do {
      _ = try GivenInput(name: "a", text: text, type: type).tensor()
      Issue.record("no error")
    } catch let error as ModelError {
      #expect(error.message.hasPrefix("--input a: \(message)"))
    }
  }

  @Test("a bracket without end is no deep recursion")
  func deep() {
    let text = String(repeating: "[", count: 100_000)
    #expect(throws: ModelError.self) { try GivenInput(name: "a", text: text, type: nil).tensor() }
  }

  @Test("finetune, evaluate and run take them, and an output")
  func commands() throws {
    try Thaw.withFolder { folder in
      let w = Parameter("w", Tensor.ones([2, 3]))
      try Graph.record(
        inputs: ["x": .float32(2, 2), "factor": .float32([]), "b=": .float32([3])], outputs: ["y", "z"],
        parameters: [w]
      ) { x in
        let y = x[0].matmul(try w.value())
        return [y * x[1] + x[2], y.reshaped(to: Tensor([2, 3])) + x[2]]
      }.save(to: "\(folder)/m.onnx")
      let x = Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [3, 2])
      try TensorFile.write([("x", x), ("target", Tensor([0, 1, 2]))], to: "\(folder)/d.npz")
      try TensorFile.write([("offset", Tensor([1, 2, 3] as [Float]))], to: "\(folder)/b.npz")
      func run(_ line: String) throws -> Thaw.Result {
        try Thaw.run(line.split(separator: " ").map(String.init), in: folder)
      }
      let given = "--input factor=0.5 --input b==b.npz"
      let finetune = try run("finetune m.onnx --data d.npz \(given) --output z --last 1 --epochs 1 -o out.onnx")
      #expect(finetune.code == 0, "\(finetune.error)")
      #expect(
        finetune.output.contains(
          "\nnote: samples go through the model in groups of 2, because node 'Reshape_3' (Reshape) holds that number; ")
      )
      #expect(finetune.output.contains("note: the loss reads the output 'z', not: y\n"))
      let evaluate = try run("evaluate m.onnx --data d.npz \(given) --output y")
      #expect(evaluate.code == 0 && evaluate.output.hasSuffix(" (3 samples)\n"), "\(evaluate.error)")
      #expect(
        evaluate.output.contains(
          "note: the inputs are declared for 2 samples, and nothing in the model holds that number: batches may have any "
            + "size; the file keeps what it declares\n"))
      let computed = try run("run m.onnx --input x=[[1,2],[3,4]] \(given) --output z --output y")
      #expect(
        computed.output == "z: float32[2, 3], 4 5 6 8 9 10\ny: float32[2, 3], 2.5 3.5 4.5 4.5 5.5 6.5\n",
        "\(computed.error)")
    }
  }
}
