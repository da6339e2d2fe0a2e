// One source, three instruction sets: the loader picks the widest that the machine has.
#pragma once
#include <stdint.h>

#if defined(__x86_64__) && defined(__linux__)
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
// The resolver of the clones runs before the sanitizer has started.
#define THAW_CLONES \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default"), no_sanitize("thread")))
#endif
#endif
#ifndef THAW_CLONES
#define THAW_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#endif
#else
#define THAW_CLONES
#endif

// Before a loop whose outputs may lie exactly where its inputs lie: each element is read before it is written.
#define THAW_ELEMENTWISE _Pragma("clang loop vectorize(assume_safety)")
// Functions that the compiler has no vectors for stay as they are.
#pragma clang diagnostic ignored "-Wpass-failed"

#define THAW_INLINE static inline __attribute__((always_inline))

// The types that loops are written for, as X(type, suffix).
#define THAW_FLOAT_TYPES(X) X(float, f32) X(double, f64)
#define THAW_INTEGER_TYPES(X) X(int32_t, i32) X(int64_t, i64) X(uint64_t, u64)
#define THAW_NUMBER_TYPES(X) THAW_FLOAT_TYPES(X) THAW_INTEGER_TYPES(X)
