import Foundation
import Testing
import ThawGraph
import ThawTensor

/// A command line, and the sentence it ends with.
struct BadCommand: Sendable, CustomTestStringConvertible {
  let arguments: String
  let code: Int32
  let message: String
  var testDescription: String { "thaw \(arguments)" }

  init(_ arguments: String, _ code: Int32, _ message: String) {
    (self.arguments, self.code, self.message) = (arguments, code, message)
  }
}

@Suite("Whatever is wrong: one sentence, the right exit code, and no file") struct BadInputTests {
  /// model.onnx and data.npz are there; `file` is a file.
  private static let finetune = "finetune model.onnx -o out.onnx --data"

  static let commandLines: [BadCommand] = [
    BadCommand("bogus", 2, "Unexpected argument 'bogus'; see `thaw --help`"),
    BadCommand("finetune", 2, "Missing expected argument '<model>'; see `thaw finetune --help`"),
    BadCommand(
      "finetune model.onnx -o out.onnx", 2, "Missing expected argument '--data <data> ...'; see `thaw finetune --help`"),
    BadCommand(
      "\(finetune) data.npz --loss hinge", 2,
      "The value 'hinge' is invalid for '--loss <loss>'. Please provide one of the following: - "
        + "cross-entropy - bce - nll - mse - l1 - huber - output:NAME; see `thaw finetune --help`"),
    BadCommand(
      "\(finetune) data.npz --loss mse --class-weights 1,2", 2,
      "--class-weights is for the loss cross-entropy or nll, not for mse; see `thaw finetune --help`"),
    BadCommand(
      "\(finetune) data.npz --class-weights 1,two", 2,
      "The value '1,two' is invalid for '--class-weights <class-weights>'. Please provide one of 'W,W,…' and "
        + "'balanced'; see `thaw finetune --help`"),
    BadCommand(
      "\(finetune) data.npz --loss bce --ignore-index 3", 2,
      "--ignore-index is for the loss cross-entropy or nll, not for bce; see `thaw finetune --help`"),
    BadCommand(
      "\(finetune) data.npz --loss nll --label-smoothing 0.1", 2,
      "--label-smoothing is for the loss cross-entropy, not for nll; see `thaw finetune --help`"),
    BadCommand(
      "\(finetune) data.npz --label-smoothing 1.5", 2,
      "--label-smoothing should be from 0 to 1 and is 1.5; see `thaw finetune --help`"),
    BadCommand(
      "\(finetune) data.npz --positive-weight 2", 2,
      "--positive-weight is for the loss bce, not for cross-entropy; see `thaw finetune --help`"),
    BadCommand(
      "\(finetune) data.npz --loss l1 --huber-delta 2", 2,
      "--huber-delta is for the loss huber, not for l1; see `thaw finetune --help`"),
    BadCommand(
      "\(finetune) data.npz --loss huber --huber-delta 0", 2,
      "--huber-delta should be a number above 0 and is 0.0; see `thaw finetune --help`"),
    BadCommand(
      "\(finetune) data.npz --loss mse --metric accuracy", 2,
      "--metric accuracy has no meaning for the loss mse; see `thaw finetune --help`"),
    BadCommand(
      "evaluate model.onnx --data data.npz --loss output:y --metric rmse", 2,
      "--metric rmse has no meaning for the loss output:y; see `thaw evaluate --help`"),
    BadCommand(
      "\(finetune) data.npz --metric auc", 2,
      "The value 'auc' is invalid for '--metric <metric>'. Please provide one of 'accuracy', 'top-5', 'f1', 'rmse' or "
        + "'mae'; see `thaw finetune --help`"),
    BadCommand(
      "\(finetune) data.npz --group head.*", 2,
      "The value 'head.*' is invalid for '--group <group>'. Please provide one of "
        + "'PATTERN:lr=…,weight-decay=…,momentum=…'; see `thaw finetune --help`"),
    BadCommand(
      "\(finetune) data.npz --optimizer adam --group head.*:momentum=0.5", 2,
      "--group head.*: momentum is for the optimizers sgd and rmsprop, not for adam; see `thaw finetune --help`"),
    BadCommand(
      "\(finetune) data.npz --optimizer newton", 2,
      "The value 'newton' is invalid for '--optimizer <optimizer>'. Please provide one of 'sgd', 'adam', 'adamw', "
        + "'rmsprop' or 'adagrad'; see `thaw finetune --help`"),
    BadCommand(
      "\(finetune) data.npz --weight-decay=-1", 2,
      "--weight-decay should be a number of at least 0 and is -1.0; see `thaw finetune --help`"),
    BadCommand(
      "\(finetune) data.npz --optimizer adam --momentum 0.9", 2,
      "--momentum is for the optimizers sgd and rmsprop, not for adam; see `thaw finetune --help`"),
    BadCommand(
      "\(finetune) data.npz --optimizer adamw --nesterov", 2,
      "--nesterov is for the optimizer sgd, not for adamw; see `thaw finetune --help`"),
    BadCommand(
      "\(finetune) data.npz --momentum 0 --nesterov", 2,
      "--nesterov needs a --momentum above 0; see `thaw finetune --help`"),
    BadCommand(
      "\(finetune) data.npz --lr=-1", 2,
      "--lr should be a number of at least 0 and is -1.0; see `thaw finetune --help`"),
    BadCommand(
      "\(finetune) data.npz --momentum 1", 2,
      "--momentum should be at least 0 and below 1 and is 1.0; see `thaw finetune --help`"),
    BadCommand(
      "\(finetune) data.npz --epochs=-2", 2, "--epochs should be at least 0 and is -2; see `thaw finetune --help`"),
    BadCommand(
      "\(finetune) data.npz --batch 0", 2, "--batch should be at least 1 and is 0; see `thaw finetune --help`"),
    BadCommand(
      "\(finetune) data.npz --reset-head 0", 2, "--reset-head should be at least 1 and is 0; see `thaw finetune --help`"
    ),
    BadCommand(
      "\(finetune) data.npz --epochs many", 2,
      "The value 'many' is invalid for '--epochs <epochs>'; see `thaw finetune --help`"),
    BadCommand(
      "\(finetune) data.npz --scale 1/0", 2,
      "The value '1/0' is invalid for '--scale <scale>'; see `thaw finetune --help`"),
    BadCommand("\(finetune) data.npz --colour", 2, "Unknown option '--colour'; see `thaw finetune --help`"),
    BadCommand("evaluate model.onnx", 2, "Missing expected argument '--data <data> ...'; see `thaw evaluate --help`"),
    BadCommand(
      "evaluate model.onnx --data data.npz --batch 0", 2,
      "--batch should be at least 1 and is 0; see `thaw evaluate --help`"),
    BadCommand(
      "run model.onnx --input x", 2, "--input should be NAME=VALUE or NAME=FILE and is 'x'; see `thaw run --help`"),
    BadCommand(
      "\(finetune) data.npz --last 0", 2, "--last should be at least 1 and is 0; see `thaw finetune --help`"),
    BadCommand(
      "\(finetune) data.npz --last 1 --train-only head.*", 2,
      "--last and --train-only both say what trains: give one of them; see `thaw finetune --help`"),
    BadCommand(
      "freeze model.onnx -o out.onnx", 2, "Missing expected argument '<patterns> ...'; see `thaw freeze --help`"),
    BadCommand(
      "unfreeze model.onnx body", 2, "Missing expected argument '--out <out>'; see `thaw unfreeze --help`"),
    BadCommand("inspect", 2, "Missing expected argument '<model>'; see `thaw inspect --help`"),
  ]

