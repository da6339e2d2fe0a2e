import Foundation
import Testing
import ThawGraph
import ThawTensor

@testable import ThawTraining

@Suite("Data from files") struct DataFilesTests {
  /// `y` = a · w with three columns, plus the other inputs, one number of a sample each.
  private static func model(_ inputs: KeyValuePairs<String, TensorType>) throws -> Model {
    let width = inputs.first?.value.dims?.dropFirst().compactMap(\.value).reduce(1, *) ?? 1
    let w = Parameter("w", Tensor((1...3 * width).map(Float.init), shape: [width, 3]))
    return try Model(
      Graph.record(inputs: inputs, outputs: ["y"], parameters: [w]) { values in
        var sum = values[0].flatten().matmul(try w.value())
        for value in values.dropFirst() { sum = sum + value.cast(to: .float32).reshaped(to: [-1, 1]) }
        return [sum]
      })
  }

  private static let image: KeyValuePairs<String, TensorType> = ["a": .float32("N", 1, 2)]

  static func withFile<Result>(
    _ text: String, _ name: String = "data.csv", _ body: (String) throws -> Result
  ) throws -> Result {
    try withFolder { folder in
      try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
      return try body("\(folder)/\(name)")
    }
  }

  static func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "thaw-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.path)
  }

  /// Text, how it is read, and the first input and the target that a model gets.
  struct Given: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let text: String
    var reading = DataReading()
    var loss = Loss.crossEntropy
    var inputs: KeyValuePairs<String, TensorType> = DataFilesTests.image
    let first: [Float]
    var second: [Int]?
    let target: [Double]
    var targetShape = [2]
  }

  static let given: [Given] = [
    Given(
      testDescription: "all columns but the target, in the declared shape", text: "p,target,q\n1,0,2\n3,2,4\n",
      first: [1, 2, 3, 4], target: [0, 2]),
    Given(
      testDescription: "another target, chosen columns in their order", text: "id,p,q,kind\n7,1,2,0\n8,3,4.5,1\n",
      reading: DataReading(target: "kind", columns: ["q,p"]), first: [2, 1, 4.5, 3], target: [0, 1]),
    Given(
      testDescription: "a range", text: "id,p,q,r,target\n7,1,2,9,0\n8,3,4,9,1\n",
      reading: DataReading(columns: ["p-q"]), first: [1, 2, 3, 4], target: [0, 1]),
    Given(
      testDescription: "no header, columns by number", text: "1,2,0\n3,4,1\n",
      reading: DataReading(target: "3", hasHeader: false), first: [1, 2, 3, 4], target: [0, 1]),
    Given(
      testDescription: "scaled", text: "p,q,target\n0,128,0\n255,51,1\n",
      reading: DataReading(scalings: ["": .init(factor: 1 / 255.0, offset: -0.5)]),
      first: [-0.5, 0.001_960_784_3, 0.5, -0.3], target: [0, 1]),
    Given(
      testDescription: "a scale of its own", text: "p,q,target\n1,2,0\n3,4,1\n",
      reading: DataReading(scalings: ["": .init(factor: 9), "a": .init(factor: 2)]), first: [2, 4, 6, 8],
      target: [0, 1]),
    Given(
      testDescription: "classes by name", text: "p,q,target\n1,2,dog\n3,4,cat\n",
      reading: DataReading(classes: ["cat", "dog"]), first: [1, 2, 3, 4], target: [1, 0]),
    Given(
      testDescription: "whole numbers as a floating target", text: "p,q,target\n1,2,5\n3,4,6\n", loss: .l1,
      first: [1, 2, 3, 4], target: [5, 6]),
    Given(
      testDescription: "several targets", text: "p,q,u,v\n1,2,5,0.5\n3,4,6,1\n",
      reading: DataReading(target: "u,v"), loss: .l1, first: [1, 2, 3, 4], target: [5, 0.5, 6, 1], targetShape: [2, 2]),
    Given(
      testDescription: "several inputs by their names", text: "b,a,target\n5,1,0\n6,3,1\n",
      inputs: ["a": .float32("N", 1), "b": .int64("N")], first: [1, 3], second: [5, 6], target: [0, 1]),
    Given(
      testDescription: "several inputs, columns chosen", text: "k,p,q,target\n5,1,2,0\n6,3,4,1\n",
      reading: DataReading(columns: ["a=p,q", "b=k"]), inputs: ["a": .float32("N", 2), "b": .int64("N")],
      first: [1, 2, 3, 4], second: [5, 6], target: [0, 1]),
    Given(
      testDescription: "text in a column that nobody reads", text: "who,p,q,target\nAnn,1,2,0\nBob,3,4,1\n",
      reading: DataReading(columns: ["p,q"]), first: [1, 2, 3, 4], target: [0, 1]),
  ]

  @Test("columns of text become inputs and a target", arguments: given)
  func text(row: Given) throws {
    try Self.withFile(row.text) { path in
      let samples = try Samples(
        Dataset(contentsOf: path, row.reading), for: Self.model(row.inputs), loss: row.loss, prediction: nil)
      let (inputs, target) = try samples.batch([0, 1])
      let first = try #require(inputs["a"]?.tensor)
      #expect(zip(try first.elements(as: Float.self), row.first).allSatisfy { abs($0 - $1) < 1e-6 })
      #expect(first.count == row.first.count && first.dtype == .float32)
      #expect(try inputs["b"]?.tensor?.integers() == row.second)
      #expect(target?.shape == row.targetShape)
      #expect(try target?.elements(as: Double.self) == row.target)
      #expect(try samples.batch([1]).target?.elements(as: Double.self) == row.target.suffix(row.target.count / 2))
    }
  }

  /// Text that does not fit, and what is said.
  struct Bad: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let text: String
    var reading = DataReading()
    var loss = Loss.crossEntropy
    var inputs: KeyValuePairs<String, TensorType> = DataFilesTests.image
    /// Behind the path.
    let message: String
  }

  static let bad: [Bad] = [
    Bad(
      testDescription: "no target", text: "p,q,label\n1,2,0\n",
      message: "the column 'target' (what the model should give) is missing; the columns there are 'p', 'q', 'label'; "
        + "name another with --target"),
    Bad(
      testDescription: "a target that is not there", text: "p,q,label\n1,2,0\n", reading: DataReading(target: "kind"),
      message: "there is no column 'kind'; the columns are 'p', 'q', 'label'"),
    Bad(
      testDescription: "a column that is not there", text: "p,q,target\n1,2,0\n",
      reading: DataReading(columns: ["p-r"]),
      message: "there is no column 'p-r'; the columns are 'p', 'q', 'target'"),
    Bad(
      testDescription: "too many columns", text: "p,q,r,target\n1,2,3,0\n",
      message:
        "3 columns do not fill the input 'a', which is float32[N, 1, 2], its first axis counting samples; choose "
        + "others with --columns"),
    Bad(
      testDescription: "text", text: "p,q,target\n1,2,0\n3,?,1\n",
      message: "line 3, column 'q': '?' is no number; leave the column out with --columns, or correct it"),
    Bad(
      testDescription: "an empty cell", text: "p,q,target\n1,,0\n",
      message: "line 2, column 'q': '' is no number; leave the column out with --columns, or correct it"),
    Bad(
      testDescription: "a class by name", text: "p,q,target\n1,2,dog\n",
      message: "line 2, column 'target': 'dog' is no number; name the classes, in the order of their numbers, with "
        + "--classes A,B,…"),
    Bad(
      testDescription: "NaN", text: "p,q,target\n1,2,0\n\"3\",nan,1\n",
      message: "the array 'a' holds nan in line 3, column 'q'; every number should be finite"),
    Bad(
      testDescription: "what float32 cannot hold", text: "p,q,target\n1,1e300,0\n",
      message: "the array 'a' holds inf in line 2, column 'q'; every number should be finite"),
    Bad(
      testDescription: "a label out of range", text: "p,q,target\n1,2,0\n1,2,3\n",
      message: "the array 'target': the label 3 in line 3, column 'target' is not one of the 3 classes (0 to 2); reset "
        + "the head to more classes (--reset-head), or correct the target"),
    Bad(
      testDescription: "a fraction as a label", text: "p,q,target\n1,2,0.5\n",
      message: "the array 'target' should hold integer labels (int64 or int32) for the loss cross-entropy and is "
        + "float64[1]"),
    Bad(
      testDescription: "a fraction for an integer input", text: "a,b,target\n1,2,0\n1,2.5,0\n",
      inputs: ["a": .float32("N", 1), "b": .int64("N")],
      message: "the array 'b' holds 2.5 in line 3, column 'b'; the model takes int64, which cannot be that"),
    Bad(
      testDescription: "no column for one of several inputs", text: "a,c,target\n1,2,0\n",
      inputs: ["a": .float32("N", 1), "b": .int64("N")],
      message: "the column 'b' (an input of the model, int64[N]) is missing; the columns there are 'a', 'c', 'target'"),
    Bad(
      testDescription: "no rows", text: "p,q,target\n", message: "there are no samples"),
  ]

  @Test("text that does not fit is named with its line", arguments: bad)
  func refused(row: Bad) throws {
    try Self.withFile(row.text) { path in
      let evaluator = try Evaluator(Self.model(row.inputs), loss: row.loss)
      do {
        try evaluator.check(Dataset(contentsOf: path, row.reading))
        Issue.record("no error")
      } catch {
        #expect("\(error)" == "\(path): \(row.message)")
      }
    }
  }

  @Test("integers that fit become other integers; those that do not are named")
  func integers() throws {
    let evaluator = try Evaluator(
      Self.model(["a": .float32("N", 1, 2), "b": TensorType(.int8, ["N"])]), loss: .crossEntropy)
    func data(_ last: Int) -> Dataset {
      ["a": Tensor.ones([2, 1, 2]), "b": Tensor([1, last]), "target": Tensor([0, 1])]
    }
    try evaluator.check(data(-128))
    do {
      try evaluator.check(data(128))
      Issue.record("no error")
    } catch {
      #expect(
        "\(error)" == "the data: the array 'b' holds 128 in row 1; the model takes int8, which cannot be that")
    }
  }

  @Test("several files, one array each; IDX images are scaled, and not without")
  func files() throws {
    try Self.withFolder { folder in
      // Two images of 1 × 2, and their labels.
      try Data([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 51, 102, 255]).write(
        to: URL(filePath: "\(folder)/images"))
      try Data([0, 0, 8, 1, 0, 0, 0, 2, 1, 2]).write(to: URL(filePath: "\(folder)/labels"))
      let files = ["a=\(folder)/images", "target=\(folder)/labels"]
      let model = try Self.model(Self.image)
      let scaled = try Dataset(files: files, DataReading(scalings: ["": .init(factor: 1 / 255.0)]))
      let (inputs, target) = try Samples(scaled, for: model, loss: .crossEntropy, prediction: nil).batch([1, 0])
      #expect(try inputs["a"]?.tensor?.elements(as: Float.self) == [0.4, 1, 0, 0.2])
      #expect(try target?.integers() == [2, 1])
      for (files, message) in [
        (
          files,
          "\(folder)/images, \(folder)/labels: the array 'a' should be float32[N, 1, 2] and is uint8[2, 1, 2]: convert "
            + "it to float32, or scale it (--scale 1 keeps the numbers)"
        ),
        (
          [files[0]],
          "\(folder)/images: the array 'target' (what the model should give) is missing; the arrays there are 'a'"
        ),
        (
          ["\(folder)/images"],
          "\(folder)/images holds one array, uint8[2, 1, 2], without a name: give it one, as in image=\(folder)/images"
        ),
        ([files[0], files[0]], "\(files[0]), \(files[0]): there are two arrays named 'a'"),
      ] {
        do {
          try Evaluator(model, loss: .crossEntropy).check(Dataset(files: files))
          Issue.record("no error")
        } catch {
          #expect("\(error)" == message)
        }
      }
    }
  }

  @Test("data beyond the budget is read from a file, trains to the same bytes, and no more is held")
  func streamed() throws {
    var text = "p,q,target\n"
    let count = 20_000
    for row in 0..<count { text += "\(Double(row % 97) / 97),\(Double(row % 31) - 15),\(row * 7 % 3)\n" }
    try Self.withFile(text) { path in
      // The cells take 480,000 bytes.
      let budget = MemoryBudget(limit: 1 << 16)
      let streamed = try Dataset(contentsOf: path, budget: budget)
      let held = try Dataset(contentsOf: path)
      #expect(!streamed.isInMemory && held.isInMemory)
      #expect(try streamed.sampleCount() == count)
      func train(_ data: Dataset) throws -> [Float] {
        let model = try Self.model(Self.image)
        let trainer = try Trainer(model, loss: .crossEntropy, optimizer: .sgd(0.01, momentum: 0.9))
        try trainer.fit(data, epochs: 2, batching: Batching(size: 1000, order: .shuffled(seed: 3)))
        return try #require(model.parameters["w"]).value().elements()
      }
      #expect(try train(streamed) == train(held))
      #expect(budget.peak <= budget.limit && budget.held == 0)
    }
  }

  @Test("what is stored in a .npz file or a .npy file stays there")
  func mapped() throws {
    try Self.withFolder { folder in
      let x = try RandomGenerator(seed: 1).uniform([150_000, 1, 2])
      let labels = Tensor([Int](repeating: 1, count: 150_000))
      try TensorFile.write([("a", x), ("target", labels)], to: "\(folder)/data.npz")
      let budget = MemoryBudget(limit: 0)
      let data = try Dataset(contentsOf: "\(folder)/data.npz", budget: budget)
      #expect(!data.isInMemory)
      let batch = try Samples(data, for: Self.model(Self.image), loss: .crossEntropy, prediction: nil).batch([
        149_999, 3,
      ])
      #expect(try batch.inputs["a"]?.tensor?.elements(as: Float.self) == x.rows([149_999, 3]).elements())
      #expect(budget.peak == 0)
    }
  }

  @Test("another reading is checked anew")
  func reread() throws {
    try Self.withFile("p,q,r,target\n1,2,nan,0\n") { path in
      var data = try Dataset(contentsOf: path, DataReading(columns: ["p,q"]))
      let evaluator = try Evaluator(Self.model(Self.image), loss: .crossEntropy)
      try evaluator.check(data)
      data.reading.columns = ["q,r"]
      #expect(throws: TrainingError.self) { try evaluator.check(data) }
    }
  }

  @Test("a part of a data set has the samples it was given, and names their rows")
  func subset() throws {
    let data: Dataset = [
      "a": Tensor([1, 2, 3, 4, 5, .nan] as [Float], shape: [3, 1, 2]), "target": Tensor([0, 1, 2]),
    ]
    let part = try data.subset([2, 0]).subset([1])
    let model = try Self.model(Self.image)
    #expect(try part.sampleCount() == 1)
    #expect(try part["target"]?.integers() == [0])
    try Evaluator(model, loss: .crossEntropy).check(part)
    do {
      try Evaluator(model, loss: .crossEntropy).check(data.subset([0, 2]))
      Issue.record("no error")
    } catch {
      #expect("\(error)" == "the data: the array 'a' holds nan in row 2; every number should be finite")
    }
    #expect(throws: TrainingError(.setting, "the data: there is no sample 3; there are 3")) { try data.subset([0, 3]) }
  }
}
