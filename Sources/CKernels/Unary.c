#include "MathF32.h"
#include "Types.h"

// The inner loop of a function from T to R: contiguous, or by strides. x is the operand.
#define ROW(name, T, R, expression) \
  THAW_CLONES static void name(const void *context, int64_t n, char *const *p, const int64_t *s) { \
    const T alpha = (T)((const thaw_unary_parameters *)context)->alpha; \
    const T beta = (T)((const thaw_unary_parameters *)context)->beta; \
    (void)alpha, (void)beta; \
    if (s[0] == sizeof(T) && s[1] == sizeof(R)) { \
      const T *in = (const T *)p[0]; \
      R *out = (R *)p[1]; \
      THAW_ELEMENTWISE \
      for (int64_t i = 0; i < n; i++) { \
        const T x = in[i]; \
        out[i] = (R)(expression); \
      } \
    } else { \
      const char *in = p[0]; \
      char *out = p[1]; \
      for (int64_t i = 0; i < n; i++, in += s[0], out += s[1]) { \
        const T x = *(const T *)in; \
        *(R *)out = (R)(expression); \
      } \
    } \
  }

// The functions that both floating point types have, one name for each of two types.
#define PAIR(name, f32, f64) \
  THAW_INLINE float name##_f32(float x) { return f32(x); } \
  THAW_INLINE double name##_f64(double x) { return f64(x); }
PAIR(exp, thaw_expf, exp)
PAIR(log, thaw_logf, log)
PAIR(log1p, thaw_log1pf, log1p)
PAIR(expm1, thaw_expm1f, expm1)
PAIR(tanh, thaw_tanhf, tanh)
PAIR(erf, thaw_erff, erf)
PAIR(sin, sinf, sin)
PAIR(cos, cosf, cos)
PAIR(tan, tanf, tan)
PAIR(asin, asinf, asin)
PAIR(acos, acosf, acos)
PAIR(atan, atanf, atan)
PAIR(sinh, sinhf, sinh)
PAIR(cosh, coshf, cosh)
PAIR(asinh, asinhf, asinh)
PAIR(acosh, acoshf, acosh)
PAIR(atanh, atanhf, atanh)

THAW_INLINE float sigmoid_f32(float x) { return thaw_sigmoidf(x); }
THAW_INLINE double sigmoid_f64(double x) {
  double e = exp(-__builtin_fabs(x));
  return (x >= 0 ? 1 : e) / (1 + e);
}

// Functions that read the same in both types; NaN goes through every one of them.
#define SHARED(T, S) \
  THAW_INLINE T clip_##S(T x, T low, T high) { \
    x = x < low ? low : x; \
    return x > high ? high : x; \
  } \
  THAW_INLINE T softplus_##S(T x) { return (x > 0 ? x : x != x ? x : 0) + log1p_##S(exp_##S(-__builtin_elementwise_abs(x))); } \
  /* tanh(log(1 + e)) = (e^2 + 2e) / (e^2 + 2e + 2), which cancels nowhere; beyond 20 it is 1. */ \
  THAW_INLINE T mish_##S(T x) { \
    T e = exp_##S(x > 20 ? 20 : x); \
    T q = e * (e + 2); \
    return x > 20 ? x : x * (q / (q + 2)); \
  } \
  THAW_INLINE T gelu_##S(T x) { return (T)0.5 * x * (1 + erf_##S(x * (T)0.70710678118654752440)); } \
  /* 0.5 (1 + tanh u) = sigmoid 2u */ \
  THAW_INLINE T gelu_tanh_##S(T x) { \
    return x * sigmoid_##S((T)1.5957691216057307117 * (x + (T)0.044715 * x * x * x)); \
  } \
  THAW_INLINE T sign_##S(T x) { return x != x ? x : (T)((x > 0) - (x < 0)); }
THAW_FLOAT_TYPES(SHARED)

