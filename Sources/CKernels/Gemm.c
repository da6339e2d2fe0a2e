#include "Clones.h"
#include "Types.h"
#include <string.h>

// A product is made of tiles of TILE_ROWS by PANEL columns. Both operands are packed in the order in which a tile reads
// them: the right one whole, in panels of columns; of the left one a block of rows at a time, on the worker's stack. The
// sum over k is never split between threads, so that results do not depend on their number.
#define TILE_ROWS 6
#define PANEL_BYTES 128                      // a tile's columns
#define DEPTH 256                            // of k at a time: a panel's slice stays in the first cache
#define BLOCK_ROWS (12 * TILE_ROWS)          // of the left operand: a block stays in the second
#define SMALL (16 * 16 * 16)                 // multiplications below which packing does not pay

// acc += left (depth by TILE_ROWS) times right (depth by a panel): 2 vectors of columns at a time, whatever their width.
#define TILE_KERNEL(T, S, ISA, BYTES, ATTRIBUTES) \
  ATTRIBUTES static void tile_##S##_##ISA(int64_t depth, const T *restrict left, const T *restrict right, T *restrict acc) { \
    typedef T vector __attribute__((vector_size(BYTES), aligned(BYTES))); \
    enum { LENGTH = BYTES / sizeof(T), PANEL = PANEL_BYTES / sizeof(T) }; \
    for (int column = 0; column < PANEL; column += 2 * LENGTH) { \
      vector c[TILE_ROWS][2]; \
      for (int i = 0; i < TILE_ROWS; i++) c[i][0] = c[i][1] = (vector){0}; \
      for (int64_t p = 0; p < depth; p++) { \
        const vector *b = (const vector *)(right + p * PANEL + column); \
        const vector b0 = b[0], b1 = b[1]; \
        _Pragma("clang loop unroll(full)") for (int i = 0; i < TILE_ROWS; i++) { \
          const T a = left[p * TILE_ROWS + i]; \
          c[i][0] += a * b0; \
          c[i][1] += a * b1; \
        } \
      } \
      for (int i = 0; i < TILE_ROWS; i++) { \
        vector *out = (vector *)(acc + i * PANEL + column); \
        out[0] = c[i][0]; \
        out[1] = c[i][1]; \
      } \
    } \
  }

#if defined(__x86_64__) && defined(__linux__)
#define TILE_KERNELS(T, S) \
  TILE_KERNEL(T, S, v4, 64, __attribute__((target("arch=x86-64-v4")))) \
  TILE_KERNEL(T, S, v3, 32, __attribute__((target("arch=x86-64-v3")))) \
  TILE_KERNEL(T, S, base, 16, ) \
  static void tile_##S(int64_t depth, const T *left, const T *right, T *acc) { \
    if (__builtin_cpu_supports("x86-64-v4")) tile_##S##_v4(depth, left, right, acc); \
    else if (__builtin_cpu_supports("x86-64-v3")) tile_##S##_v3(depth, left, right, acc); \
    else tile_##S##_base(depth, left, right, acc); \
  }
#else
#define TILE_KERNELS(T, S) \
  TILE_KERNEL(T, S, base, 16, ) \
  static void tile_##S(int64_t depth, const T *left, const T *right, T *acc) { tile_##S##_base(depth, left, right, acc); }
#endif
THAW_FLOAT_TYPES(TILE_KERNELS)

typedef struct {
  const thaw_product *p;
  const void *left, *right;
  void *out, *packed;
  int64_t row_blocks, panel_groups, group;
} gemm;

static int64_t minimum(int64_t a, int64_t b) { return a < b ? a : b; }
static int64_t blocks(int64_t count, int64_t size) { return (count + size - 1) / size; }

