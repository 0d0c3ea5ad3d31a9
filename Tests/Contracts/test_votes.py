"""What a vote is worth, for how long and how often."""
import pytest
from expecting import refused
from eth_abi import encode
from eth_utils import keccak
from network import EPOCH, MINIMUM_STAKE, POLICY, SLASH, WINDOW, Network
from sources import weakened

VALUE = b"\x07" * 48


def epoch(network):
    return network.staking.call("overview")[3]


def test_more_than_two_thirds_decide_and_exactly_two_thirds_do_not():
    network = Network(6).found()
    network.vote("voteEpoch", 2, voters=network.stakers[:4])
    assert epoch(network) == 1
    network.vote("voteEpoch", 2, voters=network.stakers[4:5])
    assert epoch(network) == 2


def test_more_than_two_thirds_N_a_contract_that_counts_two_thirds_as_enough():
    network = Network(6, staking=weakened(
        "Staking", ("    return 2 * self._threshold_base() // 3 + 1", "    return 2 * self._threshold_base() // 3"))).found()
    network.vote("voteEpoch", 2, voters=network.stakers[:4])
    assert epoch(network) == 2


def test_vote_replay_nobody_votes_twice(network):
    network.vote("voteEpoch", 2, count=1)
    with refused("voted already"):
        network.vote("voteEpoch", 2, count=1)


def test_vote_replay_N_a_contract_that_counts_votes_and_not_voters_has_one_member_decide_alone():
    network = Network(5, staking=weakened("Staking", (
        '    assert ballot.voters & own == 0, "voted already"\n    ballot.voters |= own\n',
        "    ballot.voters = ballot.voters << 1 | 1\n"))).found()
    network.vote("voteEpoch", 2, voters=network.stakers[:1] * 4)
    assert epoch(network) == 2


def test_vote_replay_a_ballot_that_passed_needs_every_vote_again(network):
    network.vote("voteMeasurement", "software", VALUE, True)
    network.vote("voteMeasurement", "software", VALUE, False)
    assert network.staking.call("measurements") == ()
    network.vote("voteMeasurement", "software", VALUE, True, count=3)
    assert network.staking.call("measurements") == ()


def test_vote_replay_N_a_ballot_that_stays_passes_again_by_one_further_vote():
    network = Network(5, staking=weakened(
        "Staking", ("        self.decisions[kind][subject] += 1\n", ""))).found()
    network.vote("voteMeasurement", "software", VALUE, True)
    network.vote("voteMeasurement", "software", VALUE, False)
    network.vote("voteMeasurement", "software", VALUE, True, voters=[network.stakers[4]])
    assert len(network.staking.call("measurements")) == 1


COMPETING = (
    "    if ballot.decision != self.decisions[kind][self.subjects[kind][content]]:\n        return empty(Ballot)\n", "")
# Each: what is decided, what competed with it, and the same about something else.
COMPETITORS = [
    ("votePolicy", (b"{}", MINIMUM_STAKE), (b"{ }", MINIMUM_STAKE), None),
    ("voteSlash", ("victim", 6, b"evidence"), ("victim", 5, b"the same evidence"), ("other", 5, b"the same evidence")),
    ("voteMeasurement", ("software", VALUE, True), None, ("software", VALUE[1:] + b"x", True)),
]


def decide_between(network, name, decided, competitor, other):
    """Three have voted for the competitor and for the other; then the one is decided, and a fourth votes. Gives which
    of the two passed."""

    def arguments(given):
        return tuple({"victim": network.stakers[4], "other": network.stakers[3]}.get(each, each) for each in given)

    further = [arguments(each) for each in (competitor, other) if each]
    for each in further:
        network.vote(name, *each, voters=network.stakers[:3])
    network.vote(name, *arguments(decided), voters=network.stakers[:4])
    number = network.staking.call("overview")[1]
    passed = []
    for each in further:
        network.vote(name, *each, voters=network.stakers[3:4])
        number, before = network.staking.call("overview")[1], number
        passed.append(number != before)
    return passed


@pytest.mark.parametrize("name,decided,competitor,other", COMPETITORS)
def test_a_decision_voids_the_ballots_that_competed_with_it_and_no_others(network, name, decided, competitor, other):
    expected = [False] * (competitor is not None) + [True] * (other is not None)
    assert decide_between(network, name, decided, competitor, other) == expected


@pytest.mark.parametrize("name,decided,competitor,other", COMPETITORS[:2])
def test_a_decision_N_that_voids_nothing_is_followed_by_what_it_decided_against(name, decided, competitor, other):
    network = Network(5, staking=weakened("Staking", COMPETING)).found()
    assert decide_between(network, name, decided, competitor, other)[0]


