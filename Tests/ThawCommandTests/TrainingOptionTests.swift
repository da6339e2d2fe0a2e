import Foundation
import Testing
import ThawGraph
import ThawTensor

@Suite("thaw finetune: how a run goes") struct TrainingOptionTests {
  /// Options that cannot be, and the sentence about them.
  struct Bad: Sendable, CustomTestStringConvertible {
    let options: String
    var code: Int32 = 2
    let message: String
    var testDescription: String { options }

    static func value(_ option: String, _ value: String, _ usage: String, _ why: String) -> Bad {
      Bad(options: "\(option) \(value)", message: "The value '\(value)' is invalid for '\(option) <\(usage)>': \(why)")
    }

    static let all: [Bad] = [
      value("--schedule", "exponential", "name:key=value", "it should be constant, step, linear or cosine"),
      value("--schedule", "cosine:min=0.1", "name:key=value", "cosine has no setting 'min'; it has 'end'"),
      value("--schedule", "constant:end=1", "name:key=value", "constant has no setting 'end'; it has none"),
      value(
        "--schedule", "linear:end", "name:key=value", "'end' should be KEY=VALUE, as in linear:KEY=VALUE,KEY=VALUE"),
      value("--schedule", "linear:end=1,end=2", "name:key=value", "'end' is given twice"),
      value("--schedule", "linear:end=x", "name:key=value", "end should be a number and is 'x'"),
      value("--schedule", "step:every=1.5", "name:key=value", "every should be a whole number and is '1.5'"),
      value(
        "--schedule", "step", "name:key=value",
        "step needs the number of epochs after which the learning rate falls, as in step:every=10"),
      value("--warmup", "long", "warmup", "it should be a number of steps, or a share of them such as 5%"),
      Bad(
        options: "--checkpoint c.npz --checkpoint-every 5s",
        message:
          "The value '5s' is invalid for '--checkpoint-every <interval>': it should be a number of epochs, or of "
          + "steps as in 500steps"),
      Bad(options: "--accumulate 0", message: "--accumulate should be at least 1 and is 0"),
      Bad(options: "--clip-norm 0", message: "--clip-norm should be a number above 0 and is 0.0"),
      Bad(options: "--clip-value nan", message: "--clip-value should be a number above 0 and is nan"),
      Bad(options: "--clip-norm 1 --clip-value 1", message: "give --clip-norm or --clip-value, not both"),
      Bad(options: "--validation-split 1", message: "--validation-split should be above 0 and below 1 and is 1.0"),
      Bad(
        options: "--validation a.npz --validation-split 0.1",
        message: "give --validation or --validation-split, not both"
      ),
      Bad(options: "--early-stop 2", message: "--early-stop needs --validation or --validation-split"),
      Bad(options: "--early-stop 0 --validation-split 0.1", message: "--early-stop should be at least 1 and is 0"),
      Bad(options: "--checkpoint-every 2", message: "--checkpoint-every needs --checkpoint"),
      Bad(options: "--log-every 2", message: "--log-every needs --log"),
      Bad(options: "--log-every 0 --log l", message: "--log-every should be at least 1 and is 0"),
      Bad(
        options: "--log out.onnx", message: "--out and --log should be different files; both are out.onnx"),
      Bad(
        options: "--checkpoint a --log a", message: "--checkpoint and --log should be different files; both are a"),
      Bad(
        options: "--schedule step:every=0", code: 1,
        message: "the schedule 'step' changes every 1 or more epochs, not every 0"),
      Bad(
        options: "--warmup 150%", code: 1,
        message: "the warm-up should be a share from 0 to 1 of the steps and is 1.5"),
      Bad(
        options: "--checkpoint c.npz --checkpoint-every 0steps", code: 1,
        message: "a checkpoint should be written every 1 or more epochs or steps"),
      Bad(
        options: "--checkpoint nowhere/c.npz", code: 1,
        message: "nowhere/c.npz: the folder does not exist; make the folder first"),
      Bad(
        options: "--log nowhere/l", code: 1, message: "the log nowhere/l cannot be written: No such file or directory"),
      Bad(
        options: "--resume data.npz", code: 1,
        message: "data.npz is not a checkpoint of Thaw: the array 'state' of bytes is missing"),
      Bad(options: "--resume c.npz", code: 1, message: "c.npz: there is no such file"),
    ]
  }

