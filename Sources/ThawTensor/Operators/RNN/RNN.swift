/// A layer of plain recurrence, h' = f(x Wᵀ + h Rᵀ + b) (ONNX RNN-1, 7, 14, 22).
///
/// Shapes and lengths: see `Recurrent`. The outputs are all hidden states and the last one.
public struct RNN: Recurrent {
  public var layer: RecurrentLayer

  /// - Parameter activations: f, for each direction; tanh when left out.
  public init(
    hiddenSize: Int?, direction: RecurrentLayer.Direction = .forward, activations: [RecurrentActivation]? = nil,
    clip: Float? = nil, isBatchFirst: Bool = false
  ) {
    layer = RecurrentLayer(
      hiddenSize: hiddenSize, direction: direction, activations: activations, clip: clip, isBatchFirst: isBatchFirst,
      default: Self.defaultActivations)
  }

  public static let schema = Schema.recurrent("RNN", versions: [1, 7, 14, 22])
  static let gateCount = 1
  static let defaultActivations: [RecurrentActivation] = [.tanh]

  public init(_ node: NodeReader) throws { layer = try RecurrentLayer(node, default: Self.defaultActivations) }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    layer.attributes(default: Self.defaultActivations)
  }

  func cell(_ weights: RecurrentWeights) -> Cell { Cell(weights: weights) }

  struct Cell: RecurrentCell {
    let weights: RecurrentWeights

    func products(_ rows: Tensor) -> [Tensor] {
      [rows.gemm(weights.w, weights.biases.map { $0.input + $0.recurrent }, transposesB: true)]
    }

    func step(_ x: [Tensor], _ state: [Tensor?]) -> [Tensor] {
      [weights.activate(state[0].map { $0.gemm(weights.r, x[0], transposesB: true) } ?? x[0], 0)]
    }
  }
}

extension Tensor {
  /// The hidden states of all steps, and the last one; see `RNN`.
  public func rnn(
    _ w: Tensor, _ r: Tensor, _ b: Tensor? = nil, lengths: Tensor? = nil, hidden: Tensor? = nil,
    direction: RecurrentLayer.Direction = .forward, isBatchFirst: Bool = false
  ) -> (output: Tensor, hidden: Tensor) {
    let layer = RNN(hiddenSize: r.shape.last, direction: direction, isBatchFirst: isBatchFirst)
    let outputs = through(layer, w, r, b, lengths, hidden)
    return (outputs[0], outputs[1])
  }
}
