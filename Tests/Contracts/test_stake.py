"""Stake in and out. Amounts are gwei."""
import pytest
from evm import ETHER, GWEI, Contract, account
from expecting import refused
from eth_abi import encode
from network import DELAY, MINIMUM_STAKE, Network
from sources import compiled, helper, weakened


def test_stake_adds_up_and_is_counted_in_gwei(network):
    staker = network.stakers[0]
    receipt = network.stake(staker, 5)
    assert network.staking.call("account", staker)[0] == MINIMUM_STAKE + 5
    staked = network.staking.named_events(receipt)[0]
    assert staked == ("Staked", {"staker": "0x" + staker.hex(), "amount": 5, "stake": MINIMUM_STAKE + 5})


@pytest.mark.parametrize("value", [0, 1, GWEI - 1, GWEI + 1])
def test_stake_that_is_not_whole_gwei_is_refused(network, value):
    with refused("amount"):
        network.staking.send("stake", sender=network.stakers[0], value=value)


def test_no_stake_is_larger_than_nodes_can_count(network):
    whale = account(77)
    network.evm.fund(whale, 10**8 * ETHER)
    network.staking.send("stake", sender=whale, value=(2**53 - 1) * GWEI)
    with refused("amount"):
        network.staking.send("stake", sender=whale, value=GWEI)


def test_unstaked_stake_comes_back_after_the_delay_and_not_before(network):
    staker = network.newcomer(1)
    before = network.evm.balance(staker)
    network.staking.send("unstake", MINIMUM_STAKE, sender=staker)
    network.evm.advance(DELAY - 1)
    with refused("too early"):
        network.staking.send("withdraw", staker, sender=staker)
    network.evm.advance(1)
    network.staking.send("withdraw", staker, sender=staker)
    assert network.evm.balance(staker) == before + MINIMUM_STAKE * GWEI
    with refused("nothing"):
        network.staking.send("withdraw", staker, sender=staker)


def test_unstaking_more_begins_the_delay_anew(network):
    staker = network.newcomer(1)
    network.staking.send("unstake", 1, sender=staker)
    network.evm.advance(DELAY)
    network.staking.send("unstake", 1, sender=staker)
    with refused("too early"):
        network.staking.send("withdraw", staker, sender=staker)


@pytest.mark.parametrize("amount", [0, MINIMUM_STAKE + 1, 2**256 - 1])
def test_nobody_unstakes_nothing_or_more_than_it_has(network, amount):
    with refused("amount"):
        network.staking.send("unstake", amount, sender=network.newcomer(1))


def test_a_member_keeps_the_minimum_until_it_leaves(network):
    staker = network.stakers[0]
    network.stake(staker, 10)
    network.staking.send("unstake", 10, sender=staker)
    with refused("leave first"):
        network.staking.send("unstake", 1, sender=staker)
    network.staking.send("leave", sender=staker)
    network.staking.send("unstake", MINIMUM_STAKE, sender=staker)


def test_stake_is_paid_to_whom_the_staker_names_and_to_nobody_for_free(network):
    staker, recipient = network.newcomer(1), account(99)
    network.staking.send("unstake", MINIMUM_STAKE, sender=staker)
    network.evm.advance(DELAY)
    with refused("recipient"):
        network.staking.send("withdraw", bytes(20), sender=staker)
    with refused("nothing"):
        network.staking.send("withdraw", recipient, sender=recipient)
    network.staking.send("withdraw", recipient, sender=staker)
    assert network.evm.balance(recipient) == MINIMUM_STAKE * GWEI


def test_plain_transfers_are_refused(network):
    with refused("without a reason"):
        network.evm.send(network.stakers[0], network.staking.address, b"", 1)
    with refused("without a reason"):
        network.evm.send(network.stakers[0], network.keys.address, b"", 1)


def attack(network):
    """A contract that staked 10 and asks for it three times at once; gives what it gets."""
    build = helper("Attacker")
    owner = account(5_000)
    network.evm.fund(owner)
    address, _ = network.evm.deploy(
        owner, bytes.fromhex(build["bytecode"][2:]), encode(["address"], [network.staking.address]))
    attacker = Contract(network.evm, build["abi"], address)
    network.evm.fund(address, 10 * GWEI)
    attacker.send("stake", 10, sender=owner)
    attacker.send("unstake", 10, sender=owner)
    network.evm.advance(DELAY)
    return attacker, owner


EFFECT = '    self.accounts[msg.sender].leaving = 0\n    standing: Standing'
PAYMENT = "    raw_call(recipient, b\"\", value=amount * WEI_A_GWEI)\n"
PAID_FIRST = (
    (EFFECT, PAYMENT + EFFECT),
    ('recipient=recipient, amount=amount)\n' + PAYMENT, 'recipient=recipient, amount=amount)\n'),
)
NO_LOCK = (("#pragma nonreentrancy on\n", ""),)


def test_reentrancy_gets_nobody_paid_twice(network):
    attacker, owner = attack(network)
    with refused("without a reason"):
        attacker.send("withdraw", 2, sender=owner)
    attacker.send("withdraw", 0, sender=owner)
    assert network.evm.balance(attacker.address) == 10 * GWEI


@pytest.mark.parametrize("weakness", [PAID_FIRST, NO_LOCK])
def test_reentrancy_fails_with_either_of_lock_and_order_alone(weakness):
    network = Network(5, staking=weakened("Staking", *weakness)).found()
    attacker, owner = attack(network)
    with pytest.raises(Exception):
        attacker.send("withdraw", 2, sender=owner)
    assert network.evm.balance(attacker.address) == 0


def test_reentrancy_N_without_lock_and_order_the_stake_of_others_is_paid_out():
    network = Network(5, staking=weakened("Staking", *PAID_FIRST, *NO_LOCK)).found()
    attacker, owner = attack(network)
    attacker.send("withdraw", 2, sender=owner)
    assert network.evm.balance(attacker.address) == 30 * GWEI


def test_a_staker_that_takes_no_money_names_another_recipient(network):
    attacker, owner = attack(network)
    attacker.send("refuse", True, sender=owner)
    with refused("no money"):
        attacker.send("withdraw", 0, sender=owner)
    attacker.send("withdraw_to", account(6_000), sender=owner)
    assert network.evm.balance(account(6_000)) == 10 * GWEI


def test_nobody_deploys_with_terms_out_of_bounds():
    build = compiled("Staking")
    good = [b"document", [account(1), account(2), account(3)], 3, 1, 10, 0, 20]
    good[1].sort()
    network = Network(3)

    def deploy(**changes):
        arguments = list(good)
        for place, value in changes.items():
            arguments[int(place[1:])] = value
        return network.evm.deploy(
            network.stakers[0], bytes.fromhex(build["bytecode"][2:]),
            encode(["bytes", "address[]"] + 5 * ["uint256"], arguments))

    deploy()
    day = 86_400
    for reason, changes in [
        ("document", {"_0": b""}), ("founders", {"_1": good[1][::-1]}), ("founders", {"_1": [good[1][0]] * 3}),
        ("founders", {"_1": [bytes(20), *good[1][:2]]}), ("minimum members", {"_2": 0}), ("minimum members", {"_2": 4}),
        ("minimum stake", {"_3": 0}), ("minimum stake", {"_3": 2**53}), ("window", {"_4": 0}),
        ("window", {"_4": 30 * day + 1, "_6": 90 * day}), ("notice", {"_5": 30 * day + 1}), ("unstake delay", {"_6": 19}),
        ("unstake delay", {"_6": 90 * day + 1}),
    ]:
        with refused(reason):
            deploy(**changes)
