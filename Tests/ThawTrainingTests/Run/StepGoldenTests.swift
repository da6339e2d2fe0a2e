import Foundation
import Testing
import ThawGraph
import ThawONNX
import ThawTensor

@testable import ThawTraining

@Suite("Steps, with PyTorch's numbers") struct StepGoldenTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let loss: Loss
    let batchSize: Int
    var accumulation = 1
    var clipping: Clipping?
    let optimizer: OptimizerChoice

    /// In the order of the fixture.
    static let all = [
      Case(
        testDescription: "norm 0.5", loss: .crossEntropy, batchSize: 2, clipping: .norm(0.5),
        optimizer: .sgd(0.1, momentum: 0.9)),
      Case(
        testDescription: "norm 100", loss: .crossEntropy, batchSize: 2, clipping: .norm(100),
        optimizer: .sgd(0.1, momentum: 0.9)),
      Case(
        testDescription: "value 0.2", loss: .meanSquaredError, batchSize: 3, clipping: .value(0.2),
        optimizer: .sgd(0.1, momentum: 0.9)),
      Case(
        testDescription: "3 batches a step, the last has 2 samples", loss: .crossEntropy, batchSize: 2,
        accumulation: 3, optimizer: .sgd(0.1, momentum: 0.9)),
      Case(
        testDescription: "3 batches a step and norm 0.7", loss: .meanSquaredError, batchSize: 2, accumulation: 3,
        clipping: .norm(0.7), optimizer: .adam(0.02)),
      Case(
        testDescription: "2 batches a step, the last batch has 3 samples", loss: .meanSquaredError, batchSize: 4,
        accumulation: 2, optimizer: .adam(0.02)),
      Case(
        testDescription: "more batches a step than there are", loss: .crossEntropy, batchSize: 3, accumulation: 9,
        optimizer: .adam(0.02)),
    ]
  }

  private static let names = ["w0", "b0", "w1", "b1"]
  private let arrays: [String: Tensor]

  init() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/steps.npz")
    let npz = try Npz(contentsOf: file.path)
    arrays = try Dictionary(uniqueKeysWithValues: npz.names.map { ($0, try Tensor(try #require(npz[$0]))) })
  }

  @Test("four epochs", arguments: Case.all.indices) func golden(index: Int) throws {
    let row = Case.all[index]
    let model = try trained(row, batchSize: row.batchSize, accumulation: row.accumulation)
    for name in Self.names {
      let found = try #require(model.parameters[name]).value().elements(as: Double.self)
      let expected = try array("case\(index).\(name)").elements(as: Double.self)
      for (found, expected) in zip(found, expected) {
        #expect(abs(found - expected) <= 1e-5 * abs(expected) + 2e-6, "\(row.testDescription), \(name)")
      }
    }
  }

  @Test("accumulated batches make the step of a batch as large", arguments: [1, 2, 3, 5])
  func accumulation(count: Int) throws {
    for row in [Case.all[3], Case.all[5]] {
      let many = try trained(row, batchSize: 2, accumulation: count)
      let one = try trained(row, batchSize: 2 * count, accumulation: 1)
      for name in Self.names {
        let (left, right) = (try #require(many.parameters[name]).value(), try #require(one.parameters[name]).value())
        for (left, right) in zip(try left.elements(as: Double.self), try right.elements(as: Double.self)) {
          #expect(abs(left - right) <= 1e-5 * abs(right) + 2e-6, "\(name)")
        }
      }
    }
  }

  private func array(_ name: String) throws -> Tensor { try #require(arrays[name], "no array \(name)") }

  private func trained(_ row: Case, batchSize: Int, accumulation: Int) throws -> Model {
    let parameters = try Self.names.map { Parameter($0, try array($0)) }
    let graph = try Graph.record(inputs: ["x": .float32("N", 3)], output: "y", parameters: parameters) { x in
      let hidden = (x.matmul(try parameters[0].value()) + (try parameters[1].value())).relu()
      return hidden.matmul(try parameters[2].value()) + (try parameters[3].value())
    }
    let model = try Model(graph)
    let trainer = try Trainer(model, loss: row.loss, optimizer: row.optimizer)
    var plan = TrainingPlan(epochs: 4, batching: Batching(size: batchSize, order: .asGiven))
    plan.accumulation = accumulation
    plan.clipping = row.clipping
    let target = try array(row.loss.name == Loss.crossEntropy.name ? "labels" : "values")
    try trainer.fit(["x": try array("x"), "target": target], plan)
    return model
  }
}
