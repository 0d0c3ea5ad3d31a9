"""A network on its contracts: deployed, staked, registered and voted in as its operators would."""
import hashlib
import struct

from evm import ETHER, EVM, GWEI, Contract, account, contract_address
from eth_abi import encode
from eth_utils import keccak
from sources import compiled

MINIMUM_STAKE = 32 * 10**9  # gwei
WINDOW = 86_400
NOTICE = 3 * 86_400
DELAY = 7 * 86_400
DEPOSIT = ETHER // 100
DEPLOYER = account(1_000_000)
PEER = "node{}.example:7100"
CLIENT = "node{}.example:7000"

MEMBERS, EPOCH, POLICY, MEASUREMENT, KEY_CERTIFICATE, SLASH, PAUSE, RESUME = range(1, 9)


def founding_document(founders, minimum):
    """Stands for the real one: the contract takes its bytes as they are."""
    lines = ",".join(f'"0x{founder.hex()}"' for founder in founders)
    return f'{{"minimumMembers":{minimum},"stakers":[{lines}]}}'.encode()


def lp(*fields):
    return b"".join(struct.pack(">I", len(field)) + field for field in fields)


def network_id(document):
    return hashlib.sha256(b"quorate/founding/v1" + lp(document)).digest()


class Network:
    """`size` founders with their accounts; `found` makes them members."""

    def __init__(self, size=5, minimum=None, staking=None, keys=None, notice=NOTICE, delay=DELAY,
                 deposit=DEPOSIT):
        self.evm = EVM()
        self.minimum = minimum or min(size, 3)
        self.stakers = sorted(account(number) for number in range(size))
        self.document = founding_document(self.stakers, self.minimum)
        self.staking_build = staking or compiled("Staking")
        self.keys_build = keys or compiled("Keys")
        self.evm.fund(DEPLOYER)
        for staker in self.stakers:
            self.evm.fund(staker)
        self.parameters = (self.minimum, MINIMUM_STAKE, WINDOW, notice, delay)
        arguments = encode(
            ["bytes", "address[]"] + 5 * ["uint256"], [self.document, self.stakers, *self.parameters])
        address, self.staking_deployment = self.evm.deploy(
            DEPLOYER, bytes.fromhex(self.staking_build["bytecode"][2:]), arguments)
        self.staking = Contract(self.evm, self.staking_build["abi"], address)
        address, self.keys_deployment = self.evm.deploy(
            DEPLOYER, bytes.fromhex(self.keys_build["bytecode"][2:]), encode(["address", "uint256"], [address, deposit]))
        self.keys = Contract(self.evm, self.keys_build["abi"], address)
        self.deposit = deposit

    def stake(self, staker, amount=MINIMUM_STAKE):
        return self.staking.send("stake", sender=staker, value=amount * GWEI)

    def register(self, staker, identity_key=None, label=None):
        label = label if label is not None else staker.hex()[:8]
        identity_key = identity_key or self.identity_key(staker)
        return self.staking.send(
            "register", identity_key, PEER.format(label), CLIENT.format(label), b"\x11" * 64, sender=staker)

    @staticmethod
    def identity_key(staker):
        return keccak(b"identity" + staker)

    def registration(self, staker):
        return self.staking.call("account", staker)[5]

    def listing(self, stakers, registrations=None):
        """The arguments of a vote on these members, in the order of their identity keys; with the latest registrations,
        unless others are given."""
        registrations = registrations or {staker: self.registration(staker) for staker in stakers}
        ordered = sorted(stakers, key=lambda staker: registrations[staker][:32])
        return ordered, [keccak(registrations[staker]) for staker in ordered]

    def vote(self, name, *arguments, voters=None, count=None):
        """Votes of as many as are needed, or of `voters`; gives the last receipt."""
        voters = voters if voters is not None else self.electors()[: count or self.staking.call("votesNeeded")[0]]
        receipt = None
        for voter in voters:
            receipt = self.staking.send(name, *arguments, sender=voter)
        return receipt

    def electors(self):
        return [staker for staker in self.stakers if self.staking.call("isElector", staker)]

    def members(self):
        return [bytes.fromhex(staker[2:]) for staker, _, _ in self.staking.call("members", 0, 64)]

    def found(self):
        for staker in self.stakers:
            self.stake(staker)
            self.register(staker)
        self.founding_vote = self.vote("voteMembers", *self.listing(self.stakers))
        return self

    def newcomer(self, number, amount=MINIMUM_STAKE):
        """Somebody who staked and registered and is no member."""
        staker = account(10_000 + number)
        self.evm.fund(staker)
        self.stake(staker, amount)
        self.register(staker)
        return staker
