#!/usr/bin/env python3
"""Checks what the tests produced with cryptography this project did not write.

The test suites leave JSON files in .build/independent: arrays of records with a "check" field. Each record is judged
here with `cryptography`, `pynacl`, `coincurve`, `ecdsa`, `py-arkworks-bls12381` or `openssl`; every record is also
altered and must then fail. Exit status 1 when a record fails, when a kind of record is missing, or when nothing was checked.
Records of kind "siwe" are for `verify_siwe.py`, those of "evidence/…" for `verify_attestation.py`.

usage: verify_outputs.py FOLDER [KIND ...]      the kinds that must be there, by default all of them
"""

import ctypes
import ctypes.util
import hashlib
import sys

import ecdsa as pure_ecdsa
import nacl.exceptions
import nacl.signing
from coincurve import PublicKey, PublicKeyXOnly
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from py_arkworks_bls12381 import GT, G1Point, G2Point, Scalar

import node_tls
from judging import judge

SIGNATURES = {"sign/ed25519", "sign/ristretto255", "sign/secp256k1", "sign/taproot", "sign/ecdsa"}
REQUIRED = SIGNATURES | {"bls", "node-tls"}
IBE_DOMAIN = b"BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_"
SECP256K1_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
ED25519_ORDER = 2**252 + 27742317777372353535851937790883648493


