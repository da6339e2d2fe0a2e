import ThawTypes

/// How like two samples are to a support-vector machine.
public enum SVMKernel: Hashable, Sendable {
  case linear
  case polynomial(gamma: Float, offset: Float, degree: Float)
  case radial(gamma: Float)
  case sigmoid(gamma: Float, offset: Float)

  /// Each sample against each support vector: `[samples, vectors]`, in the samples' type.
  func callAsFunction(_ samples: Tensor, _ vectors: Tensor) -> Tensor {
    let products = samples.matmul(vectors.transposed())
    switch self {
    case .linear: return products
    case .polynomial(let gamma, let offset, let degree): return (products * gamma + offset) ** degree
    case .sigmoid(let gamma, let offset): return (products * gamma + offset).tanh()
    case .radial(let gamma):
      let own = (samples * samples).sum(axes: [1], keepDims: true)
      let distances = own - 2 * products + (vectors * vectors).sum(axes: [1])
      return (distances * (-gamma)).exp()
    }
  }

  var attributes: [String: Attribute] {
    switch self {
    case .linear: ["kernel_type": .text("LINEAR")]
    case .polynomial(let gamma, let offset, let degree):
      ["kernel_type": .text("POLY"), "kernel_params": .floats([gamma, offset, degree])]
    case .radial(let gamma): ["kernel_type": .text("RBF"), "kernel_params": .floats([gamma, 0, 0])]
    case .sigmoid(let gamma, let offset):
      ["kernel_type": .text("SIGMOID"), "kernel_params": .floats([gamma, offset, 0])]
    }
  }
}

extension NodeReader {
  /// The attributes `kernel_type` and `kernel_params`.
  func svmKernel() throws -> SVMKernel {
    let type = try string("kernel_type") ?? "LINEAR"
    let given = try floats("kernel_params") ?? []
    guard given.isEmpty || given.count == 3 else {
      throw TensorError(
        .operand, "\(name): kernel_params should be gamma, coef0 and degree, and there are \(given.count) numbers")
    }
    let numbers = given.isEmpty ? [0, 0, 0] : given
    switch type {
    case "LINEAR": return .linear
    case "POLY": return .polynomial(gamma: numbers[0], offset: numbers[1], degree: numbers[2])
    case "RBF": return .radial(gamma: numbers[0])
    case "SIGMOID": return .sigmoid(gamma: numbers[0], offset: numbers[1])
    default:
      throw TensorError(
        .unsupported,
        "\(name): the attribute kernel_type is '\(type)', and should be LINEAR, POLY, RBF or SIGMOID")
    }
  }
}
