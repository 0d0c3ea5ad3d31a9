"""Whatever anybody does in whatever order: stakes add up, members are who was voted in, nothing stays locked."""
import os
from collections import Counter

from evm import GWEI, Refused
from eth_abi import encode
from eth_utils import keccak
from hypothesis import Phase, settings
from hypothesis import strategies as draw
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from network import DELAY, EPOCH, MEASUREMENT, MEMBERS, MINIMUM_STAKE, PAUSE, RESUME, SLASH, WINDOW, Network
from reader import read_staking
from sources import weakened

EXAMPLES = int(os.environ.get("QUORATE_EXAMPLES", "24"))
BURNED = bytes.fromhex("000000000000000000000000000000000000dead")
PEOPLE = 8
people = draw.integers(0, PEOPLE - 1)
amounts = draw.sampled_from([1, 5, MINIMUM_STAKE - 1, MINIMUM_STAKE, 2 * MINIMUM_STAKE])


class Everybody(RuleBasedStateMachine):
    """Five founders and three others, and what the model says they have and may do."""

    build = None
    done = Counter()  # which transactions succeeded, so that the test sees that all kinds did

    @initialize(founded=draw.booleans())
    def begin(self, founded):
        self.network = Network(5, minimum=3, staking=self.build)
        self.people = self.network.stakers + [self.network.newcomer(number) for number in range(PEOPLE - 5)]
        self.stakes = {person: MINIMUM_STAKE if place >= 5 else 0 for place, person in enumerate(self.people)}
        self.leaving = dict.fromkeys(self.people, 0)
        self.ripe = dict.fromkeys(self.people, 0)
        self.registered = {person: self.network.registration(person) for person in self.people[5:]}
        self.listed = {}  # of members: what they were voted for with
        self.members, self.founded, self.burned, self.deposited, self.paid = [], False, 0, MINIMUM_STAKE * (PEOPLE - 5), 0
        self.electorate = 0
        self.ballots = {}  # (kind, content) → (electorate, subject, decisions on it before, deadline, voters)
        self.decisions = Counter()  # of (kind, subject)
        self.minimum, self.epoch, self.measured, self.paused_until = MINIMUM_STAKE, 1, [], 0
        self.once_members = set()
        if founded:
            self.network.found()
            self.members, self.founded, self.electorate = list(self.network.stakers), True, 1
            self.once_members = set(self.members)
            for member in self.members:
                self.stakes[member] = MINIMUM_STAKE
                self.registered[member] = self.listed[member] = self.network.registration(member)
            self.deposited += 5 * MINIMUM_STAKE

    def now(self):
        return self.network.evm.now

    def paused(self):
        return self.now() < self.paused_until

    def may_vote(self, person):
        in_charge = self.members if self.founded else self.network.stakers
        return person in in_charge and self.stakes[person] >= self.minimum

    def base(self):
        return max(len(self.members) if self.founded else 5, 3)

    def attempt(self, allowed, name, *arguments, sender, value=0):
        """The transaction succeeds exactly when the model allows it."""
        try:
            self.network.staking.send(name, *arguments, sender=sender, value=value)
        except Refused as refusal:
            assert not allowed, f"{name} was refused: {refusal}"
            return False
        assert allowed, f"{name} was allowed"
        self.done[name] += 1
        return True

    @rule(person=people, amount=amounts)
    def stake(self, person, amount):
        person = self.people[person]
        if self.attempt(not self.paused(), "stake", sender=person, value=amount * GWEI):
            self.stakes[person] += amount
            self.deposited += amount

    @rule(person=people, amount=amounts)
    def unstake(self, person, amount):
        person = self.people[person]
        left = self.stakes[person] - amount
        if self.attempt(
                left >= 0 and (person not in self.members or left >= self.minimum), "unstake", amount, sender=person):
            self.stakes[person] -= amount
            self.leaving[person] += amount
            self.ripe[person] = self.now() + DELAY

    @rule(person=people)
    def withdraw(self, person):
        person = self.people[person]
        before = self.network.evm.balance(person)
        amount = self.leaving[person]
        if self.attempt(amount > 0 and self.now() >= self.ripe[person], "withdraw", person, sender=person):
            assert self.network.evm.balance(person) - before == amount * GWEI
            self.paid += amount
            self.leaving[person] = 0
            if person not in self.members and self.stakes[person] == 0:
                self.once_members.discard(person)

    @rule(person=people)
    def get_out(self, person):
        """Those who go in the order that works; the rules above mostly come in one that does not."""
        self.leave(person)
        if self.stakes[self.people[person]]:
            self.unstake(person, self.stakes[self.people[person]])
        self.wait(DELAY)
        self.withdraw(person)

    @rule(person=people, label=draw.sampled_from(["a", "b"]))
    def register(self, person, label):
        person, label = self.people[person], f"{label}{person}"
        if not self.paused():
            self.network.register(person, label=label)
            self.registered[person] = self.network.registration(person)

    @rule(person=people)
    def leave(self, person):
        person = self.people[person]
        if self.attempt(person in self.members, "leave", sender=person):
            self.members.remove(person)

    @rule(seconds=draw.sampled_from([1, WINDOW, WINDOW + 1, DELAY]))
    def wait(self, seconds):
        self.network.evm.advance(seconds)

    def open_ballot(self, kind, content):
        """(deadline, voters), zero and empty when there is none."""
        electorate, subject, decisions, deadline, voted = self.ballots.get((kind, content), (None, None, 0, 0, set()))
        is_open = electorate == self.electorate and self.now() <= deadline
        return (deadline, voted) if is_open and decisions == self.decisions[kind, subject] else (0, set())

    def vote(self, voters, kind, content, needed, name, *arguments, subject=None, possible=lambda: True):
        """Gives whether the vote passed; `possible` is what the deciding vote must fulfil besides."""
        for voter in voters:
            deadline, voted = self.open_ballot(kind, content)
            deadline = deadline or self.now() + WINDOW
            passes = sum(map(self.may_vote, voted)) + 1 >= needed
            allowed = self.may_vote(voter) and voter not in voted and (not passes or possible())
            if not self.attempt(allowed, name, *arguments, sender=voter):
                continue
            if passes:
                self.decisions[kind, subject] += 1
                self.done[f"{name} passed"] += 1
                return True
            self.ballots[kind, content] = (
                self.electorate, subject, self.decisions[kind, subject], deadline, voted | {voter})
        return False

    # Mostly enough of those in charge, or nothing would ever pass.
    voters = draw.one_of(draw.just(list(range(PEOPLE))), draw.lists(people, min_size=1, max_size=PEOPLE, unique=True))

    def needed(self):
        return 2 * self.base() // 3 + 1

    @rule(voters=voters, chosen=draw.sets(people, min_size=4), careful=draw.sampled_from([True, True, False]),
          as_listed=draw.booleans())
    def vote_on_members(self, voters, chosen, careful, as_listed):
        chosen = [self.people[each] for each in sorted(chosen) if self.registered.get(self.people[each])]
        if careful:
            chosen = [each for each in chosen if self.stakes[each] >= self.minimum]
        if len(chosen) < 3:
            return
        registrations = {
            each: self.listed[each] if as_listed and each in self.members else self.registered[each] for each in chosen}
        stakers, digests = self.network.listing(chosen, registrations)
        content = keccak(encode(["address[]", "bytes32[]"], [stakers, digests]))
        if self.vote([self.people[each] for each in voters], MEMBERS, content, self.needed(), "voteMembers", stakers, digests,
                     possible=lambda: all(self.stakes[each] >= self.minimum for each in chosen)):
            self.members, self.founded, self.listed = list(chosen), True, registrations
            self.once_members |= set(chosen)
            self.electorate += 1

    @rule(voters=voters)
    def vote_on_epoch(self, voters):
        if self.founded:
            following = self.epoch + 1
            if self.vote([self.people[each] for each in voters], EPOCH, following.to_bytes(32, "big"), self.needed(),
                         "voteEpoch", following):
                self.epoch = following

    @rule(voters=voters, value=draw.sampled_from([b"\1" * 48, b"\2" * 48]))
    def vote_on_measurement(self, voters, value):
        accepted = value not in self.measured
        content = keccak(encode(["string", "bytes", "bool"], ["tdx", value, accepted]))
        if self.vote([self.people[each] for each in voters], MEASUREMENT, content, self.needed(), "voteMeasurement", "tdx",
                     value, accepted, subject=value):
            (self.measured.append if accepted else self.measured.remove)(value)

    @rule(voters=voters, victim=people, amount=amounts, evidence=draw.sampled_from([b"e", b"f"]))
    def vote_to_slash(self, voters, victim, amount, evidence):
        victim = self.people[victim]
        if victim not in self.once_members:
            return
        content = keccak(encode(["address", "uint256", "bytes"], [victim, amount, evidence]))
        if self.vote([self.people[each] for each in voters], SLASH, content, self.needed(), "voteSlash", victim, amount, evidence,
                     subject=victim, possible=lambda: self.stakes[victim] + self.leaving[victim] > 0):
            of_stake = min(amount, self.stakes[victim])
            of_leaving = min(amount - of_stake, self.leaving[victim])
            self.stakes[victim] -= of_stake
            self.leaving[victim] -= of_leaving
            self.burned += of_stake + of_leaving

    @rule(voters=voters)
    def vote_to_pause_or_resume(self, voters):
        voters, content = [self.people[each] for each in voters], self.paused_until.to_bytes(32, "big")
        if not self.paused():
            if self.vote(voters, PAUSE, content, self.base() - self.needed() + 1, "votePause"):
                self.paused_until = self.now() + 3 * 86_400
        elif self.vote(voters, RESUME, content, self.needed(), "voteResume"):
            self.paused_until = self.now()

    @invariant()
    def stakes_are_what_the_contract_holds(self):
        held = 0
        for person in self.people:
            stake, leaving, _, listed, slashable, _ = self.network.staking.call("account", person)
            assert (stake, leaving) == (self.stakes[person], self.leaving[person])
            assert listed == (person in self.members) and slashable == (person in self.once_members)
            held += stake + leaving
        assert self.network.evm.balance(self.network.staking.address) == held * GWEI
        assert self.network.evm.balance(BURNED) == self.burned * GWEI
        assert self.deposited == held + self.burned + self.paid

    @invariant()
    def what_nodes_read_is_what_was_decided(self):
        snapshot = read_staking(self.network.staking)
        assert snapshot.digest == self.network.evm.storage(self.network.staking.address, 0)
        assert sorted(bytes.fromhex(staker[2:]) for staker, _, _ in snapshot.members) == sorted(self.members)
        for staker, stake, registration in snapshot.members:
            member = bytes.fromhex(staker[2:])
            assert (stake, registration) == (self.stakes[member], self.listed[member])
        assert snapshot.epoch == self.epoch and snapshot.paused_until == self.paused_until
        assert sorted(value for _, value, _ in snapshot.measurements) == sorted(self.measured)

    @invariant()
    def votes_are_of_who_may_vote(self):
        for person in self.people:
            assert self.network.staking.call("isElector", person) == self.may_vote(person)
        for kind, content in self.ballots:
            deadline, voted = self.open_ballot(kind, content)
            assert self.network.staking.call("ballot", kind, content) == (sum(map(self.may_vote, voted)), deadline)

    @invariant()
    def the_threshold_is_more_than_two_thirds(self):
        needed, pausing = self.network.staking.call("votesNeeded")
        assert 3 * needed > 2 * self.base() and 3 * needed > 2 * len(self.members) and needed >= 3
        assert needed + pausing == self.base() + 1

    def teardown(self):
        """Everybody gets everything out, with nobody's help."""
        if not hasattr(self, "network"):
            return
        staking = self.network.staking
        for person in self.people:
            if person in self.members:
                staking.send("leave", sender=person)
            if self.stakes[person]:
                staking.send("unstake", self.stakes[person], sender=person)
        self.network.evm.advance(DELAY)
        for person in self.people:
            if self.stakes[person] + self.leaving[person]:
                staking.send("withdraw", person, sender=person)
        assert self.network.evm.balance(staking.address) == 0


def test_stakes_members_and_thresholds_hold_whatever_happens():
    run_state_machine_as_test(Everybody, settings=settings(max_examples=EXAMPLES, stateful_step_count=30))
    for name in ["stake", "unstake", "withdraw", "leave", "voteMembers passed", "voteEpoch passed", "voteMeasurement passed",
                 "voteSlash passed", "votePause passed", "voteResume passed"]:
        assert Everybody.done[name] > 0, f"no run got as far as {name}"


def test_stakes_N_a_contract_that_forgets_what_it_paid_is_found_out():
    """The machine itself can fail: unstaking that takes nothing off the stake."""

    class Weakened(Everybody):
        build = weakened("Staking", (
            "    self._put_standing(msg.sender, standing)\n    self.accounts[msg.sender].leaving += amount",
            "    self.accounts[msg.sender].leaving += amount"))

    try:
        run_state_machine_as_test(Weakened, settings=settings(
            max_examples=EXAMPLES, stateful_step_count=30, phases=[Phase.generate]))
    except BaseException as failure:
        # Hypothesis raises what it found, or a group of it.
        assert isinstance(failure, (AssertionError, Refused, BaseExceptionGroup)), failure
    else:
        raise AssertionError("the machine found nothing")