def length_prefixed(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


def signed_bytes(record: dict) -> bytes:
    """What a node signs for each operation kind: a tag keeps `message` and `file` apart from `raw`."""
    if record["kind"] == "raw":
        return bytes.fromhex(record["message"])
    if record["kind"] == "message":
        text = b"quorate/message/v1" + length_prefixed(bytes.fromhex(record["message"]))
    elif record["kind"] == "file":
        size = int(record["size"]).to_bytes(8, "big")
        text = b"quorate/file/v1" + length_prefixed(bytes.fromhex(record["sha256"])) + length_prefixed(size)
    else:
        raise ValueError(f"unknown kind {record['kind']}")
    return hashlib.sha256(text).digest() if record["scheme"] in ("taproot", "ecdsa") else text


def ed25519(key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except InvalidSignature:
        return False
    try:
        nacl.signing.VerifyKey(key).verify(message, signature)
    except nacl.exceptions.BadSignatureError:
        return False
    return True


def taproot(key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        return PublicKeyXOnly(key).verify(signature, message)
    except ValueError:
        return False


def expand_message_xmd(message: bytes, domain: bytes, length: int) -> bytes:
    """RFC 9380 section 5.3.1 with SHA-256."""
    domain_prime = domain + bytes([len(domain)])
    first = hashlib.sha256(bytes(64) + message + length.to_bytes(2, "big") + b"\0" + domain_prime).digest()
    block = hashlib.sha256(first + b"\1" + domain_prime).digest()
    output = block
    for index in range(2, -(-length // 32) + 1):
        mixed = bytes(a ^ b for a, b in zip(first, block))
        block = hashlib.sha256(mixed + bytes([index]) + domain_prime).digest()
        output += block
    return output[:length]


def secp256k1(key: bytes, message: bytes, signature: bytes) -> bool:
    """RFC 9591 section 6.5: z·G = R + c·PK with c from H2."""
    commitment, response = signature[:33], signature[33:]
    domain = b"FROST-secp256k1-SHA256-v1chal"
    challenge = int.from_bytes(expand_message_xmd(commitment + key + message, domain, 48), "big") % SECP256K1_ORDER
    if not 0 < int.from_bytes(response, "big") < SECP256K1_ORDER:
        return False
    try:
        left = PublicKey.from_valid_secret(response)
        right = PublicKey.combine_keys([PublicKey(commitment), PublicKey(key).multiply(challenge.to_bytes(32, "big"))])
    except ValueError:
        return False
    return left.format() == right.format()


def sodium() -> ctypes.CDLL:
    return ctypes.CDLL(ctypes.util.find_library("sodium") or "libsodium.so.23")


def ristretto255(key: bytes, message: bytes, signature: bytes) -> bool:
    """RFC 9591 section 6.2: z·B = R + c·PK with c from H2."""
    commitment, response = signature[:32], signature[32:]
    digest = hashlib.sha512(b"FROST-RISTRETTO255-SHA512-v1chal" + commitment + key + message).digest()
    challenge = (int.from_bytes(digest, "little") % ED25519_ORDER).to_bytes(32, "little")
    library = sodium()
    left, product, right = (ctypes.create_string_buffer(32) for _ in range(3))
    if library.crypto_scalarmult_ristretto255_base(left, response) != 0:
        return False
    if library.crypto_scalarmult_ristretto255(product, challenge, key) != 0:
        return False
    return library.crypto_core_ristretto255_add(right, commitment, product) == 0 and left.raw == right.raw


def ecdsa(key: bytes, message: bytes, signature: bytes) -> bool:
    """r ‖ s of a digest, with low s; three libraries must agree."""
    r, s = (int.from_bytes(part, "big") for part in (signature[:32], signature[32:]))
    if not (0 < r < SECP256K1_ORDER and 0 < s <= SECP256K1_ORDER // 2):
        return False
    encoded = utils.encode_dss_signature(r, s)
    try:
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256K1(), key)
        public.verify(encoded, message, ec.ECDSA(utils.Prehashed(hashes.SHA256())))
        pure_ecdsa.VerifyingKey.from_string(key, pure_ecdsa.SECP256k1).verify_digest(signature, message)
    except (InvalidSignature, pure_ecdsa.BadSignatureError):
        return False
    return PublicKey(key).verify(encoded, message, hasher=None)


def check_ecdsa_encodings(record: dict) -> list[str]:
    """DER is that of r ‖ s, and the recovery id leads back to the key."""
    signature, message = bytes.fromhex(record["signature"]), signed_bytes(record)
    r, s = (int.from_bytes(part, "big") for part in (signature[:32], signature[32:]))
    faults = []
    if utils.encode_dss_signature(r, s).hex() != record["der"]:
        faults.append("the DER encoding is another signature's")
    recoverable = signature + bytes([record["recoveryID"]])
    if PublicKey.from_signature_and_message(recoverable, message, hasher=None).format().hex() != record["publicKey"]:
        faults.append("the recovery id leads to another key")
    return faults


SCHEMES = {
    "ed25519": ed25519,
    "ristretto255": ristretto255,
    "secp256k1": secp256k1,
    "taproot": taproot,
    "ecdsa": ecdsa,
}


def check_signature(record: dict) -> list[str]:
    verify = SCHEMES[record["scheme"]]
    key, signature = bytes.fromhex(record["publicKey"]), bytes.fromhex(record["signature"])
    message = signed_bytes(record)
    if not verify(key, message, signature):
        return ["the signature does not verify"]
    altered = signature[:-1] + bytes([signature[-1] ^ 1])
    other = hashlib.sha256(message).digest()
    faults = []
    if verify(key, message, altered):
        faults.append("an altered signature verifies")
    if verify(key, other, signature):
        faults.append("the signature verifies for another message")
    if record["scheme"] == "ecdsa":
        faults += check_ecdsa_encodings(record)
    return faults


def check_bls(record: dict) -> list[str]:
    """Each share under its verifying share, and the combination by Lagrange in the exponent under the public key."""
    base = G1Point()
    hashed = G2Point.hash_to_curve(bytes.fromhex(record["identity"]), IBE_DOMAIN)

    def valid(public: G1Point, signature: G2Point) -> bool:
        return GT.multi_pairing([base], [signature]) == GT.multi_pairing([public], [hashed])

    faults = []
    shares = {}
    for share in record["shares"]:
        value = G2Point.from_compressed_bytes(bytes.fromhex(share["value"]))
        verifying = G1Point.from_compressed_bytes(bytes.fromhex(share["verifyingShare"]))
        if not valid(verifying, value):
            faults.append(f"share {share['party']} does not verify")
        if valid(verifying, value + G2Point()):
            faults.append(f"share {share['party']} verifies altered")
        if any(valid(verifying, other) for other in shares.values()):
            faults.append(f"share {share['party']}'s key verifies another share")
        shares[share["party"]] = value
    combined = G2Point.identity()
    for index, value in shares.items():
        factor = Scalar(1)
        for other in shares:
            if other != index:
                factor = factor * Scalar(other) * (Scalar(other) - Scalar(index)).inverse()
        combined = combined + value * factor
    if combined.to_compressed_bytes() != bytes.fromhex(record["combined"]):
        faults.append("the shares combine to something else")
    if len(shares) < 2:
        faults.append("fewer than two shares")
    public = G1Point.from_compressed_bytes(bytes.fromhex(record["publicKey"]))
    if not valid(public, combined):
        faults.append("the combined signature does not verify")
    if valid(public, combined + G2Point()):
        faults.append("an altered signature verifies")
    return faults


def faults_of(record: dict) -> tuple[str, list[str]] | None:
    kind = record["check"]
    if kind == "siwe" or kind.startswith(("content/", "evidence/")):
        return None
    if kind == "sign":
        return f"sign/{record['scheme']}", check_signature(record)
    if kind == "bls":
        return kind, check_bls(record)
    if kind == "node-tls":
        return kind, node_tls.check(record)
    return kind, [f"unknown check {kind}"]


if __name__ == "__main__":
    sys.exit(judge(sys.argv[1], faults_of, set(sys.argv[2:]) or REQUIRED))
