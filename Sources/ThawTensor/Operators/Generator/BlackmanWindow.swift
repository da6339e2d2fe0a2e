import ThawTypes

/// Blackman's window (ONNX BlackmanWindow-17).
public struct BlackmanWindow: CosineWindow {
  public var dtype: DType
  public var isPeriodic: Bool

  public init(dtype: DType = .float32, isPeriodic: Bool = true) {
    self.dtype = dtype
    self.isPeriodic = isPeriodic
  }

  public static let schema = Schema.window("BlackmanWindow")
  static let coefficients = [0.42, -0.5, 0.08]
}
