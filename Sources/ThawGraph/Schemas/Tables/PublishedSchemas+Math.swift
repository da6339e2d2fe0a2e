extension PublishedSchemas {
  /// ONNX's family `math`; the form is told at `PublishedSchemas`.
  static let math = """
    Abs 1 | X T | Y T | T @floats | consumed_inputs ints
    Abs 6 | X T | Y T | T @numbers
    Abs 13 | X T | Y T | T @numbers bfloat16
    Acos 7 | input T | output T | T @floats
    Acos 22 | input T | output T | T @floats bfloat16
    Acosh 9 | input T | output T | T @floats
    Acosh 22 | input T | output T | T @floats bfloat16
    Add 1 | A T, B T | C T | T @floats | axis int, broadcast int = 0, consumed_inputs ints
    Add 6 | A T, B T | C T | T @floats uint32 uint64 int32 int64 | axis int, broadcast int = 0
    Add 7 | A T, B T | C T | T @floats uint32 uint64 int32 int64
    Add 13 | A T, B T | C T | T @floats uint32 uint64 int32 int64 bfloat16
    Add 14 | A T, B T | C T | T @numbers bfloat16
    Asin 7 | input T | output T | T @floats
    Asin 22 | input T | output T | T @floats bfloat16
    Asinh 9 | input T | output T | T @floats
    Asinh 22 | input T | output T | T @floats bfloat16
    Atan 7 | input T | output T | T @floats
    Atan 22 | input T | output T | T @floats bfloat16
    Atanh 9 | input T | output T | T @floats
    Atanh 22 | input T | output T | T @floats bfloat16
    BlackmanWindow 17 | size T1 | output T2 | T1 int32 int64, T2 @numbers bfloat16 | output_datatype int = 1, periodic
      int = 1
    Ceil 1 | X T | Y T | T @floats | consumed_inputs ints
    Ceil 6 | X T | Y T | T @floats
    Ceil 13 | X T | Y T | T @floats bfloat16
    Celu 12 | X T | Y T | T float | alpha float = 1
    Celu 28 | X T | Y T | T @floats bfloat16 | alpha float = 1
    Clip 1 | input T | output T | T @floats | consumed_inputs ints, max float, min float
    Clip 6 | input T | output T | T @floats | max float = 3.4028235e+38, min float = -3.4028235e+38
    Clip 11 | input T, min? T, max? T | output T | T @floats
    Clip 12 | input T, min? T, max? T | output T | T @numbers
    Clip 13 | input T, min? T, max? T | output T | T @numbers bfloat16
    Cos 7 | input T | output T | T @floats
    Cos 22 | input T | output T | T @floats bfloat16
    Cosh 9 | input T | output T | T @floats
    Cosh 22 | input T | output T | T @floats bfloat16
    CumProd 26 | x T, axis T2 | y T | T @floats uint32 uint64 int32 int64 bfloat16, T2 int32 int64 | exclusive int =
      0, reverse int = 0
    CumSum 11 | x T, axis T2 | y T | T uint32 uint64 int32 int64 float double, T2 int32 int64 | exclusive int = 0,
      reverse int = 0
    CumSum 14 | x T, axis T2 | y T | T @floats uint32 uint64 int32 int64 bfloat16, T2 int32 int64 | exclusive int = 0,
      reverse int = 0
    Det 11 | X T | Y T | T @floats
    Det 22 | X T | Y T | T @floats bfloat16
    DFT 17 | input T1, dft_length? T2 | output T1 | T1 @floats bfloat16, T2 int32 int64 | axis int = 1, inverse int =
      0, onesided int = 0
    DFT 20 | input T1, dft_length? T2, axis? int64 | output T1 | T1 @floats bfloat16, T2 int32 int64 | inverse int =
      0, onesided int = 0
    Div 1 | A T, B T | C T | T @floats | axis int, broadcast int = 0, consumed_inputs ints
    Div 6 | A T, B T | C T | T @floats uint32 uint64 int32 int64 | axis int, broadcast int = 0
    Div 7 | A T, B T | C T | T @floats uint32 uint64 int32 int64
    Div 13 | A T, B T | C T | T @floats uint32 uint64 int32 int64 bfloat16
    Div 14 | A T, B T | C T | T @numbers bfloat16
    Einsum 12 | Inputs*1 T | Output T | T @numbers | equation! string
    Einsum 28 | Inputs*1 T | Output T | T @numbers bfloat16 | equation! string
    Elu 1 | X T | Y T | T @floats | alpha float = 1, consumed_inputs ints
    Elu 6 | X T | Y T | T @floats | alpha float = 1
    Elu 22 | X T | Y T | T @floats bfloat16 | alpha float = 1
    Erf 9 | input T | output T | T @numbers
    Erf 13 | input T | output T | T @floats bfloat16
    Exp 1 | input T | output T | T @floats | consumed_inputs ints
    Exp 6 | input T | output T | T @floats
    Exp 13 | input T | output T | T @floats bfloat16
    Expand 8 | input T, shape int64 | output T | T @tensors
    Expand 13 | input T, shape int64 | output T | T @tensors bfloat16
    Floor 1 | X T | Y T | T @floats | consumed_inputs ints
    Floor 6 | X T | Y T | T @floats
    Floor 13 | X T | Y T | T @floats bfloat16
    Gelu 20 | X T | Y T | T @floats bfloat16 | approximate string = none
    Gemm 1 | A T, B T, C T | Y T | T @floats | alpha float = 1, beta float = 1, broadcast int = 0, transA int = 0,
      transB int = 0
    Gemm 6 | A T, B T, C T | Y T | T @floats | alpha float = 1, beta float = 1, broadcast int = 0, transA int = 0,
      transB int = 0
    Gemm 7 | A T, B T, C T | Y T | T @floats | alpha float = 1, beta float = 1, transA int = 0, transB int = 0
    Gemm 9 | A T, B T, C T | Y T | T @floats uint32 uint64 int32 int64 | alpha float = 1, beta float = 1, transA int =
      0, transB int = 0
    Gemm 11 | A T, B T, C? T | Y T | T @floats uint32 uint64 int32 int64 | alpha float = 1, beta float = 1, transA int
      = 0, transB int = 0
    Gemm 13 | A T, B T, C? T | Y T | T @floats uint32 uint64 int32 int64 bfloat16 | alpha float = 1, beta float = 1,
      transA int = 0, transB int = 0
    HammingWindow 17 | size T1 | output T2 | T1 int32 int64, T2 @numbers bfloat16 | output_datatype int = 1, periodic
      int = 1
    HannWindow 17 | size T1 | output T2 | T1 int32 int64, T2 @numbers bfloat16 | output_datatype int = 1, periodic int
      = 1
    Hardmax 1 | input T | output T | T @floats | axis int = 1
    Hardmax 11 | input T | output T | T @floats | axis int = 1
    Hardmax 13 | input T | output T | T @floats bfloat16 | axis int = -1
    HardSigmoid 1 | X T | Y T | T @floats | alpha float = 0.2, beta float = 0.5, consumed_inputs ints
    HardSigmoid 6 | X T | Y T | T @floats | alpha float = 0.2, beta float = 0.5
    HardSigmoid 22 | X T | Y T | T @floats bfloat16 | alpha float = 0.2, beta float = 0.5
    HardSwish 14 | X T | Y T | T @floats
    HardSwish 22 | X T | Y T | T @floats bfloat16
    LeakyRelu 1 | X T | Y T | T @floats | alpha float = 0.01, consumed_inputs ints
    LeakyRelu 6 | X T | Y T | T @floats | alpha float = 0.01
    LeakyRelu 16 | X T | Y T | T @floats bfloat16 | alpha float = 0.01
    Log 1 | input T | output T | T @floats | consumed_inputs ints
    Log 6 | input T | output T | T @floats
    Log 13 | input T | output T | T @floats bfloat16
    LogSoftmax 1 | input T | output T | T @floats | axis int = 1
    LogSoftmax 11 | input T | output T | T @floats | axis int = 1
    LogSoftmax 13 | input T | output T | T @floats bfloat16 | axis int = -1
    MatMul 1 | A T, B T | Y T | T @floats
    MatMul 9 | A T, B T | Y T | T @floats uint32 uint64 int32 int64
    MatMul 13 | A T, B T | Y T | T @floats uint32 uint64 int32 int64 bfloat16
    MatMulInteger 10 | A T1, B T2, a_zero_point? T1, b_zero_point? T2 | Y T3 | T1 uint8 int8, T2 uint8 int8, T3 int32
    Max 1 | data_0*1 T | max T | T @floats | consumed_inputs ints
    Max 6 | data_0*1 T | max T | T @floats
    Max 8 | data_0*1 T | max T | T @floats
    Max 12 | data_0*1 T | max T | T @numbers
    Max 13 | data_0*1 T | max T | T @numbers bfloat16
    Mean 1 | data_0*1 T | mean T | T @floats | consumed_inputs ints
    Mean 6 | data_0*1 T | mean T | T @floats
    Mean 8 | data_0*1 T | mean T | T @floats
    Mean 13 | data_0*1 T | mean T | T @floats bfloat16
    MelWeightMatrix 17 | num_mel_bins T1, dft_length T1, sample_rate T1, lower_edge_hertz T2, upper_edge_hertz T2 |
      output T3 | T1 int32 int64, T2 @floats bfloat16, T3 @numbers bfloat16 | output_datatype int = 1
    Min 1 | data_0*1 T | min T | T @floats | consumed_inputs ints
    Min 6 | data_0*1 T | min T | T @floats
    Min 8 | data_0*1 T | min T | T @floats
    Min 12 | data_0*1 T | min T | T @numbers
    Min 13 | data_0*1 T | min T | T @numbers bfloat16
    Mish 18 | X T | Y T | T @floats
    Mish 22 | X T | Y T | T @floats bfloat16
    Mod 10 | A T, B T | C T | T @numbers | fmod int = 0
    Mod 13 | A T, B T | C T | T @numbers bfloat16 | fmod int = 0
    Mod 28 | A T, B T | C T | T @numbers bfloat16 | fmod int = 0
    Mul 1 | A T, B T | C T | T @floats | axis int, broadcast int = 0, consumed_inputs ints
    Mul 6 | A T, B T | C T | T @floats uint32 uint64 int32 int64 | axis int, broadcast int = 0
    Mul 7 | A T, B T | C T | T @floats uint32 uint64 int32 int64
    Mul 13 | A T, B T | C T | T @floats uint32 uint64 int32 int64 bfloat16
    Mul 14 | A T, B T | C T | T @numbers bfloat16
    Neg 1 | X T | Y T | T @floats | consumed_inputs ints
    Neg 6 | X T | Y T | T @floats int8 int16 int32 int64
    Neg 13 | X T | Y T | T @floats int8 int16 int32 int64 bfloat16
    NegativeLogLikelihoodLoss 12 | input T, target Tind, weight? T | loss T | T @floats, Tind int32 int64 |
      ignore_index int, reduction string = mean
    NegativeLogLikelihoodLoss 13 | input T, target Tind, weight? T | loss T | T @floats, Tind int32 int64 |
      ignore_index int, reduction string = mean
    NegativeLogLikelihoodLoss 22 | input T, target Tind, weight? T | loss T | T @floats bfloat16, Tind int32 int64 |
      ignore_index int, reduction string = mean
    Pow 1 | X T, Y T | Z T | T @floats | axis int, broadcast int = 0
    Pow 7 | X T, Y T | Z T | T @floats
    Pow 12 | X T, Y T1 | Z T | T @floats int32 int64, T1 @numbers
    Pow 13 | X T, Y T1 | Z T | T @floats int32 int64 bfloat16, T1 @numbers
    Pow 15 | X T, Y T1 | Z T | T @floats int32 int64 bfloat16, T1 @numbers bfloat16
    PRelu 1 | X T, slope T | Y T | T @floats | consumed_inputs ints
    PRelu 6 | X T, slope T | Y T | T @floats
    PRelu 7 | X T, slope T | Y T | T @floats
    PRelu 9 | X T, slope T | Y T | T @floats uint32 uint64 int32 int64
    PRelu 16 | X T, slope T | Y T | T @floats uint32 uint64 int32 int64 bfloat16
    QLinearMatMul 10 | a T1, a_scale float, a_zero_point T1, b T2, b_scale float, b_zero_point T2, y_scale float,
      y_zero_point T3 | y T3 | T1 uint8 int8, T2 uint8 int8, T3 uint8 int8
    QLinearMatMul 21 | a T1, a_scale TS, a_zero_point T1, b T2, b_scale TS, b_zero_point T2, y_scale TS, y_zero_point
      T3 | y T3 | TS float16 float bfloat16, T1 @float8 uint8 int8, T2 @float8 uint8 int8, T3 @float8 uint8 int8
    Reciprocal 1 | X T | Y T | T @floats | consumed_inputs ints
    Reciprocal 6 | X T | Y T | T @floats
    Reciprocal 13 | X T | Y T | T @floats bfloat16
    Relu 1 | X T | Y T | T @floats | consumed_inputs ints
    Relu 6 | X T | Y T | T @floats
    Relu 13 | X T | Y T | T @floats bfloat16
    Relu 14 | X T | Y T | T @floats int8 int16 int32 int64 bfloat16
    Round 11 | X T | Y T | T @floats
    Round 22 | X T | Y T | T @floats bfloat16
    Selu 1 | X T | Y T | T @floats | alpha float = 1.6732, consumed_inputs ints, gamma float = 1.0507
    Selu 6 | X T | Y T | T @floats | alpha float = 1.6732632, gamma float = 1.050701
    Selu 22 | X T | Y T | T @floats bfloat16 | alpha float = 1.6732632, gamma float = 1.050701
    Sigmoid 1 | X T | Y T | T @floats | consumed_inputs ints
    Sigmoid 6 | X T | Y T | T @floats
    Sigmoid 13 | X T | Y T | T @floats bfloat16
    Sign 9 | input T | output T | T @numbers
    Sign 13 | input T | output T | T @numbers bfloat16
    Sin 7 | input T | output T | T @floats
    Sin 22 | input T | output T | T @floats bfloat16
    Sinh 9 | input T | output T | T @floats
    Sinh 22 | input T | output T | T @floats bfloat16
    Softmax 1 | input T | output T | T @floats | axis int = 1
    Softmax 11 | input T | output T | T @floats | axis int = 1
    Softmax 13 | input T | output T | T @floats bfloat16 | axis int = -1
    SoftmaxCrossEntropyLoss 12 | scores T, labels Tind, weights? T | output T, log_prob? T | T @floats, Tind int32
      int64 | ignore_index int, reduction string = mean
    SoftmaxCrossEntropyLoss 13 | scores T, labels Tind, weights? T | output T, log_prob? T | T @floats bfloat16, Tind
      int32 int64 | ignore_index int, reduction string = mean
    Softplus 1 | X T | Y T | T @floats
    Softplus 22 | X T | Y T | T @floats bfloat16
    Softsign 1 | input T | output T | T @floats
    Softsign 22 | input T | output T | T @floats bfloat16
    Sqrt 1 | X T | Y T | T @floats | consumed_inputs ints
    Sqrt 6 | X T | Y T | T @floats
    Sqrt 13 | X T | Y T | T @floats bfloat16
    STFT 17 | signal T1, frame_step T2, window? T1, frame_length? T2 | output T1 | T1 @floats bfloat16, T2 int32 int64
      | onesided int = 1
    Sub 1 | A T, B T | C T | T @floats | axis int, broadcast int = 0, consumed_inputs ints
    Sub 6 | A T, B T | C T | T @floats uint32 uint64 int32 int64 | axis int, broadcast int = 0
    Sub 7 | A T, B T | C T | T @floats uint32 uint64 int32 int64
    Sub 13 | A T, B T | C T | T @floats uint32 uint64 int32 int64 bfloat16
    Sub 14 | A T, B T | C T | T @numbers bfloat16
    Sum 1 | data_0*1 T | sum T | T @floats | consumed_inputs ints
    Sum 6 | data_0*1 T | sum T | T @floats
    Sum 8 | data_0*1 T | sum T | T @floats
    Sum 13 | data_0*1 T | sum T | T @floats bfloat16
    SwiGLU 28 | A T, B T | Y T | T @floats bfloat16 | alpha float = 1
    Swish 24 | X T | Y T | T @floats bfloat16 | alpha float = 1
    Tan 7 | input T | output T | T @floats
    Tan 22 | input T | output T | T @floats bfloat16
    Tanh 1 | input T | output T | T @floats | consumed_inputs ints
    Tanh 6 | input T | output T | T @floats
    Tanh 13 | input T | output T | T @floats bfloat16
    ThresholdedRelu 10 | X T | Y T | T @floats | alpha float = 1
    ThresholdedRelu 22 | X T | Y T | T @floats bfloat16 | alpha float = 1
    TopK 1 | X T | Values T, Indices I | T @floats, I int64 | axis int = -1, k! int
    TopK 10 | X T, K int64 | Values T, Indices I | T @floats, I int64 | axis int = -1
    TopK 11 | X T, K int64 | Values T, Indices I | T @numbers, I int64 | axis int = -1, largest int = 1, sorted int =
      1
    TopK 24 | X T, K int64 | Values T, Indices I | T @numbers bfloat16, I int64 | axis int = -1, largest int = 1,
      sorted int = 1
    """
}
