import Foundation
import Testing
import ThawGraph
import ThawONNX
import ThawTensor

@Suite("thaw run, freeze, unfreeze, tutorial, help") struct SubcommandTests {
  @Test("run: from .npz, .npy and a folder of .pb, the same numbers")
  func run() throws {
    try Thaw.withFolder { folder in
      try SmallModels.write(to: folder)
      let x = Tensor([0, 0, 1, 1] as [Float], shape: [2, 2])
      let expected = try Model(contentsOf: "\(folder)/model.onnx")(["x": x])["probabilities"]
      try TensorFile.write([("x", x), ("target", Tensor([0, 1]))], to: "\(folder)/x.npz")
      try Npy.write(x.data(), to: "\(folder)/x.npy")
      try FileManager.default.createDirectory(atPath: "\(folder)/pb", withIntermediateDirectories: false)
      try TensorProto(name: "x", x.data()).write(to: "\(folder)/pb/input_0.pb")
      for inputs in ["x.npz", "x.npy", "pb", "pb/input_0.pb"] {
        let result = try Thaw.run(
          ["run", "model.onnx", "--inputs", inputs, "--out", "out.npz"], in: folder)
        #expect(result.code == 0, "\(result.error)")
        #expect(result.output.hasPrefix("probabilities: float32[2, 2], 0.5 0.5 "))
        #expect(result.output.hasSuffix("\nsaved: out.npz\n"))
        let note = "thaw: note: the model has no inputs of these names, so they are ignored: target\n"
        #expect(result.error == (inputs == "x.npz" ? note : ""))
        let saved = try TensorFile.readArchive("\(folder)/out.npz")
        #expect(saved.map(\.name) == ["probabilities"])
        #expect(try saved[0].tensor.elements(as: Float.self) == expected.elements(as: Float.self))
      }
    }
  }

  @Test(
    "run: inputs that do not fit",
    arguments: [
      ("y.npz", "the input 'x' is missing (float32[N, 2]); given: nothing"),
      ("two", "two holds 2 inputs (input_*.pb), and the model has 1"),
      ("gap", "gap: the files input_*.pb should be numbered 0 to 0"),
      ("empty", "empty: there is no input_0.pb in this folder"),
      ("none.npz", "none.npz: there is no such file"),
    ])
  func badInputs(inputs: String, message: String) throws {
    try Thaw.withFolder { folder in
      try SmallModels.write(to: folder)
      let x = Tensor.ones([1, 2])
      try TensorFile.write([("y", x)], to: "\(folder)/y.npz")
      for (name, numbers) in [("two", [0, 1]), ("gap", [1]), ("empty", [])] {
        try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: false)
        for number in numbers {
          try TensorProto(name: "x", x.data()).write(to: "\(folder)/\(name)/input_\(number).pb")
        }
      }
      let result = try Thaw.run(["run", "model.onnx", "--inputs", inputs], in: folder)
      #expect(result.code == 1)
      #expect(result.error.hasSuffix("thaw: \(message)\n"))
    }
  }

  @Test("freeze, then unfreeze, over the same file")
  func roles() throws {
    try Thaw.withFolder { folder in
      try SmallModels.write(to: folder)
      func roles() throws -> [String] {
        try Model(contentsOf: "\(folder)/model.onnx").parameters.map { "\($0.name) \($0.role)" }
      }
      let original = try Data(contentsOf: URL(filePath: "\(folder)/model.onnx"))
      let frozen = try Thaw.run(["freeze", "model.onnx", "body.*", "head.bias", "-o", "model.onnx"], in: folder)
      #expect(frozen.code == 0 && frozen.error == "")
      #expect(
        frozen.output == """
          trains    1 tensor, 16 numbers: head.weight
          frozen    3 tensors, 26 numbers: body.weight, body.bias, head.bias
          roles     as written in the file
          saved: model.onnx

          """)
      #expect(
        try roles() == ["body.weight frozen", "body.bias frozen", "head.weight trainable", "head.bias frozen"])
      let unfrozen = try Thaw.run(["unfreeze", "model.onnx", "*", "-o", "model.onnx"], in: folder)
      #expect(unfrozen.code == 0)
      #expect(try Data(contentsOf: URL(filePath: "\(folder)/model.onnx")) == original)
    }
  }

  @Test("the tutorial's numbers")
  func tutorial() throws {
    try Thaw.withFolder { folder in
      let result = try Thaw.run(["tutorial"], in: folder)
      #expect(result.code == 0 && result.error == "")
      for line in [
        "Q                        tensor([-12.,  65.], grad_fn=<SubBackward0>)",
        "Q.sum()                  tensor(53., grad_fn=<SumBackward0>)",
        "a.grad                   tensor([36., 81.])",
        "b.grad                   tensor([-12.,  -8.])",
        "a.grad .== 9 * a ** 2    tensor([True, True])",
        "b.grad .== -2 * b        tensor([True, True])",
        "(x + y).requiresGrad     false",
        "(x + z).requiresGrad     true",
      ] {
        #expect(result.output.contains("    \(line)\n"), "\(line)")
      }
      #expect(result.output.contains("    Trying to backward through the graph a second time"))
      let model = try Model(contentsOf: "\(folder)/tutorial.onnx")
      let q = try model(["a": Tensor([2, 3] as [Float]), "b": Tensor([6, 4] as [Float])])["Q"]
      #expect(try q.elements(as: Float.self) == [-12, 65])
    }
  }

  @Test("help: exit code 0, to standard output", arguments: [["--help"], ["help", "run"], ["freeze", "-h"], []])
  func help(arguments: [String]) throws {
    let result = try Thaw.run(arguments, in: ".")
    #expect(result.code == 0)
    #expect(result.output.contains("USAGE: thaw"))
    #expect(result.error == "")
  }

  @Test("--external-data, --allow-links and --max-memory; a compressed model")
  func opening() throws {
    try Thaw.withFolder { folder in
      func thaw(_ line: String) throws -> Thaw.Result {
        try Thaw.run(line.split(separator: " ").map(String.init), in: folder)
      }
      try SmallModels.classifier(hidden: 512).save(to: "\(folder)/model.onnx")
      try TensorFile.write([("x", Tensor.ones([4, 2]))], to: "\(folder)/x.npz")
      #expect(try thaw("freeze model.onnx body.* -o big.onnx --external-data").code == 0)
      let plain = try thaw("run model.onnx --inputs x.npz").output
      #expect(try thaw("run big.onnx --inputs x.npz").output == plain)
      try FileManager.default.createDirectory(atPath: "\(folder)/hub", withIntermediateDirectories: true)
      try FileManager.default.copyItem(atPath: "\(folder)/big.onnx", toPath: "\(folder)/hub/big.onnx")
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder)/hub/big.onnx.data", withDestinationPath: "../big.onnx.data")
      let refused = try thaw("run hub/big.onnx --inputs x.npz")
      #expect(refused.code == 1 && refused.error.contains("--allow-links"), "\(refused.error)")
      #expect(try thaw("run hub/big.onnx --inputs x.npz --allow-links").output == plain)
      let limited = try thaw("run model.onnx --inputs x.npz --max-memory 1K")
      #expect(limited.code == 1 && limited.error.contains("the limit is 1024 bytes"), "\(limited.error)")
      #expect(try thaw("run model.onnx --inputs x.npz --max-memory many").code == 2)
      #expect(try thaw("freeze model.onnx body.* -o small.onnx.gz").code == 0)
      #expect(try thaw("run small.onnx.gz --inputs x.npz").output == plain)
    }
  }
}
