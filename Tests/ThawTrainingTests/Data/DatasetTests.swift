import Foundation
import Testing
import ThawGraph
import ThawTensor

@testable import ThawTraining

@Suite("Data sets") struct DatasetTests {
  /// `logits` = x · w, x float32[N, 2], three classes.
  static func classifier(batch: Dim = "N") throws -> Model {
    let w = Parameter("w", Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3]))
    return try Model(
      Graph.record(inputs: ["x": .float32(batch, 2)], output: "logits", parameters: [w]) { $0.matmul(try w.value()) })
  }

  /// A data set and what is wrong with it.
  struct Bad: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let data: Dataset
    var loss = Loss.crossEntropy
    var batchSize = 32
    let message: String
  }

  private static let x = Tensor.ones([4, 2])
  private static let y = Tensor([0, 1, 2, 0])

  static let bad: [Bad] = [
    Bad(
      testDescription: "an input is missing", data: ["X": x, "target": y],
      message: "the data: the array 'x' (an input of the model, float32[N, 2]) is missing; the arrays there are 'X', "
        + "'target'"),
    Bad(
      testDescription: "the target is missing", data: ["x": x],
      message: "the data: the array 'target' (what the model should give) is missing; the arrays there are 'x'"),
    Bad(
      testDescription: "a type", data: ["x": Tensor([1, 2, 3, 4], shape: [2, 2]), "target": y],
      message: "the data: the array 'x' should be float32[N, 2] and is int64[2, 2]: convert it to float32, or scale it "
        + "(--scale 1 keeps the numbers)"),
    Bad(
      testDescription: "a rank", data: ["x": Tensor.ones([4]), "target": y],
      message: "the data: the array 'x' should be float32[N, 2], its first axis counting samples, and is float32[4]"),
    Bad(
      testDescription: "a dimension", data: ["x": Tensor.ones([4, 3]), "target": y],
      message: "the data: the array 'x' should be float32[N, 2], its first axis counting samples, and is float32[4, 3]"),
    Bad(
      testDescription: "a scalar", data: ["x": x, "target": Tensor(1)],
      message: "the data: the array 'target' is a single number; its first axis should count samples"),
    Bad(
      testDescription: "counts", data: ["x": x, "target": Tensor([0, 1])],
      message: "the data: the array 'x' holds 4 samples, and 'target' holds 2; they should be as many"),
    Bad(
      testDescription: "nothing", data: ["x": Tensor.zeros([0, 2]), "target": Tensor([] as [Int])],
      message: "the data: there are no samples"),
    Bad(
      testDescription: "NaN",
      data: ["x": Tensor([1, 2, 3, .nan, 5, 6, 7, 8] as [Float], shape: [4, 2]), "target": y],
      message: "the data: the array 'x' holds nan in row 1; every number should be finite"),
    Bad(
      testDescription: "what float32 cannot hold",
      data: ["x": Tensor(elements: [1, 2, 3, 4, 5, 6, 7, 1e300] as [Double], shape: [4, 2]), "target": y],
      message: "the data: the array 'x' holds inf in row 3; every number should be finite"),
    Bad(
      testDescription: "floating labels", data: ["x": x, "target": Tensor.zeros([4])],
      message: "the data: the array 'target' should hold integer labels (int64 or int32) for the loss cross-entropy "
        + "and is float32[4]"),
    Bad(
      testDescription: "a label out of range", data: ["x": x, "target": Tensor([0, 1, 7, 0])],
      message:
        "the data: the array 'target': the label 7 in row 2 is not one of the 3 classes (0 to 2); reset the head "
        + "to more classes (--reset-head), or correct the target"),
    Bad(
      testDescription: "a label out of range after the first batch", data: ["x": x, "target": Tensor([0, 1, 0, -1])],
      batchSize: 2,
      message: "the data: the array 'target': the label -1 in row 3 is not one of the 3 classes (0 to 2); reset the "
        + "head to more classes (--reset-head), or correct the target"),
    Bad(
      testDescription: "labels of another shape", data: ["x": x, "target": Tensor([0, 1, 2, 0], shape: [4, 1])],
      message: "the data: the array 'target': the labels of shape [4, 1] do not fit logits of shape [4, 3]: removing "
        + "the class axis from the logits' shape should leave the labels' shape, as [32, 10] leaves [32]"),
    Bad(
      testDescription: "integers for mse", data: ["x": x, "target": y], loss: .meanSquaredError,
      message: "the data: the array 'target' should be float32 for the loss mse and is int64[4]"),
    Bad(
      testDescription: "a shape for mse", data: ["x": x, "target": Tensor.zeros([4])], loss: .meanSquaredError,
      message: "the data: the array 'target': the prediction's shape [4, 3] and the target's shape [4] should be the "
        + "same"),
    Bad(
      testDescription: "a batch of none", data: ["x": x, "target": y], batchSize: 0,
      message: "the batch size should be at least 1 and is 0"),
  ]

  @Test("what is wrong is named", arguments: bad)
  func refused(bad: Bad) throws {
    let evaluator = try Evaluator(Self.classifier(), loss: bad.loss)
    do {
      _ = try evaluator.evaluate(bad.data, batchSize: bad.batchSize)
      Issue.record("no error")
    } catch {
      #expect("\(error)" == bad.message)
    }
  }

  @Test("float64 becomes float32, integers of any width become labels; other arrays are left alone")
  func converted() throws {
    let samples = try Samples(
      [
        "x": Tensor(elements: [1, 2, 3, 4] as [Double], shape: [2, 2]), "target": Tensor(elements: [1, 2] as [UInt8]),
        "weights": Tensor(1),
      ], for: Self.classifier(), loss: .crossEntropy, prediction: nil)
    let (inputs, target) = try samples.batch([1])
    #expect(inputs.count == 1)
    #expect(try inputs["x"]?.tensor?.elements(as: Float.self) == [3, 4])
    #expect(inputs["x"]?.tensor?.dtype == .float32)
    #expect(target?.dtype == .int64)
    #expect(try target?.integers() == [2])
  }

  @Test("arrays of a .npz file")
  func file() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "thaw-\(UUID().uuidString).npz").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try TensorFile.write([("x", Tensor([1, 2] as [Float])), ("target", Tensor([3, 4]))], to: path)
    let data = try Dataset(contentsOf: path)
    #expect(data.names == ["x", "target"])
    #expect(data.source == path)
    #expect(try data["target"]?.integers() == [3, 4])
  }
}