  static let files: [BadCommand] = [
    BadCommand("inspect none.onnx", 1, "none.onnx: there is no such file"),
    BadCommand("inspect .", 1, ".: this is a folder, not a file"),
    BadCommand("\(finetune) none.npz", 1, "none.npz: there is no such file"),
    BadCommand("\(finetune) data.npz --test none.npz", 1, "none.npz: there is no such file"),
    BadCommand(
      "finetune model.onnx --data data.npz -o file/out.onnx", 1,
      "file/out.onnx: the path leads through a file as if it were a folder"),
    BadCommand(
      "finetune model.onnx --data data.npz -o none/out.onnx", 1,
      "none/out.onnx: the folder does not exist; make the folder first"),
    BadCommand(
      "\(finetune) file", 1,
      "file: the column 'target' (what the model should give) is missing; the columns there are 'text'; name another with "
        + "--target"),
    BadCommand(
      "\(finetune) model.onnx", 1,
      "model.onnx: the file is of another format: expected .npz, .npy, CSV or TSV text, IDX, an ONNX tensor (.pb); text "
        + "and IDX also compressed with gzip, found other bytes"),
    BadCommand(
      "\(finetune) .", 1,
      ".: there is no such file: expected input_0.pb and target.pb, or folders that hold them, found neither"),
    BadCommand("finetune model.onnx --data data.npz -o .", 1, ".: this is a folder, not a file"),
    BadCommand(
      "freeze model.onnx body.* -o file/out.onnx", 1,
      "file/out.onnx: the path leads through a file as if it were a folder"),
    BadCommand(
      "run model.onnx --inputs data.npz --out file/o.npz", 1,
      "file/o.npz: the path leads through a file as if it were a folder"),
    BadCommand("run model.onnx", 1, "the input 'x' is missing (float32[N, 2]); given: nothing"),
    BadCommand(
      "run model.onnx --input z=1", 1, "--input: the model has no input 'z'; it has 'x' (float32[N, 2])"),
    BadCommand("run model.onnx --input x=none.npy", 1, "none.npy: there is no such file"),
    BadCommand(
      "run model.onnx --input x=data.npz --output y", 1, "the model has no output 'y'; it has 'probabilities'"),
    BadCommand(
      "run model.onnx --input x=1,2", 1,
      "--input x: '1,2' is no value: a comma stands where a number should; write a number, a list such as [1,2] or "
        + "[[1,2],[3,4]], or a .npy, .npz or .pb file"),
    BadCommand(
      "run model.onnx --input x=[one]", 1, "--input x: 'one' is not a number; the input is float32[N, 2]"),
    BadCommand(
      "run model.onnx --input x=[1,2]", 1,
      "the input 'x' should be float32[N, 2], of rank 2, and is float32[2]"),
    BadCommand(
      "\(finetune) data.npz --output y", 1, "the model has no output 'y'; it has 'probabilities'"),
    BadCommand(
      "\(finetune) data.npz --last 3", 1,
      "the last 3 operators with weights should train, and on the way to the output 'probabilities' there are 2 that "
        + "read a parameter of rank 2 or more"),
    BadCommand("tutorial -o file/t.onnx", 1, "file/t.onnx: the path leads through a file as if it were a folder"),
    BadCommand(
      "freeze model.onnx tail.* -o out.onnx", 1,
      "no parameter and no node is named like 'tail.*'; `thaw inspect` lists the names"),
    BadCommand(
      "\(finetune) data.npz --group tail.*:lr=0", 1,
      "no parameter and no node is named like 'tail.*'; `thaw inspect` lists the names"),
    BadCommand(
      "\(finetune) data.npz --group head.*:lr=0 --group *.bias:lr=1", 1,
      "the parameter 'head.bias' is in the groups 'head.*' and '*.bias'; it may be in one only"),
    BadCommand(
      "\(finetune) data.npz --freeze head.* --group head.*:lr=0", 1,
      "the group 'head.*' has no parameter that trains: unfreeze one, or leave it out"),
    BadCommand(
      "\(finetune) data.npz --class-weights 1,2,3", 1,
      "3 class weights were given, and the model has 2 classes: one is needed for each"),
    BadCommand(
      "\(finetune) data.npz --loss output:y", 1, "the model has no output 'y'; it has 'probabilities'"),
    BadCommand(
      "\(finetune) data.npz --loss output:probabilities", 1,
      "the output 'probabilities' should be a single number, the loss of the batch, and is float32[2, 2]"),
    BadCommand(
      "\(finetune) data.npz --train-only tail.*", 1,
      "no parameter and no node is named like 'tail.*'; `thaw inspect` lists the names"),
  ]

