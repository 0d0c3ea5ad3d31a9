// Runs the calls this project makes on secrets while valgrind takes the secrets for uninitialised memory: it then reports
// every jump and every address that depends on one. Run by scripts/check-constant-time.

#include <blst.h>
#include <secp256k1.h>
#include <secp256k1_ecdh.h>
#include <secp256k1_recovery.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <valgrind/memcheck.h>

static int failures = 0;
// What calls return, which may depend on a secret.
static volatile int status;

static void secret(void *bytes, size_t count) { VALGRIND_MAKE_MEM_UNDEFINED(bytes, count); }
static void public(void *bytes, size_t count) { VALGRIND_MAKE_MEM_DEFINED(bytes, count); }

static void row(const char *call, unsigned reports, unsigned expected, const char *reason) {
  const int good = reports <= expected;
  if (!good) failures++;
  printf("%-44s %7u  %7u   %s%s\n", call, reports, expected, good ? "" : "UNEXPECTED ", reason);
}

// More than `expected` reports fail. Fewer do not: another version of a library may do better.
#define CHECK(name, call, expected, reason)                    \
  do {                                                         \
    const unsigned before = VALGRIND_COUNT_ERRORS;             \
    call;                                                      \
    row(name, VALGRIND_COUNT_ERRORS - before, expected, reason); \
  } while (0)

static void fill(unsigned char *bytes, size_t count, unsigned char first) {
  for (size_t i = 0; i < count; i++) bytes[i] = (unsigned char)(first + 29 * i);
  bytes[0] &= 0x3f;          // below every order, big-endian
  bytes[count - 1] &= 0x0f;  // and little-endian
}

static int whole_point(unsigned char *output, const unsigned char *x, const unsigned char *y, void *data) {
  (void)data;
  output[0] = 4;
  memcpy(output + 1, x, 32);
  memcpy(output + 33, y, 32);
  return 1;
}

// That the method sees anything: a table read at a secret place and a branch on a secret bit.
static int instrument_works(void) {
  static const unsigned char table[256] = {1};
  volatile unsigned char place = 7, sum = 0;
  secret((void *)&place, 1);
  const unsigned before = VALGRIND_COUNT_ERRORS;
  sum = table[place];
  if (place & 1) sum++;
  public((void *)&sum, 1);
  return VALGRIND_COUNT_ERRORS > before;
}

static void check_secp256k1(void) {
  secp256k1_context *context = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
  unsigned char seed[32], a[32], b[32], digest[32], point[65];
  secp256k1_pubkey base, key;
  secp256k1_ecdsa_recoverable_signature signature;
  fill(seed, 32, 3);
  fill(a, 32, 5);
  fill(b, 32, 7);
  fill(digest, 32, 9);
  if (!secp256k1_ec_pubkey_create(context, &base, b)) failures++;

  secret(seed, 32);
  CHECK("secp256k1_context_randomize", status = secp256k1_context_randomize(context, seed), 0, "");
  secret(a, 32);
  CHECK("secp256k1_ec_pubkey_create", status = secp256k1_ec_pubkey_create(context, &key, a), 0, "");
  public(&key, sizeof key);
  CHECK("secp256k1_ecdh", status = secp256k1_ecdh(context, point, &base, a, whole_point, NULL), 0, "");
  CHECK("secp256k1_ecdsa_sign_recoverable",
        status = secp256k1_ecdsa_sign_recoverable(context, &signature, digest, a, NULL, NULL), 2,
        "whether the nonce and the signature are valid");
  secret(b, 32);
  CHECK("secp256k1_ec_seckey_tweak_mul", status = secp256k1_ec_seckey_tweak_mul(context, a, b), 0, "");
  CHECK("secp256k1_ec_seckey_tweak_add", status = secp256k1_ec_seckey_tweak_add(context, a, b), 0, "");
  CHECK("secp256k1_ec_seckey_negate", status = secp256k1_ec_seckey_negate(context, a), 0, "");
  secp256k1_context_destroy(context);
}

