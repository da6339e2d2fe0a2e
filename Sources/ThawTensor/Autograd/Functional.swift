/// A function's value and the product of a cotangent with its Jacobian: u·∂f/∂x, one pass forward and one backward.
///
/// Zeros where the value does not depend on the input. Recorded for gradients inside of `noGrad` too.
///
/// - Parameters:
///   - cotangent: u, of the value's shape; may be left out when the value has one element, and is 1 then.
///   - createGraph: whether both results are recorded, through `input` and whatever else `function` uses.
/// - Returns: the value, and the product in the shape of `input`.
/// - Throws: `TensorError` of kind `autograd` when the cotangent does not fit or `input` is not floating; an error of
///   `function`.
public func vjp(
  _ function: (Tensor) throws -> Tensor, at input: Tensor, cotangent: Tensor? = nil, createGraph: Bool = false
) throws -> (value: Tensor, product: Tensor) {
  try differentiating {
    let (x, value) = try evaluate(function, at: input, createGraph: createGraph)
    if cotangent == nil, value.count != 1 {
      throw TensorError(
        .autograd,
        "grad can be implicitly created only for scalar outputs; the function's value has shape \(value.shape): "
          + "give a cotangent of that shape")
    }
    try cotangent.map { try check($0, fits: value) }
    let product = try gradient(of: value, withRespectTo: x, cotangent: cotangent, createGraph: createGraph)
    return createGraph ? (value, product) : (value.detach(), product.detach())
  }
}

/// A function's value and the product of its Jacobian with a tangent: ∂f/∂x·v, the derivative along v.
///
/// By two backward passes: u·∂f/∂x is linear in u, and the product of v with its Jacobian is ∂f/∂x·v (Townsend, "A new
/// trick for calculating Jacobian vector products", 2017). So every operation of `function` needs a second derivative.
///
/// - Parameters:
///   - tangent: v, of the shape of `input`.
///   - createGraph: whether both results are recorded, through `input` and whatever else `function` uses.
/// - Returns: the value, and the product in the value's shape.
/// - Throws: `TensorError` of kind `autograd` when the tangent does not fit or `input` is not floating; an error of
///   `function`.
public func jvp(
  _ function: (Tensor) throws -> Tensor, at input: Tensor, tangent: Tensor, createGraph: Bool = false
) throws -> (value: Tensor, product: Tensor) {
  try differentiating {
    try check(tangent, fits: input)
    let (x, value) = try evaluate(function, at: input, createGraph: createGraph)
    guard value.requiresGrad else { return (value, try Tensor.full(value.shape, 0, dtype: value.dtype)) }
    let cotangent = try Tensor.full(value.shape, 0, dtype: value.dtype).requiringGrad()
    let linear = try gradient(of: value, withRespectTo: x, cotangent: cotangent, createGraph: true)
    let product = try gradient(of: linear, withRespectTo: cotangent, cotangent: tangent, createGraph: createGraph)
    return createGraph ? (value, product) : (value.detach(), product.detach())
  }
}

/// The Jacobian of a function at a point: of f from shape n to shape m, a tensor of shape m + n.
///
/// The element at i + j is the derivative of the value's element i with respect to the input's element j. One pass
/// forward, and one backward per element of the value.
///
/// - Parameter createGraph: whether the Jacobian is recorded, through `input` and whatever else `function` uses.
/// - Throws: `TensorError` of kind `autograd` when `input` is not floating; an error of `function`.
public func jacobian(
  _ function: (Tensor) throws -> Tensor, at input: Tensor, createGraph: Bool = false
) throws -> Tensor {
  try differentiating {
    let (x, value) = try evaluate(function, at: input, createGraph: createGraph)
    let shape = value.shape + input.shape
    guard value.requiresGrad, !shape.contains(0) else { return try Tensor.full(shape, 0, dtype: input.dtype) }
    let rows = try (0..<value.count).map { row in
      var unit = [Double](repeating: 0, count: value.count)
      unit[row] = 1
      let cotangent = Tensor(elements: unit, shape: value.shape).cast(to: value.dtype)
      return try gradient(
        of: value, withRespectTo: x, cotangent: cotangent, retainGraph: true, createGraph: createGraph
      ).reshaped(to: [1, input.count])
    }
    let result = Tensor.concat(rows).reshaped(to: shape)
    return createGraph ? result : result.detach()
  }
}

/// The second derivatives of a function of one element at a point: for an input of shape n, a tensor of shape n + n.
///
/// The Jacobian of the gradient: one backward pass per element of the input, each through the recorded first one.
///
/// - Parameter createGraph: whether the Hessian is recorded, through `input` and whatever else `function` uses.
/// - Throws: `TensorError` of kind `autograd` when the value has more than one element or `input` is not floating; an
///   error of `function`.
public func hessian(
  _ function: (Tensor) throws -> Tensor, at input: Tensor, createGraph: Bool = false
) throws -> Tensor {
  func slope(_ x: Tensor) throws -> Tensor {
    let value = try function(x)
    if let error = value.poison { throw error }
    guard value.count == 1 else {
      throw TensorError(
        .autograd,
        "The Tensor returned by the function given to hessian should contain a single element; this one has shape "
          + "\(value.shape)")
    }
    return try gradient(of: value, withRespectTo: x, cotangent: nil, createGraph: true)
  }
  return try jacobian(slope, at: input, createGraph: createGraph)
}

private func differentiating<Result>(_ body: () throws -> Result) throws -> Result {
  try withErrors { try inferenceMode(false) { try enableGrad(body) } }
}

/// The value at a leaf of its own, or, where a graph is wanted, at a result that stands between it and `input`.
private func evaluate(
  _ function: (Tensor) throws -> Tensor, at input: Tensor, createGraph: Bool
) throws -> (input: Tensor, value: Tensor) {
  if let error = input.poison { throw error }
  let isLinked = createGraph && input.requiresGrad
  let x = try isLinked ? apply(Identity(), to: input) : input.detach().requiringGrad()
  let value = try function(x)
  if let error = value.poison { throw error }
  return (x, value)
}

/// The gradient, or zeros where there is none.
private func gradient(
  of value: Tensor, withRespectTo input: Tensor, cotangent: Tensor?, retainGraph: Bool? = nil, createGraph: Bool
) throws -> Tensor {
  let found =
    try value.requiresGrad
    ? grad(
      of: [value], withRespectTo: [input], gradients: [cotangent], retainGraph: retainGraph, createGraph: createGraph,
      allowUnused: true)[0] : nil
  return try found ?? Tensor.full(input.shape, 0, dtype: input.dtype)
}

private func check(_ vector: Tensor, fits tensor: Tensor) throws {
  if let error = vector.poison { throw error }
  guard vector.shape == tensor.shape else {
    throw TensorError(.autograd, "v has invalid size: should be \(tensor.shape) but got \(vector.shape).")
  }
  guard vector.dtype == tensor.dtype else {
    throw TensorError(.autograd, "v has invalid type: should be \(tensor.dtype) but got \(vector.dtype).")
  }
}
