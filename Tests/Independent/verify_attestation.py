#!/usr/bin/env python3
"""Judges the evidence the tests left with `cryptography` (SEV-SNP, Nitro) and `dcap-qvl` (TDX).

A record holds evidence, a time, the root and the verdict of this project; both verdicts have to be the same. Evidence
made here or changed by one byte is among the records, so that a judge who says yes to everything disagrees at once.
Exit status 1 when a record fails, when a kind of record is missing, or when all was accepted or refused.

Evidence may be refused here where `dcap-qvl` reads more loosely, for reasons that are listed below; such records are
counted as "stricter". What is accepted here it has to accept, with the same status.

usage: verify_attestation.py FOLDER
"""

import datetime
import json
import sys
import warnings

import dcap_qvl
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, utils

from judging import judge

KINDS = {"evidence/sev-snp", "evidence/nitro", "evidence/tdx"}
AMD = "1.3.6.1.4.1.3704.1."
# What this project refuses and `dcap-qvl` leaves to its caller.
STRICTER = {"form", "configuration", "migration", "collateral"}
REFUSALS = (
    *(InvalidSignature, ValueError, TypeError, IndexError, KeyError, AttributeError),
    *(x509.ExtensionNotFound, x509.DuplicateExtension, x509.InvalidVersion, UnsupportedAlgorithm),
)
# The serial number of AMD's leaves is zero.
warnings.filterwarnings("ignore")


def require(holds: bool, what: str) -> None:
    if not holds:
        raise ValueError(what)


def chain(certificates: list, root: bytes, now: int) -> None:
    """From the root down: each signed by the one above, which may sign, and valid now."""
    moment = datetime.datetime.fromtimestamp(now, datetime.timezone.utc)
    require(certificates[0].public_bytes(serialization.Encoding.DER) == root, "root")
    for certificate in certificates:
        require(certificate.not_valid_before_utc <= moment <= certificate.not_valid_after_utc, "validity")
        for extension in certificate.extensions:
            require(not extension.critical or extension.oid.dotted_string in ("2.5.29.15", "2.5.29.19"), "critical")
    for place, (issuer, subject) in enumerate(zip(certificates, certificates[1:])):
        subject.verify_directly_issued_by(issuer)
        constraints = issuer.extensions.get_extension_for_class(x509.BasicConstraints).value
        usage = issuer.extensions.get_extension_for_class(x509.KeyUsage).value
        require(constraints.ca and usage.key_cert_sign, "authority")
        limit = constraints.path_length
        require(limit is None or limit >= len(certificates) - place - 2, "path length")


