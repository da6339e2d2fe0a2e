import ThawTypes

/// Hann's window (ONNX HannWindow-17).
public struct HannWindow: CosineWindow {
  public var dtype: DType
  public var isPeriodic: Bool

  public init(dtype: DType = .float32, isPeriodic: Bool = true) {
    self.dtype = dtype
    self.isPeriodic = isPeriodic
  }

  public static let schema = Schema.window("HannWindow")
  static let coefficients = [0.5, -0.5]
}
