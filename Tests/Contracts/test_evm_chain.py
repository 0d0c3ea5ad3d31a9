"""The loopback chain: what readers rely on, judged without its own code."""
import json
import time
import urllib.error

import pytest
import rlp
from eth_abi import decode, encode
from eth_utils import keccak, to_checksum_address
from evm import GWEI, type_name
from loopback import LoopbackChain, RPCFault, wallet
from network import DELAY, DEPOSIT, MINIMUM_STAKE, NOTICE, WINDOW, founding_document
from reader import read_keys, read_staking
from sources import compiled
from test_keys import RECORD

STATE_CHANGED = "0x" + keccak(text="StateChanged(uint256,bytes32)").hex()


@pytest.fixture(scope="module")
def chain():
    chain = LoopbackChain("--fund", wallet(1).address, "--fund", f"{wallet(2).address}=5")
    yield chain
    assert chain.stop() == 0


class RemoteContract:
    """What reader.py asks, over JSON-RPC at one block."""

    def __init__(self, chain, build, address, block="latest"):
        self.chain, self.build, self.address, self.block = chain, build, address, block
        self.functions = {entry["name"]: entry for entry in build["abi"] if entry["type"] == "function"}

    def data(self, name, *arguments):
        types = [type_name(each) for each in self.functions[name]["inputs"]]
        return keccak(text=f"{name}({','.join(types)})")[:4] + encode(types, arguments)

    def measured_call(self, name, *arguments):
        answer = self.chain.ask(
            "eth_call", {"to": self.address, "data": "0x" + self.data(name, *arguments).hex()}, self.block)
        output = bytes.fromhex(answer[2:])
        values = decode([type_name(each) for each in self.functions[name]["outputs"]], output)
        return (values[0] if len(values) == 1 else values), len(output), 0

    def at(self, block):
        return RemoteContract(self.chain, self.build, self.address, block)


def deploy(chain):
    owner = wallet(1)
    founder = bytes.fromhex(owner.address[2:])
    arguments = encode(
        ["bytes", "address[]"] + 5 * ["uint256"],
        [founding_document([founder], 1), [founder], 1, MINIMUM_STAKE, WINDOW, NOTICE, DELAY])
    staking = chain.send(owner, None, bytes.fromhex(compiled("Staking")["bytecode"][2:]) + arguments)
    keys = chain.send(owner, None, bytes.fromhex(compiled("Keys")["bytecode"][2:]) + encode(
        ["address", "uint256"], [staking["contractAddress"], DEPOSIT]))
    assert staking["status"] == keys["status"] == "0x1"
    return (RemoteContract(chain, compiled("Staking"), staking["contractAddress"]),
            RemoteContract(chain, compiled("Keys"), keys["contractAddress"]))


def walk(root, key, nodes):
    """Follows a Merkle-Patricia proof; the value at the key, or None where it is proved that there is none."""
    nibbles = [digit for octet in keccak(key) for digit in (octet >> 4, octet & 15)]
    wanted = root
    for node in nodes:
        assert keccak(node) == wanted
        items = rlp.decode(node)
        if len(items) == 17:
            wanted = items[nibbles.pop(0)]
            if wanted == b"":
                return None
            continue
        prefix = [digit for octet in items[0] for digit in (octet >> 4, octet & 15)]
        path = prefix[1:] if prefix[0] & 1 else prefix[2:]
        if nibbles[:len(path)] != path:
            return None
        nibbles = nibbles[len(path):]
        wanted = items[1]
        if prefix[0] & 2:
            assert not nibbles
            return wanted
    raise AssertionError("the proof ends early")


def header_hash(block):
    names = [
        "parentHash", "sha3Uncles", "miner", "stateRoot", "transactionsRoot", "receiptsRoot", "logsBloom", "!difficulty",
        "!number", "!gasLimit", "!gasUsed", "!timestamp", "extraData", "mixHash", "nonce", "!baseFeePerGas",
        "withdrawalsRoot", "!blobGasUsed", "!excessBlobGas", "parentBeaconBlockRoot", "requestsHash",
    ]
    fields = [int(block[name[1:]], 16) if name[0] == "!" else bytes.fromhex(block[name][2:]) for name in names]
    return keccak(rlp.encode(fields))


