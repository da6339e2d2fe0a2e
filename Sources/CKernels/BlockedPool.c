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

#define BLOCKED(B) \
  THAW_CLONES static void maximum_##B(const thaw_windows *w, int64_t begin, int64_t end, const float *input, \
                                      float *output, uint8_t *chosen) { \
    const int64_t inputs = w->input[0] * w->input[1] * w->input[2], \
                  outputs = w->output[0] * w->output[1] * w->output[2]; \
    for (int64_t plane = begin; plane < end; plane++) { \
      EACH_WINDOW(w) \
        float best[B]; \
        int32_t where[B]; \
        for (int l = 0; l < B; l++) best[l] = -INFINITY, where[l] = 255; \
        EACH_TAP(w) \
          const float *from = input + (plane * inputs + place) * B; \
          for (int l = 0; l < B; l++) { \
            const int32_t takes = (!(from[l] <= best[l]) & (best[l] == best[l])) | (where[l] == 255); \
            best[l] = takes ? from[l] : best[l]; \
            where[l] = takes ? tap : where[l]; \
          } \
        END_TAPS \
        float *to = output + (plane * outputs + o) * B; \
        for (int l = 0; l < B; l++) to[l] = best[l]; \
        if (chosen) \
          for (int l = 0; l < B; l++) chosen[(plane * outputs + o) * B + l] = (uint8_t)where[l]; \
      END_WINDOWS \
    } \
  } \
  THAW_CLONES static void maximum_gradient_##B(const thaw_windows *w, int64_t begin, int64_t end, \
                                               const float *gradient, const uint8_t *chosen, float *result) { \
    const int64_t inputs = w->input[0] * w->input[1] * w->input[2], \
                  outputs = w->output[0] * w->output[1] * w->output[2]; \
    for (int64_t plane = begin; plane < end; plane++) { \
      memset(result + plane * inputs * B, 0, (size_t)(inputs * B) * sizeof(float)); \
      EACH_WINDOW(w) \
        const float *from = gradient + (plane * outputs + o) * B; \
        const uint8_t *where = chosen + (plane * outputs + o) * B; \
        EACH_TAP(w) \
          float *to = result + (plane * inputs + place) * B; \
          for (int l = 0; l < B; l++) to[l] += where[l] == tap ? from[l] : 0; \
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
  case 8: maximum_8(w, begin, end, input, output, chosen); return 1;
  case 16: maximum_16(w, begin, end, input, output, chosen); return 1;
  default: return 0;
  }
}

int32_t thaw_maximum_pool_gradient_blocked(const thaw_windows *w, int32_t block, int64_t begin, int64_t end,
                                           const float *gradient, const uint8_t *chosen, float *result) {
  if (w->kernel[0] * w->kernel[1] * w->kernel[2] > 255) return 0;
  switch (block) {
  case 8: maximum_gradient_8(w, begin, end, gradient, chosen, result); return 1;
  case 16: maximum_gradient_16(w, begin, end, gradient, chosen, result); return 1;
  default: return 0;
  }
}
