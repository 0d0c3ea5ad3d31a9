#pragma version 0.4.3
#pragma evm-version cancun
#pragma nonreentrancy on
"""
@title Who may do what with which key, and from when on a wallet's capabilities count
@notice Described with its storage and what everybody may do in docs/chain.md. There is no owner and no administrator:
        a key record is its owner's, a moment is its wallet's. What a record says is for the nodes to judge; the contract
        keeps its bytes and sees to owner, transfers and revocations.
"""
import blobs
import tree


interface Staking:
    def network() -> bytes32: view
    def pausedUntil() -> uint256: view


struct Key:
    owner: address
    terms: uint256  # TRANSFERABLE | REVOCABLE
    place: uint256  # in the list of entries, counted from 1; 0 while nobody may use the key
    record: address  # where its bytes are


struct Entry:
    subject: bytes32
    owner: address
    kind: uint256
    detail: uint256
    record: Bytes[RECORD_LIMIT]


struct KeyView:
    owner: address
    active: bool
    transferable: bool
    revocable: bool
    record: Bytes[RECORD_LIMIT]


struct Overview:
    network: bytes32
    number: uint256
    stateDigest: bytes32
    staking: address
    count: uint256
    root: bytes32
    deposit: uint256


event KeyGranted:
    key: indexed(bytes32)
    owner: indexed(address)
    transferable: bool
    revocable: bool
    record: Bytes[RECORD_LIMIT]


event KeyRevoked:
    key: indexed(bytes32)
    owner: indexed(address)


event KeyTransferred:
    key: indexed(bytes32)
    origin: indexed(address)
    destination: indexed(address)


event NotBeforeSet:
    wallet: indexed(address)
    moment: uint256


event NotBeforeCleared:
    wallet: indexed(address)


event DepositsCollected:
    owner: indexed(address)
    recipient: address
    amount: uint256


event StateChanged:
    number: uint256
    digest: bytes32


STATE_TAG: constant(bytes32) = keccak256("quorate/keys-state/v1")
KEY_TAG: constant(Bytes[14]) = b"quorate/key/v1"

RECORD_LIMIT: constant(uint256) = 12_288
# {"purpose":"ed25519-sign","owner":"0x…","salt":"…","kinds":[],"wallets":[]} with 40 hex digits and 16 bytes of salt in
# base64url; there is no shorter record.
RECORD_LEAST: constant(uint256) = 135
# Of an eighth of all places only moments can have any: however many records there are, capabilities can be refused.
RECORD_PLACES: constant(uint256) = tree.CAPACITY // 8 * 7
LEAST_DEPOSIT: constant(uint256) = 10**14
SALT_LEAST: constant(uint256) = 16
ENTRIES_A_CALL: constant(uint256) = 32
PAGE: constant(uint256) = 64
PAGES_A_CALL: constant(uint256) = 512

KEY_RECORD: constant(uint256) = 1
NOT_BEFORE: constant(uint256) = 2

TRANSFERABLE: constant(uint256) = 1
REVOCABLE: constant(uint256) = 2

# No capability lives longer than a day, so a moment that is two days past refuses nothing any more.
NOT_BEFORE_LIFE: constant(uint256) = 2 * 86_400
LAST_MOMENT: constant(uint256) = 253_402_300_799  # 9999-12-31T23:59:59Z

# Slot 0: what one storage proof has to show.
state_digest: bytes32
number: uint256
network: bytes32
staking: Staking
deposit: uint256
keys: HashMap[bytes32, Key]
moments: HashMap[address, uint256]
moment_places: HashMap[address, uint256]  # counted from 1
subjects: HashMap[uint256, bytes32]  # place → key id, or the wallet of a moment
refunds: HashMap[address, uint256]

initializes: tree


@deploy
def __init__(staking: address, deposit: uint256):
    """
    @param deposit In wei; paid for every entry and given back when the entry goes. It bounds what nodes have to read.
    """
    assert deposit >= LEAST_DEPOSIT, "deposit"
    self.staking = Staking(staking)
    self.network = staticcall self.staking.network()
    self.deposit = deposit
    self._changed()


# Keys


@external
@payable
def create(
    purpose: String[32], salt: Bytes[32], record: Bytes[RECORD_LIMIT], transferable: bool, revocable: bool
) -> bytes32:
    """
    @notice Makes the sender the owner of the key that derives from it, and lets the record say who may use it.
    @param record The canonical JSON of the key record.
    @param transferable Whether the key may ever have another owner.
    @param revocable Whether the record may ever be changed or revoked; otherwise it is final.
    """
    self._check_running()
    assert len(salt) >= SALT_LEAST, "salt"
    assert len(purpose) > 0, "purpose"
    key: bytes32 = self._key_id(purpose, msg.sender, salt)
    assert self.keys[key].owner == empty(address), "exists"
    self.keys[key].owner = msg.sender
    self._put_record(key, record, self._terms(transferable, revocable))
    return key


