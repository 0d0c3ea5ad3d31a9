"""Key records and moments: whose they are, and what nobody can do with them."""
import hashlib

import pytest
from evm import account
from expecting import refused
from network import DEPOSIT, Network, lp
from reader import read_keys
from sources import compiled, weakened

PURPOSE, SALT = "secp256k1-ecdsa", b"\x5a" * 16
# What any record has, in as few bytes as there can be.
SHORTEST = (
    b'{"purpose":"ed25519-sign","owner":"0x' + b"ab" * 20 + b'","salt":"' + b"A" * 22 + b'","kinds":[],"wallets":[]}')
DAY = 86_400


def filled(text):
    """Some bytes as long as a record."""
    return text.ljust(len(SHORTEST))


RECORD, OTHER = filled(b'{"wallets":["0xaa"]}'), filled(b'{"wallets":[]}')
TAKEN_OFF = ("    if self.keys[key].place != 0 and terms & REVOCABLE != 0:\n        self._take_record_off(key)\n", "")


def user(network, number):
    address = account(20_000 + number)
    network.evm.fund(address)
    return address


def key_id(network, owner, purpose=PURPOSE, salt=SALT):
    network_id = network.keys.call("overview")[0]
    return hashlib.sha256(b"quorate/key/v1" + lp(network_id, purpose.encode(), owner, salt)).digest()


def create(network, owner, record=RECORD, transferable=True, revocable=True, salt=SALT, purpose=PURPOSE):
    return network.keys.send(
        "create", purpose, salt, record, transferable, revocable, sender=owner, value=network.deposit).output


def key(network, key):
    owner, active, transferable, revocable, record = network.keys.call("key", key)
    return bytes.fromhex(owner[2:]), active, transferable, revocable, record


@pytest.mark.parametrize("purpose", ["ed25519-sign", "ristretto255-sign", "secp256k1-frost", "x" * 32, "x"])
@pytest.mark.parametrize("salt", [bytes(16), bytes(range(17)), b"\xff" * 32])
def test_a_key_s_id_is_derived_from_network_purpose_owner_and_salt(network, purpose, salt):
    owner = user(network, 1)
    expected = key_id(network, owner, purpose, salt)
    assert network.keys.call("keyID", purpose, owner, salt) == expected
    assert create(network, owner, purpose=purpose, salt=salt) == expected
    assert key(network, expected) == (owner, True, True, True, RECORD)


def test_a_key_s_id_is_as_in_a_fixed_vector():
    """SHA-256("quorate/key/v1" ‖ lp(…)…) written out by hand for a network of three founders."""
    network = Network(3)
    owner = bytes.fromhex("00112233445566778899aabbccddeeff00112233")
    network_id = hashlib.sha256(b"quorate/founding/v1" + len(network.document).to_bytes(4, "big") + network.document).digest()
    written = (
        b"quorate/key/v1" + bytes.fromhex("00000020") + network_id + bytes.fromhex("0000000f") + b"secp256k1-ecdsa"
        + bytes.fromhex("00000014") + owner + bytes.fromhex("00000010") + SALT)
    assert network.keys.call("keyID", PURPOSE, owner, SALT) == hashlib.sha256(written).digest()


def test_nobody_makes_a_key_in_another_s_name(network):
    owner, stranger = user(network, 1), user(network, 2)
    assert create(network, stranger) != key_id(network, owner)
    assert key(network, key_id(network, owner))[0] == bytes(20)
    create(network, owner)


@pytest.mark.parametrize("reason,arguments", [
    ("salt", (PURPOSE, bytes(15), RECORD, True, True)), ("purpose", ("", SALT, RECORD, True, True)),
    ("record", (PURPOSE, SALT, b"", True, True)), ("record", (PURPOSE, SALT, SHORTEST[1:], True, True)),
    ("without a reason", (PURPOSE, bytes(33), RECORD, True, True)),
    ("without a reason", ("p" * 33, SALT, RECORD, True, True)),
    ("without a reason", (PURPOSE, SALT, b"r" * 12_289, True, True)),
])
def test_malformed_keys_are_refused(network, reason, arguments):
    with refused(reason):
        network.keys.send("create", *arguments, sender=user(network, 1), value=DEPOSIT)


