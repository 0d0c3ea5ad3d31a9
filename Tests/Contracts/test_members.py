"""How members come and go."""
import pytest
from evm import account
from expecting import refused
from eth_utils import keccak
from network import EPOCH, MINIMUM_STAKE, Network
from reader import proved, read_staking
from sources import weakened


def test_founders_become_members_by_more_than_two_thirds_of_their_votes(founding):
    for staker in founding.stakers:
        founding.stake(staker)
        founding.register(staker)
    listing = founding.listing(founding.stakers)
    founding.vote("voteMembers", *listing, count=3)
    assert founding.members() == []
    founding.vote("voteMembers", *listing, voters=[founding.stakers[3]])
    assert founding.members() == listing[0]


def test_founders_without_stake_have_no_vote(founding):
    founding.register(founding.stakers[0])
    assert not founding.staking.call("isElector", founding.stakers[0])
    founding.stake(founding.stakers[0], MINIMUM_STAKE - 1)
    with refused("no vote"):
        founding.staking.send("voteMeasurement", "software", b"\1" * 48, True, sender=founding.stakers[0])


def test_founders_have_no_vote_once_there_are_members(network):
    newcomers = [network.newcomer(number) for number in range(4)]
    network.vote("voteMembers", *network.listing(newcomers))
    with refused("no vote"):
        network.staking.send("voteEpoch", 2, sender=network.stakers[0])
    network.vote("voteEpoch", 2, voters=newcomers[:3])


def test_a_newcomer_is_a_member_only_by_a_vote(network):
    newcomer = network.newcomer(1)
    assert newcomer not in network.members()
    with refused("no vote"):
        network.staking.send("voteMembers", *network.listing([*network.stakers, newcomer]), sender=newcomer)
    network.vote("voteMembers", *network.listing([*network.stakers, newcomer]))
    assert newcomer in network.members()


def test_a_list_needs_the_fewest_members_there_may_be(network):
    with refused("too few members"):
        network.vote("voteMembers", *network.listing(network.stakers[:2]))
    stakers, digests = network.listing(network.stakers)
    with refused("registrations"):
        network.vote("voteMembers", stakers, digests[1:])


def test_who_has_too_little_stake_or_did_not_register_is_not_listed(network):
    poor = network.newcomer(1, MINIMUM_STAKE - 1)
    with refused("too little stake"):
        network.vote("voteMembers", *network.listing([*network.stakers, poor]))
    silent = account(70)
    network.evm.fund(silent)
    network.stake(silent)
    with pytest.raises(Exception):
        network.vote("voteMembers", [silent, *network.listing(network.stakers)[0]], [keccak(b""), *network.listing(network.stakers)[1]])


def test_T7_two_members_never_have_one_identity_key(network):
    thief = network.newcomer(1)
    network.register(thief, identity_key=network.identity_key(network.stakers[0]))
    stakers, digests = network.listing([*network.stakers, thief])
    with refused("order of identity keys"):
        network.vote("voteMembers", stakers, digests)


def test_T7_N_a_contract_that_does_not_compare_identity_keys_lists_both():
    network = Network(5, staking=weakened(
        "Staking", ('        assert identity_key > previous, "order of identity keys"\n', ""))).found()
    thief = network.newcomer(1)
    network.register(thief, identity_key=network.identity_key(network.stakers[0]))
    network.vote("voteMembers", *network.listing([*network.stakers, thief]))
    assert thief in network.members() and network.stakers[0] in network.members()


def test_T7_a_registration_of_another_s_key_is_in_nobody_s_way(network):
    thief, owner = network.newcomer(1), account(71)
    network.register(thief, identity_key=network.identity_key(owner))
    network.evm.fund(owner)
    network.stake(owner)
    network.register(owner)
    network.vote("voteMembers", *network.listing([*network.stakers, owner]))
    assert owner in network.members()


def test_T7_nobody_stands_twice_in_a_list(network):
    stakers, digests = network.listing(network.stakers)
    with refused("order of identity keys"):
        network.vote("voteMembers", [stakers[0], *stakers], [digests[0], *digests])