@external
@payable
def grant(key: bytes32, record: Bytes[RECORD_LIMIT], transferable: bool, revocable: bool):
    """
    @notice Replaces the record. What was given up, transferable or revocable, does not come back.
    """
    self._check_running()
    self._check_owner(key)
    assert self.keys[key].terms & REVOCABLE != 0, "final"
    terms: uint256 = self._terms(transferable, revocable)
    assert terms & self.keys[key].terms == terms, "given up"
    self._put_record(key, record, terms)


@external
def revoke(key: bytes32):
    """
    @notice Nobody may use the key any more, until its owner grants anew. Possible while the network is paused.
    """
    self._check_owner(key)
    assert self.keys[key].place != 0, "not active"
    assert self.keys[key].terms & REVOCABLE != 0, "final"
    self._take_record_off(key)
    self._changed()


@external
def transfer(key: bytes32, recipient: address):
    """
    @notice Gives the key to another owner. Unless the record is final it is revoked first: nobody whom the former owner
            let use the key goes on using it.
    """
    self._check_running()
    self._check_owner(key)
    assert recipient != empty(address) and recipient != self and recipient != msg.sender, "recipient"
    terms: uint256 = self.keys[key].terms
    assert terms & TRANSFERABLE != 0, "not transferable"
    if self.keys[key].place != 0 and terms & REVOCABLE != 0:
        self._take_record_off(key)
    self.keys[key].owner = recipient
    if self.keys[key].place != 0:
        tree.replace(self.keys[key].place - 1, self._key_leaf(key))
    log KeyTransferred(key=key, origin=msg.sender, destination=recipient)
    self._changed()


# Moments


@external
@payable
def setNotBefore(moment: uint256):
    """
    @notice Capabilities that the sender issued earlier are refused. It only goes forward. Possible while paused.
    @param moment Unix time in seconds.
    """
    assert moment <= LAST_MOMENT, "moment"
    assert moment > self.moments[msg.sender], "goes back"
    self.moments[msg.sender] = moment
    place: uint256 = self.moment_places[msg.sender]
    if place == 0:
        assert msg.value == self.deposit, "deposit"
        self.moment_places[msg.sender] = self._append(self._wallet(msg.sender), self._moment_leaf(msg.sender))
    else:
        assert msg.value == 0, "deposit"
        tree.replace(place - 1, self._moment_leaf(msg.sender))
    log NotBeforeSet(wallet=msg.sender, moment=moment)
    self._changed()


@external
def clearNotBefore():
    """
    @notice Takes off a moment that is so long past that it refuses nothing any more.
    """
    place: uint256 = self.moment_places[msg.sender]
    assert place != 0, "none"
    assert block.timestamp >= self.moments[msg.sender] + NOT_BEFORE_LIFE, "too early"
    self.moments[msg.sender] = 0
    self.moment_places[msg.sender] = 0
    self._remove(place)
    log NotBeforeCleared(wallet=msg.sender)
    self._changed()


@external
def collectDeposits(recipient: address):
    """
    @notice Pays out what the sender's former entries had deposited. Apart from them, so that no recipient who refuses
            money can keep a key from being revoked.
    """
    amount: uint256 = self.refunds[msg.sender]
    assert amount != 0, "nothing"
    assert recipient != empty(address), "recipient"
    self.refunds[msg.sender] = 0
    log DepositsCollected(owner=msg.sender, recipient=recipient, amount=amount)
    raw_call(recipient, b"", value=amount)


# What nodes read


@external
@view
def overview() -> Overview:
    return Overview(
        network=self.network,
        number=self.number,
        stateDigest=self.state_digest,
        staking=self.staking.address,
        count=tree.count,
        root=tree.root(),
        deposit=self.deposit,
    )


@external
@view
def pageDigests(first: uint256, count: uint256) -> DynArray[bytes32, PAGES_A_CALL]:
    """
    @notice The tree's nodes that cover 64 entries each: a page whose digest is as before need not be read again.
    """
    digests: DynArray[bytes32, PAGES_A_CALL] = []
    pages: uint256 = (tree.count + PAGE - 1) // PAGE
    for offset: uint256 in range(min(count, PAGES_A_CALL), bound=PAGES_A_CALL):
        if offset >= pages or first >= pages - offset:
            break
        digests.append(tree.page(first + offset))
    return digests


@external
@view
def entries(first: uint256, count: uint256) -> DynArray[Entry, ENTRIES_A_CALL]:
    found: DynArray[Entry, ENTRIES_A_CALL] = []
    total: uint256 = tree.count
    for offset: uint256 in range(min(count, ENTRIES_A_CALL), bound=ENTRIES_A_CALL):
        if offset >= total or first >= total - offset:
            break
        found.append(self._entry(first + offset))
    return found


