/// A function's values and the product of cotangents with its Jacobian: u·∂f/∂x, one pass forward and one backward.
///
/// Zeros where no value depends on an input. Recorded for gradients inside of `noGrad` and `inferenceMode` too.
///
/// - Parameters:
///   - cotangents: u, one per value and of its shape; may be left out when there is one value of one element, and is 1
///     then.
///   - createGraph: whether both results are recorded, through `inputs` and whatever else `function` uses.
///   - strict: whether a value or an input that no gradient flows through is an error instead of zeros.
/// - Returns: the values, and the product: one tensor per input, of its shape.
/// - Throws: `TensorError` of kind `autograd` when the cotangents do not fit or an input is not floating; an error of
///   `function`.
public func vjp(
  _ function: ([Tensor]) throws -> [Tensor], at inputs: [Tensor], cotangents: [Tensor]? = nil,
  createGraph: Bool = false, strict: Bool = false
) throws -> (values: [Tensor], products: [Tensor]) {
  try Differentiation.run {
    let point = try Differentiation(function, at: inputs, createGraph: createGraph, strict: strict)
    guard cotangents != nil || point.values.map(\.count) == [1] else {
      throw TensorError(
        .autograd,
        "The vector v can only be None if the user-provided function returns a single Tensor with a single element: "
          + "give a cotangent for each value, of the shapes \(point.values.map(\.shape))")
    }
    let vector = try cotangents ?? point.values.map { try Tensor.full($0.shape, 1, dtype: $0.dtype) }
    try Differentiation.check(vector, fits: point.values)
    let products = try point.gradients(vector)
    return (point.results(point.values), point.results(products))
  }
}

/// See `vjp(_:at:cotangents:createGraph:strict:)`.
public func vjp(
  _ function: (Tensor) throws -> Tensor, at input: Tensor, cotangent: Tensor? = nil, createGraph: Bool = false,
  strict: Bool = false
) throws -> (value: Tensor, product: Tensor) {
  let (values, products) = try vjp(
    { [try function($0[0])] }, at: [input], cotangents: cotangent.map { [$0] }, createGraph: createGraph,
    strict: strict)
  return (values[0], products[0])
}

/// A function's values and the product of its Jacobian with tangents: ∂f/∂x·v, the derivative along v.
///
/// By two backward passes: u·∂f/∂x is linear in u, and the product of v with its Jacobian is ∂f/∂x·v (Townsend, "A new
/// trick for calculating Jacobian vector products", 2017). So every operation of `function` needs a second derivative.
///
/// - Parameters:
///   - tangents: v, one per input and of its shape.
///   - createGraph: whether both results are recorded, through `inputs` and whatever else `function` uses.
///   - strict: whether a value or an input that no gradient flows through is an error instead of zeros.
/// - Returns: the values, and the product: one tensor per value, of its shape.
/// - Throws: `TensorError` of kind `autograd` when the tangents do not fit or an input is not floating; an error of
///   `function`.
public func jvp(
  _ function: ([Tensor]) throws -> [Tensor], at inputs: [Tensor], tangents: [Tensor], createGraph: Bool = false,
  strict: Bool = false
) throws -> (values: [Tensor], products: [Tensor]) {
  try Differentiation.run {
    try Differentiation.check(tangents, fits: inputs)
    let point = try Differentiation(function, at: inputs, createGraph: createGraph, strict: strict)
    let cotangents = try point.values.map { value in
      let zeros = try Tensor.full(value.shape, 0, dtype: value.dtype)
      return try value.requiresGrad ? zeros.requiringGrad() : zeros
    }
    let linear = try point.gradients(cotangents, createGraph: true)
    let carrying = linear.indices.filter { linear[$0].requiresGrad }
    let moving = cotangents.filter(\.requiresGrad)
    var found =
      try carrying.isEmpty
      ? moving.map { _ in nil }
      : grad(
        of: carrying.map { linear[$0] }, withRespectTo: moving, gradients: carrying.map { tangents[$0] },
        createGraph: createGraph, allowUnused: true)
    let products = cotangents.map { cotangent in
      // The zeros of a cotangent stand for those of a product that nothing moves.
      cotangent.requiresGrad ? found.removeFirst() ?? cotangent.detach() : cotangent
    }
    return (point.results(point.values), point.results(products))
  }
}

/// See `jvp(_:at:tangents:createGraph:strict:)`.
public func jvp(
  _ function: (Tensor) throws -> Tensor, at input: Tensor, tangent: Tensor, createGraph: Bool = false,
  strict: Bool = false
) throws -> (value: Tensor, product: Tensor) {
  let (values, products) = try jvp(
    { [try function($0[0])] }, at: [input], tangents: [tangent], createGraph: createGraph, strict: strict)
  return (values[0], products[0])
}
