extension PublishedSchemas {
  /// ONNX's family `rnn`; the form is told at `PublishedSchemas`.
  static let rnn = """
    GRU 1 | X T, W T, R T, B? T, sequence_lens? T1, initial_h? T | Y? T, Y_h T | T @floats, T1 int32 |
      activation_alpha floats, activation_beta floats, activations strings, clip float, direction string = foward,
      hidden_size int, output_sequence int = 0
    GRU 3 | X T, W T, R T, B? T, sequence_lens? T1, initial_h? T | Y? T, Y_h? T | T @floats, T1 int32 |
      activation_alpha floats, activation_beta floats, activations strings, clip float, direction string = forward,
      hidden_size int, linear_before_reset int = 0, output_sequence int = 0
    GRU 7 | X T, W T, R T, B? T, sequence_lens? T1, initial_h? T | Y? T, Y_h? T | T @floats, T1 int32 |
      activation_alpha floats, activation_beta floats, activations strings, clip float, direction string = forward,
      hidden_size int, linear_before_reset int = 0
    GRU 14 | X T, W T, R T, B? T, sequence_lens? T1, initial_h? T | Y? T, Y_h? T | T @floats, T1 int32 |
      activation_alpha floats, activation_beta floats, activations strings, clip float, direction string = forward,
      hidden_size int, layout int = 0, linear_before_reset int = 0
    GRU 22 | X T, W T, R T, B? T, sequence_lens? T1, initial_h? T | Y? T, Y_h? T | T @floats bfloat16, T1 int32 |
      activation_alpha floats, activation_beta floats, activations strings, clip float, direction string = forward,
      hidden_size int, layout int = 0, linear_before_reset int = 0
    LSTM 1 | X T, W T, R T, B? T, sequence_lens? T1, initial_h? T, initial_c? T, P? T | Y? T, Y_h? T, Y_c? T | T
      @floats, T1 int32 | activation_alpha floats, activation_beta floats, activations strings, clip float, direction
      string = forward, hidden_size int, input_forget int = 0, output_sequence int = 0
    LSTM 7 | X T, W T, R T, B? T, sequence_lens? T1, initial_h? T, initial_c? T, P? T | Y? T, Y_h? T, Y_c? T | T
      @floats, T1 int32 | activation_alpha floats, activation_beta floats, activations strings, clip float, direction
      string = forward, hidden_size int, input_forget int = 0
    LSTM 14 | X T, W T, R T, B? T, sequence_lens? T1, initial_h? T, initial_c? T, P? T | Y? T, Y_h? T, Y_c? T | T
      @floats, T1 int32 | activation_alpha floats, activation_beta floats, activations strings, clip float, direction
      string = forward, hidden_size int, input_forget int = 0, layout int = 0
    LSTM 22 | X T, W T, R T, B? T, sequence_lens? T1, initial_h? T, initial_c? T, P? T | Y? T, Y_h? T, Y_c? T | T
      @floats bfloat16, T1 int32 | activation_alpha floats, activation_beta floats, activations strings, clip float,
      direction string = forward, hidden_size int, input_forget int = 0, layout int = 0
    RNN 1 | X T, W T, R T, B? T, sequence_lens? T1, initial_h? T | Y? T, Y_h? T | T @floats, T1 int32 |
      activation_alpha floats, activation_beta floats, activations strings = Tanh Tanh, clip float, direction string =
      forward, hidden_size int, output_sequence int = 0
    RNN 7 | X T, W T, R T, B? T, sequence_lens? T1, initial_h? T | Y? T, Y_h? T | T @floats, T1 int32 |
      activation_alpha floats, activation_beta floats, activations strings = Tanh Tanh, clip float, direction string =
      forward, hidden_size int
    RNN 14 | X T, W T, R T, B? T, sequence_lens? T1, initial_h? T | Y? T, Y_h? T | T @floats, T1 int32 |
      activation_alpha floats, activation_beta floats, activations strings = Tanh Tanh, clip float, direction string =
      forward, hidden_size int, layout int = 0
    RNN 22 | X T, W T, R T, B? T, sequence_lens? T1, initial_h? T | Y? T, Y_h? T | T @floats bfloat16, T1 int32 |
      activation_alpha floats, activation_beta floats, activations strings = Tanh Tanh, clip float, direction string =
      forward, hidden_size int, layout int = 0
    """
}
