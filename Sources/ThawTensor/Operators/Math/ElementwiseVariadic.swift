import ThawKernels
import ThawTypes

/// A function of any number of tensors, element by element, with broadcasting: two at a time, from the left.
protocol ElementwiseVariadic: Primitive {
  static var function: BinaryFunction { get }
  init()
}

extension Schema {
  static func variadic(_ name: String, versions: [Int], output: String, autogradName: String? = nil) -> Schema {
    Schema(
      name, versions: versions, inputs: [Input("data_0", variadic: true)], outputs: [Output(output)],
      batch: .elementwise, autogradName: autogradName)
  }
}

extension ElementwiseVariadic {
  public init(_ node: NodeReader) throws { self.init() }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    var result = try tensorType(inputs, 0, of: Self.schema)
    for index in inputs.indices.dropFirst() {
      let next = try tensorType(inputs, index, of: Self.schema)
      result = try elementwiseType(Self.function, result, next, in: Self.schema.name)
    }
    return [.tensor(result)]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] { [.tensor(try folded(inputs))] }

  /// The function of all inputs, in memory.
  func folded(_ inputs: [Value?]) throws -> Tensor {
    var result = try tensor(inputs, 0, of: Self.schema)
    for index in inputs.indices.dropFirst() {
      result = try elementwise(
        Self.function, result, try tensor(inputs, index, of: Self.schema), in: Self.schema.name)
    }
    return result
  }
}

/// Max and Min: equal extremes share the gradient.
protocol ElementwiseExtreme: ElementwiseVariadic {}

extension ElementwiseExtreme {
  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] {
    inputs.count == 1 ? [] : [outputs[0]] + inputs
  }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0], !saved.isEmpty else { return [gradients[0]] }
    let extreme = try tensor(saved, 0, of: Self.schema)
    let isExtreme = try saved.indices.dropFirst().map { try tensor(saved, $0, of: Self.schema) .== extreme }
    let counts = isExtreme.map { $0.cast(to: gradient.dtype) }
    let share = gradient / counts.dropFirst().reduce(counts[0], +)
    return isExtreme.indices.map { needs[$0] ? Tensor.where(isExtreme[$0], share, 0) : nil }
  }
}
