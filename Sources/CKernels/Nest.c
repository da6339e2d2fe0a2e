#include "CKernels.h"

void thaw_nest_run(const thaw_nest *nest, char *const *bases, int64_t begin, int64_t end, thaw_row row,
                   const void *context) {
  const int operands = nest->operand_count, rank = nest->rank;
  char *pointers[THAW_MAXIMUM_OPERANDS];
  int64_t steps[THAW_MAXIMUM_OPERANDS] = {0};
  for (int o = 0; o < operands; o++) pointers[o] = bases[o];
  if (begin >= end) return;
  if (rank == 0) {
    row(context, 1, pointers, steps);
    return;
  }
  const int64_t length = nest->shape[rank - 1];
  int64_t counters[THAW_MAXIMUM_RANK];
  int64_t rest = begin / length, column = begin % length;
  for (int d = rank - 2; d >= 0; d--) {
    counters[d] = rest % nest->shape[d];
    rest /= nest->shape[d];
    for (int o = 0; o < operands; o++) pointers[o] += counters[d] * nest->strides[o * rank + d];
  }
  for (int o = 0; o < operands; o++) {
    steps[o] = nest->strides[o * rank + rank - 1];
    pointers[o] += column * steps[o];
  }
  for (;;) {
    int64_t n = length - column;
    if (n > end - begin) n = end - begin;
    row(context, n, pointers, steps);
    begin += n;
    if (begin >= end) return;
    for (int o = 0; o < operands; o++) pointers[o] -= column * steps[o];
    column = 0;
    for (int d = rank - 2; d >= 0; d--) {
      for (int o = 0; o < operands; o++) pointers[o] += nest->strides[o * rank + d];
      if (++counters[d] < nest->shape[d]) break;
      for (int o = 0; o < operands; o++) pointers[o] -= nest->shape[d] * nest->strides[o * rank + d];
      counters[d] = 0;
    }
  }
}
