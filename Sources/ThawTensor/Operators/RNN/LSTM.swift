/// A layer of long short-term memory (ONNX LSTM-1, 7, 14, 22).
///
/// With x and h the step's input and the hidden state before it, and the gates in ONNX's order i, o, f, c:
///
///     i, f = f(x Wᵀ + h Rᵀ + P ⊙ C + b),   c = g(x Wᵀ + h Rᵀ + b),   C' = f ⊙ C + i ⊙ c
///     o = f(x Wᵀ + h Rᵀ + P ⊙ C' + b),     h' = o ⊙ h(C')
///
/// Shapes and lengths: see `Recurrent`. The outputs are all hidden states, the last one, and the last cell C.
public struct LSTM: Recurrent {
  public var layer: RecurrentLayer
  /// Whether the forget gate is 1 - i (ONNX's `input_forget`).
  public var couplesGates: Bool
  /// Whether what meets the weights is quantized by its range before, as `DynamicQuantizeLSTM` has it.
  var quantizesRows = false

  /// - Parameter activations: f, g and h, for each direction; sigmoid, tanh and tanh when left out.
  public init(
    hiddenSize: Int?, direction: RecurrentLayer.Direction = .forward, activations: [RecurrentActivation]? = nil,
    clip: Float? = nil, isBatchFirst: Bool = false, couplesGates: Bool = false
  ) {
    layer = RecurrentLayer(
      hiddenSize: hiddenSize, direction: direction, activations: activations, clip: clip, isBatchFirst: isBatchFirst,
      default: Self.defaultActivations)
    self.couplesGates = couplesGates
  }

  public static let schema = Schema.recurrent(
    "LSTM", versions: [1, 7, 14, 22],
    moreInputs: [Input("initial_c", optional: true), Input("P", .weight, optional: true)],
    moreOutputs: [Output("Y_c", optional: true)])
  static let gateCount = 4
  static let defaultActivations: [RecurrentActivation] = [.sigmoid, .tanh, .tanh]

  public init(_ node: NodeReader) throws {
    layer = try RecurrentLayer(node, default: Self.defaultActivations)
    couplesGates = try node.flag("input_forget", default: false)
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    var attributes = layer.attributes(default: Self.defaultActivations)
    if couplesGates { attributes["input_forget"] = .int(1) }
    return attributes
  }

  func cell(_ weights: RecurrentWeights) -> Cell {
    Cell(
      weights: weights, peepholes: weights.peepholes?.split(into: 3), couplesGates: couplesGates,
      quantizesRows: quantizesRows)
  }

  struct Cell: RecurrentCell {
    let weights: RecurrentWeights
    /// Of the gates i, o and f.
    let peepholes: [Tensor]?
    let couplesGates: Bool
    let quantizesRows: Bool

    func products(_ rows: Tensor) -> [Tensor] {
      [factor(rows).gemm(weights.w, weights.biases.map { $0.input + $0.recurrent }, transposesB: true)]
    }

    func step(_ x: [Tensor], _ state: [Tensor?]) -> [Tensor] {
      let gates = state[0].map { factor($0).gemm(weights.r, x[0], transposesB: true) } ?? x[0]
      let (gate, candidate, output) = peepholes.map { gated(gates, $0, state[1]) } ?? gated(gates)
      let added = gate.input * weights.activate(candidate, 1)
      let cell = state[1].map { $0 * gate.forget + added } ?? added
      // As in ONNX Runtime, what goes into h is not clipped.
      return [output(cell) * weights.activations[2](cell), cell]
    }

    /// Rows as they go into a product.
    private func factor(_ rows: Tensor) -> Tensor { quantizesRows ? rows.roundedToRange() : rows }

    private typealias Gated = (gate: (input: Tensor, forget: Tensor), candidate: Tensor, output: (Tensor) -> Tensor)

    /// Three gates share one activation and are computed as one.
    private func gated(_ gates: Tensor) -> Gated {
      let size = weights.hiddenSize
      let parts = gates.split([3 * size, size], axis: 1)
      let open = weights.activate(parts[0], 0).split(into: 3, axis: 1)
      return ((open[0], couplesGates ? 1 - open[0] : open[2]), parts[1], { _ in open[1] })
    }

    /// The output gate looks at the new cell, the others at the old one.
    private func gated(_ gates: Tensor, _ peepholes: [Tensor], _ cell: Tensor?) -> Gated {
      let parts = gates.split(into: 4, axis: 1)
      func open(_ gate: Int, _ cell: Tensor?) -> Tensor {
        weights.activate(cell.map { parts[gate] + peepholes[gate] * $0 } ?? parts[gate], 0)
      }
      let input = open(0, cell)
      return ((input, couplesGates ? 1 - input : open(2, cell)), parts[3], { open(1, $0) })
    }
  }
}

extension Tensor {
  /// The hidden states of all steps, the last one, and the last cell; see `LSTM`.
  public func lstm(
    _ w: Tensor, _ r: Tensor, _ b: Tensor? = nil, lengths: Tensor? = nil, hidden: Tensor? = nil, cell: Tensor? = nil,
    peepholes: Tensor? = nil, direction: RecurrentLayer.Direction = .forward, isBatchFirst: Bool = false
  ) -> (output: Tensor, hidden: Tensor, cell: Tensor) {
    let layer = LSTM(hiddenSize: r.shape.last, direction: direction, isBatchFirst: isBatchFirst)
    let outputs = through(layer, w, r, b, lengths, hidden, cell, peepholes)
    return (outputs[0], outputs[1], outputs[2])
  }
}
