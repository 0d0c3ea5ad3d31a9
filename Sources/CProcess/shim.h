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

// syscall is variadic too, and some of these have no function in every libc that this builds with.
#ifdef __linux__
#include <fcntl.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <unistd.h>

// Both ends close-on-exec. Declared for GNU sources only.
static inline int process_pipe(int *ends) { return (int)syscall(SYS_pipe2, ends, O_CLOEXEC); }

// A file without a name that no other process can open; -1 on failure.
static inline int process_anonymous_file(void) { return (int)syscall(SYS_memfd_create, "", 1u /* MFD_CLOEXEC */); }
static inline int process_handle(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0u); }
static inline int process_signal(int handle, int signal) {
  return (int)syscall(SYS_pidfd_send_signal, handle, signal, (void *)0, 0u);
}

// Sets the soft and the hard limit of another process of this user. prlimit is declared for GNU sources only.
static inline int process_limit(pid_t pid, int resource, unsigned long long soft, unsigned long long hard) {
  const struct { unsigned long long soft, hard; } limit = {soft, hard};
  return (int)syscall(SYS_prlimit64, pid, resource, &limit, (void *)0);
}

// The lowest free descriptor from `lowest` on, close-on-exec.
static inline int process_duplicate(int descriptor, int lowest) { return fcntl(descriptor, F_DUPFD_CLOEXEC, lowest); }

int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *, int);
static inline int process_close_from(posix_spawn_file_actions_t *actions, int lowest) {
  return posix_spawn_file_actions_addclosefrom_np(actions, lowest);
}
#endif
