#include "Clones.h"
#include "Types.h"
#include <string.h>

THAW_INLINE int64_t index_at(const char *indices, int64_t i, int32_t size, int64_t length) {
  const int64_t index = size == 8 ? ((const int64_t *)indices)[i] : ((const int32_t *)indices)[i];
  return index < 0 ? index + length : index;
}

void thaw_gather(const thaw_slices *s, const void *data, const void *indices, void *out, int64_t begin, int64_t end) {
  const int64_t slice = s->inner * s->item_size;
  for (int64_t o = begin; o < end; o++) {
    const char *from = (const char *)data + o * s->length * slice;
    char *to = (char *)out + o * s->index_count * slice;
    for (int64_t i = 0; i < s->index_count; i++, to += slice) {
      const char *item = from + index_at(indices, i, s->index_size, s->length) * slice;
      switch (slice) {
      case 4: memcpy(to, item, 4); break;
      case 8: memcpy(to, item, 8); break;
      default: memcpy(to, item, (size_t)slice);
      }
    }
  }
}

// What the functions of ScatterReduction do to a target t and an update u.
#define REDUCE_CASES(T, U, APPLY) \
  case 1: APPLY((T)((U)t + (U)u)); break; \
  case 2: APPLY((T)((U)t * (U)u)); break; \
  case 3: APPLY(t > u || t != t ? t : u); break; \
  case 4: APPLY(t < u || t != t ? t : u); break;

#define SCATTER(T, S, U) \
  THAW_CLONES static void scatter_slice_##S(int32_t reduction, int64_t n, const T *restrict from, T *restrict to) { \
    switch (reduction) { REDUCE_CASES(T, U, SLICE) } \
  }
#define SLICE(expression) \
  for (int64_t j = 0; j < n; j++) { \
    const __typeof__(*to) t = to[j], u = from[j]; \
    to[j] = (expression); \
  }
#define FLOAT_SCATTER(T, S) SCATTER(T, S, T)
#define INTEGER_SCATTER(T, S) SCATTER(T, S, uint64_t)
THAW_FLOAT_TYPES(FLOAT_SCATTER)
THAW_INTEGER_TYPES(INTEGER_SCATTER)

int32_t thaw_scatter(const thaw_slices *s, const void *updates, const void *indices, void *out, int64_t begin,
                     int64_t end) {
  const int64_t slice = s->inner * s->item_size;
  for (int64_t o = begin; o < end; o++) {
    const char *from = (const char *)updates + o * s->index_count * slice;
    char *to = (char *)out + o * s->length * slice;
    for (int64_t i = 0; i < s->index_count; i++, from += slice) {
      char *item = to + index_at(indices, i, s->index_size, s->length) * slice;
      if (s->reduction == 0) {
        memcpy(item, from, (size_t)slice);
        continue;
      }
      switch (s->dtype) {
      case TYPE_FLOAT32: scatter_slice_f32(s->reduction, s->inner, (const float *)from, (float *)item); break;
      case TYPE_FLOAT64: scatter_slice_f64(s->reduction, s->inner, (const double *)from, (double *)item); break;
      case TYPE_INT32: scatter_slice_i32(s->reduction, s->inner, (const int32_t *)from, (int32_t *)item); break;
      case TYPE_INT64: scatter_slice_i64(s->reduction, s->inner, (const int64_t *)from, (int64_t *)item); break;
      case TYPE_UINT64: scatter_slice_u64(s->reduction, s->inner, (const uint64_t *)from, (uint64_t *)item); break;
      default: return 0;
      }
    }
  }
  return 1;
}

void thaw_gather_elements_row(const void *context, int64_t n, char *const *p, const int64_t *s) {
  const thaw_elements *e = context;
  for (int64_t i = 0; i < n; i++) {
    const int64_t index = index_at(p[1] + i * s[1], 0, e->index_size, e->length);
    const char *item = p[0] + i * s[0] + index * e->axis_stride;
    char *to = p[2] + i * s[2];
    switch (e->item_size) {
    case 1: *to = *item; break;
    case 4: memcpy(to, item, 4); break;
    case 8: memcpy(to, item, 8); break;
    default: memcpy(to, item, (size_t)e->item_size);
    }
  }
}

#define STORE(expression) *target = (expression)
#define SCATTER_ELEMENT(number, T, U) \
  case number: { \
    T *target = (T *)item; \
    const T t = *target, u = *(const T *)from; \
    switch (e->reduction) { REDUCE_CASES(T, U, STORE) } \
    break; \
  }

void thaw_scatter_elements_row(const void *context, int64_t n, char *const *p, const int64_t *s) {
  const thaw_elements *e = context;
  for (int64_t i = 0; i < n; i++) {
    const int64_t index = index_at(p[1] + i * s[1], 0, e->index_size, e->length);
    const char *from = p[0] + i * s[0];
    char *item = p[2] + i * s[2] + index * e->axis_stride;
    if (e->reduction == 0) {
      memcpy(item, from, (size_t)e->item_size);
      continue;
    }
    switch (e->dtype) {
      SCATTER_ELEMENT(TYPE_FLOAT32, float, float)
      SCATTER_ELEMENT(TYPE_FLOAT64, double, double)
      SCATTER_ELEMENT(TYPE_INT32, int32_t, uint32_t)
      SCATTER_ELEMENT(TYPE_INT64, int64_t, uint64_t)
      SCATTER_ELEMENT(TYPE_UINT64, uint64_t, uint64_t)
    }
  }
}

#define BOUNDS(T) \
  { \
    const T *v = values; \
    T low = v[0], high = v[0]; \
    for (int64_t i = 1; i < count; i++) { \
      low = v[i] < low ? v[i] : low; \
      high = v[i] > high ? v[i] : high; \
    } \
    *minimum = low; \
    *maximum = high; \
  }

THAW_CLONES void thaw_index_bounds(const void *values, int64_t count, int32_t dtype, int64_t *minimum,
                                   int64_t *maximum) {
  if (dtype == TYPE_INT32) BOUNDS(int32_t) else BOUNDS(int64_t)
}
