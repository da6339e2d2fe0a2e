extension PublishedSchemas {
  /// ONNX's family `generator`; the form is told at `PublishedSchemas`.
  static let generator = """
    Bernoulli 15 | input T1 | output T2 | T1 @floats, T2 @numbers bool bfloat16 | dtype int, seed float
    Bernoulli 22 | input T1 | output T2 | T1 @floats bfloat16, T2 @numbers bool bfloat16 | dtype int, seed float
    Constant 1 | | output T | T @floats | value! tensor
    Constant 9 | | output T | T @tensors | value! tensor
    Constant 11 | | output T | T @tensors | sparse_value sparse_tensor, value tensor
    Constant 12 | | output T | T @tensors | sparse_value sparse_tensor, value tensor, value_float float, value_floats
      floats, value_int int, value_ints ints, value_string string, value_strings strings
    Constant 13 | | output T | T @tensors bfloat16 | sparse_value sparse_tensor, value tensor, value_float float,
      value_floats floats, value_int int, value_ints ints, value_string string, value_strings strings
    Constant 19 | | output T | T @tensors @float8 bfloat16 | sparse_value sparse_tensor, value tensor, value_float
      float, value_floats floats, value_int int, value_ints ints, value_string string, value_strings strings
    Constant 21 | | output T | T @tensors @float8 bfloat16 uint4 int4 | sparse_value sparse_tensor, value tensor,
      value_float float, value_floats floats, value_int int, value_ints ints, value_string string, value_strings
      strings
    Constant 23 | | output T | T @tensors @float8 bfloat16 uint4 int4 float4e2m1 | sparse_value sparse_tensor, value
      tensor, value_float float, value_floats floats, value_int int, value_ints ints, value_string string,
      value_strings strings
    Constant 24 | | output T | T @tensors @float8 bfloat16 uint4 int4 float4e2m1 float8e8m0 | sparse_value
      sparse_tensor, value tensor, value_float float, value_floats floats, value_int int, value_ints ints,
      value_string string, value_strings strings
    Constant 25 | | output T | T @tensors @float8 bfloat16 uint4 int4 float4e2m1 float8e8m0 uint2 int2 | sparse_value
      sparse_tensor, value tensor, value_float float, value_floats floats, value_int int, value_ints ints,
      value_string string, value_strings strings
    ConstantOfShape 9 | input T1 | output T2 | T1 int64, T2 @numbers bool | value tensor
    ConstantOfShape 20 | input T1 | output T2 | T1 int64, T2 @numbers @float8 bool bfloat16 | value tensor
    ConstantOfShape 21 | input T1 | output T2 | T1 int64, T2 @numbers @float8 bool bfloat16 uint4 int4 | value tensor
    ConstantOfShape 23 | input T1 | output T2 | T1 int64, T2 @numbers @float8 bool bfloat16 uint4 int4 float4e2m1 |
      value tensor
    ConstantOfShape 24 | input T1 | output T2 | T1 int64, T2 @numbers @float8 bool bfloat16 uint4 int4 float4e2m1
      float8e8m0 | value tensor
    ConstantOfShape 25 | input T1 | output T2 | T1 int64, T2 @numbers @float8 bool bfloat16 uint4 int4 float4e2m1
      float8e8m0 uint2 int2 | value tensor
    EyeLike 9 | input T1 | output T2 | T1 @numbers bool, T2 @numbers bool | dtype int, k int = 0
    EyeLike 22 | input T1 | output T2 | T1 @numbers bool bfloat16, T2 @numbers bool bfloat16 | dtype int, k int = 0
    Multinomial 7 | input T1 | output T2 | T1 @floats, T2 int32 int64 | dtype int = 6, sample_size int = 1, seed float
    Multinomial 22 | input T1 | output T2 | T1 @floats bfloat16, T2 int32 int64 | dtype int = 6, sample_size int = 1,
      seed float
    RandomNormal 1 | | output T | T @floats | dtype int = 1, mean float = 0, scale float = 1, seed float, shape! ints
    RandomNormal 22 | | output T | T @floats bfloat16 | dtype int = 1, mean float = 0, scale float = 1, seed float,
      shape! ints
    RandomNormalLike 1 | input T1 | output T2 | T1 @tensors, T2 @floats | dtype int, mean float = 0, scale float = 1,
      seed float
    RandomNormalLike 22 | input T1 | output T2 | T1 @tensors bfloat16, T2 @floats bfloat16 | dtype int, mean float =
      0, scale float = 1, seed float
    RandomUniform 1 | | output T | T @floats | dtype int = 1, high float = 1, low float = 0, seed float, shape! ints
    RandomUniform 22 | | output T | T @floats bfloat16 | dtype int = 1, high float = 1, low float = 0, seed float,
      shape! ints
    RandomUniformLike 1 | input T1 | output T2 | T1 @tensors, T2 @floats | dtype int, high float = 1, low float = 0,
      seed float
    RandomUniformLike 22 | input T1 | output T2 | T1 @tensors bfloat16, T2 @floats bfloat16 | dtype int, high float =
      1, low float = 0, seed float
    Range 11 | start T, limit T, delta T | output T | T int16 int32 int64 float double
    Range 27 | start T, limit T, delta T | output T | T @floats int16 int32 int64 bfloat16 | stash_type int = 1
    """
}
