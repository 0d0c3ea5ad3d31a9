#pragma once
#include <stdint.h>
#include <secp256k1.h>
#include <secp256k1_ecdh.h>
#include <secp256k1_extrakeys.h>
#include <secp256k1_recovery.h>
#include <secp256k1_schnorrsig.h>

// The library aborts rather than give no context; the header does not say so.
static inline secp256k1_context *_Nonnull secp256k1_context_create_or_abort(void) {
  return secp256k1_context_create(SECP256K1_CONTEXT_NONE);
}

// Hides from the optimiser that a mask is all zeros or all ones. Where it knows, it makes of a choice between two values
// in memory a load from one of two addresses.
static inline uint64_t opaque_mask(uint64_t mask) {
  __asm__("" : "+r"(mask));
  return mask;
}
