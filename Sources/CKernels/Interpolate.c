#include "Clones.h"
#include "Types.h"

// Result i of an axis is the sum of weights[i, t] times the element at places[i, t].
#define INTERPOLATE(T, S) \
  THAW_CLONES static void interpolate_##S(const thaw_interpolation *r, const int64_t *places, const double *weights, \
                                          const T *x, T *y, int64_t begin, int64_t end) { \
    for (int64_t row = begin; row < end; row++) { \
      const int64_t i = row % r->output; \
      const T *from = x + row / r->output * r->input * r->inner; \
      T *restrict to = y + row * r->inner; \
      for (int64_t j = 0; j < r->inner; j++) to[j] = 0; \
      for (int64_t t = i * r->taps; t < (i + 1) * r->taps; t++) { \
        const T weight = (T)weights[t]; \
        const T *restrict item = from + places[t] * r->inner; \
        for (int64_t j = 0; j < r->inner; j++) to[j] += weight * item[j]; \
      } \
    } \
  } \
  THAW_CLONES static void spread_##S(const thaw_interpolation *r, const int64_t *places, const double *weights, \
                                     const T *dy, T *dx, int64_t begin, int64_t end) { \
    for (int64_t j = begin * r->input * r->inner; j < end * r->input * r->inner; j++) dx[j] = 0; \
    for (int64_t row = begin * r->output; row < end * r->output; row++) { \
      const int64_t i = row % r->output; \
      T *to = dx + row / r->output * r->input * r->inner; \
      const T *restrict from = dy + row * r->inner; \
      for (int64_t t = i * r->taps; t < (i + 1) * r->taps; t++) { \
        const T weight = (T)weights[t]; \
        T *restrict item = to + places[t] * r->inner; \
        for (int64_t j = 0; j < r->inner; j++) item[j] += weight * from[j]; \
      } \
    } \
  }
THAW_FLOAT_TYPES(INTERPOLATE)

int32_t thaw_interpolate(const thaw_interpolation *r, const int64_t *places, const double *weights, const void *from,
                         void *to, int64_t begin, int64_t end) {
  switch (r->dtype) {
  case TYPE_FLOAT32:
    (r->backward ? spread_f32 : interpolate_f32)(r, places, weights, from, to, begin, end);
    return 1;
  case TYPE_FLOAT64:
    (r->backward ? spread_f64 : interpolate_f64)(r, places, weights, from, to, begin, end);
    return 1;
  default: return 0;
  }
}
