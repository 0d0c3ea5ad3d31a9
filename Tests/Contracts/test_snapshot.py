"""What a node reads, whether one word proves it, and how much it is."""
import pytest
from eth_utils import keccak
from hypothesis import given, settings, strategies
from network import DEPOSIT, MINIMUM_STAKE, Network
from reader import hashed, parameters_digest, proved, read_keys, read_staking, root, staking_digest
from sources import compiled, weakened
from test_keys import RECORD, create, filled, user

CLIMB = "    self.nodes[0][last] = empty(bytes32)\n    self._climb(last, last)\n"


def test_the_digest_is_storage_slot_0_of_both_contracts(network):
    for name, contract in [("Staking", network.staking), ("Keys", network.keys)]:
        assert compiled(name)["layout"]["storage_layout"]["state_digest"]["slot"] == 0
        assert network.evm.storage(contract.address, 0) == contract.call("overview")[2]


def test_the_deployed_code_is_the_same_for_every_network():
    for network in (Network(3), Network(7, minimum=5, deposit=10**14)):
        for build, contract in [(network.staking_build, network.staking), (network.keys_build, network.keys)]:
            assert keccak(network.evm.state.get_code(contract.address)).hex() == build["runtimeCodeHash"][2:]


def test_the_code_is_below_the_limits_of_the_chain():
    for name in ("Staking", "Keys"):
        assert len(compiled(name)["runtimeCode"]) // 2 - 1 <= 24_576
        # The constructor's arguments with the longest founding document and the most founders stand behind it.
        assert len(compiled(name)["bytecode"]) // 2 - 1 + 16_384 + 65 * 32 + 8 * 32 <= 49_152


def test_terms_other_than_the_founding_document_s_are_found_out():
    network = Network(5, minimum=4)
    said = network.staking.call("overview")[11]
    assert said == parameters_digest(network.stakers, *network.parameters)
    assert said != parameters_digest(network.stakers[1:], *network.parameters)
    for place in range(5):
        other = list(network.parameters)
        other[place] += 1
        assert said != parameters_digest(network.stakers, *other)


def test_every_change_of_what_nodes_read_changes_number_and_digest(network):
    staking = network.staking
    newcomer = network.newcomer(1)
    seen = {read_staking(staking).digest}
    number = staking.call("overview")[1]
    for change in [
        lambda: network.vote("voteMembers", *network.listing([*network.stakers, newcomer])),
        lambda: network.stake(network.stakers[0], 3),
        lambda: staking.send("unstake", 1, sender=network.stakers[0]),
        lambda: network.vote("voteSlash", network.stakers[0], 1, b"e"),
        lambda: network.vote("votePolicy", b"{}", MINIMUM_STAKE),
        lambda: network.vote("voteMeasurement", "tdx", b"\1" * 48, True),
        lambda: network.vote("voteMeasurement", "tdx", b"\2" * 48, True),
        lambda: network.vote("voteMeasurement", "tdx", b"\1" * 48, False),
        lambda: network.vote("voteKeyCertificate", 1, b"\1" * 32),
        lambda: network.vote("voteEpoch", 2),
        lambda: network.vote("voteEpoch", 3),
        lambda: network.vote("voteKeyCertificate", 3, b"\3" * 32),
        lambda: network.vote("votePause", count=2),
        lambda: network.vote("voteResume"),
        lambda: staking.send("leave", sender=newcomer),
    ]:
        change()
        snapshot = read_staking(staking)
        assert proved(staking, snapshot)
        assert snapshot.digest not in seen and snapshot.number == number + 1
        seen.add(snapshot.digest)
        number = snapshot.number


def test_what_nodes_do_not_read_leaves_the_digest_alone(network):
    before = network.staking.call("overview")
    newcomer = network.newcomer(1)
    network.stake(newcomer)
    network.staking.send("unstake", 1, sender=newcomer)
    network.vote("voteEpoch", 2, count=2)
    network.register(network.stakers[0], label="elsewhere")
    assert network.staking.call("overview") == before


def test_a_lie_about_anything_that_was_read_is_found_out(network):
    network.vote("voteMeasurement", "tdx", b"\1" * 48, True)
    network.vote("votePolicy", b"{}", MINIMUM_STAKE)
    network.vote("voteKeyCertificate", 1, b"\1" * 32)
    overview = network.staking.call("overview")
    members = list(network.staking.call("members", 0, 64))
    measurements = list(network.staking.call("measurements"))
    policy, certificates = network.staking.call("policy"), list(network.staking.call("certificates", 1, 9))
    assert staking_digest(overview, policy, measurements, certificates, members) == overview[2]
    staker, stake, registration = members[0]
    lies = [
        (overview, policy + b" ", measurements, certificates, members),
        (overview, policy, [], certificates, members),
        (overview, policy, [(kind, value, since - 1) for kind, value, since in measurements], certificates, members),
        (overview, policy, measurements, [b"\2" * 32], members),
        (overview, policy, measurements, certificates, members[1:]),
        (overview, policy, measurements, certificates, members[1:] + members[:1]),
        (overview, policy, measurements, certificates, [(staker, stake + 1, registration), *members[1:]]),
        (overview, policy, measurements, certificates, [(staker, stake, registration[:-1] + b"x"), *members[1:]]),
        (overview, policy, measurements, certificates, [("0x" + "11" * 20, stake, registration), *members[1:]]),
    ]
    for place in (0, 1, 3, 4, 8, 11):
        other = list(overview)
        other[place] = other[place] + 1 if isinstance(other[place], int) else bytes(32)
        lies.append((other, policy, measurements, certificates, members))
    for lie in lies:
        assert staking_digest(*lie) != overview[2]


