import ThawTypes

/// The Fourier transforms of overlapping pieces of signals, each times a window (ONNX STFT-17).
///
/// A signal without its last axis is real, as PyTorch's exporter writes it.
public struct STFT: Composite {
  /// Whether only the first half of each transform is given, as is enough for real signals.
  public var isOnesided: Bool

  public init(isOnesided: Bool = true) { self.isOnesided = isOnesided }

  public static let schema = Schema(
    "STFT", versions: [17],
    inputs: [
      Input("signal"), Input("frame_step", .index, value: true), Input("window", .setting, optional: true),
      Input("frame_length", .index, value: true, optional: true),
    ], outputs: [Output("output")], batch: .rowwise)

  public init(_ node: NodeReader) throws { self.init(isOnesided: try node.flag("onesided", default: true)) }

  public func attributes(opset: Int) throws -> [String: Attribute] { ["onesided": .int(isOnesided ? 1 : 0)] }

  /// The length of a piece, and how many there are; nil where that is not known.
  private func pieces(of size: Dim, step: [Int]?, window: TensorType?, length: [Int]?) throws -> (
    length: Int, count: Int
  )? {
    guard let step, let length = length?.first ?? window?.shape?.first, let size = size.value else { return nil }
    guard step.count == 1, step[0] > 0, length > 0, length <= size, window?.shape.map({ $0 == [length] }) ?? true else {
      throw TensorError(
        .shape,
        "STFT: of a signal of \(size) places, pieces of \(length) in steps of \(step)\(window.map { " under a window \($0)" } ?? "") "
          + "cannot be taken")
    }
    return (length, (size - length) / step[0] + 1)
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let signal = try tensorType(inputs, 0, of: Self.schema)
    let window = try optionalTensorType(inputs, 2, of: Self.schema)
    guard signal.dtype.isFloatingPoint, window.map({ $0.dtype == signal.dtype }) ?? true else {
      throw TensorError(.dtype, "STFT: the signal is \(signal); it and the window should be of one floating type")
    }
    guard let dims = signal.dims else { return [.tensor(signal)] }
    guard dims.count == 2 || dims.count == 3 && (dims[2].value.map { $0 == 1 || $0 == 2 } ?? true) else {
      throw TensorError(.shape, "STFT: the signal is \(signal), and should be (batch, places, 1 or 2)")
    }
    let found = try pieces(of: dims[1], step: try known.integers(1), window: window, length: try known.integers(3))
    let bins = found.map { Dim.known(isOnesided ? $0.length / 2 + 1 : $0.length) } ?? .unknown
    return [.tensor(TensorType(signal.dtype, [dims[0], found.map { .known($0.count) } ?? .unknown, bins, .known(2)]))]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    var signal = try tensor(inputs, 0, of: Self.schema)
    let step = try tensor(inputs, 1, of: Self.schema).integers()
    let window = try optionalTensor(inputs, 2, of: Self.schema)
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    if signal.rank == 2 { signal = signal.unsqueezed(axes: [2]) }
    let length = try optionalTensor(inputs, 3, of: Self.schema)?.integers()
    guard
      let (length, count) = try pieces(of: .known(signal.shape[1]), step: step, window: window?.type, length: length)
    else { throw TensorError(.operand, "STFT: neither a window nor a frame_length is given") }
    guard count <= (1 << 28) / length else {
      throw TensorError(.memory, "STFT: \(count) pieces of \(length) places are more than Thaw cuts")
    }
    let places = try Tensor.vector(count * length) { $0 / length * step[0] + $0 % length }
    var frames = signal.gather(places.reshaped(to: [count, length]), axis: 1)
    if let window { frames = frames * window.unsqueezed(axes: [1]) }
    return [.tensor(try apply(DFT(isOnesided: isOnesided), to: frames, nil, Tensor(2)))]
  }
}