OWN, ELSEWHERE = ("node{}.example:7100", "node{}.example:7000"), ("other.example:1", "other.example:2")
CLAIMED = '        assert self.endpoints[endpoint] != self.electorate + 1, "endpoint"\n'


def voted_with_endpoints(network, peer, client):
    """A newcomer that registered with these is voted for, with all members."""
    newcomer = network.newcomer(1)
    label = network.stakers[0].hex()[:8]
    network.staking.send(
        "register", network.identity_key(newcomer), peer.format(label), client.format(label), bytes(64), sender=newcomer)
    network.vote("voteMembers", *network.listing([*network.stakers, newcomer]))
    return newcomer


@pytest.mark.parametrize("peer,client", [
    (OWN[0], ELSEWHERE[1]), (ELSEWHERE[0], OWN[1]), (OWN[1], ELSEWHERE[1]), (ELSEWHERE[0], OWN[0]), (ELSEWHERE[0],) * 2])
def test_T7_no_two_endpoints_of_a_list_are_the_same(network, peer, client):
    with refused("endpoint"):
        voted_with_endpoints(network, peer, client)


def test_T7_endpoints_that_are_parts_of_others_are_others(network):
    assert voted_with_endpoints(network, OWN[0] + "0", OWN[1][1:]) in network.members()
    # And the same list again names nothing twice.
    network.vote("voteMembers", *network.listing(network.members()))


def test_T7_N_a_contract_that_does_not_compare_endpoints_lists_a_newcomer_at_a_member_s():
    network = Network(5, staking=weakened("Staking", (CLAIMED, ""))).found()
    assert voted_with_endpoints(network, *OWN) in network.members()


def test_T7_a_candidate_cannot_change_what_was_voted_for(network):
    newcomer = network.newcomer(1)
    listing = network.listing([*network.stakers, newcomer])
    network.vote("voteMembers", *listing, count=3)
    network.register(newcomer, label="elsewhere")
    with refused("registered anew"):
        network.vote("voteMembers", *listing, voters=[network.electors()[3]])


COMPARED = '    assert keccak256(content) == digest, "registered anew"\n'


def listed_with(network):
    """Registrations by member."""
    return {bytes.fromhex(staker[2:]): registration for staker, _, registration in network.staking.call("members", 0, 64)}


def test_T7_N_a_contract_that_does_not_compare_registrations_lists_what_nobody_saw():
    network = Network(5, staking=weakened("Staking", (
        "    content = self._registration(self.accounts[staker].listed)\n" + COMPARED, ""))).found()
    newcomer = network.newcomer(1)
    listing = network.listing([*network.stakers, newcomer])
    network.vote("voteMembers", *listing, count=3)
    network.register(newcomer, label="elsewhere")
    network.vote("voteMembers", *listing, voters=[network.electors()[3]])
    assert newcomer in network.members() and b"elsewhere" in network.registration(newcomer)


def test_T7_what_a_member_registers_counts_only_after_the_next_vote(network):
    member = network.stakers[0]
    before = network.staking.call("overview")
    network.register(member, label="elsewhere")
    assert network.staking.call("overview") == before
    assert b"elsewhere" not in listed_with(network)[member]
    network.vote("voteMembers", *network.listing(network.stakers))
    assert b"elsewhere" in listed_with(network)[member]


def test_vote_blocking_a_member_that_registers_again_and_again_is_listed_as_it_is(network):
    member, newcomer = network.stakers[0], network.newcomer(1)
    listed = listed_with(network)[member]
    listing = network.listing([*network.stakers, newcomer])
    for round in range(4):
        network.register(member, label=f"elsewhere{round}")
        network.vote("voteMembers", *listing, voters=[network.stakers[round]])
    assert newcomer in network.members() and listed_with(network)[member] == listed
    assert proved(network.staking, read_staking(network.staking))
    # It stays so through further lists, and what it registered last is still there to be voted for.
    network.register(member, label="at last")
    network.vote("voteMembers", *listing)
    assert listed_with(network)[member] == listed
    network.vote("voteMembers", *network.listing(network.stakers))
    assert b"at last" in listed_with(network)[member] and newcomer not in network.members()
    with refused("registered anew"):
        network.vote("voteMembers", *listing)
    assert proved(network.staking, read_staking(network.staking))


