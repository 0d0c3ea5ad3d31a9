#pragma once
#include <stddef.h>
#include <valgrind/memcheck.h>

// Requests are instruction sequences that do nothing outside valgrind.
static inline int is_under_valgrind(void) { return (int)RUNNING_ON_VALGRIND; }
static inline void make_secret(const void *bytes, size_t count) { (void)VALGRIND_MAKE_MEM_UNDEFINED(bytes, count); }
static inline void make_public(const void *bytes, size_t count) { (void)VALGRIND_MAKE_MEM_DEFINED(bytes, count); }
static inline unsigned report_count(void) { return VALGRIND_COUNT_ERRORS; }
