#include "Clones.h"
#include "Types.h"
#include <string.h>

// The outputs [*first, *last) whose tap falls inside of the input, along one axis. `origin`: where output 0's tap falls.
static void inside(int64_t origin, int64_t stride, int64_t input, int64_t output, int64_t *first, int64_t *last) {
  *first = origin >= 0 ? 0 : (-origin + stride - 1) / stride;
  *last = input > origin ? (input - origin - 1) / stride + 1 : 0;
  if (*last > output) *last = output;
  if (*first > *last) *first = *last;
}

THAW_INLINE int64_t volume(const int64_t *size) { return size[0] * size[1] * size[2]; }

// For each tap of the kernel and each row of outputs: the row of inputs under it, if there is one, and the outputs inside.
#define EACH_ROW(w, BODY) \
  int64_t tap = 0; \
  for (int64_t kd = 0; kd < (w)->kernel[0]; kd++) \
    for (int64_t kh = 0; kh < (w)->kernel[1]; kh++) \
      for (int64_t kw = 0; kw < (w)->kernel[2]; kw++, tap++) { \
        const int64_t origin = kw * (w)->dilation[2] - (w)->pad[2]; \
        int64_t first, last; \
        inside(origin, (w)->stride[2], (w)->input[2], (w)->output[2], &first, &last); \
        for (int64_t od = 0; od < (w)->output[0]; od++) { \
          const int64_t d = od * (w)->stride[0] + kd * (w)->dilation[0] - (w)->pad[0]; \
          for (int64_t oh = 0; oh < (w)->output[1]; oh++) { \
            const int64_t h = oh * (w)->stride[1] + kh * (w)->dilation[1] - (w)->pad[1]; \
            const int hit = d >= 0 && d < (w)->input[0] && h >= 0 && h < (w)->input[1]; \
            const int64_t in_row = (d * (w)->input[1] + h) * (w)->input[2] + origin; \
            const int64_t out_row = (od * (w)->output[1] + oh) * (w)->output[2]; \
            BODY \
          } \
        } \
      }

static void copy_items(int64_t n, int64_t size, const char *from, int64_t stride, char *to) {
  switch (stride == 1 ? 0 : size) {
  case 0: memcpy(to, from, (size_t)(n * size)); break;
  case 4:
    for (int64_t i = 0; i < n; i++) ((uint32_t *)to)[i] = ((const uint32_t *)from)[i * stride];
    break;
  default:
    for (int64_t i = 0; i < n; i++) ((uint64_t *)to)[i] = ((const uint64_t *)from)[i * stride];
  }
}

void thaw_unfold(const thaw_windows *w, int64_t size, int64_t channels, const void *planes, void *columns) {
  const int64_t inputs = volume(w->input), outputs = volume(w->output), width = w->output[2];
  for (int64_t c = 0; c < channels; c++) {
    const char *plane = (const char *)planes + c * inputs * size;
    char *column = (char *)columns + c * volume(w->kernel) * outputs * size;
    EACH_ROW(w, {
      char *to = column + (tap * outputs + out_row) * size;
      if (!hit) {
        memset(to, 0, (size_t)(width * size));
        continue;
      }
      memset(to, 0, (size_t)(first * size));
      if (last > first)
        copy_items(last - first, size, plane + (in_row + first * w->stride[2]) * size, w->stride[2], to + first * size);
      memset(to + last * size, 0, (size_t)((width - last) * size));
    })
  }
}

