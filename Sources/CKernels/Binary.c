#include "MathF32.h"
#include "Types.h"
#include <math.h>

// The inner loop of a function from two T to R: both contiguous, one of them a single number, or by strides.
#define ROW(name, T, R, expression) \
  THAW_CLONES static void name(const void *context, int64_t n, char *const *p, const int64_t *s) { \
    (void)context; \
    const T *left = (const T *)p[0]; \
    const T *right = (const T *)p[1]; \
    R *out = (R *)p[2]; \
    const int64_t size = sizeof(T); \
    if (s[2] == sizeof(R) && s[0] == size && s[1] == size) { \
      THAW_ELEMENTWISE \
      for (int64_t i = 0; i < n; i++) { \
        const T a = left[i], b = right[i]; \
        out[i] = (R)(expression); \
      } \
    } else if (s[2] == sizeof(R) && s[0] == size && s[1] == 0) { \
      const T b = *right; \
      THAW_ELEMENTWISE \
      for (int64_t i = 0; i < n; i++) { \
        const T a = left[i]; \
        out[i] = (R)(expression); \
      } \
    } else if (s[2] == sizeof(R) && s[0] == 0 && s[1] == size) { \
      const T a = *left; \
      THAW_ELEMENTWISE \
      for (int64_t i = 0; i < n; i++) { \
        const T b = right[i]; \
        out[i] = (R)(expression); \
      } \
    } else { \
      for (int64_t i = 0; i < n; i++) { \
        const T a = *(const T *)(p[0] + i * s[0]), b = *(const T *)(p[1] + i * s[1]); \
        *(R *)(p[2] + i * s[2]) = (R)(expression); \
      } \
    } \
  }

// Squares and cubes are what models ask of pow.
#define FLOAT_HELPERS(T, S, POW, FMOD) \
  THAW_INLINE T power_##S(T a, T b) { return b == 2 ? a * a : b == 1 ? a : b == 3 ? a * a * a : POW(a, b); } \
  THAW_INLINE T remainder_##S(T a, T b) { \
    T r = FMOD(a, b); \
    if (r == 0) return (T)copysign(0, b); \
    return (r < 0) != (b < 0) ? r + b : r; \
  } \
  THAW_INLINE T truncated_##S(T a, T b) { return FMOD(a, b); } \
  THAW_INLINE T divide_##S(T a, T b) { return a / b; } \
  THAW_INLINE T maximum_##S(T a, T b) { return a > b || a != a ? a : b; } \
  THAW_INLINE T minimum_##S(T a, T b) { return a < b || a != a ? a : b; }
FLOAT_HELPERS(float, f32, powf, fmodf)
FLOAT_HELPERS(double, f64, pow, fmod)

THAW_INLINE float erf_f32(float x) { return thaw_erff(x); }
THAW_INLINE double erf_f64(double x) { return erf(x); }
THAW_INLINE float exp_f32(float x) { return thaw_expf(x); }
THAW_INLINE double exp_f64(double x) { return exp(x); }
THAW_INLINE float sigmoid_f32(float x) { return thaw_sigmoidf(x); }
THAW_INLINE double sigmoid_f64(double x) { return 1 / (1 + exp(-x)); }

#define GELU_HELPERS(T, S) \
  /* The distribution plus x times its density; beyond 38 the density is 0, and x might be infinite. */ \
  THAW_INLINE T gelu_slope_##S(T x) { \
    const T b = x > 38 ? 38 : x < -38 ? -38 : x; \
    return (T)0.5 * (1 + erf_##S(x * (T)0.70710678118654752440)) + \
           b * ((T)0.39894228040143267794 * exp_##S((T)-0.5 * b * b)); \
  } \
  /* 0.5 (1 + tanh u) = sigmoid 2u; its derivative by 2u is s (1 - s). */ \
  THAW_INLINE T gelu_tanh_slope_##S(T x) { \
    const T b = x > 38 ? 38 : x < -38 ? -38 : x; \
    const T square = (T)0.044715 * b * b; \
    const T s = sigmoid_##S((T)1.5957691216057307117 * b * (1 + square)); \
    return s + s * (1 - s) * (T)1.5957691216057307117 * b * (1 + 3 * square); \
  }
THAW_FLOAT_TYPES(GELU_HELPERS)

// MINUS_ONE(b) is false for unsigned types: the least number by -1 is the one quotient that does not fit.
#define INTEGER_HELPERS(T, S, U, MINUS_ONE) \
  THAW_INLINE T divide_##S(T a, T b) { return b == 0 ? 0 : MINUS_ONE(b) ? (T)(0 - (U)a) : a / b; } \
  THAW_INLINE T truncated_##S(T a, T b) { return b == 0 || MINUS_ONE(b) ? 0 : a % b; } \
  THAW_INLINE T remainder_##S(T a, T b) { \
    T r = truncated_##S(a, b); \
    return r != 0 && (r < 0) != (b < 0) ? r + b : r; \
  } \
  THAW_INLINE T power_##S(T a, T b) { \
    if (b < 0) return a == 1 ? 1 : MINUS_ONE(a) ? (b & 1 ? a : 1) : 0; \
    U result = 1, base = (U)a; \
    for (U e = (U)b; e; e >>= 1) { \
      if (e & 1) result *= base; \
      base *= base; \
    } \
    return (T)result; \
  } \
  THAW_INLINE T shift_left_##S(T a, T b) { return b < 0 || b >= (T)(8 * sizeof(T)) ? 0 : (T)((U)a << b); } \
  THAW_INLINE T shift_right_##S(T a, T b) { \
    return b < 0 || b >= (T)(8 * sizeof(T)) ? (a < 0 ? (T)-1 : 0) : a >> b; \
  } \
  THAW_INLINE T maximum_##S(T a, T b) { return a > b ? a : b; } \
  THAW_INLINE T minimum_##S(T a, T b) { return a < b ? a : b; }
