import ThawTypes

/// An operator that runs graphs: If, Loop or Scan.
///
/// The bodies' operations pass the one door as any others do, so that gradients go through the branch taken and through
/// the iterations that were run. A recording keeps the node, with its bodies, where no gradient has to pass; where one
/// has to, it takes down the operations of the bodies, and how often they run must not depend on what is recorded.
package protocol ControlFlow: Composite {
  /// The graphs by the attributes that hold them, in the order in which their captured values follow the inputs.
  var bodies: [(attribute: String, graph: any Subgraph)] { get }
  /// How many inputs come before the captured values.
  var ownInputCount: Int { get }
  /// Which input of the first body an own input is handed to, whole or in parts; nil where it is not.
  func bodyInput(ofInput index: Int) -> Int?
}

extension ControlFlow {
  public func attributes(opset: Int) throws -> [String: Attribute] { graphAttributes }

  public var draws: Bool { bodies.contains { $0.graph.draws } }

  var graphAttributes: [String: Attribute] {
    Dictionary(uniqueKeysWithValues: bodies.map { ($0.attribute, .graph($0.graph)) })
  }

  /// The captured values of one body.
  func captured(_ inputs: [Value?], body: Int = 0) throws -> [Value] {
    let before = bodies[..<body].reduce(ownInputCount) { $0 + $1.graph.capturedNames.count }
    let (attribute, graph) = bodies[body]
    return try graph.capturedNames.enumerated().map { index, name in
      guard before + index < inputs.count, let value = inputs[before + index] else {
        throw TensorError(.operand, "\(Self.schema.name): the value '\(name)', which \(attribute) reads, is missing")
      }
      return value
    }
  }

  /// Runs a body, and says in which one an error came up.
  func run(_ body: Int, _ inputs: [Value], _ captured: [Value], iteration: Int? = nil) throws -> [Value] {
    let (attribute, graph) = bodies[body]
    do {
      let outputs = try withErrors { try graph.call(inputs, captured: captured) }
      guard outputs.count == graph.outputTypes.count else {
        throw TensorError(.internal, "\(outputs.count) values came out where \(graph.outputTypes.count) are declared")
      }
      return outputs
    } catch let error as TensorError {
      throw error.at("\(Self.schema.name): \(attribute)" + (iteration.map { ", iteration \($0)" } ?? ""))
    }
  }

  /// Runs the body once more. Every iteration of every loop comes through here.
  func iterate(_ iteration: Int, _ inputs: [Value], _ captured: [Value]) throws -> [Value] {
    try countIteration()
    return try run(0, inputs, captured, iteration: iteration)
  }

  /// A value that a node needs and whose count nothing guarantees.
  func value(_ inputs: [Value?], _ index: Int) throws -> Value {
    guard index < inputs.count, let value = inputs[index] else {
      throw TensorError(.operand, "\(Self.schema.name): input \(index) is missing")
    }
    return value
  }

  /// The truth of a tensor of one element.
  func truth(of value: Value, _ what: String) throws -> Bool {
    guard case .tensor(let tensor) = value, tensor.dtype == .bool, tensor.count == 1 else {
      throw TensorError(.dtype, "\(Self.schema.name): \(what) should be one bool and is \(value.type)")
    }
    return try known(what) { try tensor.item() != 0 }
  }

  /// A number that decides what is run; a recording may not know it.
  func known<Number>(_ what: String, _ number: () throws -> Number) throws -> Number {
    do {
      return try number()
    } catch let error as TensorError where error.kind == .valueNeeded {
      throw TensorError(
        .valueNeeded,
        "\(Self.schema.name): \(what) is not known while it is being recorded, and no gradient can be recorded "
          + "through what it decides")
    }
  }

  /// The values that one output of a body had in all iterations, along a new axis.
  func stacked(_ values: [Value], _ declared: ValueType?, output: Int, axis: Int = 0) throws -> Tensor {
    let tensors = try values.map { value -> Tensor in
      guard case .tensor(let tensor) = value else {
        throw TensorError(
          .dtype,
          "\(Self.schema.name): output \(output) of the body is \(value.type), and only tensors are stacked")
      }
      return tensor
    }
    if let first = tensors.first {
      for (iteration, tensor) in tensors.enumerated() where tensor.shape != first.shape {
        throw TensorError(
          .shape,
          "\(Self.schema.name): output \(output) of the body is \(first.type) in iteration 0 and \(tensor.type) in "
            + "iteration \(iteration); what is stacked must have one shape")
      }
      return try withErrors { .concat(tensors.map { $0.unsqueezed(axes: [axis]) }, axis: axis) }
    }
    guard let type = declared?.tensor else {
      throw TensorError(
        .operand,
        "\(Self.schema.name): no iteration was run, and the type of output \(output) of the body is not declared")
    }
    var shape = (type.dims ?? []).map { $0.value ?? 0 }
    shape.insert(0, at: try Shapes.normalize(axis: axis, rank: shape.count + 1, in: Self.schema.name))
    return try Tensor.empty(shape, dtype: type.dtype)
  }

  /// The declared type of an output of the first body.
  ///
  /// - Throws: `TensorError` of kind `operand` when there is none.
  func declaredType(ofOutput index: Int, body: Int = 0) throws -> ValueType {
    guard let type = bodies[body].graph.outputTypes[index] else {
      throw TensorError(
        .operand,
        "\(Self.schema.name): the type of output \(index) of \(bodies[body].attribute) is not declared")
    }
    return type
  }
}

extension Tensor {
  /// A tensor without elements.
  fileprivate static func empty(_ shape: [Int], dtype: DType) throws -> Tensor {
    dtype == .string ? try Tensor(strings: [], shape: shape) : try uninitialized(shape, dtype: dtype)
  }
}

extension ValueType {
  /// What is common to two types: dimensions that differ are unknown; nil when not even the kinds agree.
  package func joined(with other: ValueType) -> ValueType? {
    switch (self, other) {
    case (.tensor(let left), .tensor(let right)): left.joined(with: right).map(ValueType.tensor)
    case (.sparseTensor(let left), .sparseTensor(let right)): left.joined(with: right).map(ValueType.sparseTensor)
    case (.sequence(let left), .sequence(let right)): left.joined(with: right).map(ValueType.sequence)
    case (.optional(let left), .optional(let right)): left.joined(with: right).map(ValueType.optional)
    // What a loop hands on may be there from its first iteration on.
    case (.optional(let element), let value), (let value, .optional(let element)):
      element.joined(with: value).map(ValueType.optional)
    default: self == other ? self : nil
    }
  }
}

extension TensorType {
  fileprivate func joined(with other: TensorType) -> TensorType? {
    guard dtype == other.dtype else { return nil }
    guard let dims, let others = other.dims, dims.count == others.count else { return TensorType(dtype, nil) }
    return TensorType(dtype, zip(dims, others).map { $0 == $1 ? $0 : .unknown })
  }
}
