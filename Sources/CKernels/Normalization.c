#include "Clones.h"
#include "Types.h"
#include <math.h>

// Statistics are float64 sums in 8 lanes, joined in order.
#define LANES 8
#define SUM_ROW(T, n, expression, result) \
  { \
    double lanes[LANES] = {0}; \
    int64_t i = 0; \
    for (; i + LANES <= (n); i += LANES) \
      for (int j = 0; j < LANES; j++) { \
        const int64_t e = i + j; \
        lanes[j] += (expression); \
      } \
    for (; i < (n); i++) { \
      const int64_t e = i; \
      lanes[0] += (expression); \
    } \
    for (int j = 0; j < LANES; j++) result += lanes[j]; \
  }

#define BATCH(T, S) \
  THAW_CLONES static void batch_##S(const thaw_batch_normalization *q, void *const *o, int64_t begin, int64_t end) { \
    const int64_t n = q->spatial, step = q->channels * n, count = q->batch * n; \
    const int forward = q->mode < 2, training = q->mode == 1 || q->mode == 3; \
    const T *x = forward ? o[0] : o[1], *dy = forward ? 0 : o[0]; \
    const T *scale = forward ? o[1] : o[2]; \
    for (int64_t c = begin; c < end; c++) { \
      double mean = 0, variance = 0; \
      if (q->mode == 1) { \
        for (int64_t b = 0; b < q->batch; b++) { \
          const T *from = x + b * step + c * n; \
          SUM_ROW(T, n, from[e], mean) \
        } \
        mean /= (double)count; \
        for (int64_t b = 0; b < q->batch; b++) { \
          const T *from = x + b * step + c * n; \
          SUM_ROW(T, n, (from[e] - mean) * (from[e] - mean), variance) \
        } \
        variance /= (double)count; \
        ((T *)o[4])[c] = (T)mean; \
        ((T *)o[5])[c] = (T)variance; \
      } else { \
        mean = ((const T *)o[3])[c]; \
        variance = ((const T *)o[4])[c]; \
      } \
      const double inverse = 1 / sqrt(variance + q->epsilon); \
      if (forward) { \
        const T factor = (T)(scale[c] * inverse), center = (T)mean, bias = ((const T *)o[2])[c]; \
        T *y = q->mode == 1 ? o[3] : o[5]; \
        for (int64_t b = 0; b < q->batch; b++) { \
          const T *restrict from = x + b * step + c * n; \
          T *restrict to = y + b * step + c * n; \
          for (int64_t e = 0; e < n; e++) to[e] = (from[e] - center) * factor + bias; \
        } \
        continue; \
      } \
      double sum = 0, product = 0; \
      for (int64_t b = 0; b < q->batch; b++) { \
        const T *from = x + b * step + c * n, *by = dy + b * step + c * n; \
        SUM_ROW(T, n, by[e], sum) \
        SUM_ROW(T, n, by[e] * (from[e] - mean), product) \
      } \
      product *= inverse; \
      if (o[5]) { \
        const double factor = scale[c] * inverse; \
        const double constant = training ? sum / (double)count : 0; \
        const double slope = training ? product * inverse / (double)count : 0; \
        for (int64_t b = 0; b < q->batch; b++) { \
          const T *restrict from = x + b * step + c * n; \
          const T *restrict by = dy + b * step + c * n; \
          T *restrict to = (T *)o[5] + b * step + c * n; \
          for (int64_t e = 0; e < n; e++) to[e] = (T)(factor * (by[e] - constant - slope * (from[e] - mean))); \
        } \
      } \
      if (o[6]) ((T *)o[6])[c] = (T)product; \
      if (o[7]) ((T *)o[7])[c] = (T)sum; \
    } \
  }
THAW_FLOAT_TYPES(BATCH)

int32_t thaw_normalize_batch(const thaw_batch_normalization *q, void *const *operands, int64_t begin, int64_t end) {
  switch (q->dtype) {
  case TYPE_FLOAT32: batch_f32(q, operands, begin, end); return 1;
  case TYPE_FLOAT64: batch_f64(q, operands, begin, end); return 1;
  default: return 0;
  }
}

