import ThawONNX
import ThawTensor

extension Model {
  /// A model that computes this one and then another, which takes some of this one's outputs as its inputs.
  ///
  /// Names of the other that clash get the prefix. An older operator set of the two is upgraded. Connected outputs are
  /// outputs no more; what is not connected stays input or output. Metadata of both is kept, of a key in both this
  /// model's.
  ///
  /// - Parameters:
  ///   - connections: from an output of this model to an input of the other; when left out, those of equal names, or the
  ///     only output to the only input.
  ///   - prefix: of names that clash.
  /// - Throws: `ModelError` of kind `name` for ports that are not there, `type` for two that do not fit, and what
  ///   `upgraded(toOpset:)` throws.
  public func merged(
    with other: Model, connecting connections: [(output: String, input: String)]? = nil, prefix: String = "second/"
  ) throws -> Model {
    let opset = max(opsetOfONNX, other.opsetOfONNX)
    let (first, second) = (try upgraded(toOpset: opset), try other.upgraded(toOpset: opset))
    let connections = try connections ?? first.obviousConnections(to: second)
    try first.check(connections, to: second)
    var merger = ModelMerger(try first.changedProto(), try second.changedProto(), prefix: prefix)
    let result = try merger.merged(connections)
    var roles = first.rolesByName
    // The names of the second's tensors after the prefixes went on, in their order.
    var renamed = merger.renamedSecond
    renamed.setRoles(nil)
    for (parameter, old) in zip(try Model(renamed, operators: other.operators).parameters, second.parameters) {
      roles[parameter.name] = old.role
    }
    return try edited(
      result, roles: roles, writesRoles: try proto.roles() != nil || other.proto.roles() != nil)
  }

  /// The version of ONNX's own operator set.
  var opsetOfONNX: Int { graph.opsets[""] ?? 1 }

  private func obviousConnections(to other: Model) throws -> [(output: String, input: String)] {
    let names = Set(other.inputs.map(\.name))
    let same = outputs.map(\.name).filter(names.contains).map { (output: $0, input: $0) }
    if !same.isEmpty { return same }
    if outputs.count == 1, other.inputs.count == 1 { return [(outputs[0].name, other.inputs[0].name)] }
    throw ModelError(
      .request,
      "no output of the first model (\(outputs.map(\.name).joined(separator: ", "))) is named like an input of the "
        + "second (\(other.inputs.map(\.name).joined(separator: ", "))): say which are to be connected")
  }

  private func check(_ connections: [(output: String, input: String)], to other: Model) throws {
    guard Set(connections.map(\.input)).count == connections.count else {
      throw ModelError(.request, "an input of the second model is connected twice")
    }
    for (output, input) in connections {
      guard let from = outputs.first(where: { $0.name == output }) else {
        throw ModelError(
          .name, "the first model has no output '\(output)'; it has \(outputs.map(\.name).joined(separator: ", "))")
      }
      guard let to = (other.inputs + other.optionalInputs).first(where: { $0.name == input }) else {
        throw ModelError(
          .name, "the second model has no input '\(input)'; it has \(other.inputs.map(\.name).joined(separator: ", "))")
      }
      if let from = from.type, let to = to.type, !from.fits(to) {
        throw ModelError(.type, "the output '\(output)' is \(from), and the input '\(input)' is \(to)")
      }
    }
  }
}

extension ValueType {
  /// Whether a value of this type may be one of the other: sizes that both know are equal.
  fileprivate func fits(_ other: ValueType) -> Bool {
    guard let mine = tensor, let theirs = other.tensor else { return self == other }
    guard mine.dtype == theirs.dtype else { return false }
    guard let dims = mine.dims, let others = theirs.dims else { return true }
    return dims.count == others.count
      && zip(dims, others).allSatisfy { a, b in a.value == nil || b.value == nil || a.value == b.value }
  }
}
