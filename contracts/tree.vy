#pragma version 0.4.3
#pragma evm-version cancun
"""
@title The root over a list, kept up to date at the cost of one path
@notice A Merkle tree of arity 4. Leaves stand at places 0 ..< count without gaps; the last one moves to where one is
        removed. A node is the Keccak-256 of its four children, of which those past the last leaf are zero. The tree has
        at least three levels, so that a node of height 3, which covers 64 leaves, names a page of the list.
        Whatever storage holds past the last leaf is never read.
"""

# No leaf may be zero, or a hash of 128 bytes.
LEAST_HEIGHT: constant(uint256) = 3
HEIGHTS: constant(uint256) = 8
CAPACITY: constant(uint256) = 65_536
LIST: constant(uint256) = 64

count: uint256
nodes: HashMap[uint256, HashMap[uint256, bytes32]]  # height → place → digest


@internal
@view
def root() -> bytes32:
    if self.count == 0:
        return empty(bytes32)
    return self.nodes[self._height(self.count)][0]


@internal
@view
def page(place: uint256) -> bytes32:
    return self.nodes[LEAST_HEIGHT][place]


@internal
def append(leaf: bytes32):
    place: uint256 = self.count
    assert place < CAPACITY, "full"
    self.count = place + 1
    self.nodes[0][place] = leaf
    self._climb(place, place + 1)


@internal
def replace(place: uint256, leaf: bytes32):
    assert place < self.count, "no such place"
    self.nodes[0][place] = leaf
    self._climb(place, self.count)


@internal
def remove(place: uint256):
    """
    @notice Moves the last leaf to the place of the one that goes.
    """
    last: uint256 = self.count - 1
    assert place <= last, "no such place"
    self.count = last
    if place != last:
        self.nodes[0][place] = self.nodes[0][last]
        self._climb(place, last)
    self.nodes[0][last] = empty(bytes32)
    self._climb(last, last)


@internal
def replace_all(leaves: DynArray[bytes32, LIST]):
    self.count = len(leaves)
    width: uint256 = 0
    for leaf: bytes32 in leaves:
        self.nodes[0][width] = leaf
        width += 1
    for height: uint256 in range(1, HEIGHTS + 1):
        width = (width + 3) // 4
        for place: uint256 in range(width, bound=LIST):
            self.nodes[height][place] = self._node(height, place, len(leaves))
        if height >= LEAST_HEIGHT and width <= 1:
            break


@internal
def _climb(leaf: uint256, count: uint256):
    """
    @notice Computes the nodes above a leaf anew, as far as they have leaves.
    """
    place: uint256 = leaf
    for height: uint256 in range(1, self._height(count) + 1, bound=HEIGHTS):
        place = place // 4
        if place << (2 * height) < count:
            self.nodes[height][place] = self._node(height, place, count)


@internal
@view
def _node(height: uint256, place: uint256, count: uint256) -> bytes32:
    children: bytes32[4] = empty(bytes32[4])
    below: uint256 = height - 1
    for child: uint256 in range(4):
        at: uint256 = 4 * place + child
        if at << (2 * below) >= count:
            break
        children[child] = self.nodes[below][at]
    return keccak256(abi_encode(children))


@internal
@pure
def _height(count: uint256) -> uint256:
    height: uint256 = LEAST_HEIGHT
    for higher: uint256 in range(LEAST_HEIGHT + 1, HEIGHTS + 1):
        if count <= 1 << (2 * height):
            break
        height = higher
    return height
