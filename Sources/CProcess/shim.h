#pragma once
#include <sys/resource.h>

// prctl is variadic, which Swift does not import.
#ifdef __linux__
#include <sys/prctl.h>
static inline int process_forbid_dumps(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }
#else
static inline int process_forbid_dumps(void) { return 0; }
#endif

static inline int process_forbid_core_files(void) {
  const struct rlimit none = {0, 0};
  return setrlimit(RLIMIT_CORE, &none);
}
