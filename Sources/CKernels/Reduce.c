#include "MathF32.h"
#include "Types.h"
#include <math.h>
#include <stdlib.h>

// A reducer keeps two numbers of 8 bytes for each result: a, the value in the widest type of its kind, and b, which is
// the rounding error of a float64 sum, or an index. Elements go to 16 lanes, joined in order at the end, so that loops
// become vector code whose results depend on the shape alone.
#define LANES 16
#define SHORT 32     // with fewer elements one lane is used
#define COLUMNS 256  // outputs done side by side
#define ROWS 4       // elements of them that are taken at once

typedef struct {
  void (*start)(int64_t n, void *a, void *b);
  // n elements of one output, the first of them number `index`.
  void (*row)(const char *p, int64_t stride, int64_t n, int64_t index, int one_lane, const void *shift, void *a, void *b);
  // `rows` elements of each of n outputs, the first of them number `index`; strides from output to output, row to row.
  void (*columns)(const char *p, int64_t stride, int64_t n, int64_t row_stride, int64_t rows, int64_t index,
                  const void *shifts, void *a, void *b);
  void (*join)(int64_t n, void *a, void *b, const void *a2, const void *b2);
} reducer;

// Neumaier's compensated sum: what a + x loses goes to b.
#define ADD_COMPENSATED(a, b, value) \
  { \
    const double term = (value), sum = a + term, part = sum - a; \
    b += (a - (sum - part)) + (term - part); \
    a = sum; \
  }
#define ADD_PLAIN(a, b, value) a += (value);
#define ADD_WRAPPING(a, b, value) a = (__typeof__(a))((uint64_t)a + (uint64_t)(value));
#define TIMES_PLAIN(a, b, value) a *= (value);
#define TIMES_WRAPPING(a, b, value) a = (__typeof__(a))((uint64_t)a * (uint64_t)(value));
#define LARGER(a, b, value) \
  { \
    const __typeof__(a) v = (__typeof__(a))(value); \
    a = v > a || v != v ? v : a; \
  }
#define SMALLER(a, b, value) \
  { \
    const __typeof__(a) v = (__typeof__(a))(value); \
    a = v < a || v != v ? v : a; \
  }
// (value, index) beats (a, b): NaN is the extreme, and of equals the one with the better index counts. b < 0: none yet.
#define BEATS(value, index, a, b, CLOSER, EARLIER) \
  (b < 0 || value CLOSER a || (value != value && a == a) || \
   ((value == a || (value != value && a != a)) && index EARLIER b))
#define KEEP_EXTREME(a, b, value, index, CLOSER, EARLIER) \
  { \
    const __typeof__(a) v = (__typeof__(a))(value); \
    const int64_t at = (index); \
    const int beats = BEATS(v, at, a, b, CLOSER, EARLIER); \
    a = beats ? v : a; \
    b = beats ? at : b; \
  }

