import Testing
import ThawGraph
import ThawTensor

@testable import ThawCommand
@testable import ThawTraining

@Suite("What the command prints") struct ConsoleTests {
  @Test(
    "the progress of a training",
    arguments: [
      (1, "epoch 2/5 [..............................] step 1/40, loss 0.2500"),
      (20, "epoch 2/5 [###############...............] step 20/40, loss 0.2500"),
      (40, "epoch 2/5 [##############################] step 40/40, loss 0.2500"),
    ])
  func bar(step: Int, text: String) {
    let progress = TrainingProgress(epoch: 2, epochs: 5, step: step, steps: 40, loss: 0.25)
    #expect(StatusLine.text(progress) == text)
  }

  @Test("a value in a line")
  func values() throws {
    func text(_ tensor: Tensor) throws -> String { try ValueSummary("y", .tensor(tensor)).text }
    #expect(try text(Tensor([1, 2.5, -3] as [Float])) == "y: float32[3], 1 2.5 -3")
    #expect(try text(Tensor(7)) == "y: int64[], 7")
    #expect(try text(Tensor([true, false])) == "y: bool[2], 1 0")
    #expect(try text(Tensor.zeros([0, 4])) == "y: float32[0, 4], empty")
    #expect(try text(Tensor(strings: [[65], [66, 67]], shape: [2])) == "y: string[2], \"A\", \"BC\"")
    let long = Tensor((0..<11).map { $0 == 3 ? Float.nan : Float($0) })
    #expect(try text(long) == "y: float32[11], 0 to 10, mean 5.2, 1 not finite")
    let sequence = Value.sequence([], of: .tensor(.int64([2])))
    #expect(try ValueSummary("y", sequence).text == "y: sequence of int64[2], 0 elements")
  }
}
