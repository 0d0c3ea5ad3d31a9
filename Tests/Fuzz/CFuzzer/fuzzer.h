#pragma once
#include <stddef.h>
#include <stdint.h>

// libFuzzer as a library; linked by -sanitize=fuzzer.
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*judge)(const uint8_t *bytes, size_t count));
