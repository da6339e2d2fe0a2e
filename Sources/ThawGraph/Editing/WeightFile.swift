import ThawONNX
import ThawTensor

/// A file of weights by name: `.safetensors`, or NumPy's `.npz`.
public enum WeightFile {
  /// The formats, told by the file's name.
  public enum Format: String, Hashable, Sendable, CaseIterable {
    case safetensors, npz

    /// The format of a file's name.
    ///
    /// - Throws: `ModelError` of kind `request` for another name.
    public init(path: String) throws {
      guard let format = Self.allCases.first(where: { path.hasSuffix(".\($0.rawValue)") }) else {
        throw ModelError(.request, "\(path): weights are kept in files named .safetensors or .npz")
      }
      self = format
    }
  }

  /// Opens a file. Tensors stay in it until they are used.
  static func read(_ path: String) throws -> [(name: String, data: TensorData)] {
    switch try Format(path: path) {
    case .safetensors:
      let file = try Safetensors(contentsOf: path)
      return file.names.compactMap { name in file[name].map { (name, $0) } }
    case .npz:
      let file = try Npz(contentsOf: path)
      return file.names.compactMap { name in file[name].map { (name, $0) } }
    }
  }

  static func write(_ tensors: [(name: String, data: TensorData)], to path: String) throws {
    switch try Format(path: path) {
    case .safetensors:
      var file = Safetensors()
      for (name, data) in tensors { file[name] = data }
      try file.write(to: path)
    case .npz:
      var file = Npz()
      for (name, data) in tensors { file[name] = data }
      do {
        try file.write(to: path)
      } catch {
        var advised = error
        if error.kind == .notEncodable { advised.advice = "write .safetensors, which has more types" }
        throw advised
      }
    }
  }
}

/// What became of a file's tensors in a model.
public struct WeightImport: Sendable {
  /// The model with the new weights.
  public let model: Model
  /// The weights that were set, in the model's order.
  public let matched: [String]
  /// Weights of the model that the file does not have.
  public let missing: [String]
  /// Tensors of the file that the model does not have.
  public let unexpected: [String]
}

extension Model {
  /// The weights by name: every initializer of the graph, and the parameters that stand elsewhere.
  func weights() throws -> [(name: String, data: TensorData)] {
    var weights: [(name: String, data: TensorData)] = []
    var seen: Set<String> = []
    for tensor in try changedProto().graph?.initializer ?? [] {
      let name = tensor.name ?? ""
      weights.append((name, try tensor.checkedContents()))
      seen.insert(name)
    }
    for parameter in parameters where parameter.role != .constant && !seen.contains(parameter.name) {
      weights.append((parameter.name, try parameter.data()))
    }
    return weights
  }

  /// Writes the weights to a file by name: every initializer of the graph, and the parameters that stand elsewhere.
  ///
  /// Tensors of strings, which are no weights, are left out.
  ///
  /// - Parameter path: named `.safetensors` or `.npz`. Elements go from where they are to the file.
  /// - Returns: the names.
  /// - Throws: `FileError` when the file cannot be written or has no such type, `ModelError` for another name.
  @discardableResult public func exportWeights(to path: String) throws -> [String] {
    let weights = try weights().filter { $0.data.dtype != .string }
    try WeightFile.write(weights, to: path)
    return weights.map(\.name)
  }

  /// The model with the weights of a file, matched by name.
  ///
  /// - Parameters:
  ///   - path: named `.safetensors` or `.npz`.
  ///   - casts: whether numbers of another type are converted.
  ///   - isPartial: whether the file may lack some of the model's weights, or have others.
  /// - Throws: `FileError` for a broken file; `ModelError` of kind `type` that lists every tensor of another shape or
  ///   type, of kind `name` when names do not match.
  public func importingWeights(from path: String, casts: Bool = false, isPartial: Bool = false) throws -> WeightImport {
    let given = try WeightFile.read(path)
    let model = try edited(try changedProto(), roles: rolesByName)
    var proto = model.proto
    let wanted = try model.weights()
    let byName = Dictionary(given.map { ($0.name, $0.data) }) { first, _ in first }
    let missing = wanted.map(\.name).filter { byName[$0] == nil }
    let known = Set(wanted.map(\.name))
    let unexpected = given.map(\.name).filter { !known.contains($0) }
    try Self.checkNames(path, wanted.map(\.name), missing: missing, unexpected: unexpected, isPartial: isPartial)
    try Self.checkTypes(path, wanted, byName, casts: casts)
    for (name, old) in wanted {
      guard var data = byName[name] else { continue }
      if data.dtype != old.dtype { data = try Self.cast(data, like: old) }
      if let parameter = model.parameters[name] {
        try parameter.set(try inferenceMode(false) { try Tensor(data) })
      } else if let index = proto.graph?.initializer.firstIndex(where: { $0.name == name }) {
        proto.graph?.initializer[index].replaceContents(with: data)
      }
    }
    // Whole numbers are no parameters: they are in the message.
    let numbers = try Model(proto, operators: operators)
    for (target, source) in zip(numbers.parameters, model.parameters) where source.isChanged {
      try target.set(try source.value().detach())
    }
    let result = try edited(try numbers.changedProto(), roles: rolesByName)
    return WeightImport(
      model: result, matched: wanted.map(\.name).filter { byName[$0] != nil }, missing: missing, unexpected: unexpected)
  }

  private static func cast(_ data: TensorData, like old: TensorData) throws -> TensorData {
    try inferenceMode(false) { try noGrad { try withErrors { try Tensor(data).cast(to: old.dtype).data() } } }
  }

  private static func checkNames(
    _ path: String, _ wanted: [String], missing: [String], unexpected: [String], isPartial: Bool
  ) throws {
    if missing.count == wanted.count, !(wanted.isEmpty && unexpected.isEmpty) {
      throw ModelError(
        .name,
        "\(path): no tensor has the name of a weight of the model; the file has \(list(unexpected)), the model "
          + "\(list(wanted)); `thaw rename` can give the model's weights other names")
    }
    guard !isPartial, !missing.isEmpty || !unexpected.isEmpty else { return }
    let parts = [
      missing.isEmpty ? nil : "the file has no \(list(missing))",
      unexpected.isEmpty ? nil : "the model has no \(list(unexpected))",
    ]
    throw ModelError(
      .name,
      "\(path): names do not match: \(parts.compactMap { $0 }.joined(separator: "; ")); with --partial, those that do are taken"
    )
  }

  private static func checkTypes(
    _ path: String, _ wanted: [(name: String, data: TensorData)], _ given: [String: TensorData], casts: Bool
  ) throws {
    var wrong: [String] = []
    var isCastable = true
    for (name, old) in wanted {
      guard let new = given[name] else { continue }
      let canCast = new.dtype != .string && old.dtype != .string
      if new.dims == old.dims, new.dtype == old.dtype || casts && canCast { continue }
      if new.dims != old.dims || !canCast { isCastable = false }
      wrong.append("'\(name)' is \(new.dtype)\(new.dims) in the file and \(old.dtype)\(old.dims) in the model")
    }
    guard !wrong.isEmpty else { return }
    throw ModelError(
      .type,
      "\(path): \(wrong.prefix(20).joined(separator: "; "))"
        + (wrong.count > 20 ? "; and \(wrong.count - 20) more" : "")
        + (isCastable ? "; with --cast, numbers are converted" : ""))
  }

  private static func list(_ names: [String]) -> String {
    names.prefix(8).map { "'\($0)'" }.joined(separator: ", ") + (names.count > 8 ? " and \(names.count - 8) more" : "")
  }
}
