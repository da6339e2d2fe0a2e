#include "Clones.h"
#include "Types.h"
#include <stdatomic.h>

// Short enough for all intermediate values of a chunk to stay in the first cache, long enough to pay for the calls.
#define CHUNK 512
#define WIDEST 8

THAW_INLINE void run_chunk(const thaw_fused *fused, int64_t start, int64_t count, char *const *pointers,
                           const int64_t *strides, char temporaries[][CHUNK * WIDEST]) {
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

void thaw_fused_row(const void *context, int64_t n, char *const *pointers, const int64_t *strides) {
  char temporaries[THAW_FUSED_TEMPORARIES][CHUNK * WIDEST] __attribute__((aligned(64)));
  for (int64_t start = 0; start < n; start += CHUNK)
    run_chunk(context, start, n - start < CHUNK ? n - start : CHUNK, pointers, strides, temporaries);
}

// Whether the exponent of no number is the one of infinities and NaN.
#define IS_FINITE(name, U, MASK) \
  typedef U __attribute__((may_alias)) bits_of_##name; \
  THAW_CLONES static int name(int64_t n, const void *numbers) { \
    const bits_of_##name *bits = numbers; \
    U found = 0; \
    for (int64_t i = 0; i < n; i++) found |= (bits[i] & MASK) == MASK; \
    return found == 0; \
  }
IS_FINITE(is_finite_f32, uint32_t, UINT32_C(0x7f800000))
IS_FINITE(is_finite_f64, uint64_t, UINT64_C(0x7ff0000000000000))

// Elements that a thread takes at a time; below a few times as many a second thread costs more than it brings.
#define GRAIN 16384
#define THREADED (4 * GRAIN)

typedef struct {
  const thaw_fused *fused;
  int64_t item_count;
  const thaw_fused_item *items;
  int32_t checked, dtype;
  _Atomic uint8_t *finite;
} fused_run;

static void run_item(const fused_run *run, int64_t index, int64_t begin, int64_t end) {
  char temporaries[THAW_FUSED_TEMPORARIES][CHUNK * WIDEST] __attribute__((aligned(64)));
  const thaw_fused_item *item = &run->items[index];
  for (int64_t start = begin; start < end; start += CHUNK) {
    const int64_t count = end - start < CHUNK ? end - start : CHUNK;
    run_chunk(run->fused, start, count, item->pointers, item->strides, temporaries);
    if (run->checked < 0) continue;
    const int64_t stride = item->strides[run->checked];
    const char *made = item->pointers[run->checked] + start * stride;
    const int64_t different = stride == 0 ? 1 : count;
    if (!(run->dtype == TYPE_FLOAT64 ? is_finite_f64(different, made) : is_finite_f32(different, made)))
      atomic_store_explicit(&run->finite[index], 0, memory_order_relaxed);
  }
}

// Elements [begin, end) of all items, one after the other.
static void run_items(void *context, int64_t begin, int64_t end) {
  const fused_run *run = context;
  int64_t first = 0;
  for (int64_t index = 0; index < run->item_count && first < end; index++) {
    const int64_t last = first + run->items[index].count;
    if (last > begin)
      run_item(run, index, begin > first ? begin - first : 0, (end < last ? end : last) - first);
    first = last;
  }
}

void thaw_fused_run(const thaw_fused *fused, int64_t item_count, const thaw_fused_item *items, int32_t checked,
                    int32_t dtype, uint8_t *finite, int32_t threads) {
  fused_run run = {fused, item_count, items, checked, dtype, (_Atomic uint8_t *)finite};
  int64_t count = 0;
  for (int64_t i = 0; i < item_count; i++) count += items[i].count;
  thaw_parallel(count, GRAIN, count < THREADED ? 1 : threads, run_items, &run);
}
