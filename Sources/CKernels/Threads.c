#define _GNU_SOURCE
#include "CKernels.h"
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

// oneDNN computes on libgomp's threads, which spin between regions: a second pool beside them would fight for the cores.
// So where libgomp is loaded its pool is used, through its C entry, and where it is not a small pool of our own.

#define MAXIMUM_THREADS 256

typedef struct job {
  void (*body)(void *, int64_t, int64_t);
  void *context;
  int64_t count, grain;
  _Atomic int64_t next;
  int wanted, busy;  // of our own pool's threads; under its lock
  struct job *after;
} job;

static _Thread_local int inside = 0;   // a piece of a job
static _Thread_local int holding = 0;  // threads that this one was given

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

// How many ------------------------------------------------------------------------------------------------------------

static int32_t positive_variable(const char *name) {
  const char *text = getenv(name);
  const long number = text ? strtol(text, NULL, 10) : 0;
  return number <= 0 ? 0 : number > MAXIMUM_THREADS ? MAXIMUM_THREADS : (int32_t)number;
}

int32_t thaw_core_count(void) {
  static _Atomic int32_t known = 0;
  int32_t count = atomic_load_explicit(&known, memory_order_relaxed);
  if (count > 0) return count;
  cpu_set_t set;
  count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : (int32_t)sysconf(_SC_NPROCESSORS_ONLN);
  if (count <= 0) count = 1;
  atomic_store_explicit(&known, count, memory_order_relaxed);
  return count;
}

int32_t thaw_thread_limit(void) {
  const int32_t limit = positive_variable("OMP_THREAD_LIMIT");
  return limit > 0 ? limit : MAXIMUM_THREADS;
}

static int32_t limited(int32_t count) {
  const int32_t limit = thaw_thread_limit();
  return count < 1 ? 1 : count > limit ? limit : count;
}

static _Atomic int32_t chosen = 0;

int32_t thaw_thread_count(void) {
  int32_t count = atomic_load_explicit(&chosen, memory_order_relaxed);
  if (count > 0) return count;
  count = positive_variable("OMP_NUM_THREADS");
  count = limited(count > 0 ? count : thaw_core_count());
  atomic_store_explicit(&chosen, count, memory_order_relaxed);
  return count;
}

void thaw_set_thread_count(int32_t count) { atomic_store_explicit(&chosen, limited(count), memory_order_relaxed); }

// Who computes --------------------------------------------------------------------------------------------------------

// Tasks that compute at the same time would each bring threads of their own, more than there are cores, and wait for
// one another at every barrier. So each region asks for its threads first, and waits while too few cores are free.
// Whoever computes may go on for a while, so that caches and threads are not handed over with every kernel; who has
// waited for that long closes the door behind which all others wait, and is next.

#define SLICE 2000000    // nanoseconds
#define LOOK 1000000     // how often who waits looks for free cores
#define CALL 100000      // how often who leaves calls one who waits

static struct {
  pthread_mutex_t lock;
  pthread_cond_t freed;
  int32_t used, waiting;
  const void *next;  // who closed the door
  int64_t called;
} gate = {.lock = PTHREAD_MUTEX_INITIALIZER, .freed = PTHREAD_COND_INITIALIZER};

