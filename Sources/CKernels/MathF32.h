// Elementary functions of float32 without branches or calls, so that loops over them become vector code. Within 2 units
// in the last place; infinities, NaN and zeros give what the C library gives. The polynomials are minimax fits made for
// this file.
#pragma once
#include "Clones.h"
#include <math.h>
#include <string.h>

THAW_INLINE float thaw_f32_from_bits(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

THAW_INLINE uint32_t thaw_f32_bits(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

// exp x = 2^n exp r with |r| <= ln 2 / 2. 2^n is applied in two factors: n reaches below the normal exponents.
THAW_INLINE float thaw_expf(float x) {
  x = x > 89.0f ? 89.0f : x;
  x = x < -105.0f ? -105.0f : x;
  const float magic = 12582912.0f;  // 1.5 * 2^23: adding it rounds to a whole number
  float shifted = x * 1.44269504f + magic;
  float n = shifted - magic;
  int32_t exponent = (int32_t)(thaw_f32_bits(shifted) - thaw_f32_bits(magic));
  float r = x - n * 0.693359375f;
  r = r - n * -2.12194440e-4f;
  float p = 1.381455767e-3f;
  p = p * r + 8.368735773e-3f;
  p = p * r + 4.166838990e-2f;
  p = p * r + 1.666652048e-1f;
  p = p * r + 4.999999344e-1f;
  p = p * (r * r) + r;
  int32_t half = exponent >> 1;
  float first = thaw_f32_from_bits((uint32_t)(half + 127) << 23);
  float second = thaw_f32_from_bits((uint32_t)(exponent - half + 127) << 23);
  return ((p + 1.0f) * first) * second;
}

// log x = k ln 2 + log(1 + f) with 1 + f in [sqrt 1/2, sqrt 2].
THAW_INLINE float thaw_logf(float x) {
  int tiny = x < 1.17549435e-38f;
  float scaled = tiny ? x * 8388608.0f : x;
  uint32_t bits = thaw_f32_bits(scaled) + (0x3f800000u - 0x3f3504f3u);
  int32_t k = (int32_t)(bits >> 23) - 127 - (tiny ? 23 : 0);
  float f = thaw_f32_from_bits((bits & 0x007fffffu) + 0x3f3504f3u) - 1.0f;
  float p = -7.634429908e-2f;
  p = p * f + 1.276155036e-1f;
  p = p * f + -1.316019505e-1f;
  p = p * f + 1.420176247e-1f;
  p = p * f + -1.662335648e-1f;
  p = p * f + 2.000122667e-1f;
  p = p * f + -2.500082106e-1f;
  p = p * f + 3.333333171e-1f;
  float square = f * f;
  float tail = p * f * square + (float)k * -2.12194440e-4f;
  float result = (f - (0.5f * square - tail)) + (float)k * 0.693359375f;
  result = x == INFINITY ? x : result;
  result = x == 0.0f ? -INFINITY : result;
  return x < 0.0f || x != x ? NAN : result;
}

// log(1 + x) for x >= 0: the rounding of 1 + x is put back.
THAW_INLINE float thaw_log1pf(float x) {
  float u = 1.0f + x;
  float correction = (x - (u - 1.0f)) / u;
  return u == INFINITY ? u : thaw_logf(u) + correction;
}

THAW_INLINE float thaw_tanhf(float x) {
  float a = __builtin_fabsf(x);
  float s = x * x;
  float p = -5.704978373e-3f;
  p = p * s + 2.063907874e-2f;
  p = p * s + -5.373971216e-2f;
  p = p * s + 1.333144216e-1f;
  p = p * s + -3.333328194e-1f;
  float small = p * s * a + a;
  float large = 1.0f - 2.0f / (thaw_expf(2.0f * a) + 1.0f);
  return __builtin_copysignf(a < 0.625f ? small : large, x);
}

THAW_INLINE float thaw_sigmoidf(float x) {
  float e = thaw_expf(-__builtin_fabsf(x));
  return (x >= 0.0f ? 1.0f : e) / (1.0f + e);
}

// exp x - 1. By tanh: exp x - 1 = 2 t / (1 - t), t = tanh(x / 2), where the difference would cancel.
THAW_INLINE float thaw_expm1f(float x) {
  float t = thaw_tanhf(0.5f * x);
  float small = 2.0f * t / (1.0f - t);
  return __builtin_fabsf(x) < 1.0f ? small : thaw_expf(x) - 1.0f;
}

// Near 0 a polynomial, from 0.95 on 1 - exp(log erfc |x|), whose error shrinks with erfc.
THAW_INLINE float thaw_erff(float x) {
  float a = __builtin_fabsf(x);
  float s = x * x;
  float p = 8.185090773e-5f;
  p = p * s + -8.097702727e-4f;
  p = p * s + 5.196952021e-3f;
  p = p * s + -2.685770507e-2f;
  p = p * s + 1.128366400e-1f;
  p = p * s + -3.761263161e-1f;
  p = p * s + 1.283791664e-1f;
  float small = p * x + x;
  float b = a > 4.05f ? 4.05f : a;
  float q = -2.241759968e-7f;
  q = q * b + -1.850256419e-5f;
  q = q * b + 4.219646743e-4f;
  q = q * b + -4.138620488e-3f;
  q = q * b + 2.507083450e-2f;
  q = q * b + -1.082389560e-1f;
  q = q * b + -6.333637692e-1f;
  q = q * b + -1.129513816e+0f;
  q = q * b + 1.755789120e-4f;
  float large = __builtin_copysignf(1.0f - thaw_expf(q), x);
  return a < 0.95f ? small : large;
}
