/// The Jacobian of a function at a point: `[i][j]` holds the derivatives of value i with respect to input j.
///
/// Of a value of shape m and an input of shape n it is a tensor of shape m + n: the element at k + l is the derivative
/// of the value's element k with respect to the input's element l. One pass forward, and one backward per element of
/// the values.
///
/// - Parameters:
///   - createGraph: whether the Jacobian is recorded, through `inputs` and whatever else `function` uses.
///   - strict: whether a value that does not depend on an input is an error instead of zeros.
/// - Throws: `TensorError` of kind `autograd` when an input is not floating; an error of `function`.
public func jacobian(
  _ function: ([Tensor]) throws -> [Tensor], at inputs: [Tensor], createGraph: Bool = false, strict: Bool = false
) throws -> [[Tensor]] {
  try Differentiation.run {
    let point = try Differentiation(function, at: inputs, createGraph: createGraph, strict: strict)
    return try point.values.indices.map { point.results(try point.derivatives(ofValue: $0)) }
  }
}

extension Differentiation {
  /// The derivatives of one value with respect to each input.
  fileprivate func derivatives(ofValue index: Int) throws -> [Tensor] {
    let value = values[index]
    var rows: [[Tensor]] = inputs.map { _ in [] }
    for element in 0..<(value.requiresGrad ? value.count : 0) {
      var unit = [Double](repeating: 0, count: value.count)
      unit[element] = 1
      var cotangents: [Tensor?] = values.map { _ in nil }
      cotangents[index] = Tensor(elements: unit, shape: value.shape).cast(to: value.dtype)
      let gradients = try gradients(
        cotangents, retainGraph: true, called: "Output \(index) of the user-provided function")
      for (input, gradient) in gradients.enumerated() {
        rows[input].append(gradient.reshaped(to: [1, gradient.count]))
      }
    }
    return try zip(inputs, rows).map { input, rows in
      let shape = value.shape + input.shape
      if rows.isEmpty || shape.contains(0) { return try Tensor.full(shape, 0, dtype: input.dtype) }
      return Tensor.concat(rows).reshaped(to: shape)
    }
  }
}

/// See `jacobian(_:at:createGraph:strict:)`.
public func jacobian(
  _ function: (Tensor) throws -> Tensor, at input: Tensor, createGraph: Bool = false, strict: Bool = false
) throws -> Tensor {
  try jacobian({ [try function($0[0])] }, at: [input], createGraph: createGraph, strict: strict)[0][0]
}

/// The second derivatives of a function of one element at a point: `[i][j]` holds those with respect to inputs i and j.
///
/// Of inputs of shapes m and n it is a tensor of shape m + n. The Jacobian of the gradient: one backward pass per
/// element of the inputs, each through the recorded first one.
///
/// - Parameters:
///   - createGraph: whether the Hessian is recorded, through `inputs` and whatever else `function` uses.
///   - strict: whether a gradient that does not depend on an input is an error instead of zeros.
/// - Throws: `TensorError` of kind `autograd` when the value has more than one element or an input is not floating; an
///   error of `function`.
public func hessian(
  _ function: ([Tensor]) throws -> Tensor, at inputs: [Tensor], createGraph: Bool = false, strict: Bool = false
) throws -> [[Tensor]] {
  try withoutActuallyEscaping(function) { function in
    let slope = Slope(function, strict: strict, of: "hessian")
    return try jacobian({ try slope($0).gradients }, at: inputs, createGraph: createGraph, strict: strict)
  }
}

/// See `hessian(_:at:createGraph:strict:)`.
public func hessian(
  _ function: (Tensor) throws -> Tensor, at input: Tensor, createGraph: Bool = false, strict: Bool = false
) throws -> Tensor {
  try hessian({ try function($0[0]) }, at: [input], createGraph: createGraph, strict: strict)[0][0]
}

/// A function's value and the product of its Hessian with a vector: H·v.
///
/// Two backward passes through the recorded gradient. For twice continuously differentiable functions it is the same as
/// `vhp`, which takes one.
///
/// - Parameters:
///   - vectors: v, one tensor per input and of its shape.
///   - createGraph: whether both results are recorded, through `inputs` and whatever else `function` uses.
///   - strict: whether a gradient that does not depend on the inputs is an error instead of zeros.
/// - Returns: the value, and the product: one tensor per input, of its shape.
/// - Throws: `TensorError` of kind `autograd` when the value has more than one element, the vectors do not fit or an
///   input is not floating; an error of `function`.
public func hvp(
  _ function: ([Tensor]) throws -> Tensor, at inputs: [Tensor], vectors: [Tensor], createGraph: Bool = false,
  strict: Bool = false
) throws -> (value: Tensor, products: [Tensor]) {
  try Slope.product(function, strict: strict, createGraph: createGraph, of: "hvp") {
    try jvp($0, at: inputs, tangents: vectors, createGraph: createGraph).products
  }
}

/// A function's value and the product of a vector with its Hessian: v·H, by one backward pass through the recorded
/// gradient; see `hvp(_:at:vectors:createGraph:strict:)`.
public func vhp(
  _ function: ([Tensor]) throws -> Tensor, at inputs: [Tensor], vectors: [Tensor], createGraph: Bool = false,
  strict: Bool = false
) throws -> (value: Tensor, products: [Tensor]) {
  try Slope.product(function, strict: strict, createGraph: createGraph, of: "vhp") {
    try vjp($0, at: inputs, cotangents: vectors, createGraph: createGraph).products
  }
}

/// A function of one element with its gradient, which is recorded.
private struct Slope {
  private let function: ([Tensor]) throws -> Tensor
  private let strict: Bool
  private let caller: String

  init(_ function: @escaping ([Tensor]) throws -> Tensor, strict: Bool, of caller: String) {
    self.function = function
    self.strict = strict
    self.caller = caller
  }

  func callAsFunction(_ inputs: [Tensor]) throws -> (value: Tensor, gradients: [Tensor]) {
    let value = try function(inputs)
    if let error = value.poison { throw error }
    guard value.count == 1 else {
      throw TensorError(
        .autograd,
        "The Tensor returned by the function given to \(caller) should contain a single element; this one has shape "
          + "\(value.shape)")
    }
    let found =
      try value.requiresGrad
      ? grad(of: [value], withRespectTo: inputs, createGraph: true, allowUnused: true) : inputs.map { _ in nil }
    if strict, let index = found.firstIndex(where: { $0?.requiresGrad != true }) {
      throw TensorError(
        .autograd,
        "While computing the hessian, found that the jacobian of the user-provided function with respect to input "
          + "\(index) is independent of the input. This is not allowed in strict mode. You should ensure that your "
          + "function is twice differentiable and that the jacobian depends on the inputs (this would be violated by a "
          + "linear function for example).")
    }
    return (value, try zip(inputs, found).map { try $1 ?? Tensor.full($0.shape, 0, dtype: $0.dtype) })
  }

  /// What `multiply` makes of the gradient, and the value that came with it.
  static func product(
    _ function: ([Tensor]) throws -> Tensor, strict: Bool, createGraph: Bool, of caller: String,
    _ multiply: (([Tensor]) throws -> [Tensor]) throws -> [Tensor]
  ) throws -> (value: Tensor, products: [Tensor]) {
    try withoutActuallyEscaping(function) { function in
      let slope = Slope(function, strict: strict, of: caller)
      var value: Tensor?
      let products = try multiply { inputs in
        let (found, gradients) = try slope(inputs)
        value = found
        return gradients
      }
      guard let value else { throw TensorError(.internal, "\(caller) did not call its function") }
      return (createGraph ? value : value.detach(), products)
    }
  }
}