def test_a_block_s_hash_is_that_of_its_header(chain):
    for number in ("0x0", "latest"):
        block = chain.ask("eth_getBlockByNumber", number, False)
        assert header_hash(block).hex() == block["hash"][2:]
        assert chain.ask("eth_getBlockByHash", block["hash"], False) == block


def test_one_proof_of_slot_0_verifies_a_whole_snapshot_at_a_block(chain):
    staking, keys = deploy(chain)
    owner = wallet(1)
    chain.send(owner, staking.address, staking.data("stake"), MINIMUM_STAKE * GWEI)
    chain.send(owner, keys.address, keys.data("create", "ed25519-sign", b"s" * 16, RECORD, True, True), DEPOSIT)
    pinned = chain.ask("eth_getBlockByNumber", "latest", False)
    chain.send(owner, keys.address, keys.data("setNotBefore", 12), DEPOSIT)
    for contract, read in [(staking, read_staking), (keys, read_keys)]:
        for block in (pinned, chain.ask("eth_getBlockByNumber", "latest", False)):
            snapshot = read(contract.at({"blockHash": block["hash"]}))
            proof = chain.ask("eth_getProof", contract.address, ["0x0"], block["number"])
            root = bytes.fromhex(block["stateRoot"][2:])
            account = rlp.decode(walk(
                root, bytes.fromhex(contract.address[2:]), [bytes.fromhex(node[2:]) for node in proof["accountProof"]]))
            assert account[3].hex() == contract.build["runtimeCodeHash"][2:]
            value = walk(account[2], bytes(32), [bytes.fromhex(node[2:]) for node in proof["storageProof"][0]["proof"]])
            assert rlp.decode(value).rjust(32, b"\0") == snapshot.digest
    assert len(read_keys(keys.at(pinned["number"])).entries) == 1 and len(read_keys(keys).entries) == 2


def test_a_proof_shows_that_there_is_nothing(chain):
    block = chain.ask("eth_getBlockByNumber", "latest", False)
    proof = chain.ask("eth_getProof", "0x" + "77" * 20, ["0x0"], "latest")
    nodes = [bytes.fromhex(node[2:]) for node in proof["accountProof"]]
    assert walk(bytes.fromhex(block["stateRoot"][2:]), b"\x77" * 20, nodes) is None
    assert proof["storageProof"][0]["value"] == "0x0" and proof["balance"] == "0x0"


def test_logs_are_found_by_address_topic_and_block(chain):
    staking, keys = deploy(chain)
    first = chain.ask("eth_blockNumber")
    receipt = chain.send(wallet(1), keys.address, keys.data("setNotBefore", 12), DEPOSIT)
    found = chain.ask("eth_getLogs", {"fromBlock": first, "toBlock": "latest", "address": [staking.address, keys.address],
                                      "topics": [STATE_CHANGED]})
    assert [log["blockNumber"] for log in found] == [first, receipt["blockNumber"]]
    assert found[1] in receipt["logs"]
    assert chain.ask("eth_getLogs", {"blockHash": receipt["blockHash"], "topics": [["0x" + "11" * 32, STATE_CHANGED]]})
    assert chain.ask("eth_getLogs", {"blockHash": receipt["blockHash"], "topics": [None, STATE_CHANGED]}) == []


def test_a_refused_call_tells_the_contract_s_reason(chain):
    staking, _ = deploy(chain)
    with pytest.raises(RPCFault, match="execution reverted: not a member"):
        staking.measured_call("leave")
    receipt = chain.send(wallet(1), staking.address, staking.data("leave"))
    assert receipt["status"] == "0x0"


def test_a_reorganisation_takes_transactions_away_and_makes_another_branch(chain):
    recipient = "0x" + "88" * 20
    receipt = chain.send(wallet(2), recipient, value=5)
    head = chain.ask("eth_getBlockByNumber", "latest", False)
    chain.ask("chain_rewind", 1)
    assert chain.ask("eth_getTransactionReceipt", receipt["transactionHash"]) is None
    assert chain.ask("eth_getBalance", recipient) == "0x0"
    chain.ask("chain_mine", 1)
    other = chain.ask("eth_getBlockByNumber", "latest", False)
    assert (other["number"], other["parentHash"]) == (head["number"], head["parentHash"]) and other["hash"] != head["hash"]
    # The block that went is still known by its hash, as nodes keep it.
    assert chain.ask("eth_getBlockByHash", head["hash"], False)["hash"] == head["hash"]
    with pytest.raises(RPCFault, match="canonical"):
        chain.ask("eth_call", {"to": recipient}, {"blockHash": head["hash"], "requireCanonical": True})


