"""Blocks and states of a chain in memory, by Prague's rules; nothing checks a seal."""
import os
import threading
import time

from eth import constants
from eth.chains.base import MiningChain
from eth.db import get_db_backend
from eth.exceptions import HeaderNotFound
from eth.vm.forks.prague import PragueVM
from eth.vm.spoof import SpoofTransaction
from eth_account import Account
from eth_utils import ValidationError, keccak

from faults import ChainFault

BLOCK_GAS = 36_000_000
CALL_GAS = 200_000_000
TIP = 10**9
BLOCKS = 200_000
WAITING = 1_000
FAUCET = Account.from_key(keccak(text="quorate/evm-chain/faucet"))
FAUCET_BALANCE = 10**9 * 10**18


class LocalChain:
    """Everything is done under one lock; states of all blocks are kept."""

    def __init__(self, chain_id, balances, finality, mines_at_once):
        self.lock = threading.RLock()
        self.chain_id, self.finality, self.mines_at_once = chain_id, finality, mines_at_once
        self.time_offset = 0
        self.waiting = []
        self.places = {}  # transaction hash → (block number, index)
        identifier = chain_id

        class Rules(MiningChain):
            chain_id = identifier
            vm_configuration = ((0, PragueVM),)

            def create_header_from_parent(self, parent_header, **fields):
                fields.setdefault("gas_limit", parent_header.gas_limit)
                return super().create_header_from_parent(parent_header, **fields)

        funded = {bytes.fromhex(FAUCET.address[2:]): FAUCET_BALANCE, **balances}
        state = {address: {"balance": amount, "nonce": 0, "code": b"", "storage": {}} for address, amount in funded.items()}
        genesis = {
            "coinbase": constants.ZERO_ADDRESS, "difficulty": 0, "extra_data": b"", "gas_limit": BLOCK_GAS,
            "mix_hash": bytes(32), "nonce": bytes(8), "receipt_root": constants.BLANK_ROOT_HASH,
            "timestamp": int(time.time()) - 1, "transaction_root": constants.BLANK_ROOT_HASH,
        }
        self.chain = Rules.from_genesis(get_db_backend(), genesis, state)

    # Blocks

    @property
    def head(self):
        return self.chain.get_canonical_block_header_by_number(self.chain.header.block_number - 1)

    def header(self, tag):
        """`tag`: a number, "latest" and the like, or an EIP-1898 object."""
        if isinstance(tag, dict):
            if "blockHash" in tag:
                return self.header_by_hash(tag["blockHash"], tag.get("requireCanonical", False))
            tag = tag.get("blockNumber")
        head = self.head
        if tag in (None, "latest", "pending"):
            return head
        if tag in ("safe", "finalized"):
            number = max(0, head.block_number - self.finality)
        else:
            number = 0 if tag == "earliest" else int(tag, 16)
        if number > head.block_number:
            raise ChainFault(-32001, "header not found")
        return self.chain.get_canonical_block_header_by_number(number)

    def header_by_hash(self, text, canonical=False):
        try:
            header = self.chain.chaindb.get_block_header_by_hash(bytes.fromhex(text[2:]))
        except HeaderNotFound:
            raise ChainFault(-32001, "header not found") from None
        if canonical and (
                header.block_number > self.head.block_number
                or self.chain.get_canonical_block_hash(header.block_number) != header.hash):
            raise ChainFault(-32000, "hash is not currently canonical")
        return header

    def block(self, header):
        return self.chain.get_block_by_header(header)

    def mine(self):
        """One block of what waits; a transaction that is not valid any more is dropped."""
        with self.lock:
            parent = self.head
            if parent.block_number >= BLOCKS:
                raise ChainFault(-32000, "this chain is full")
            now = max(int(time.time()) + self.time_offset, parent.timestamp + 1)
            self.chain.header = self.chain.create_header_from_parent(parent).copy(timestamp=now)
            waiting, self.waiting, refused = self.waiting, [], {}
            for transaction in waiting:
                try:
                    self.chain.apply_transaction(transaction)
                except ValidationError as error:
                    refused[transaction.hash] = str(error)
            block = self.chain.mine_block(coinbase=constants.ZERO_ADDRESS, mix_hash=os.urandom(32), blob_gas_used=0)
            for index, transaction in enumerate(block.transactions):
                self.places[transaction.hash] = (block.number, index)
            return block, refused

    def rewind(self, depth):
        """Takes the last `depth` blocks off, with their transactions: what is mined next is another branch."""
        with self.lock:
            number = self.head.block_number - depth
            if depth < 1 or number < 0:
                raise ChainFault(-32602, "depth")
            header = self.chain.get_canonical_block_header_by_number(number)
            database = self.chain.chaindb
            database._set_as_canonical_chain_head(database.db, header, constants.GENESIS_PARENT_HASH)
            self.chain.header = self.chain.create_header_from_parent(header)
            self.places = {key: place for key, place in self.places.items() if place[0] <= number}
            self.waiting = []

    # States

    def state(self, header):
        return self.chain.get_vm(header).state

    def nonce(self, address, tag):
        count = self.state(self.header(tag)).get_nonce(address)
        if tag == "pending":
            count += sum(1 for each in self.waiting if each.sender == address)
        return count

    def execute(self, call, header, gas=None):
        vm = self.chain.get_vm(header)
        sender = call.sender or constants.ZERO_ADDRESS
        unsigned = vm.get_transaction_builder().create_unsigned_transaction(
            nonce=vm.state.get_nonce(sender), gas_price=0, gas=min(gas or call.gas or CALL_GAS, CALL_GAS), to=call.to,
            value=call.value, data=call.data)
        with vm.in_costless_state() as state:
            return state.costless_execute_transaction(SpoofTransaction(unsigned, from_=sender))

    def send(self, raw):
        try:
            transaction = self.chain.get_vm().get_transaction_builder().decode(raw)
            sender = transaction.sender
        except Exception as error:
            raise ChainFault(-32000, f"malformed transaction: {type(error).__name__}") from None
        with self.lock:
            if getattr(transaction, "chain_id", None) != self.chain_id:
                raise ChainFault(-32000, "invalid chain id for signer")
            expected = self.nonce(sender, "pending")
            if transaction.nonce != expected:
                fault = "nonce too low" if transaction.nonce < expected else "nonce too high"
                raise ChainFault(-32000, f"{fault}: next nonce {expected}, tx nonce {transaction.nonce}")
            if len(self.waiting) >= WAITING:
                raise ChainFault(-32000, "too many transactions wait")
            self.waiting.append(transaction)
            if self.mines_at_once:
                _, refused = self.mine()
                if transaction.hash in refused:
                    raise ChainFault(-32000, refused[transaction.hash])
            return transaction.hash

    def fund(self, address, amount):
        """A transfer of the chain's own faucet, in a block."""
        with self.lock:
            base = self.head.base_fee_per_gas
            signed = FAUCET.sign_transaction({
                "to": address, "value": amount, "nonce": self.nonce(bytes.fromhex(FAUCET.address[2:]), "pending"),
                "gas": 100_000, "maxFeePerGas": 2 * base + TIP, "maxPriorityFeePerGas": TIP, "chainId": self.chain_id,
            })
            return self.send(bytes(signed.raw_transaction))
