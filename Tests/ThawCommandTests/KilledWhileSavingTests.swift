import Foundation
import Testing
import ThawGraph
import ThawTensor

@Suite("Killed while saving") struct KilledWhileSavingTests {
  @Test("the file is the old one or the new one, whole")
  func killed() throws {
    try Thaw.withFolder { folder in
      try model().save(to: "\(folder)/model.onnx")
      try kill(40, apart: 1500, whileSaving: "model.onnx", in: folder)
    }
  }

  @Test("a model with external data is the old one or the new one, whole")
  func killedWithExternalData() throws {
    try Thaw.withFolder { folder in
      for name in ["model.onnx", "out.onnx"] { try model().save(to: "\(folder)/\(name)", externalData: .always) }
      // Each attempt replaces out.onnx and its side-car.
      try kill(20, apart: 3000, whileSaving: "out.onnx", in: folder)
    }
  }

  /// 8 MB, so that writing takes a while.
  private func model() throws -> Model {
    let weight = Parameter("weight", try RandomGenerator(seed: 1).uniform([1024, 2048]))
    return try Model(
      try Graph.record(inputs: ["x": .float32("N", 1024)], output: "y", parameters: [weight]) {
        $0.matmul(try weight.value())
      })
  }

  /// Kills `thaw freeze model.onnx weight -o NAME` again and again, and looks at NAME each time.
  ///
  /// - Parameter distance: how many microseconds later each attempt dies, from before the first byte to after the last.
  private func kill(_ attempts: Int, apart distance: Int, whileSaving name: String, in folder: String) throws {
    let path = "\(folder)/\(name)"
    let expected = try #require(try Model(contentsOf: path).parameters["weight"]).value().elements(as: Float.self)
    var finished = 0
    for attempt in 0..<attempts {
      let arguments = [attempt % 2 == 0 ? "freeze" : "unfreeze", "model.onnx", "weight", "-o", name]
      let process = Thaw.process(arguments, in: folder)
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      usleep(UInt32(attempt * distance))
      Foundation.kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      if process.terminationReason == .exit { finished += 1 }
      let model = try Model(contentsOf: path)
      #expect([.trainable, .frozen].contains(model.parameters["weight"]?.role))
      #expect(try model.parameters["weight"]?.value().elements(as: Float.self) == expected)
    }
    #expect(finished < attempts)
  }
}