def sev_snp(record: dict) -> None:
    data = bytes.fromhex(record["evidence"])
    report, certificate = data[:1184], data[1184:]
    require(len(certificate) <= 4096, "size")
    leaf = x509.load_der_x509_certificate(certificate)
    values = {extension.oid.dotted_string.removeprefix(AMD): extension.value.value for extension in leaf.extensions}
    require(leaf.version == x509.Version.v3 and isinstance(leaf.public_key().curve, ec.SECP384R1), "certificate")
    algorithm = leaf.signature_algorithm_parameters
    require(isinstance(algorithm, padding.PSS) and algorithm._salt_length == 48, "padding")
    require(isinstance(leaf.signature_hash_algorithm, hashes.SHA384), "hash")
    provider = "4" not in values
    require(provider == ("5" in values), "kind of key")
    authority = x509.load_der_x509_certificate(bytes.fromhex(record["providers" if provider else "chips"]))
    root = bytes.fromhex(record["root"])
    chain([x509.load_der_x509_certificate(root), authority, leaf], root, record["time"])

    def number(name: str) -> int:
        require(values[name][:1] == b"\x02" and len(values[name]) == 2 + values[name][1], "integer")
        return int.from_bytes(values[name][2:], "big")

    version = int.from_bytes(report[:4], "little")
    require(2 <= version <= 5 and number("1") >= 0, "version")
    product = values["2"][2:].decode().split("-")[0]
    turin = product == "Turin"
    require(turin == ("3.9" in values), "FMC")
    require(all(number(f"3.{n}") == 0 for n in range(4, 8) if f"3.{n}" in values), "reserved")
    firmware = [number(f"3.{n}") for n in ((9, 1, 2, 3) if turin else (1, 2))]
    firmware += [0] * (3 if turin else 4) + ([] if turin else [number("3.3")]) + [number("3.8")]
    require(report[0x180:0x188] == bytes(firmware), "firmware")
    if not provider:
        require(len(values["4"]) == (8 if turin else 64), "hardware identifier")
        require(report[0x1A0:0x1E0] == values["4"].ljust(64, b"\0"), "chip")
    processors = {"Milan": (0x19, 0x01), "Genoa": (0x19, 0x11), "Turin": (0x1A, 0x02)}
    require(version < 3 or tuple(report[0x188:0x18A]) == processors[product], "product")
    key_info, policy = int.from_bytes(report[0x48:0x4C], "little"), int.from_bytes(report[8:16], "little")
    require(key_info & ~1 == (4 if provider else 0), "key info")
    require(int.from_bytes(report[0x34:0x38], "little") == 1, "algorithm")
    require(policy >> 17 & 1 == 1 and policy >> 26 == 0, "policy")
    require(key_info & 1 or not any(report[0x110:0x140]), "author key")
    zero = [(0x4C, 4), (0x18B, 21), (0x208, 152), (0x330, 368)]
    zero += [(0x188, 3)] * (version < 3) + [(0x1F8, 16)] * (version < 5)
    for place in (0x38, 0x180, 0x1E0, 0x1F0):
        zero += [(place + 4, 3)] if turin else [(place + 2, 4)]
    require(not any(any(report[start : start + count]) for start, count in zero), "reserved bytes")
    r, s = (int.from_bytes(report[start : start + 72], "little") for start in (0x2A0, 0x2E8))
    leaf.public_key().verify(utils.encode_dss_signature(r, s), report[:0x2A0], ec.ECDSA(hashes.SHA384()))


def cbor(data: bytes, place: int, depth: int = 0):
    """The item at `place` and where the next one begins (RFC 8949), with indefinite lengths."""
    require(depth < 5, "depth")
    first, place = data[place], place + 1
    major, additional = first >> 5, first & 31
    if first == 0xF6:
        return None, place
    count: int | None = additional
    if 24 <= additional <= 27:
        size = 1 << additional - 24
        require(place + size <= len(data), "truncated")
        count, place = int.from_bytes(data[place : place + size], "big"), place + size
    elif additional > 27:
        require(additional == 31 and major in (4, 5), "length")
        count = None
    if major == 0:
        return count, place
    if major in (2, 3):
        require(count is not None and place + count <= len(data), "truncated")
        content = data[place : place + count]
        return content if major == 2 else content.decode(), place + count
    require(major in (4, 5), "type")
    items: list = []
    while len(items) != (count if major == 4 or count is None else 2 * count):
        if count is None and data[place] == 0xFF:
            place += 1
            break
        item, place = cbor(data, place, depth + 1)
        items.append(item)
    if major == 4:
        return items, place
    pairs = dict(zip(items[::2], items[1::2]))
    require(2 * len(pairs) == len(items), "twice the same key")
    return pairs, place


def nitro(record: dict) -> None:
    data = bytes.fromhex(record["evidence"])
    (protected, unprotected, payload, signature), end = cbor(data, 0)
    require(end == len(data) and protected == b"\xa1\x01\x38\x22" and unprotected == {}, "form")
    document, end = cbor(payload, 0)
    require(end == len(payload), "trailing bytes")
    require(document["digest"] == "SHA384" and len(document["pcrs"][0]) == 48, "fields")
    certificates = [*document["cabundle"], document["certificate"]]
    leaf = x509.load_der_x509_certificate(certificates[-1])
    loaded = [x509.load_der_x509_certificate(certificate) for certificate in certificates]
    chain(loaded, bytes.fromhex(record["root"]), record["time"])

    def octets(content: bytes) -> bytes:
        count = len(content)
        if count < 256:
            return (bytes([0x40 | count]) if count < 24 else bytes([0x58, count])) + content
        return b"\x59" + count.to_bytes(2, "big") + content

    signed = b"\x84\x6aSignature1" + octets(protected) + octets(b"") + octets(payload)
    require(len(signature) == 96, "signature")
    r, s = int.from_bytes(signature[:48], "big"), int.from_bytes(signature[48:], "big")
    leaf.public_key().verify(utils.encode_dss_signature(r, s), signed, ec.ECDSA(hashes.SHA384()))


