import ArgumentParser
import Foundation
import Thaw
import ThawGraph

/// `thaw run`.
struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Computes a model's outputs.",
    discussion: """
      The inputs are a .npz file with arrays named like the model's inputs, a .npy file for a model with one input, or \
      a folder that holds input_0.pb, input_1.pb and so on in the model's order.

      Example: thaw run model.onnx --inputs samples.npz -o outputs.npz
      """)

  @Argument(help: "The model, an .onnx file.", completion: .model) var model: String
  @OptionGroup(title: "Opening") var opening: OpeningOptions
  @Option(name: .customLong("inputs"), help: "A .npz or .npy file, or a folder of input_*.pb.", completion: .file())
  var file: String?
  @OptionGroup var inputs: InputOptions
  @OptionGroup(title: "Execution") var execution: ExecutionOptions
  @Option(help: "An output to compute; all when left out. May be given several times.") var output: [String] = []
  @Option(name: [.customShort("o"), .long], help: "Where to save the outputs, a .npz file.", completion: .file())
  var out: String?

  func run() throws {
    try execution.run {
      if let out { try TensorFile.checkWritable(out) }
      let model = try opening.open(model)
      let given = try inputs.tensors(for: model)
      let read = try file.map { try ModelInputs(at: $0, for: model, except: Set(given.keys)) }
      if let ignored = read?.ignored, !ignored.isEmpty {
        Console.remark("the model has no inputs of these names, so they are ignored: \(ignored.shortened())")
      }
      let tensors = (read?.tensors ?? [:]).merging(given) { $1 }
      let results = try Activity.run("computing") {
        try noGrad { try model(tensors, outputs: output.isEmpty ? nil : output, execution: execution.execution) }
      }
      var saved: [(name: String, tensor: Tensor)] = []
      for (name, value) in zip(results.names, results.values) {
        Console.line(try ValueSummary(name, value).text)
        if let tensor = value.tensor {
          saved.append((name, tensor))
        } else if out != nil {
          Console.remark("'\(name)' is \(value.type), which a .npz file cannot hold: it is not saved")
        }
      }
      if let out {
        try TensorFile.write(saved, to: out)
        Console.line("saved: \(out)")
      }
      return model.programCount
    }
  }
}

/// Inputs for a model from a file or a folder.
struct ModelInputs {
  let tensors: [String: Tensor]
  /// Arrays of the file that the model has no input for.
  let ignored: [String]

  /// - Parameter given: the inputs that come from elsewhere.
  init(at path: String, for model: Model, except given: Set<String>) throws {
    let names = model.inputs.map(\.name).filter { !given.contains($0) }
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      let files = try Self.numberedFiles(in: path)
      guard files.count <= names.count else {
        throw ModelError(
          .name,
          "\(path) holds \(files.count) inputs (input_*.pb), and the model has \(names.count)"
            + (given.isEmpty ? "" : " more"))
      }
      tensors = try Dictionary(uniqueKeysWithValues: zip(names, files).map { ($0, try TensorFile.read($1)) })
      ignored = []
    } else if path.hasSuffix(".npy") || path.hasSuffix(".pb") {
      guard names.count == 1 else {
        throw ModelError(
          .name,
          "\(path) holds one array, and the model has \(names.count) inputs: give a .npz file with "
            + names.map { "'\($0)'" }.joined(separator: ", "))
      }
      tensors = [names[0]: try TensorFile.read(path)]
      ignored = []
    } else {
      let arrays = try TensorFile.readArchive(path)
      tensors = Dictionary(arrays.filter { names.contains($0.name) }.map { ($0.name, $0.tensor) }) { first, _ in first }
      ignored = arrays.map(\.name).filter { !names.contains($0) }
    }
  }

  /// `input_0.pb`, `input_1.pb` and so on, in the order of their numbers.
  private static func numberedFiles(in folder: String) throws -> [String] {
    let numbers = try FileManager.default.contentsOfDirectory(atPath: folder).compactMap { name -> Int? in
      guard name.hasPrefix("input_"), name.hasSuffix(".pb") else { return nil }
      return Int(name.dropFirst("input_".count).dropLast(".pb".count))
    }
    guard !numbers.isEmpty else { throw ModelError(.name, "\(folder): there is no input_0.pb in this folder") }
    guard numbers.sorted() == Array(0..<numbers.count) else {
      throw ModelError(.name, "\(folder): the files input_*.pb should be numbered 0 to \(numbers.count - 1)")
    }
    return numbers.indices.map { "\(folder)/input_\($0).pb" }
  }
}
