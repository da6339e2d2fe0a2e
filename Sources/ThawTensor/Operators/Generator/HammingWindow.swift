import ThawTypes

/// Hamming's window (ONNX HammingWindow-17).
public struct HammingWindow: CosineWindow {
  public var dtype: DType
  public var isPeriodic: Bool

  public init(dtype: DType = .float32, isPeriodic: Bool = true) {
    self.dtype = dtype
    self.isPeriodic = isPeriodic
  }

  public static let schema = Schema.window("HammingWindow")
  static let coefficients = [25.0 / 46, -21.0 / 46]
}
