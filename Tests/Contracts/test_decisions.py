"""Epochs, policy, measurements, key certificates, slashing and pausing."""
import pytest
from evm import GWEI, Refused, account
from expecting import refused
from network import DELAY, MINIMUM_STAKE, NOTICE, PAUSE as PAUSING, RESUME, WINDOW, Network
from sources import weakened
from test_keys import RECORD

VALUE, OTHER = b"\x07" * 48, b"\x08" * 48
BURNED = bytes.fromhex("000000000000000000000000000000000000dead")
PAUSE = 3 * 86_400


def test_epochs_go_up_by_one(network):
    for wrong in (0, 1, 3):
        with refused("not the next"):
            network.vote("voteEpoch", wrong)
    network.vote("voteEpoch", 2)
    network.vote("voteEpoch", 3)
    assert network.staking.call("overview")[3] == 3


def test_before_there_are_members_there_is_no_epoch_to_begin_and_no_certificate_to_name(founding):
    for staker in founding.stakers:
        founding.stake(staker)
    with refused("no members yet"):
        founding.vote("voteEpoch", 2)
    with refused("no members yet"):
        founding.vote("voteKeyCertificate", 1, b"\1" * 32)
    with refused("no members yet"):
        founding.vote("votePolicy", b"{}", MINIMUM_STAKE - 1)
    founding.vote("votePolicy", b"{}", MINIMUM_STAKE)
    assert founding.staking.call("policy") == b"{}"


def test_an_epoch_has_one_key_certificate_for_ever(network):
    network.vote("voteKeyCertificate", 1, b"\1" * 32)
    with refused("named already"):
        network.vote("voteKeyCertificate", 1, b"\2" * 32)
    with refused("another epoch"):
        network.vote("voteKeyCertificate", 2, b"\2" * 32)
    network.vote("voteEpoch", 2)
    with refused("another epoch"):
        network.vote("voteKeyCertificate", 1, b"\2" * 32)
    with refused("digest"):
        network.vote("voteKeyCertificate", 2, bytes(32))
    network.vote("voteEpoch", 3)
    network.vote("voteKeyCertificate", 3, b"\3" * 32)
    assert network.staking.call("certificates", 1, 256) == (b"\1" * 32, bytes(32), b"\3" * 32)
    assert network.staking.call("certificates", 3, 5) == (b"\3" * 32,)
    assert network.staking.call("certificates", 4, 5) == ()
    assert network.staking.call("certificates", 2**256 - 1, 2**256 - 1) == ()


def test_policy_and_minimum_stake_are_replaced_together(network):
    network.vote("votePolicy", b"p" * 8_192, MINIMUM_STAKE - 5)
    assert network.staking.call("policy") == b"p" * 8_192
    assert network.staking.call("overview")[4] == MINIMUM_STAKE - 5
    for reason, arguments in [("policy", (b"", 1)), ("minimum stake", (b"{}", 0)), ("minimum stake", (b"{}", 2**53)),
                              ("without a reason", (b"p" * 8_193, 1))]:
        with refused(reason):
            network.vote("votePolicy", *arguments)


def test_new_code_counts_after_the_notice_and_old_code_ends_at_once(network):
    network.vote("voteMeasurement", "sev-snp", VALUE, True)
    network.vote("voteMeasurement", "tdx", OTHER, True)
    since = network.evm.now + NOTICE
    assert network.staking.call("measurements") == (("sev-snp", VALUE, since), ("tdx", OTHER, since))
    network.vote("voteMeasurement", "sev-snp", VALUE, False)
    assert network.staking.call("measurements") == (("tdx", OTHER, since),)
    with refused("no change"):
        network.vote("voteMeasurement", "sev-snp", VALUE, False)
    with refused("no change"):
        network.vote("voteMeasurement", "tdx", OTHER, True)
    # The same value of another kind is another measurement.
    network.vote("voteMeasurement", "sev-snp", OTHER, True)


def test_new_code_N_a_contract_without_notice_accepts_it_in_the_same_block():
    network = Network(5, staking=weakened("Staking", ("            since += self.notice\n", "            pass\n"))).found()
    network.vote("voteMeasurement", "sev-snp", VALUE, True)
    assert network.staking.call("measurements")[0][2] == network.evm.now


def test_founders_accept_code_without_notice(founding):
    for staker in founding.stakers:
        founding.stake(staker)
    founding.vote("voteMeasurement", "software", VALUE, True)
    assert founding.staking.call("measurements") == (("software", VALUE, founding.evm.now),)


def test_sixty_four_measurements_are_the_most_and_removal_keeps_the_others(network):
    values = [bytes([number]) * 48 for number in range(65)]
    for value in values[:64]:
        network.vote("voteMeasurement", "software", value, True)
    with pytest.raises(Exception):
        network.vote("voteMeasurement", "software", values[64], True)
    for value in values[0:64:7]:
        network.vote("voteMeasurement", "software", value, False)
    left = {value for _, value, _ in network.staking.call("measurements")}
    assert left == set(values[:64]) - set(values[0:64:7])


