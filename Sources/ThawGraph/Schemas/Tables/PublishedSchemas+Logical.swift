extension PublishedSchemas {
  /// ONNX's family `logical`; the form is told at `PublishedSchemas`.
  static let logical = """
    And 1 | A T, B T | C T1 | T bool, T1 bool | axis int, broadcast int = 0
    And 7 | A T, B T | C T1 | T bool, T1 bool
    BitShift 11 | X T, Y T | Z T | T uint8 uint16 uint32 uint64 | direction! string
    BitShift 28 | X T, Y T | Z T | T @ints | direction! string
    BitwiseAnd 18 | A T, B T | C T | T @ints
    BitwiseNot 18 | X T | Y T | T @ints
    BitwiseOr 18 | A T, B T | C T | T @ints
    BitwiseXor 18 | A T, B T | C T | T @ints
    Equal 1 | A T, B T | C T1 | T int32 int64 bool, T1 bool | axis int, broadcast int = 0
    Equal 7 | A T, B T | C T1 | T int32 int64 bool, T1 bool
    Equal 11 | A T, B T | C T1 | T @numbers bool, T1 bool
    Equal 13 | A T, B T | C T1 | T @numbers bool bfloat16, T1 bool
    Equal 19 | A T, B T | C T1 | T @numbers bool string bfloat16, T1 bool
    Greater 1 | A T, B T | C T1 | T @floats, T1 bool | axis int, broadcast int = 0
    Greater 7 | A T, B T | C T1 | T @floats, T1 bool
    Greater 9 | A T, B T | C T1 | T @numbers, T1 bool
    Greater 13 | A T, B T | C T1 | T @numbers bfloat16, T1 bool
    GreaterOrEqual 12 | A T, B T | C T1 | T @numbers, T1 bool
    GreaterOrEqual 16 | A T, B T | C T1 | T @numbers bfloat16, T1 bool
    Less 1 | A T, B T | C T1 | T @floats, T1 bool | axis int, broadcast int = 0
    Less 7 | A T, B T | C T1 | T @floats, T1 bool
    Less 9 | A T, B T | C T1 | T @numbers, T1 bool
    Less 13 | A T, B T | C T1 | T @numbers bfloat16, T1 bool
    LessOrEqual 12 | A T, B T | C T1 | T @numbers, T1 bool
    LessOrEqual 16 | A T, B T | C T1 | T @numbers bfloat16, T1 bool
    Not 1 | X T | Y T | T bool
    Or 1 | A T, B T | C T1 | T bool, T1 bool | axis int, broadcast int = 0
    Or 7 | A T, B T | C T1 | T bool, T1 bool
    Xor 1 | A T, B T | C T1 | T bool, T1 bool | axis int, broadcast int = 0
    Xor 7 | A T, B T | C T1 | T bool, T1 bool
    """
}
