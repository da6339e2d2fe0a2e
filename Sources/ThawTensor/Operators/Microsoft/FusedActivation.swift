import ThawTypes

/// The function that ONNX Runtime puts behind a convolution or a product when it optimizes a graph.
public enum FusedActivation: Hashable, Sendable {
  case relu, tanh, sigmoid
  case leakyRelu(alpha: Float)
  case hardSigmoid(alpha: Float, beta: Float)
  case clip(min: Float, max: Float)

  /// - Parameter numbers: those that the function takes, in their order.
  /// - Throws: `TensorError` of kind `unsupported` for another name, `operand` where numbers are missing.
  init(_ name: String, _ numbers: [Float], in node: String) throws {
    func number(_ index: Int) throws -> Float {
      guard index < numbers.count else {
        throw TensorError(
          .operand, "\(node): the activation \(name) needs \(index + 1) numbers, and \(numbers.count) are given")
      }
      return numbers[index]
    }
    switch name {
    case "Relu": self = .relu
    case "Tanh": self = .tanh
    case "Sigmoid": self = .sigmoid
    case "LeakyRelu": self = .leakyRelu(alpha: try number(0))
    case "HardSigmoid": self = .hardSigmoid(alpha: try number(0), beta: try number(1))
    case "Clip": self = .clip(min: try number(0), max: try number(1))
    default:
      throw TensorError(
        .unsupported,
        "\(node): the activation is '\(name)', and should be Relu, Tanh, Sigmoid, LeakyRelu, HardSigmoid or Clip")
    }
  }

  /// The name, and the numbers in their order.
  var written: (name: String, numbers: [Float]) {
    switch self {
    case .relu: ("Relu", [])
    case .tanh: ("Tanh", [])
    case .sigmoid: ("Sigmoid", [])
    case .leakyRelu(let alpha): ("LeakyRelu", [alpha])
    case .hardSigmoid(let alpha, let beta): ("HardSigmoid", [alpha, beta])
    case .clip(let min, let max): ("Clip", [min, max])
    }
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    switch self {
    case .relu: x.relu()
    case .tanh: x.tanh()
    case .sigmoid: x.sigmoid()
    case .leakyRelu(let alpha): x.leakyRelu(alpha: alpha)
    case .hardSigmoid(let alpha, let beta): x.hardSigmoid(alpha: alpha, beta: beta)
    case .clip(let min, let max): x.clip(min: Double(min), max: Double(max))
    }
  }
}
