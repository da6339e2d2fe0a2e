import Foundation
import Testing
import ThawTensor

@testable import ThawTraining

@Suite("Cross-entropy") struct CrossEntropyTests {
  @Test("two samples by hand")
  func values() throws {
    // Row 0: log(e + e² + e³) − 3; row 1: log 3.
    let logits = Tensor([1, 2, 3, 1, 1, 1] as [Float], shape: [2, 3], requiresGrad: true)
    let loss = crossEntropy(logits, Tensor([2, 0]))
    #expect(abs(try loss.item() - (0.407_605_964 + 1.098_612_289) / 2) < 1e-6)
    try loss.backward()
    // (softmax − one-hot) / 2.
    let expected = [0.045_015_29, 0.122_364_24, -0.167_379_53, -0.333_333_33, 0.166_666_67, 0.166_666_67]
    for (found, expected) in zip(try #require(logits.grad).elements(as: Double.self) as [Double], expected) {
      #expect(abs(found - expected) < 1e-6)
    }
  }

  @Test("large logits do not overflow")
  func large() throws {
    let logits = Tensor([1000, 0, 0, 1000] as [Float], shape: [2, 2])
    #expect(try crossEntropy(logits, Tensor([0, 0])).item() == 500)
  }

  @Test("labels of int32")
  func int32() throws {
    let logits = Tensor([0, 0, 0, 0] as [Float], shape: [2, 2])
    let labels = Tensor(elements: [0, 1] as [Int32])
    #expect(abs(try crossEntropy(logits, labels).item() - log(2.0)) < 1e-6)
  }

  @Test(
    "the class axis",
    arguments: [
      ([2, 3], [2], 1), ([3], [], 0), ([2, 3, 4], [2, 4], 1), ([2, 4, 3], [2, 4], 2), ([3, 2], [2], 0),
      // Two fit: axis 1.
      ([3, 3], [3], 1), ([2, 4, 4], [2, 4], 1), ([2, 3, 5, 7], [2, 5, 7], 1),
    ] as [([Int], [Int], Int)])
  func axis(logits: [Int], labels: [Int], expected: Int) throws {
    let axis = try ClassAxis(logits: logits, labels: labels)
    #expect(axis.index == expected)
    #expect(axis.classCount == logits[expected])
  }

  @Test("no class axis", arguments: [([2, 3], [3, 2]), ([2, 3], [2, 3]), ([2, 3], [4])] as [([Int], [Int])])
  func noAxis(logits: [Int], labels: [Int]) {
    let message =
      "the labels of shape \(labels) do not fit logits of shape \(logits): removing the class axis from the logits' "
      + "shape should leave the labels' shape, as [32, 10] leaves [32]"
    #expect(throws: TrainingError(.data, message)) { try ClassAxis(logits: logits, labels: labels) }
  }

  @Test("a label that is no class is named with its row", arguments: [(3, 1), (-1, 0)])
  func outOfRange(label: Int, row: Int) {
    let labels = Tensor(row == 0 ? [label, 0] : [0, label])
    let message =
      "the label \(label) in row \(row) is not one of the 3 classes (0 to 2); reset the head to more classes "
      + "(--reset-head), or correct the target"
    #expect(throws: TrainingError(.label, message)) {
      try withErrors { crossEntropy(Tensor.zeros([2, 3]), labels) }
    }
  }

  @Test("labels that are no integers")
  func floating() {
    #expect(throws: TrainingError(.data, "labels should be integers (int64 or int32) and are float32")) {
      try withErrors { crossEntropy(Tensor.zeros([2, 3]), Tensor([1.0, 2.0])) }
    }
  }
}

@Suite("Mean squared error") struct MeanSquaredErrorTests {
  @Test("four numbers by hand")
  func values() throws {
    let prediction = Tensor([1, 2, 3, 4] as [Float], shape: [2, 2], requiresGrad: true)
    let loss = meanSquaredError(prediction, Tensor([1, 0, 3, 8] as [Float], shape: [2, 2]))
    #expect(try loss.item() == (4 + 16) / 4)
    try loss.backward()
    #expect(try prediction.grad?.elements(as: Float.self) == [0, 1, 0, -2])
  }

  @Test("nothing is broadcast")
  func shapes() {
    let message = "the prediction's shape [4, 1] and the target's shape [4] should be the same"
    #expect(throws: TrainingError(.data, message)) {
      try withErrors { meanSquaredError(Tensor.zeros([4, 1]), Tensor.zeros([4])) }
    }
  }

  @Test("types are the same")
  func types() {
    let message = "the target should be float32, as the prediction is, and is int64"
    #expect(throws: TrainingError(.data, message)) {
      try withErrors { meanSquaredError(Tensor.zeros([2]), Tensor([1, 2])) }
    }
  }
}
