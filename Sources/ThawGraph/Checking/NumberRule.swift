import ThawONNX

/// NaN and infinite numbers in the tensors of the file.
enum NumberRule: CheckRule {
  static func findings(in file: CheckedFile) -> [Finding] {
    let tensors = file.walk.tensors.filter { NonFiniteCount.isCounted($0.proto) }
    let data = tensors.map { try? $0.proto.contents() }
    let roles = Dictionary(
      (file.model?.parameters.map { ($0.name, $0.role) }) ?? [], uniquingKeysWith: { first, _ in first })
    return zip(tensors, NonFiniteCount.count(data)).compactMap { tensor, count in
      guard let count, count.nan + count.infinite > 0 else { return nil }
      let role = role(of: tensor, roles)
      let numbers =
        [(count.nan, "NaN"), (count.infinite, "infinite")].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        .joined(separator: " and ")
      // A constant may hold them on purpose, as masks do, and a number alone may be a bound; a weight cannot.
      let isWeight = role != .constant && (count.nan > 0 || count.total > 1)
      return Finding(
        level: isWeight ? .warning : .note, rule: .numbers, place: tensor.place,
        message: "of \(count.total) numbers \(numbers), the first at place \(count.first)",
        advice: isWeight
          ? "take an earlier checkpoint, or train again with a smaller learning rate or clipped gradients"
          : "nothing, if the constant is a mask or a bound; else export again")
    }
  }

  /// What training does with a tensor. One that a model does not know by name, or that does not load, is a weight when
  /// it is an initializer of some elements.
  private static func role(of tensor: FileWalk.Tensor, _ roles: [String: Role]) -> Role {
    if let role = tensor.name.flatMap({ roles[$0] }) { return role }
    return tensor.place.nodeIndex == nil && roles.isEmpty && !tensor.proto.dims.isEmpty ? .frozen : .constant
  }
}