// STEP takes element x, number i, to a and b; JOIN takes a2 and b2 to them.
#define REDUCER(name, T, A, B, a_start, b_start, STEP, JOIN) \
  static void name##_start(int64_t n, void *as, void *bs) { \
    for (int64_t j = 0; j < n; j++) ((A *)as)[j] = (a_start), ((B *)bs)[j] = (b_start); \
  } \
  THAW_CLONES static void name##_row(const char *p, int64_t stride, int64_t n, int64_t index, int one_lane, \
                                     const void *shift_, void *as_, void *bs_) { \
    A *restrict as = as_; \
    B *restrict bs = bs_; \
    const T shift = shift_ ? *(const T *)shift_ : 0; \
    (void)shift, (void)index, (void)bs; \
    int64_t k = 0; \
    if (!one_lane && stride == sizeof(T)) { \
      const T *restrict in = (const T *)p; \
      for (; k + LANES <= n; k += LANES) \
        for (int j = 0; j < LANES; j++) { \
          const T x = in[k + j]; \
          const int64_t i = index + k + j; \
          (void)i; \
          STEP(as[j], bs[j]) \
        } \
    } else if (!one_lane) { \
      for (; k + LANES <= n; k += LANES) \
        for (int j = 0; j < LANES; j++) { \
          const T x = *(const T *)(p + (k + j) * stride); \
          const int64_t i = index + k + j; \
          (void)i; \
          STEP(as[j], bs[j]) \
        } \
    } \
    for (; k < n; k++) { \
      const T x = *(const T *)(p + k * stride); \
      const int64_t i = index + k; \
      (void)i; \
      STEP(as[0], bs[0]) \
    } \
  } \
  THAW_CLONES static void name##_columns(const char *p, int64_t stride, int64_t n, int64_t row_stride, int64_t rows, \
                                         int64_t index, const void *shifts_, void *as_, void *bs_) { \
    A *restrict as = as_; \
    B *restrict bs = bs_; \
    const T *shifts = shifts_; \
    (void)index, (void)bs; \
    int64_t k = 0; \
    if (stride == sizeof(T) && !shifts) { \
      const T shift = 0; \
      (void)shift; \
      for (; k + ROWS <= rows; k += ROWS) { \
        const char *row = p + k * row_stride; \
        for (int64_t j = 0; j < n; j++) { \
          A a = as[j]; \
          B b = bs[j]; \
          for (int r = 0; r < ROWS; r++) { \
            const T x = ((const T *)(row + r * row_stride))[j]; \
            const int64_t i = index + k + r; \
            (void)i; \
            STEP(a, b) \
          } \
          as[j] = a; \
          bs[j] = b; \
        } \
      } \
    } \
    for (; k < rows; k++) { \
      const char *row = p + k * row_stride; \
      const int64_t i = index + k; \
      (void)i; \
      for (int64_t j = 0; j < n; j++) { \
        const T x = *(const T *)(row + j * stride), shift = shifts ? shifts[j] : 0; \
        (void)shift; \
        STEP(as[j], bs[j]) \
      } \
    } \
  } \
  static void name##_join(int64_t n, void *as_, void *bs_, const void *as2_, const void *bs2_) { \
    A *as = as_; \
    B *bs = bs_; \
    const A *as2 = as2_; \
    const B *bs2 = bs2_; \
    (void)bs; \
    for (int64_t j = 0; j < n; j++) { \
      const A a2 = as2[j]; \
      const B b2 = bs2[j]; \
      (void)b2; \
      JOIN(as[j], bs[j]) \
    } \
  }

#define STEP_SUM(a, b) ADD(a, b, x)
#define JOIN_SUM(a, b) \
  ADD(a, b, a2) \
  b += b2;
#define STEP_PRODUCT(a, b) TIMES(a, b, x)
#define JOIN_PRODUCT(a, b) TIMES(a, b, a2)
#define STEP_MAXIMUM(a, b) LARGER(a, b, x)
#define JOIN_MAXIMUM(a, b) LARGER(a, b, a2)
#define STEP_MINIMUM(a, b) SMALLER(a, b, x)
#define JOIN_MINIMUM(a, b) SMALLER(a, b, a2)
#define STEP_SQUARES(a, b) ADD(a, b, (WIDE)x * (WIDE)x)
#define STEP_MAGNITUDES(a, b) ADD(a, b, x < 0 ? -(WIDE)x : (WIDE)x)
#define STEP_EXPONENTIALS(a, b) ADD(a, b, EXP(x - shift))
#define STEP_FIRST_MAXIMUM(a, b) KEEP_EXTREME(a, b, x, i, >, <)
#define JOIN_FIRST_MAXIMUM(a, b) if (b2 >= 0) KEEP_EXTREME(a, b, a2, b2, >, <)
#define STEP_FIRST_MINIMUM(a, b) KEEP_EXTREME(a, b, x, i, <, <)
#define JOIN_FIRST_MINIMUM(a, b) if (b2 >= 0) KEEP_EXTREME(a, b, a2, b2, <, <)
#define STEP_LAST_MAXIMUM(a, b) KEEP_EXTREME(a, b, x, i, >, >)
#define JOIN_LAST_MAXIMUM(a, b) if (b2 >= 0) KEEP_EXTREME(a, b, a2, b2, >, >)
#define STEP_LAST_MINIMUM(a, b) KEEP_EXTREME(a, b, x, i, <, >)
#define JOIN_LAST_MINIMUM(a, b) if (b2 >= 0) KEEP_EXTREME(a, b, a2, b2, <, >)