@pytest.mark.parametrize("reason,arguments", [
    ("kind", ("", VALUE, True)), ("measurement", ("tdx", VALUE[1:], True)),
    ("without a reason", ("k" * 33, VALUE, True)), ("without a reason", ("tdx", VALUE + b"\0", True)),
])
def test_malformed_measurements_are_refused(network, reason, arguments):
    with refused(reason):
        network.vote("voteMeasurement", *arguments)


# Slashing


def test_slashing_burns_and_a_member_stays_listed_with_what_is_left(network):
    victim, paid = network.stakers[0], network.evm.balance(BURNED)
    network.vote("voteSlash", victim, 1_000, b"evidence", voters=network.stakers[1:])
    assert network.evm.balance(BURNED) == paid + 1_000 * GWEI
    stakes = {staker: stake for staker, stake, _ in network.staking.call("members", 0, 64)}
    assert stakes["0x" + victim.hex()] == MINIMUM_STAKE - 1_000


def test_slashing_takes_no_more_than_there_is(network):
    victim = network.stakers[0]
    network.vote("voteSlash", victim, 2**256 - 1, b"evidence", voters=network.stakers[1:])
    assert network.staking.call("account", victim)[:2] == (0, 0)
    with refused("nothing"):
        network.vote("voteSlash", victim, 1, b"evidence", voters=network.stakers[1:])


def test_slashing_reaches_stake_that_is_on_its_way_out(network):
    victim = network.stakers[0]
    network.staking.send("leave", sender=victim)
    network.staking.send("unstake", MINIMUM_STAKE, sender=victim)
    network.vote("voteSlash", victim, MINIMUM_STAKE, b"evidence", voters=network.stakers[1:])
    network.evm.advance(DELAY)
    with refused("nothing"):
        network.staking.send("withdraw", victim, sender=victim)


def test_slashing_N_without_reaching_for_it_who_leaves_in_time_keeps_everything():
    network = Network(5, staking=weakened("Staking", (
        "    of_leaving: uint256 = min(amount - of_stake, self.accounts[staker].leaving)", "    of_leaving: uint256 = 0"),
        ('    assert burned > 0, "nothing"\n', ""))).found()
    victim = network.stakers[0]
    network.staking.send("leave", sender=victim)
    network.staking.send("unstake", MINIMUM_STAKE, sender=victim)
    network.vote("voteSlash", victim, MINIMUM_STAKE, b"evidence", voters=network.stakers[1:])
    network.evm.advance(DELAY)
    network.staking.send("withdraw", victim, sender=victim)


def slash_by_a_second_ballot(network):
    """A member goes with its stake; the ballot to slash it ends undecided, and another begins."""
    victim = network.stakers[4]
    network.staking.send("leave", sender=victim)
    network.staking.send("unstake", MINIMUM_STAKE, sender=victim)
    slash = ("voteSlash", victim, MINIMUM_STAKE, b"evidence")
    network.vote(*slash, voters=network.stakers[:2])
    network.evm.advance(WINDOW)
    withdrawn = True
    try:
        network.staking.send("withdraw", victim, sender=victim)
    except Refused:
        withdrawn = False
    network.evm.advance(1)
    if not withdrawn:
        network.vote(*slash, voters=network.stakers[1:4])
    return network.evm.balance(BURNED) == MINIMUM_STAKE * GWEI


def test_stake_stays_for_a_second_ballot_when_the_first_ends_undecided():
    assert slash_by_a_second_ballot(Network(5, delay=2 * WINDOW).found())
    with refused("unstake delay"):
        Network(5, delay=2 * WINDOW - 1)


def test_stake_N_with_a_delay_of_one_window_it_is_gone_with_the_first_ballot():
    once = weakened("Staking", ("unstake_delay >= 2 * window", "unstake_delay >= window"))
    assert not slash_by_a_second_ballot(Network(5, delay=WINDOW, staking=once).found())


def test_only_who_is_or_was_a_member_can_be_slashed(network):
    bystander = network.newcomer(1)
    with refused("was no member"):
        network.vote("voteSlash", bystander, 1, b"evidence")
    for reason, arguments in [("amount", (0, b"evidence")), ("evidence", (1, b""))]:
        with refused(reason):
            network.vote("voteSlash", network.stakers[0], *arguments)


def test_only_who_is_or_was_a_member_N_without_the_check_members_burn_anybody_s_stake():
    network = Network(5, staking=weakened(
        "Staking", ('    assert self._standing(staker).slashable, "was no member"\n', ""))).found()
    bystander = network.newcomer(1)
    network.vote("voteSlash", bystander, MINIMUM_STAKE, b"evidence")
    assert network.staking.call("account", bystander)[0] == 0


def test_who_took_everything_out_begins_anew(network):
    former = network.stakers[0]
    network.staking.send("leave", sender=former)
    network.staking.send("unstake", MINIMUM_STAKE, sender=former)
    network.evm.advance(DELAY)
    network.staking.send("withdraw", former, sender=former)
    network.stake(former)
    with refused("was no member"):
        network.vote("voteSlash", former, 1, b"evidence", voters=network.stakers[1:])


