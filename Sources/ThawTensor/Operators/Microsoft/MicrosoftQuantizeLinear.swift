/// Numbers divided by a scale, rounded, and shifted by a zero point (ONNX Runtime's QuantizeLinear-1, domain
/// com.microsoft); see `QuantizeLinear`.
public struct MicrosoftQuantizeLinear: MicrosoftForm {
  let published: QuantizeLinear

  public init(axis: Int = 1, blockSize: Int = 0) { published = QuantizeLinear(axis: axis, blockSize: blockSize) }
}