  @Test("a wrong command line", arguments: commandLines) func commandLine(command: BadCommand) throws {
    try check(command)
  }

  @Test("files that are not there or cannot be", arguments: files) func file(command: BadCommand) throws {
    try check(command)
  }

  /// Arrays that do not fit the model, and what the command says about them.
  struct BadData: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let arrays: [(name: String, tensor: Tensor)]
    var options = ""
    let message: String
  }

  private static let x = Tensor.ones([4, 2])
  private static let y = Tensor([0, 1, 1, 0])

  static let data: [BadData] = [
    BadData(
      testDescription: "NaN", arrays: [("x", Tensor([1, .nan] as [Float], shape: [1, 2])), ("target", Tensor([0]))],
      message: "bad.npz: the array 'x' holds nan in row 0; every number should be finite"),
    BadData(
      testDescription: "a label out of range", arrays: [("x", x), ("target", Tensor([0, 1, 2, 0]))],
      message: "bad.npz: the array 'target': the label 2 in row 2 is not one of the 2 classes (0 to 1); reset the head "
        + "to more classes (--reset-head), or correct the target"),
    BadData(
      testDescription: "a shape", arrays: [("x", Tensor.ones([4, 3])), ("target", y)],
      message: "bad.npz: the array 'x' should be float32[N, 2], its first axis counting samples, and is float32[4, 3]"),
    BadData(
      testDescription: "a type", arrays: [("x", Tensor([1, 2, 3, 4], shape: [2, 2])), ("target", Tensor([0, 1]))],
      message: "bad.npz: the array 'x' should be float32[N, 2] and is int64[2, 2]: convert it to float32, or scale it "
        + "(--scale 1 keeps the numbers)"),
    BadData(
      testDescription: "floating labels", arrays: [("x", x), ("target", Tensor.zeros([4]))],
      message: "bad.npz: the array 'target' should hold integer labels (int64 or int32) for the loss cross-entropy and "
        + "is float32[4]"),
    BadData(
      testDescription: "a missing array", arrays: [("image", x), ("target", y)],
      message: "bad.npz: the array 'x' (an input of the model, float32[N, 2]) is missing; the arrays there are "
        + "'image', 'target'"),
    BadData(
      testDescription: "a missing target", arrays: [("x", x)],
      message: "bad.npz: the array 'target' (what the model should give) is missing; the arrays there are 'x'"),
    BadData(
      testDescription: "counts", arrays: [("x", x), ("target", Tensor([0]))],
      message: "bad.npz: the array 'x' holds 4 samples, and 'target' holds 1; they should be as many"),
    BadData(
      testDescription: "a shape for mse", arrays: [("x", x), ("target", Tensor.zeros([4]))], options: "--loss mse",
      message: "bad.npz: the array 'target': the prediction's shape [4, 2] and the target's shape [4] should be the "
        + "same"),
  ]

  @Test("data that does not fit", arguments: data, ["finetune", "evaluate"])
  func badData(row: BadData, subcommand: String) throws {
    let output = subcommand == "finetune" ? " -o out.onnx" : ""
    try check(BadCommand("\(subcommand) model.onnx --data bad.npz\(output) \(row.options)", 1, row.message)) {
      try TensorFile.write(row.arrays, to: "\($0)/bad.npz")
    }
  }

  @Test("a model without anything to train")
  func nothingTrains() throws {
    let message =
      "nothing in the model is trainable (4 floating tensors, as written in the file): unfreeze what should train, with "
      + "model.unfreeze(\"PATTERN\") or `thaw unfreeze MODEL PATTERN -o OUT`"
    try check(BadCommand("\(Self.finetune) data.npz --freeze *", 1, message))
  }

  @Test("a loss that is no number: nothing is saved")
  func nonFinite() throws {
    try Thaw.withFolder { folder in
      try SmallModels.write(to: folder)
      let result = try Thaw.run(
        "finetune model.onnx --data data.npz --lr 1e30 --epochs 50 -o out.onnx".split(separator: " ").map(String.init),
        in: folder)
      #expect(result.code == 1)
      #expect(result.error.hasPrefix("thaw: the loss became ") && result.error.contains(": nothing was saved; "))
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/out.onnx"))
    }
  }

  /// Runs a command in a folder with model.onnx, data.npz and the file `file`; nothing must be added there.
  private func check(_ command: BadCommand, prepare: (String) throws -> Void = { _ in }) throws {
    try Thaw.withFolder { folder in
      try SmallModels.write(to: folder)
      try Data("text".utf8).write(to: URL(filePath: "\(folder)/file"))
      try prepare(folder)
      let before = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      let result = try Thaw.run(command.arguments.split(separator: " ").map(String.init), in: folder)
      #expect(result.code == command.code)
      #expect(result.error == "thaw: \(command.message)\n")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == before)
    }
  }
}
