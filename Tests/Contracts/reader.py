"""Reads a snapshot as a node does and computes the digests anew, from docs/chain.md and not from the contracts."""
from dataclasses import dataclass

from eth_utils import keccak, to_canonical_address

STAKING_TAG = keccak(text="quorate/staking-state/v1")
KEYS_TAG = keccak(text="quorate/keys-state/v1")
ZERO = bytes(32)


def word(value):
    if isinstance(value, str):
        value = to_canonical_address(value)
    if isinstance(value, bytes):
        return value.rjust(32, b"\0")
    return int(value).to_bytes(32, "big")


def hashed(*values):
    return keccak(b"".join(map(word, values)))


def levels(leaves):
    """The tree's levels from the leaves up; at least three above them."""
    found = [list(leaves)]
    while len(found) <= 3 or len(found[-1]) > 1:
        level = found[-1] + [ZERO] * (-len(found[-1]) % 4)
        groups = [level[place:place + 4] for place in range(0, len(level), 4)]
        found.append([keccak(b"".join(group)) if any(child != ZERO for child in group) else ZERO for group in groups])
    return found


def root(leaves):
    return levels(leaves)[-1][0] if leaves else ZERO


def parameters_digest(founders, minimum_members, minimum_stake, window, notice, unstake_delay):
    digest = ZERO
    for founder in founders:
        digest = keccak(digest + word(founder))
    return hashed(minimum_members, minimum_stake, window, notice, unstake_delay, digest)


@dataclass
class StakingSnapshot:
    number: int
    digest: bytes
    epoch: int
    minimum_stake: int
    policy: bytes
    measurements: list
    certificates: list  # of epochs 1, 2, …
    paused_until: int
    members: list  # (staker, stake, registration)
    calls: int
    answered: int  # bytes
    gas: int


class Reading:
    """Counts what is asked."""

    def __init__(self, contract):
        self.contract, self.calls, self.answered, self.gas = contract, 0, 0, 0

    def __call__(self, name, *arguments):
        value, length, gas = self.contract.measured_call(name, *arguments)
        self.calls += 1
        self.answered += length
        self.gas = max(self.gas, gas)
        return value

    def all(self, name, first, total, at_once):
        found = []
        while len(found) < total:
            page = self(name, first + len(found), at_once)
            assert 0 < len(page) <= at_once
            found += page
        assert len(found) == total
        return found


def staking_digest(overview, policy, measurements, certificates, members):
    network, number, _, epoch, minimum_stake, _, _, _, paused_until, _, _, parameters = overview
    measured = ZERO
    for kind, value, since in measurements:
        measured = keccak(measured + hashed(keccak(text=kind), keccak(value), since))
    certified = ZERO
    for place, digest in enumerate(certificates):
        if digest != ZERO:
            certified = hashed(certified, place + 1, digest)
    leaves = [hashed(staker, stake, keccak(registration)) for staker, stake, registration in members]
    return hashed(
        STAKING_TAG, network, number, epoch, minimum_stake, keccak(policy), measured, certified, paused_until, len(leaves),
        root(leaves), parameters)


def read_staking(contract, members_at_once=64):
    ask = Reading(contract)
    overview = ask("overview")
    members = ask.all("members", 0, overview[9], members_at_once)
    measurements = ask("measurements")
    policy = ask("policy")
    certificates = ask.all("certificates", 1, overview[3], 256)
    assert staking_digest(overview, policy, measurements, certificates, members) == overview[2], "digest"
    return StakingSnapshot(
        number=overview[1], digest=overview[2], epoch=overview[3], minimum_stake=overview[4], policy=policy,
        measurements=measurements, certificates=certificates, paused_until=overview[8], members=members,
        calls=ask.calls, answered=ask.answered, gas=ask.gas)


def proved(contract, snapshot):
    """Slot 0 is all that a storage proof has to show."""
    return contract.evm.storage(contract.address, 0) == snapshot.digest


@dataclass
class KeysSnapshot:
    number: int
    digest: bytes
    entries: list  # (subject, owner, kind, detail, record)
    pages: list
    calls: int
    answered: int
    gas: int

    @property
    def records(self):
        return {entry[0]: entry for entry in self.entries if entry[2] == 1}

    @property
    def moments(self):
        return {to_canonical_address(entry[1]): entry[3] for entry in self.entries if entry[2] == 2}


def keys_digest(overview, entries):
    network, number, _, staking, _, _, deposit = overview
    leaves = [hashed(kind, subject, owner, detail, keccak(record)) for subject, owner, kind, detail, record in entries]
    return hashed(KEYS_TAG, network, number, staking, len(leaves), root(leaves), deposit)


def read_keys(contract, before=None):
    """Reads only the pages whose digest is not as `before`."""
    ask = Reading(contract)
    overview = ask("overview")
    count = overview[4]
    pages = ask.all("pageDigests", 0, (count + 63) // 64, 512)
    entries = []
    for place, digest in enumerate(pages):
        size = min(64, count - 64 * place)
        if before and place < len(before.pages) and before.pages[place] == digest:
            entries += before.entries[64 * place:64 * place + size]
        else:
            entries += ask.all("entries", 64 * place, size, 32) if size > 32 else ask("entries", 64 * place, size)
    assert keys_digest(overview, entries) == overview[2], "digest"
    leaves = [hashed(kind, subject, owner, detail, keccak(record)) for subject, owner, kind, detail, record in entries]
    assert not leaves or levels(leaves)[3] == pages
    return KeysSnapshot(
        number=overview[1], digest=overview[2], entries=entries, pages=pages, calls=ask.calls, answered=ask.answered,
        gas=ask.gas)
