"""Blocks, transactions, receipts and logs in the form of the Ethereum JSON-RPC."""
import rlp
from eth_utils import keccak, to_checksum_address


def quantity(value):
    return hex(int(value))


def data(value):
    return "0x" + bytes(value).hex()


def bloom(value):
    return data(int(value).to_bytes(256, "big"))


def block(block, full):
    header = block.header
    return {
        "number": quantity(header.block_number), "hash": data(header.hash), "parentHash": data(header.parent_hash),
        "nonce": data(header.nonce), "sha3Uncles": data(header.uncles_hash), "logsBloom": bloom(header.bloom),
        "transactionsRoot": data(header.transaction_root), "stateRoot": data(header.state_root),
        "receiptsRoot": data(header.receipt_root), "miner": to_checksum_address(header.coinbase),
        "difficulty": quantity(header.difficulty), "extraData": data(header.extra_data),
        "size": quantity(len(rlp.encode(block))), "gasLimit": quantity(header.gas_limit),
        "gasUsed": quantity(header.gas_used), "timestamp": quantity(header.timestamp), "mixHash": data(header.mix_hash),
        "baseFeePerGas": quantity(header.base_fee_per_gas), "withdrawalsRoot": data(header.withdrawals_root),
        "blobGasUsed": quantity(header.blob_gas_used), "excessBlobGas": quantity(header.excess_blob_gas),
        "parentBeaconBlockRoot": data(header.parent_beacon_block_root), "requestsHash": data(header.requests_hash),
        "uncles": [], "withdrawals": [],
        "transactions": [
            transaction(each, block, index) if full else data(each.hash) for index, each in enumerate(block.transactions)],
    }


def transaction(each, block, index):
    kind = getattr(each, "type_id", None) or 0
    found = {
        "hash": data(each.hash), "type": quantity(kind), "nonce": quantity(each.nonce), "blockHash": data(block.hash),
        "blockNumber": quantity(block.number), "transactionIndex": quantity(index), "from": to_checksum_address(each.sender),
        "to": to_checksum_address(each.to) if each.to else None, "value": quantity(each.value), "gas": quantity(each.gas),
        "input": data(each.data), "gasPrice": quantity(paid(each, block)), "r": quantity(each.r), "s": quantity(each.s),
    }
    if kind >= 2:
        found["maxFeePerGas"] = quantity(each.max_fee_per_gas)
        found["maxPriorityFeePerGas"] = quantity(each.max_priority_fee_per_gas)
    if kind >= 1:
        found["chainId"] = quantity(each.chain_id)
        found["v"] = found["yParity"] = quantity(each.y_parity)
        found["accessList"] = [
            {"address": to_checksum_address(address), "storageKeys": [data(key.to_bytes(32, "big")) for key in keys]}
            for address, keys in each.access_list]
    else:
        found["v"] = quantity(each.v)
    return found


def paid(each, block):
    if (getattr(each, "type_id", None) or 0) < 2:
        return each.gas_price
    return min(each.max_fee_per_gas, block.header.base_fee_per_gas + each.max_priority_fee_per_gas)


def receipt(block, receipts, index):
    each, done = block.transactions[index], receipts[index]
    before = receipts[index - 1].gas_used if index else 0
    first = sum(len(earlier.logs) for earlier in receipts[:index])
    created = None if each.to else to_checksum_address(keccak(rlp.encode([each.sender, each.nonce]))[12:])
    return {
        "transactionHash": data(each.hash), "transactionIndex": quantity(index), "blockHash": data(block.hash),
        "blockNumber": quantity(block.number), "from": to_checksum_address(each.sender),
        "to": to_checksum_address(each.to) if each.to else None, "contractAddress": created,
        "cumulativeGasUsed": quantity(done.gas_used), "gasUsed": quantity(done.gas_used - before),
        "effectiveGasPrice": quantity(paid(each, block)), "type": quantity(getattr(each, "type_id", None) or 0),
        "status": "0x1" if done.state_root == b"\x01" else "0x0", "logsBloom": bloom(done.bloom),
        "logs": [log(entry, block, index, first + place) for place, entry in enumerate(done.logs)],
    }


def log(entry, block, index, place):
    return {
        "address": to_checksum_address(entry.address),
        "topics": [data(int(topic).to_bytes(32, "big")) for topic in entry.topics], "data": data(entry.data),
        "blockNumber": quantity(block.number), "blockHash": data(block.hash),
        "transactionHash": data(block.transactions[index].hash), "transactionIndex": quantity(index),
        "logIndex": quantity(place), "removed": False,
    }
