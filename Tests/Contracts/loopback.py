"""The loopback chain as a process of its own, asked over HTTP."""
import json
import subprocess
import urllib.request

from eth_account import Account
from eth_utils import keccak
from sources import ROOT


class RPCFault(Exception):
    """(code, message)"""


class LoopbackChain:
    def __init__(self, *options):
        self.process = subprocess.Popen(
            [str(ROOT / "scripts" / "evm-chain"), "--lifeline", *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.url = json.loads(self.process.stdout.readline())["url"]

    def stop(self):
        """It ends when its standard input does."""
        self.process.stdin.close()
        status = self.process.wait(timeout=20)
        self.process.stdout.close()
        return status

    def post(self, body):
        request = urllib.request.Request(self.url, data=body, headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read())

    def ask(self, method, *arguments):
        answer = self.post(json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": arguments}).encode())
        if "error" in answer:
            raise RPCFault(answer["error"]["code"], answer["error"]["message"])
        return answer["result"]

    def send(self, key, to, data=b"", value=0):
        """A signed EIP-1559 transaction and its receipt; mined at once unless the chain waits."""
        fields = {
            "to": to, "data": data, "value": value, "gas": 8_000_000, "chainId": int(self.ask("eth_chainId"), 16),
            "nonce": int(self.ask("eth_getTransactionCount", key.address, "pending"), 16), "maxFeePerGas": 10**11,
            "maxPriorityFeePerGas": 10**9,
        }
        if not to:
            fields.pop("to")
        raw = key.sign_transaction(fields).raw_transaction
        return self.ask("eth_getTransactionReceipt", self.ask("eth_sendRawTransaction", "0x" + bytes(raw).hex()))


def wallet(number):
    return Account.from_key(keccak(b"wallet" + bytes([number])))
