"""Starts the loopback chain; prints one JSON line {"url", "chainID", "process"} when it listens."""
import argparse
import json
import os
import signal
import sys
import threading

from chain import LocalChain
from faults import ChainFault
from methods import Methods
from server import listen

ETHER = 10**18


def options():
    parser = argparse.ArgumentParser(
        prog="evm-chain", description="A loopback Ethereum chain (Prague rules, in memory) with JSON-RPC.")
    parser.add_argument("--port", type=int, default=0, help="0 means any free one")
    parser.add_argument("--chain-id", type=int, default=31337)
    parser.add_argument("--interval", type=float, help="mine every so many seconds instead of at each transaction")
    parser.add_argument("--manual", action="store_true", help="mine only when chain_mine is called")
    parser.add_argument("--finality", type=int, default=2, help="how many blocks behind the head `finalized` is")
    parser.add_argument("--fund", action="append", default=[], metavar="ADDRESS[=ETHER]", help="10,000 ether if not said")
    parser.add_argument("--lifeline", action="store_true", help="end when standard input ends")
    return parser.parse_args()


def allocation(texts):
    found = {}
    for text in texts:
        address, _, amount = text.partition("=")
        found[bytes.fromhex(address.removeprefix("0x"))] = int(amount or 10_000) * ETHER
    return found


def main():
    chosen = options()
    chain = LocalChain(
        chain_id=chosen.chain_id, balances=allocation(chosen.fund), finality=chosen.finality,
        mines_at_once=chosen.interval is None and not chosen.manual)
    server = listen(Methods(chain), chosen.port)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if chosen.lifeline:
        threading.Thread(target=lambda: (sys.stdin.buffer.read(), stop.set()), daemon=True).start()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps({"url": f"http://127.0.0.1:{server.server_port}", "chainID": chosen.chain_id, "process": os.getpid()}),
          flush=True)
    while not stop.wait(chosen.interval if chosen.interval else 3600):
        if chosen.interval:
            try:
                chain.mine()
            except ChainFault as fault:
                print(f"evm-chain: {fault.message}", file=sys.stderr)
                break
    server.shutdown()


if __name__ == "__main__":
    main()