  @Test("what cannot be: one sentence, the right exit code, and no file", arguments: Bad.all) func bad(row: Bad) throws
  {
    try Thaw.withFolder { folder in
      try SmallModels.write(to: folder)
      let before = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      let result = try run("-o out.onnx \(row.options)", in: folder)
      #expect(result.code == row.code)
      let ending = row.code == 2 ? "; see `thaw finetune --help`" : ""
      #expect(result.error == "thaw: \(row.message)\(ending)\n")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == before)
    }
  }

  @Test("accumulated batches, a schedule, a warm-up, clipping: all at once, and the log tells") func pace() throws {
    try Thaw.withFolder { folder in
      try SmallModels.write(to: folder)
      let result = try run(
        "-o out.onnx --lr 0.4 --epochs 4 --batch 5 --accumulate 3 --schedule step:every=2,gamma=0.5 --warmup 3 "
          + "--clip-norm 1 --log log.jsonl --log-every 1", in: folder)
      #expect(result.code == 0, "\(result.error)")
      let lines = try String(contentsOfFile: "\(folder)/log.jsonl", encoding: .utf8).split(separator: "\n")
      let rates = try lines.filter { $0.contains("\"event\":\"step\"") }.map { line in
        try #require(line.firstMatch(of: /"lr":([0-9.]+)/).flatMap { Double($0.1) })
      }
      // 60 samples, 15 a step: four steps an epoch. The schedule counts from the end of the warm-up.
      let expected = [0.1, 0.2, 0.3] + [Double](repeating: 0.4, count: 8) + [Double](repeating: 0.2, count: 5)
      try #require(rates.count == expected.count)
      for (rate, expected) in zip(rates, expected) { #expect(abs(rate - expected) < 1e-12) }
      #expect(lines.count { $0.contains("\"event\":\"epoch\"") } == 4)
    }
  }

  @Test("a part of the data is held back; the best epoch is saved, and it is said which") func split() throws {
    try Thaw.withFolder { folder in
      try SmallModels.write(to: folder)
      // So fast that the best epoch is not the last.
      let result = try run(
        "-o out.onnx --lr 3 --epochs 40 --batch 8 --validation-split 0.25 --early-stop 3 --seed 4 --log log.jsonl",
        in: folder)
      #expect(result.code == 0, "\(result.error)")
      #expect(
        result.output.contains(
          "note: 15 of the 60 samples, drawn with seed 4, are measured on and not trained on\n"))
      let kept = try #require(
        result.output.firstMatch(of: /ended early after epoch (\d+): the model has the values of epoch (\d+)\n/))
      let (last, best) = (try #require(Int(kept.1)), try #require(Int(kept.2)))
      #expect(last == best + 3)
      // What is said of the best epoch is what the saved model gives.
      let report = try #require(
        result.output.firstMatch(
          of: try Regex<(Substring, Substring)>("epoch \(best)/40: .*; validation (.*), the best so far")))
      let after = try #require(result.output.firstMatch(of: /after: (.*) \(validation data, data\.npz\)/))
      #expect(report.output.1 == after.output.1)
      let lines = try String(contentsOfFile: "\(folder)/log.jsonl", encoding: .utf8).split(separator: "\n")
      #expect(lines.count == last)
      #expect(lines.lastIndex { $0.contains("\"best\":true") } == best - 1)
    }
  }

  @Test("no epochs: the model is saved as it is") func noEpochs() throws {
    try Thaw.withFolder { folder in
      try SmallModels.write(to: folder)
      let result = try run(
        "-o out.onnx --epochs 0 --validation-split 0.5 --log log.jsonl", in: folder)
      #expect(result.code == 0, "\(result.error)")
      #expect(
        try Data(contentsOf: URL(filePath: "\(folder)/out.onnx"))
          == Data(contentsOf: URL(filePath: "\(folder)/model.onnx")))
      #expect(try Data(contentsOf: URL(filePath: "\(folder)/log.jsonl")).isEmpty)
    }
  }

  private func run(_ options: String, in folder: String) throws -> Thaw.Result {
    try Thaw.run(
      "finetune model.onnx --data data.npz \(options)".split(separator: " ").map(String.init), in: folder)
  }
}
