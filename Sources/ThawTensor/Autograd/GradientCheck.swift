import ThawTypes

/// What a gradient check found, in a sentence.
public struct GradientCheckFailure: Error, CustomStringConvertible {
  public let description: String
}

/// Compares a function's gradients with central finite differences along one random direction.
///
/// After HIPS/autograd's `check_grads`: with cotangents u and a direction v, u·(f(x + εv) − f(x − εv)) / 2ε must be
/// the sum of the gradients' products with v. An error anywhere in a gradient moves that sum.
///
/// - Parameters:
///   - inputs: float64; those that require a gradient are checked.
///   - seed: for the direction and the cotangents.
/// - Throws: `GradientCheckFailure` when the two differ by more than `atol + rtol · |numeric|`.
public func gradcheck(
  _ function: ([Tensor]) throws -> [Tensor], inputs: [Tensor], seed: UInt64 = 0, eps: Double = 1e-6,
  atol: Double = 1e-5, rtol: Double = 1e-3
) throws {
  try withErrors {
    var generator = DirectionGenerator(seed: seed)
    let checked = inputs.indices.filter { inputs[$0].requiresGrad }
    let all = try function(inputs)
    // By position: beside them may stand outputs that nothing flows back from.
    let carrying = all.indices.filter { all[$0].dtype.isFloatingPoint && all[$0].requiresGrad }
    let outputs = carrying.map { all[$0] }
    guard !outputs.isEmpty else {
      throw GradientCheckFailure(description: "no output of the function requires a gradient")
    }
    let cotangents = try outputs.map { try generator.direction(like: $0) }
    let directions = try checked.map { try generator.direction(like: inputs[$0]) }
    let gradients = try grad(
      of: outputs, withRespectTo: checked.map { inputs[$0] }, gradients: cotangents, allowUnused: true)
    var analytic = 0.0
    for (gradient, direction) in zip(gradients, directions) {
      if let gradient { analytic += try (gradient.detach() * direction).sum().item() }
    }
    let numeric = try noGrad {
      var moved = [inputs, inputs]
      for (index, direction) in zip(checked, directions) {
        moved[0][index] = inputs[index].detach() + eps * direction
        moved[1][index] = inputs[index].detach() - eps * direction
      }
      let ends = try moved.map { try function($0) }
      var difference = 0.0
      for (index, cotangent) in zip(carrying, cotangents) {
        difference += try ((ends[0][index] - ends[1][index]) * cotangent).sum().item()
      }
      return difference / (2 * eps)
    }
    guard abs(analytic - numeric) <= atol + rtol * abs(numeric) else {
      throw GradientCheckFailure(
        description: "the gradient along a random direction is \(analytic), and finite differences give \(numeric)")
    }
  }
}

/// The same check of the gradients themselves, as functions of the inputs and the cotangents.
///
/// - Throws: `GradientCheckFailure` when the second derivatives differ from finite differences.
public func gradgradcheck(
  _ function: ([Tensor]) throws -> [Tensor], inputs: [Tensor], seed: UInt64 = 0, eps: Double = 1e-6,
  atol: Double = 1e-5, rtol: Double = 1e-3
) throws {
  var generator = DirectionGenerator(seed: seed &+ 1)
  let cotangents = try withErrors {
    try function(inputs).filter { $0.dtype.isFloatingPoint && $0.requiresGrad }
      .map { try generator.direction(like: $0).requiringGrad() }
  }
  let checked = inputs.indices.filter { inputs[$0].requiresGrad }
  func gradients(_ values: [Tensor]) throws -> [Tensor] {
    try enableGrad {
      var arguments = Array(values[..<inputs.count])
      // Differences are taken with detached values; the inner gradient still needs leaves.
      for index in checked where !arguments[index].requiresGrad {
        arguments[index] = try arguments[index].requiringGrad()
      }
      let outputs = try function(arguments).filter { $0.dtype.isFloatingPoint && $0.requiresGrad }
      let results = try grad(
        of: outputs, withRespectTo: checked.map { arguments[$0] }, gradients: Array(values[inputs.count...]),
        createGraph: true, allowUnused: true)
      return try zip(checked, results).map { try $1 ?? Tensor.full(arguments[$0].shape, 0, dtype: arguments[$0].dtype) }
    }
  }
  try gradcheck(gradients, inputs: inputs + cotangents, seed: seed, eps: eps, atol: atol, rtol: rtol)
}

/// Random directions that do not depend on anything but their seed.
private struct DirectionGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func direction(like tensor: Tensor) throws -> Tensor {
    let values = (0..<tensor.count).map { _ in uniform() }
    return try Tensor(copying: values, shape: tensor.shape).cast(to: tensor.dtype)
  }

  /// SplitMix64 (Steele, Lea, Flood 2014), scaled to -1 ..< 1.
  private mutating func uniform() -> Double {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Double((z ^ (z >> 31)) >> 11) * 0x1p-52 - 1
  }
}