# Pausing


def paused_until(network):
    return network.staking.call("overview")[8]


def test_a_pause_stops_what_is_new_and_nothing_that_takes_out_or_off(network):
    member, newcomer = network.stakers[0], network.newcomer(1)
    network.staking.send("unstake", 1, sender=newcomer)
    key = network.keys.send(
        "create", "secp256k1-ecdsa", b"s" * 16, RECORD, True, True, sender=member, value=network.deposit).output
    network.evm.advance(DELAY)
    network.vote("votePause", count=2)
    assert paused_until(network) == network.evm.now + PAUSE
    for name, arguments, options in [
        ("stake", (), {"value": GWEI}), ("register", (b"\1" * 32, "a:1", "b:1", bytes(64)), {}),
    ]:
        with refused("paused"):
            network.staking.send(name, *arguments, sender=member, **options)
    with refused("paused"):
        network.keys.send("create", "secp256k1-ecdsa", b"t" * 16, RECORD, True, True, sender=member, value=network.deposit)
    with refused("paused"):
        network.keys.send("grant", key, RECORD, True, True, sender=member)
    with refused("paused"):
        network.keys.send("transfer", key, account(9), sender=member)
    network.staking.send("withdraw", newcomer, sender=newcomer)
    network.staking.send("unstake", MINIMUM_STAKE - 1, sender=newcomer)
    network.keys.send("setNotBefore", network.evm.now, sender=member, value=network.deposit)
    network.keys.send("revoke", key, sender=member)
    network.keys.send("collectDeposits", member, sender=member)
    network.vote("voteSlash", network.stakers[4], 1, b"evidence", voters=network.stakers[:4])
    network.vote("voteMembers", *network.listing(network.stakers[:4]), voters=network.stakers[:4])
    network.staking.send("leave", sender=member)


def test_a_pause_N_that_stopped_withdrawals_would_hold_stake():
    network = Network(5, staking=weakened("Staking", (
        '    assert amount > 0, "nothing"', '    assert block.timestamp >= self.pausedUntil, "paused"'))).found()
    newcomer = network.newcomer(1)
    network.staking.send("unstake", 1, sender=newcomer)
    network.evm.advance(DELAY)
    network.vote("votePause", count=2)
    with refused("paused"):
        network.staking.send("withdraw", newcomer, sender=newcomer)


def test_a_pause_ends_by_itself(network):
    network.vote("votePause", count=2)
    with refused("paused"):
        network.vote("votePause", count=1)
    network.evm.advance(PAUSE - 1)
    with refused("paused"):
        network.stake(network.stakers[0])
    network.evm.advance(1)
    network.stake(network.stakers[0])


def test_a_pause_is_ended_early_by_more_than_two_thirds(network):
    with refused("not paused"):
        network.vote("voteResume")
    network.vote("votePause", count=2)
    network.vote("voteResume", count=3)
    with refused("paused"):
        network.stake(network.stakers[0])
    network.vote("voteResume", voters=[network.stakers[3]])
    network.stake(network.stakers[0])


def test_one_member_of_five_cannot_pause(network):
    network.vote("votePause", count=1)
    assert paused_until(network) == 0


def pause_again(network):
    """Three have voted to end a pause that ends by itself; in the next one the fourth does."""
    network.vote("votePause", count=2)
    network.evm.advance(PAUSE - 10)
    network.vote("voteResume", voters=network.stakers[:3])
    network.evm.advance(10)
    network.vote("votePause", count=2)
    network.vote("voteResume", voters=network.stakers[3:4])
    return network.evm.now < paused_until(network)


def test_votes_to_end_a_pause_are_about_that_pause(network):
    assert pause_again(network)
    moment = paused_until(network).to_bytes(32, "big")
    assert network.staking.call("ballot", RESUME, moment)[0] == 1
    network.vote("voteResume", voters=network.stakers[:3])
    assert paused_until(network) == network.evm.now


def test_votes_to_end_a_pause_N_without_saying_which_end_the_next_one():
    said = "    if self._passes(VOTE_RESUME, empty(bytes32), convert(self.pausedUntil, bytes32), self._needed()):\n"
    network = Network(5, staking=weakened("Staking", (said, said.replace(
        "convert(self.pausedUntil, bytes32)", "empty(bytes32)")))).found()
    assert not pause_again(network)


def test_votes_to_pause_name_the_end_of_the_pause_before(network):
    network.vote("votePause", count=1)
    assert network.staking.call("ballot", PAUSING, bytes(32))[0] == 1
    network.vote("votePause", voters=[network.stakers[1]])
    network.vote("voteResume")
    moment = paused_until(network).to_bytes(32, "big")
    network.vote("votePause", count=1)
    assert network.staking.call("ballot", PAUSING, bytes(32)) == (0, 0)
    assert network.staking.call("ballot", PAUSING, moment)[0] == 1
    assert paused_until(network) == network.evm.now
