extension PublishedSchemas {
  /// ONNX's family `nn`; the form is told at `PublishedSchemas`.
  static let nn = """
    Attention 23 | Q T1, K T1, V T2, attn_mask? U, past_key? T1, past_value? T2 | Y T1, present_key? T1,
      present_value? T2, qk_matmul_output? T1 | T1 @floats bfloat16, T2 @floats bfloat16, U @numbers bool bfloat16 |
      is_causal int = 0, kv_num_heads int, q_num_heads int, qk_matmul_output_mode int = 0, scale float, softcap float
      = 0, softmax_precision int
    Attention 24 | Q T1, K T1, V T2, attn_mask? U, past_key? T1, past_value? T2, nonpad_kv_seqlen? int64 | Y T1,
      present_key? T1, present_value? T2, qk_matmul_output? T1 | T1 @floats bfloat16, T2 @floats bfloat16, U @numbers
      bool bfloat16 | is_causal int = 0, kv_num_heads int, q_num_heads int, qk_matmul_output_mode int = 0, scale
      float, softcap float = 0, softmax_precision int
    Attention 25 | Q T1, K T1, V T2, attn_mask? U, past_key? T1, past_value? T2, nonpad_kv_seqlen? int64 | Y T1,
      present_key? T1, present_value? T2, qk_matmul_output? T1 | T1 @floats bfloat16, T2 @floats bfloat16, U @numbers
      bool bfloat16 | is_causal int = 0, kv_num_heads int, left_window_size int = -1, q_num_heads int,
      qk_matmul_output_mode int = 0, right_window_size int = -1, scale float, softcap float = 0, softmax_precision int
    AveragePool 1 | X T | Y T | T @floats | auto_pad string = NOTSET, kernel_shape! ints, pads ints, strides ints
    AveragePool 7 | X T | Y T | T @floats | auto_pad string = NOTSET, count_include_pad int = 0, kernel_shape! ints,
      pads ints, strides ints
    AveragePool 10 | X T | Y T | T @floats | auto_pad string = NOTSET, ceil_mode int = 0, count_include_pad int = 0,
      kernel_shape! ints, pads ints, strides ints
    AveragePool 11 | X T | Y T | T @floats | auto_pad string = NOTSET, ceil_mode int = 0, count_include_pad int = 0,
      kernel_shape! ints, pads ints, strides ints
    AveragePool 19 | X T | Y T | T @floats | auto_pad string = NOTSET, ceil_mode int = 0, count_include_pad int = 0,
      dilations ints, kernel_shape! ints, pads ints, strides ints
    AveragePool 22 | X T | Y T | T @floats bfloat16 | auto_pad string = NOTSET, ceil_mode int = 0, count_include_pad
      int = 0, dilations ints, kernel_shape! ints, pads ints, strides ints
    BatchNormalization 1 outputs 1 5 | X T, scale T, B T, mean T, var T | Y T, mean? T, var? T, saved_mean? T,
      saved_var? T | T @floats | consumed_inputs! ints, epsilon float = 1e-05, is_test int = 0, momentum float = 0.9,
      spatial int = 1
    BatchNormalization 6 outputs 1 5 | X T, scale T, B T, mean T, var T | Y T, mean? T, var? T, saved_mean? T,
      saved_var? T | T @floats | epsilon float = 1e-05, is_test int = 0, momentum float = 0.9, spatial int = 1
    BatchNormalization 7 outputs 1 5 | X T, scale T, B T, mean T, var T | Y T, mean? T, var? T, saved_mean? T,
      saved_var? T | T @floats | epsilon float = 1e-05, momentum float = 0.9, spatial int = 1
    BatchNormalization 9 outputs 1 5 | X T, scale T, B T, mean T, var T | Y T, mean? T, var? T, saved_mean? T,
      saved_var? T | T @floats | epsilon float = 1e-05, momentum float = 0.9
    BatchNormalization 14 outputs 1 3 | X T, scale T, B T, input_mean U, input_var U | Y T, running_mean? U,
      running_var? U | T @floats bfloat16, U @floats bfloat16 | epsilon float = 1e-05, momentum float = 0.9,
      training_mode int = 0
    BatchNormalization 15 outputs 1 3 | X T, scale T1, B T1, input_mean T2, input_var T2 | Y T, running_mean? T2,
      running_var? T2 | T @floats bfloat16, T1 @floats bfloat16, T2 @floats bfloat16 | epsilon float = 1e-05, momentum
      float = 0.9, training_mode int = 0
    CausalConvWithState 27 | input T, weight T, bias? T, past_state? T | output T, present_state T | T float16 float
      bfloat16 | activation string = none
    Col2Im 18 | input T, image_shape int64, block_shape int64 | output T | T @tensors bfloat16 | dilations ints, pads
      ints, strides ints
    Conv 1 | X T, W T, B? T | Y T | T @floats | auto_pad string = NOTSET, dilations ints, group int = 1, kernel_shape
      ints, pads ints, strides ints
    Conv 11 | X T, W T, B? T | Y T | T @floats | auto_pad string = NOTSET, dilations ints, group int = 1, kernel_shape
      ints, pads ints, strides ints
    Conv 22 | X T, W T, B? T | Y T | T @floats bfloat16 | auto_pad string = NOTSET, dilations ints, group int = 1,
      kernel_shape ints, pads ints, strides ints
    ConvInteger 10 | x T1, w T2, x_zero_point? T1, w_zero_point? T2 | y T3 | T1 uint8 int8, T2 uint8 int8, T3 int32 |
      auto_pad string = NOTSET, dilations ints, group int = 1, kernel_shape ints, pads ints, strides ints
    ConvTranspose 1 | X T, W T, B? T | Y T | T @floats | auto_pad string = NOTSET, dilations ints, group int = 1,
      kernel_shape ints, output_padding ints, output_shape ints, pads ints, strides ints
    ConvTranspose 11 | X T, W T, B? T | Y T | T @floats | auto_pad string = NOTSET, dilations ints, group int = 1,
      kernel_shape ints, output_padding ints, output_shape ints, pads ints, strides ints
    ConvTranspose 22 | X T, W T, B? T | Y T | T @floats bfloat16 | auto_pad string = NOTSET, dilations ints, group int
      = 1, kernel_shape ints, output_padding ints, output_shape ints, pads ints, strides ints
    DeformConv 19 | X T, W T, offset T, B? T, mask? T | Y T | T @floats | dilations ints, group int = 1, kernel_shape
      ints, offset_group int = 1, pads ints, strides ints
    DeformConv 22 | X T, W T, offset T, B? T, mask? T | Y T | T @floats bfloat16 | dilations ints, group int = 1,
      kernel_shape ints, offset_group int = 1, pads ints, strides ints
    Dropout 1 | data T | output T, mask? T | T @floats | consumed_inputs ints, is_test int = 0, ratio float = 0.5
    Dropout 6 | data T | output T, mask? T | T @floats | is_test int = 0, ratio float = 0.5
    Dropout 7 | data T | output T, mask? T | T @floats | ratio float = 0.5
    Dropout 10 | data T | output T, mask? T1 | T @floats, T1 bool | ratio float = 0.5
    Dropout 12 | data T, ratio? T1, training_mode? T2 | output T, mask? T2 | T @floats, T1 @floats, T2 bool | seed int
    Dropout 13 | data T, ratio? T1, training_mode? T2 | output T, mask? T2 | T @floats bfloat16, T1 @floats, T2 bool |
      seed int
    Dropout 22 | data T, ratio? T1, training_mode? T2 | output T, mask? T2 | T @floats @float8 bfloat16, T1 @floats
      @float8 bfloat16, T2 bool | seed int
    Flatten 1 | input T | output T | T @floats | axis int = 1
    Flatten 9 | input T | output T | T @tensors | axis int = 1
    Flatten 11 | input T | output T | T @tensors | axis int = 1
    Flatten 13 | input T | output T | T @tensors bfloat16 | axis int = 1
    Flatten 21 | input T | output T | T @tensors @float8 bfloat16 uint4 int4 | axis int = 1
    Flatten 23 | input T | output T | T @tensors @float8 bfloat16 uint4 int4 float4e2m1 | axis int = 1
    Flatten 24 | input T | output T | T @tensors @float8 bfloat16 uint4 int4 float4e2m1 float8e8m0 | axis int = 1
    Flatten 25 | input T | output T | T @tensors @float8 bfloat16 uint4 int4 float4e2m1 float8e8m0 uint2 int2 | axis
      int = 1
    GlobalAveragePool 1 | X T | Y T | T @floats
    GlobalAveragePool 22 | X T | Y T | T @floats bfloat16
    GlobalLpPool 1 | X T | Y T | T @floats | p float = 2
    GlobalLpPool 2 | X T | Y T | T @floats | p int = 2
    GlobalLpPool 22 | X T | Y T | T @floats bfloat16 | p int = 2
    GlobalMaxPool 1 | X T | Y T | T @floats
    GlobalMaxPool 22 | X T | Y T | T @floats bfloat16
    GroupNormalization 18 deprecated | X T, scale T, bias T | Y T | T @floats bfloat16 | epsilon float = 1e-05,
      num_groups! int
    GroupNormalization 21 | X T, scale T, bias T | Y T | T @floats bfloat16 | epsilon float = 1e-05, num_groups! int,
      stash_type int = 1
    InstanceNormalization 1 | input T, scale T, B T | output T | T @floats | consumed_inputs ints, epsilon float =
      1e-05
    InstanceNormalization 6 | input T, scale T, B T | output T | T @floats | epsilon float = 1e-05
    InstanceNormalization 22 | input T, scale T, B T | output T | T @floats bfloat16 | epsilon float = 1e-05
    LayerNormalization 17 open | X T, Scale T, B? T | Y T, Mean? U, InvStdDev? U | T @floats bfloat16, U float
      bfloat16 | axis int = -1, epsilon float = 1e-05, stash_type int = 1
    LinearAttention 27 | query T, key T, value T, past_state? S, decay? T, beta? T | output T, present_state S | T
      float16 float bfloat16, S float16 float bfloat16 | chunk_size int = 64, kv_num_heads! int, q_num_heads! int,
      scale float = 0, update_rule string = gated_delta
    LpNormalization 1 | input T | output T | T @floats | axis int = -1, p int = 2
    LpNormalization 22 | input T | output T | T @floats bfloat16 | axis int = -1, p int = 2
    LpPool 1 | X T | Y T | T @floats | auto_pad string = NOTSET, kernel_shape ints, p float = 2, pads ints, strides
      ints
    LpPool 2 | X T | Y T | T @floats | auto_pad string = NOTSET, kernel_shape! ints, p int = 2, pads ints, strides
      ints
    LpPool 11 | X T | Y T | T @floats | auto_pad string = NOTSET, kernel_shape! ints, p int = 2, pads ints, strides
      ints
    LpPool 18 | X T | Y T | T @floats | auto_pad string = NOTSET, ceil_mode int = 0, dilations ints, kernel_shape!
      ints, p int = 2, pads ints, strides ints
    LpPool 22 | X T | Y T | T @floats bfloat16 | auto_pad string = NOTSET, ceil_mode int = 0, dilations ints,
      kernel_shape! ints, p int = 2, pads ints, strides ints
    LRN 1 | X T | Y T | T @floats | alpha float = 1e-04, beta float = 0.75, bias float = 1, size! int
    LRN 13 | X T | Y T | T @floats bfloat16 | alpha float = 1e-04, beta float = 0.75, bias float = 1, size! int
    MaxPool 1 | X T | Y T | T @floats | auto_pad string = NOTSET, kernel_shape! ints, pads ints, strides ints
    MaxPool 8 | X T | Y T, Indices? I | T @floats, I int64 | auto_pad string = NOTSET, kernel_shape! ints, pads ints,
      storage_order int = 0, strides ints
    MaxPool 10 | X T | Y T, Indices? I | T @floats, I int64 | auto_pad string = NOTSET, ceil_mode int = 0, dilations
      ints, kernel_shape! ints, pads ints, storage_order int = 0, strides ints
    MaxPool 11 | X T | Y T, Indices? I | T @floats, I int64 | auto_pad string = NOTSET, ceil_mode int = 0, dilations
      ints, kernel_shape! ints, pads ints, storage_order int = 0, strides ints
    MaxPool 12 | X T | Y T, Indices? I | T @floats uint8 int8, I int64 | auto_pad string = NOTSET, ceil_mode int = 0,
      dilations ints, kernel_shape! ints, pads ints, storage_order int = 0, strides ints
    MaxPool 22 | X T | Y T, Indices? I | T @floats uint8 int8 bfloat16, I int64 | auto_pad string = NOTSET, ceil_mode
      int = 0, dilations ints, kernel_shape! ints, pads ints, storage_order int = 0, strides ints
    MaxRoiPool 1 | X T, rois T | Y T | T @floats | pooled_shape! ints, spatial_scale float = 1
    MaxRoiPool 22 | X T, rois T | Y T | T @floats bfloat16 | pooled_shape! ints, spatial_scale float = 1
    MaxUnpool 9 | X T1, I T2, output_shape? T2 | output T1 | T1 @floats, T2 int64 | kernel_shape! ints, pads ints,
      strides ints
    MaxUnpool 11 | X T1, I T2, output_shape? T2 | output T1 | T1 @floats, T2 int64 | kernel_shape! ints, pads ints,
      strides ints
    MaxUnpool 22 | X T1, I T2, output_shape? T2 | output T1 | T1 @floats bfloat16, T2 int64 | kernel_shape! ints, pads
      ints, strides ints
    MeanVarianceNormalization 9 | X T | Y T | T @floats | axes ints = 0 2 3
    MeanVarianceNormalization 13 | X T | Y T | T @floats bfloat16 | axes ints = 0 2 3
    QLinearConv 10 | x T1, x_scale float, x_zero_point T1, w T2, w_scale float, w_zero_point T2, y_scale float,
      y_zero_point T3, B? T4 | y T3 | T1 uint8 int8, T2 uint8 int8, T3 uint8 int8, T4 int32 | auto_pad string =
      NOTSET, dilations ints, group int = 1, kernel_shape ints, pads ints, strides ints
    RMSNormalization 23 | X T, scale V | Y V | T @floats bfloat16, V @floats bfloat16 | axis int = -1, epsilon float =
      1e-05, stash_type int = 1
    RotaryEmbedding 23 | X T, cos_cache T, sin_cache T, position_ids? M | Y T | T float16 float bfloat16, M int64 |
      interleaved int = 0, num_heads int, rotary_embedding_dim int = 0
    Shrink 9 | input T | output T | T @numbers | bias float = 0, lambd float = 0.5
    TfIdfVectorizer 9 | X T | Y T1 | T int32 int64 string, T1 float | max_gram_length! int, max_skip_count! int,
      min_gram_length! int, mode! string, ngram_counts! ints, ngram_indexes! ints, pool_int64s ints, pool_strings
      strings, weights floats
    """
}