def test_finalized_is_behind_and_time_can_be_moved(chain):
    chain.ask("chain_mine", 3)
    head, final = (int(chain.ask("eth_getBlockByNumber", tag, False)["number"], 16) for tag in ("latest", "finalized"))
    assert final == head - 2
    chain.ask("chain_setTimeOffset", 5_000)
    chain.ask("chain_mine", 1)
    assert int(chain.ask("eth_getBlockByNumber", "latest", False)["timestamp"], 16) > time.time() + 4_000
    chain.ask("chain_setTimeOffset", 0)


def test_transactions_that_cannot_be_are_refused(chain):
    key = wallet(2)
    nonce = int(chain.ask("eth_getTransactionCount", key.address, "latest"), 16)
    good = {"to": to_checksum_address(b"\x99" * 20), "value": 1, "gas": 21_000, "chainId": 31337, "nonce": nonce,
            "maxFeePerGas": 10**11, "maxPriorityFeePerGas": 10**9}
    for change in [{"nonce": nonce + 1}, {"chainId": 1}, {"value": 10**30}, {"maxFeePerGas": 1, "maxPriorityFeePerGas": 1}]:
        raw = key.sign_transaction(good | change).raw_transaction
        with pytest.raises(RPCFault):
            chain.ask("eth_sendRawTransaction", "0x" + bytes(raw).hex())
    for raw in ("0x", "0x00", "0x02ff", "0x" + "ff" * 100, "zz"):
        with pytest.raises(RPCFault):
            chain.ask("eth_sendRawTransaction", raw)
    assert chain.ask("eth_getTransactionCount", key.address, "latest") == hex(nonce)


def test_what_is_no_request_is_answered_as_such(chain):
    for body in (b"{", b"[]", b"5", b'{"method":5}', b'{"method":"eth_chainId","params":{}}', b"[" * 5_000,
                 json.dumps([{"method": "eth_chainId"}] * 101).encode()):
        assert "error" in chain.post(body)
    for method, arguments in [("dispatch", ["eth_chainId", []]), ("_state", ["latest"]), ("eth_nothing", []),
                              ("eth_getBalance", []), ("eth_getBalance", ["0x12"]), ("eth_getBalance", [{}]),
                              ("eth_getBlockByNumber", ["x"]), ("eth_call", [5]), ("eth_call", [{"to": "0xzz"}]),
                              ("eth_getLogs", [{"fromBlock": "0x0", "toBlock": "x"}]), ("eth_getProof", ["0x" + "11" * 20, 5]),
                              ("chain_rewind", [10**9])]:
        with pytest.raises(RPCFault):
            chain.ask(method, *arguments)
    batch = chain.post(json.dumps([{"id": place, "method": "eth_chainId"} for place in range(100)]).encode())
    assert [each["id"] for each in batch] == list(range(100))
    with pytest.raises(urllib.error.HTTPError, match="413"):
        chain.post(b" " * ((1 << 20) + 1))


def test_blocks_come_by_interval_or_only_when_asked():
    by_interval, by_hand = LoopbackChain("--interval", "0.2"), LoopbackChain("--manual", "--fund", wallet(1).address)
    try:
        for _ in range(100):
            if int(by_interval.ask("eth_blockNumber"), 16) >= 2:
                break
            time.sleep(0.1)
        else:
            raise AssertionError("no blocks")
        assert by_hand.send(wallet(1), "0x" + "88" * 20, value=1) is None
        assert by_hand.ask("eth_blockNumber") == "0x0"
        assert by_hand.ask("eth_getTransactionCount", wallet(1).address, "pending") == "0x1"
        by_hand.ask("chain_mine", 1)
        assert by_hand.ask("eth_getBalance", "0x" + "88" * 20) == "0x1"
    finally:
        statuses = (by_interval.stop(), by_hand.stop())
    assert statuses == (0, 0)