@Suite("Batches") struct BatchingTests {
  @Test("as given: in order, the last one short")
  func asGiven() throws {
    let batches = try Batching(size: 2, order: .asGiven).batches(of: 5, epoch: 3)
    #expect(batches == [[0, 1], [2, 3], [4]])
  }

  @Test("shuffled: all samples once, another order each epoch and seed, the same again")
  func shuffled() throws {
    func order(_ seed: UInt64, _ epoch: Int) throws -> [Int] {
      try Batching(size: 7, order: .shuffled(seed: seed)).batches(of: 100, epoch: epoch).flatMap(\.self)
    }
    let first = try order(1, 0)
    #expect(first.sorted() == Array(0..<100))
    #expect(first != Array(0..<100))
    #expect(try order(1, 0) == first)
    #expect(try order(1, 1) != first)
    #expect(try order(2, 0) != first)
  }

  @Test("rows of tensors of any type, also strided ones")
  func rows() throws {
    let transposed = Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3]).transposed([1, 0])
    #expect(try transposed.rows([2, 0]).elements(as: Float.self) == [3, 6, 1, 4])
    #expect(try Tensor([true, false]).rows([1]).elements(as: Bool.self) == [false])
    #expect(try Tensor(strings: [[65], [66]], shape: [2]).rows([1, 1]).strings() == [[66], [66]])
    #expect(try Tensor.ones([3, 0]).rows([0, 1]).shape == [2, 0])
  }
}
