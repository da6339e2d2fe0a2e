#include "CKernels.h"
#include "Clones.h"
#include <math.h>
#include <string.h>

// Channels in blocks: (batch, channel block, space..., BLOCK). Which tap of its window an output took is a byte.

typedef struct {
  int64_t tap, place;  // place: of the input's first lane, counted in blocks
} blocked_tap;

// The taps of one window that fall inside of the input.
static int64_t inside_taps(const thaw_windows *w, int64_t od, int64_t oh, int64_t ow, blocked_tap *taps) {
  int64_t count = 0, tap = 0;
  for (int64_t kd = 0; kd < w->kernel[0]; kd++) {
    const int64_t d = od * w->stride[0] + kd * w->dilation[0] - w->pad[0];
    for (int64_t kh = 0; kh < w->kernel[1]; kh++) {
      const int64_t h = oh * w->stride[1] + kh * w->dilation[1] - w->pad[1];
      for (int64_t kw = 0; kw < w->kernel[2]; kw++, tap++) {
        const int64_t x = ow * w->stride[2] + kw * w->dilation[2] - w->pad[2];
        if (d < 0 || d >= w->input[0] || h < 0 || h >= w->input[1] || x < 0 || x >= w->input[2]) continue;
        taps[count].tap = tap;
        taps[count++].place = (d * w->input[1] + h) * w->input[2] + x;
      }
    }
  }
  return count;
}

#define EACH_WINDOW(w) \
  for (int64_t od = 0, o = 0; od < (w)->output[0]; od++) \
    for (int64_t oh = 0; oh < (w)->output[1]; oh++) \
      for (int64_t ow = 0; ow < (w)->output[2]; ow++, o++)

#define BLOCKED(B) \
  THAW_CLONES static void maximum_##B(const thaw_windows *w, int64_t begin, int64_t end, const float *input, \
                                      float *output, uint8_t *chosen) { \
    const int64_t inputs = w->input[0] * w->input[1] * w->input[2], \
                  outputs = w->output[0] * w->output[1] * w->output[2]; \
    blocked_tap taps[256]; \
    EACH_WINDOW(w) { \
      const int64_t count = inside_taps(w, od, oh, ow, taps); \
      for (int64_t plane = begin; plane < end; plane++) { \
        float best[B]; \
        int32_t where[B]; \
        for (int l = 0; l < B; l++) best[l] = -INFINITY, where[l] = 255; \
        for (int64_t t = 0; t < count; t++) { \
          const float *from = input + (plane * inputs + taps[t].place) * B; \
          const int32_t tap = (int32_t)taps[t].tap; \
          for (int l = 0; l < B; l++) { \
            const int32_t takes = (from[l] > best[l]) | ((from[l] != from[l]) & (best[l] == best[l])) | (where[l] == 255); \
            best[l] = takes ? from[l] : best[l]; \
            where[l] = takes ? tap : where[l]; \
          } \
        } \
        float *to = output + (plane * outputs + o) * B; \
        for (int l = 0; l < B; l++) to[l] = best[l]; \
        if (chosen) \
          for (int l = 0; l < B; l++) chosen[(plane * outputs + o) * B + l] = (uint8_t)where[l]; \
      } \
    } \
  } \
  THAW_CLONES static void maximum_gradient_##B(const thaw_windows *w, int64_t begin, int64_t end, \
                                               const float *gradient, const uint8_t *chosen, float *result) { \
    const int64_t inputs = w->input[0] * w->input[1] * w->input[2], \
                  outputs = w->output[0] * w->output[1] * w->output[2]; \
    blocked_tap taps[256]; \
    memset(result + begin * inputs * B, 0, (size_t)((end - begin) * inputs * B) * sizeof(float)); \
    EACH_WINDOW(w) { \
      const int64_t count = inside_taps(w, od, oh, ow, taps); \
      for (int64_t plane = begin; plane < end; plane++) { \
        const float *from = gradient + (plane * outputs + o) * B; \
        const uint8_t *where = chosen + (plane * outputs + o) * B; \
        for (int64_t t = 0; t < count; t++) { \
          float *to = result + (plane * inputs + taps[t].place) * B; \
          const uint8_t tap = (uint8_t)taps[t].tap; \
          for (int l = 0; l < B; l++) to[l] += where[l] == tap ? from[l] : 0; \
        } \
      } \
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