static void check_sodium(void) {
  unsigned char a[32], b[32], wide[64], result[32], ed_base[32], ristretto_base[32], hash[64], long_key[64];
  unsigned char message[100] = {1}, signature[64];
  fill(a, 32, 11);
  fill(b, 32, 13);
  fill(wide, 64, 17);
  if (crypto_scalarmult_ed25519_base_noclamp(ed_base, a) != 0) failures++;
  if (crypto_scalarmult_ristretto255_base(ristretto_base, a) != 0) failures++;
  secret(a, 32);
  secret(b, 32);
  secret(wide, 64);
  CHECK("crypto_core_ed25519_scalar_reduce", crypto_core_ed25519_scalar_reduce(result, wide), 0, "");
  CHECK("crypto_core_ed25519_scalar_add", crypto_core_ed25519_scalar_add(result, a, b), 0, "");
  CHECK("crypto_core_ed25519_scalar_mul", crypto_core_ed25519_scalar_mul(result, a, b), 0, "");
  CHECK("crypto_core_ed25519_scalar_negate", crypto_core_ed25519_scalar_negate(result, a), 0, "");
  CHECK("crypto_scalarmult_ed25519_base_noclamp", status = crypto_scalarmult_ed25519_base_noclamp(result, a), 1,
        "whether the scalar is zero");
  CHECK("crypto_scalarmult_ed25519_noclamp", status = crypto_scalarmult_ed25519_noclamp(result, a, ed_base), 1,
        "whether the scalar is zero");
  CHECK("crypto_scalarmult_ristretto255_base", status = crypto_scalarmult_ristretto255_base(result, a), 1,
        "whether the scalar is zero");
  CHECK("crypto_scalarmult_ristretto255", status = crypto_scalarmult_ristretto255(result, a, ristretto_base), 1,
        "whether the scalar is zero");
  CHECK("sodium_memcmp", status = sodium_memcmp(a, b, 32), 0, "");
  secret(wide, 64);
  CHECK("crypto_hash_sha512", crypto_hash_sha512(hash, wide, 64), 0, "");
  CHECK("crypto_hash_sha256", crypto_hash_sha256(hash, wide, 64), 0, "");
  CHECK("crypto_sign_ed25519_seed_keypair", status = crypto_sign_ed25519_seed_keypair(result, long_key, a), 0, "");
  public(long_key + 32, 32);
  CHECK("crypto_sign_ed25519_detached",
        status = crypto_sign_ed25519_detached(signature, NULL, message, sizeof message, long_key), 0, "");
}

static void check_blst(void) {
  unsigned char a[32], b[32], wide[64], out[32];
  blst_scalar scalar;
  blst_fr x, y, z;
  blst_p1 p1 = *blst_p1_generator(), r1;
  blst_p2 p2 = *blst_p2_generator(), r2;
  fill(a, 32, 19);
  fill(b, 32, 23);
  fill(wide, 64, 29);
  secret(a, 32);
  secret(b, 32);
  secret(wide, 64);
  CHECK("blst_scalar_from_be_bytes", status = blst_scalar_from_be_bytes(&scalar, wide, 64), 0, "");
  CHECK("blst_scalar_from_bendian", blst_scalar_from_bendian(&scalar, b), 0, "");
  CHECK("blst_fr_from_scalar", blst_fr_from_scalar(&y, &scalar), 0, "");
  blst_scalar_from_bendian(&scalar, a);
  CHECK("blst_scalar_fr_check", status = blst_scalar_fr_check(&scalar), 0, "");
  blst_fr_from_scalar(&x, &scalar);
  CHECK("blst_fr_add", blst_fr_add(&z, &x, &y), 0, "");
  CHECK("blst_fr_mul", blst_fr_mul(&z, &x, &y), 0, "");
  CHECK("blst_fr_cneg", blst_fr_cneg(&z, &x, 1), 0, "");
  CHECK("blst_scalar_from_fr", blst_scalar_from_fr(&scalar, &z), 0, "");
  CHECK("blst_bendian_from_scalar", blst_bendian_from_scalar(out, &scalar), 0, "");
  CHECK("blst_sk_to_pk_in_g1", blst_sk_to_pk_in_g1(&r1, &scalar), 0, "");
  CHECK("blst_sk_to_pk_in_g2", blst_sk_to_pk_in_g2(&r2, &scalar), 0, "");
  CHECK("blst_p1_mult", blst_p1_mult(&r1, &p1, scalar.b, 255), 1, "whether the scalar is below the order");
  CHECK("blst_p2_mult", blst_p2_mult(&r2, &p2, scalar.b, 255), 1, "whether the scalar is below the order");
}

int main(void) {
  if (!RUNNING_ON_VALGRIND) {
    fprintf(stderr, "this program measures nothing outside valgrind: use scripts/check-constant-time\n");
    return 2;
  }
  if (sodium_init() < 0) return 2;
  if (!instrument_works()) {
    fprintf(stderr, "valgrind does not report what it should\n");
    return 2;
  }
  printf("%-44s %7s  %7s   %s\n", "call on a secret", "reports", "allowed", "what is allowed");
  check_secp256k1();
  check_sodium();
  check_blst();
  printf("%d unexpected\n", failures);
  return failures == 0 ? 0 : 1;
}
