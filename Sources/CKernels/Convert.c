#include "Clones.h"
#include "Types.h"
#include <math.h>
#include <string.h>

// Every conversion goes through one of four types that hold the source exactly: float, double, int64 and uint64. Rows are
// done in blocks small enough for the first cache: loaded into that type, then stored with one rounding.
#define BLOCK 512

THAW_INLINE float f32_from_bits(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

THAW_INLINE uint32_t f32_bits(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

// Formats with fewer bits ---------------------------------------------------------------------------------------------

typedef struct {
  int mantissa, bias;
  uint32_t sign;      // the sign's bit
  uint32_t largest;   // the largest finite magnitude
  uint32_t overflow;  // what follows it: infinity, NaN, or the largest itself
  uint32_t nan;
  int unsigned_zero;  // the code of -0 is NaN
  int can_saturate;
} format;

static const format float16 = {10, 15, 0x8000, 0x7bff, 0x7c00, 0x7e00, 0, 0};
static const format bfloat16 = {7, 127, 0x8000, 0x7f7f, 0x7f80, 0x7fc0, 0, 0};
static const format float8e4m3fn = {3, 7, 0x80, 0x7e, 0x7f, 0x7f, 0, 1};
static const format float8e4m3fnuz = {3, 8, 0x80, 0x7f, 0x80, 0x80, 1, 1};
static const format float8e5m2 = {2, 15, 0x80, 0x7b, 0x7c, 0x7e, 0, 1};
static const format float8e5m2fnuz = {2, 16, 0x80, 0x7f, 0x80, 0x80, 1, 1};
static const format float4e2m1 = {1, 1, 0x8, 0x7, 0x7, 0x8, 0, 1};

// To nearest, halves to even.
static uint32_t encode(const format *f, double x, int saturates) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  const uint32_t sign = bits >> 63 ? f->sign : 0;
  const uint32_t special = f->unsigned_zero ? 0 : sign;
  if (x != x) return f->nan | special;
  int exponent = (int)(bits >> 52 & 0x7ff) - 1023;
  if (exponent < 1 - f->bias) exponent = 1 - f->bias;
  uint32_t code = f->largest + 1;
  if (exponent <= 1023 && exponent + f->bias <= (int)(f->largest >> f->mantissa)) {
    const double units = __builtin_elementwise_roundeven(ldexp(fabs(x), f->mantissa - exponent));
    code = (uint32_t)units + ((uint32_t)(exponent + f->bias - 1) << f->mantissa);
  }
  if (code > f->largest) return saturates && f->can_saturate ? f->largest | sign : f->overflow | special;
  return code == 0 && f->unsigned_zero ? 0 : code | sign;
}

THAW_INLINE float decode(const format *f, uint32_t code) {
  const uint32_t magnitude = code & (f->sign - 1);
  float value = f32_from_bits(magnitude << (23 - f->mantissa)) * f32_from_bits((uint32_t)(254 - f->bias) << 23);
  if (magnitude > f->largest) value = magnitude == f->overflow && f->overflow != f->nan ? INFINITY : NAN;
  value = code & f->sign ? -value : value;
  return f->unsigned_zero && code == f->sign ? NAN : value;
}

// A power of two without sign. Rounds up, ONNX's default.
static uint8_t encode_e8m0(double x, int saturates) {
  if (!(x >= 0)) return 0xff;
  if (x <= 0x1p-127) return 0;
  if (x > 0x1p127) return saturates ? 0xfe : 0xff;
  int exponent;
  const double fraction = frexp(x, &exponent);
  return (uint8_t)(exponent - (fraction == 0.5) + 127);
}

THAW_INLINE float decode_e8m0(uint8_t code) {
  const float value = code == 0 ? 0x1p-127f : f32_from_bits((uint32_t)code << 23);
  return code == 0xff ? NAN : value;
}

THAW_INLINE float decode_f16(uint16_t h) {
  const float value = f32_from_bits((uint32_t)(h & 0x7fff) << 13) * 0x1p112f;
  const float special = f32_from_bits(0x7f800000u | (uint32_t)(h & 0x3ff) << 13);
  const uint32_t magnitude = f32_bits((h & 0x7c00) == 0x7c00 ? special : value);
  return f32_from_bits(magnitude | (uint32_t)(h & 0x8000) << 16);
}

THAW_INLINE uint16_t encode_f16(float x) {
  const uint32_t bits = f32_bits(x), sign = bits >> 16 & 0x8000, a = bits & 0x7fffffff;
  // Adding 0.5, whose last bit is worth the least float16, lets the adder round what has no normal exponent.
  const uint32_t tiny = f32_bits(f32_from_bits(a) + 0.5f) - 0x3f000000u;
  const uint32_t normal = (a + 0xfff + (a >> 13 & 1) - (112u << 23)) >> 13;
  const uint32_t large = a > 0x7f800000u ? 0x7e00 : 0x7c00;
  return (uint16_t)(sign | (a < 0x38800000u ? tiny : a < 0x47800000u ? normal : large));
}

THAW_INLINE uint16_t encode_bf16(float x) {
  const uint32_t bits = f32_bits(x);
  const uint32_t rounded = (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
  return (uint16_t)(x != x ? (bits >> 16 | 0x40) : rounded);
}

// Whole numbers -------------------------------------------------------------------------------------------------------

// Floating point truncates to the nearest number there is, NaN to 0.
#define FROM_FLOAT(T, S) \
  THAW_INLINE int32_t i32_from_##S(T x) { \
    const int32_t value = (int32_t)(x > (T)-2147483648.0 && x < (T)2147483648.0 ? x : 0); \
    return x >= (T)2147483648.0 ? INT32_MAX : x <= (T)-2147483648.0 ? INT32_MIN : value; \
  } \
  THAW_INLINE int64_t i64_from_##S(T x) { \
    const int64_t value = (int64_t)(x > (T)-0x1p63 && x < (T)0x1p63 ? x : 0); \
    return x >= (T)0x1p63 ? INT64_MAX : x <= (T)-0x1p63 ? INT64_MIN : value; \
  } \
  THAW_INLINE uint32_t u32_from_##S(T x) { \
    const int64_t value = i64_from_##S(x); \
    return value < 0 ? 0 : value > UINT32_MAX ? UINT32_MAX : (uint32_t)value; \
  } \
  THAW_INLINE uint64_t u64_from_##S(T x) { \
    const uint64_t value = (uint64_t)(x > 0 && x < (T)0x1p64 ? x : 0); \
    return x >= (T)0x1p64 ? UINT64_MAX : value; \
  } \
  THAW_INLINE double double_from_##S(T x) { return (double)x; }