#define FOLD(T, S) \
  THAW_CLONES static void fold_##S(const thaw_windows *w, int64_t channels, const T *columns, T *planes) { \
    const int64_t inputs = volume(w->input), outputs = volume(w->output), step = w->stride[2]; \
    for (int64_t c = 0; c < channels; c++) { \
      T *plane = planes + c * inputs; \
      const T *column = columns + c * volume(w->kernel) * outputs; \
      EACH_ROW(w, { \
        if (!hit) continue; \
        const T *restrict from = column + tap * outputs + out_row; \
        T *restrict to = plane + in_row; \
        if (step == 1) \
          for (int64_t o = first; o < last; o++) to[o] += from[o]; \
        else \
          for (int64_t o = first; o < last; o++) to[o * step] += from[o]; \
      }) \
    } \
  } \
  THAW_CLONES static void correlate_##S(const thaw_windows *w, const T *x, const T *k, T *y) { \
    const int64_t step = w->stride[2]; \
    EACH_ROW(w, { \
      if (!hit) continue; \
      const T factor = k[tap]; \
      const T *restrict from = x + in_row; \
      T *restrict to = y + out_row; \
      if (step == 1) \
        for (int64_t o = first; o < last; o++) to[o] += factor * from[o]; \
      else \
        for (int64_t o = first; o < last; o++) to[o] += factor * from[o * step]; \
    }) \
  } \
  THAW_CLONES static void correlate_input_##S(const thaw_windows *w, const T *dy, const T *k, T *dx) { \
    const int64_t step = w->stride[2]; \
    EACH_ROW(w, { \
      if (!hit) continue; \
      const T factor = k[tap]; \
      const T *restrict from = dy + out_row; \
      T *restrict to = dx + in_row; \
      if (step == 1) \
        for (int64_t o = first; o < last; o++) to[o] += factor * from[o]; \
      else \
        for (int64_t o = first; o < last; o++) to[o * step] += factor * from[o]; \
    }) \
  } \
  THAW_CLONES static void correlate_weight_##S(const thaw_windows *w, const T *x, const T *dy, T *dw) { \
    const int64_t step = w->stride[2]; \
    EACH_ROW(w, { \
      if (!hit) continue; \
      const T *restrict from = x + in_row; \
      const T *restrict by = dy + out_row; \
      T lanes[16] = {0}; \
      int64_t o = first; \
      if (step == 1) \
        for (; o + 16 <= last; o += 16) \
          for (int j = 0; j < 16; j++) lanes[j] += from[o + j] * by[o + j]; \
      for (; o < last; o++) lanes[0] += from[o * step] * by[o]; \
      T sum = 0; \
      for (int j = 0; j < 16; j++) sum += lanes[j]; \
      dw[tap] += sum; \
    }) \
  }
FOLD(float, f32)
FOLD(double, f64)
FOLD(uint32_t, i32)
FOLD(uint64_t, i64)

int32_t thaw_fold(const thaw_windows *w, int32_t dtype, int64_t channels, const void *columns, void *planes) {
  switch (dtype) {
  case TYPE_FLOAT32: fold_f32(w, channels, columns, planes); return 1;
  case TYPE_FLOAT64: fold_f64(w, channels, columns, planes); return 1;
  case TYPE_INT32: fold_i32(w, channels, columns, planes); return 1;
  case TYPE_INT64:
  case TYPE_UINT64: fold_i64(w, channels, columns, planes); return 1;
  default: return 0;
  }
}

int32_t thaw_correlate(const thaw_windows *w, int32_t dtype, int32_t direction, const void *first, const void *second,
                       void *result) {
#define DIRECTIONS(S) \
  if (direction == 0) correlate_##S(w, first, second, result); \
  else if (direction == 1) correlate_input_##S(w, first, second, result); \
  else correlate_weight_##S(w, first, second, result); \
  return 1;
  switch (dtype) {
  case TYPE_FLOAT32: DIRECTIONS(f32)
  case TYPE_FLOAT64: DIRECTIONS(f64)
  case TYPE_INT32: DIRECTIONS(i32)
  case TYPE_INT64:
  case TYPE_UINT64: DIRECTIONS(i64)
  default: return 0;
  }
}

// Pooling -------------------------------------------------------------------------------------------------------------

// The taps [*first, *last) of output `o` that fall inside of [low, high).
static void taps(const thaw_windows *w, int axis, int64_t o, int64_t low, int64_t high, int64_t *first, int64_t *last) {
  const int64_t origin = o * w->stride[axis] - w->pad[axis], step = w->dilation[axis];
  *first = origin >= low ? 0 : (low - origin + step - 1) / step;
  *last = high > origin ? (high - origin - 1) / step + 1 : 0;
  if (*last > w->kernel[axis]) *last = w->kernel[axis];
  if (*first > *last) *first = *last;
}

// The elements under a window along one axis, with the padding or without.
static int64_t covered(const thaw_windows *w, int axis, int64_t output, int32_t counts_padding) {
  const int64_t low = counts_padding ? -w->pad[axis] : 0;
  const int64_t high = w->input[axis] + (counts_padding ? w->pad_end[axis] : 0);
  int64_t first, last;
  taps(w, axis, output, low, high, &first, &last);
  return last - first;
}

#define PART 256  // outputs of a row, at a time

