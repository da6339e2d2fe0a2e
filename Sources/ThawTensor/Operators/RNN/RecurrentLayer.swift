/// What ONNX's recurrent operators have in common: direction, sizes, activations and the order of the axes.
public struct RecurrentLayer: Hashable, Sendable {
  /// The order in which the steps are taken.
  public enum Direction: String, Sendable {
    case forward, reverse, bidirectional

    var count: Int { self == .bidirectional ? 2 : 1 }
  }

  /// nil where R alone says it; ONNX Runtime needs it.
  public var hiddenSize: Int?
  public var direction: Direction
  /// The functions of one direction, then those of the other.
  public var activations: [RecurrentActivation]
  /// The bound of what goes into the activations of the gates, both ways.
  public var clip: Float?
  /// Whether the batch comes before the steps, and before the directions of a state (ONNX's layout 1).
  public var isBatchFirst: Bool

  init(
    hiddenSize: Int?, direction: Direction, activations: [RecurrentActivation]?, clip: Float?, isBatchFirst: Bool,
    default ofOneDirection: [RecurrentActivation]
  ) {
    self.hiddenSize = hiddenSize
    self.direction = direction
    self.activations = activations ?? Self.repeated(ofOneDirection, direction)
    self.clip = clip
    self.isBatchFirst = isBatchFirst
  }

  private static func repeated(_ activations: [RecurrentActivation], _ direction: Direction) -> [RecurrentActivation] {
    direction.count == 1 ? activations : activations + activations
  }

  /// Decodes the common attributes; `output_sequence` of the oldest version only says whether Y is used.
  init(_ node: NodeReader, default ofOneDirection: [RecurrentActivation]) throws {
    if node.version < 7 { node.ignore("output_sequence") }
    let name = try node.string("direction") ?? "forward"
    guard let direction = Direction(rawValue: name) else {
      throw TensorError(
        .unsupported, "\(node.name): the direction '\(name)' is not one of forward, reverse and bidirectional")
    }
    let hiddenSize = try node.int("hidden_size")
    if let hiddenSize, hiddenSize < 1 {
      throw TensorError(.operand, "\(node.name): hidden_size is \(hiddenSize), and should be at least 1")
    }
    let clip = try node.float("clip")
    if let clip, !(clip > 0) {
      throw TensorError(.operand, "\(node.name): clip is \(clip), and should be above 0")
    }
    let layout = node.version >= 14 ? try node.int("layout", default: 0) : 0
    guard layout == 0 || layout == 1 else {
      throw TensorError(.unsupported, "\(node.name): the layout \(layout) is neither 0 nor 1")
    }
    let count = ofOneDirection.count
    var names = try node.strings("activations")?.map { String(decoding: $0, as: UTF8.self) }
    // RNN's own default names two functions for one direction.
    if let two = names, direction.count == 1, two.count == 2 * count, two[..<count] == two[count...] {
      names = Array(two[..<count])
    }
    if let names, names.count != count * direction.count {
      throw TensorError(
        .operand,
        "\(node.name): activations names \(names.count) functions (\(names.joined(separator: ", "))), and should "
          + "name \(count * direction.count)")
    }
    let alphas = try node.floats("activation_alpha") ?? []
    let betas = try node.floats("activation_beta") ?? []
    self.init(
      hiddenSize: hiddenSize, direction: direction,
      activations: try names.map {
        try RecurrentActivation.list($0, alphas: alphas, betas: betas, in: node.name)
      }, clip: clip, isBatchFirst: layout == 1, default: ofOneDirection)
  }

  /// The attributes as ONNX writes them; what is the default is left out.
  func attributes(default ofOneDirection: [RecurrentActivation]) -> [String: Attribute] {
    var attributes: [String: Attribute] = [:]
    attributes["hidden_size"] = hiddenSize.map(Attribute.int)
    if direction != .forward { attributes["direction"] = .text(direction.rawValue) }
    attributes["clip"] = clip.map(Attribute.float)
    if isBatchFirst { attributes["layout"] = .int(1) }
    if activations != Self.repeated(ofOneDirection, direction) {
      attributes["activations"] = .strings(activations.map { Array($0.name.utf8) })
      let (alphas, betas) = (activations.compactMap(\.alpha), activations.compactMap(\.beta))
      if !alphas.isEmpty { attributes["activation_alpha"] = .floats(alphas) }
      if !betas.isEmpty { attributes["activation_beta"] = .floats(betas) }
    }
    return attributes
  }

  /// The oldest opset that has the order of the axes.
  var minimumOpset: Int { isBatchFirst ? 14 : 7 }
}
