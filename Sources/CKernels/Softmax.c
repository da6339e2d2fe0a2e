#include "MathF32.h"
#include "Types.h"
#include <math.h>

// Rows are done 16 lanes at a time where they lie together, else in columns side by side. A row that holds NaN, or
// infinity as its maximum, becomes NaN.
#define LANES 16
#define COLUMNS 64
#define BLOCK 512  // elements whose exponentials are summed in their own type

THAW_INLINE float exp_f32(float x) { return thaw_expf(x); }
THAW_INLINE double exp_f64(double x) { return exp(x); }

#define LARGER(a, x) ((x) > (a) || (x) != (x) ? (x) : (a))

#define SOFTMAX(T, S) \
  THAW_CLONES static void forward_row_##S(int is_log, int64_t n, const T *restrict x, T *restrict y) { \
    T top[LANES]; \
    for (int j = 0; j < LANES; j++) top[j] = (T)-INFINITY; \
    int64_t i = 0; \
    for (; i + LANES <= n; i += LANES) \
      for (int j = 0; j < LANES; j++) top[j] = LARGER(top[j], x[i + j]); \
    for (; i < n; i++) top[0] = LARGER(top[0], x[i]); \
    T maximum = top[0]; \
    for (int j = 1; j < LANES; j++) maximum = LARGER(maximum, top[j]); \
    double sum = 0; \
    i = 0; \
    for (; i + LANES <= n;) { \
      const int64_t end = n - i < BLOCK ? n - (n - i) % LANES : i + BLOCK; \
      T sums[LANES] = {0}; \
      if (is_log) \
        for (; i < end; i += LANES) \
          for (int j = 0; j < LANES; j++) sums[j] += exp_##S(x[i + j] - maximum); \
      else \
        for (; i < end; i += LANES) \
          for (int j = 0; j < LANES; j++) { \
            const T e = exp_##S(x[i + j] - maximum); \
            y[i + j] = e; \
            sums[j] += e; \
          } \
      for (int j = 0; j < LANES; j++) sum += sums[j]; \
    } \
    for (; i < n; i++) { \
      const T e = exp_##S(x[i] - maximum); \
      if (!is_log) y[i] = e; \
      sum += e; \
    } \
    if (is_log) { \
      const T shift = (T)log(sum); \
      for (i = 0; i < n; i++) y[i] = (x[i] - maximum) - shift; \
    } else { \
      const T factor = (T)(1 / sum); \
      for (i = 0; i < n; i++) y[i] *= factor; \
    } \
  } \
  THAW_CLONES static void forward_columns_##S(int is_log, int64_t n, int64_t step, int64_t width, const T *x, T *y) { \
    T maximum[COLUMNS]; \
    double sum[COLUMNS] = {0}; \
    for (int64_t j = 0; j < width; j++) maximum[j] = (T)-INFINITY; \
    for (int64_t i = 0; i < n; i++) \
      for (int64_t j = 0; j < width; j++) maximum[j] = LARGER(maximum[j], x[i * step + j]); \
    for (int64_t i = 0; i < n; i++) \
      for (int64_t j = 0; j < width; j++) sum[j] += exp_##S(x[i * step + j] - maximum[j]); \
    for (int64_t j = 0; j < width; j++) sum[j] = is_log ? log(sum[j]) : 1 / sum[j]; \
    for (int64_t i = 0; i < n; i++) \
      for (int64_t j = 0; j < width; j++) { \
        const T shifted = x[i * step + j] - maximum[j]; \
        y[i * step + j] = is_log ? shifted - (T)sum[j] : exp_##S(shifted) * (T)sum[j]; \
      } \
  } \
  THAW_CLONES static void backward_row_##S(int is_log, int64_t n, const T *restrict dy, const T *restrict y, \
                                           T *restrict dx) { \
    double sums[LANES] = {0}; \
    int64_t i = 0; \
    for (; i + LANES <= n; i += LANES) \
      for (int j = 0; j < LANES; j++) sums[j] += is_log ? (double)dy[i + j] : (double)dy[i + j] * y[i + j]; \
    for (; i < n; i++) sums[0] += is_log ? (double)dy[i] : (double)dy[i] * y[i]; \
    double total = 0; \
    for (int j = 0; j < LANES; j++) total += sums[j]; \
    const T sum = (T)total; \
    if (is_log) \
      for (i = 0; i < n; i++) dx[i] = dy[i] - exp_##S(y[i]) * sum; \
    else \
      for (i = 0; i < n; i++) dx[i] = y[i] * (dy[i] - sum); \
  } \
  THAW_CLONES static void backward_columns_##S(int is_log, int64_t n, int64_t step, int64_t width, const T *dy, \
                                               const T *y, T *dx) { \
    double sum[COLUMNS] = {0}; \
    for (int64_t i = 0; i < n; i++) \
      for (int64_t j = 0; j < width; j++) \
        sum[j] += is_log ? (double)dy[i * step + j] : (double)dy[i * step + j] * y[i * step + j]; \
    for (int64_t i = 0; i < n; i++) \
      for (int64_t j = 0; j < width; j++) { \
        const int64_t e = i * step + j; \
        dx[e] = is_log ? dy[e] - exp_##S(y[e]) * (T)sum[j] : y[e] * (dy[e] - (T)sum[j]); \
      } \
  } \
  static void forward_##S(const thaw_softmax *q, const T *x, T *y, int64_t begin, int64_t end) { \
    for (int64_t o = begin; o < end; o++) { \
      const int64_t start = o * q->length * q->inner; \
      if (q->inner == 1) forward_row_##S(q->is_log, q->length, x + start, y + start); \
      else \
        for (int64_t c = 0; c < q->inner; c += COLUMNS) \
          forward_columns_##S(q->is_log, q->length, q->inner, q->inner - c < COLUMNS ? q->inner - c : COLUMNS, \
                              x + start + c, y + start + c); \
    } \
  } \
  static void backward_##S(const thaw_softmax *q, const T *dy, const T *y, T *dx, int64_t begin, int64_t end) { \
    for (int64_t o = begin; o < end; o++) { \
      const int64_t start = o * q->length * q->inner; \
      if (q->inner == 1) backward_row_##S(q->is_log, q->length, dy + start, y + start, dx + start); \
      else \
        for (int64_t c = 0; c < q->inner; c += COLUMNS) \
          backward_columns_##S(q->is_log, q->length, q->inner, q->inner - c < COLUMNS ? q->inner - c : COLUMNS, \
                               dy + start + c, y + start + c, dx + start + c); \
    } \
  }
THAW_FLOAT_TYPES(SOFTMAX)

int32_t thaw_softmax_forward(const thaw_softmax *q, const void *x, void *y, int64_t begin, int64_t end) {
  switch (q->dtype) {
  case TYPE_FLOAT32: forward_f32(q, x, y, begin, end); return 1;
  case TYPE_FLOAT64: forward_f64(q, x, y, begin, end); return 1;
  default: return 0;
  }
}

int32_t thaw_softmax_backward(const thaw_softmax *q, const void *dy, const void *y, void *dx, int64_t begin,
                              int64_t end) {
  switch (q->dtype) {
  case TYPE_FLOAT32: backward_f32(q, dy, y, dx, begin, end); return 1;
  case TYPE_FLOAT64: backward_f64(q, dy, y, dx, begin, end); return 1;
  default: return 0;
  }
}