// W holds T's sums; b of sums has the type E.
#define NUMBER_REDUCERS(T, S, W, E, LOWEST, HIGHEST) \
  REDUCER(sum_##S, T, W, E, 0, 0, STEP_SUM, JOIN_SUM) \
  REDUCER(product_##S, T, W, E, 1, 0, STEP_PRODUCT, JOIN_PRODUCT) \
  REDUCER(maximum_##S, T, W, E, LOWEST, 0, STEP_MAXIMUM, JOIN_MAXIMUM) \
  REDUCER(minimum_##S, T, W, E, HIGHEST, 0, STEP_MINIMUM, JOIN_MINIMUM) \
  REDUCER(squares_##S, T, W, E, 0, 0, STEP_SQUARES, JOIN_SUM) \
  REDUCER(magnitudes_##S, T, W, E, 0, 0, STEP_MAGNITUDES, JOIN_SUM) \
  REDUCER(first_maximum_##S, T, W, int64_t, 0, -1, STEP_FIRST_MAXIMUM, JOIN_FIRST_MAXIMUM) \
  REDUCER(first_minimum_##S, T, W, int64_t, 0, -1, STEP_FIRST_MINIMUM, JOIN_FIRST_MINIMUM) \
  REDUCER(last_maximum_##S, T, W, int64_t, 0, -1, STEP_LAST_MAXIMUM, JOIN_LAST_MAXIMUM) \
  REDUCER(last_minimum_##S, T, W, int64_t, 0, -1, STEP_LAST_MINIMUM, JOIN_LAST_MINIMUM)

#define ADD ADD_PLAIN
#define TIMES TIMES_PLAIN
#define WIDE double
NUMBER_REDUCERS(float, f32, double, double, -INFINITY, INFINITY)
#define EXP(x) (double)thaw_expf(x)
REDUCER(exponentials_f32, float, double, double, 0, 0, STEP_EXPONENTIALS, JOIN_SUM)
#undef EXP
#undef ADD
#define ADD ADD_COMPENSATED
NUMBER_REDUCERS(double, f64, double, double, -INFINITY, INFINITY)
#define EXP(x) exp(x)
REDUCER(exponentials_f64, double, double, double, 0, 0, STEP_EXPONENTIALS, JOIN_SUM)
#undef ADD
#undef TIMES
#undef WIDE
#define ADD ADD_WRAPPING
#define TIMES TIMES_WRAPPING
#define WIDE uint64_t
NUMBER_REDUCERS(int32_t, i32, int64_t, int64_t, INT32_MIN, INT32_MAX)
NUMBER_REDUCERS(int64_t, i64, int64_t, int64_t, INT64_MIN, INT64_MAX)
NUMBER_REDUCERS(uint64_t, u64, uint64_t, int64_t, 0, UINT64_MAX)
#define NONZERO_LARGER(a, b) a |= x != 0;
#define NONZERO_SMALLER(a, b) a &= x != 0;
#define JOIN_OR(a, b) a |= a2;
#define JOIN_AND(a, b) a &= a2;
REDUCER(maximum_bool, uint8_t, int64_t, int64_t, 0, 0, NONZERO_LARGER, JOIN_OR)
REDUCER(minimum_bool, uint8_t, int64_t, int64_t, 1, 0, NONZERO_SMALLER, JOIN_AND)

#define ENTRY(name) {name##_start, name##_row, name##_columns, name##_join}
#define TABLE(S) \
  [THAW_SUM] = ENTRY(sum_##S), [THAW_PRODUCT] = ENTRY(product_##S), [THAW_MAXIMUM] = ENTRY(maximum_##S), \
  [THAW_MINIMUM] = ENTRY(minimum_##S), [THAW_SUM_OF_SQUARES] = ENTRY(squares_##S), \
  [THAW_SUM_OF_MAGNITUDES] = ENTRY(magnitudes_##S), [THAW_FIRST_MAXIMUM] = ENTRY(first_maximum_##S), \
  [THAW_FIRST_MINIMUM] = ENTRY(first_minimum_##S), [THAW_LAST_MAXIMUM] = ENTRY(last_maximum_##S), \
  [THAW_LAST_MINIMUM] = ENTRY(last_minimum_##S)
static const reducer reducers_f32[] = {TABLE(f32), [THAW_SUM_OF_EXPONENTIALS] = ENTRY(exponentials_f32)};
static const reducer reducers_f64[] = {TABLE(f64), [THAW_SUM_OF_EXPONENTIALS] = ENTRY(exponentials_f64)};
static const reducer reducers_i32[] = {TABLE(i32)};
static const reducer reducers_i64[] = {TABLE(i64)};
static const reducer reducers_u64[] = {TABLE(u64)};
static const reducer reducers_bool[THAW_LAST_MINIMUM + 1] = {
    [THAW_MAXIMUM] = ENTRY(maximum_bool), [THAW_MINIMUM] = ENTRY(minimum_bool)};

static const reducer *find(const thaw_reduction *r) {
  const reducer *table;
  switch (r->dtype) {
  case TYPE_FLOAT32: table = reducers_f32; break;
  case TYPE_FLOAT64: table = reducers_f64; break;
  case TYPE_INT32: table = reducers_i32; break;
  case TYPE_INT64: table = reducers_i64; break;
  case TYPE_UINT64: table = reducers_u64; break;
  case TYPE_BOOL: table = reducers_bool; break;
  default: return NULL;
  }
  if (r->function < 0 || r->function > THAW_LAST_MINIMUM || !table[r->function].row) return NULL;
  return &table[r->function];
}

// The place of element `index` of a nest, row major.
static int64_t offset_of(int64_t index, int32_t rank, const int64_t *shape, const int64_t *strides) {
  int64_t offset = 0;
  for (int d = rank - 1; d >= 0; d--) {
    offset += index % shape[d] * strides[d];
    index /= shape[d];
  }
  return offset;
}

int32_t thaw_reduce(const thaw_reduction *r, const char *input, const void *shifts, int64_t begin, int64_t end,
                    int64_t first, int64_t last, thaw_accumulator *accumulators) {
  const reducer *reduce = find(r);
  if (!reduce) return 0;
  const int64_t shift_size = r->dtype == TYPE_FLOAT64 ? 8 : 4;
  const int64_t kept = r->kept_rank ? r->kept_shape[r->kept_rank - 1] : 1;
  const int64_t kept_stride = r->kept_rank ? r->kept_strides[r->kept_rank - 1] : 0;
  const int64_t reduced = r->reduced_rank ? r->reduced_shape[r->reduced_rank - 1] : 1;
  const int64_t reduced_stride = r->reduced_rank ? r->reduced_strides[r->reduced_rank - 1] : 0;
  _Alignas(64) char a[8 * COLUMNS], b[8 * COLUMNS];
  int64_t n;
  for (int64_t o = begin; o < end; o += n) {
    n = kept - o % kept;
    if (n > end - o) n = end - o;
    if (n > COLUMNS) n = COLUMNS;
    const char *base = input + offset_of(o, r->kept_rank, r->kept_shape, r->kept_strides);
    const char *shift = shifts ? (const char *)shifts + o * shift_size : NULL;
    const int side_by_side = n >= 4 && llabs(kept_stride) < llabs(reduced_stride);
    if (!side_by_side) n = 1;
    reduce->start(n, a, b);
    _Alignas(64) char as[8 * LANES], bs[8 * LANES];
    const int one_lane = last - first < SHORT;
    if (!side_by_side && !one_lane) reduce->start(LANES, as, bs);
    for (int64_t i = first; i < last;) {
      int64_t length = reduced - i % reduced;
      if (length > last - i) length = last - i;
      const char *p = base + offset_of(i, r->reduced_rank, r->reduced_shape, r->reduced_strides);
      if (side_by_side) reduce->columns(p, kept_stride, n, reduced_stride, length, i, shift, a, b);
      else
        reduce->row(p, reduced_stride, length, i, one_lane, shift, one_lane ? a : as, one_lane ? b : bs);
      i += length;
    }
    if (!side_by_side && !one_lane)
      for (int j = 0; j < LANES; j++) reduce->join(1, a, b, as + 8 * j, bs + 8 * j);
    for (int64_t j = 0; j < n; j++) {
      memcpy(&accumulators[o - begin + j].words[0], a + 8 * j, 8);
      memcpy(&accumulators[o - begin + j].words[1], b + 8 * j, 8);
    }
  }
  return 1;
}

static double finished(int32_t finish, double value, int64_t count, double shift) {
  switch (finish) {
  case THAW_STORE_MEAN: return value / (double)count;
  case THAW_STORE_SQUARE_ROOT: return sqrt(value);
  case THAW_STORE_LOGARITHM: return log(value) + shift;
  default: return value;
  }
}

int32_t thaw_reduce_finish(const thaw_reduction *r, int32_t finish, int64_t count,
                           const thaw_accumulator *accumulators, int64_t parts, int64_t stride, int64_t begin,
                           int64_t end, const void *shifts, void *output) {
  const reducer *reduce = find(r);
  if (!reduce) return 0;
  const int sums = r->function == THAW_SUM || r->function == THAW_SUM_OF_SQUARES ||
                   r->function == THAW_SUM_OF_MAGNITUDES || r->function == THAW_SUM_OF_EXPONENTIALS;
  for (int64_t o = begin; o < end; o++) {
    thaw_accumulator total = accumulators[o - begin];
    for (int64_t part = 1; part < parts; part++) {
      const thaw_accumulator *next = &accumulators[part * stride + o - begin];
      reduce->join(1, &total.words[0], &total.words[1], &next->words[0], &next->words[1]);
    }
    if (r->function >= THAW_FIRST_MAXIMUM) {
      ((int64_t *)output)[o] = total.words[1] < 0 ? 0 : total.words[1];
      continue;
    }
    const int64_t whole = total.words[0], divisor = finish == THAW_STORE_MEAN ? count : 1;
    double value = 0;
    if (r->dtype == TYPE_FLOAT32 || r->dtype == TYPE_FLOAT64) {
      double error;
      memcpy(&value, &total.words[0], 8);
      memcpy(&error, &total.words[1], 8);
      if (sums && r->dtype == TYPE_FLOAT64 && isfinite(value) && isfinite(error)) value += error;
    }
    switch (r->dtype) {
    case TYPE_FLOAT32:
      ((float *)output)[o] = (float)finished(finish, value, count, shifts ? ((const float *)shifts)[o] : 0);
      break;
    case TYPE_FLOAT64:
      ((double *)output)[o] = finished(finish, value, count, shifts ? ((const double *)shifts)[o] : 0);
      break;
    case TYPE_INT32: ((int32_t *)output)[o] = (int32_t)(divisor ? whole / divisor : 0); break;
    case TYPE_INT64: ((int64_t *)output)[o] = divisor ? whole / divisor : 0; break;
    case TYPE_UINT64: ((uint64_t *)output)[o] = divisor ? (uint64_t)whole / (uint64_t)divisor : 0; break;
    default: ((uint8_t *)output)[o] = whole != 0;
    }
  }
  return 1;
}