def test_vote_blocking_N_where_only_the_latest_counts_one_member_keeps_everybody_out():
    network = Network(5, staking=weakened("Staking", (
        "    content = self._registration(self.accounts[staker].listed)\n", ""))).found()
    listing = network.listing([*network.stakers, network.newcomer(1)])
    network.vote("voteMembers", *listing, count=3)
    network.register(network.stakers[0], label="elsewhere")
    with refused("registered anew"):
        network.vote("voteMembers", *listing, voters=[network.stakers[3]])


def register_again_and_go(network, leaves):
    """Somebody listed with one registration and registered with another goes off the list; then is voted for as it was."""
    former = network.stakers[0]
    listing = network.listing(network.stakers)
    network.register(former, label="elsewhere")
    if leaves:
        network.staking.send("leave", sender=former)
    else:
        network.vote("voteMembers", *network.listing(network.stakers[1:]))
    network.vote("voteMembers", *listing, voters=network.stakers[1:])


@pytest.mark.parametrize("leaves", [True, False])
def test_T7_who_is_no_member_any_more_is_listed_with_what_it_registered_last(network, leaves):
    with refused("registered anew"):
        register_again_and_go(network, leaves)


@pytest.mark.parametrize("leaves,forgetting", [
    (True, "    self.accounts[msg.sender].listed = empty(address)\n"),
    (False, "        if self._standing(member).place == 0:\n            self.accounts[member].listed = empty(address)\n")])
def test_T7_N_where_it_is_not_forgotten_a_registration_it_replaced_is_listed(leaves, forgetting):
    network = Network(5, staking=weakened("Staking", (forgetting, "" if leaves else "        pass\n"))).found()
    register_again_and_go(network, leaves)
    assert b"elsewhere" not in listed_with(network)[network.stakers[0]]


@pytest.mark.parametrize("reason,arguments", [
    ("identity key", (bytes(32), "a:1", "b:1", bytes(64))),
    ("endpoint", (b"\1" * 32, "", "b:1", bytes(64))),
    ("endpoint", (b"\1" * 32, "a:1", "", bytes(64))),
    ("proof", (b"\1" * 32, "a:1", "b:1", bytes(63))),
    ("without a reason", (b"\1" * 32, "a" * 265, "b:1", bytes(64))),
    ("without a reason", (b"\1" * 32, "a:1", "b:1", bytes(65))),
])
def test_malformed_registrations_are_refused(network, reason, arguments):
    with refused(reason):
        network.staking.send("register", *arguments, sender=network.stakers[0])


def test_a_registration_is_kept_byte_for_byte_also_when_it_is_hostile(network):
    peer, client = "\x00\x1b[2J\u202e" + "ä" * 100, "x" * 264
    staker = network.newcomer(1)
    network.staking.send("register", b"\xff" * 32, peer, client, bytes(range(64)), sender=staker)
    expected = b"\xff" * 32 + bytes(range(64)) + len(peer.encode()).to_bytes(2, "big") + peer.encode() + client.encode()
    assert network.registration(staker) == expected


def test_a_member_leaves_at_once_and_alone(network):
    before = network.members()
    network.staking.send("leave", sender=network.stakers[0])
    assert sorted(network.members()) == sorted(set(before) - {network.stakers[0]})
    with refused("not a member"):
        network.staking.send("leave", sender=network.stakers[0])
    with refused("no vote"):
        network.staking.send("voteEpoch", 2, sender=network.stakers[0])


def test_T8_who_was_voted_out_has_no_vote_and_is_not_listed(network):
    former = network.listing(network.stakers)[0][0]
    network.vote("voteMembers", *network.listing(set(network.stakers) - {former}))
    assert former not in network.members()
    with refused("no vote"):
        network.staking.send("voteEpoch", 2, sender=former)


