#pragma version 0.4.3
#pragma evm-version cancun
"""
@title Bytes kept as the code of a contract of their own
@notice From about 150 bytes on this costs less than storage. The code gives its bytes to whoever calls it and can do
        nothing else: it has no other instruction, and nothing can change or remove it.
"""

LIMIT: constant(uint256) = 12_288

# Returns everything behind its own 11 bytes. As initialisation code that is the code to keep; as the code that is
# kept, the bytes.
RETURN_THE_REST: constant(Bytes[11]) = x"600b5981380380925939f3"


@internal
def write(content: Bytes[LIMIT]) -> address:
    return raw_create(concat(RETURN_THE_REST, RETURN_THE_REST, content))


@internal
@view
def read(place: address) -> Bytes[LIMIT]:
    if place == empty(address):
        return b""
    return raw_call(place, b"", max_outsize=LIMIT, is_static_call=True)
