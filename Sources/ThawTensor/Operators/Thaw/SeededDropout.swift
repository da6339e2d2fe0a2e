import ThawKernels
import ThawTypes

/// Dropout whose seed is an input, so that a program draws other numbers in each run; with the same seed, those of
/// `Dropout`.
///
/// Programs alone hold it: a file has no place for a seed that changes, and so no node is decoded to it.
package struct SeededDropout: Primitive {
  /// The place of this node's seed among the seeds.
  package var place: Int

  package init(place: Int) { self.place = place }

  package static let schema = Schema(
    "SeededDropout", domain: .thaw, versions: [1],
    inputs: [
      Input("data"), Input("ratio", .setting, optional: true), Input("training_mode", .index, optional: true),
      Input("seeds", .index),
    ],
    outputs: Dropout.schema.outputs, batch: .mixing, autogradName: Dropout.schema.autogradName)

  package init(_ node: NodeReader) throws {
    throw TensorError(.unsupported, "SeededDropout is an operation of compiled programs, and not of files")
  }

  package func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    try Dropout().outputTypes(Array(inputs.prefix(3)), known: known)
  }

  package func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let seeds = try tensor(inputs, 3, of: Self.schema)
    guard seeds.dtype == .int64, seeds.rank == 1, (0..<seeds.count).contains(place) else {
      throw TensorError(.operand, "SeededDropout: the seeds are \(seeds.type), and the one at \(place) is wanted")
    }
    let stride = seeds.strides?[0] ?? 1
    let seed = try seeds.view(shape: [], strides: [], offsetBy: place * stride)
    return try Dropout().forward(Array(inputs.prefix(3)), wanted: wanted) { shape in
      let count = shape.reduce(1, *)
      return try compute(
        RandomUniformRequest(dtype: .float32, count: count, seed: nil, offset: 0), seed, dtype: .float32, shape: shape)
    }
  }

  package func outputsToSave(needs: InputMask) -> OutputMask { Dropout().outputsToSave(needs: needs) }

  package func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] {
    Dropout().saved(inputs, outputs, needs: needs)
  }

  package func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    try Dropout().pullback(gradients, saved: saved, needs: needs) + [nil]
  }
}
