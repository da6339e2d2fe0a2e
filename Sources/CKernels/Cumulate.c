#include "Clones.h"
#include "Types.h"

// Running sums or products along the middle axis of (outer, length, inner), the outer ones [begin, end).
#define CUMULATE(T, S, U) \
  THAW_CLONES static void cumulate_##S(const thaw_cumulation *r, const T *x, T *y, int64_t begin, int64_t end) { \
    const int64_t inner = r->inner, step = r->reverse ? -inner : inner; \
    for (int64_t o = begin; o < end; o++) { \
      const int64_t first = o * r->length * inner + (r->reverse ? (r->length - 1) * inner : 0); \
      for (int64_t i = 0; i < r->length; i++) { \
        const T *from = x + first + (r->exclusive ? i - 1 : i) * step; \
        T *to = y + first + i * step; \
        if (i == 0) \
          for (int64_t j = 0; j < inner; j++) to[j] = r->exclusive ? (T)r->is_product : from[j]; \
        else if (r->is_product) \
          for (int64_t j = 0; j < inner; j++) to[j] = (T)((U)to[j - step] * (U)from[j]); \
        else \
          for (int64_t j = 0; j < inner; j++) to[j] = (T)((U)to[j - step] + (U)from[j]); \
      } \
    } \
  }
#define FLOAT_CUMULATE(T, S) CUMULATE(T, S, T)
#define INTEGER_CUMULATE(T, S) CUMULATE(T, S, uint64_t)
THAW_FLOAT_TYPES(FLOAT_CUMULATE)
THAW_INTEGER_TYPES(INTEGER_CUMULATE)

int32_t thaw_cumulate(const thaw_cumulation *r, const void *x, void *y, int64_t begin, int64_t end) {
  switch (r->dtype) {
  case TYPE_FLOAT32: cumulate_f32(r, x, y, begin, end); return 1;
  case TYPE_FLOAT64: cumulate_f64(r, x, y, begin, end); return 1;
  case TYPE_INT32: cumulate_i32(r, x, y, begin, end); return 1;
  case TYPE_INT64: cumulate_i64(r, x, y, begin, end); return 1;
  case TYPE_UINT64: cumulate_u64(r, x, y, begin, end); return 1;
  default: return 0;
  }
}
