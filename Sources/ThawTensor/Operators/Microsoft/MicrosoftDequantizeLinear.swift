/// Quantized numbers less a zero point, times a scale (ONNX Runtime's DequantizeLinear-1, domain
/// com.microsoft); see `DequantizeLinear`.
public struct MicrosoftDequantizeLinear: MicrosoftForm {
  let published: DequantizeLinear

  public init(axis: Int = 1, blockSize: Int = 0) { published = DequantizeLinear(axis: axis, blockSize: blockSize) }
}
