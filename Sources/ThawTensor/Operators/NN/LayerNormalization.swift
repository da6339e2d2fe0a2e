import ThawKernels
import ThawTypes

/// Each row, from an axis to the end, shifted to mean 0 and scaled to deviation 1, then scaled and shifted by weights
/// (ONNX LayerNormalization-17).
///
/// Statistics are computed in float32 at least (`stash_type` 1), in float64 for float64 data, where ONNX's text would
/// lose half the digits. Gradients flow through Mean and InvStdDev too.
public struct LayerNormalization: Primitive {
  /// The first axis of a row, counted from the end when negative.
  public var axis: Int
  public var epsilon: Float

  public init(axis: Int = -1, epsilon: Float = 1e-5) {
    self.axis = axis
    self.epsilon = epsilon
  }

  public static let schema = Schema(
    "LayerNormalization", versions: [17],
    inputs: [Input("X"), Input("Scale", .weight), Input("B", .weight, optional: true)],
    outputs: [Output("Y"), Output("Mean", optional: true), Output("InvStdDev", optional: true)], batch: .mixing,
    autogradName: "NativeLayerNorm")

  public init(_ node: NodeReader) throws {
    let stashType = try node.int("stash_type", default: 1)
    guard stashType == 1 else {
      throw TensorError(
        .unsupported, "LayerNormalization: the attribute stash_type is \(stashType), and only 1 (float32) is supported")
    }
    self.init(axis: try node.int("axis", default: -1), epsilon: try node.float("epsilon", default: 1e-5))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    ["axis": .int(axis), "epsilon": .float(epsilon)]
  }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] { LayerRows.batchAxes(of: batch, axis: axis) }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try tensorType(inputs, 0, of: Self.schema)
    let weights = [try tensorType(inputs, 1, of: Self.schema), try optionalTensorType(inputs, 2, of: Self.schema)]
    try LayerRows.check(x, weights: weights, axis: axis, in: "LayerNormalization")
    let statistics = try x.dims.map { dims in
      let first = try Shapes.normalize(axis: axis, rank: dims.count, in: "LayerNormalization")
      return dims[..<first] + dims[first...].map { _ in .known(1) }
    }
    let row = ValueType.tensor(TensorType(LayerRows.statisticsType(of: x.dtype), statistics.map(Array.init)))
    return [.tensor(x), row, row]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    let bias = try optionalTensor(inputs, 2, of: Self.schema)
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let rows = try LayerRows(x.shape, axis: axis, in: "LayerNormalization")
    let dtype = LayerRows.statisticsType(of: x.dtype)
    return try withErrors {
      let scale = try rows.vector(try tensor(inputs, 1, of: Self.schema), as: dtype)
      let request = rows.request(.forward, dtype: dtype, epsilon: epsilon, hasBias: bias != nil)
      let results = try compute(
        request, [x.asType(dtype).contiguous(), scale, bias.map { try rows.vector($0, as: dtype) }],
        outputs: [(dtype, x.shape), (dtype, rows.statisticsShape), (dtype, rows.statisticsShape)])
      return [
        (results[0]?.asType(x.dtype)).map(Value.tensor), results[1].map(Value.tensor), results[2].map(Value.tensor),
      ]
    }
  }

  public func outputsToSave(needs: InputMask) -> OutputMask { needs[0] || needs[1] ? .only(1, 2) : .none }

  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] {
    needs[0] || needs[1] ? [inputs[0], inputs[1], outputs[1], outputs[2]] : [nil, nil, nil, nil]
  }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    var result: [Tensor?] = [nil, nil, nil]
    if let gradient = gradients[0] {
      if needs[0] || needs[1] {
        let operation = LayerNormalizationGradient(axis: axis, epsilon: epsilon)
        let outputs = try apply(
          operation, to: [.tensor(gradient)] + saved, wanted: OutputMask([needs[0], needs[1], needs[2]]))
        result = (0..<3).map { needs[$0] ? outputs[$0]?.tensor : nil }
      } else if needs[2] {
        let first = try Shapes.normalize(axis: axis, rank: gradient.rank, in: "LayerNormalization")
        result[2] = first == 0 ? gradient : gradient.sum(axes: Array(0..<first))
      }
    }
    if needs[0], gradients[1] != nil || gradients[2] != nil {
      let more = try pullbackOfStatistics(gradients[1], gradients[2], saved)
      result[0] = result[0].map { $0 + more } ?? more
    }
    return result
  }

  /// What flows back to X from Mean and InvStdDev: d mean = Σ dx / n, d inverse = − inverse³ Σ (x − mean) dx / n.
  private func pullbackOfStatistics(_ byMean: Tensor?, _ byInverse: Tensor?, _ saved: [Value?]) throws -> Tensor {
    let x = try tensor(saved, 0, of: Self.schema)
    let mean = try tensor(saved, 2, of: Self.schema)
    let inverse = try tensor(saved, 3, of: Self.schema)
    let rows = try LayerRows(x.shape, axis: axis, in: "LayerNormalization")
    let centered = x.asType(mean.dtype) - mean
    let slope = byInverse.map { centered * -($0 * (inverse * inverse * inverse)) } ?? centered * 0
    return ((byMean.map { slope + $0 } ?? slope) / Double(max(1, rows.columns))).asType(x.dtype)
  }
}

extension Tensor {
  /// Rows normalized to mean 0 and deviation 1, then scaled and shifted; see `LayerNormalization`.
  public func layerNormalization(
    scale: Tensor, bias: Tensor? = nil, axis: Int = -1, epsilon: Float = 1e-5
  ) -> Tensor {
    .catching { try apply(LayerNormalization(axis: axis, epsilon: epsilon), to: self, scale, bias) }
  }
}
