/// A layer of gated recurrent units (ONNX GRU-1, 3, 7, 14, 22).
///
/// With x and h the step's input and the hidden state before it, and the gates in ONNX's order z, r, h:
///
///     z, r = f(x Wᵀ + h Rᵀ + b),   c = g(x Wᵀ + (r ⊙ h) Rᵀ + b),   h' = (1 - z) ⊙ c + z ⊙ h
///
/// or, with the linear part before the reset, c = g(x Wᵀ + bw + r ⊙ (h Rᵀ + br)), which is PyTorch's GRU. Shapes and
/// lengths: see `Recurrent`. The outputs are all hidden states and the last one.
public struct GRU: Recurrent {
  public var layer: RecurrentLayer
  /// Whether the reset gate stands behind the product with R (ONNX's `linear_before_reset`).
  public var isLinearBeforeReset: Bool

  /// - Parameter activations: f and g, for each direction; sigmoid and tanh when left out.
  public init(
    hiddenSize: Int?, direction: RecurrentLayer.Direction = .forward, activations: [RecurrentActivation]? = nil,
    clip: Float? = nil, isBatchFirst: Bool = false, isLinearBeforeReset: Bool = false
  ) {
    layer = RecurrentLayer(
      hiddenSize: hiddenSize, direction: direction, activations: activations, clip: clip, isBatchFirst: isBatchFirst,
      default: Self.defaultActivations)
    self.isLinearBeforeReset = isLinearBeforeReset
  }

  public static let schema = Schema.recurrent("GRU", versions: [1, 3, 7, 14, 22])
  static let gateCount = 3
  static let defaultActivations: [RecurrentActivation] = [.sigmoid, .tanh]

  public init(_ node: NodeReader) throws {
    layer = try RecurrentLayer(node, default: Self.defaultActivations)
    isLinearBeforeReset = node.version >= 3 ? try node.flag("linear_before_reset", default: false) : false
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    var attributes = layer.attributes(default: Self.defaultActivations)
    if isLinearBeforeReset { attributes["linear_before_reset"] = .int(1) }
    return attributes
  }

  func cell(_ weights: RecurrentWeights) -> Cell { Cell(weights, isLinearBeforeReset: isLinearBeforeReset) }

  struct Cell: RecurrentCell {
    private let weights: RecurrentWeights
    /// Sizes of what belongs to z and r, and of what belongs to the candidate.
    private let sizes: [Int]
    private let bias: Tensor?
    private let recurrence: Recurrence

    private enum Recurrence {
      /// R of z and r, and of the candidate.
      case resetFirst(Tensor, Tensor)
      /// The candidate's bias, as part of a row of zeros too.
      case linearFirst(bias: Tensor, row: Tensor)
      case linearWithoutBias
    }

    init(_ weights: RecurrentWeights, isLinearBeforeReset: Bool) {
      self.weights = weights
      sizes = [2 * weights.hiddenSize, weights.hiddenSize]
      guard isLinearBeforeReset else {
        let parts = weights.r.split(sizes)
        recurrence = .resetFirst(parts[0], parts[1])
        bias = weights.biases.map { $0.input + $0.recurrent }
        return
      }
      guard let biases = weights.biases else {
        (recurrence, bias) = (.linearWithoutBias, nil)
        return
      }
      let (input, recurrent) = (biases.input.split(sizes), biases.recurrent.split(sizes))
      bias = .concat([input[0] + recurrent[0], input[1]])
      recurrence = .linearFirst(
        bias: recurrent[1], row: .concat([.zeros([sizes[0]], dtype: weights.r.dtype), recurrent[1]]))
    }

    func products(_ rows: Tensor) -> [Tensor] { rows.gemm(weights.w, bias, transposesB: true).split(sizes, axis: 1) }

    func step(_ x: [Tensor], _ state: [Tensor?]) -> [Tensor] {
      guard let hidden = state[0] else { return [first(x)] }
      let update: Tensor
      let candidate: Tensor
      switch recurrence {
      case .resetFirst(let gates, let last):
        let open = weights.activate(hidden.gemm(gates, x[0], transposesB: true), 0).split(into: 2, axis: 1)
        update = open[0]
        candidate = (open[1] * hidden).gemm(last, x[1], transposesB: true)
      case .linearFirst, .linearWithoutBias:
        let product = hidden.gemm(weights.r, row, transposesB: true).split(sizes, axis: 1)
        let open = weights.activate(x[0] + product[0], 0).split(into: 2, axis: 1)
        update = open[0]
        candidate = x[1] + open[1] * product[1]
      }
      let new = weights.activate(candidate, 1)
      return [new + update * (hidden - new)]
    }

    private var row: Tensor? { if case .linearFirst(_, let row) = recurrence { row } else { nil } }

    /// The step from a state of zeros.
    private func first(_ x: [Tensor]) -> Tensor {
      let open = weights.activate(x[0], 0).split(into: 2, axis: 1)
      let biased = if case .linearFirst(let bias, _) = recurrence { x[1] + open[1] * bias } else { x[1] }
      return (1 - open[0]) * weights.activate(biased, 1)
    }
  }
}

extension Tensor {
  /// The hidden states of all steps, and the last one; see `GRU`.
  ///
  /// - Parameter isLinearBeforeReset: as in PyTorch; ONNX's default is false.
  public func gru(
    _ w: Tensor, _ r: Tensor, _ b: Tensor? = nil, lengths: Tensor? = nil, hidden: Tensor? = nil,
    direction: RecurrentLayer.Direction = .forward, isBatchFirst: Bool = false, isLinearBeforeReset: Bool = false
  ) -> (output: Tensor, hidden: Tensor) {
    let layer = GRU(
      hiddenSize: r.shape.last, direction: direction, isBatchFirst: isBatchFirst,
      isLinearBeforeReset: isLinearBeforeReset)
    let outputs = through(layer, w, r, b, lengths, hidden)
    return (outputs[0], outputs[1])
  }
}
