extension PublishedSchemas {
  /// ONNX's family `tensor`; the form is told at `PublishedSchemas`.
  static let tensor = """
    AffineGrid 20 | theta T1, size T2 | grid T1 | T1 @floats bfloat16, T2 int64 | align_corners int = 0
    BitCast 26 | input T1 | output T2 | T1 @numbers @float8 bool complex64 complex128 bfloat16 uint4 int4 float4e2m1
      float8e8m0 uint2 int2, T2 @numbers @float8 bool complex64 complex128 bfloat16 uint4 int4 float4e2m1 float8e8m0
      uint2 int2 | to! int
    Cast 1 | input T1 | output T2 | T1 @numbers bool, T2 @numbers bool | to! string
    Cast 6 | input T1 | output T2 | T1 @numbers bool, T2 @numbers bool | to! int
    Cast 9 | input T1 | output T2 | T1 @numbers bool string, T2 @numbers bool string | to! int
    Cast 13 | input T1 | output T2 | T1 @numbers bool string bfloat16, T2 @numbers bool string bfloat16 | to! int
    Cast 19 | input T1 | output T2 | T1 @numbers @float8 bool string bfloat16, T2 @numbers @float8 bool string
      bfloat16 | saturate int = 1, to! int
    Cast 21 | input T1 | output T2 | T1 @numbers @float8 bool string bfloat16 uint4 int4, T2 @numbers @float8 bool
      string bfloat16 uint4 int4 | saturate int = 1, to! int
    Cast 23 | input T1 | output T2 | T1 @numbers @float8 bool string bfloat16 uint4 int4 float4e2m1, T2 @numbers
      @float8 bool string bfloat16 uint4 int4 float4e2m1 | saturate int = 1, to! int
    Cast 24 | input T1 | output T2 | T1 @numbers @float8 bool string bfloat16 uint4 int4 float4e2m1 float8e8m0, T2
      @numbers @float8 bool string bfloat16 uint4 int4 float4e2m1 float8e8m0 | round_mode string = up, saturate int =
      1, to! int
    Cast 25 | input T1 | output T2 | T1 @numbers @float8 bool string bfloat16 uint4 int4 float4e2m1 float8e8m0 uint2
      int2, T2 @numbers @float8 bool string bfloat16 uint4 int4 float4e2m1 float8e8m0 uint2 int2 | round_mode string =
      up, saturate int = 1, to! int
    Cast 28 | input T1 | output T2 | T1 @numbers @float8 bool string bfloat16 uint4 int4 float4e2m1 float8e8m0 uint2
      int2 float6e2m3 float6e3m2, T2 @numbers @float8 bool string bfloat16 uint4 int4 float4e2m1 float8e8m0 uint2 int2
      float6e2m3 float6e3m2 | round_mode string = up, saturate int = 1, to! int
    CastLike 15 | input T1, target_type T2 | output T2 | T1 @numbers bool string bfloat16, T2 @numbers bool string
      bfloat16
    CastLike 19 | input T1, target_type T2 | output T2 | T1 @numbers @float8 bool string bfloat16, T2 @numbers @float8
      bool string bfloat16 | saturate int = 1
    CastLike 21 | input T1, target_type T2 | output T2 | T1 @numbers @float8 bool string bfloat16 uint4 int4, T2
      @numbers @float8 bool string bfloat16 uint4 int4 | saturate int = 1
    CastLike 23 | input T1, target_type T2 | output T2 | T1 @numbers @float8 bool string bfloat16 uint4 int4
      float4e2m1, T2 @numbers @float8 bool string bfloat16 uint4 int4 float4e2m1 | saturate int = 1
    CastLike 24 | input T1, target_type T2 | output T2 | T1 @numbers @float8 bool string bfloat16 uint4 int4
      float4e2m1 float8e8m0, T2 @numbers @float8 bool string bfloat16 uint4 int4 float4e2m1 float8e8m0 | round_mode
      string = up, saturate int = 1
    CastLike 25 | input T1, target_type T2 | output T2 | T1 @numbers @float8 bool string bfloat16 uint4 int4
      float4e2m1 float8e8m0 uint2 int2, T2 @numbers @float8 bool string bfloat16 uint4 int4 float4e2m1 float8e8m0
      uint2 int2 | round_mode string = up, saturate int = 1
    CenterCropPad 18 | input_data T, shape Tind | output_data T | T @tensors bfloat16, Tind int32 int64 | axes ints
    Compress 9 | input T, condition T1 | output T | T @tensors, T1 bool | axis int
    Compress 11 | input T, condition T1 | output T | T @tensors, T1 bool | axis int
    Compress 28 | input T, condition T1 | output T | T @tensors bfloat16, T1 bool | axis int
    Concat 1 | inputs*1 T | concat_result T | T @floats | axis int
    Concat 4 | inputs*1 T | concat_result T | T @tensors | axis! int
    Concat 11 | inputs*1 T | concat_result T | T @tensors | axis! int
    Concat 13 | inputs*1 T | concat_result T | T @tensors bfloat16 | axis! int
    DepthToSpace 1 | input T | output T | T @tensors | blocksize! int
    DepthToSpace 11 | input T | output T | T @tensors | blocksize! int, mode string = DCR
    DepthToSpace 13 | input T | output T | T @tensors bfloat16 | blocksize! int, mode string = DCR
    DepthToSpace 28 | input T | output T | T @tensors bfloat16 | blocksize! int, mode string = DCR
    Gather 1 | data T, indices Tind | output T | T @tensors, Tind int32 int64 | axis int = 0
    Gather 11 | data T, indices Tind | output T | T @tensors, Tind int32 int64 | axis int = 0
    Gather 13 | data T, indices Tind | output T | T @tensors bfloat16, Tind int32 int64 | axis int = 0
    GatherElements 11 | data T, indices Tind | output T | T @tensors, Tind int32 int64 | axis int = 0
    GatherElements 13 | data T, indices Tind | output T | T @tensors bfloat16, Tind int32 int64 | axis int = 0
    GatherND 11 | data T, indices int64 | output T | T @tensors
    GatherND 12 | data T, indices int64 | output T | T @tensors | batch_dims int = 0
    GatherND 13 | data T, indices int64 | output T | T @tensors bfloat16 | batch_dims int = 0
    GridSample 16 | X T1, grid T2 | Y T1 | T1 @tensors, T2 @floats | align_corners int = 0, mode string = bilinear,
      padding_mode string = zeros
    GridSample 20 | X T1, grid T2 | Y T1 | T1 @tensors, T2 @floats | align_corners int = 0, mode string = linear,
      padding_mode string = zeros
    GridSample 22 | X T1, grid T2 | Y T1 | T1 @tensors bfloat16, T2 @floats bfloat16 | align_corners int = 0, mode
      string = linear, padding_mode string = zeros
    Identity 1 | input T | output T | T @tensors
    Identity 13 | input T | output T | T @tensors bfloat16
    Identity 14 | input V | output V | V @tensors bfloat16 seq(@tensors)
    Identity 16 | input V | output V | V @tensors bfloat16 seq(@tensors) optional(@tensors seq(@tensors))
    Identity 19 | input V | output V | V @tensors @float8 bfloat16 seq(@tensors) optional(@tensors seq(@tensors))
    Identity 21 | input V | output V | V @tensors @float8 bfloat16 uint4 int4 seq(@tensors) optional(@tensors
      seq(@tensors))
    Identity 23 | input V | output V | V @tensors @float8 bfloat16 uint4 int4 float4e2m1 seq(@tensors)
      optional(@tensors seq(@tensors))
    Identity 24 | input V | output V | V @tensors @float8 bfloat16 uint4 int4 float4e2m1 float8e8m0 seq(@tensors)
      optional(@tensors seq(@tensors))
    Identity 25 | input V | output V | V @tensors @float8 bfloat16 uint4 int4 float4e2m1 float8e8m0 uint2 int2
      seq(@tensors) optional(@tensors seq(@tensors))
    IsInf 10 | X T1 | Y T2 | T1 float double, T2 bool | detect_negative int = 1, detect_positive int = 1
    IsInf 20 | X T1 | Y T2 | T1 @floats @float8 bfloat16, T2 bool | detect_negative int = 1, detect_positive int = 1
    IsNaN 9 | X T1 | Y T2 | T1 @floats, T2 bool
    IsNaN 13 | X T1 | Y T2 | T1 @floats bfloat16, T2 bool
    IsNaN 20 | X T1 | Y T2 | T1 @floats @float8 bfloat16, T2 bool
    NonZero 9 | X T | Y int64 | T @tensors
    NonZero 13 | X T | Y int64 | T @tensors bfloat16
    OneHot 9 | indices T1, depth T2, values T3 | output T3 | T1 @numbers, T2 @numbers, T3 @tensors | axis int = -1
    OneHot 11 | indices T1, depth T2, values T3 | output T3 | T1 @numbers, T2 @numbers, T3 @tensors | axis int = -1
    OneHot 28 | indices T1, depth T2, values T3 | output T3 | T1 @numbers, T2 @numbers, T3 @tensors bfloat16 | axis
      int = -1
    Pad 1 | data T | output T | T @floats | mode string = constant, paddings! ints, value float = 0
    Pad 2 | data T | output T | T @floats | mode string = constant, pads! ints, value float = 0
    Pad 11 | data T, pads int64, constant_value? T | output T | T @numbers | mode string = constant
    Pad 13 | data T, pads int64, constant_value? T | output T | T @tensors bfloat16 | mode string = constant
    Pad 18 | data T, pads int64, constant_value? T, axes? Tind | output T | T @tensors bfloat16, Tind int32 int64 |
      mode string = constant
    Pad 19 | data T, pads int64, constant_value? T, axes? Tind | output T | T @tensors bfloat16, Tind int32 int64 |
      mode string = constant
    Pad 21 | data T, pads int64, constant_value? T, axes? Tind | output T | T @tensors @float8 bfloat16 uint4 int4,
      Tind int32 int64 | mode string = constant
    Pad 23 | data T, pads int64, constant_value? T, axes? Tind | output T | T @tensors @float8 bfloat16 uint4 int4
      float4e2m1, Tind int32 int64 | mode string = constant
    Pad 24 | data T, pads int64, constant_value? T, axes? Tind | output T | T @tensors @float8 bfloat16 uint4 int4
      float4e2m1 float8e8m0, Tind int32 int64 | mode string = constant
    Pad 25 | data T, pads int64, constant_value? T, axes? Tind | output T | T @tensors @float8 bfloat16 uint4 int4
      float4e2m1 float8e8m0 uint2 int2, Tind int32 int64 | mode string = constant
    Reshape 1 | data T | reshaped T | T @floats | consumed_inputs ints, shape ints
    Reshape 5 | data T, shape int64 | reshaped T | T @tensors
    Reshape 13 | data T, shape int64 | reshaped T | T @tensors bfloat16
    Reshape 14 | data T, shape int64 | reshaped T | T @tensors bfloat16 | allowzero int = 0
    Reshape 19 | data T, shape int64 | reshaped T | T @tensors @float8 bfloat16 | allowzero int = 0
    Reshape 21 | data T, shape int64 | reshaped T | T @tensors @float8 bfloat16 uint4 int4 | allowzero int = 0
    Reshape 23 | data T, shape int64 | reshaped T | T @tensors @float8 bfloat16 uint4 int4 float4e2m1 | allowzero int
      = 0
    Reshape 24 | data T, shape int64 | reshaped T | T @tensors @float8 bfloat16 uint4 int4 float4e2m1 float8e8m0 |
      allowzero int = 0
    Reshape 25 | data T, shape int64 | reshaped T | T @tensors @float8 bfloat16 uint4 int4 float4e2m1 float8e8m0 uint2
      int2 | allowzero int = 0
    Resize 10 | X T, scales float | Y T | T @tensors | mode string = nearest
    Resize 11 | X T1, roi T2, scales float, sizes? int64 | Y T1 | T1 @tensors, T2 @floats |
      coordinate_transformation_mode string = half_pixel, cubic_coeff_a float = -0.75, exclude_outside int = 0,
      extrapolation_value float = 0, mode string = nearest, nearest_mode string = round_prefer_floor
    Resize 13 | X T1, roi? T2, scales? float, sizes? int64 | Y T1 | T1 @tensors bfloat16, T2 @floats |
      coordinate_transformation_mode string = half_pixel, cubic_coeff_a float = -0.75, exclude_outside int = 0,
      extrapolation_value float = 0, mode string = nearest, nearest_mode string = round_prefer_floor
    Resize 18 | X T1, roi? T2, scales? float, sizes? int64 | Y T1 | T1 @tensors bfloat16, T2 @floats | antialias int =
      0, axes ints, coordinate_transformation_mode string = half_pixel, cubic_coeff_a float = -0.75, exclude_outside
      int = 0, extrapolation_value float = 0, keep_aspect_ratio_policy string = stretch, mode string = nearest,
      nearest_mode string = round_prefer_floor
    Resize 19 | X T1, roi? T2, scales? float, sizes? int64 | Y T1 | T1 @tensors bfloat16, T2 @floats | antialias int =
      0, axes ints, coordinate_transformation_mode string = half_pixel, cubic_coeff_a float = -0.75, exclude_outside
      int = 0, extrapolation_value float = 0, keep_aspect_ratio_policy string = stretch, mode string = nearest,
      nearest_mode string = round_prefer_floor
    ReverseSequence 10 | input T, sequence_lens int64 | Y T | T @tensors | batch_axis int = 1, time_axis int = 0
    ReverseSequence 28 | input T, sequence_lens int64 | Y T | T @tensors bfloat16 | batch_axis int = 1, time_axis int
      = 0
    Scatter 9 | data T, indices Tind, updates T | output T | T @tensors, Tind int32 int64 | axis int = 0
    Scatter 11 deprecated | data T, indices Tind, updates T | output T | T @tensors, Tind int32 int64 | axis int = 0
    ScatterElements 11 | data T, indices Tind, updates T | output T | T @tensors, Tind int32 int64 | axis int = 0
    ScatterElements 13 | data T, indices Tind, updates T | output T | T @tensors bfloat16, Tind int32 int64 | axis int
      = 0
    ScatterElements 16 | data T, indices Tind, updates T | output T | T @tensors bfloat16, Tind int32 int64 | axis int
      = 0, reduction string = none
    ScatterElements 18 | data T, indices Tind, updates T | output T | T @tensors bfloat16, Tind int32 int64 | axis int
      = 0, reduction string = none
    ScatterND 11 | data T, indices int64, updates T | output T | T @tensors
    ScatterND 13 | data T, indices int64, updates T | output T | T @tensors bfloat16
    ScatterND 16 | data T, indices int64, updates T | output T | T @tensors bfloat16 | reduction string = none
    ScatterND 18 | data T, indices int64, updates T | output T | T @tensors bfloat16 | reduction string = none
    Shape 1 | data T | shape T1 | T @tensors, T1 int64
    Shape 13 | data T | shape T1 | T @tensors bfloat16, T1 int64
    Shape 15 | data T | shape T1 | T @tensors bfloat16, T1 int64 | end int, start int = 0
    Shape 19 | data T | shape T1 | T @tensors @float8 bfloat16, T1 int64 | end int, start int = 0
    Shape 21 | data T | shape T1 | T @tensors @float8 bfloat16 uint4 int4, T1 int64 | end int, start int = 0
    Shape 23 | data T | shape T1 | T @tensors @float8 bfloat16 uint4 int4 float4e2m1, T1 int64 | end int, start int =
      0
    Shape 24 | data T | shape T1 | T @tensors @float8 bfloat16 uint4 int4 float4e2m1 float8e8m0, T1 int64 | end int,
      start int = 0
    Shape 25 | data T | shape T1 | T @tensors @float8 bfloat16 uint4 int4 float4e2m1 float8e8m0 uint2 int2, T1 int64 |
      end int, start int = 0
    Size 1 | data T | size T1 | T @tensors, T1 int64
    Size 13 | data T | size T1 | T @tensors bfloat16, T1 int64
    Size 19 | data T | size T1 | T @tensors @float8 bfloat16, T1 int64
    Size 21 | data T | size T1 | T @tensors @float8 bfloat16 uint4 int4, T1 int64
    Size 23 | data T | size T1 | T @tensors @float8 bfloat16 uint4 int4 float4e2m1, T1 int64
    Size 24 | data T | size T1 | T @tensors @float8 bfloat16 uint4 int4 float4e2m1 float8e8m0, T1 int64
    Size 25 | data T | size T1 | T @tensors @float8 bfloat16 uint4 int4 float4e2m1 float8e8m0 uint2 int2, T1 int64
    Slice 1 | data T | output T | T @tensors | axes ints, ends! ints, starts! ints
    Slice 10 | data T, starts Tind, ends Tind, axes? Tind, steps? Tind | output T | T @tensors, Tind int32 int64
    Slice 11 | data T, starts Tind, ends Tind, axes? Tind, steps? Tind | output T | T @tensors, Tind int32 int64
    Slice 13 | data T, starts Tind, ends Tind, axes? Tind, steps? Tind | output T | T @tensors bfloat16, Tind int32
      int64
    SpaceToDepth 1 | input T | output T | T @tensors | blocksize! int
    SpaceToDepth 13 | input T | output T | T @tensors bfloat16 | blocksize! int
    SpaceToDepth 28 | input T | output T | T @tensors bfloat16 | blocksize! int, mode string = DCR
    Split 1 | input T, split? T | outputs...*1 T | T @floats | axis int, split ints
    Split 2 | input T | outputs*1 T | T @tensors | axis int = 0, split ints
    Split 11 | input T | outputs*1 T | T @tensors | axis int = 0, split ints
    Split 13 | input T, split? int64 | outputs*1 T | T @tensors bfloat16 | axis int = 0
    Split 18 | input T, split? int64 | outputs*1 T | T @tensors bfloat16 | axis int = 0, num_outputs int
    Squeeze 1 | data T | squeezed T | T @tensors | axes ints
    Squeeze 11 | data T | squeezed T | T @tensors | axes ints
    Squeeze 13 | data T, axes? int64 | squeezed T | T @tensors bfloat16
    Squeeze 21 | data T, axes? int64 | squeezed T | T @tensors @float8 bfloat16 uint4 int4
    Squeeze 23 | data T, axes? int64 | squeezed T | T @tensors @float8 bfloat16 uint4 int4 float4e2m1
    Squeeze 24 | data T, axes? int64 | squeezed T | T @tensors @float8 bfloat16 uint4 int4 float4e2m1 float8e8m0
    Squeeze 25 | data T, axes? int64 | squeezed T | T @tensors @float8 bfloat16 uint4 int4 float4e2m1 float8e8m0 uint2
      int2
    TensorScatter 24 | past_cache T, update T, write_indices? int64 | present_cache T | T @tensors @float8 bfloat16
      uint4 int4 float4e2m1 float8e8m0 | axis int = -2, mode string = linear
    Tile 1 | input T, tiles T, axis T | output T | T @floats, T1 int64
    Tile 6 | input T, repeats T1 | output T | T @tensors, T1 int64
    Tile 13 | input T, repeats T1 | output T | T @tensors bfloat16, T1 int64
    Transpose 1 | data T | transposed T | T @tensors | perm ints
    Transpose 13 | data T | transposed T | T @tensors bfloat16 | perm ints
    Transpose 21 | data T | transposed T | T @tensors @float8 bfloat16 uint4 int4 | perm ints
    Transpose 23 | data T | transposed T | T @tensors @float8 bfloat16 uint4 int4 float4e2m1 | perm ints
    Transpose 24 | data T | transposed T | T @tensors @float8 bfloat16 uint4 int4 float4e2m1 float8e8m0 | perm ints
    Transpose 25 | data T | transposed T | T @tensors @float8 bfloat16 uint4 int4 float4e2m1 float8e8m0 uint2 int2 |
      perm ints
    Trilu 14 | input T, k? int64 | output T | T @tensors bfloat16 | upper int = 1
    Unique 11 | X T | Y T, indices? int64, inverse_indices? int64, counts? int64 | T @tensors | axis int, sorted int =
      1
    Unique 28 | X T | Y T, indices? int64, inverse_indices? int64, counts? int64 | T @tensors bfloat16 | axis int,
      sorted int = 1
    Unsqueeze 1 | data T | expanded T | T @tensors | axes! ints
    Unsqueeze 11 | data T | expanded T | T @tensors | axes! ints
    Unsqueeze 13 | data T, axes int64 | expanded T | T @tensors bfloat16
    Unsqueeze 21 | data T, axes int64 | expanded T | T @tensors @float8 bfloat16 uint4 int4
    Unsqueeze 23 | data T, axes int64 | expanded T | T @tensors @float8 bfloat16 uint4 int4 float4e2m1
    Unsqueeze 24 | data T, axes int64 | expanded T | T @tensors @float8 bfloat16 uint4 int4 float4e2m1 float8e8m0
    Unsqueeze 25 | data T, axes int64 | expanded T | T @tensors @float8 bfloat16 uint4 int4 float4e2m1 float8e8m0
      uint2 int2
    Upsample 1 | X T | Y T | T @floats int32 int64 bool | height_scale! float, mode string = nearest, width_scale!
      float
    Upsample 7 | X T | Y T | T @tensors | mode string = nearest, scales! floats
    Upsample 9 | X T, scales float | Y T | T @tensors | mode string = nearest
    Upsample 10 deprecated | X T, scales float | Y T | T @tensors | mode string = nearest
    Where 9 | condition B, X T, Y T | output T | B bool, T @tensors
    Where 16 | condition B, X T, Y T | output T | B bool, T @tensors bfloat16
    """
}
