#include "Clones.h"
#include "Types.h"
#include <string.h>

typedef struct {
  uint64_t low, high;
} item16;

// Moves of items of the sizes that element types have.
#define ITEM_TYPES(X) X(uint8_t, 1) X(uint16_t, 2) X(uint32_t, 4) X(uint64_t, 8) X(item16, 16)

#define COPY(T, N) \
  THAW_CLONES static void copy_##N(int64_t n, const char *in, int64_t si, char *out, int64_t so) { \
    if (so == N && si == 0) { \
      T value = *(const T *)in; \
      for (int64_t i = 0; i < n; i++) ((T *restrict)out)[i] = value; \
    } else { \
      for (int64_t i = 0; i < n; i++) *(T *)(out + i * so) = *(const T *)(in + i * si); \
    } \
  }
ITEM_TYPES(COPY)

static void copy_row(const void *context, int64_t n, char *const *p, const int64_t *s) {
  const int64_t size = *(const int64_t *)context;
  if (s[0] == size && s[1] == size) {
    memcpy(p[1], p[0], (size_t)(n * size));
    return;
  }
  switch (size) {
#define CASE(T, N) \
  case N: copy_##N(n, p[0], s[0], p[1], s[1]); return;
    ITEM_TYPES(CASE)
#undef CASE
  default:
    for (int64_t i = 0; i < n; i++) memcpy(p[1] + i * s[1], p[0] + i * s[0], (size_t)size);
  }
}

thaw_row thaw_copy_row(void) { return copy_row; }

// A tile of both sides stays in the first cache.
#define TILE 16
#define TRANSPOSE(T, N) \
  THAW_INLINE void transpose_edge_##N(int64_t r, int64_t re, int64_t c, int64_t ce, const T *restrict in, int64_t si, \
                                      T *restrict out, int64_t so) { \
    for (int64_t i = r; i < re; i++) \
      for (int64_t j = c; j < ce; j++) out[i * so + j] = in[j * si + i]; \
  } \
  THAW_CLONES static void transpose_##N(int64_t rows, int64_t columns, const T *restrict in, int64_t si, T *restrict out, \
                                        int64_t so) { \
    for (int64_t r = 0; r < rows; r += TILE) { \
      const int64_t re = r + TILE < rows ? r + TILE : rows; \
      for (int64_t c = 0; c < columns; c += TILE) { \
        const int64_t ce = c + TILE < columns ? c + TILE : columns; \
        if (N == 4 && re - r == TILE && ce - c == TILE) \
          transpose_tile((const uint32_t *)in + c * si + r, si, (uint32_t *)out + r * so + c, so); \
        else \
          transpose_edge_##N(r, re, c, ce, in, si, out, so); \
      } \
    } \
  }

// A whole tile of four-byte items: rows are vectors, and pairs of rows exchange their off-diagonal halves, then quarters
// of them, and so on.
typedef uint32_t tile_row __attribute__((ext_vector_type(TILE), aligned(4)));
#define EXCHANGE(d, FIRST, SECOND) \
  for (int i = 0; i < TILE; i++) \
    if (!(i & d)) { \
      const tile_row a = row[i], b = row[i + d]; \
      row[i] = SHUFFLE(a, b, FIRST); \
      row[i + d] = SHUFFLE(a, b, SECOND); \
    }
#define LIST(...) __VA_ARGS__
#define SHUFFLE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)

THAW_INLINE void transpose_tile(const uint32_t *restrict in, int64_t si, uint32_t *restrict out, int64_t so) {
  tile_row row[TILE];
#pragma clang loop unroll(full)
  for (int i = 0; i < TILE; i++) row[i] = *(const tile_row *)(in + i * si);
#pragma clang loop unroll(full)
  EXCHANGE(8, LIST(0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23),
           LIST(8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31))
#pragma clang loop unroll(full)
  EXCHANGE(4, LIST(0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27),
           LIST(4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31))
#pragma clang loop unroll(full)
  EXCHANGE(2, LIST(0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29),
           LIST(2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31))
#pragma clang loop unroll(full)
  EXCHANGE(1, LIST(0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30),
           LIST(1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31))
#pragma clang loop unroll(full)
  for (int i = 0; i < TILE; i++) *(tile_row *)(out + i * so) = row[i];
}
ITEM_TYPES(TRANSPOSE)

int32_t thaw_transpose(int64_t item_size, int64_t rows, int64_t columns, const void *input, int64_t input_stride,
                       void *output, int64_t output_stride) {
  switch (item_size) {
#define CASE(T, N) \
  case N: transpose_##N(rows, columns, input, input_stride, output, output_stride); return 1;
    ITEM_TYPES(CASE)
#undef CASE
  default: return 0;
  }
}

// Contiguous, with a single number in place of one side, or by strides.
#define SELECT(T, N) \
  THAW_CLONES static void select_##N(const void *context, int64_t n, char *const *p, const int64_t *s) { \
    (void)context; \
    const uint8_t *condition = (const uint8_t *)p[0]; \
    const T *a = (const T *)p[1]; \
    const T *b = (const T *)p[2]; \
    T *out = (T *)p[3]; \
    const int dense = s[0] == 1 && s[3] == N && N <= 8; \
    if (dense && s[1] == N && s[2] == N) { \
      THAW_ELEMENTWISE \
      for (int64_t i = 0; i < n; i++) { \
        T x = a[i], y = b[i]; \
        out[i] = condition[i] ? x : y; \
      } \
    } else if (dense && s[1] == N && s[2] == 0) { \
      const T y = *b; \
      THAW_ELEMENTWISE \
      for (int64_t i = 0; i < n; i++) { \
        T x = a[i]; \
        out[i] = condition[i] ? x : y; \
      } \
    } else if (dense && s[1] == 0 && s[2] == N) { \
      const T x = *a; \
      THAW_ELEMENTWISE \
      for (int64_t i = 0; i < n; i++) { \
        T y = b[i]; \
        out[i] = condition[i] ? x : y; \
      } \
    } else { \
      for (int64_t i = 0; i < n; i++) { \
        T x = *(const T *)(p[1] + i * s[1]), y = *(const T *)(p[2] + i * s[2]); \
        *(T *)(p[3] + i * s[3]) = p[0][i * s[0]] ? x : y; \
      } \
    } \
  }
ITEM_TYPES(SELECT)

thaw_row thaw_select_row(int32_t item_size) {
  switch (item_size) {
#define CASE(T, N) \
  case N: return select_##N;
    ITEM_TYPES(CASE)
#undef CASE
  default: return NULL;
  }
}

#define FILL(T, N) \
  THAW_CLONES static void fill_##N(int64_t count, T value, T *out) { \
    for (int64_t i = 0; i < count; i++) out[i] = value; \
  }
FILL(uint32_t, 4)
FILL(uint64_t, 8)

int32_t thaw_fill(int32_t dtype, int64_t count, const void *value, void *out) {
  switch (dtype) {
  case TYPE_FLOAT32:
  case TYPE_INT32: fill_4(count, *(const uint32_t *)value, out); return 1;
  case TYPE_FLOAT64:
  case TYPE_INT64:
  case TYPE_UINT64: fill_8(count, *(const uint64_t *)value, out); return 1;
  default: return 0;
  }
}