def proven(record: dict) -> bool:
    try:
        {"evidence/sev-snp": sev_snp, "evidence/nitro": nitro}[record["check"]](record)
    except REFUSALS:
        return False
    return True


def tdx(record: dict) -> tuple[str, str]:
    """The status by `dcap-qvl`, or nothing and the reason."""
    try:
        collateral = dcap_qvl.QuoteCollateralV3.from_json(record["collateral"])
        quote, root = bytes.fromhex(record["evidence"]), bytes.fromhex(record["root"])
        return dcap_qvl.verify_with_root_ca(quote, collateral, root, record["time"]).status, ""
    except ValueError as refusal:
        return "", str(refusal).replace("\n", " ")


def excuses(record: dict) -> set[str]:
    """For what a quote may be refused here that `dcap-qvl` accepts."""
    quote, reasons = bytes.fromhex(record["evidence"]), set(STRICTER)
    root = x509.load_der_x509_certificate(bytes.fromhex(record["root"])).public_bytes(serialization.Encoding.PEM)
    if root not in quote:
        # The last certificate of a quote is not looked at there.
        reasons.add("endorsement")
    start = quote.find(b"-----BEGIN")
    platform = dcap_qvl.parse_pck_extension_from_pem(quote[start:].rstrip(b"\0")) if start >= 0 else None
    if platform and platform.pce_id.hex() != json.loads(json.loads(record["collateral"])["tcb_info"])["pceId"]:
        reasons.add("firmware")
    return reasons


def is_worse_now(record: dict) -> bool:
    """Whether a module is said to have been replaced by an older one, which `dcap-qvl` does not judge."""
    quote = bytes.fromhex(record["evidence"])
    at_start, now = quote[54:70], quote[638:654]
    return quote[0] == 5 and any(new < old for old, new in zip(at_start, now))


def judge_tdx(record: dict) -> tuple[bool, str, str]:
    """Whether `dcap-qvl` accepts, what is wrong with our verdict, and whether we are stricter."""
    status, reason = tdx(record)
    failed, ours = set(record["failed"]), record["status"]
    if not failed and not status:
        return False, f"accepted here, refused by dcap-qvl: {reason}", ""
    if not failed and status == "TDRelaunchAdvised" and ours == "OutOfDate":
        return True, "", "stricter"
    if not failed and status != ours:
        return True, "" if is_worse_now(record) else f"{ours} here, {status} by dcap-qvl", "stricter"
    if failed and status:
        return True, "" if failed <= excuses(record) else f"refused here for {failed}, {status} by dcap-qvl", "stricter"
    return bool(status), "", ""


def faults_of(record: dict) -> tuple[str, list[str]] | None:
    kind = record["check"]
    if kind not in KINDS:
        return None
    if kind == "evidence/tdx":
        accepted, fault, note = judge_tdx(record)
    else:
        accepted, ours, note = proven(record), record["isProven"], ""
        fault = "" if accepted == ours else f"proven: {ours} here, {accepted} by others"
    label = f"{kind} {'accepted' if accepted else 'refused'}" + (f", {note} here" if note else "")
    return label, [f"{record['name']}: {fault}"] if fault else []


if __name__ == "__main__":
    wanted = {f"{kind} {verdict}" for kind in KINDS for verdict in ("accepted", "refused")}
    sys.exit(judge(sys.argv[1], faults_of, wanted))