// X(function's number, name, expression), in the order of UnaryFunction.
#define FLOAT_FUNCTIONS(X, T, S) \
  X(0, negate, T, S, T, -x) \
  X(1, absolute, T, S, T, __builtin_elementwise_abs(x)) \
  X(2, sqrt, T, S, T, __builtin_elementwise_sqrt(x)) \
  X(3, reciprocal, T, S, T, 1 / x) \
  X(4, exp, T, S, T, exp_##S(x)) \
  X(5, log, T, S, T, log_##S(x)) \
  X(6, sin, T, S, T, sin_##S(x)) \
  X(7, cos, T, S, T, cos_##S(x)) \
  X(8, tan, T, S, T, tan_##S(x)) \
  X(9, asin, T, S, T, asin_##S(x)) \
  X(10, acos, T, S, T, acos_##S(x)) \
  X(11, atan, T, S, T, atan_##S(x)) \
  X(12, sinh, T, S, T, sinh_##S(x)) \
  X(13, cosh, T, S, T, cosh_##S(x)) \
  X(14, asinh, T, S, T, asinh_##S(x)) \
  X(15, acosh, T, S, T, acosh_##S(x)) \
  X(16, atanh, T, S, T, atanh_##S(x)) \
  X(17, tanh, T, S, T, tanh_##S(x)) \
  X(18, erf, T, S, T, erf_##S(x)) \
  X(19, sigmoid, T, S, T, sigmoid_##S(x)) \
  X(20, relu, T, S, T, x < 0 ? 0 : x) \
  X(21, floor, T, S, T, __builtin_elementwise_floor(x)) \
  X(22, ceil, T, S, T, __builtin_elementwise_ceil(x)) \
  X(23, round, T, S, T, __builtin_elementwise_roundeven(x)) \
  X(24, sign, T, S, T, sign_##S(x)) \
  X(26, is_nan, T, S, uint8_t, x != x) \
  X(27, is_inf, T, S, uint8_t, __builtin_elementwise_abs(x) == (T)INFINITY) \
  X(28, leaky_relu, T, S, T, x < 0 ? alpha * x : x) \
  X(29, elu, T, S, T, x < 0 ? alpha * expm1_##S(x) : x) \
  X(30, selu, T, S, T, beta * (x < 0 ? alpha * expm1_##S(x) : x)) \
  X(31, celu, T, S, T, x < 0 ? alpha * expm1_##S(x / alpha) : x) \
  X(32, hard_sigmoid, T, S, T, clip_##S(alpha * x + beta, 0, 1)) \
  X(33, hard_swish, T, S, T, x * clip_##S(x * (T)(1.0 / 6) + (T)0.5, 0, 1)) \
  X(34, softplus, T, S, T, softplus_##S(x)) \
  X(35, softsign, T, S, T, x / (1 + __builtin_elementwise_abs(x))) \
  X(36, mish, T, S, T, mish_##S(x)) \
  X(37, gelu, T, S, T, gelu_##S(x)) \
  X(38, gelu_tanh, T, S, T, gelu_tanh_##S(x)) \
  X(39, thresholded_relu, T, S, T, x > alpha || x != x ? x : 0)

// Whole numbers wrap; 1 / 0 is 0, as in division.
#define INTEGER_FUNCTIONS(X, T, S) \
  X(0, negate, T, S, T, 0 - (uint64_t)x) \
  X(1, absolute, T, S, T, x < 0 ? 0 - (uint64_t)x : (uint64_t)x) \
  X(3, reciprocal, T, S, T, x == 1 ? 1 : x == (T)-1 && (T)-1 < 0 ? (T)-1 : 0) \
  X(20, relu, T, S, T, x < 0 ? 0 : x) \
  X(21, floor, T, S, T, x) \
  X(22, ceil, T, S, T, x) \
  X(23, round, T, S, T, x) \
  X(24, sign, T, S, T, (x > 0) - (x < 0)) \
  X(26, is_nan, T, S, uint8_t, x != x) \
  X(27, is_inf, T, S, uint8_t, x != x)

#define DEFINE(number, name, T, S, R, expression) ROW(name##_row_##S, T, R, expression)
#define ENTRY(number, name, T, S, R, expression) [number] = name##_row_##S,
#define FLOAT_TABLE(T, S) \
  FLOAT_FUNCTIONS(DEFINE, T, S) \
  static const thaw_row table_##S[] = {FLOAT_FUNCTIONS(ENTRY, T, S)};
#define INTEGER_TABLE(T, S) \
  INTEGER_FUNCTIONS(DEFINE, T, S) \
  static const thaw_row table_##S[] = {INTEGER_FUNCTIONS(ENTRY, T, S)};
THAW_FLOAT_TYPES(FLOAT_TABLE)
THAW_INTEGER_TYPES(INTEGER_TABLE)

ROW(not_row_bool, uint8_t, uint8_t, x == 0)
static const thaw_row table_bool[] = {[25] = not_row_bool};

#define LOOK_UP(table) \
  return function >= 0 && function < (int32_t)(sizeof table / sizeof *table) ? table[function] : NULL

thaw_row thaw_unary_row(int32_t function, int32_t dtype) {
  switch (dtype) {
  case TYPE_FLOAT32: LOOK_UP(table_f32);
  case TYPE_FLOAT64: LOOK_UP(table_f64);
  case TYPE_INT32: LOOK_UP(table_i32);
  case TYPE_INT64: LOOK_UP(table_i64);
  case TYPE_UINT64: LOOK_UP(table_u64);
  case TYPE_BOOL: LOOK_UP(table_bool);
  default: return NULL;
  }
}