#define LAYER(T, S) \
  THAW_CLONES static void layer_forward_##S(const thaw_layer_normalization *q, void *const *o, int64_t begin, \
                                            int64_t end) { \
    const int64_t n = q->columns; \
    const T *restrict scale = o[1]; \
    const T *restrict bias = o[2]; \
    for (int64_t r = begin; r < end; r++) { \
      const T *restrict x = (const T *)o[0] + r * n; \
      T *restrict y = (T *)o[3] + r * n; \
      double mean = 0, variance = 0; \
      SUM_ROW(T, n, x[e], mean) \
      mean /= (double)n; \
      SUM_ROW(T, n, (x[e] - mean) * (x[e] - mean), variance) \
      const double inverse = 1 / sqrt(variance / (double)n + q->epsilon); \
      const T center = (T)mean, factor = (T)inverse; \
      if (bias) \
        for (int64_t e = 0; e < n; e++) y[e] = (x[e] - center) * factor * scale[e] + bias[e]; \
      else \
        for (int64_t e = 0; e < n; e++) y[e] = (x[e] - center) * factor * scale[e]; \
      if (o[4]) ((T *)o[4])[r] = center; \
      if (o[5]) ((T *)o[5])[r] = factor; \
    } \
  } \
  THAW_CLONES static void layer_backward_##S(const thaw_layer_normalization *q, void *const *o, int64_t begin, \
                                             int64_t end) { \
    const int64_t n = q->columns; \
    const T *restrict scale = o[2]; \
    for (int64_t r = begin; r < end; r++) { \
      const T *restrict dy = (const T *)o[0] + r * n; \
      const T *restrict x = (const T *)o[1] + r * n; \
      T *restrict dx = (T *)o[5] + r * n; \
      const double mean = ((const T *)o[3])[r], inverse = ((const T *)o[4])[r]; \
      double sum = 0, product = 0; \
      SUM_ROW(T, n, (double)dy[e] * scale[e], sum) \
      SUM_ROW(T, n, (double)dy[e] * scale[e] * (x[e] - mean), product) \
      const double constant = sum / (double)n, slope = product * inverse * inverse / (double)n; \
      for (int64_t e = 0; e < n; e++) \
        dx[e] = (T)(inverse * ((double)dy[e] * scale[e] - constant - slope * (x[e] - mean))); \
    } \
  } \
  THAW_CLONES static void layer_sums_##S(const thaw_layer_normalization *q, void *const *o, int64_t begin, int64_t end, \
                                         double *restrict sums) { \
    const int64_t n = q->columns; \
    for (int64_t e = 0; e < 2 * n; e++) sums[e] = 0; \
    for (int64_t r = begin; r < end; r++) { \
      const T *restrict dy = (const T *)o[0] + r * n; \
      const T *restrict x = (const T *)o[1] + r * n; \
      const double mean = ((const T *)o[3])[r], inverse = ((const T *)o[4])[r]; \
      for (int64_t e = 0; e < n; e++) { \
        sums[e] += dy[e] * (x[e] - mean) * inverse; \
        sums[n + e] += dy[e]; \
      } \
    } \
  }
THAW_FLOAT_TYPES(LAYER)

int32_t thaw_normalize_layer(const thaw_layer_normalization *q, int32_t backward, void *const *operands, int64_t begin,
                             int64_t end) {
  switch (q->dtype) {
  case TYPE_FLOAT32: (backward ? layer_backward_f32 : layer_forward_f32)(q, operands, begin, end); return 1;
  case TYPE_FLOAT64: (backward ? layer_backward_f64 : layer_forward_f64)(q, operands, begin, end); return 1;
  default: return 0;
  }
}

int32_t thaw_normalize_layer_sums(const thaw_layer_normalization *q, void *const *operands, int64_t begin, int64_t end,
                                  double *sums) {
  switch (q->dtype) {
  case TYPE_FLOAT32: layer_sums_f32(q, operands, begin, end, sums); return 1;
  case TYPE_FLOAT64: layer_sums_f64(q, operands, begin, end, sums); return 1;
  default: return 0;
  }
}
