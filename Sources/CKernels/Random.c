#include "Clones.h"
#include "Types.h"

// Philox4x32-10 (Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3; 2011). One counter gives one
// element: the first two of its four words are used.
THAW_INLINE uint64_t philox(uint64_t counter, uint64_t seed) {
  uint32_t c0 = (uint32_t)counter, c1 = (uint32_t)(counter >> 32), c2 = 0, c3 = 0;
  uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
  for (int round = 0; round < 10; round++) {
    const uint64_t a = (uint64_t)0xd2511f53u * c0, b = (uint64_t)0xcd9e8d57u * c2;
    c0 = (uint32_t)(b >> 32) ^ c1 ^ k0;
    c1 = (uint32_t)b;
    c2 = (uint32_t)(a >> 32) ^ c3 ^ k1;
    c3 = (uint32_t)a;
    k0 += 0x9e3779b9u;
    k1 += 0xbb67ae85u;
  }
  return (uint64_t)c1 << 32 | c0;
}

THAW_CLONES static void fill_f32(uint64_t seed, uint64_t offset, double low, double span, int64_t begin, int64_t end,
  float *out) {
#pragma STDC FP_CONTRACT OFF
  for (int64_t i = begin; i < end; i++) {
    const float unit = (float)(int32_t)((uint32_t)philox(offset + (uint64_t)i, seed) >> 8) * 0x1p-24f;
    out[i] = unit * (float)span + (float)low;
  }
}

THAW_CLONES static void fill_f64(uint64_t seed, uint64_t offset, double low, double span, int64_t begin, int64_t end,
  double *out) {
#pragma STDC FP_CONTRACT OFF
  for (int64_t i = begin; i < end; i++) {
    const double unit = (double)(int64_t)(philox(offset + (uint64_t)i, seed) >> 11) * 0x1p-53;
    out[i] = unit * span + low;
  }
}

int32_t thaw_random_uniform(int32_t dtype, uint64_t seed, uint64_t offset, double low, double span, int64_t begin,
  int64_t end, void *out) {
  switch (dtype) {
  case TYPE_FLOAT32: fill_f32(seed, offset, low, span, begin, end, out); return 1;
  case TYPE_FLOAT64: fill_f64(seed, offset, low, span, begin, end, out); return 1;
  default: return 0;
  }
}