def test_a_vote_on_a_void_ballot_is_no_vote_to_take_back(network):
    competitor = (b"{ }", MINIMUM_STAKE)
    content = keccak(encode(["bytes", "uint256"], competitor))
    network.vote("votePolicy", *competitor, voters=network.stakers[:3])
    assert network.staking.call("ballot", POLICY, content)[0] == 3
    network.vote("votePolicy", b"{}", MINIMUM_STAKE)
    assert network.staking.call("ballot", POLICY, content) == (0, 0)
    with refused("no vote"):
        network.staking.send("withdrawVote", POLICY, content, sender=network.stakers[0])
    network.vote("votePolicy", *competitor, voters=network.stakers[:4])
    assert network.staking.call("policy") == b"{ }"


def test_votes_of_a_former_list_of_members_do_not_count(network):
    network.vote("voteEpoch", 2, count=3)
    network.vote("voteMembers", *network.listing(network.stakers[2:]))
    network.vote("voteEpoch", 2, voters=network.stakers[4:])
    assert epoch(network) == 1
    network.vote("voteEpoch", 2, voters=network.stakers[2:4])
    assert epoch(network) == 2


def test_votes_of_a_former_list_N_without_the_electorate_they_count_for_whoever_has_the_seats_now():
    network = Network(5, staking=weakened(
        "Staking", ("    if ballot.electorate != self.electorate or block.timestamp", "    if block.timestamp"))).found()
    former, _ = network.listing(network.stakers)
    network.vote("voteEpoch", 2, voters=former[:3])
    listing = network.listing([network.newcomer(number) for number in range(5)])
    network.vote("voteMembers", *listing)
    network.vote("voteEpoch", 2, voters=listing[0][3:4])
    assert epoch(network) == 2


def test_a_ballot_ends_with_its_window(network):
    network.vote("voteEpoch", 2, count=3)
    network.evm.advance(WINDOW)
    votes, deadline = network.staking.call("ballot", EPOCH, (2).to_bytes(32, "big"))
    assert (votes, deadline) == (3, network.evm.now)
    network.evm.advance(1)
    assert network.staking.call("ballot", EPOCH, (2).to_bytes(32, "big")) == (0, 0)
    network.vote("voteEpoch", 2, voters=network.stakers[3:])
    assert epoch(network) == 1
    network.vote("voteEpoch", 2, voters=network.stakers[:2])
    assert epoch(network) == 2


def test_a_ballot_ends_N_without_a_window_old_votes_decide_for_ever():
    network = Network(5, staking=weakened(
        "Staking", ("self.electorate or block.timestamp > ballot.deadline:", "self.electorate:"))).found()
    network.vote("voteEpoch", 2, count=3)
    network.evm.advance(1000 * WINDOW)
    network.vote("voteEpoch", 2, voters=[network.stakers[3]])
    assert epoch(network) == 2


def test_a_vote_can_be_taken_back_while_its_ballot_is_open(network):
    content = (2).to_bytes(32, "big")
    network.vote("voteEpoch", 2, count=3)
    network.staking.send("withdrawVote", EPOCH, content, sender=network.stakers[0])
    with refused("no vote"):
        network.staking.send("withdrawVote", EPOCH, content, sender=network.stakers[0])
    with refused("no vote"):
        network.staking.send("withdrawVote", EPOCH, content, sender=network.stakers[4])
    network.vote("voteEpoch", 2, voters=[network.stakers[3]])
    assert epoch(network) == 1
    network.vote("voteEpoch", 2, voters=[network.stakers[0]])
    assert epoch(network) == 2
    with refused("no vote"):
        network.staking.send("withdrawVote", EPOCH, content, sender=network.stakers[1])


def test_votes_for_different_contents_are_not_added_up(network):
    for place, staker in enumerate(network.stakers):
        network.staking.send("voteMeasurement", "software", bytes([place]) * 48, True, sender=staker)
    assert network.staking.call("measurements") == ()


# Votes of who may no longer vote

ONLY_ELECTORS = ("    left: uint256 = voters & self.electors\n", "    left: uint256 = voters\n")


def test_a_member_whose_stake_was_slashed_has_no_vote_and_its_former_votes_do_not_count(network):
    victim = network.stakers[0]
    network.vote("voteEpoch", 2, voters=network.stakers[:3])
    network.vote("voteSlash", victim, 1, b"evidence", voters=network.stakers[1:])
    with refused("no vote"):
        network.staking.send("voteEpoch", 2, sender=victim)
    network.vote("voteEpoch", 2, voters=[network.stakers[3]])
    assert epoch(network) == 1
    network.vote("voteEpoch", 2, voters=[network.stakers[4]])
    assert epoch(network) == 2


def test_a_member_whose_stake_was_slashed_N_where_every_vote_counts_its_former_one_decides():
    network = Network(5, staking=weakened("Staking", ONLY_ELECTORS)).found()
    network.vote("voteEpoch", 2, voters=network.stakers[:3])
    network.vote("voteSlash", network.stakers[0], 1, b"evidence", voters=network.stakers[1:])
    network.vote("voteEpoch", 2, voters=[network.stakers[3]])
    assert epoch(network) == 2


