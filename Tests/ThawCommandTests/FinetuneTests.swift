import Foundation
import Testing
import ThawGraph
import ThawONNX
import ThawTensor

@Suite("thaw finetune, evaluate") struct FinetuneTests {
  @Test("trains, says what and how well, and saves")
  func trains() throws {
    try Thaw.withFolder { folder in
      try SmallModels.write(to: folder)
      let result = try Thaw.run(
        ["finetune", "model.onnx", "--data", "data.npz", "--lr", "0.1", "--epochs", "20", "-o", "tuned.onnx"],
        in: folder)
      #expect(result.code == 0)
      #expect(result.error == "")
      let lines = result.output.split(separator: "\n").map(String.init)
      #expect(lines.count == 26)
      #expect(lines[0] == "trains    4 tensors, 42 numbers: body.weight, body.bias, head.weight, head.bias")
      #expect(lines[1] == "roles     as written in the file")
      #expect(
        lines[2]
          == "note: the loss reads the logits before the final Softmax of 'probabilities'; the file keeps the Softmax")
      #expect(lines[3].hasPrefix("before: loss ") && lines[3].hasSuffix(" (training data, data.npz)"))
      #expect(lines[4].hasPrefix("epoch 1/20: loss ") && lines[23].hasPrefix("epoch 20/20: loss "))
      #expect(lines[24].hasPrefix("after: loss ") && lines[24].hasSuffix(" (training data, data.npz)"))
      #expect(lines[25] == "saved: tuned.onnx")
      #expect(try accuracy(lines[24]) > 90)

      // The saved file gives the same result, and keeps its Softmax.
      let evaluated = try Thaw.run(["evaluate", "tuned.onnx", "--data", "data.npz"], in: folder)
      #expect(evaluated.code == 0)
      let after = try #require(lines[24].wholeMatch(of: /after: (.*) \(training data, data\.npz\)/)).1
      #expect(evaluated.output.hasSuffix("\(after) (60 samples)\n"))
      let x = Tensor([1, 2, 3, 4] as [Float], shape: [2, 2])
      let model = try Model(contentsOf: "\(folder)/tuned.onnx")
      for sum in try model(["x": x])["probabilities"].sum(axes: [1]).elements(as: Double.self) {
        #expect(abs(sum - 1) < 1e-6)
      }
    }
  }

  @Test(
    "every optimizer makes the loss smaller",
    arguments: ["sgd --nesterov", "adam", "adamw --weight-decay 0.1", "rmsprop --momentum 0.5", "adagrad"])
  func optimizers(options: String) throws {
    try Thaw.withFolder { folder in
      try SmallModels.write(to: folder)
      let result = try Thaw.run(
        "finetune model.onnx --data data.npz --epochs 3 -o tuned.onnx --optimizer \(options)".split(separator: " ").map(
          String.init), in: folder)
      #expect(result.code == 0, "\(result.error)")
      let losses = try result.output.matches(of: /(?:before|after): loss ([0-9.]+)/).map {
        try #require(Double($0.1))
      }
      try #require(losses.count == 2)
      #expect(losses[1] < losses[0])
    }
  }

  /// Options of a loss, and how the line of results must begin with them.
  private static let lossRows: [(options: String, target: @Sendable (Tensor) throws -> Tensor, line: String)] = [
    (
      "--class-weights balanced --label-smoothing 0.1 --metric accuracy,f1,top-5", { $0 }, "accuracy .* %, F1 .*, top-5"
    ),
    ("--ignore-index 1 --metric f1", { $0 }, "F1 "),
    ("--loss nll --class-weights 1,2", { $0 }, "accuracy"),
    ("--loss bce --positive-weight 2 --metric f1,accuracy", { $0.oneHot(depth: 2) }, "F1 .*, accuracy"),
    ("--loss l1", { $0.oneHot(depth: 2).cast(to: .float32) }, "RMSE"),
    ("--loss huber --huber-delta 0.5", { $0.oneHot(depth: 2).cast(to: .float32) }, "RMSE .*, MAE"),
  ]

  @Test("every loss becomes smaller, and comes with its metrics", arguments: lossRows.indices)
  func losses(index: Int) throws {
    let row = Self.lossRows[index]
    try Thaw.withFolder { folder in
      try SmallModels.write(to: folder)
      let points = try SmallModels.points()
      try TensorFile.write([points[0], ("target", row.target(points[1].tensor))], to: "\(folder)/data.npz")
      let result = try Thaw.run(
        "finetune model.onnx --data data.npz --epochs 3 --group body.*:lr=0.001,momentum=0 -o tuned.onnx \(row.options)"
          .split(separator: " ").map(String.init), in: folder)
      #expect(result.code == 0, "\(result.error)")
      let lines = try result.output.matches(of: Regex("(before|after): loss (-?[0-9.]+), \(row.line)"))
      try #require(lines.count == 2, "\(result.output)")
      let losses = try lines.map { try #require(Double($0.output[2].substring ?? "")) }
      #expect(losses[1] < losses[0])
    }
  }

  @Test("a loss that the model computes itself needs no target")
  func outputLoss() throws {
    try Thaw.withFolder { folder in
      let w = Parameter("w", Tensor([3, -1] as [Float]))
      let graph = try Graph.record(inputs: ["x": .float32("N", 2)], outputs: ["y", "loss"], parameters: [w]) { inputs in
        let y = inputs[0] * (try w.value())
        return [y, (y * y).mean()]
      }
      try Model(graph).save(to: "\(folder)/model.onnx")
      try TensorFile.write([SmallModels.points()[0]], to: "\(folder)/data.npz")
      let result = try Thaw.run(
        "finetune model.onnx --data data.npz --loss output:loss --lr 0.5 -o tuned.onnx".split(separator: " ")
          .map(String.init), in: folder)
      #expect(result.code == 0, "\(result.error)")
      #expect(result.output.contains("\nafter: loss 0.0"), "\(result.output)")
    }
  }

  @Test("a new head on a frozen body; held-out data is measured")
  func resetHead() throws {
    try Thaw.withFolder { folder in
      try SmallModels.write(to: folder)
      try TensorFile.write(SmallModels.points(90, classes: 3), to: "\(folder)/three.npz")
      try TensorFile.write(SmallModels.points(40, classes: 3), to: "\(folder)/test.npz")
      let result = try Thaw.run(
        [
          "finetune", "model.onnx", "--data", "three.npz", "--test", "test.npz", "--reset-head", "3", "--freeze",
          "body.*", "--lr", "0.2", "--epochs", "30", "--batch", "8", "--seed", "5", "-o", "three.onnx",
        ], in: folder)
      #expect(result.code == 0, "\(result.error)")
      let lines = result.output.split(separator: "\n").map(String.init)
      #expect(lines[0] == "head: node 'MatMul_3' (MatMul) starts anew, 2 → 3 classes")
      #expect(lines[1] == "trains    2 tensors, 27 numbers: head.weight, head.bias")
      #expect(lines[2] == "frozen    2 tensors, 24 numbers: body.weight, body.bias")
      #expect(lines[lines.count - 2].hasSuffix(" (held-out data, test.npz)"))
      #expect(try accuracy(lines[lines.count - 2]) > 80)

      let (old, new) = (
        try Model(contentsOf: "\(folder)/model.onnx"), try Model(contentsOf: "\(folder)/three.onnx")
      )
      #expect(new.parameters.source == .file)
      #expect(new.outputs[0].type == .tensor(.float32("N", 3)))
      #expect(new.parameters["body.weight"]?.role == .frozen && new.parameters["head.weight"]?.role == .trainable)
      #expect(
        try new.parameters["body.weight"]?.value().elements(as: Float.self)
          == old.parameters["body.weight"]?.value().elements(as: Float.self))
    }
  }

  @Test("the same command gives the same bytes; another seed does not")
  func repeatable() throws {
    try Thaw.withFolder { folder in
      try SmallModels.write(to: folder)
      func bytes(_ name: String, _ arguments: String...) throws -> Data {
        let result = try Thaw.run(
          ["finetune", "model.onnx", "--data", "data.npz", "--batch", "8", "-o", name] + arguments, in: folder)
        #expect(result.code == 0, "\(result.error)")
        return try Data(contentsOf: URL(filePath: "\(folder)/\(name)"))
      }
      let first = try bytes("a.onnx", "--seed", "1")
      #expect(try bytes("b.onnx", "--seed", "1") == first)
      #expect(try bytes("c.onnx", "--seed", "2") != first)
      let given = try bytes("d.onnx", "--no-shuffle", "--seed", "1")
      #expect(given != first)
      #expect(try bytes("e.onnx", "--no-shuffle", "--seed", "2") == given)
    }
  }

  @Test("data in text, in folders and in files for each array gives the same model as in a .npz file")
  func formats() throws {
    try Thaw.withFolder { folder in
      try SmallModels.write(to: folder)
      let points = try SmallModels.points()
      let (x, labels) = (try points[0].tensor.elements(as: Float.self), try points[1].tensor.integers())
      let rows = labels.indices.map { (x[2 * $0], x[2 * $0 + 1], labels[$0]) }
      func write(_ name: String, _ lines: [String]) throws {
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: "\(folder)/\(name)"))
      }
      try write("data.csv", ["p,q,target"] + rows.map { "\($0.0),\($0.1),\($0.2)" })
      try write("data.tsv", ["kind\tid\tp\tq"] + rows.map { "\($0.2 == 1 ? "yes" : "no")\t#\t\($0.0)\t\($0.1)" })
      try write("bare", rows.map { "\($0.0),\($0.1),\($0.2)" })
      try FileManager.default.createDirectory(atPath: "\(folder)/set", withIntermediateDirectories: true)
      try TensorProto(name: "x", points[0].tensor.data()).write(to: "\(folder)/set/input_0.pb")
      try TensorProto(name: "", points[1].tensor.data()).write(to: "\(folder)/set/target.pb")
      try Npy.write(points[0].tensor.data(), to: "\(folder)/x.npy")
      try Npy.write(points[1].tensor.data(), to: "\(folder)/y.npy")
      func model(_ data: String) throws -> Data {
        let arguments = "finetune model.onnx --epochs 1 -o out.onnx --data \(data)".split(separator: " ").map(
          String.init)
        let result = try Thaw.run(arguments, in: folder)
        #expect(result.code == 0, "\(data): \(result.error)")
        return try Data(contentsOf: URL(filePath: "\(folder)/out.onnx"))
      }
      let expected = try model("data.npz")
      for data in [
        "data.csv", "data.tsv --target kind --columns p,q --classes no,yes", "bare --no-header --target 3", "set",
        "x=x.npy --data target=y.npy", "data.csv --scale 2/2 --offset x=0",
      ] {
        #expect(try model(data) == expected, "\(data)")
      }
    }
  }

  @Test("a mean squared error, over the file it came from")
  func inPlace() throws {
    try Thaw.withFolder { folder in
      try SmallModels.write(to: folder)
      let x = try #require(SmallModels.points().first?.tensor)
      try TensorFile.write([("x", x), ("target", x.softmax())], to: "\(folder)/data.npz")
      let result = try Thaw.run(
        [
          "finetune", "model.onnx", "--data", "data.npz", "--loss", "mse", "--train-only", "head.*", "-o", "model.onnx",
          "--cache-features", "off",
        ],
        in: folder)
      #expect(result.code == 0, "\(result.error)")
      #expect(result.output.contains("trains    2 tensors, 18 numbers: head.weight, head.bias\n"))
      #expect(result.output.contains("\nbefore: loss ") && result.output.contains(", RMSE "))
      #expect(!result.output.contains("note:"))
      #expect(try Model(contentsOf: "\(folder)/model.onnx").parameters["body.bias"]?.role == .frozen)
    }
  }

  @Test("what is frozen is computed once, where it is not switched off and one epoch is not all")
  func features() throws {
    try Thaw.withFolder { folder in
      try SmallModels.write(to: folder)
      func notes(_ arguments: String...) throws -> [Substring] {
        let result = try Thaw.run(
          ["finetune", "model.onnx", "--data", "data.npz", "--train-only", "head.*", "-o", "out.onnx"] + arguments,
          in: folder)
        #expect(result.code == 0, "\(result.error)")
        return result.output.split(separator: "\n").filter { $0.hasPrefix("note: ") && !$0.contains("Softmax") }
      }
      let kept = try notes()
      #expect(kept.count == 2 && kept[0].hasPrefix("note: what is frozen, up to node 'Relu_"), "\(kept)")
      #expect(kept[0].hasSuffix("in memory") && kept[1].hasPrefix("note: keeping features saved about "), "\(kept)")
      #expect(try notes("--cache-features", "off") == [])
      #expect(try notes("--epochs", "1") == ["note: no features are kept: every sample is read once"])
      let refused = try Thaw.run(
        [
          "finetune", "model.onnx", "--data", "data.npz", "-o", "out.onnx", "--feature-budget", "much",
        ], in: folder)
      #expect(refused.code != 0 && refused.error.contains("a number of bytes, with a unit as in 500MB or 2GiB"))
    }
  }

  private func accuracy(_ line: String) throws -> Double {
    let match = try #require(line.firstMatch(of: /accuracy ([0-9.]+) %/))
    return try #require(Double(match.1))
  }
}