@pytest.mark.parametrize("value", [0, DEPOSIT - 1, DEPOSIT + 1])
def test_an_entry_costs_exactly_its_deposit(network, value):
    with refused("deposit"):
        network.keys.send("create", PURPOSE, SALT, RECORD, True, True, sender=user(network, 1), value=value)
    with refused("deposit"):
        network.keys.send("setNotBefore", 5, sender=user(network, 1), value=value)


def test_records_of_any_size_come_back_byte_for_byte(network):
    owner = user(network, 1)
    for place, size in enumerate([135, 159, 160, 161, 500, 12_288]):
        record = bytes((place + offset) % 256 for offset in range(size))
        made = create(network, owner, record=record, salt=bytes([place]) * 16)
        assert key(network, made)[4] == record


def test_no_record_is_shorter_than_the_shortest_there_can_be(network):
    owner = user(network, 1)
    made = create(network, owner, record=SHORTEST, purpose="ed25519-sign")
    with refused("record"):
        network.keys.send("grant", made, SHORTEST[:-1], True, True, sender=owner)
    assert key(network, made)[4] == SHORTEST


def test_no_record_N_without_the_bound_one_byte_takes_a_place():
    network = Network(3, keys=weakened("Keys", ('    assert len(record) >= RECORD_LEAST, "record"\n', "")))
    create(network, user(network, 1), record=b"x")
    assert network.keys.call("overview")[4] == 1


def test_entries_are_never_free():
    for deposit in (0, 10**14 - 1):
        with refused("deposit"):
            Network(3, deposit=deposit)
    Network(3, deposit=10**14)


def test_entries_N_that_are_free_take_places_for_gas_alone():
    network = Network(3, deposit=0, keys=weakened("Keys", ('    assert deposit >= LEAST_DEPOSIT, "deposit"\n', "")))
    create(network, user(network, 1))
    assert network.evm.balance(network.keys.address) == 0


# Places

PLACES, RESERVED = 65_536, 8_192
NO_RESERVE = ('        assert tree.count < RECORD_PLACES, "full"\n', "")
FEW_PLACES = ("CAPACITY: constant(uint256) = 65_536", "CAPACITY: constant(uint256) = 64")


def pretend_entries(network, count):
    """So many entries, of which none was ever made."""
    slot = compiled("Keys")["layout"]["storage_layout"]["tree"]["count"]["slot"]
    network.evm.state.set_storage(network.keys.address, slot, count)
    network.evm.state.lock_changes()


def test_key_records_leave_places_to_moments(network):
    owner, early, late = (user(network, number) for number in range(3))
    network.keys.send("setNotBefore", 5, sender=early, value=DEPOSIT)
    pretend_entries(network, PLACES - RESERVED - 1)
    made = create(network, owner)
    with refused("full"):
        create(network, owner, salt=b"t" * 16)
    network.keys.send("grant", made, OTHER, True, True, sender=owner)
    network.keys.send("setNotBefore", 5, sender=owner, value=DEPOSIT)
    pretend_entries(network, PLACES - 1)
    network.keys.send("setNotBefore", 5, sender=late, value=DEPOSIT)
    with refused("full"):
        network.keys.send("setNotBefore", 5, sender=user(network, 3), value=DEPOSIT)
    # Who has a place keeps it, and moves its moment in it.
    network.keys.send("setNotBefore", 6, sender=early)


def test_key_records_N_without_the_reserve_keep_wallets_from_refusing_stolen_capabilities():
    network = Network(3, keys=weakened("Keys", NO_RESERVE))
    pretend_entries(network, PLACES - 1)
    create(network, user(network, 1))
    with refused("full"):
        network.keys.send("setNotBefore", 5, sender=user(network, 2), value=DEPOSIT)


def test_full_places_are_read_and_free_again():
    """The same with fewer places, each with its entry."""
    network = Network(3, keys=weakened("Keys", FEW_PLACES))
    owner = user(network, 1)
    made = [create(network, owner, salt=bytes([place]) * 16) for place in range(56)]
    with refused("full"):
        create(network, owner)
    for number in range(8):
        network.keys.send("setNotBefore", 5, sender=user(network, number), value=DEPOSIT)
    with refused("full"):
        network.keys.send("setNotBefore", 5, sender=user(network, 8), value=DEPOSIT)
    assert len(read_keys(network.keys).entries) == 64
    network.keys.send("revoke", made[3], sender=owner)
    with refused("full"):
        network.keys.send("grant", made[3], RECORD, True, True, sender=owner, value=DEPOSIT)
    network.keys.send("setNotBefore", 5, sender=user(network, 8), value=DEPOSIT)
    snapshot = read_keys(network.keys)
    assert len(snapshot.records) == 55 and len(snapshot.moments) == 9
    for key in made[10:20]:
        network.keys.send("revoke", key, sender=owner)
    create(network, owner)
    assert len(read_keys(network.keys).entries) == 55