@pytest.mark.parametrize("count", [0, 1, 3, 4, 5, 15, 16, 17, 63, 64, 65, 66])
def test_keys_are_read_and_proved_at_every_size_of_the_tree(count):
    network = Network(3)
    owner = user(network, 1)
    made = [create(network, owner, record=filled(b"r%d" % place), salt=bytes([place]) * 16) for place in range(count)]
    snapshot = read_keys(network.keys)
    assert proved(network.keys, snapshot) and list(snapshot.records) == made
    for place in range(count - 1, -1, -max(1, count // 5)):
        network.keys.send("revoke", made[place], sender=owner)
        snapshot = read_keys(network.keys)
        assert proved(network.keys, snapshot) and made[place] not in snapshot.records
    for key in made:
        if key in snapshot.records:
            network.keys.send("revoke", key, sender=owner)
    assert read_keys(network.keys).entries == []


def test_removal_N_a_tree_that_leaves_the_old_path_is_found_out():
    network = Network(3, keys=weakened("Keys", (CLIMB, "    self.nodes[0][last] = empty(bytes32)\n")))
    owner = user(network, 1)
    made = [create(network, owner, salt=bytes([place]) * 16) for place in range(6)]
    network.keys.send("revoke", made[0], sender=owner)
    with pytest.raises(AssertionError, match="digest"):
        read_keys(network.keys)


def test_only_pages_that_changed_are_read_again():
    network = Network(3)
    owner = user(network, 1)
    made = [create(network, owner, salt=bytes([place]) * 16) for place in range(130)]
    before = read_keys(network.keys)
    assert len(before.pages) == 3 and before.calls == 2 + 2 + 2 + 1
    network.keys.send("grant", made[70], filled(b"changed"), True, True, sender=owner)
    after = read_keys(network.keys, before)
    assert after.calls == 2 + 2 and after.entries == read_keys(network.keys).entries
    assert after.pages[0] == before.pages[0] and after.pages[2] == before.pages[2]


def test_the_pages_of_members_fit_together(network):
    assert read_staking(network.staking, members_at_once=2).members == read_staking(network.staking).members
    assert network.staking.call("members", 5, 10) == ()
    assert network.staking.call("members", 2**256 - 1, 2**256 - 1) == ()
    assert network.keys.call("entries", 2**256 - 1, 2**256 - 1) == ()
    assert network.keys.call("pageDigests", 2**256 - 1, 2**256 - 1) == ()


def test_moments_and_key_records_share_the_list_and_change_places(network):
    owner, other = user(network, 1), user(network, 2)
    network.keys.send("setNotBefore", 77, sender=owner, value=DEPOSIT)
    first = create(network, owner)
    network.keys.send("setNotBefore", 88, sender=other, value=DEPOSIT)
    network.keys.send("revoke", first, sender=owner)
    snapshot = read_keys(network.keys)
    assert snapshot.moments == {owner: 77, other: 88} and snapshot.records == {}
    network.evm.advance(200_000)
    network.keys.send("clearNotBefore", sender=owner)
    second = create(network, owner, salt=b"u" * 16)
    network.keys.send("clearNotBefore", sender=other)
    snapshot = read_keys(network.keys)
    assert snapshot.moments == {} and list(snapshot.records) == [second]


@settings(max_examples=60)
@given(strategies.lists(strategies.binary(min_size=32, max_size=32), min_size=1, max_size=70))
def test_the_root_tells_lists_apart(leaves):
    found = root(leaves)
    for place in (0, len(leaves) // 2, len(leaves) - 1):
        changed = leaves[:place] + [keccak(leaves[place])] + leaves[place + 1:]
        assert root(changed) != found
    assert root(leaves + [keccak(b"more")]) != found
    assert hashed(len(leaves), found) != hashed(len(leaves) + 1, root(leaves + [bytes(32)]))


def test_a_record_as_large_as_may_be_is_read_with_31_others_of_its_size(network):
    owner = user(network, 1)
    for place in range(32):
        create(network, owner, record=RECORD * 91 + bytes([place]), salt=bytes([place]) * 16)
    snapshot = read_keys(network.keys)
    assert len(snapshot.entries) == 32 and snapshot.gas < 30_000_000
