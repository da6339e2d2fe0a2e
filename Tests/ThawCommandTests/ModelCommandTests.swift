import Foundation
import Testing
import ThawGraph

@Suite("thaw diff, convert, extract, rename, merge, average, weights") struct ModelCommandTests {
  @Test("diff: 0 when nothing differs, 1 when something does")
  func diff() throws {
    try Thaw.withFolder { folder in
      try SmallModels.write(to: folder)
      let same = try Thaw.run(["diff", "model.onnx", "model.onnx"], in: folder)
      #expect(same.code == 0 && same.output.hasPrefix("the models are the same; "))
      let frozen = try Thaw.run(["freeze", "model.onnx", "body.*", "-o", "frozen.onnx"], in: folder)
      #expect(frozen.code == 0)
      let other = try Thaw.run(["diff", "model.onnx", "frozen.onnx"], in: folder)
      #expect(other.code == 1 && other.error.isEmpty)
      #expect(other.output.contains("role        body.weight: trainable → frozen\n"))
      let json = try Thaw.run(["diff", "model.onnx", "frozen.onnx", "--json"], in: folder)
      let difference = try JSONDecoder().decode(ModelDifference.self, from: Data(json.output.utf8))
      #expect(difference.roles.map(\.name).sorted() == ["body.bias", "body.weight"])
    }
  }

  @Test("each changes what it says, and the roles stay")
  func changes() throws {
    try Thaw.withFolder { folder in
      try SmallModels.write(to: folder)
      func thaw(_ arguments: String...) throws {
        let result = try Thaw.run(arguments, in: folder)
        #expect(result.code == 0, "\(arguments): \(result.error)")
      }
      try thaw("freeze", "model.onnx", "body.*", "-o", "model.onnx")
      try thaw(
        "convert", "model.onnx", "--opset", "21", "--float", "float16", "--fold", "--prune", "-o", "half.onnx.gz")
      try thaw("convert", "model.onnx", "-o", "model.onnxtxt")
      try thaw("convert", "model.onnx", "-o", "model.json")
      try thaw("rename", "model.onnx", "--initializers", "body.*=trunk.*", "-o", "renamed.onnx")
      try thaw("weights", "export", "model.onnx", "-o", "w.safetensors")
      try thaw("weights", "import", "half.onnx.gz", "w.safetensors", "--cast", "-o", "again.onnx")
      try thaw("average", "model.onnx", "renamed.onnx", "--weights", "3,1", "-o", "mean.onnx")
      try thaw("diff", "model.onnx", "mean.onnx")
      try thaw("extract", "model.onnx", "--to", "probabilities", "-o", "part.onnx")
      try thaw("merge", "model.onnx", "part.onnx", "--connect", "probabilities=x", "-o", "two.onnx")
      let renamed = try Model(contentsOf: "\(folder)/renamed.onnx")
      #expect(renamed.parameters.with(.frozen).map(\.name).sorted() == ["trunk.bias", "trunk.weight"])
      let half = try Model(contentsOf: "\(folder)/again.onnx")
      #expect(half.parameters.with(.frozen).map(\.name).sorted() == ["body.bias", "body.weight"])
      #expect(half.parameters["head.weight"]?.type.dtype == .float16)
      let two = try Model(contentsOf: "\(folder)/two.onnx")
      #expect(two.parameters["second/body.weight"]?.role == .frozen)
    }
  }

  @Test(
    "command lines that cannot be",
    arguments: [
      ["convert", "model.onnx"], ["convert", "model.onnx", "--embed", "--external-data", "-o", "x.onnx"],
      ["rename", "model.onnx", "-o", "x.onnx"], ["rename", "model.onnx", "--nodes", "a", "-o", "x.onnx"],
      ["merge", "model.onnx", "model.onnx", "--connect", "a", "-o", "x.onnx"],
      ["average", "model.onnx", "model.onnx", "--weights", "1", "-o", "x.onnx"],
    ])
  func usage(arguments: [String]) throws {
    try Thaw.withFolder { folder in
      try SmallModels.write(to: folder)
      #expect(try Thaw.run(arguments, in: folder).code == 2)
    }
  }
}
