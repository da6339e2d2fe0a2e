#include "CKernels.h"

// Short enough for all intermediate values of a chunk to stay in the first cache, long enough to pay for the calls.
#define CHUNK 512
#define WIDEST 8

void thaw_fused_row(const void *context, int64_t n, char *const *pointers, const int64_t *strides) {
  const thaw_fused *fused = context;
  char temporaries[THAW_FUSED_TEMPORARIES][CHUNK * WIDEST] __attribute__((aligned(64)));
  for (int64_t start = 0; start < n; start += CHUNK) {
    const int64_t count = n - start < CHUNK ? n - start : CHUNK;
    for (int32_t i = 0; i < fused->step_count; i++) {
      const thaw_fused_step *step = &fused->steps[i];
      char *operands[4];
      int64_t steps[4];
      for (int32_t j = 0; j < step->operand_count; j++) {
        const int32_t r = step->registers[j];
        if (r < fused->operand_count) {
          operands[j] = pointers[r] + start * strides[r];
          steps[j] = strides[r];
        } else {
          operands[j] = temporaries[r - fused->operand_count];
          steps[j] = step->item_sizes[j];
        }
      }
      step->row(step->context, count, operands, steps);
    }
  }
}
