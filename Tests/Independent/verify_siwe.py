#!/usr/bin/env python3
"""Checks the capabilities the tests left with the `siwe` package: the text, its fields, and the wallet's signature.

Every record is also altered, one thing at a time, and must then not verify. Exit status 1 when a record fails or there is
none.

usage: verify_siwe.py FOLDER
"""

import base64
import datetime
import json
import re
import sys

import siwe
from eth_keys.exceptions import BadSignature
from pydantic import ValidationError

from judging import judge

REFUSALS = (siwe.VerificationError, ValidationError, BadSignature, ValueError)


def parse(text: str, grammar: bool) -> siwe.SiweMessage:
    """By the package's regular expression, and by the grammar of the standard, which takes a second."""
    message = siwe.SiweMessage.from_message(text, abnf=False)
    if grammar and siwe.SiweMessage.from_message(text) != message:
        raise ValueError("the two parsers disagree")
    return message


def verify(record: dict, grammar: bool = False) -> None:
    message = parse(record["message"], grammar)
    if message.prepare_message() != record["message"]:
        raise ValueError("siwe writes the message in another way")
    if message.address != record["address"]:
        raise ValueError("another wallet")
    moment = datetime.datetime.fromisoformat(record["moment"].replace("Z", "+00:00"))
    message.verify("0x" + record["signature"], domain=record["domain"], nonce=record["nonce"], timestamp=moment)


def recap_statement(resource: str) -> str:
    """What ERC-5573 makes of a ReCap for the user to read."""
    encoded = resource.removeprefix("urn:recap:")
    details = json.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    text = "I further authorize the stated URI to perform the following actions on my behalf:"
    place = 1
    for target in sorted(details["att"]):
        spaces: dict[str, list[str]] = {}
        for ability in sorted(details["att"][target]):
            space, name = ability.split("/", 1)
            spaces.setdefault(space, []).append(name)
        for space, names in spaces.items():
            actions = ", ".join(f"'{name}'" for name in names)
            text += f" ({place}) '{space}': {actions} for '{target}'."
            place += 1
    return text


def fields_faults(record: dict) -> list[str]:
    message = parse(record["message"], grammar=False)
    read = {
        "domain": message.domain,
        "uri": message.uri,
        "chainID": message.chain_id,
        "nonce": message.nonce,
        "issuedAt": message.issued_at,
        "expirationTime": message.expiration_time,
        "resources": message.resources,
    }
    faults = [f"{name} reads as {value!r}" for name, value in read.items() if value != record[name]]
    if message.statement != recap_statement(message.resources[0]):
        faults.append("the statement does not say what the ReCap grants")
    return faults


def altered(record: dict):
    text, signature = record["message"], record["signature"]
    edits = {
        "the domain": ("quorate", "quorata"),
        "the wallet": (record["address"], "0x" + "00" * 20),
        "the statement": ("I further authorize", "I further authorise"),
        "the session key": (record["uri"], record["uri"][:-1] + ("A" if record["uri"][-1] != "A" else "B")),
        "the chain": (f"Chain ID: {record['chainID']}", f"Chain ID: {record['chainID']}1"),
        "the nonce": (f"Nonce: {record['nonce']}", f"Nonce: {record['nonce']}0"),
        "the beginning": (record["issuedAt"], record["issuedAt"].replace("20", "21", 1)),
        "the end": (record["expirationTime"], re.sub("^20", "21", record["expirationTime"])),
        "the resource": (record["resources"][0], record["resources"][0][:-4] + "AAAA"),
        "the version": ("Version: 1", "Version: 2"),
        "a line": ("\nNonce: ", "\nNot Before: 2020-01-01T00:00:00Z\nNonce: "),
    }
    for name, (old, new) in edits.items():
        assert old in text and old != new, name
        yield name, {**record, "message": text.replace(old, new)}
    yield "the end of the text", {**record, "message": text + "\n"}
    yield "the signature", {**record, "signature": f"{int(signature[:2], 16) ^ 1:02x}" + signature[2:]}
    yield "its other parity", {**record, "signature": signature[:-2] + ("1c" if signature[-2:] == "1b" else "1b")}
    yield "the expected domain", {**record, "domain": "another.example"}
    yield "the expected nonce", {**record, "nonce": "anothernonce"}
    yield "a later moment", {**record, "moment": record["expirationTime"]}


def check(record: dict) -> list[str]:
    try:
        verify(record, grammar=True)
    except REFUSALS as refusal:
        return [f"not verified: {type(refusal).__name__} {refusal}"]
    faults = fields_faults(record)
    for name, other in altered(record):
        try:
            verify(other)
            faults.append(f"verifies with another: {name}")
        except REFUSALS:
            pass
    return faults


def faults_of(record: dict) -> tuple[str, list[str]] | None:
    return ("siwe", check(record)) if record["check"] == "siwe" else None


if __name__ == "__main__":
    sys.exit(judge(sys.argv[1], faults_of, {"siwe"}))
