import Foundation
import ThawONNX
import ThawTensor

/// A folder of ONNX's backend tests: `model.onnx`, and data sets of inputs and of the outputs that they should give.
///
/// Data sets are folders `test_data_set_0`, `test_data_set_1` and so on, with `input_0.pb` … and `output_0.pb` …, or
/// these files stand beside the model. Where a `data.json` stands there too, it tells the tolerance.
package struct ConformanceCase: Sendable {
  /// The folder, as it was named.
  package let folder: String

  package init(_ folder: String) { self.folder = folder }

  /// Files numbered from 0 beside a model or in a folder of their own.
  private struct DataSet {
    /// nil for files beside the model.
    let name: String?
    let inputs: [Int: String]
    let outputs: [Int: String]
  }

  private static let modelName = "model.onnx"

  /// The case folders in a folder and its subfolders, and the folder itself where it is one, in order.
  ///
  /// - Throws: `FileError` when the folder cannot be read.
  package static func folders(in folder: String) throws -> [String] {
    let entries: [String]
    do {
      entries = try FileManager.default.contentsOfDirectory(atPath: folder)
    } catch {
      throw FileError(.notReadable, path: folder, expected: "a folder with cases of ONNX's backend tests")
    }
    if entries.contains(modelName) { return [folder] }
    return try entries.sorted { $0.compare($1, options: .numeric) == .orderedAscending }
      .map { folder.hasSuffix("/") ? folder + $0 : "\(folder)/\($0)" }
      .filter(isFolder).flatMap { try folders(in: $0) }
  }

  /// Runs the model on all data sets and compares; no error leaves it.
  ///
  /// - Parameters:
  ///   - execution: a model that is compiled runs twice, because the first run of one is eager.
  ///   - root: where to write what was computed: `root/<folder>/<case>/<data set>/output_0.pb` and so on.
  package func run(
    execution: Execution, limits: Limits = Limits(), allowLinks: Bool = false, writingTo root: String? = nil
  ) -> ConformanceResult {
    var operators: [String] = []
    do {
      var proto = try ModelProto(contentsOf: "\(folder)/\(Self.modelName)")
      operators = proto.operatorNames
      try proto.openExternalData(besides: "\(folder)/\(Self.modelName)", allowLinks: allowLinks)
      let model = try Model(proto)
      model.limits = limits
      let comparison = try ValueComparison(contentsOf: "\(folder)/data.json")
      let sets = try dataSets()
      for set in sets {
        let target = try root.map { try outputFolder(of: set, in: $0) }
        if let difference = try run(model, set, execution, comparison, writingTo: target) {
          let place = sets.count > 1 ? "\(set.name ?? ""): " : ""
          return ConformanceResult(folder, .fail, "\(place)\(difference)", operators)
        }
      }
      return ConformanceResult(folder, .pass, "", operators)
    } catch {
      return ConformanceResult(folder, Self.status(of: error), "\(error)", operators)
    }
  }

  private static func status(of error: any Error) -> ConformanceResult.Status {
    switch error {
    case let error as ModelError where error.kind == .unsupported: .unsupported
    case let error as TensorError where error.kind == .unsupported: .unsupported
    default: .error
    }
  }

  /// What is wrong with the outputs of a data set; nil when nothing is.
  private func run(
    _ model: Model, _ set: DataSet, _ execution: Execution, _ comparison: ValueComparison, writingTo target: String?
  ) throws -> String? {
    let inputs = try inputs(of: set, model)
    let outputs = model.outputs
    func values() throws -> [Value] { try noGrad { try model(values: inputs, execution: execution).values } }
    var found = try values()
    if execution != .eager { found = try values() }
    if let target {
      for (index, (value, output)) in zip(found, outputs).enumerated() {
        try ValueFile.write(value, named: output.name, to: "\(target)/output_\(index).pb")
      }
    }
    for (index, path) in set.outputs.sorted(by: { $0.key < $1.key }) {
      guard found.indices.contains(index) else { return "there is no output \(index) for \(path)" }
      let expected = try ValueFile.read(path, as: outputs[index].type)
      if let difference = try comparison.difference(found[index], from: expected) {
        return "output \(index) '\(outputs[index].name)': \(difference)"
      }
    }
    return nil
  }

  /// The values of `input_0.pb` and so on: those that must be given in the model's order, or all where there are more.
  private func inputs(of set: DataSet, _ model: Model) throws -> [String: Value] {
    let needed = model.inputs
    let all = model.inputs + model.optionalInputs
    let inOrder = (model.proto.graph?.input ?? []).compactMap { input in all.first { $0.name == input.name } }
    let ports = set.inputs.count > needed.count ? inOrder : needed
    var values: [String: Value] = [:]
    for (index, path) in set.inputs {
      guard ports.indices.contains(index) else {
        throw ModelError(.name, "\(path): the model has \(ports.count) inputs")
      }
      values[ports[index].name] = try ValueFile.read(path, as: ports[index].type)
    }
    return values
  }

  /// - Throws: `ModelError` when there is nothing that says what should come out.
  private func dataSets() throws -> [DataSet] {
    let entries = try FileManager.default.contentsOfDirectory(atPath: folder)
    var sets = try entries.filter { $0.hasPrefix("test_data_set_") }
      .sorted { $0.compare($1, options: .numeric) == .orderedAscending }
      .map { name in
        let files = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(name)")
        return DataSet(
          name: name, inputs: numbered("input_", in: files, of: "\(folder)/\(name)"),
          outputs: numbered("output_", in: files, of: "\(folder)/\(name)"))
      }
    let outputs = numbered("output_", in: entries, of: folder)
    if !outputs.isEmpty {
      sets.insert(DataSet(name: nil, inputs: numbered("input_", in: entries, of: folder), outputs: outputs), at: 0)
    }
    guard !sets.isEmpty, sets.allSatisfy({ !$0.outputs.isEmpty }) else {
      throw ModelError(.request, "\(folder): there is no output_0.pb, beside the model or in test_data_set_0")
    }
    return sets
  }

  private func numbered(_ prefix: String, in files: [String], of folder: String) -> [Int: String] {
    var result: [Int: String] = [:]
    for file in files where file.hasPrefix(prefix) && file.hasSuffix(".pb") {
      if let number = Int(file.dropFirst(prefix.count).dropLast(".pb".count)) { result[number] = "\(folder)/\(file)" }
    }
    return result
  }

  /// Makes the folder for what a data set gave.
  private func outputFolder(of set: DataSet, in root: String) throws -> String {
    let parts = URL(fileURLWithPath: folder).standardized.pathComponents.suffix(2).filter { $0 != "/" }
    let target = ([root] + parts + [set.name].compactMap { $0 }).joined(separator: "/")
    do {
      try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
    } catch {
      throw FileError(.notWritable, path: target)
    }
    return target
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }
}
