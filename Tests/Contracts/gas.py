"""Prints what transactions cost and what a snapshot takes to read, as measured on the EVM in this process."""
import json

from evm import account
from network import DELAY, DEPOSIT, MINIMUM_STAKE, Network
from reader import read_keys, read_staking

# A record as people have it: one wallet, one kind, a limit on recipients.
RECORD = json.dumps({
    "purpose": "secp256k1-ecdsa", "owner": "0x" + "ab" * 20, "salt": "A" * 22, "kinds": ["transaction"],
    "wallets": ["0x" + "cd" * 20],
    "constraints": {"transaction": {"chainIDs": ["1"], "recipients": ["0x" + "ef" * 20], "maximumValue": "1000000000"}},
}, separators=(",", ":")).encode()


def transactions():
    network = Network(5)
    rows = [("deploy Staking (5 founders)", network.staking_deployment), ("deploy Keys", network.keys_deployment)]
    staker = network.stakers[0]
    rows.append(("stake, first, of a founder", network.stake(staker)))
    rows.append(("register", network.register(staker)))
    rows.append(("register again", network.register(staker, label="elsewhere")))
    for other in network.stakers[1:]:
        network.stake(other)
        network.register(other)
    listing = network.listing(network.stakers)
    for voter in network.stakers[:4]:
        receipt = network.staking.send("voteMembers", *listing, sender=voter)
        if voter == network.stakers[0]:
            rows.append(("voteMembers (5), first vote", receipt))
    rows.append(("voteMembers (5), deciding vote", receipt))
    stranger = account(50_002)
    network.evm.fund(stranger)
    rows.append(("stake, first, of anybody else", network.stake(stranger)))
    rows.append(("stake more, as a member", network.stake(staker, 5)))
    rows.append(("unstake, as a member", network.staking.send("unstake", 5, sender=staker)))
    for label, name, arguments in [
        ("voteEpoch", "voteEpoch", (2,)), ("voteKeyCertificate", "voteKeyCertificate", (2, b"\1" * 32)),
        ("votePolicy (300 bytes)", "votePolicy", (b"p" * 300, MINIMUM_STAKE)),
        ("voteMeasurement", "voteMeasurement", ("sev-snp", b"\1" * 48, True)),
        ("voteSlash (100 bytes of evidence)", "voteSlash", (network.stakers[4], 5, b"e" * 100)),
    ]:
        first = network.vote(name, *arguments, count=1)
        network.vote(name, *arguments, voters=network.stakers[1:3])
        rows.append((label + ", first vote", first))
        rows.append((label + ", deciding vote", network.vote(name, *arguments, voters=network.stakers[3:4])))
    network.evm.advance(DELAY)
    rows.append(("withdraw", network.staking.send("withdraw", staker, sender=staker)))
    rows.append(("leave", network.staking.send("leave", sender=staker)))
    owner = account(50_000)
    network.evm.fund(owner)
    created = network.keys.send("create", "secp256k1-ecdsa", b"s" * 16, RECORD, True, True, sender=owner, value=DEPOSIT)
    key = created.output
    size = f"({len(RECORD)} bytes)"
    rows.append((f"create a key {size}", created))
    rows.append((f"grant {size}", network.keys.send("grant", key, RECORD + b" ", True, True, sender=owner)))
    rows.append(("setNotBefore, first", network.keys.send("setNotBefore", 5, sender=owner, value=DEPOSIT)))
    rows.append(("setNotBefore, again", network.keys.send("setNotBefore", 6, sender=owner)))
    rows.append(("transfer", network.keys.send("transfer", key, account(50_001), sender=owner)))
    rows.append(("collectDeposits", network.keys.send("collectDeposits", owner, sender=owner)))
    for number in range(1_000):
        key = network.keys.send(
            "create", "secp256k1-ecdsa", number.to_bytes(16, "big"), RECORD, True, True, sender=owner, value=DEPOSIT)
    rows.append((f"create the thousandth key {size}", key))
    rows.append(("revoke one of a thousand", network.keys.send(
        "revoke", network.keys.call("entries", 500, 1)[0][0], sender=owner)))
    return rows, read_keys(network.keys)


def main():
    rows, keys = transactions()
    networks = [Network(size).found() for size in (5, 50, 64)]
    rows += [(f"voteMembers ({len(each.stakers)}), deciding vote", each.founding_vote) for each in networks[1:]]
    print("| transaction | gas |\n|---|---:|")
    for label, receipt in rows:
        print(f"| {label} | {receipt.gas:,} |")
    print("\n| read at one block | calls | bytes of answers | gas of the largest call |\n|---|---:|---:|---:|")
    for network in networks:
        snapshot = read_staking(network.staking)
        print(f"| {len(network.stakers)} members | {snapshot.calls} | {snapshot.answered:,} | {snapshot.gas:,} |")
    print(f"| {len(keys.entries):,} key records and moments | {keys.calls} | {keys.answered:,} | {keys.gas:,} |")


if __name__ == "__main__":
    main()
