#define _GNU_SOURCE
#include "CKernels.h"
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

// oneDNN computes on libgomp's threads, which spin between regions: a second pool beside them would fight for the cores.
// So where libgomp is loaded its pool is used, through its C entry, and where it is not a small pool of our own.

typedef struct {
  void (*body)(void *, int64_t, int64_t);
  void *context;
  int64_t count, grain;
  _Atomic int64_t next;
} job;

static _Thread_local int inside = 0;

static void work(void *opaque) {
  job *j = opaque;
  inside++;
  for (;;) {
    int64_t begin = atomic_fetch_add_explicit(&j->next, j->grain, memory_order_relaxed);
    if (begin >= j->count) break;
    int64_t end = j->count - begin < j->grain ? j->count : begin + j->grain;
    j->body(j->context, begin, end);
  }
  inside--;
}

// Our own pool --------------------------------------------------------------------------------------------------------

#define MAXIMUM_HELPERS 255

static struct {
  pthread_mutex_t owner;  // held by the caller whose job runs; others compute alone meanwhile
  pthread_mutex_t lock;
  pthread_cond_t begins, ends;
  int started, wanted, busy;
  uint64_t generation;
  job *current;
} pool = {.owner = PTHREAD_MUTEX_INITIALIZER,
          .lock = PTHREAD_MUTEX_INITIALIZER,
          .begins = PTHREAD_COND_INITIALIZER,
          .ends = PTHREAD_COND_INITIALIZER};

static void *help(void *unused) {
  uint64_t seen = 0;
  pthread_mutex_lock(&pool.lock);
  for (;;) {
    while (pool.generation == seen || pool.wanted == 0) {
      if (pool.generation != seen) seen = pool.generation;
      pthread_cond_wait(&pool.begins, &pool.lock);
    }
    seen = pool.generation;
    pool.wanted--;
    pool.busy++;
    job *j = pool.current;
    pthread_mutex_unlock(&pool.lock);
    work(j);
    pthread_mutex_lock(&pool.lock);
    if (--pool.busy == 0) pthread_cond_signal(&pool.ends);
  }
  return unused;
}

static void run_on_own_pool(job *j, int32_t threads) {
  if (pthread_mutex_trylock(&pool.owner) != 0) {
    work(j);
    return;
  }
  int helpers = threads - 1 < MAXIMUM_HELPERS ? threads - 1 : MAXIMUM_HELPERS;
  pthread_mutex_lock(&pool.lock);
  while (pool.started < helpers) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, help, NULL) != 0) break;
    pthread_detach(thread);
    pool.started++;
  }
  pool.current = j;
  pool.wanted = helpers;
  pool.generation++;
  pthread_cond_broadcast(&pool.begins);
  pthread_mutex_unlock(&pool.lock);
  work(j);
  pthread_mutex_lock(&pool.lock);
  pool.wanted = 0;
  while (pool.busy > 0) pthread_cond_wait(&pool.ends, &pool.lock);
  pthread_mutex_unlock(&pool.lock);
  pthread_mutex_unlock(&pool.owner);
}

// libgomp -------------------------------------------------------------------------------------------------------------

typedef void (*gomp_parallel)(void (*)(void *), void *, unsigned, unsigned);

static gomp_parallel gomp = NULL;
static pthread_once_t found = PTHREAD_ONCE_INIT;

static void find_gomp(void) {
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
  return;  // libgomp's barriers are invisible to the sanitizer
#endif
#endif
  gomp = (gomp_parallel)dlsym(RTLD_DEFAULT, "GOMP_parallel");
}

void thaw_parallel(int64_t count, int64_t grain, int32_t threads, void (*body)(void *, int64_t, int64_t),
                   void *context) {
  if (count <= 0) return;
  if (grain < 1) grain = 1;
  int64_t pieces = (count - 1) / grain + 1;
  if (threads > pieces) threads = (int32_t)pieces;
  if (threads <= 1 || inside) {
    body(context, 0, count);
    return;
  }
  job j = {.body = body, .context = context, .count = count, .grain = grain};
  pthread_once(&found, find_gomp);
  if (gomp) gomp(work, &j, (unsigned)threads, 0);
  else run_on_own_pool(&j, threads);
}

void thaw_enter_serial(void) { inside++; }

void thaw_leave_serial(void) { inside--; }

// How many ------------------------------------------------------------------------------------------------------------

static _Atomic int32_t chosen = 0;

int32_t thaw_thread_count(void) {
  int32_t count = atomic_load_explicit(&chosen, memory_order_relaxed);
  if (count > 0) return count;
  const char *variable = getenv("OMP_NUM_THREADS");
  if (variable) count = (int32_t)strtol(variable, NULL, 10);
  if (count <= 0) {
    cpu_set_t set;
    count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : (int32_t)sysconf(_SC_NPROCESSORS_ONLN);
  }
  if (count <= 0) count = 1;
  atomic_store_explicit(&chosen, count, memory_order_relaxed);
  return count;
}

void thaw_set_thread_count(int32_t count) {
  atomic_store_explicit(&chosen, count < 1 ? 1 : count, memory_order_relaxed);
}