// pack_right fills panels [begin, end); a panel holds all of k, padded with zeros to its full width.
#define GEMM(T, S) \
  static void pack_right_##S(void *context, int64_t begin, int64_t end) { \
    const gemm *g = context; \
    const thaw_product *p = g->p; \
    enum { PANEL = PANEL_BYTES / sizeof(T) }; \
    for (int64_t panel = begin; panel < end; panel++) { \
      T *to = (T *)g->packed + panel * p->k * PANEL; \
      const int64_t width = minimum(PANEL, p->n - panel * PANEL); \
      const T *from = (const T *)g->right + panel * PANEL * p->right_column; \
      for (int64_t k = 0; k < p->k; k++, to += PANEL) { \
        const T *row = from + k * p->right_row; \
        if (width == PANEL && p->right_column == 1) { \
          memcpy(to, row, PANEL * sizeof(T)); \
        } else { \
          for (int64_t j = 0; j < width; j++) to[j] = row[j * p->right_column]; \
          for (int64_t j = width; j < PANEL; j++) to[j] = 0; \
        } \
      } \
    } \
  } \
  static void pack_left_##S(const thaw_product *p, const T *left, int64_t row, int64_t rows, int64_t k, int64_t depth, \
                            T *to) { \
    for (int64_t r = 0; r < rows; r += TILE_ROWS, to += TILE_ROWS * depth) { \
      const int64_t height = minimum(TILE_ROWS, rows - r); \
      if (height < TILE_ROWS) memset(to, 0, (size_t)(TILE_ROWS * depth) * sizeof(T)); \
      for (int64_t i = 0; i < height; i++) { \
        const T *from = left + (row + r + i) * p->left_row + k * p->left_column; \
        for (int64_t d = 0; d < depth; d++) to[d * TILE_ROWS + i] = from[d * p->left_column]; \
      } \
    } \
  } \
  static void multiply_blocks_##S(void *context, int64_t begin, int64_t end) { \
    const gemm *g = context; \
    const thaw_product *p = g->p; \
    enum { PANEL = PANEL_BYTES / sizeof(T) }; \
    _Alignas(64) T left[BLOCK_ROWS * DEPTH]; \
    _Alignas(64) T acc[TILE_ROWS * PANEL]; \
    const T alpha = (T)p->alpha; \
    for (int64_t unit = begin; unit < end; unit++) { \
      const int64_t row = unit % g->row_blocks * BLOCK_ROWS, rows = minimum(BLOCK_ROWS, p->m - row); \
      const int64_t first = unit / g->row_blocks * g->group; \
      const int64_t last = minimum(first + g->group, blocks(p->n, PANEL)); \
      for (int64_t k = 0; k < p->k; k += DEPTH) { \
        const int64_t depth = minimum(DEPTH, p->k - k); \
        pack_left_##S(p, g->left, row, rows, k, depth, left); \
        for (int64_t panel = first; panel < last; panel++) { \
          const T *right = (const T *)g->packed + (panel * p->k + k) * PANEL; \
          const int64_t width = minimum(PANEL, p->n - panel * PANEL); \
          for (int64_t r = 0; r < rows; r += TILE_ROWS) { \
            tile_##S(depth, left + r * depth, right, acc); \
            const int64_t height = minimum(TILE_ROWS, rows - r); \
            for (int64_t i = 0; i < height; i++) { \
              T *restrict out = (T *)g->out + (row + r + i) * p->out_stride + panel * PANEL; \
              for (int64_t j = 0; j < width; j++) out[j] += alpha * acc[i * PANEL + j]; \
            } \
          } \
        } \
      } \
    } \
  }
THAW_FLOAT_TYPES(GEMM)

