extension PublishedSchemas {
  /// ONNX's family `reduction`; the form is told at `PublishedSchemas`.
  static let reduction = """
    ArgMax 1 | data T | reduced int64 | T @numbers | axis int = 0, keepdims int = 1
    ArgMax 11 | data T | reduced int64 | T @numbers | axis int = 0, keepdims int = 1
    ArgMax 12 | data T | reduced int64 | T @numbers | axis int = 0, keepdims int = 1, select_last_index int = 0
    ArgMax 13 | data T | reduced int64 | T @numbers bfloat16 | axis int = 0, keepdims int = 1, select_last_index int =
      0
    ArgMin 1 | data T | reduced int64 | T @numbers | axis int = 0, keepdims int = 1
    ArgMin 11 | data T | reduced int64 | T @numbers | axis int = 0, keepdims int = 1
    ArgMin 12 | data T | reduced int64 | T @numbers | axis int = 0, keepdims int = 1, select_last_index int = 0
    ArgMin 13 | data T | reduced int64 | T @numbers bfloat16 | axis int = 0, keepdims int = 1, select_last_index int =
      0
    ReduceL1 1 | data T | reduced T | T @floats uint32 uint64 int32 int64 | axes ints, keepdims int = 1
    ReduceL1 11 | data T | reduced T | T @floats uint32 uint64 int32 int64 | axes ints, keepdims int = 1
    ReduceL1 13 | data T | reduced T | T @floats uint32 uint64 int32 int64 bfloat16 | axes ints, keepdims int = 1
    ReduceL1 18 | data T, axes? int64 | reduced T | T @floats uint32 uint64 int32 int64 bfloat16 | keepdims int = 1,
      noop_with_empty_axes int = 0
    ReduceL2 1 | data T | reduced T | T @floats uint32 uint64 int32 int64 | axes ints, keepdims int = 1
    ReduceL2 11 | data T | reduced T | T @floats uint32 uint64 int32 int64 | axes ints, keepdims int = 1
    ReduceL2 13 | data T | reduced T | T @floats uint32 uint64 int32 int64 bfloat16 | axes ints, keepdims int = 1
    ReduceL2 18 | data T, axes? int64 | reduced T | T @floats uint32 uint64 int32 int64 bfloat16 | keepdims int = 1,
      noop_with_empty_axes int = 0
    ReduceLogSum 1 | data T | reduced T | T @floats uint32 uint64 int32 int64 | axes ints, keepdims int = 1
    ReduceLogSum 11 | data T | reduced T | T @floats uint32 uint64 int32 int64 | axes ints, keepdims int = 1
    ReduceLogSum 13 | data T | reduced T | T @floats uint32 uint64 int32 int64 bfloat16 | axes ints, keepdims int = 1
    ReduceLogSum 18 | data T, axes? int64 | reduced T | T @floats uint32 uint64 int32 int64 bfloat16 | keepdims int =
      1, noop_with_empty_axes int = 0
    ReduceLogSum 28 | data T, axes? int64 | reduced T | T @floats bfloat16 | keepdims int = 1, noop_with_empty_axes
      int = 0
    ReduceLogSumExp 1 | data T | reduced T | T @floats uint32 uint64 int32 int64 | axes ints, keepdims int = 1
    ReduceLogSumExp 11 | data T | reduced T | T @floats uint32 uint64 int32 int64 | axes ints, keepdims int = 1
    ReduceLogSumExp 13 | data T | reduced T | T @floats uint32 uint64 int32 int64 bfloat16 | axes ints, keepdims int =
      1
    ReduceLogSumExp 18 | data T, axes? int64 | reduced T | T @floats uint32 uint64 int32 int64 bfloat16 | keepdims int
      = 1, noop_with_empty_axes int = 0
    ReduceLogSumExp 28 | data T, axes? int64 | reduced T | T @floats bfloat16 | keepdims int = 1, noop_with_empty_axes
      int = 0
    ReduceMax 1 | data T | reduced T | T @floats uint32 uint64 int32 int64 | axes ints, keepdims int = 1
    ReduceMax 11 | data T | reduced T | T @floats uint32 uint64 int32 int64 | axes ints, keepdims int = 1
    ReduceMax 12 | data T | reduced T | T @floats uint8 uint32 uint64 int8 int32 int64 | axes ints, keepdims int = 1
    ReduceMax 13 | data T | reduced T | T @floats uint8 uint32 uint64 int8 int32 int64 bfloat16 | axes ints, keepdims
      int = 1
    ReduceMax 18 | data T, axes? int64 | reduced T | T @floats uint8 uint32 uint64 int8 int32 int64 bfloat16 |
      keepdims int = 1, noop_with_empty_axes int = 0
    ReduceMax 20 | data T, axes? int64 | reduced T | T @floats uint8 uint32 uint64 int8 int32 int64 bool bfloat16 |
      keepdims int = 1, noop_with_empty_axes int = 0
    ReduceMean 1 | data T | reduced T | T @floats uint32 uint64 int32 int64 | axes ints, keepdims int = 1
    ReduceMean 11 | data T | reduced T | T @floats uint32 uint64 int32 int64 | axes ints, keepdims int = 1
    ReduceMean 13 | data T | reduced T | T @floats uint32 uint64 int32 int64 bfloat16 | axes ints, keepdims int = 1
    ReduceMean 18 | data T, axes? int64 | reduced T | T @floats uint32 uint64 int32 int64 bfloat16 | keepdims int = 1,
      noop_with_empty_axes int = 0
    ReduceMin 1 | data T | reduced T | T @floats uint32 uint64 int32 int64 | axes ints, keepdims int = 1
    ReduceMin 11 | data T | reduced T | T @floats uint32 uint64 int32 int64 | axes ints, keepdims int = 1
    ReduceMin 12 | data T | reduced T | T @floats uint8 uint32 uint64 int8 int32 int64 | axes ints, keepdims int = 1
    ReduceMin 13 | data T | reduced T | T @floats uint8 uint32 uint64 int8 int32 int64 bfloat16 | axes ints, keepdims
      int = 1
    ReduceMin 18 | data T, axes? int64 | reduced T | T @floats uint8 uint32 uint64 int8 int32 int64 bfloat16 |
      keepdims int = 1, noop_with_empty_axes int = 0
    ReduceMin 20 | data T, axes? int64 | reduced T | T @floats uint8 uint32 uint64 int8 int32 int64 bool bfloat16 |
      keepdims int = 1, noop_with_empty_axes int = 0
    ReduceProd 1 | data T | reduced T | T @floats uint32 uint64 int32 int64 | axes ints, keepdims int = 1
    ReduceProd 11 | data T | reduced T | T @floats uint32 uint64 int32 int64 | axes ints, keepdims int = 1
    ReduceProd 13 | data T | reduced T | T @floats uint32 uint64 int32 int64 bfloat16 | axes ints, keepdims int = 1
    ReduceProd 18 | data T, axes? int64 | reduced T | T @floats uint32 uint64 int32 int64 bfloat16 | keepdims int = 1,
      noop_with_empty_axes int = 0
    ReduceSum 1 | data T | reduced T | T @floats uint32 uint64 int32 int64 | axes ints, keepdims int = 1
    ReduceSum 11 | data T | reduced T | T @floats uint32 uint64 int32 int64 | axes ints, keepdims int = 1
    ReduceSum 13 | data T, axes? int64 | reduced T | T @floats uint32 uint64 int32 int64 bfloat16 | keepdims int = 1,
      noop_with_empty_axes int = 0
    ReduceSumSquare 1 | data T | reduced T | T @floats uint32 uint64 int32 int64 | axes ints, keepdims int = 1
    ReduceSumSquare 11 | data T | reduced T | T @floats uint32 uint64 int32 int64 | axes ints, keepdims int = 1
    ReduceSumSquare 13 | data T | reduced T | T @floats uint32 uint64 int32 int64 bfloat16 | axes ints, keepdims int =
      1
    ReduceSumSquare 18 | data T, axes? int64 | reduced T | T @floats uint32 uint64 int32 int64 bfloat16 | keepdims int
      = 1, noop_with_empty_axes int = 0
    """
}
