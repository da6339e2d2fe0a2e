import ArgumentParser
import Thaw

/// Inputs that are the same for every sample.
struct InputOptions: ParsableArguments {
  @Option(
    name: .customLong("input"),
    help: ArgumentHelp(
      "An input that is the same for every sample: a number, a list such as [1,2,3], or a .npy, .npz or .pb file.",
      valueName: "name=value|file"))
  var given: [String] = []

  func validate() throws {
    for argument in given where !argument.contains("=") {
      throw ValidationError("--input should be NAME=VALUE or NAME=FILE and is '\(argument)'")
    }
  }

  /// The inputs by name, in the types that the model declares.
  ///
  /// - Throws: `ModelError` that names the input, or `FileError`.
  func tensors(for model: Model) throws -> [String: Tensor] {
    let inputs = model.inputs + model.optionalInputs
    var tensors: [String: Tensor] = [:]
    for argument in given {
      // A name may hold a "=" of its own.
      let input = inputs.first { argument.hasPrefix("\($0.name)=") }
      let name = input?.name ?? String(argument.prefix { $0 != "=" })
      guard let input else {
        throw ModelError(
          .name,
          "--input: the model has no input '\(name)'; it has "
            + model.inputs.map { "'\($0.name)'" + ($0.type.map { " (\($0))" } ?? "") }.joined(separator: ", "))
      }
      guard tensors[name] == nil else { throw ModelError(.name, "--input: '\(name)' is given twice") }
      tensors[name] = try GivenInput(
        name: name, text: String(argument.dropFirst(name.count + 1)), type: input.type?.tensor
      ).tensor()
    }
    return tensors
  }
}
