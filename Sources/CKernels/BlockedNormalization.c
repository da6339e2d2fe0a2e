#include "CKernels.h"
#include "Clones.h"

// Normalization of images with their channels in blocks: what one block of one image needs, `count` places of B
// channels. Sums are float32 over short runs and float64 beyond.

#define RUN 128

// Macros, because a function of vectors would depend on the instruction set it is called from.
#define LOAD(B, from, place) (*(const lanes_##B *)((from) + (place) * B))
#define STORE(B, to, place) *(lanes_##B *)((to) + (place) * B)
#define EQUAL_LANES(B, value) ((value) - (lanes_##B){0})
#define CHOOSE(B, mask, a, b) ((lanes_##B)(((mask) & (mask_##B)(a)) | (~(mask) & (mask_##B)(b))))
#define ADD_LANES(B, to, lanes) \
  { \
    const lanes_##B all = lanes; \
    for (int l = 0; l < B; l++) (to)[l] += all[l]; \
  }
// Writes `value`, which sees what DECLARE makes of the place i, to all places: past the caches where they could not hold
// it anyway, and what they do hold is worth more.
#define STORE_EACH(B, to, DECLARE, value) \
  if (q->streams && (uintptr_t)(to) % (B * 4) == 0) { \
    for (int64_t i = 0; i < count; i++) { \
      DECLARE(B, i) \
      __builtin_nontemporal_store(value, (streamed_##B *)((to) + i * B)); \
    } \
    FENCE; \
  } else { \
    for (int64_t i = 0; i < count; i++) { \
      DECLARE(B, i) \
      STORE(B, to, i) = value; \
    } \
  }
#ifdef __x86_64__
#define FENCE __builtin_ia32_sfence()
#else
#define FENCE
#endif
#define NORMAL(x) (((x) - center) * factor + bias)

// What becomes of a normalized y, and of the gradient behind that; NaN stays, and a clip's gradient passes at its bounds.
#define IDENTITY(B, y) (y)
#define IDENTITY_GRADIENT(B, y, dy) (dy)
#define RELU(B, y) CHOOSE(B, (y) < 0, (lanes_##B){0}, y)
#define RELU_GRADIENT(B, y, dy) CHOOSE(B, (y) > 0, dy, (lanes_##B){0})
#define CLIP_BELOW(B, y) CHOOSE(B, (y) > upper, upper, y)
#define CLIP(B, y) CLIP_BELOW(B, CHOOSE(B, (y) < lower, lower, y))
#define CLIP_GRADIENT(B, y, dy) CHOOSE(B, ((y) < lower) | ((y) > upper), (lanes_##B){0}, dy)

#define CONSTANTS(B) \
  const lanes_##B center = LOAD(B, q->center, 0), factor = LOAD(B, q->factor, 0), bias = LOAD(B, q->bias, 0); \
  const lanes_##B lower = EQUAL_LANES(B, q->lower), upper = EQUAL_LANES(B, q->upper); \
  (void)center, (void)factor, (void)bias, (void)lower, (void)upper;

// Sums of FIRST and of SECOND, which see the place i, in runs.
#define SUM_RUNS(B, DECLARE, FIRST, SECOND) \
  const lanes_##B zero = {0}; \
  for (int l = 0; l < 2 * B; l++) sums[l] = 0; \
  for (int64_t i = 0; i < count;) { \
    const int64_t end = count - i < RUN ? count : i + RUN; \
    lanes_##B first[4] = {zero, zero, zero, zero}, second[4] = {zero, zero, zero, zero}; \
    for (; i + 4 <= end; i += 4) \
      for (int k = 0; k < 4; k++) { \
        DECLARE(B, i + k) \
        first[k] += FIRST; \
        second[k] += SECOND; \
      } \
    for (; i < end; i++) { \
      DECLARE(B, i) \
      first[0] += FIRST; \
      second[0] += SECOND; \
    } \
    ADD_LANES(B, sums, (first[0] + first[1]) + (first[2] + first[3])) \
    ADD_LANES(B, sums + B, (second[0] + second[1]) + (second[2] + second[3])) \
  }

#define SHIFTED(B, place) const lanes_##B d = LOAD(B, x, place) - start;
#define IDENTITY_DECLARE(B, place) GRADIENT_AT(B, place, IDENTITY_GRADIENT)
#define RELU_DECLARE(B, place) GRADIENT_AT(B, place, RELU_GRADIENT)
#define CLIP_DECLARE(B, place) GRADIENT_AT(B, place, CLIP_GRADIENT)
#define GRADIENT_AT(B, place, GRADIENT) \
  const lanes_##B from = LOAD(B, x, place), by = LOAD(B, dy, place), y = NORMAL(from), g = GRADIENT(B, y, by); \
  (void)y;

#define NORMAL_AT(B, place) const lanes_##B from = LOAD(B, x, place), y = NORMAL(from);
#define SUM_AT(B, place) const lanes_##B from = LOAD(B, x, place), y = NORMAL(from) + LOAD(B, addend, place);

#define ACTIVATED(B, name, HOW) \
  THAW_CLONES static void forward_##name##_##B(const thaw_blocked_normalization *q, int64_t count, \
                                               const float *restrict x, const float *restrict addend, \
                                               float *restrict to) { \
    CONSTANTS(B) \
    if (addend) { \
      STORE_EACH(B, to, SUM_AT, HOW(B, y)) \
    } else { \
      STORE_EACH(B, to, NORMAL_AT, HOW(B, y)) \
    } \
  } \
  THAW_CLONES static void sums_##name##_##B(const thaw_blocked_normalization *q, int64_t count, \
                                            const float *restrict dy, const float *restrict x, double *sums) { \
    CONSTANTS(B) \
    SUM_RUNS(B, HOW##_DECLARE, g, g * (from - center)) \
  } \
  THAW_CLONES static void backward_##name##_##B(const thaw_blocked_normalization *q, int64_t count, \
                                                const float *restrict dy, const float *restrict x, \
                                                float *restrict dx) { \
    CONSTANTS(B) \
    const lanes_##B constant = LOAD(B, q->constant, 0), slope = LOAD(B, q->slope, 0); \
    STORE_EACH(B, dx, HOW##_DECLARE, factor * (g - constant - slope * (from - center))) \
  }

#define BLOCKED(B) \
  typedef float lanes_##B __attribute__((vector_size(B * 4), aligned(4))); \
  typedef float streamed_##B __attribute__((vector_size(B * 4))); \
  typedef int32_t mask_##B __attribute__((vector_size(B * 4), aligned(4))); \
  THAW_CLONES static void moments_##B(int64_t count, const float *x, const float *shift, double *sums) { \
    const lanes_##B start = LOAD(B, shift, 0); \
    SUM_RUNS(B, SHIFTED, d, d * d) \
  } \
  ACTIVATED(B, identity, IDENTITY) \
  ACTIVATED(B, relu, RELU) \
  ACTIVATED(B, clip, CLIP)