def test_T8_N_a_contract_that_forgets_to_clear_places_lets_former_members_vote():
    network = Network(5, staking=weakened("Staking", (
        "        self._put_place(member, 0)\n", "        pass\n"))).found()
    former = network.listing(network.stakers)[0][0]
    network.vote("voteMembers", *network.listing(set(network.stakers) - {former}))
    network.staking.send("voteEpoch", 2, sender=former)


OWN_VOTES = "    # Of open ballots this takes the sender's own votes and no others.\n"
OWN_VOTES_TAKEN = "    self._set_elector(self._seat(msg.sender), False)\n"


def get_away(network):
    """Four of nine have voted to slash one, who goes with all its stake; so does an accomplice. Then a fifth votes."""
    offender, accomplice = network.stakers[7:]
    slash = ("voteSlash", offender, MINIMUM_STAKE, b"evidence")
    network.vote(*slash, voters=network.stakers[:2])
    network.staking.send("leave", sender=offender)
    network.staking.send("unstake", MINIMUM_STAKE, sender=offender)
    network.vote(*slash, voters=network.stakers[2:4])
    network.staking.send("leave", sender=accomplice)
    network.vote(*slash, voters=network.stakers[4:5])
    return network.staking.call("account", offender)[1]


def test_leaving_voids_nobody_else_s_votes():
    assert get_away(Network(9).found()) == 0


def test_leaving_N_where_it_makes_another_electorate_the_slash_comes_to_nothing():
    network = Network(9, staking=weakened("Staking", (OWN_VOTES, "    self.electorate += 1\n"))).found()
    assert get_away(network) == MINIMUM_STAKE


def vote_and_leave(network):
    """Four of five must vote, however few are left. Three have; one of them leaves, and a fourth votes."""
    network.vote("voteEpoch", 2, voters=network.stakers[:3])
    network.staking.send("leave", sender=network.stakers[0])
    network.vote("voteEpoch", 2, voters=network.stakers[3:4])
    return network.staking.call("overview")[3]


def test_leaving_takes_the_leaver_s_own_votes():
    network = Network(5, minimum=5).found()
    assert vote_and_leave(network) == 1
    network.vote("voteEpoch", 2, voters=network.stakers[4:])
    assert network.staking.call("overview")[3] == 2


def test_leaving_N_where_its_votes_stay_who_is_gone_decides():
    assert vote_and_leave(Network(5, minimum=5, staking=weakened("Staking", (OWN_VOTES_TAKEN, ""))).found()) == 2


def test_leaving_lowers_the_threshold_and_a_vote_given_again_carries_out_what_has_enough_by_it(network):
    network.vote("voteEpoch", 2, voters=network.stakers[:3])
    network.staking.send("leave", sender=network.stakers[4])
    assert network.staking.call("votesNeeded") == (3, 2)
    assert network.staking.call("overview")[3] == 1
    network.staking.send("withdrawVote", EPOCH, (2).to_bytes(32, "big"), sender=network.stakers[0])
    network.vote("voteEpoch", 2, voters=network.stakers[:1])
    assert network.staking.call("overview")[3] == 2


def test_who_left_has_no_vote_when_another_takes_its_place(network):
    """The last member moves to where one left, and keeps its own seat and votes."""
    stakers, _ = network.listing(network.stakers)
    network.vote("voteEpoch", 2, voters=[stakers[0], stakers[4]])
    network.staking.send("leave", sender=stakers[0])
    for voter in (stakers[0], stakers[4]):
        with refused("no vote" if voter == stakers[0] else "voted already"):
            network.staking.send("voteEpoch", 2, sender=voter)
    with refused("no vote"):
        network.staking.send("withdrawVote", EPOCH, (2).to_bytes(32, "big"), sender=stakers[0])
    network.vote("voteEpoch", 2, voters=stakers[1:3])
    assert network.staking.call("overview")[3] == 2


