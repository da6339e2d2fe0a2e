import ThawTypes

/// An operator of ONNX Runtime's quantizer (domain com.microsoft, version 1): quantized operands are dequantized, go
/// through an operator of ONNX's, and what comes out is quantized.
///
/// ONNX Runtime sums whole numbers and looks functions up in tables; a result may be one step away from its.
protocol QuantizedOperator: Composite {
  /// What the dequantized numbers go through.
  var inner: any Operator { get }
  /// Where things lie among so many inputs.
  static func places(inputCount: Int) -> QuantizedPlaces
}

/// Where the inputs of a quantized operator lie.
struct QuantizedPlaces {
  /// What goes through as it is, before the operands.
  var plain: [Int] = []
  /// The operands, each followed by its scale and its zero point.
  let operands: [Int]
  /// The scale of the result, followed by its zero point.
  let result: Int
}

extension Schema {
  /// The schema of an operator whose inputs are, in this order, things that go through as they are, operands with
  /// their scales and zero points, and the result's scale and zero point.
  static func quantized(_ name: String, plain: [String] = [], operands: [String], result: String) -> Schema {
    func numbers(_ name: String) -> [Input] {
      ["\(name)_scale", "\(name)_zero_point"].enumerated().map { Input($1, .index, optional: $0 == 1) }
    }
    return Schema(
      name, domain: .microsoft, versions: [1],
      inputs: plain.map { Input($0, .index) } + operands.flatMap { [Input($0, .index)] + numbers($0) }
        + numbers(result),
      outputs: [Output(result, differentiable: false)], batch: .mixing,
      differentiability: .never(because: "rounding changes in jumps"))
  }
}

extension QuantizedOperator {
  private func input<Element>(_ inputs: [Element?], _ place: Int) -> Element? {
    place < inputs.count ? inputs[place] : nil
  }

  /// Samples go the way that they take through the operator inside, where all share their scales.
  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] {
    let places = Self.places(inputCount: batch.inputs.count)
    let numbers = places.operands.flatMap { [$0 + 1, $0 + 2] } + [places.result, places.result + 1]
    guard numbers.allSatisfy({ batch.isSame($0) && batch.shape($0).reduce(1, *) == 1 }) else { return batch.mixed }
    return inner.batchAxes(
      of: BatchLayout(
        sampleCount: batch.sampleCount, inputs: (places.plain + places.operands).map { batch.input($0) },
        outputs: batch.outputs))
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let places = Self.places(inputCount: inputs.count)
    let numbers = try places.operands.map { place -> ValueType? in
      let type = try tensorType(inputs, place, of: Self.schema)
      guard type.dtype.quantizedRange != nil else {
        throw TensorError(
          .dtype, "\(Self.schema.name): input \(place) is \(type), and should hold quantized numbers, such as uint8")
      }
      return try DequantizeLinear().outputTypes(
        [inputs[place], .tensor(try tensorType(inputs, place + 1, of: Self.schema)), input(inputs, place + 2)],
        known: KnownValues())[0]
    }
    let result = try inner.outputTypes(places.plain.map { inputs[$0] } + numbers, known: KnownValues())[0]
    return try QuantizeLinear(to: try dtype(inputs, places)).outputTypes(
      [result, .tensor(try tensorType(inputs, places.result, of: Self.schema)), input(inputs, places.result + 1)],
      known: KnownValues())
  }

  /// The result's type: its zero point's, else the first operand's.
  private func dtype(_ inputs: [ValueType?], _ places: QuantizedPlaces) throws -> DType? {
    try input(inputs, places.result + 1)?.tensor?.dtype
      ?? places.operands.first.map { try tensorType(inputs, $0, of: Self.schema).dtype }
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let types = inputs.map { $0?.type }
    _ = try outputTypes(types, known: KnownValues())
    let places = Self.places(inputCount: inputs.count)
    let numbers = try places.operands.map { place in
      try apply(DequantizeLinear(), to: [inputs[place], inputs[place + 1], input(inputs, place + 2)])[0]
    }
    let result = try apply(inner, to: places.plain.map { inputs[$0] } + numbers)[0]
    return try apply(
      QuantizeLinear(to: try dtype(types, places)),
      to: [result, inputs[places.result], input(inputs, places.result + 1)])
  }
}
