"""The methods the server answers: what readers and senders of transactions need, and `chain_…` for tests."""
from dataclasses import dataclass

from eth.exceptions import Revert
from eth_abi import decode
from eth_utils import to_checksum_address

import answers
from answers import data, quantity
from chain import TIP
from faults import ChainFault
from proofs import proof

LOG_BLOCKS = 10_000
LOGS = 10_000
SLOTS = 1_024
MINED_AT_ONCE = 1_000


def integer(value):
    return int(value, 16) if isinstance(value, str) else int(value)


def octets(value):
    return bytes.fromhex(value.removeprefix("0x")) if value else b""


def address_of(value):
    found = octets(value)
    if len(found) != 20:
        raise ChainFault(-32602, "address")
    return found


@dataclass
class Call:
    sender: bytes
    to: bytes
    data: bytes
    value: int
    gas: int

    @classmethod
    def of(cls, fields):
        return cls(
            sender=octets(fields.get("from")), to=octets(fields.get("to")),
            data=octets(fields.get("input") or fields.get("data")), value=integer(fields.get("value", 0)),
            gas=integer(fields.get("gas", 0)))


class Methods:
    def __init__(self, chain):
        self._chain = chain

    def dispatch(self, name, arguments):
        method = getattr(self, name, None) if name.startswith(("eth_", "chain_", "net_", "web3_")) else None
        if method is None:
            raise ChainFault(-32601, "the method does not exist")
        with self._chain.lock:
            try:
                return method(*arguments)
            except (TypeError, ValueError, AttributeError):
                raise ChainFault(-32602, "invalid arguments") from None

    def web3_clientVersion(self):
        return "quorate-evm-chain"

    def net_version(self):
        return str(self._chain.chain_id)

    def eth_chainId(self):
        return quantity(self._chain.chain_id)

    def eth_syncing(self):
        return False

    # Fees

    def eth_gasPrice(self):
        return quantity(self._chain.head.base_fee_per_gas + TIP)

    def eth_maxPriorityFeePerGas(self):
        return quantity(TIP)

    def eth_feeHistory(self, count, newest, percentiles=()):
        last = self._chain.header(newest).block_number
        count = max(1, min(integer(count), last + 1, 1_024))
        headers = [self._chain.header(hex(number)) for number in range(last - count + 1, last + 1)]
        following = self._chain.chain.create_header_from_parent(headers[-1]).base_fee_per_gas
        found = {
            "oldestBlock": quantity(last - count + 1), "gasUsedRatio": [each.gas_used / each.gas_limit for each in headers],
            "baseFeePerGas": [quantity(each.base_fee_per_gas) for each in headers] + [quantity(following)],
        }
        if percentiles:
            found["reward"] = [[quantity(TIP) for _ in percentiles[:100]] for _ in headers]
        return found

    # Blocks

    def eth_blockNumber(self):
        return quantity(self._chain.head.block_number)

    def eth_getBlockByNumber(self, tag, full=False):
        if tag not in ("latest", "pending", "safe", "finalized", "earliest") and (
                integer(tag) > self._chain.head.block_number):
            return None
        return answers.block(self._chain.block(self._chain.header(tag)), full)

    def eth_getBlockByHash(self, text, full=False):
        try:
            return answers.block(self._chain.block(self._chain.header_by_hash(text)), full)
        except ChainFault:
            return None

    def eth_getLogs(self, wanted):
        if "blockHash" in wanted:
            headers = [self._chain.header_by_hash(wanted["blockHash"])]
        else:
            first = self._chain.header(wanted.get("fromBlock")).block_number
            last = self._chain.head.block_number
            limit = wanted.get("toBlock")
            if limit not in (None, "latest", "pending"):
                last = min(last, self._chain.header(limit).block_number if not limit.startswith("0x") else integer(limit))
            if last - first >= LOG_BLOCKS:
                raise ChainFault(-32005, "too many blocks")
            headers = [self._chain.header(hex(number)) for number in range(first, last + 1)]
        found = []
        for header in headers:
            if header.bloom == 0:
                continue
            block = self._chain.block(header)
            receipts = block.get_receipts(self._chain.chain.chaindb)
            place = 0
            for index, receipt in enumerate(receipts):
                for entry in receipt.logs:
                    if matches(entry, wanted):
                        found.append(answers.log(entry, block, index, place))
                    place += 1
            if len(found) > LOGS:
                raise ChainFault(-32005, "too many logs")
        return found

    # States

    def eth_getBalance(self, address, tag="latest"):
        return quantity(self._state(tag).get_balance(address_of(address)))

    def eth_getCode(self, address, tag="latest"):
        return data(self._state(tag).get_code(address_of(address)))

    def eth_getStorageAt(self, address, slot, tag="latest"):
        return data(self._state(tag).get_storage(address_of(address), integer(slot)).to_bytes(32, "big"))

    def eth_getTransactionCount(self, address, tag="latest"):
        return quantity(self._chain.nonce(address_of(address), tag))

    def eth_getProof(self, address, slots, tag="latest"):
        if len(slots) > SLOTS:
            raise ChainFault(-32602, "too many slots")
        header = self._chain.header(tag)
        place = address_of(address)
        nodes, nonce, balance, storage_root, code_hash, storage = proof(
            self._chain.chain.chaindb.db, header.state_root, place, [integer(slot) for slot in slots])
        return {
            "address": to_checksum_address(place), "accountProof": [data(node) for node in nodes],
            "balance": quantity(balance), "nonce": quantity(nonce), "codeHash": data(code_hash),
            "storageHash": data(storage_root),
            "storageProof": [
                {"key": asked, "value": quantity(value), "proof": [data(node) for node in path]}
                for asked, (_, value, path) in zip(slots, storage)],
        }

    def eth_call(self, fields, tag="latest"):
        return data(self._succeeding(Call.of(fields), tag).output)

    def eth_estimateGas(self, fields, tag="latest"):
        call = Call.of(fields)
        used = self._succeeding(call, tag).get_gas_used()
        # What a transaction costs before any code runs: itself, a contract it creates, its data.
        base = 21_000 + (0 if call.to else 32_000) + 16 * len(call.data)
        # What is refunded, and the 64th that calls within a call keep back, has to be there as well.
        guess = base + used * 5 // 4 + 10_000
        return quantity(guess)

    # Transactions

    def eth_sendRawTransaction(self, raw):
        return data(self._chain.send(octets(raw)))

    def eth_getTransactionByHash(self, text):
        place = self._chain.places.get(octets(text))
        if place is None:
            return None
        block = self._chain.block(self._chain.header(hex(place[0])))
        return answers.transaction(block.transactions[place[1]], block, place[1])

    def eth_getTransactionReceipt(self, text):
        place = self._chain.places.get(octets(text))
        if place is None:
            return None
        block = self._chain.block(self._chain.header(hex(place[0])))
        return answers.receipt(block, block.get_receipts(self._chain.chain.chaindb), place[1])

    # For tests

    def chain_mine(self, count=1):
        for _ in range(min(integer(count), MINED_AT_ONCE)):
            self._chain.mine()
        return self.eth_blockNumber()

    def chain_rewind(self, depth):
        """A reorganisation: the last blocks are gone, and what is mined next is another branch."""
        self._chain.rewind(integer(depth))
        return self.eth_blockNumber()

    def chain_setTimeOffset(self, seconds):
        """How far the time of the next blocks is from this machine's; a block is never before its parent."""
        self._chain.time_offset = int(seconds)
        return int(seconds)

    def chain_fund(self, address, amount):
        return data(self._chain.fund(address_of(address), integer(amount)))

    def _state(self, tag):
        return self._chain.state(self._chain.header(tag))

    def _succeeding(self, call, tag):
        computation = self._chain.execute(call, self._chain.header(tag))
        if not computation.is_error:
            return computation
        if isinstance(computation.error, Revert):
            output = bytes(computation.output)
            reason = ""
            if output[:4] == bytes.fromhex("08c379a0"):
                reason = ": " + decode(["string"], output[4:])[0]
            raise ChainFault(3, "execution reverted" + reason, data(output))
        raise ChainFault(-32015, f"execution failed: {type(computation.error).__name__}")


def matches(entry, wanted):
    addresses = wanted.get("address")
    if addresses:
        addresses = [addresses] if isinstance(addresses, str) else addresses
        if entry.address not in [octets(each) for each in addresses]:
            return False
    for place, topic in enumerate(wanted.get("topics") or []):
        options = [topic] if isinstance(topic, str) else topic
        if options and (place >= len(entry.topics) or entry.topics[place] not in [integer(each) for each in options]):
            return False
    return True
