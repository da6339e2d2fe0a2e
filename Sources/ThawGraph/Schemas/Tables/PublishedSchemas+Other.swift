extension PublishedSchemas {
  /// ONNX's families `image`, `object_detection`, `optional`, `sequence` and `text`; the form is told at `PublishedSchemas`.
  static let other = """
    ConcatFromSequence 11 | input_sequence S | concat_result T | S seq(@tensors), T @tensors | axis! int, new_axis int
      = 0
    ImageDecoder 20 | encoded_stream T1 | image T2 | T1 uint8, T2 uint8 | pixel_format string = RGB
    NonMaxSuppression 10 | boxes float, scores float, max_output_boxes_per_class? int64, iou_threshold? float,
      score_threshold? float | selected_indices int64 | | center_point_box int = 0
    NonMaxSuppression 11 | boxes float, scores float, max_output_boxes_per_class? int64, iou_threshold? float,
      score_threshold? float | selected_indices int64 | | center_point_box int = 0
    Optional 15 | input? V | output O | V @tensors seq(@tensors), O optional(@tensors seq(@tensors)) | type type_proto
    Optional 28 | input? V | output O | V @tensors @float8 bfloat16 uint4 int4 float4e2m1 float8e8m0 uint2 int2
      float6e2m3 float6e3m2 seq(@tensors @float8 bfloat16 uint4 int4 float4e2m1 float8e8m0 uint2 int2 float6e2m3
      float6e3m2), O optional(@tensors @float8 bfloat16 uint4 int4 float4e2m1 float8e8m0 uint2 int2 float6e2m3
      float6e3m2 seq(@tensors @float8 bfloat16 uint4 int4 float4e2m1 float8e8m0 uint2 int2 float6e2m3 float6e3m2)) |
      type type_proto
    OptionalGetElement 15 | input O | output V | O optional(@tensors seq(@tensors)), V @tensors seq(@tensors)
    OptionalGetElement 18 | input O | output V | O @tensors seq(@tensors) optional(@tensors seq(@tensors)), V @tensors
      seq(@tensors)
    OptionalGetElement 28 | input O | output V | O @tensors @float8 bfloat16 uint4 int4 float4e2m1 float8e8m0 uint2
      int2 float6e2m3 float6e3m2 seq(@tensors @float8 bfloat16 uint4 int4 float4e2m1 float8e8m0 uint2 int2 float6e2m3
      float6e3m2) optional(@tensors @float8 bfloat16 uint4 int4 float4e2m1 float8e8m0 uint2 int2 float6e2m3 float6e3m2
      seq(@tensors @float8 bfloat16 uint4 int4 float4e2m1 float8e8m0 uint2 int2 float6e2m3 float6e3m2)), V @tensors
      @float8 bfloat16 uint4 int4 float4e2m1 float8e8m0 uint2 int2 float6e2m3 float6e3m2 seq(@tensors @float8 bfloat16
      uint4 int4 float4e2m1 float8e8m0 uint2 int2 float6e2m3 float6e3m2)
    OptionalHasElement 15 | input O | output B | O optional(@tensors seq(@tensors)), B bool
    OptionalHasElement 18 | input? O | output B | O @tensors seq(@tensors) optional(@tensors seq(@tensors)), B bool
    OptionalHasElement 28 | input? O | output B | O @tensors @float8 bfloat16 uint4 int4 float4e2m1 float8e8m0 uint2
      int2 float6e2m3 float6e3m2 seq(@tensors @float8 bfloat16 uint4 int4 float4e2m1 float8e8m0 uint2 int2 float6e2m3
      float6e3m2) optional(@tensors @float8 bfloat16 uint4 int4 float4e2m1 float8e8m0 uint2 int2 float6e2m3 float6e3m2
      seq(@tensors @float8 bfloat16 uint4 int4 float4e2m1 float8e8m0 uint2 int2 float6e2m3 float6e3m2)), B bool
    RegexFullMatch 20 | X T1 | Y T2 | T1 string, T2 bool | pattern string
    RoiAlign 10 | X T1, rois T1, batch_indices T2 | Y T1 | T1 @floats, T2 int64 | mode string = avg, output_height int
      = 1, output_width int = 1, sampling_ratio int = 0, spatial_scale float = 1
    RoiAlign 16 | X T1, rois T1, batch_indices T2 | Y T1 | T1 @floats, T2 int64 | coordinate_transformation_mode
      string = half_pixel, mode string = avg, output_height int = 1, output_width int = 1, sampling_ratio int = 0,
      spatial_scale float = 1
    RoiAlign 22 | X T1, rois T1, batch_indices T2 | Y T1 | T1 @floats bfloat16, T2 int64 |
      coordinate_transformation_mode string = half_pixel, mode string = avg, output_height int = 1, output_width int =
      1, sampling_ratio int = 0, spatial_scale float = 1
    SequenceAt 11 | input_sequence S, position I | tensor T | S seq(@tensors), T @tensors, I int32 int64
    SequenceConstruct 11 | inputs*1 T | output_sequence S | T @tensors, S seq(@tensors)
    SequenceEmpty 11 | | output S | S seq(@tensors) | dtype int
    SequenceErase 11 | input_sequence S, position? I | output_sequence S | S seq(@tensors), I int32 int64
    SequenceInsert 11 | input_sequence S, tensor T, position? I | output_sequence S | T @tensors, S seq(@tensors), I
      int32 int64
    SequenceLength 11 | input_sequence S | length I | S seq(@tensors), I int64
    SequenceMap 17 | input_sequence S, additional_inputs~0 V | out_sequence~1 S | S seq(@tensors), V @tensors
      seq(@tensors) | body! graph
    SplitToSequence 11 | input T, split? I | output_sequence S | T @tensors, I int32 int64, S seq(@tensors) | axis int
      = 0, keepdims int = 1
    SplitToSequence 24 | input T, split? I | output_sequence S | T @tensors bfloat16, I int32 int64, S seq(@tensors
      bfloat16) | axis int = 0, keepdims int = 1
    StringConcat 20 | X T, Y T | Z T | T string
    StringNormalizer 10 | X string | Y string | | case_change_action string = NONE, is_case_sensitive int = 0, locale
      string, stopwords strings
    StringSplit 20 | X T1 | Y T2, Z T3 | T1 string, T2 string, T3 int64 | delimiter string, maxsplit int
    """
}
