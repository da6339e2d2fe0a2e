extension PublishedSchemas {
  /// ONNX's family `quantization`; the form is told at `PublishedSchemas`.
  static let quantization = """
    DequantizeLinear 10 | x T, x_scale float, x_zero_point? T | y float | T uint8 int8 int32
    DequantizeLinear 13 | x T, x_scale float, x_zero_point? T | y float | T uint8 int8 int32 | axis int = 1
    DequantizeLinear 19 | x T1, x_scale T2, x_zero_point? T1 | y T2 | T1 @float8 uint8 int8 int32, T2 float16 float
      bfloat16 | axis int = 1
    DequantizeLinear 21 | x T1, x_scale T2, x_zero_point? T1 | y T2 | T1 @float8 uint8 uint16 int8 int16 int32 uint4
      int4, T2 float16 float bfloat16 | axis int = 1, block_size int = 0
    DequantizeLinear 23 | x T1, x_scale T2, x_zero_point? T1 | y T3 | T1 @float8 uint8 uint16 int8 int16 int32 uint4
      int4 float4e2m1, T2 float16 float bfloat16, T3 float16 float bfloat16 | axis int = 1, block_size int = 0,
      output_dtype int = 0
    DequantizeLinear 24 | x T1, x_scale T2, x_zero_point? T1 | y T3 | T1 @float8 uint8 uint16 int8 int16 int32 uint4
      int4 float4e2m1, T2 float16 float bfloat16 float8e8m0, T3 float16 float bfloat16 | axis int = 1, block_size int
      = 0, output_dtype int = 0
    DequantizeLinear 25 | x T1, x_scale T2, x_zero_point? T1 | y T3 | T1 @float8 uint8 uint16 int8 int16 int32 uint4
      int4 float4e2m1 uint2 int2, T2 float16 float bfloat16 float8e8m0, T3 float16 float bfloat16 | axis int = 1,
      block_size int = 0, output_dtype int = 0
    DequantizeLinear 28 | x T1, x_scale T2, x_zero_point? T1 | y T3 | T1 @float8 uint8 uint16 int8 int16 int32 uint4
      int4 float4e2m1 uint2 int2 float6e2m3 float6e3m2, T2 float16 float bfloat16 float8e8m0, T3 float16 float
      bfloat16 | axis int = 1, block_size int = 0, output_dtype int = 0
    DynamicQuantizeLinear 11 | x T1 | y T2, y_scale float, y_zero_point T2 | T1 float, T2 uint8
    QuantizeLinear 10 | x T1, y_scale float, y_zero_point? T2 | y T2 | T1 int32 float, T2 uint8 int8
    QuantizeLinear 13 | x T1, y_scale float, y_zero_point? T2 | y T2 | T1 int32 float, T2 uint8 int8 | axis int = 1
    QuantizeLinear 19 | x T1, y_scale T1, y_zero_point? T2 | y T2 | T1 int32 float16 float bfloat16, T2 @float8 uint8
      int8 | axis int = 1, saturate int = 1
    QuantizeLinear 21 | x T1, y_scale T1, y_zero_point? T2 | y T2 | T1 int32 float16 float bfloat16, T2 @float8 uint8
      uint16 int8 int16 uint4 int4 | axis int = 1, block_size int = 0, output_dtype int = 0, saturate int = 1
    QuantizeLinear 23 | x T1, y_scale T2, y_zero_point? T3 | y T3 | T1 int32 float16 float bfloat16, T2 int32 float16
      float bfloat16, T3 @float8 uint8 uint16 int8 int16 uint4 int4 float4e2m1 | axis int = 1, block_size int = 0,
      output_dtype int = 0, precision int = 0, saturate int = 1
    QuantizeLinear 24 | x T1, y_scale T2, y_zero_point? T3 | y T3 | T1 int32 float16 float bfloat16, T2 int32 float16
      float bfloat16 float8e8m0, T3 @float8 uint8 uint16 int8 int16 uint4 int4 float4e2m1 | axis int = 1, block_size
      int = 0, output_dtype int = 0, precision int = 0, saturate int = 1
    QuantizeLinear 25 | x T1, y_scale T2, y_zero_point? T3 | y T3 | T1 int32 float16 float bfloat16, T2 int32 float16
      float bfloat16 float8e8m0, T3 @float8 uint8 uint16 int8 int16 uint4 int4 float4e2m1 uint2 int2 | axis int = 1,
      block_size int = 0, output_dtype int = 0, precision int = 0, saturate int = 1
    QuantizeLinear 28 | x T1, y_scale T2, y_zero_point? T3 | y T3 | T1 int32 float16 float bfloat16, T2 int32 float16
      float bfloat16 float8e8m0, T3 @float8 uint8 uint16 int8 int16 uint4 int4 float4e2m1 uint2 int2 float6e2m3
      float6e3m2 | axis int = 1, block_size int = 0, output_dtype int = 0, precision int = 0, saturate int = 1
    """
}
