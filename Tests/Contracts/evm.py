"""An EVM in this process: transactions without signatures, a clock that stands still, and states to go back to."""
from dataclasses import dataclass

from eth import constants
from eth.db import get_db_backend
from eth.exceptions import Revert
from eth.vm.execution_context import ExecutionContext
from eth.vm.forks.prague import PragueVM
from eth.vm.spoof import SpoofTransaction
from eth_abi import decode, encode
from eth_utils import function_signature_to_4byte_selector, keccak

BLOCK_GAS = 36_000_000
CHAIN_ID = 31337
ETHER = 10**18
GWEI = 10**9
START = 1_800_000_000


class Refused(Exception):
    """The transaction was reverted; the text is the contract's reason."""


@dataclass
class Receipt:
    gas: int
    output: bytes
    logs: list  # (address, topics, data)


class EVM:
    def __init__(self):
        self.db = get_db_backend()
        self.now = START
        self.state = self._at(constants.BLANK_ROOT_HASH)

    def _at(self, root):
        context = ExecutionContext(
            coinbase=constants.ZERO_ADDRESS, timestamp=self.now, block_number=1, difficulty=0, mix_hash=bytes(32),
            gas_limit=BLOCK_GAS, prev_hashes=(), chain_id=CHAIN_ID, base_fee_per_gas=0, excess_blob_gas=0)
        return PragueVM.get_state_class()(self.db, context, root)

    def save(self):
        self.state.persist()
        return (self.state.state_root, self.now)

    def restore(self, saved):
        root, self.now = saved
        self.state = self._at(root)

    def advance(self, seconds):
        root, now = self.save()
        self.restore((root, now + seconds))

    def fund(self, address, amount=1_000_000 * ETHER):
        self.state.set_balance(address, amount)
        self.state.lock_changes()

    def balance(self, address):
        return self.state.get_balance(address)

    def storage(self, address, slot):
        return self.state.get_storage(address, slot).to_bytes(32, "big")

    def _transaction(self, sender, to, data, value, gas):
        unsigned = PragueVM.get_transaction_builder().create_unsigned_transaction(
            nonce=self.state.get_nonce(sender), gas_price=0, gas=gas, to=to, value=value, data=data)
        return SpoofTransaction(unsigned, from_=sender)

    def send(self, sender, to, data=b"", value=0, gas=BLOCK_GAS):
        computation = self.state.apply_transaction(self._transaction(sender, to, data, value, gas))
        self.state.lock_changes()
        if computation.is_error:
            raise Refused(_reason(computation))
        spent = gas - computation.get_gas_remaining()
        refund = min(computation.get_gas_refund(), spent // 5)
        logs = [(address, [topic.to_bytes(32, "big") for topic in topics], data)
                for address, topics, data in computation.get_log_entries()]
        return Receipt(gas=spent - refund, output=computation.output, logs=logs)

    def call(self, to, data, sender=constants.ZERO_ADDRESS, gas=200_000_000):
        """What a node calls gets more gas than a block has: from its own machine, not from the chain."""
        before = self.state.snapshot()
        computation = self.state.costless_execute_transaction(self._transaction(sender, to, data, 0, gas))
        self.state.revert(before)
        if computation.is_error:
            raise Refused(_reason(computation))
        return computation.output, computation.get_gas_used()

    def deploy(self, sender, code, arguments=b""):
        nonce = self.state.get_nonce(sender)
        receipt = self.send(sender, b"", code + arguments)
        return contract_address(sender, nonce), receipt


def contract_address(sender, nonce):
    import rlp

    return keccak(rlp.encode([sender, nonce]))[12:]


def _reason(computation):
    output = bytes(computation.output)
    if isinstance(computation.error, Revert):
        if output[:4] == bytes.fromhex("08c379a0"):
            return decode(["string"], output[4:])[0]
        return "without a reason"
    return repr(computation.error)


def account(number):
    """The address of a test's account; they are no keys."""
    return keccak(b"account" + number.to_bytes(4, "big"))[12:]


class Contract:
    """A contract by its ABI: `send` and `call` take a function's name and its arguments."""

    def __init__(self, evm, abi, address):
        self.evm, self.address = evm, address
        self.functions = {entry["name"]: entry for entry in abi if entry["type"] == "function"}
        self.events = {_signature(entry): entry for entry in abi if entry["type"] == "event"}
        self.topics = {keccak(text=signature): entry for signature, entry in self.events.items()}

    def data(self, name, *arguments):
        entry = self.functions[name]
        types = [type_name(each) for each in entry["inputs"]]
        return function_signature_to_4byte_selector(_signature(entry)) + encode(types, arguments)

    def send(self, name, *arguments, sender, value=0):
        return self.evm.send(sender, self.address, self.data(name, *arguments), value)

    def call(self, name, *arguments):
        return self.measured_call(name, *arguments)[0]

    def measured_call(self, name, *arguments):
        """What the function gives (one value alone, several as a tuple), the bytes of the answer and the gas."""
        output, gas = self.evm.call(self.address, self.data(name, *arguments))
        values = decode([type_name(each) for each in self.functions[name]["outputs"]], output)
        return (values[0] if len(values) == 1 else values), len(output), gas

    def named_events(self, receipt):
        """[(name, {argument: value})] of what this contract logged."""
        found = []
        for address, topics, data in receipt.logs:
            if address != self.address:
                continue
            entry = self.topics[topics[0]]
            indexed = [each for each in entry["inputs"] if each["indexed"]]
            plain = [each for each in entry["inputs"] if not each["indexed"]]
            values = {each["name"]: decode([each["type"]], topic)[0] for each, topic in zip(indexed, topics[1:])}
            values |= zip([each["name"] for each in plain], decode([type_name(each) for each in plain], data))
            found.append((entry["name"], values))
        return found


def type_name(parameter):
    if parameter["type"].startswith("tuple"):
        return "(" + ",".join(map(type_name, parameter["components"])) + ")" + parameter["type"][5:]
    return parameter["type"]


def _signature(entry):
    return entry["name"] + "(" + ",".join(map(type_name, entry["inputs"])) + ")"
