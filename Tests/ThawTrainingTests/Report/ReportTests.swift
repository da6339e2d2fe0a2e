import Testing
import ThawGraph
import ThawTensor

@testable import ThawTraining

@Suite("What people read") struct ReportTests {
  @Test(
    "names in a line",
    arguments: [
      (0, ""), (1, "n0"), (6, "n0, n1, n2, n3, n4, n5"), (7, "n0, n1, n2, n3, n4, n5, n6"),
      (8, "n0, n1, n2, n3, n4, n5 … and 2 more"), (43, "n0, n1, n2, n3, n4, n5 … and 37 more"),
    ])
  func shortened(count: Int, text: String) {
    #expect((0..<count).map { "n\($0)" }.shortened() == text)
  }

  @Test("a line a role, and the rule")
  func parameters() throws {
    let (w, b) = (Parameter("w", Tensor.ones([2, 3])), Parameter("b", Tensor.ones([3]), role: .frozen))
    let graph = try Graph.record(inputs: ["x": .float32("N", 2)], parameters: [w, b]) {
      $0.matmul(try w.value()) + (try b.value())
    }
    #expect(
      ParameterReport(try Model(graph).parameters).lines == [
        "trains    1 tensor, 6 numbers: w", "frozen    1 tensor, 3 numbers: b", "roles     as written in the file",
      ])
  }

  @Test("results")
  func results() {
    let accuracy = Evaluation(
      loss: 0.123_456, scores: [.init(metric: .accuracy, value: 0.951_25), .init(metric: .f1, value: 0.5)],
      sampleCount: 80)
    #expect(
      "\(accuracy)" == "loss 0.1235, accuracy 95.12 %, F1 0.5000"
        || "\(accuracy)" == "loss 0.1235, accuracy 95.13 %, F1 0.5000")
    #expect(accuracy.values.map(\.name) == ["loss", "accuracy", "f1"])
    #expect(accuracy.values.map(\.value) == [0.123_456, 0.951_25, 0.5])
    let rmse = Evaluation(loss: 4, scores: [.init(metric: .rootMeanSquaredError, value: 2)], sampleCount: 80)
    #expect("\(rmse)" == "loss 4.0000, RMSE 2")
    let epoch = EpochReport(epoch: 2, epochs: 5, evaluation: rmse, learningRates: [0.1], seconds: 1.25)
    #expect("\(epoch)" == "epoch 2/5: loss 4.0000, RMSE 2 (1.2 s)")
    let measured = EpochReport(
      epoch: 2, epochs: 5, evaluation: rmse, validation: accuracy, isBest: true, learningRates: [0.1], seconds: 1.25)
    #expect("\(measured)".contains("RMSE 2; validation loss 0.1235, accuracy 95.1"))
    #expect("\(measured)".hasSuffix(" %, F1 0.5000, the best so far (1.2 s)"))
  }
}
