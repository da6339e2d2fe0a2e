extension PublishedSchemas {
  /// The domain `ai.onnx.preview`; the form is told at `PublishedSchemas`.
  static let preview = """
    FlexAttention 1 | Q T1, K T1, V T1 | Y T1 | T1 @floats bfloat16 | prob_mod graph, scale float, score_mod graph,
      softmax_precision int
    """

  /// The domain `ai.onnx.preview.training`; the form is told at `PublishedSchemas`.
  static let training = """
    Adagrad 1 | R T1, T T2, inputs~1 T3 | outputs~1 T3 | T1 float double, T2 int64, T3 float double | decay_factor
      float = 0, epsilon float = 1e-06, norm_coefficient float = 0
    Adam 1 | R T1, T T2, inputs~1 T3 | outputs~1 T3 | T1 float double, T2 int64, T3 float double | alpha float = 0.9,
      beta float = 0.999, epsilon float = 1e-06, norm_coefficient float = 0, norm_coefficient_post float = 0
    Gradient 1 | Inputs~1 T1 | Outputs~1 T2 | T1 @tensors, T2 @floats | xs! strings, y! string, zs strings
    Momentum 1 | R T1, T T2, inputs~1 T3 | outputs~1 T3 | T1 float double, T2 int64, T3 float double | alpha! float,
      beta! float, mode! string, norm_coefficient! float
    """
}
