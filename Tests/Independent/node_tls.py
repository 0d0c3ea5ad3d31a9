"""Judges what a running node shows to a stranger: its TLS, its certificate, and its proof over one connection.

A record holds what `openssl s_client` printed of three connections to the node's port for users: one with TLS 1.3 on which
the client asked `POST /v1/attest`, one that offered the session of the first again, and one with TLS 1.2 at most. What the
node says there is compared with the certificate by `openssl` and `cryptography`, down to the development root the founding
document names.
"""

import base64
import copy
import datetime
import hashlib
import json
import re
import subprocess
import tempfile

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

CONCEPTUAL_MESSAGE = x509.ObjectIdentifier("1.3.6.1.5.5.7.1.35")
REPORT_SIZE, SIGNED_SIZE = 0x4A0, 0x2A0


class Fault(Exception):
    """What is not so."""


def require(holds: bool, fault: str) -> None:
    if not holds:
        raise Fault(fault)


def tagged(tag: str, *fields: bytes) -> bytes:
    return tag.encode() + b"".join(len(field).to_bytes(4, "big") + field for field in fields)


def base64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def cbor(data: bytes):
    """The few types of RFC 8949 that certificates use: unsigned, bytes, text, array, map."""

    def item(place: int):
        major, low = data[place] >> 5, data[place] & 31
        size = {24: 1, 25: 2, 26: 4, 27: 8}.get(low, 0)
        require(low < 28, "CBOR of a kind nobody writes")
        value = int.from_bytes(data[place + 1 : place + 1 + size], "big") if size else low
        place += 1 + size
        if major == 0:
            return value, place
        if major in (2, 3):
            content = data[place : place + value]
            return (content if major == 2 else content.decode()), place + value
        require(major in (4, 5), "CBOR of a kind nobody writes")
        items = []
        for _ in range(value * (major - 3)):
            element, place = item(place)
            items.append(element)
        return (items if major == 4 else dict(zip(items[::2], items[1::2]))), place

    value, end = item(0)
    require(end == len(data), "bytes behind the CBOR")
    return value


def openssl(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(["openssl", *arguments], capture_output=True, text=True, timeout=30, check=False)


def octets(der: bytes) -> bytes:
    """The content of one OCTET STRING."""
    require(der[0] == 4, "not an OCTET STRING")
    size = der[1] - 128 if der[1] > 128 else 0
    return der[2 + size :]


def judge_software_evidence(evidence: bytes, report_data: bytes, roots: list[bytes], now: datetime.datetime) -> None:
    report, endorsement = evidence[:REPORT_SIZE], x509.load_der_x509_certificate(evidence[REPORT_SIZE:])
    require(report[0x50:0x90] == report_data, "the report is over something else")
    r, s = (int.from_bytes(report[place : place + 72], "little") for place in (0x2A0, 0x2E8))
    endorsement.public_key().verify(encode_dss_signature(r, s), report[:SIGNED_SIZE], ec.ECDSA(hashes.SHA384()))
    require(endorsement.not_valid_before_utc <= now <= endorsement.not_valid_after_utc, "the endorsement is not valid")
    for root in roots:
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP384R1(), root)
        try:
            key.verify(endorsement.signature, endorsement.tbs_certificate_bytes, ec.ECDSA(hashes.SHA384()))
            return
        except InvalidSignature:
            continue
    raise Fault("no development root of the network endorses the attester")


def judge_certificate(pem: str) -> tuple[x509.Certificate, bytes, bytes]:
    """The certificate with the binding and the evidence in it."""
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
        file.write(pem)
        file.flush()
        verified = openssl("verify", "-check_ss_sig", "-partial_chain", "-CAfile", file.name, file.name)
        require(verified.returncode == 0, f"openssl does not verify the certificate: {verified.stderr.strip()}")
        text = openssl("x509", "-in", file.name, "-noout", "-text").stdout
    for words in ("Version: 3", "ecdsa-with-SHA256", "prime256v1", CONCEPTUAL_MESSAGE.dotted_string):
        require(words in text, f"openssl does not read {words!r} in the certificate")
    certificate = x509.load_pem_x509_certificate(pem.encode())
    require(certificate.issuer == certificate.subject, "another issuer")
    lifetime = certificate.not_valid_after_utc - certificate.not_valid_before_utc
    require(lifetime <= datetime.timedelta(hours=24), "the certificate lives too long")
    require([e.oid for e in certificate.extensions] == [CONCEPTUAL_MESSAGE], "other extensions")
    message = cbor(octets(certificate.extensions[0].value.value))
    require(message["evidence"][0] == "application/vnd.quorate.evidence.software", "another kind of evidence")
    require("DEVELOPMENT ONLY - NOT A TEE" in certificate.subject.rfc4514_string(), "development is not said")
    return certificate, message["binding"][1], message["evidence"][1]