THAW_FLOAT_TYPES(FROM_FLOAT)

#define FROM_INTEGER(T, S) \
  THAW_INLINE int32_t i32_from_##S(T x) { return (int32_t)x; } \
  THAW_INLINE int64_t i64_from_##S(T x) { return (int64_t)x; } \
  THAW_INLINE uint32_t u32_from_##S(T x) { return (uint32_t)x; } \
  THAW_INLINE uint64_t u64_from_##S(T x) { return (uint64_t)x; }
FROM_INTEGER(int64_t, i64)
FROM_INTEGER(uint64_t, u64)

// On its way to a narrower format a whole number keeps one bit for all that is cut off, so that it is rounded once.
THAW_INLINE double double_from_u64(uint64_t x) {
  return (double)(x >> 53 ? (x & ~(uint64_t)0x7ff) | (x & 0x7ff ? 0x800 : 0) : x);
}
THAW_INLINE double double_from_i64(int64_t x) {
  return x < 0 ? -double_from_u64(0 - (uint64_t)x) : double_from_u64((uint64_t)x);
}

THAW_INLINE uint8_t sign_extended(int32_t value, int bits) {
  return (uint8_t)(int8_t)((int32_t)((uint32_t)value << (32 - bits)) >> (32 - bits));
}

// Rows ----------------------------------------------------------------------------------------------------------------

#define STORES(number, T, expression) \
  case number: { \
    T *restrict to = (T *)out; \
    for (int64_t i = 0; i < n; i++) { \
      const __typeof__(*in) x = in[i]; \
      to[i] = (T)(expression); \
    } \
    return; \
  }