def test_only_the_owner_grants_revokes_and_transfers(network):
    owner, stranger = user(network, 1), user(network, 2)
    made = create(network, owner)
    for name, arguments in [("grant", (made, OTHER, True, True)), ("revoke", (made,)), ("transfer", (made, stranger))]:
        with refused("not the owner"):
            network.keys.send(name, *arguments, sender=stranger)
        # Neither do members, founders or who deployed the contract.
        with refused("not the owner"):
            network.keys.send(name, *arguments, sender=network.stakers[0])
    assert key(network, made) == (owner, True, True, True, RECORD)


def test_only_the_owner_N_without_the_check_anybody_takes_any_key():
    network = Network(3, keys=weakened(
        "Keys", ('    assert self.keys[key].owner == msg.sender, "not the owner"', "    pass")))
    owner, stranger = user(network, 1), user(network, 2)
    made = create(network, owner)
    network.keys.send("transfer", made, account(9), sender=stranger)
    assert key(network, made)[0] == account(9)


def test_a_grant_replaces_the_record_and_costs_nothing_more(network):
    owner = user(network, 1)
    made = create(network, owner)
    with refused("deposit"):
        network.keys.send("grant", made, OTHER, True, True, sender=owner, value=DEPOSIT)
    network.keys.send("grant", made, OTHER, True, True, sender=owner)
    assert key(network, made)[4] == OTHER
    assert network.keys.call("overview")[4] == 1


def test_a_revoked_key_is_gone_until_its_owner_grants_anew(network):
    owner = user(network, 1)
    made = create(network, owner)
    network.keys.send("revoke", made, sender=owner)
    assert key(network, made) == (owner, False, True, True, b"")
    assert network.keys.call("entries", 0, 32) == ()
    with refused("not active"):
        network.keys.send("revoke", made, sender=owner)
    with refused("exists"):
        create(network, owner)
    with refused("deposit"):
        network.keys.send("grant", made, OTHER, True, True, sender=owner)
    network.keys.send("grant", made, OTHER, True, True, sender=owner, value=DEPOSIT)
    assert key(network, made) == (owner, True, True, True, OTHER)


def test_what_was_given_up_does_not_come_back(network):
    owner = user(network, 1)
    made = create(network, owner, transferable=False)
    with refused("given up"):
        network.keys.send("grant", made, OTHER, True, True, sender=owner)
    with refused("not transferable"):
        network.keys.send("transfer", made, user(network, 2), sender=owner)
    network.keys.send("revoke", made, sender=owner)
    with refused("given up"):
        network.keys.send("grant", made, OTHER, True, True, sender=owner, value=DEPOSIT)


def test_a_final_record_is_neither_changed_nor_revoked(network):
    owner = user(network, 1)
    made = create(network, owner, revocable=False)
    for name, arguments in [("grant", (made, OTHER, True, False)), ("revoke", (made,))]:
        with refused("final"):
            network.keys.send(name, *arguments, sender=owner)
    recipient = user(network, 2)
    network.keys.send("transfer", made, recipient, sender=owner)
    assert key(network, made) == (recipient, True, True, False, RECORD)
    with refused("final"):
        network.keys.send("revoke", made, sender=recipient)


def test_a_final_record_N_without_the_check_its_owner_takes_back_what_it_promised():
    network = Network(3, keys=weakened("Keys", (
        '    assert self.keys[key].place != 0, "not active"\n    assert self.keys[key].terms & REVOCABLE != 0, "final"\n',
        '    assert self.keys[key].place != 0, "not active"\n')))
    owner = user(network, 1)
    made = create(network, owner, revocable=False)
    network.keys.send("revoke", made, sender=owner)
    assert not key(network, made)[1]


