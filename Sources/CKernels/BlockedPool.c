#include "CKernels.h"
#include "Clones.h"
#include <math.h>
#include <string.h>

// Channels in blocks: (batch, channel block, space..., BLOCK). Which tap of its window an output took is a byte.

typedef struct {
  int64_t begin, end;
} taps;

// The taps along one axis that fall inside of the input.
static inline taps inside(const thaw_windows *w, int axis, int64_t output) {
  const int64_t start = output * w->stride[axis] - w->pad[axis], dilation = w->dilation[axis];
  taps t = {0, w->kernel[axis]};
  if (start < 0) t.begin = (dilation - 1 - start) / dilation;
  if (start + (t.end - 1) * dilation >= w->input[axis])
    t.end = w->input[axis] > start ? (w->input[axis] - 1 - start) / dilation + 1 : 0;
  return t;
}

// The windows of one plane, o counting them, with their taps d, h and v along the three axes.
#define EACH_WINDOW(w) \
  for (int64_t od = 0, o = 0; od < (w)->output[0]; od++) { \
    const taps d = inside(w, 0, od); \
    for (int64_t oh = 0; oh < (w)->output[1]; oh++) { \
      const taps h = inside(w, 1, oh); \
      for (int64_t ow = 0; ow < (w)->output[2]; ow++, o++) { \
        const taps v = inside(w, 2, ow);
#define END_WINDOWS }}}

// The taps of a window: their number, and the place in the input, counted in blocks.
#define EACH_TAP(w) \
  for (int64_t kd = d.begin; kd < d.end; kd++) \
    for (int64_t kh = h.begin; kh < h.end; kh++) { \
      int64_t place = ((od * (w)->stride[0] + kd * (w)->dilation[0] - (w)->pad[0]) * (w)->input[1] + \
                       oh * (w)->stride[1] + kh * (w)->dilation[1] - (w)->pad[1]) * (w)->input[2] + \
                      ow * (w)->stride[2] + v.begin * (w)->dilation[2] - (w)->pad[2]; \
      int32_t tap = (int32_t)((kd * (w)->kernel[1] + kh) * (w)->kernel[2] + v.begin); \
      for (int64_t kw = v.begin; kw < v.end; kw++, tap++, place += (w)->dilation[2]) {
#define END_TAPS }}

// The channels of a block are one vector: a comparison gives all bits of a lane or none, and chooses by its sign.
#define VECTORS(B) \
  typedef float floats_##B __attribute__((ext_vector_type(B), aligned(4))); \
  typedef int32_t ints_##B __attribute__((ext_vector_type(B), aligned(4))); \
  typedef uint8_t bytes_##B __attribute__((ext_vector_type(B), aligned(1)));
VECTORS(8)
VECTORS(16)

// What a convolution has streamed past the caches comes at the memory's pace only when it is asked for ahead.
#define AHEAD 32

// The first of the largest, or the first that is no number.
#define BLOCKED(B) \
  THAW_CLONES static void maximum_##B(const thaw_windows *w, int64_t begin, int64_t end, const floats_##B *input, \
                                      floats_##B *output) { \
    const int64_t inputs = w->input[0] * w->input[1] * w->input[2], \
                  outputs = w->output[0] * w->output[1] * w->output[2]; \
    for (int64_t plane = begin; plane < end; plane++) { \
      EACH_WINDOW(w) \
        floats_##B best = -INFINITY; \
        EACH_TAP(w) \
          const floats_##B x = input[plane * inputs + place]; \
          __builtin_prefetch(&input[plane * inputs + place] + AHEAD); \
          best = ((x <= best) | (best != best)) ? best : x; \
        END_TAPS \
        output[plane * outputs + o] = best; \
      END_WINDOWS \
    } \
  } \
  THAW_CLONES static void choosing_maximum_##B(const thaw_windows *w, int64_t begin, int64_t end, \
                                               const floats_##B *input, floats_##B *output, bytes_##B *chosen) { \
    const int64_t inputs = w->input[0] * w->input[1] * w->input[2], \
                  outputs = w->output[0] * w->output[1] * w->output[2]; \
    for (int64_t plane = begin; plane < end; plane++) { \
      EACH_WINDOW(w) \
        floats_##B best = -INFINITY; \
        ints_##B where = 255; \
        EACH_TAP(w) \
          const floats_##B x = input[plane * inputs + place]; \
          const ints_##B stays = ((x <= best) | (best != best)) & (where != 255); \
          best = stays ? best : x; \
          where = stays ? where : (ints_##B)tap; \
        END_TAPS \
        output[plane * outputs + o] = best; \
        chosen[plane * outputs + o] = __builtin_convertvector(where, bytes_##B); \
      END_WINDOWS \
    } \
  } \
  THAW_CLONES static void maximum_gradient_##B(const thaw_windows *w, int64_t begin, int64_t end, \
                                               const floats_##B *gradient, const bytes_##B *chosen, \
                                               floats_##B *result) { \
    const int64_t inputs = w->input[0] * w->input[1] * w->input[2], \
                  outputs = w->output[0] * w->output[1] * w->output[2]; \
    for (int64_t plane = begin; plane < end; plane++) { \
      memset(result + plane * inputs, 0, (size_t)inputs * sizeof *result); \
      EACH_WINDOW(w) \
        const floats_##B from = gradient[plane * outputs + o]; \
        const ints_##B where = __builtin_convertvector(chosen[plane * outputs + o], ints_##B); \
        EACH_TAP(w) \
          result[plane * inputs + place] += where == (ints_##B)tap ? from : (floats_##B)0; \
        END_TAPS \
      END_WINDOWS \
    } \
  }
BLOCKED(8)
BLOCKED(16)

int32_t thaw_maximum_pool_blocked(const thaw_windows *w, int32_t block, int64_t begin, int64_t end, const float *input,
                                  float *output, uint8_t *chosen) {
  if (w->kernel[0] * w->kernel[1] * w->kernel[2] > 255) return 0;
  switch (block) {
#define CASE(B) \
  case B: \
    if (chosen) \
      choosing_maximum_##B(w, begin, end, (const floats_##B *)input, (floats_##B *)output, (bytes_##B *)chosen); \
    else \
      maximum_##B(w, begin, end, (const floats_##B *)input, (floats_##B *)output); \
    return 1;
    CASE(8)
    CASE(16)
#undef CASE
  default: return 0;
  }
}

int32_t thaw_maximum_pool_gradient_blocked(const thaw_windows *w, int32_t block, int64_t begin, int64_t end,
                                           const float *gradient, const uint8_t *chosen, float *result) {
  if (w->kernel[0] * w->kernel[1] * w->kernel[2] > 255) return 0;
  switch (block) {
#define CASE(B) \
  case B: \
    maximum_gradient_##B(w, begin, end, (const floats_##B *)gradient, (const bytes_##B *)chosen, (floats_##B *)result); \
    return 1;
    CASE(8)
    CASE(16)
#undef CASE
  default: return 0;
  }
}