#define STORE(C, S) \
  THAW_CLONES static void store_##S(const thaw_conversion *c, int64_t n, const C *restrict in, char *out) { \
    const int saturates = c->saturate; \
    switch (c->to) { \
      STORES(TYPE_FLOAT32, float, x) \
      STORES(TYPE_FLOAT64, double, x) \
      STORES(TYPE_INT8, uint8_t, i32_from_##S(x)) \
      STORES(TYPE_UINT8, uint8_t, i32_from_##S(x)) \
      STORES(TYPE_INT16, uint16_t, i32_from_##S(x)) \
      STORES(TYPE_UINT16, uint16_t, i32_from_##S(x)) \
      STORES(TYPE_INT32, int32_t, i32_from_##S(x)) \
      STORES(TYPE_UINT32, uint32_t, u32_from_##S(x)) \
      STORES(TYPE_INT64, int64_t, i64_from_##S(x)) \
      STORES(TYPE_UINT64, uint64_t, u64_from_##S(x)) \
      STORES(TYPE_BOOL, uint8_t, x != 0) \
      STORES(TYPE_UINT4, uint8_t, i32_from_##S(x) & 15) \
      STORES(TYPE_INT4, uint8_t, sign_extended(i32_from_##S(x), 4)) \
      STORES(TYPE_UINT2, uint8_t, i32_from_##S(x) & 3) \
      STORES(TYPE_INT2, uint8_t, sign_extended(i32_from_##S(x), 2)) \
      STORES(TYPE_FLOAT16, uint16_t, TO_FLOAT16(S, x)) \
      STORES(TYPE_BFLOAT16, uint16_t, TO_BFLOAT16(S, x)) \
      STORES(TYPE_FLOAT8E4M3FN, uint8_t, encode(&float8e4m3fn, double_from_##S(x), saturates)) \
      STORES(TYPE_FLOAT8E4M3FNUZ, uint8_t, encode(&float8e4m3fnuz, double_from_##S(x), saturates)) \
      STORES(TYPE_FLOAT8E5M2, uint8_t, encode(&float8e5m2, double_from_##S(x), saturates)) \
      STORES(TYPE_FLOAT8E5M2FNUZ, uint8_t, encode(&float8e5m2fnuz, double_from_##S(x), saturates)) \
      STORES(TYPE_FLOAT4E2M1, uint8_t, encode(&float4e2m1, double_from_##S(x), 1)) \
      STORES(TYPE_FLOAT8E8M0, uint8_t, encode_e8m0(double_from_##S(x), saturates)) \
    default: return; \
    } \
  }
#define TO_FLOAT16(S, x) encode_f16(x)
#define TO_BFLOAT16(S, x) encode_bf16(x)
STORE(float, f32)
#undef TO_FLOAT16
#undef TO_BFLOAT16
#define TO_FLOAT16(S, x) encode(&float16, double_from_##S(x), 0)
#define TO_BFLOAT16(S, x) encode(&bfloat16, double_from_##S(x), 0)
STORE(double, f64)
STORE(int64_t, i64)
STORE(uint64_t, u64)

#define LOADS(number, T, expression) \
  case number: \
    if (stride == sizeof(T)) { \
      for (int64_t i = 0; i < n; i++) { \
        const T x = ((const T *)in)[i]; \
        out[i] = (expression); \
      } \
    } else { \
      for (int64_t i = 0; i < n; i++) { \
        const T x = *(const T *)(in + i * stride); \
        out[i] = (expression); \
      } \
    } \
    return;

THAW_CLONES static void load_f32(int32_t from, int64_t n, const char *in, int64_t stride, float *restrict out) {
  switch (from) {
    LOADS(TYPE_FLOAT32, float, x)
    LOADS(TYPE_FLOAT16, uint16_t, decode_f16(x))
    LOADS(TYPE_BFLOAT16, uint16_t, f32_from_bits((uint32_t)x << 16))
    LOADS(TYPE_FLOAT8E4M3FN, uint8_t, decode(&float8e4m3fn, x))
    LOADS(TYPE_FLOAT8E4M3FNUZ, uint8_t, decode(&float8e4m3fnuz, x))
    LOADS(TYPE_FLOAT8E5M2, uint8_t, decode(&float8e5m2, x))
    LOADS(TYPE_FLOAT8E5M2FNUZ, uint8_t, decode(&float8e5m2fnuz, x))
    LOADS(TYPE_FLOAT4E2M1, uint8_t, decode(&float4e2m1, x))
    LOADS(TYPE_FLOAT8E8M0, uint8_t, decode_e8m0(x))
  }
}

THAW_CLONES static void load_f64(int64_t n, const char *in, int64_t stride, double *restrict out) {
  for (int64_t i = 0; i < n; i++) out[i] = *(const double *)(in + i * stride);
}

THAW_CLONES static void load_u64(int64_t n, const char *in, int64_t stride, uint64_t *restrict out) {
  for (int64_t i = 0; i < n; i++) out[i] = *(const uint64_t *)(in + i * stride);
}

THAW_CLONES static void load_i64(int32_t from, int64_t n, const char *in, int64_t stride, int64_t *restrict out) {
  switch (from) {
    LOADS(TYPE_INT8, int8_t, x)
    LOADS(TYPE_UINT8, uint8_t, x)
    LOADS(TYPE_INT16, int16_t, x)
    LOADS(TYPE_UINT16, uint16_t, x)
    LOADS(TYPE_INT32, int32_t, x)
    LOADS(TYPE_UINT32, uint32_t, x)
    LOADS(TYPE_INT64, int64_t, x)
    LOADS(TYPE_BOOL, uint8_t, x != 0)
    LOADS(TYPE_UINT4, uint8_t, x & 15)
    LOADS(TYPE_INT4, uint8_t, (int8_t)sign_extended(x, 4))
    LOADS(TYPE_UINT2, uint8_t, x & 3)
    LOADS(TYPE_INT2, uint8_t, (int8_t)sign_extended(x, 2))
  }
}

// What holds a type exactly; 0 for types that are not converted.
static int32_t carrier(int32_t dtype) {
  switch (dtype) {
  case TYPE_FLOAT32:
  case TYPE_FLOAT16:
  case TYPE_BFLOAT16:
  case TYPE_FLOAT8E4M3FN:
  case TYPE_FLOAT8E4M3FNUZ:
  case TYPE_FLOAT8E5M2:
  case TYPE_FLOAT8E5M2FNUZ:
  case TYPE_FLOAT4E2M1:
  case TYPE_FLOAT8E8M0: return TYPE_FLOAT32;
  case TYPE_FLOAT64: return TYPE_FLOAT64;
  case TYPE_UINT64: return TYPE_UINT64;
  case TYPE_INT8:
  case TYPE_UINT8:
  case TYPE_INT16:
  case TYPE_UINT16:
  case TYPE_INT32:
  case TYPE_UINT32:
  case TYPE_INT64:
  case TYPE_BOOL:
  case TYPE_UINT4:
  case TYPE_INT4:
  case TYPE_UINT2:
  case TYPE_INT2: return TYPE_INT64;
  default: return 0;
  }
}

int32_t thaw_convertible(int32_t dtype) { return carrier(dtype) != 0; }

void thaw_convert_row(const void *context, int64_t n, char *const *pointers, const int64_t *strides) {
  const thaw_conversion *c = context;
  union {
    float f32[BLOCK];
    double f64[BLOCK];
    int64_t i64[BLOCK];
    uint64_t u64[BLOCK];
  } block;
  const int32_t through = carrier(c->from);
  for (int64_t start = 0; start < n; start += BLOCK) {
    const int64_t count = n - start < BLOCK ? n - start : BLOCK;
    const char *in = pointers[0] + start * strides[0];
    char *out = pointers[1] + start * strides[1];
    switch (through) {
    case TYPE_FLOAT32:
      load_f32(c->from, count, in, strides[0], block.f32);
      store_f32(c, count, block.f32, out);
      break;
    case TYPE_FLOAT64:
      load_f64(count, in, strides[0], block.f64);
      store_f64(c, count, block.f64, out);
      break;
    case TYPE_UINT64:
      load_u64(count, in, strides[0], block.u64);
      store_u64(c, count, block.u64, out);
      break;
    default:
      load_i64(c->from, count, in, strides[0], block.i64);
      store_i64(c, count, block.i64, out);
    }
  }
}
