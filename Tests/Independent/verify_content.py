#!/usr/bin/env python3
"""Checks what the tests hashed, signed and wrote for wallets with wallet libraries this project did not write.

The test suites leave JSON files in .build/independent: arrays of records with a "check" field. Those whose check begins
with "content/" are judged here: Ethereum transactions and typed data with `eth-account`, addresses and PSBTs with
`embit`. Exit status 1 when a record fails, when a kind of record is missing, or when nothing was checked.

usage: verify_content.py FOLDER
"""

import json
import sys

import rlp
from embit import ec, psbt, script
from embit.base import EmbitError
from embit.networks import NETWORKS
from embit.transaction import Transaction
from eth_account import Account
from eth_account.messages import _hash_eip191_message, encode_typed_data
from eth_account.typed_transactions import TypedTransaction
from eth_keys.exceptions import BadSignature, ValidationError
from eth_utils import keccak, to_checksum_address
from hexbytes import HexBytes

from judging import judge

REQUIRED = {"content/ethereum-transaction", "content/eip712", "content/address", "content/psbt"}
EMBIT_NETWORKS = {"mainnet": NETWORKS["main"], "testnet": NETWORKS["test"], "regtest": NETWORKS["regtest"]}


def unsigned_fields(raw: bytes) -> dict:
    """The fields by name, from the unsigned bytes, read with `rlp` alone."""
    names = {
        1: ["chainId", "nonce", "gasPrice", "gas", "to", "value", "data", "accessList"],
        2: ["chainId", "nonce", "priority", "cap", "gas", "to", "value", "data", "accessList"],
    }
    if raw[0] in names:
        return dict(zip(names[raw[0]], rlp.decode(raw[1:]), strict=True))
    legacy = ["nonce", "gasPrice", "gas", "to", "value", "data", "chainId", "zero", "none"]
    return dict(zip(legacy, rlp.decode(raw), strict=True))


def sender_of(serialized: bytes) -> str | None:
    """None where the signature is nobody's."""
    try:
        return Account.recover_transaction(HexBytes(serialized))
    except (BadSignature, ValidationError):
        return None


def check_ethereum_transaction(record: dict) -> list[str]:
    faults = []
    unsigned, serialized = bytes.fromhex(record["unsigned"]), bytes.fromhex(record["serialized"])
    if keccak(unsigned).hex() != record["digest"]:
        faults.append("the digest is not the hash of the unsigned transaction")
    if sender_of(serialized) != record["sender"]:
        faults.append("the transaction is somebody else's")
    if sender_of(serialized[:-1] + bytes([serialized[-1] ^ 1])) == record["sender"]:
        faults.append("an altered transaction is the same sender's")
    if keccak(serialized).hex() != record["hash"]:
        faults.append("the transaction has another hash")
    if serialized[0] in (1, 2) and TypedTransaction.from_bytes(HexBytes(serialized)).hash().hex() != record["digest"]:
        faults.append("another library signs another hash")
    fields = unsigned_fields(unsigned)
    stated = (int(record["chainId"]), int(record["value"]), record["to"])
    to = to_checksum_address(fields["to"]) if fields["to"] else ""
    if (int.from_bytes(fields["chainId"], "big"), int.from_bytes(fields["value"], "big"), to) != stated:
        faults.append("the fields read differ")
    return faults


def check_typed_data(record: dict) -> list[str]:
    document = json.loads(record["document"])
    faults = []
    if _hash_eip191_message(encode_typed_data(full_message=document)).hex() != record["digest"]:
        faults.append("another library has another digest")
    if "signature" in record:
        message, signature = encode_typed_data(full_message=document), HexBytes(record["signature"])
        if Account.recover_message(message, signature=signature) != record["signer"]:
            faults.append("the signature is somebody else's")
    document["domain"]["name"] += "!"
    if _hash_eip191_message(encode_typed_data(full_message=document)).hex() == record["digest"]:
        faults.append("the digest is that of another domain")
    return faults


def reads(text: str) -> bool:
    try:
        script.address_to_scriptpubkey(text)
    except EmbitError:
        return False
    return True


def check_address(record: dict) -> list[str]:
    network = EMBIT_NETWORKS[record["network"]]
    key = bytes.fromhex(record["key"])
    faults = []
    if script.p2wpkh(ec.PublicKey.parse(key)).address(network) != record["p2wpkh"]:
        faults.append("the P2WPKH address differs")
    # The output key is the key itself, without BIP-341's tweak.
    if script.Script(b"\x51\x20" + key[1:]).address(network) != record["p2tr"]:
        faults.append("the taproot address differs")
    for text in (record["p2wpkh"], record["p2tr"]):
        if script.address_to_scriptpubkey(text).address(network) != text:
            faults.append("an address does not read back")
        if reads(text[:-1] + ("q" if text[-1] != "q" else "p")):
            faults.append("an altered address is one")
    return faults


def check_psbt(record: dict) -> list[str]:
    faults = []
    parsed = psbt.PSBT.parse(bytes.fromhex(record["psbt"]))
    if not parsed.verify():
        faults.append("the previous transactions do not fit")
    if parsed.fee() != int(record["fee"]):
        faults.append("the fee differs")
    if record["scheme"] == "taproot":
        utxos = [parsed.utxo(index) for index in range(len(parsed.inputs))]
        scripts, values = [utxo.script_pubkey for utxo in utxos], [utxo.value for utxo in utxos]
        digests = [
            parsed.tx.sighash_taproot(index, script_pubkeys=scripts, values=values, sighash=0)
            for index in range(len(utxos))
        ]
    else:
        digests = [parsed.sighash(index, sighash=1) for index in range(len(parsed.inputs))]
    if len(set(record["digests"])) != len(parsed.inputs):
        faults.append("two inputs have one digest")
    if [digest.hex() for digest in digests] != record["digests"]:
        faults.append("another library signs other digests")
    if "transaction" in record:
        faults += check_signed(record, digests)
    return faults


def check_signed(record: dict, digests: list[bytes]) -> list[str]:
    faults = []
    transaction = Transaction.parse(bytes.fromhex(record["transaction"]))
    if transaction.txid().hex() != record["id"]:
        faults.append("the transaction has another id")
    key = ec.PublicKey.parse(bytes.fromhex(record["key"]))
    for spend, digest in zip(transaction.vin, digests, strict=True):
        signature, public = spend.witness.items
        if public != key.sec() or signature[-1] != 1:
            faults.append("the witness is not that of P2WPKH with SIGHASH_ALL")
        parsed = ec.Signature.parse(signature[:-1])
        if not key.verify(parsed, digest) or key.verify(parsed, digest[::-1]):
            faults.append("a signature does not verify, or verifies anything")
    return faults


CHECKS = {
    "content/ethereum-transaction": check_ethereum_transaction,
    "content/eip712": check_typed_data,
    "content/address": check_address,
    "content/psbt": check_psbt,
}


def faults_of(record: dict) -> tuple[str, list[str]] | None:
    kind = record["check"]
    if not kind.startswith("content/"):
        return None
    check = CHECKS.get(kind)
    return kind, check(record) if check else [f"unknown check {kind}"]


if __name__ == "__main__":
    sys.exit(judge(sys.argv[1], faults_of, REQUIRED))
