import ThawTensor

/// Takes out of a trace what changes nothing, and writes some operations shorter.
///
/// Every rule but the one for products gives the same bits; that one may add the same terms in another order.
struct Simplification {
  /// What a node becomes.
  private enum Result {
    /// Another value, which is the same.
    case value(Int)
    case node(any Operator, inputs: [Int?])
  }

  private var trace: Trace
  /// By value, as they are after simplification.
  private var makers: [Int: Trace.Node] = [:]
  private var uses: [Int: Int] = [:]

  static func apply(to trace: Trace) throws -> Trace {
    var pass = Simplification(trace)
    return try pass.run()
  }

  private init(_ trace: Trace) {
    self.trace = trace
    for value in trace.nodes.flatMap({ $0.inputs.compactMap { $0 } }) + trace.outputs { uses[value, default: 0] += 1 }
  }

  private mutating func run() throws -> Trace {
    var replacements: [Int: Int] = [:]
    for index in trace.nodes.indices {
      var node = trace.nodes[index]
      node.inputs = node.inputs.map { $0.map { replacements[$0] ?? $0 } }
      if node.outputs.count == 1, let output = node.outputs[0] {
        // What one rule gives may be what another waits for.
        var result = try simplified(node, output)
        while case .node(let operation, let inputs) = result {
          node.operation = operation
          node.inputs = inputs
          result = try simplified(node, output)
        }
        if case .value(let same) = result { replacements[output] = same }
      }
      trace.nodes[index] = node
      for case let output? in node.outputs { makers[output] = node }
    }
    trace.replace(replacements)
    return trace
  }

  private mutating func simplified(_ node: Trace.Node, _ output: Int) throws -> Result? {
    guard let x = node.inputs.first ?? nil, let type = trace.types[output], let shape = type.shape,
      let source = trace.types[x]
    else { return nil }
    if type == source, try isIdentity(node, x, shape) { return .value(x) }
    switch node.operation {
    case is Add, is Mul:
      // The number may stand first.
      guard node.inputs.count == 2, let other = node.inputs[1], trace.types[other] == type else { return nil }
      return try isNeutral(x, for: node.operation) ? .value(other) : nil
    case is Neg, is Not:
      guard let inner = makers[x], AnyHashable(inner.operation) == AnyHashable(node.operation) else { return nil }
      return inner.inputs[0].map(Result.value)
    case let outer as Transpose:
      return transposed(outer, x, shape)
    case is Reshape, is Flatten, is Squeeze, is Unsqueeze:
      guard let inner = makers[x], Self.isReshaping(inner.operation), let first = inner.inputs[0] else { return nil }
      if trace.types[first] == type { return .value(first) }
      return try reshape(first, to: shape)
    default: return nil
    }
  }

  private mutating func reshape(_ value: Int, to shape: [Int]) throws -> Result {
    .node(Reshape(allowsZero: true), inputs: [value, trace.addConstant(Tensor(shape))])
  }

  private static func isReshaping(_ operation: any Operator) -> Bool {
    switch operation {
    case is Reshape, is Flatten, is Squeeze, is Unsqueeze: true
    default: false
    }
  }

  /// Whether a node gives its first input, knowing that the types are the same.
  private func isIdentity(_ node: Trace.Node, _ x: Int, _ shape: [Int]) throws -> Bool {
    func integers(_ position: Int) throws -> [Int]? {
      guard position < node.inputs.count, let input = node.inputs[position] else { return nil }
      return try trace.constants[input]?.integers()
    }
    switch node.operation {
    case is Identity, is Cast, is Reshape, is Flatten, is Squeeze, is Unsqueeze, is Expand, is Tile: return true
    case let transpose as Transpose:
      return Self.order(transpose, rank: shape.count).filter { shape[$0] != 1 }.isSorted
    case is Dropout:
      guard node.inputs.count > 2, let trains = node.inputs[2] else { return true }
      return try trace.constants[trains]?.item() == 0
    case is Slice:
      // Of the same size, it is the whole, maybe backwards.
      guard node.inputs.count > 4, node.inputs[4] != nil else { return true }
      return try integers(4)?.allSatisfy { $0 > 0 } ?? false
    case is Pad: return try integers(1)?.allSatisfy { $0 == 0 } ?? false
    case is Concat: return node.inputs.count == 1
    case is Add, is Sub, is Mul, is Div, is Pow:
      guard node.inputs.count == 2, let other = node.inputs[1] else { return false }
      return try isNeutral(other, for: node.operation)
    default: return false
    }
  }

  /// Whether a value is a constant that leaves every number as it is; a sum with 0 would lose the sign of -0.
  private func isNeutral(_ value: Int, for operation: any Operator) throws -> Bool {
    guard let constant = trace.constants[value], constant.count == 1, constant.dtype != .string else { return false }
    let number = try constant.item()
    switch operation {
    case is Mul, is Div, is Pow: return number == 1
    case is Sub: return number == 0 && number.sign == .plus
    case is Add: return number == 0 && (number.sign == .minus || !constant.dtype.isFloatingPoint)
    default: return false
    }
  }

  private static func order(_ transpose: Transpose, rank: Int) -> [Int] {
    transpose.permutation ?? Array((0..<rank).reversed())
  }

  private func transposed(_ outer: Transpose, _ x: Int, _ shape: [Int]) -> Result? {
    guard let inner = makers[x], let first = inner.inputs[0] else { return nil }
    let order = Self.order(outer, rank: shape.count)
    switch inner.operation {
    case let transpose as Transpose:
      let innerOrder = Self.order(transpose, rank: shape.count)
      return .node(Transpose(permutation: order.map { innerOrder[$0] }), inputs: [first])
    case let product as Gemm
    where order == [1, 0] && uses[x] == 1 && (inner.inputs.count < 3 || inner.inputs[2] == nil):
      // (A B)ᵀ = Bᵀ Aᵀ: gradients of weights that are stored transposed.
      guard let second = inner.inputs[1] else { return nil }
      let flipped = Gemm(
        alpha: product.alpha, beta: product.beta, transposesA: !product.transposesB, transposesB: !product.transposesA)
      return .node(flipped, inputs: [second, first])
    default: return nil
    }
  }
}

extension [Int] {
  fileprivate var isSorted: Bool { zip(self, dropFirst()).allSatisfy { $0 < $1 } }
}
