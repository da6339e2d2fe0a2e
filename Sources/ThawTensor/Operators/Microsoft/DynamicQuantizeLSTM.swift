import ThawTypes

/// A layer of long short-term memory with quantized weights, whose inputs and states are quantized by their range (ONNX
/// Runtime's DynamicQuantizeLSTM-1, domain com.microsoft); see `LSTM`.
///
/// W (directions, features, 4 hidden) and R (directions, hidden, 4 hidden) lie transposed to `LSTM`'s; each has a scale
/// and a zero point for every direction, or for every direction's column.
public struct DynamicQuantizeLSTM: Composite {
  let layer: LSTM

  public init(_ layer: LSTM) {
    var layer = layer
    layer.quantizesRows = true
    self.layer = layer
  }

  public init(_ node: NodeReader) throws { self.init(try LSTM(node)) }

  public static let schema = Schema(
    "DynamicQuantizeLSTM", domain: .microsoft, versions: [1],
    inputs: LSTM.schema.inputs.map { Input($0.name, .index, optional: $0.isOptional) }
      + ["W_scale", "W_zero_point", "R_scale", "R_zero_point"].map { Input($0, .index) },
    outputs: LSTM.schema.outputs.map { Output($0.name, optional: true, differentiable: false) }, batch: .mixing,
    differentiability: .never(because: "rounding changes in jumps"))

  public func attributes(opset: Int) throws -> [String: Attribute] { try layer.attributes(opset: 7) }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    var types = Array(inputs.prefix(LSTM.schema.inputs.count))
    for (place, scale) in [(1, 8), (2, 10)] {
      let weight = try tensorType(inputs, place, of: Self.schema)
      try checkBits(weight.dtype, in: "DynamicQuantizeLSTM")
      if let dims = weight.dims, dims.count != 3 {
        throw TensorError(
          .shape,
          "DynamicQuantizeLSTM: \(Self.schema.inputs[place].name) is \(weight), and should have the axes directions, "
            + "features and gates")
      }
      for numbers in [scale, scale + 1] {
        let type = try tensorType(inputs, numbers, of: Self.schema)
        guard let rank = type.dims?.count, rank != 1, rank != 2 else { continue }
        throw TensorError(
          .shape,
          "DynamicQuantizeLSTM: \(Self.schema.inputs[numbers].name) is \(type), and should have a number for each "
            + "direction, or for each direction's column")
      }
      types[place] = .tensor(TensorType(.float32, weight.dims.map { [$0[0], $0[2], $0[1]] }))
    }
    return try layer.outputTypes(types, known: KnownValues())
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    var values = Array(inputs.prefix(LSTM.schema.inputs.count))
    for (place, scale) in [(1, 8), (2, 10)] {
      let weight = try tensor(inputs, place, of: Self.schema)
      let numbers = try [scale, scale + 1].map { index in
        let numbers = try tensor(inputs, index, of: Self.schema)
        return numbers.unsqueezed(axes: numbers.rank == 1 ? [1, 2] : [1])
      }
      values[place] = .tensor((weight.centered(by: numbers[1], as: .float32) * numbers[0]).transposed([0, 2, 1]))
    }
    return try layer.body(values, wanted: wanted)
  }
}
