/// The function at a gate of a recurrent layer, with the numbers that ONNX lets it take.
///
/// The defaults of `alpha` and `beta` are those of the operators of these names.
public enum RecurrentActivation: Hashable, Sendable {
  case relu, tanh, sigmoid, softsign, softplus
  /// α x + β.
  case affine(alpha: Float = 1, beta: Float = 0)
  /// α tanh(β x).
  case scaledTanh(alpha: Float, beta: Float)
  case hardSigmoid(alpha: Float = 0.2, beta: Float = 0.5)
  case leakyRelu(alpha: Float = 0.01)
  case thresholdedRelu(alpha: Float = 1)
  case elu(alpha: Float = 1)

  func callAsFunction(_ x: Tensor) -> Tensor {
    switch self {
    case .relu: x.relu()
    case .tanh: x.tanh()
    case .sigmoid: x.sigmoid()
    case .softsign: x.softsign()
    case .softplus: x.softplus()
    case .affine(let alpha, let beta): alpha * x + beta
    case .scaledTanh(let alpha, let beta): alpha * (beta * x).tanh()
    case .hardSigmoid(let alpha, let beta): x.hardSigmoid(alpha: alpha, beta: beta)
    case .leakyRelu(let alpha): x.leakyRelu(alpha: alpha)
    case .thresholdedRelu(let alpha): x.thresholdedRelu(alpha: alpha)
    case .elu(let alpha): x.elu(alpha: alpha)
    }
  }

  /// ONNX's name.
  var name: String {
    switch self {
    case .relu: "Relu"
    case .tanh: "Tanh"
    case .sigmoid: "Sigmoid"
    case .softsign: "Softsign"
    case .softplus: "Softplus"
    case .affine: "Affine"
    case .scaledTanh: "ScaledTanh"
    case .hardSigmoid: "HardSigmoid"
    case .leakyRelu: "LeakyRelu"
    case .thresholdedRelu: "ThresholdedRelu"
    case .elu: "Elu"
    }
  }

  /// The first number, for those that take one.
  var alpha: Float? {
    switch self {
    case .relu, .tanh, .sigmoid, .softsign, .softplus: nil
    case .affine(let alpha, _), .scaledTanh(let alpha, _), .hardSigmoid(let alpha, _), .leakyRelu(let alpha),
      .thresholdedRelu(let alpha), .elu(let alpha):
      alpha
    }
  }

  /// The second number, for those that take two.
  var beta: Float? {
    switch self {
    case .affine(_, let beta), .scaledTanh(_, let beta), .hardSigmoid(_, let beta): beta
    default: nil
    }
  }
}

extension RecurrentActivation {
  /// The functions of a node, which take the numbers in `alphas` and `betas` one after the other as they need them.
  ///
  /// Where a list ends early, the rest keep their defaults. Names may be written in any case, as ONNX Runtime reads them.
  ///
  /// - Throws: `TensorError` of kind `unsupported` for an unknown name, `operand` for numbers that are missing or left.
  static func list(_ names: [String], alphas: [Float], betas: [Float], in place: String) throws -> [Self] {
    var (alphasLeft, betasLeft) = (alphas[...], betas[...])
    let list = try names.map { name -> Self in
      switch name.lowercased() {
      case "relu": return .relu
      case "tanh": return .tanh
      case "sigmoid": return .sigmoid
      case "softsign": return .softsign
      case "softplus": return .softplus
      case "affine": return .affine(alpha: alphasLeft.popFirst() ?? 1, beta: betasLeft.popFirst() ?? 0)
      case "scaledtanh":
        guard let alpha = alphasLeft.popFirst(), let beta = betasLeft.popFirst() else {
          throw TensorError(
            .operand, "\(place): ScaledTanh needs a number in activation_alpha and one in activation_beta")
        }
        return .scaledTanh(alpha: alpha, beta: beta)
      case "hardsigmoid": return .hardSigmoid(alpha: alphasLeft.popFirst() ?? 0.2, beta: betasLeft.popFirst() ?? 0.5)
      case "leakyrelu": return .leakyRelu(alpha: alphasLeft.popFirst() ?? 0.01)
      case "thresholdedrelu": return .thresholdedRelu(alpha: alphasLeft.popFirst() ?? 1)
      case "elu": return .elu(alpha: alphasLeft.popFirst() ?? 1)
      default:
        throw TensorError(
          .unsupported,
          "\(place): the activation '\(name)' is not one of Relu, Tanh, Sigmoid, Affine, LeakyRelu, ThresholdedRelu, "
            + "ScaledTanh, HardSigmoid, Elu, Softsign, Softplus")
      }
    }
    try checkTaken(alphas.count, by: list.filter { $0.alpha != nil }.count, "activation_alpha", names, in: place)
    try checkTaken(betas.count, by: list.filter { $0.beta != nil }.count, "activation_beta", names, in: place)
    return list
  }

  /// Numbers that no function takes mean nothing; with more than are taken, nobody can tell whose they are.
  private static func checkTaken(
    _ count: Int, by taking: Int, _ attribute: String, _ names: [String], in place: String
  ) throws {
    guard taking == 0 || count <= taking else {
      throw TensorError(
        .operand,
        "\(place): \(attribute) holds \(count) numbers, and of the activations \(names.joined(separator: ", ")) "
          + "\(taking) take one")
    }
  }
}