def test_who_has_its_stake_again_has_its_votes_again_or_takes_them_back(network):
    victim, content = network.stakers[0], (2).to_bytes(32, "big")
    network.vote("voteEpoch", 2, voters=network.stakers[:2])
    network.vote("voteSlash", victim, 1, b"evidence", voters=network.stakers[1:])
    assert network.staking.call("ballot", EPOCH, content)[0] == 1
    network.stake(victim, 1)
    assert network.staking.call("ballot", EPOCH, content)[0] == 2
    with refused("voted already"):
        network.staking.send("voteEpoch", 2, sender=victim)
    network.vote("voteSlash", victim, 2, b"evidence", voters=network.stakers[1:])
    network.staking.send("withdrawVote", EPOCH, content, sender=victim)
    network.stake(victim, 2)
    assert network.staking.call("ballot", EPOCH, content)[0] == 1


def raise_the_minimum(network):
    """Three have voted for the next epoch; then the minimum takes the vote from one of them, and a fourth votes."""
    for staker in network.stakers[1:]:
        network.stake(staker, 1)
    network.vote("voteEpoch", 2, voters=network.stakers[:3])
    network.vote("votePolicy", b"{}", MINIMUM_STAKE + 1, voters=network.stakers[1:])
    network.vote("voteEpoch", 2, voters=[network.stakers[3]])


def test_a_minimum_that_takes_a_vote_takes_the_votes_given_before(network):
    raise_the_minimum(network)
    assert epoch(network) == 1
    network.vote("voteEpoch", 2, voters=[network.stakers[4]])
    assert epoch(network) == 2


def test_a_minimum_N_where_every_vote_counts_who_may_not_vote_decides():
    network = Network(5, staking=weakened("Staking", ONLY_ELECTORS)).found()
    raise_the_minimum(network)
    assert epoch(network) == 2


def vote_and_unstake(network):
    """Three founders have voted for code; then one of them takes its stake out, and a fourth votes."""
    for staker in network.stakers:
        network.stake(staker)
    network.vote("voteMeasurement", "software", VALUE, True, voters=network.stakers[:3])
    network.staking.send("unstake", 1, sender=network.stakers[0])
    network.vote("voteMeasurement", "software", VALUE, True, voters=[network.stakers[3]])
    return network.staking.call("measurements")


def test_a_founder_that_takes_its_stake_out_takes_its_votes_with_it(founding):
    assert vote_and_unstake(founding) == ()
    founding.vote("voteMeasurement", "software", VALUE, True, voters=[founding.stakers[4]])
    assert len(founding.staking.call("measurements")) == 1


def test_a_founder_N_where_every_vote_counts_decides_without_a_stake():
    assert len(vote_and_unstake(Network(5, staking=weakened("Staking", ONLY_ELECTORS)))) == 1


def test_a_minimum_that_would_take_the_vote_from_too_many_is_refused(network):
    for staker in network.stakers[:3]:
        network.stake(staker, 1)
    with refused("minimum stake"):
        network.vote("votePolicy", b"{}", MINIMUM_STAKE + 1)
    network.stake(network.stakers[3], 1)
    network.vote("votePolicy", b"{}", MINIMUM_STAKE + 1, voters=[network.stakers[4]])
    assert not network.staking.call("isElector", network.stakers[4])
    network.vote("votePolicy", b"{}", MINIMUM_STAKE, voters=network.stakers[:4])
    assert network.staking.call("isElector", network.stakers[4])


def test_a_minimum_N_without_the_check_nobody_can_ever_vote_again():
    network = Network(5, staking=weakened(
        "Staking", ('    assert self._votes(electors) >= self._needed(), "minimum stake"\n', ""))).found()
    network.vote("votePolicy", b"{}", 2**53 - 1)
    assert network.electors() == []


@pytest.mark.parametrize("name,arguments", [
    ("voteEpoch", (2,)), ("votePolicy", (b"{}", MINIMUM_STAKE)), ("voteMeasurement", ("software", VALUE, True)),
    ("voteKeyCertificate", (1, b"\1" * 32)), ("votePause", ()),
])
def test_strangers_have_no_vote_on_anything(network, name, arguments):
    with refused("no vote"):
        network.staking.send(name, *arguments, sender=network.newcomer(1))


def test_every_vote_is_logged_with_what_is_needed(network):
    receipt = network.vote("voteSlash", network.stakers[4], 1, b"evidence", count=1)
    content = keccak(encode(["address", "uint256", "bytes"], [network.stakers[4], 1, b"evidence"]))
    assert network.staking.named_events(receipt) == [("Voted", {
        "voter": "0x" + network.stakers[0].hex(), "kind": SLASH, "content": content, "votes": 1, "needed": 4})]
