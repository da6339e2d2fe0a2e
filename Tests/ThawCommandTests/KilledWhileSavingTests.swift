import Foundation
import Testing
import ThawGraph
import ThawTensor

@Suite("Killed while saving") struct KilledWhileSavingTests {
  @Test("the file is the old one or the new one, whole")
  func killed() throws {
    try Thaw.withFolder { folder in
      // 8 MB, so that writing takes a while.
      let weight = Parameter("weight", try RandomGenerator(seed: 1).uniform([1024, 2048]))
      let graph = try Graph.record(inputs: ["x": .float32("N", 1024)], output: "y", parameters: [weight]) {
        $0.matmul(try weight.value())
      }
      let path = "\(folder)/model.onnx"
      try graph.save(to: path)
      let expected = try weight.value().elements(as: Float.self)
      var finished = 0
      for attempt in 0..<40 {
        let arguments = [attempt % 2 == 0 ? "freeze" : "unfreeze", "model.onnx", "weight", "-o", "model.onnx"]
        let process = Thaw.process(arguments, in: folder)
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        // From before the first byte to after the last.
        usleep(UInt32(attempt * 1500))
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        if process.terminationReason == .exit { finished += 1 }
        let model = try Model(contentsOf: path)
        #expect([.trainable, .frozen].contains(model.parameters["weight"]?.role))
        #expect(try model.parameters["weight"]?.value().elements(as: Float.self) == expected)
      }
      #expect(finished < 40)
    }
  }

  @Test("a model with external data is the old one or the new one, whole")
  func killedWithExternalData() throws {
    try Thaw.withFolder { folder in
      let weight = Parameter("weight", try RandomGenerator(seed: 1).uniform([1024, 2048]))
      let graph = try Graph.record(inputs: ["x": .float32("N", 1024)], output: "y", parameters: [weight]) {
        $0.matmul(try weight.value())
      }
      try Model(graph).save(to: "\(folder)/model.onnx", externalData: .always)
      let path = "\(folder)/out.onnx"
      try Model(graph).save(to: path, externalData: .always)
      let expected = try weight.value().elements(as: Float.self)
      var finished = 0
      for attempt in 0..<20 {
        // Each replaces out.onnx and its side-car.
        let arguments = [attempt % 2 == 0 ? "freeze" : "unfreeze", "model.onnx", "weight", "-o", "out.onnx"]
        let process = Thaw.process(arguments, in: folder)
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        usleep(UInt32(attempt * 3000))
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        if process.terminationReason == .exit { finished += 1 }
        let model = try Model(contentsOf: path)
        #expect([.trainable, .frozen].contains(model.parameters["weight"]?.role))
        #expect(try model.parameters["weight"]?.value().elements(as: Float.self) == expected)
      }
      #expect(finished < 20)
    }
  }
}