#define IS_MINUS_ONE(b) ((b) == -1)
#define NEVER(b) 0
INTEGER_HELPERS(int32_t, i32, uint32_t, IS_MINUS_ONE)
INTEGER_HELPERS(int64_t, i64, uint64_t, IS_MINUS_ONE)
INTEGER_HELPERS(uint64_t, u64, uint64_t, NEVER)

// X(function's number, name, ...), in the order of BinaryFunction. U is the type sums are made in, so that they wrap.
#define SHARED_FUNCTIONS(X, T, S, U) \
  X(0, add, T, S, T, (U)a + (U)b) \
  X(1, subtract, T, S, T, (U)a - (U)b) \
  X(2, multiply, T, S, T, (U)a * (U)b) \
  X(3, divide, T, S, T, divide_##S(a, b)) \
  X(4, power, T, S, T, power_##S(a, b)) \
  X(5, maximum, T, S, T, maximum_##S(a, b)) \
  X(6, minimum, T, S, T, minimum_##S(a, b)) \
  X(7, remainder, T, S, T, remainder_##S(a, b)) \
  X(8, truncated_remainder, T, S, T, truncated_##S(a, b)) \
  X(9, equal, T, S, uint8_t, a == b) \
  X(10, less, T, S, uint8_t, a < b) \
  X(11, less_or_equal, T, S, uint8_t, a <= b) \
  X(12, greater, T, S, uint8_t, a > b) \
  X(13, greater_or_equal, T, S, uint8_t, a >= b) \
  X(14, and, T, S, uint8_t, (a != 0) & (b != 0)) \
  X(15, or, T, S, uint8_t, (a != 0) | (b != 0)) \
  X(16, xor, T, S, uint8_t, (a != 0) ^ (b != 0))
#define FLOAT_FUNCTIONS(X, T, S) \
  X(22, gelu_gradient, T, S, T, a * gelu_slope_##S(b)) \
  X(23, gelu_tanh_gradient, T, S, T, a * gelu_tanh_slope_##S(b))
#define BIT_FUNCTIONS(X, T, S) \
  X(17, bit_and, T, S, T, a & b) \
  X(18, bit_or, T, S, T, a | b) \
  X(19, bit_xor, T, S, T, a ^ b) \
  X(20, shift_left, T, S, T, shift_left_##S(a, b)) \
  X(21, shift_right, T, S, T, shift_right_##S(a, b))
#define BOOL_FUNCTIONS(X, T, S) \
  X(5, maximum, T, S, uint8_t, (a != 0) | (b != 0)) \
  X(6, minimum, T, S, uint8_t, (a != 0) & (b != 0)) \
  X(9, equal, T, S, uint8_t, (a != 0) == (b != 0)) \
  X(10, less, T, S, uint8_t, (a != 0) < (b != 0)) \
  X(11, less_or_equal, T, S, uint8_t, (a != 0) <= (b != 0)) \
  X(12, greater, T, S, uint8_t, (a != 0) > (b != 0)) \
  X(13, greater_or_equal, T, S, uint8_t, (a != 0) >= (b != 0)) \
  X(14, and, T, S, uint8_t, (a != 0) & (b != 0)) \
  X(15, or, T, S, uint8_t, (a != 0) | (b != 0)) \
  X(16, xor, T, S, uint8_t, (a != 0) ^ (b != 0))

#define DEFINE(number, name, T, S, R, expression) ROW(name##_row_##S, T, R, expression)
#define ENTRY(number, name, T, S, R, expression) [number] = name##_row_##S,
#define FLOAT_TABLE(T, S) \
  SHARED_FUNCTIONS(DEFINE, T, S, T) \
  FLOAT_FUNCTIONS(DEFINE, T, S) \
  static const thaw_row table_##S[] = {SHARED_FUNCTIONS(ENTRY, T, S, T) FLOAT_FUNCTIONS(ENTRY, T, S)};
#define INTEGER_TABLE(T, S) \
  SHARED_FUNCTIONS(DEFINE, T, S, uint64_t) \
  BIT_FUNCTIONS(DEFINE, T, S) \
  static const thaw_row table_##S[] = {SHARED_FUNCTIONS(ENTRY, T, S, uint64_t) BIT_FUNCTIONS(ENTRY, T, S)};
THAW_FLOAT_TYPES(FLOAT_TABLE)
THAW_INTEGER_TYPES(INTEGER_TABLE)
BOOL_FUNCTIONS(DEFINE, uint8_t, bool)
static const thaw_row table_bool[22] = {BOOL_FUNCTIONS(ENTRY, uint8_t, bool)};

#define LOOK_UP(table) \
  return function >= 0 && function < (int32_t)(sizeof table / sizeof *table) ? table[function] : NULL

thaw_row thaw_binary_row(int32_t function, int32_t dtype) {
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
