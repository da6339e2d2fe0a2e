import ArgumentParser
import Thaw

/// How a model is saved.
struct SavingOptions: ParsableArguments {
  @Flag(help: "Keeps large tensors in a file beside the model, MODEL.data, as is always done above 2 GiB.")
  var externalData = false

  func save(_ model: Model, to path: String) throws {
    try Activity.run("saving \(path)") {
      try model.save(to: path, externalData: externalData ? .always : .automatic)
    }
  }
}