def test_leaving_never_lowers_the_threshold_below_that_of_the_fewest_members():
    network = Network(5, minimum=5).found()
    for staker in network.stakers[1:]:
        network.staking.send("leave", sender=staker)
    assert network.staking.call("votesNeeded") == (4, 2)
    network.vote("voteEpoch", 2, voters=[network.stakers[0]])
    assert network.staking.call("overview")[3] == 1


def test_leaving_N_with_a_threshold_of_those_who_are_left_the_last_one_decides_alone():
    network = Network(5, minimum=5, staking=weakened(
        "Staking", ("    return max(electors, self.minimum_members)", "    return electors"))).found()
    for staker in network.stakers[1:]:
        network.staking.send("leave", sender=staker)
    network.vote("voteEpoch", 2, voters=[network.stakers[0]])
    assert network.staking.call("overview")[3] == 2


def test_when_all_have_left_nobody_decides_any_more_and_all_get_their_stake(network):
    for staker in network.stakers:
        network.staking.send("leave", sender=staker)
        network.staking.send("unstake", MINIMUM_STAKE, sender=staker)
    assert network.members() == [] and network.electors() == []
    network.stake(network.stakers[0])
    with refused("no vote"):
        network.staking.send("voteMembers", *network.listing(network.stakers), sender=network.stakers[0])
    network.evm.advance(7 * 86_400)
    for staker in network.stakers:
        network.staking.send("withdraw", staker, sender=staker)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 6, 7, 9, 10, 32, 63, 64])
def test_the_threshold_is_more_than_two_thirds_and_pausing_is_what_makes_it_unreachable(size):
    network = Network(size)
    needed, pausing = network.staking.call("votesNeeded")
    assert needed == 2 * size // 3 + 1 and 3 * needed > 2 * size >= 3 * (needed - 1)
    assert pausing == size - needed + 1


def test_O10_more_votes_than_members_can_never_be_needed():
    with refused("minimum members"):
        Network(3, minimum=4)


def test_O10_N_a_contract_that_takes_any_minimum_is_never_founded():
    network = Network(3, minimum=6, staking=weakened("Staking", (
        "assert minimum_members > 0 and minimum_members <= len(founders)", "assert minimum_members > 0")))
    for staker in network.stakers:
        network.stake(staker)
    assert network.staking.call("votesNeeded")[0] > len(network.stakers)


def test_members_are_replaced_whole_with_places_and_stakes_right():
    network = Network(12, minimum=3).found()
    newcomers = [network.newcomer(number, MINIMUM_STAKE + number) for number in range(5)]
    chosen = network.stakers[::2] + newcomers
    network.vote("voteMembers", *network.listing(chosen))
    assert sorted(network.members()) == sorted(chosen)
    stakes = {bytes.fromhex(staker[2:]): stake for staker, stake, _ in network.staking.call("members", 0, 64)}
    assert all(stakes[newcomer] == MINIMUM_STAKE + number for number, newcomer in enumerate(newcomers))
    for staker in network.stakers:
        assert network.staking.call("account", staker)[3] == (staker in chosen)


MOST = 64  # WireLimits.members


def full(staking=None):
    """A network of as many founders as there may be, and a newcomer."""
    network = Network(MOST, minimum=3, staking=staking).found()
    return network, network.newcomer(1)


def test_a_list_has_no_more_members_than_the_protocol_has_places_for():
    network, newcomer = full()
    assert len(network.members()) == MOST
    # What one transaction may use since EIP-7825.
    assert network.founding_vote.gas < 2**24
    with refused("without a reason"):
        network.vote("voteMembers", *network.listing([*network.stakers, newcomer]), count=1)


def test_a_list_N_of_a_contract_with_more_places_has_a_member_that_no_node_takes():
    network, newcomer = full(weakened(
        "Staking", ("MEMBERS: constant(uint256) = 64", "MEMBERS: constant(uint256) = 65"),
        ("LIST: constant(uint256) = 64", "LIST: constant(uint256) = 65")))
    network.vote("voteMembers", *network.listing([*network.stakers, newcomer]))
    assert network.staking.call("overview")[9] == MOST + 1