def judge(record: dict) -> None:
    first, again, old = record["tls13"], record["again"], record["tls12"]
    require("New, TLSv1.3, Cipher is TLS_" in first["output"], "no TLS 1.3")
    require("ALPN protocol: http/1.1" in first["output"], "another protocol")
    require("New, TLSv1.3, Cipher is TLS_" in again["output"], "no second connection")
    require("Reused, TLSv1.3" not in again["output"], "a session was resumed")
    require(old["status"] != 0 and "alert protocol version" in old["output"], "TLS 1.2 is not refused")
    require("Cipher is (NONE)" in old["output"], "TLS 1.2 got a cipher")

    pems = re.findall(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n", first["output"], re.S)
    require(len(set(pems)) == 1, "not exactly one certificate")
    certificate, binding_bytes, evidence = judge_certificate(pems[0])
    require(pems[0] in again["output"], "another certificate on the second connection")
    spki = hashlib.sha256(
        certificate.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    ).digest()

    founding = record["founding"].encode()
    network = hashlib.sha256(tagged("quorate/founding/v1", founding)).digest()
    roots = [bytes.fromhex(root) for root in json.loads(founding)["developmentRoots"]]
    answer = json.loads(re.search(r'\{"evidence":.*?"identitySignature":"[\w-]+"\}', first["output"]).group())
    require(base64url(answer["binding"]) == binding_bytes, "the node answers with another binding than it presents")
    binding = cbor(binding_bytes)
    require(binding[2] == network, "another network")
    require("0x" + binding[3].hex() == record["node"], "another node")
    require(binding[6] == base64url(record["identityKey"]), "another identity key than the registry's")
    require(binding[9] == spki, "the binding names another TLS key than the certificate")
    for key, moment in ((10, certificate.not_valid_before_utc), (11, certificate.not_valid_after_utc)):
        require(binding[key] == int(moment.timestamp()), "the binding names another validity than the certificate")

    now = certificate.not_valid_before_utc + datetime.timedelta(minutes=10)
    over_binding = hashlib.sha512(tagged("quorate/certificate-binding/v1", binding_bytes)).digest()
    judge_software_evidence(evidence, over_binding, roots, now)
    # RFC 9266: both ends export these 32 bytes of one connection and of no other.
    exporter = bytes.fromhex(re.search(r"Keying material: ([0-9A-F]{64})", first["output"]).group(1))
    version, epoch = (1).to_bytes(8, "big"), bytes(8)
    live = hashlib.sha512(
        tagged(
            "quorate/live/v1", network, epoch, version, b"client", bytes.fromhex(record["nonce"]), b"", b"", spki,
            exporter, b"", binding[3], b"", binding[4])
    ).digest()
    judge_software_evidence(base64url(answer["evidence"]["data"]), live, roots, now)
    Ed25519PublicKey.from_public_bytes(binding[6]).verify(
        base64url(answer["identitySignature"]), tagged("quorate/live-signature/v1", live))


def altered(record: dict):
    """The record with one thing changed at a time; none of them may pass."""

    def change(name: str, edit) -> tuple[str, dict]:
        other = copy.deepcopy(record)
        edit(other)
        return name, other

    def replace(connection: str, pattern: str, replacement):
        def edit(other: dict) -> None:
            text, count = re.subn(pattern, replacement, other[connection]["output"], count=1, flags=re.S)
            assert count == 1, pattern
            other[connection]["output"] = text

        return edit

    def flip(text: str) -> str:
        return ("B" if text[0] == "A" else "A") + text[1:]

    def certificate_changed(other: dict) -> None:
        pattern = r"(-----BEGIN CERTIFICATE-----\n)(.*?)(-----END CERTIFICATE-----)"
        der = bytearray(base64.b64decode(re.search(pattern, other["tls13"]["output"], re.S).group(2)))
        der[-1] ^= 1
        body = "\n".join(re.findall(".{1,64}", base64.b64encode(bytes(der)).decode())) + "\n"
        for connection in ("tls13", "again"):
            output = other[connection]["output"]
            other[connection]["output"] = re.sub(pattern, lambda m: m[1] + body + m[3], output, flags=re.S)

    yield change("its version of TLS", replace("tls13", "New, TLSv1.3", "New, TLSv1.2"))
    yield change("a resumed session", replace("again", "New, TLSv1.3", "Reused, TLSv1.3"))
    yield change("an accepted TLS 1.2", lambda other: other["tls12"].update(status=0))
    yield change("the certificate's signature", certificate_changed)
    yield change("the connection", replace("tls13", "Keying material: .", lambda m: m[0][:-1] + flip(m[0][-1])))
    yield change("the nonce", lambda other: other.update(nonce=hashlib.sha256(b"another").hexdigest()))
    yield change("the node", lambda other: other.update(node="0x" + "00" * 20))
    yield change("the identity key", lambda other: other.update(identityKey=flip(other["identityKey"])))
    yield change("the network", lambda other: other.update(founding=other["founding"] + " "))
    yield change(
        "the identity signature",
        replace("tls13", r'("identitySignature":")(.)', lambda m: m[1] + flip(m[2])))
    yield change("the live evidence", replace("tls13", r'("data":".{400})(.)', lambda m: m[1] + flip(m[2])))
    yield change("the binding", replace("tls13", r'("binding":".{60})(.)', lambda m: m[1] + flip(m[2])))


def passes(record: dict) -> tuple[bool, str]:
    try:
        judge(record)
        return True, ""
    except (Fault, InvalidSignature, ValueError, KeyError, AttributeError) as fault:
        return False, f"{type(fault).__name__} {fault}"


def check(record: dict) -> list[str]:
    good, why = passes(record)
    if not good:
        return [why]
    return [f"passes with another: {name}" for name, other in altered(record) if passes(other)[0]]