BLOCKED(8)
BLOCKED(16)

#define DISPATCH(function, ...) \
  switch (q->activation) { \
  case THAW_NORMALIZED_RELU: \
    q->block == 16 ? function##_relu_16(__VA_ARGS__) : function##_relu_8(__VA_ARGS__); \
    break; \
  case THAW_NORMALIZED_CLIP: \
    q->block == 16 ? function##_clip_16(__VA_ARGS__) : function##_clip_8(__VA_ARGS__); \
    break; \
  default: q->block == 16 ? function##_identity_16(__VA_ARGS__) : function##_identity_8(__VA_ARGS__); \
  }

void thaw_blocked_moments(int32_t block, int64_t count, const float *x, const float *shift, double *sums) {
  block == 16 ? moments_16(count, x, shift, sums) : moments_8(count, x, shift, sums);
}

void thaw_blocked_normalize(const thaw_blocked_normalization *q, int64_t count, const float *x, const float *addend,
                            float *y) {
  DISPATCH(forward, q, count, x, addend, y)
}

void thaw_blocked_normalization_sums(const thaw_blocked_normalization *q, int64_t count, const float *dy,
                                     const float *x, double *sums) {
  DISPATCH(sums, q, count, dy, x, sums)
}

void thaw_blocked_normalization_gradient(const thaw_blocked_normalization *q, int64_t count, const float *dy,
                                         const float *x, float *dx) {
  DISPATCH(backward, q, count, dy, x, dx)
}