// ONNX's storage_order 1: the first spatial axis is the fastest.
static int64_t column_major(const thaw_windows *w, int64_t place) {
  const int64_t x = place % w->input[2], y = place / w->input[2] % w->input[1], z = place / w->input[2] / w->input[1];
  return (x * w->input[1] + y) * w->input[0] + z;
}
static int64_t row_major(const thaw_windows *w, int64_t place) {
  const int64_t z = place % w->input[0], y = place / w->input[0] % w->input[1], x = place / w->input[0] / w->input[1];
  return (z * w->input[1] + y) * w->input[2] + x;
}

// A row of outputs at a time, tap by tap, so that the outputs of a row are vectors; the first of equal maxima counts.
// `inside` gives the outputs of the row that a tap's column reaches.
#define EACH_ROW_TAP(w, od, oh, BODY) \
  for (int64_t kd = 0; kd < (w)->kernel[0]; kd++) { \
    const int64_t d = (od) * (w)->stride[0] + kd * (w)->dilation[0] - (w)->pad[0]; \
    if (d < 0 || d >= (w)->input[0]) continue; \
    for (int64_t kh = 0; kh < (w)->kernel[1]; kh++) { \
      const int64_t h = (oh) * (w)->stride[1] + kh * (w)->dilation[1] - (w)->pad[1]; \
      if (h < 0 || h >= (w)->input[1]) continue; \
      for (int64_t kw = 0; kw < (w)->kernel[2]; kw++) { \
        const int64_t origin = kw * (w)->dilation[2] - (w)->pad[2], step = (w)->stride[2]; \
        int64_t first, last; \
        inside(origin, step, (w)->input[2], width, &first, &last); \
        const int64_t row = (d * (w)->input[1] + h) * (w)->input[2] + origin; \
        BODY \
      } \
    } \
  }
#define EACH_OUTPUT_ROW(w) \
  for (int64_t od = 0; od < (w)->output[0]; od++) \
    for (int64_t oh = 0; oh < (w)->output[1]; oh++)