static int64_t now(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void wait_at_gate(void) {
  const int64_t end = now(CLOCK_REALTIME) + LOOK;
  const struct timespec time = {.tv_sec = end / 1000000000, .tv_nsec = end % 1000000000};
  gate.waiting++;
  pthread_cond_timedwait(&gate.freed, &gate.lock, &time);
  gate.waiting--;
}

int32_t thaw_take_threads(int32_t threads) {
  if (threads <= 1 || inside || holding) return 0;
  const int32_t cores = thaw_core_count();
  if (threads > cores) threads = cores;
  const void *self = &holding;  // another address on each thread
  int64_t arrived = 0;
  pthread_mutex_lock(&gate.lock);
  while (gate.used + threads > cores || (gate.next && gate.next != self)) {
    const int64_t time = now(CLOCK_MONOTONIC);
    if (arrived == 0) arrived = time;
    if (!gate.next && time - arrived >= SLICE) gate.next = self;
    wait_at_gate();
  }
  if (gate.next == self) gate.next = NULL;
  gate.used += threads;
  pthread_mutex_unlock(&gate.lock);
  holding = threads;
  return threads;
}

void thaw_give_threads_back(int32_t threads) {
  if (threads == 0) return;
  holding = 0;
  pthread_mutex_lock(&gate.lock);
  gate.used -= threads;
  if (gate.next) {
    pthread_cond_broadcast(&gate.freed);
  } else if (gate.waiting > 0) {
    const int64_t time = now(CLOCK_MONOTONIC);
    if (time - gate.called >= CALL) {
      gate.called = time;
      pthread_cond_signal(&gate.freed);
    }
  }
  pthread_mutex_unlock(&gate.lock);
}

// Our own pool --------------------------------------------------------------------------------------------------------

// Looks at the next job this many times before it sleeps: some ten microseconds.
#define SPINS 2000

static struct {
  pthread_mutex_t lock;
  pthread_cond_t begins, ends;
  int started, taken;  // threads, and how many of them jobs have asked for
  _Atomic uint32_t arrivals;
  job *jobs;
} pool = {.lock = PTHREAD_MUTEX_INITIALIZER, .begins = PTHREAD_COND_INITIALIZER, .ends = PTHREAD_COND_INITIALIZER};

static void pause_briefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#else
  sched_yield();
#endif
}

static job *waiting_job(void) {
  job *j = pool.jobs;
  while (j && j->wanted == 0) j = j->after;
  return j;
}

static void *help(void *unused) {
  pthread_mutex_lock(&pool.lock);
  for (;;) {
    job *j = waiting_job();
    if (!j && pool.started < thaw_core_count()) {
      const uint32_t seen = atomic_load_explicit(&pool.arrivals, memory_order_relaxed);
      pthread_mutex_unlock(&pool.lock);
      for (int i = 0; i < SPINS && atomic_load_explicit(&pool.arrivals, memory_order_relaxed) == seen; i++)
        pause_briefly();
      pthread_mutex_lock(&pool.lock);
      j = waiting_job();
    }
    while (!j) {
      pthread_cond_wait(&pool.begins, &pool.lock);
      j = waiting_job();
    }
    j->wanted--;
    j->busy++;
    pthread_mutex_unlock(&pool.lock);
    work(j);
    pthread_mutex_lock(&pool.lock);
    if (--j->busy == 0) pthread_cond_broadcast(&pool.ends);
  }
  return unused;
}

static void run_on_own_pool(job *j, int32_t threads) {
  const int helpers = threads - 1;
  pthread_mutex_lock(&pool.lock);
  pool.taken += helpers;
  while (pool.started < pool.taken) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, help, NULL) != 0) break;
    pthread_detach(thread);
    pool.started++;
  }
  j->wanted = helpers;
  j->after = pool.jobs;
  pool.jobs = j;
  atomic_fetch_add_explicit(&pool.arrivals, 1, memory_order_relaxed);
  pthread_cond_broadcast(&pool.begins);
  pthread_mutex_unlock(&pool.lock);
  work(j);
  pthread_mutex_lock(&pool.lock);
  j->wanted = 0;
  while (j->busy > 0) pthread_cond_wait(&pool.ends, &pool.lock);
  job **link = &pool.jobs;
  while (*link != j) link = &(*link)->after;
  *link = j->after;
  pool.taken -= helpers;
  pthread_mutex_unlock(&pool.lock);
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

int32_t thaw_uses_gomp(void) {
  pthread_once(&found, find_gomp);
  return gomp != NULL;
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
  const int32_t taken = thaw_take_threads(threads);
  if (thaw_uses_gomp()) gomp(work, &j, (unsigned)threads, 0);
  else run_on_own_pool(&j, threads);
  thaw_give_threads_back(taken);
}

void thaw_enter_serial(void) { inside++; }

void thaw_leave_serial(void) { inside--; }