// Without packing, for small products and whole numbers. U is the type that sums are made in, so that they wrap.
#define PLAIN(T, S, U, SCALE) \
  THAW_CLONES static void multiply_plainly_##S(const thaw_product *p, const T *left, const T *right, T *out) { \
    const U alpha = (U)(SCALE)p->alpha; \
    for (int64_t i = 0; i < p->m; i++) { \
      const T *a = left + i * p->left_row; \
      T *restrict c = out + i * p->out_stride; \
      if (p->right_column == 1) { \
        for (int64_t k = 0; k < p->k; k++) { \
          const U factor = alpha * (U)a[k * p->left_column]; \
          const T *restrict b = right + k * p->right_row; \
          for (int64_t j = 0; j < p->n; j++) c[j] = (T)((U)c[j] + factor * (U)b[j]); \
        } \
      } else { \
        for (int64_t j = 0; j < p->n; j++) { \
          const T *b = right + j * p->right_column; \
          U sum = 0; \
          for (int64_t k = 0; k < p->k; k++) sum += (U)a[k * p->left_column] * (U)b[k * p->right_row]; \
          c[j] = (T)((U)c[j] + alpha * sum); \
        } \
      } \
    } \
  } \
  static void start_##S(const thaw_product *p, const T *bias, T *out) { \
    const U beta = (U)(SCALE)p->beta; \
    for (int64_t i = 0; i < p->m; i++) \
      for (int64_t j = 0; j < p->n; j++) \
        out[i * p->out_stride + j] = bias ? (T)(beta * (U)bias[i * p->bias_row + j * p->bias_column]) : 0; \
  }
PLAIN(float, f32, float, float)
PLAIN(double, f64, double, double)
PLAIN(int32_t, i32, uint64_t, int64_t)
PLAIN(int64_t, i64, uint64_t, int64_t)
PLAIN(uint64_t, u64, uint64_t, int64_t)

static int packs(const thaw_product *p) {
  return (p->dtype == TYPE_FLOAT32 || p->dtype == TYPE_FLOAT64) && p->m >= 4 && p->n >= 4 && p->m * p->n * p->k > SMALL;
}

int64_t thaw_multiply_scratch(const thaw_product *p) {
  if (!packs(p)) return 0;
  return blocks(p->n, PANEL_BYTES / (p->dtype == TYPE_FLOAT32 ? 4 : 8)) * PANEL_BYTES * p->k;
}

static void multiply_packed(gemm *g, int64_t panels, int32_t threads, void (*pack)(void *, int64_t, int64_t),
                            void (*multiply)(void *, int64_t, int64_t)) {
  thaw_parallel(panels, 4, threads, pack, g);
  // Few rows leave few blocks: then the panels are shared out too.
  g->row_blocks = blocks(g->p->m, BLOCK_ROWS);
  const int64_t wanted = 4 * threads;
  g->panel_groups = g->row_blocks >= wanted ? 1 : minimum(panels, blocks(wanted, g->row_blocks));
  g->group = blocks(panels, g->panel_groups);
  thaw_parallel(g->row_blocks * blocks(panels, g->group), 1, threads, multiply, g);
}

int32_t thaw_multiply(const thaw_product *p, const void *left, const void *right, const void *bias, void *out,
                      void *scratch, int32_t threads) {
  gemm g = {.p = p, .left = left, .right = right, .out = out, .packed = scratch};
  switch (p->dtype) {
#define CASE_PACKED(number, T, S) \
  case number: \
    if (!p->accumulates) start_##S(p, bias, out); \
    if (packs(p)) \
      multiply_packed(&g, blocks(p->n, PANEL_BYTES / sizeof(T)), threads, pack_right_##S, multiply_blocks_##S); \
    else \
      multiply_plainly_##S(p, left, right, out); \
    return 1;
#define CASE_PLAIN(number, T, S) \
  case number: \
    if (!p->accumulates) start_##S(p, bias, out); \
    multiply_plainly_##S(p, left, right, out); \
    return 1;
    CASE_PACKED(TYPE_FLOAT32, float, f32)
    CASE_PACKED(TYPE_FLOAT64, double, f64)
    CASE_PLAIN(TYPE_INT32, int32_t, i32)
    CASE_PLAIN(TYPE_INT64, int64_t, i64)
    CASE_PLAIN(TYPE_UINT64, uint64_t, u64)
  default: return 0;
  }
}