#define POOLS(T, S, LOWEST) \
  THAW_CLONES static void raise_##S(int64_t n, const T *restrict x, int64_t step, T *restrict best) { \
    if (step == 1) \
      for (int64_t o = 0; o < n; o++) best[o] = x[o] > best[o] || x[o] != x[o] ? x[o] : best[o]; \
    else \
      for (int64_t o = 0; o < n; o++) { \
        const T v = x[o * step]; \
        best[o] = v > best[o] || v != v ? v : best[o]; \
      } \
  } \
  THAW_CLONES static void raise_with_place_##S(int64_t n, const T *restrict x, int64_t step, int64_t place, \
                                               T *restrict best, int64_t *restrict places) { \
    for (int64_t o = 0; o < n; o++) { \
      const T v = x[o * step]; \
      const int better = v > best[o] || (v != v && best[o] == best[o]) || places[o] < 0; \
      best[o] = better ? v : best[o]; \
      places[o] = better ? place + o * step : places[o]; \
    } \
  } \
  static void maximum_##S(const thaw_windows *w, int32_t by_columns, int64_t begin, int64_t end, const T *input, \
                          T *output, int64_t *indices) { \
    const int64_t inputs = volume(w->input), outputs = volume(w->output), width = w->output[2]; \
    for (int64_t plane = begin; plane < end; plane++) { \
      const T *in = input + plane * inputs; \
      EACH_OUTPUT_ROW(w) { \
        const int64_t at = plane * outputs + (od * w->output[1] + oh) * width; \
        T *best = output + at; \
        for (int64_t o = 0; o < width; o++) best[o] = LOWEST; \
        if (!indices) { \
          EACH_ROW_TAP(w, od, oh, { raise_##S(last - first, in + row + first * step, step, best + first); }) \
          continue; \
        } \
        int64_t *places = indices + at; \
        for (int64_t o = 0; o < width; o++) places[o] = -1; \
        EACH_ROW_TAP(w, od, oh, { \
          raise_with_place_##S(last - first, in + row + first * step, step, row + first * step, best + first, \
                               places + first); \
        }) \
        for (int64_t o = 0; o < width; o++) { \
          const int64_t place = places[o] < 0 ? 0 : places[o]; \
          places[o] = plane * inputs + (by_columns ? column_major(w, place) : place); \
        } \
      } \
    } \
  } \
  static void maximum_gradient_##S(const thaw_windows *w, int32_t by_columns, int64_t begin, int64_t end, \
                                   const T *gradient, const int64_t *indices, T *result) { \
    const int64_t inputs = volume(w->input), outputs = volume(w->output); \
    for (int64_t plane = begin; plane < end; plane++) { \
      T *to = result + plane * inputs; \
      memset(to, 0, (size_t)inputs * sizeof(T)); \
      for (int64_t o = plane * outputs; o < (plane + 1) * outputs; o++) { \
        const int64_t place = indices[o] - plane * inputs; \
        if (place >= 0 && place < inputs) to[by_columns ? row_major(w, place) : place] += gradient[o]; \
      } \
    } \
  } \
  THAW_CLONES static void gather_row_##S(int64_t n, const T *restrict x, int64_t step, T *restrict sum) { \
    for (int64_t o = 0; o < n; o++) sum[o] += x[o * step]; \
  } \
  THAW_CLONES static void spread_row_##S(int64_t n, const T *restrict share, int64_t step, T *restrict x) { \
    for (int64_t o = 0; o < n; o++) x[o * step] += share[o]; \
  } \
  static void average_##S(const thaw_windows *w, int32_t counts_padding, int32_t backward, int64_t begin, int64_t end, \
                          const T *input, T *output) { \
    const int64_t inputs = volume(w->input), outputs = volume(w->output), width = w->output[2]; \
    T divisors[PART], values[PART]; \
    if (backward) memset(output + begin * inputs, 0, (size_t)((end - begin) * inputs) * sizeof(T)); \
    for (int64_t start = 0; start < width; start += PART) { \
      const int64_t stop = start + PART < width ? start + PART : width; \
      for (int64_t o = start; o < stop; o++) divisors[o - start] = (T)covered(w, 2, o, counts_padding); \
      for (int64_t plane = begin; plane < end; plane++) { \
        EACH_OUTPUT_ROW(w) { \
          const T rows = (T)(covered(w, 0, od, counts_padding) * covered(w, 1, oh, counts_padding)); \
          const T *from = input + plane * (backward ? outputs : inputs); \
          T *to = output + plane * (backward ? inputs : outputs); \
          const int64_t at = (od * w->output[1] + oh) * width + start; \
          for (int64_t o = 0; o < stop - start; o++) { \
            const T divisor = rows * divisors[o] < 1 ? 1 : rows * divisors[o]; \
            values[o] = backward ? from[at + o] / divisor : 0; \
          } \
          EACH_ROW_TAP(w, od, oh, { \
            if (first < start) first = start; \
            if (last > stop) last = stop; \
            const int64_t place = row + first * step; \
            if (backward) spread_row_##S(last - first, values + first - start, step, to + place); \
            else gather_row_##S(last - first, from + place, step, values + first - start); \
          }) \
          if (backward) continue; \
          for (int64_t o = 0; o < stop - start; o++) { \
            const T divisor = rows * divisors[o] < 1 ? 1 : rows * divisors[o]; \
            to[at + o] = values[o] / divisor; \
          } \
        } \
      } \
    } \
  }
POOLS(float, f32, -__builtin_inff())
POOLS(double, f64, -__builtin_inf())
POOLS(int32_t, i32, INT32_MIN)
POOLS(int64_t, i64, INT64_MIN)
POOLS(uint64_t, u64, 0)

#define DISPATCH(CALL) \
  switch (dtype) { \
  case TYPE_FLOAT32: CALL(f32); return 1; \
  case TYPE_FLOAT64: CALL(f64); return 1; \
  case TYPE_INT32: CALL(i32); return 1; \
  case TYPE_INT64: CALL(i64); return 1; \
  case TYPE_UINT64: CALL(u64); return 1; \
  default: return 0; \
  }

int32_t thaw_maximum_pool(const thaw_windows *w, int32_t dtype, int32_t by_columns, int64_t begin, int64_t end,
                          const void *input, void *output, int64_t *indices) {
#define CALL(S) maximum_##S(w, by_columns, begin, end, input, output, indices)
  DISPATCH(CALL)
#undef CALL
}

int32_t thaw_maximum_pool_gradient(const thaw_windows *w, int32_t dtype, int32_t by_columns, int64_t begin, int64_t end,
                                   const void *gradient, const int64_t *indices, void *result) {
#define CALL(S) maximum_gradient_##S(w, by_columns, begin, end, gradient, indices, result)
  DISPATCH(CALL)
#undef CALL
}

int32_t thaw_average_pool(const thaw_windows *w, int32_t dtype, int32_t counts_padding, int32_t backward, int64_t begin,
                          int64_t end, const void *input, void *output) {
#define CALL(S) average_##S(w, counts_padding, backward, begin, end, input, output)
  DISPATCH(CALL)
#undef CALL
}
