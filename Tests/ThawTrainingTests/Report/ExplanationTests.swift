import Foundation
import Testing
import ThawGraph
import ThawTensor

@testable import ThawTraining

@Suite("Explanation") struct ExplanationTests {
  private static let losses: [Loss] = [
    .crossEntropy, .negativeLogLikelihood(), .binaryCrossEntropy(), .meanSquaredError,
  ]

  private static func model() throws -> Model {
    let w = Parameter("w", Tensor.ones([3, 4]))
    let graph = try Graph.record(inputs: ["x": .float32("N", 3)], output: "y", parameters: [w]) { x in
      x.matmul(try w.value()).relu()
    }
    return try Model(graph)
  }

  @Test("a forward pass: one step an operator, and a time for each")
  func inference() throws {
    let model = try Self.model()
    let explanation = try Explanation(model, inputs: model.randomInputs(batch: 5), profiles: true)
    #expect(explanation.task == "inference")
    #expect(explanation.inputs.map(\.type) == ["float32[5, 3]"])
    #expect(explanation.operators.map(\.count) == [1, 1])
    #expect(explanation.program.operators == ["MatMul", "Relu"])
    #expect(explanation.program.steps.map { $0.operators } == [["MatMul"], ["Relu"]])
    #expect(explanation.program.steps[0].arithmetic == 2 * 5 * 3 * 4)
    #expect(explanation.program.inputByteCount == 5 * 3 * 4)
    let profile = try #require(explanation.profile)
    #expect(profile.stepMilliseconds.count == explanation.program.steps.count && profile.runs >= 5)
  }

  @Test("a training step of each loss, with a target made up for it", arguments: losses.indices)
  func training(loss: Int) throws {
    let model = try Self.model()
    let explanation = try Explanation(model, inputs: model.randomInputs(batch: 5), loss: Self.losses[loss])
    #expect(explanation.task == "training step")
    #expect(explanation.profile == nil)
    // The gradient of w is a product too.
    let products = explanation.program.steps.filter { $0.arithmetic > 0 }
    #expect(products.count == 2, "\(Self.losses[loss])")
    // It goes out beside the prediction and the loss.
    #expect(explanation.program.outputByteCount == (5 * 4 + 1 + 3 * 4) * 4)
  }

  @Test("it is JSON that reads back")
  func json() throws {
    let model = try Self.model()
    let explanation = try Explanation(model, inputs: model.randomInputs(), profiles: true)
    let read = try JSONDecoder().decode(Explanation.self, from: JSONEncoder().encode(explanation))
    #expect(read.program.steps.map(\.kind) == explanation.program.steps.map(\.kind))
    #expect(read.profile?.stepMilliseconds.count == explanation.program.steps.count)
  }

  @Test("tables: columns line up, empty ones go, long entries shrink")
  func table() {
    var table = TextTable([.left("name", mayShrink: true), .left("nothing"), .right("n")])
    table.add(["short", "", "1"])
    table.add(["a rather long entry", "", "1000"])
    #expect(table.text(width: 80) == "name                    n\nshort                   1\na rather long entry  1000")
    #expect(table.text(width: 14) == "name         n\nshort        1\na rathe…  1000")
    #expect(table.text(width: 1) == "name       n\nshort      1\na rat…  1000")
  }

  @Test(
    "numbers with units",
    arguments: [
      (0, "0 B"), (1, "1 B"), (12.34, "12.3 B"), (999, "999 B"), (1000, "1.00 kB"), (2_500_000, "2.50 MB"),
    ])
  func units(number: Double, text: String) { #expect(number.text(unit: "B") == text) }
}