@external
@view
def key(key: bytes32) -> KeyView:
    known: Key = self.keys[key]
    return KeyView(
        owner=known.owner,
        active=known.place != 0,
        transferable=known.terms & TRANSFERABLE != 0,
        revocable=known.terms & REVOCABLE != 0,
        record=blobs.read(known.record),
    )


@external
@view
def keyID(purpose: String[32], owner: address, salt: Bytes[32]) -> bytes32:
    return self._key_id(purpose, owner, salt)


@external
@view
def notBefore(wallet: address) -> uint256:
    return self.moments[wallet]


@external
@view
def collectable(owner: address) -> uint256:
    return self.refunds[owner]


# Rules


@internal
@view
def _check_running():
    assert block.timestamp >= staticcall self.staking.pausedUntil(), "paused"


@internal
@view
def _check_owner(key: bytes32):
    assert self.keys[key].owner == msg.sender, "not the owner"


@internal
@pure
def _terms(transferable: bool, revocable: bool) -> uint256:
    terms: uint256 = 0
    if transferable:
        terms |= TRANSFERABLE
    if revocable:
        terms |= REVOCABLE
    return terms


@internal
@view
def _key_id(purpose: String[32], owner: address, salt: Bytes[32]) -> bytes32:
    return sha256(
        concat(
            KEY_TAG,
            x"00000020", self.network,
            convert(convert(len(purpose), uint32), bytes4), convert(purpose, Bytes[32]),
            x"00000014", convert(owner, bytes20),
            convert(convert(len(salt), uint32), bytes4), salt,
        )
    )


# The list of entries


@internal
@payable
def _put_record(key: bytes32, record: Bytes[RECORD_LIMIT], terms: uint256):
    assert len(record) >= RECORD_LEAST, "record"
    self.keys[key].terms = terms
    self.keys[key].record = blobs.write(record)
    leaf: bytes32 = self._leaf(KEY_RECORD, key, msg.sender, terms, keccak256(record))
    place: uint256 = self.keys[key].place
    if place == 0:
        assert msg.value == self.deposit, "deposit"
        assert tree.count < RECORD_PLACES, "full"
        self.keys[key].place = self._append(key, leaf)
    else:
        assert msg.value == 0, "deposit"
        tree.replace(place - 1, leaf)
    log KeyGranted(
        key=key, owner=msg.sender, transferable=terms & TRANSFERABLE != 0, revocable=terms & REVOCABLE != 0, record=record
    )
    self._changed()


@internal
def _take_record_off(key: bytes32):
    place: uint256 = self.keys[key].place
    self.keys[key].place = 0
    self.keys[key].record = empty(address)
    self._remove(place)
    log KeyRevoked(key=key, owner=msg.sender)


@internal
def _append(subject: bytes32, leaf: bytes32) -> uint256:
    self.subjects[tree.count] = subject
    tree.append(leaf)
    return tree.count


@internal
def _remove(place: uint256):
    """
    @param place Counted from 1. Whoever had it must not name it any more.
    """
    last: uint256 = tree.count
    moved: bytes32 = self.subjects[last - 1]
    if place != last:
        if self.keys[moved].place == last:
            self.keys[moved].place = place
        else:
            self.moment_places[convert(convert(moved, uint256), address)] = place
        self.subjects[place - 1] = moved
    self.subjects[last - 1] = empty(bytes32)
    tree.remove(place - 1)
    self.refunds[msg.sender] += self.deposit


@internal
@view
def _entry(place: uint256) -> Entry:
    subject: bytes32 = self.subjects[place]
    known: Key = self.keys[subject]
    if known.place == place + 1:
        return Entry(
            subject=subject, owner=known.owner, kind=KEY_RECORD, detail=known.terms, record=blobs.read(known.record)
        )
    wallet: address = convert(convert(subject, uint256), address)
    return Entry(subject=subject, owner=wallet, kind=NOT_BEFORE, detail=self.moments[wallet], record=b"")


@internal
@view
def _key_leaf(key: bytes32) -> bytes32:
    known: Key = self.keys[key]
    return self._leaf(KEY_RECORD, key, known.owner, known.terms, keccak256(blobs.read(known.record)))


@internal
@view
def _moment_leaf(wallet: address) -> bytes32:
    return self._leaf(NOT_BEFORE, self._wallet(wallet), wallet, self.moments[wallet], keccak256(b""))


@internal
@pure
def _leaf(kind: uint256, subject: bytes32, owner: address, detail: uint256, record: bytes32) -> bytes32:
    return keccak256(abi_encode(kind, subject, owner, detail, record))


@internal
@pure
def _wallet(wallet: address) -> bytes32:
    return convert(convert(wallet, uint256), bytes32)


@internal
def _changed():
    self.number += 1
    self.state_digest = keccak256(
        abi_encode(STATE_TAG, self.network, self.number, self.staking.address, tree.count, tree.root(), self.deposit)
    )
    log StateChanged(number=self.number, digest=self.state_digest)
