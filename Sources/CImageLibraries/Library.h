#pragma once
#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

// Fills a table of function pointers with those that a library has under these names; 0 where the library or one of
// them is missing. What was loaded stays.
static inline int thaw_load(const char *library, const char *const *names, size_t count, void *table) {
  void *const handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
  if (!handle) return 0;
  for (size_t i = 0; i < count; i++) {
    void *const function = dlsym(handle, names[i]);
    if (!function) return 0;
    memcpy((char *)table + i * sizeof function, &function, sizeof function);
  }
  return 1;
}
