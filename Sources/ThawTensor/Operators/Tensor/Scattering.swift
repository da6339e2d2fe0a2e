import ThawTypes

/// What operators that put elements into a tensor share: their gradients, whatever the reduction.
///
/// The inputs are data, indices and updates. Under `none` every update of a repeated index gets the gradient, under `max`
/// and `min` equal elements share it, as in PyTorch.
protocol Scattering: Primitive {
  var reduction: ScatterMode { get }
  /// The same operation with another reduction.
  func with(_ reduction: ScatterMode) -> Self
  /// The elements of a tensor where the updates go.
  func picked(_ tensor: Tensor, _ indices: Tensor) -> Tensor
}

extension Scattering {
  /// - Throws: `TensorError` of kind `dtype` for strings, which are put in and not reduced.
  func checkReduces(_ dtype: DType) throws {
    guard reduction != .none, dtype == .string else { return }
    throw TensorError(
      .dtype, "\(Self.schema.name): strings cannot be reduced, and the attribute reduction is '\(reduction.rawValue)'")
  }

  public func outputsToSave(needs: InputMask) -> OutputMask {
    reduction == .max || reduction == .min ? .only(0) : .none
  }

  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] {
    switch reduction {
    case .none, .add: [inputs[1]]
    case .mul: [inputs[1], needs[2] ? inputs[0] : nil, inputs[2]]
    case .max, .min: [inputs[1], inputs[0], inputs[2], outputs[0]]
    }
  }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil, nil, nil] }
    let indices = try tensor(saved, 0, of: Self.schema)
    func scattered(_ updates: Tensor, onto value: Int, _ reduction: ScatterMode) throws -> Tensor {
      let data = try gradient.scalar(value).expanded(to: gradient.shapeTensor())
      return try apply(with(reduction), to: data, indices, updates)
    }
    switch reduction {
    case .none:
      let zeros = needs[0] ? gradient.zeros(shape: picked(gradient, indices).shapeTensor()) : nil
      return [
        try zeros.map { try apply(self, to: gradient, indices, $0) }, nil, needs[2] ? picked(gradient, indices) : nil,
      ]
    case .add: return [gradient, nil, needs[2] ? picked(gradient, indices) : nil]
    case .mul:
      let updates = try tensor(saved, 2, of: Self.schema)
      let byData = needs[0] ? gradient * (try scattered(updates, onto: 1, .mul)) : nil
      guard needs[2] else { return [byData, nil, nil] }
      let others = try productOfOthers(
        updates, total: { picked(try scattered($0, onto: 0, .add), indices) },
        product: { picked(try scattered($0, onto: 1, .mul), indices) })
      return [byData, nil, picked(gradient * (try tensor(saved, 1, of: Self.schema)), indices) * others]
    case .max, .min:
      let result = try tensor(saved, 3, of: Self.schema)
      let dataWins = (try tensor(saved, 1, of: Self.schema) .== result).cast(to: gradient.dtype)
      let updateWins = (try tensor(saved, 2, of: Self.schema) .== picked(result, indices)).cast(to: gradient.dtype)
      let winners = try apply(with(.add), to: dataWins, indices, updateWins)
      let share = gradient / winners
      return [needs[0] ? dataWins * share : nil, nil, needs[2] ? updateWins * picked(share, indices) : nil]
    }
  }
}
