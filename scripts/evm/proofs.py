"""eth_getProof (EIP-1186): the nodes of the state and storage tries on the way to an account and its slots."""
import rlp
from eth_utils import keccak
from trie import HexaryTrie

BLANK_ROOT = keccak(rlp.encode(b""))
BLANK_CODE = keccak(b"")


def _path(database, root, key):
    if root == BLANK_ROOT:
        return [], b""
    trie = HexaryTrie(database, root)
    hashed = keccak(key)
    nodes = [rlp.encode(node) for node in trie.get_proof(hashed)]
    # A node below 32 bytes stands inside the one above and is no step of its own.
    return [node for place, node in enumerate(nodes) if place == 0 or len(node) >= 32], trie.get(hashed)


def proof(database, state_root, address, slots):
    """(account proof, nonce, balance, storage root, code hash, [(slot, value, proof)])"""
    nodes, account = _path(database, state_root, address)
    nonce, balance, storage_root, code_hash = b"", b"", BLANK_ROOT, BLANK_CODE
    if account:
        nonce, balance, storage_root, code_hash = rlp.decode(account)
    storage = []
    for slot in slots:
        path, value = _path(database, storage_root, slot.to_bytes(32, "big"))
        storage.append((slot, int.from_bytes(rlp.decode(value), "big") if value else 0, path))
    return nodes, int.from_bytes(nonce, "big"), int.from_bytes(balance, "big"), storage_root, code_hash, storage