def test_a_transfer_ends_what_the_former_owner_granted(network):
    owner, recipient = user(network, 1), user(network, 2)
    made = create(network, owner)
    network.keys.send("transfer", made, recipient, sender=owner)
    assert key(network, made) == (recipient, False, True, True, b"")
    with refused("not the owner"):
        network.keys.send("grant", made, RECORD, True, True, sender=owner, value=DEPOSIT)
    with refused("exists"):
        create(network, owner)
    network.keys.send("grant", made, OTHER, True, True, sender=recipient, value=DEPOSIT)
    assert network.keys.call("collectable", owner) == DEPOSIT


def test_a_transfer_N_that_leaves_the_record_lets_the_former_owner_s_wallets_sign_on():
    network = Network(3, keys=weakened("Keys", TAKEN_OFF))
    owner, recipient = user(network, 1), user(network, 2)
    made = create(network, owner)
    network.keys.send("transfer", made, recipient, sender=owner)
    assert key(network, made)[4] == RECORD


def test_a_former_owner_N_without_the_tombstone_makes_its_key_again_and_has_it_back():
    network = Network(3, keys=weakened("Keys", ('    assert self.keys[key].owner == empty(address), "exists"\n', "")))
    owner, recipient = user(network, 1), user(network, 2)
    made = create(network, owner)
    network.keys.send("transfer", made, recipient, sender=owner)
    create(network, owner)
    assert key(network, made)[0] == owner


def test_a_key_goes_to_somebody_else(network):
    owner = user(network, 1)
    made = create(network, owner)
    for recipient in (bytes(20), owner, network.keys.address):
        with refused("recipient"):
            network.keys.send("transfer", made, recipient, sender=owner)


def test_deposits_are_collected_by_whose_entry_it_was(network):
    owner, elsewhere = user(network, 1), account(30_000)
    made = create(network, owner)
    with refused("nothing"):
        network.keys.send("collectDeposits", owner, sender=owner)
    network.keys.send("revoke", made, sender=owner)
    with refused("recipient"):
        network.keys.send("collectDeposits", bytes(20), sender=owner)
    with refused("nothing"):
        network.keys.send("collectDeposits", elsewhere, sender=elsewhere)
    network.keys.send("collectDeposits", elsewhere, sender=owner)
    assert network.evm.balance(elsewhere) == DEPOSIT
    with refused("nothing"):
        network.keys.send("collectDeposits", elsewhere, sender=owner)
    assert network.evm.balance(network.keys.address) == 0


# Moments


def test_a_moment_only_goes_forward(network):
    wallet = user(network, 1)
    network.keys.send("setNotBefore", 1_000, sender=wallet, value=DEPOSIT)
    for earlier in (0, 999, 1_000):
        with refused("goes back"):
            network.keys.send("setNotBefore", earlier, sender=wallet)
    with refused("deposit"):
        network.keys.send("setNotBefore", 1_001, sender=wallet, value=DEPOSIT)
    network.keys.send("setNotBefore", 1_001, sender=wallet)
    assert network.keys.call("notBefore", wallet) == 1_001
    with refused("moment"):
        network.keys.send("setNotBefore", 253_402_300_800, sender=wallet)
    network.keys.send("setNotBefore", 253_402_300_799, sender=wallet)


def test_a_moment_N_that_may_go_back_lets_revoked_capabilities_count_again():
    network = Network(3, keys=weakened("Keys", ('    assert moment > self.moments[msg.sender], "goes back"\n', "")))
    wallet = user(network, 1)
    network.keys.send("setNotBefore", 1_000, sender=wallet, value=DEPOSIT)
    network.keys.send("setNotBefore", 1, sender=wallet)
    assert network.keys.call("notBefore", wallet) == 1


def test_a_moment_goes_when_no_capability_can_be_so_old(network):
    wallet = user(network, 1)
    with refused("none"):
        network.keys.send("clearNotBefore", sender=wallet)
    network.keys.send("setNotBefore", network.evm.now, sender=wallet, value=DEPOSIT)
    network.evm.advance(2 * DAY - 1)
    with refused("too early"):
        network.keys.send("clearNotBefore", sender=wallet)
    network.evm.advance(1)
    network.keys.send("clearNotBefore", sender=wallet)
    assert network.keys.call("notBefore", wallet) == 0
    assert network.keys.call("entries", 0, 1) == ()
    network.keys.send("collectDeposits", wallet, sender=wallet)


def test_a_moment_is_only_the_sender_s(network):
    network.keys.send("setNotBefore", 5, sender=user(network, 1), value=DEPOSIT)
    assert network.keys.call("notBefore", user(network, 2)) == 0
