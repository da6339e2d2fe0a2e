import ThawKernels

/// How a scattered element meets the one that is there; the raw values are ONNX's.
public enum ScatterMode: String, Hashable, Sendable, CaseIterable {
  /// It takes the place; where an index repeats, the last update stays.
  case none
  case add
  case mul
  case max
  case min

  /// Reads the attribute `reduction`, which versions before `maxSince` have without `max` and `min`.
  init(_ node: NodeReader, since version: Int, maxSince: Int) throws {
    let text = node.version >= version ? try node.string("reduction") ?? "none" : "none"
    guard let mode = ScatterMode(rawValue: text), node.version >= maxSince || (mode != .max && mode != .min) else {
      throw TensorError(
        .unsupported, "\(node.name): the attribute reduction is '\(text)', which version \(node.version) does not have")
    }
    self = mode
  }

  var kernel: ScatterReduction {
    switch self {
    case .none: .none
    case .add: .add
    case .mul: .multiply
    case .max: .maximum
    case .min: .minimum
    }
  }
}
