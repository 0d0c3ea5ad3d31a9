"""Whatever owners and wallets do in whatever order: the list is theirs, proved by one word and paid for."""
import os

from evm import Refused, account
from hypothesis import Phase, settings
from hypothesis import strategies as draw
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from network import DEPOSIT, Network
from reader import read_keys
from sources import weakened

EXAMPLES = int(os.environ.get("QUORATE_EXAMPLES", "10"))
PEOPLE = 3
people = draw.integers(0, PEOPLE - 1)
choice = draw.integers(0, 1_000)
records = draw.binary(min_size=1, max_size=70)
# Mostly the owner, or every second transaction would be refused.
askers = draw.sampled_from(["owner"] * 4 + list(range(PEOPLE)))
mostly = draw.sampled_from([True, True, True, False])


class Owners(RuleBasedStateMachine):
    build = None

    @initialize()
    def begin(self):
        self.network = Network(3, keys=self.build)
        self.people = [account(40_000 + number) for number in range(PEOPLE)]
        for person in self.people:
            self.network.evm.fund(person)
        self.keys = {}  # key → [owner, transferable, revocable, record or None]
        self.moments = {}
        self.refunds = dict.fromkeys(self.people, 0)
        self.made = 0

    def attempt(self, allowed, name, *arguments, sender, value=0):
        try:
            receipt = self.network.keys.send(name, *arguments, sender=sender, value=value)
        except Refused as refusal:
            assert not allowed, f"{name} was refused: {refusal}"
            return None
        assert allowed, f"{name} was allowed"
        return receipt

    def asking(self, asker, owner):
        return owner if asker == "owner" else self.people[asker]

    def some_key(self, number):
        return sorted(self.keys)[number % len(self.keys)] if self.keys else None

    @rule(person=people, record=records, transferable=mostly, revocable=mostly)
    def create(self, person, record, transferable, revocable):
        person = self.people[person]
        self.made += 1
        receipt = self.attempt(
            True, "create", "ed25519-sign", self.made.to_bytes(16, "big"), record, transferable, revocable, sender=person,
            value=DEPOSIT)
        self.keys[receipt.output] = [person, transferable, revocable, record]

    @rule(asker=askers, number=choice, record=records, transferable=mostly, revocable=mostly)
    def grant(self, asker, number, record, transferable, revocable):
        key = self.some_key(number)
        if key is None:
            return
        owner, was_transferable, was_revocable, before = self.keys[key]
        person = self.asking(asker, owner)
        allowed = owner == person and was_revocable and transferable <= was_transferable
        if self.attempt(allowed, "grant", key, record, transferable, revocable, sender=person,
                        value=0 if before is not None else DEPOSIT):
            self.keys[key] = [owner, transferable, revocable, record]

    @rule(asker=askers, number=choice)
    def revoke(self, asker, number):
        key = self.some_key(number)
        if key is None:
            return
        owner, _, revocable, record = self.keys[key]
        person = self.asking(asker, owner)
        allowed = owner == person and revocable and record is not None
        if self.attempt(allowed, "revoke", key, sender=person):
            self.keys[key][3] = None
            self.refunds[owner] += DEPOSIT

    @rule(asker=askers, recipient=people, number=choice)
    def transfer(self, asker, recipient, number):
        key = self.some_key(number)
        if key is None:
            return
        owner, transferable, revocable, record = self.keys[key]
        person, recipient = self.asking(asker, owner), self.people[recipient]
        if self.attempt(owner == person and transferable and recipient != person, "transfer", key, recipient, sender=person):
            if record is not None and revocable:
                self.keys[key][3] = None
                self.refunds[owner] += DEPOSIT
            self.keys[key][0] = recipient

    @rule(person=people, moment=draw.integers(0, 4_000_000_000))
    def set_not_before(self, person, moment):
        person = self.people[person]
        if self.attempt(moment > self.moments.get(person, 0), "setNotBefore", moment, sender=person,
                        value=0 if person in self.moments else DEPOSIT):
            self.moments[person] = moment

    @rule(person=people)
    def clear_not_before(self, person):
        person = self.people[person]
        allowed = person in self.moments and self.network.evm.now >= self.moments[person] + 2 * 86_400
        if self.attempt(allowed, "clearNotBefore", sender=person):
            del self.moments[person]
            self.refunds[person] += DEPOSIT

    @rule(person=people)
    def collect(self, person):
        person = self.people[person]
        before = self.network.evm.balance(person)
        if self.attempt(self.refunds[person] > 0, "collectDeposits", person, sender=person):
            assert self.network.evm.balance(person) - before == self.refunds[person]
            self.refunds[person] = 0

    @rule(days=draw.sampled_from([1, 2, 10_000]))
    def wait(self, days):
        self.network.evm.advance(days * 86_400)

    @invariant()
    def the_list_is_what_owners_and_wallets_said(self):
        snapshot = read_keys(self.network.keys)
        assert snapshot.digest == self.network.evm.storage(self.network.keys.address, 0)
        assert snapshot.moments == self.moments
        expected = {
            key: (owner, int(transferable) + 2 * int(revocable), record)
            for key, (owner, transferable, revocable, record) in self.keys.items() if record is not None}
        assert {
            key: (bytes.fromhex(owner[2:]), detail, record)
            for key, (_, owner, _, detail, record) in snapshot.records.items()} == expected
        assert len(snapshot.entries) == len(expected) + len(self.moments)

    @invariant()
    def every_entry_is_paid_for_and_nothing_else_is_held(self):
        entries = self.network.keys.call("overview")[4]
        owed = sum(self.refunds.values())
        assert self.network.evm.balance(self.network.keys.address) == entries * DEPOSIT + owed


def test_keys_and_moments_are_as_their_owners_said_whatever_happens():
    run_state_machine_as_test(Owners, settings=settings(max_examples=EXAMPLES, stateful_step_count=40))


def test_keys_N_a_list_that_forgets_who_moved_is_found_out():
    class Weakened(Owners):
        build = weakened("Keys", ("            self.keys[moved].place = place\n", "            pass\n"))

    try:
        run_state_machine_as_test(Weakened, settings=settings(
            max_examples=EXAMPLES, stateful_step_count=40, phases=[Phase.generate]))
    except BaseException as failure:
        assert isinstance(failure, (AssertionError, Refused, BaseExceptionGroup)), failure
    else:
        raise AssertionError("the machine found nothing")
