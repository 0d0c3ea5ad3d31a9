#pragma version 0.4.3
#pragma evm-version cancun
#pragma nonreentrancy on
"""
@title Who is in: stakes, registrations, members, epoch, policy, measurements and key certificates
@notice Described with its storage and what everybody may do in docs/chain.md. There is no owner and no administrator.
        What concerns all is decided by more than two thirds of the members, each of whom sends the whole content; the
        vote that is enough carries it out. Amounts of stake are in gwei.
"""
import blobs
import tree


struct Account:
    standing: uint256  # a packed Standing: the vote for a list changes one word of each account
    leaving: uint256  # unstaked and not paid out yet
    withdrawable_at: uint256
    registration: address  # where the bytes of the latest one are
    listed: address  # of a member that registered again since, and of nobody else: the one the members voted for


struct Standing:
    stake: uint256
    place: uint256  # in the list of members, counted from 1; 0 outside
    slashable: bool  # is a member or was one with this stake
    seat: uint256  # of a member: its place when the list was voted for, which is its own until the next list


struct Measurement:
    kind: String[32]
    value: Bytes[48]
    since: uint256


struct Ballot:
    decision: uint256  # how often had been decided on its subject when it began
    electorate: uint256
    deadline: uint256
    voters: uint256  # a bit for each seat


struct Member:
    staker: address
    stake: uint256
    registration: Bytes[REGISTRATION_LIMIT]


struct AccountView:
    stake: uint256
    leaving: uint256
    withdrawableAt: uint256
    listed: bool
    slashable: bool
    registration: Bytes[REGISTRATION_LIMIT]


struct Overview:
    network: bytes32
    number: uint256
    stateDigest: bytes32
    epoch: uint256
    minimumStake: uint256
    policyDigest: bytes32
    measurementsDigest: bytes32
    certificatesDigest: bytes32
    pausedUntil: uint256
    memberCount: uint256
    memberRoot: bytes32
    parametersDigest: bytes32


event Founded:
    network: indexed(bytes32)
    document: Bytes[DOCUMENT_LIMIT]


event Staked:
    staker: indexed(address)
    amount: uint256
    stake: uint256


event Unstaked:
    staker: indexed(address)
    amount: uint256
    withdrawableAt: uint256


event Withdrawn:
    staker: indexed(address)
    recipient: address
    amount: uint256


event Registered:
    staker: indexed(address)
    digest: indexed(bytes32)
    registration: Bytes[REGISTRATION_LIMIT]


event Left:
    staker: indexed(address)


event Voted:
    voter: indexed(address)
    kind: indexed(uint256)
    content: indexed(bytes32)
    votes: uint256
    needed: uint256


event VoteWithdrawn:
    voter: indexed(address)
    kind: indexed(uint256)
    content: indexed(bytes32)


event MembersChanged:
    electorate: uint256
    members: DynArray[address, MEMBERS]


event EpochBegan:
    epoch: uint256


event PolicyChanged:
    policy: Bytes[POLICY_LIMIT]
    minimumStake: uint256


event MeasurementChanged:
    kind: String[32]
    value: Bytes[48]
    accepted: bool
    since: uint256


event KeyCertificateNamed:
    epoch: indexed(uint256)
    digest: bytes32


event Slashed:
    staker: indexed(address)
    amount: uint256
    evidence: Bytes[EVIDENCE_LIMIT]


event PausedUntil:
    moment: uint256


event StateChanged:
    number: uint256
    digest: bytes32


STATE_TAG: constant(bytes32) = keccak256("quorate/staking-state/v1")
FOUNDING_TAG: constant(Bytes[19]) = b"quorate/founding/v1"

# As many as the protocol has places for (WireLimits.members), and as a ballot has bits for.
MEMBERS: constant(uint256) = 64
MEASUREMENTS: constant(uint256) = 64
MEASUREMENT_BYTES: constant(uint256) = 48
CERTIFICATES_A_CALL: constant(uint256) = 256
ENDPOINT_LIMIT: constant(uint256) = 264
REGISTRATION_LIMIT: constant(uint256) = 626  # 32 + 64 + 2 + 2 · 264
POLICY_LIMIT: constant(uint256) = 8_192
EVIDENCE_LIMIT: constant(uint256) = 4_096
DOCUMENT_LIMIT: constant(uint256) = 16_384

WEI_A_GWEI: constant(uint256) = 10**9
LARGEST_STAKE: constant(uint256) = 2**53 - 1
DAY: constant(uint256) = 86_400
LONGEST_WINDOW: constant(uint256) = 30 * DAY
LONGEST_DELAY: constant(uint256) = 90 * DAY
PAUSE: constant(uint256) = 3 * DAY

# Nobody has its key, and no code is there: what is burned here fails for no reason and returns to nobody.
BURNED: constant(address) = 0x000000000000000000000000000000000000dEaD

VOTE_MEMBERS: constant(uint256) = 1
VOTE_EPOCH: constant(uint256) = 2
VOTE_POLICY: constant(uint256) = 3
VOTE_MEASUREMENT: constant(uint256) = 4
VOTE_KEY_CERTIFICATE: constant(uint256) = 5
VOTE_SLASH: constant(uint256) = 6
VOTE_PAUSE: constant(uint256) = 7
VOTE_RESUME: constant(uint256) = 8

# Slot 0: what one storage proof has to show.
state_digest: bytes32
number: uint256

# Fixed by the constructor.
network: public(bytes32)
parameters_digest: bytes32
minimum_members: uint256
window: uint256
notice: uint256
unstake_delay: uint256
founders: HashMap[address, uint256]  # their seats, counted from 1
founder_count: uint256

accounts: HashMap[address, Account]
member_list: DynArray[address, MEMBERS]
# Counts the lists of members; while it is 0 the founders decide. Ballots of another electorate are void.
electorate: uint256
# A bit for the seat of each who may vote now: of members, or of founders, with at least the minimum stake.
electors: uint256
ballots: HashMap[uint256, HashMap[bytes32, uint256]]  # kind → content → packed Ballot
# What a ballot competes about: kind → content → whose slash or which measurement it is about, zero for other kinds.
subjects: HashMap[uint256, HashMap[bytes32, bytes32]]
decisions: HashMap[uint256, HashMap[bytes32, uint256]]  # kind → subject → how often it was decided

epoch: uint256
minimum_stake: uint256
policy_content: address
policy_digest: bytes32
measurement_list: DynArray[Measurement, MEASUREMENTS]
measurements_digest: bytes32
certificate_of: HashMap[uint256, bytes32]
certificates_digest: bytes32
pausedUntil: public(uint256)

# Keccak-256 of an endpoint → the electorate whose list names it, while it is made.
endpoints: transient(HashMap[bytes32, uint256])

initializes: tree


@deploy
def __init__(
    document: Bytes[DOCUMENT_LIMIT],
    founders: DynArray[address, MEMBERS],
    minimum_members: uint256,
    minimum_stake: uint256,
    window: uint256,
    notice: uint256,
    unstake_delay: uint256,
):
    """
    @param document The founding document; its hash is the network's id.
    @param founders Its stakers in ascending order; they decide until there is a list of members.
    @param minimum_members The fewest members that may be listed, and that thresholds are computed for.
    @param minimum_stake In gwei.
    @param window How long a ballot is open, in seconds.
    @param notice How long before it counts a further measurement is announced, in seconds.
    @param unstake_delay How long stake can still be slashed after it was unstaked, in seconds; at least two windows, so
           that a ballot which ends undecided leaves time for another.
    """
    assert len(document) > 0, "document"
    assert minimum_members > 0 and minimum_members <= len(founders), "minimum members"
    assert minimum_stake > 0 and minimum_stake <= LARGEST_STAKE, "minimum stake"
    assert window > 0 and window <= LONGEST_WINDOW, "window"
    assert notice <= LONGEST_WINDOW, "notice"
    assert unstake_delay >= 2 * window and unstake_delay <= LONGEST_DELAY, "unstake delay"
    length: bytes4 = convert(convert(len(document), uint32), bytes4)
    self.network = sha256(concat(FOUNDING_TAG, length, document))
    previous: uint256 = 0
    digest: bytes32 = empty(bytes32)
    for founder: address in founders:
        number: uint256 = convert(founder, uint256)
        assert number > previous, "founders"
        previous = number
        self.founder_count += 1
        self.founders[founder] = self.founder_count
        digest = keccak256(concat(digest, convert(number, bytes32)))
    self.minimum_members = minimum_members
    self.minimum_stake = minimum_stake
    self.window = window
    self.notice = notice
    self.unstake_delay = unstake_delay
    self.parameters_digest = keccak256(
        abi_encode(minimum_members, minimum_stake, window, notice, unstake_delay, digest)
    )
    self.policy_digest = keccak256(b"")
    self.epoch = 1
    log Founded(network=self.network, document=document)
    self._changed()


# Stake


@external
@payable
def stake():
    """
    @notice Adds to the sender's stake; whole gwei.
    """
    assert block.timestamp >= self.pausedUntil, "paused"
    assert msg.value > 0 and msg.value % WEI_A_GWEI == 0, "amount"
    amount: uint256 = msg.value // WEI_A_GWEI
    standing: Standing = self._standing(msg.sender)
    standing.stake += amount
    assert standing.stake <= LARGEST_STAKE, "amount"
    self._put_standing(msg.sender, standing)
    log Staked(staker=msg.sender, amount=amount, stake=standing.stake)
    self._stake_changed(msg.sender)


@external
def unstake(amount: uint256):
    """
    @notice Begins to take stake out; it is paid out after the delay, and until then it can be slashed. More that is
            unstaked meanwhile begins the delay of all of it anew. A member keeps the minimum until it leaves.
    """
    standing: Standing = self._standing(msg.sender)
    assert amount > 0 and amount <= standing.stake, "amount"
    standing.stake -= amount
    if standing.place != 0:
        assert standing.stake >= self.minimum_stake, "leave first"
    self._put_standing(msg.sender, standing)
    self.accounts[msg.sender].leaving += amount
    moment: uint256 = block.timestamp + self.unstake_delay
    self.accounts[msg.sender].withdrawable_at = moment
    log Unstaked(staker=msg.sender, amount=amount, withdrawableAt=moment)
    self._stake_changed(msg.sender)


@external
def withdraw(recipient: address):
    """
    @notice Pays out what was unstaked. Nothing, neither a pause nor a vote, can keep it back.
    """
    amount: uint256 = self.accounts[msg.sender].leaving
    assert amount > 0, "nothing"
    assert block.timestamp >= self.accounts[msg.sender].withdrawable_at, "too early"
    assert recipient != empty(address), "recipient"
    self.accounts[msg.sender].leaving = 0
    standing: Standing = self._standing(msg.sender)
    if standing.place == 0 and standing.stake == 0:
        self._put_standing(msg.sender, empty(Standing))
    log Withdrawn(staker=msg.sender, recipient=recipient, amount=amount)
    raw_call(recipient, b"", value=amount * WEI_A_GWEI)


# Joining and leaving


@external
def register(identity_key: bytes32, peer: String[ENDPOINT_LIMIT], client: String[ENDPOINT_LIMIT], proof: Bytes[64]):
    """
    @notice Says what the members may vote for: the request to join, and of a member, to be listed with other endpoints
            or another key. Whoever reads it checks the proof, which the EVM cannot; a key may be named by many, and
            only the one whose proof is right is ever listed.
    @param proof The identity key's Ed25519 signature of the registration.
    """
    assert block.timestamp >= self.pausedUntil, "paused"
    assert identity_key != empty(bytes32), "identity key"
    assert len(peer) > 0 and len(client) > 0, "endpoint"
    assert len(proof) == 64, "proof"
    content: Bytes[REGISTRATION_LIMIT] = concat(
        identity_key,
        proof,
        convert(convert(len(peer), uint16), bytes2),
        convert(peer, Bytes[ENDPOINT_LIMIT]),
        convert(client, Bytes[ENDPOINT_LIMIT]),
    )
    if self._standing(msg.sender).place != 0 and self.accounts[msg.sender].listed == empty(address):
        self.accounts[msg.sender].listed = self.accounts[msg.sender].registration
    self.accounts[msg.sender].registration = blobs.write(content)
    log Registered(staker=msg.sender, digest=keccak256(content), registration=content)


@external
def leave():
    """
    @notice Takes the sender off the list of members at once. Nobody needs to agree, and nobody else can do it alone.
    """
    place: uint256 = self._standing(msg.sender).place
    assert place != 0, "not a member"
    last: address = self.member_list[len(self.member_list) - 1]
    self.member_list[place - 1] = last
    self._put_place(last, place)
    self.member_list.pop()
    # Of open ballots this takes the sender's own votes and no others.
    self._set_elector(self._seat(msg.sender), False)
    self._put_place(msg.sender, 0)
    self.accounts[msg.sender].listed = empty(address)
    tree.remove(place - 1)
    log Left(staker=msg.sender)
    self._changed()


# Votes


@external
def voteMembers(stakers: DynArray[address, MEMBERS], registrations: DynArray[bytes32, MEMBERS]):
    """
    @notice Replaces the list of members.
    @param stakers Ordered by identity key, so that none of them stands there twice.
    @param registrations Keccak-256 of the registration the voter has checked, for each.
    """
    assert len(stakers) == len(registrations), "registrations"
    assert len(stakers) >= self.minimum_members, "too few members"
    content: bytes32 = keccak256(abi_encode(stakers, registrations))
    if self._passes(VOTE_MEMBERS, empty(bytes32), content, self._needed()):
        self._list(stakers, registrations)


@external
def voteEpoch(next: uint256):
    """
    @notice Begins the next epoch.
    """
    assert self.electorate != 0, "no members yet"
    assert next == self.epoch + 1, "not the next"
    if self._passes(VOTE_EPOCH, empty(bytes32), convert(next, bytes32), self._needed()):
        self.epoch = next
        log EpochBegan(epoch=next)
        self._changed()


@external
def votePolicy(policy: Bytes[POLICY_LIMIT], minimum_stake: uint256):
    """
    @notice Replaces the attestation policy and the minimum stake.
    """
    assert len(policy) > 0, "policy"
    assert minimum_stake > 0 and minimum_stake <= LARGEST_STAKE, "minimum stake"
    assert self.electorate != 0 or minimum_stake == self.minimum_stake, "no members yet"
    content: bytes32 = keccak256(abi_encode(policy, minimum_stake))
    if self._passes(VOTE_POLICY, empty(bytes32), content, self._needed()):
        self._take_minimum(minimum_stake)
        self.policy_content = blobs.write(policy)
        self.policy_digest = keccak256(policy)
        log PolicyChanged(policy=policy, minimumStake=minimum_stake)
        self._changed()


@external
def voteMeasurement(kind: String[32], measurement: Bytes[MEASUREMENT_BYTES], accepted: bool):
    """
    @notice Accepts code that may run, from the end of the notice on, or no longer accepts it, at once. Before there are
            members there is nobody to give notice to.
    @param measurement SHA-384.
    """
    assert len(kind) > 0, "kind"
    assert len(measurement) == MEASUREMENT_BYTES, "measurement"
    found: bool = False
    place: uint256 = 0
    found, place = self._find(kind, measurement)
    assert found != accepted, "no change"
    subject: bytes32 = keccak256(abi_encode(kind, measurement))
    content: bytes32 = keccak256(abi_encode(kind, measurement, accepted))
    if not self._passes(VOTE_MEASUREMENT, subject, content, self._needed()):
        return
    since: uint256 = block.timestamp
    if accepted:
        if self.electorate != 0:
            since += self.notice
        self.measurement_list.append(Measurement(kind=kind, value=measurement, since=since))
    else:
        last: Measurement = self.measurement_list.pop()
        if place < len(self.measurement_list):
            self.measurement_list[place] = last
    self.measurements_digest = self._digest_of_measurements()
    log MeasurementChanged(kind=kind, value=measurement, accepted=accepted, since=since)
    self._changed()


@external
def voteKeyCertificate(epoch: uint256, digest: bytes32):
    """
    @notice Names the key certificate of the current epoch, once and for ever.
    """
    assert epoch == self.epoch, "another epoch"
    assert self.certificate_of[epoch] == empty(bytes32), "named already"
    assert digest != empty(bytes32), "digest"
    assert self.electorate != 0, "no members yet"
    if self._passes(VOTE_KEY_CERTIFICATE, empty(bytes32), keccak256(abi_encode(epoch, digest)), self._needed()):
        self.certificate_of[epoch] = digest
        self.certificates_digest = keccak256(abi_encode(self.certificates_digest, epoch, digest))
        log KeyCertificateNamed(epoch=epoch, digest=digest)
        self._changed()


@external
def voteSlash(staker: address, amount: uint256, evidence: Bytes[EVIDENCE_LIMIT]):
    """
    @notice Burns stake of a member, or of who was one and has not taken it out: nobody gains by it.
    @param amount In gwei; if there is less, all of it.
    @param evidence What the voters judged, for everybody to see.
    """
    assert self._standing(staker).slashable, "was no member"
    assert amount > 0, "amount"
    assert len(evidence) > 0, "evidence"
    subject: bytes32 = convert(convert(staker, uint256), bytes32)
    if self._passes(VOTE_SLASH, subject, keccak256(abi_encode(staker, amount, evidence)), self._needed()):
        self._slash(staker, amount, evidence)


@external
def votePause():
    """
    @notice Stops for three days what users ask of the nodes, and new stakes, registrations, grants and transfers of
            keys; as many members as could stop it by stopping. It ends by itself.
    """
    assert block.timestamp >= self.pausedUntil, "paused"
    if self._passes(VOTE_PAUSE, empty(bytes32), convert(self.pausedUntil, bytes32), self._needed_to_pause()):
        self._pause_until(block.timestamp + PAUSE)


@external
def voteResume():
    """
    @notice Ends this pause early.
    """
    assert block.timestamp < self.pausedUntil, "not paused"
    if self._passes(VOTE_RESUME, empty(bytes32), convert(self.pausedUntil, bytes32), self._needed()):
        self._pause_until(block.timestamp)


@external
def withdrawVote(kind: uint256, content: bytes32):
    """
    @notice Takes back a vote on a ballot that is open.
    """
    ballot: Ballot = self._open_ballot(kind, content)
    own: uint256 = self._bit(self._seat(msg.sender))
    assert ballot.voters & own != 0, "no vote"
    ballot.voters ^= own
    self._put_ballot(kind, content, ballot)
    log VoteWithdrawn(voter=msg.sender, kind=kind, content=content)


# What nodes read


@external
@view
def overview() -> Overview:
    return Overview(
        network=self.network,
        number=self.number,
        stateDigest=self.state_digest,
        epoch=self.epoch,
        minimumStake=self.minimum_stake,
        policyDigest=self.policy_digest,
        measurementsDigest=self.measurements_digest,
        certificatesDigest=self.certificates_digest,
        pausedUntil=self.pausedUntil,
        memberCount=tree.count,
        memberRoot=tree.root(),
        parametersDigest=self.parameters_digest,
    )


@external
@view
def members(first: uint256, count: uint256) -> DynArray[Member, MEMBERS]:
    listed: DynArray[Member, MEMBERS] = []
    total: uint256 = len(self.member_list)
    for offset: uint256 in range(min(count, MEMBERS), bound=MEMBERS):
        if offset >= total or first >= total - offset:
            break
        staker: address = self.member_list[first + offset]
        listed.append(
            Member(staker=staker, stake=self._standing(staker).stake, registration=self._listed_registration(staker))
        )
    return listed


@external
@view
def measurements() -> DynArray[Measurement, MEASUREMENTS]:
    return self.measurement_list


@external
@view
def policy() -> Bytes[POLICY_LIMIT]:
    return convert(blobs.read(self.policy_content), Bytes[POLICY_LIMIT])


@external
@view
def certificates(first: uint256, count: uint256) -> DynArray[bytes32, CERTIFICATES_A_CALL]:
    """
    @param first An epoch; they begin at 1.
    """
    digests: DynArray[bytes32, CERTIFICATES_A_CALL] = []
    latest: uint256 = self.epoch
    for offset: uint256 in range(min(count, CERTIFICATES_A_CALL), bound=CERTIFICATES_A_CALL):
        if offset > latest or first > latest - offset:
            break
        digests.append(self.certificate_of[first + offset])
    return digests


# What stakers read


@external
@view
def account(staker: address) -> AccountView:
    held: Account = self.accounts[staker]
    standing: Standing = self._standing(staker)
    return AccountView(
        stake=standing.stake,
        leaving=held.leaving,
        withdrawableAt=held.withdrawable_at,
        listed=standing.place != 0,
        slashable=standing.slashable,
        registration=self._registration(held.registration),
    )


@external
@view
def votesNeeded() -> (uint256, uint256):
    """
    @return Votes that decide, and votes that pause.
    """
    return self._needed(), self._needed_to_pause()


@external
@view
def isElector(staker: address) -> bool:
    return self._is_elector(staker)


@external
@view
def ballot(kind: uint256, content: bytes32) -> (uint256, uint256):
    """
    @return Votes so far and the last moment of the ballot; zero when there is none open.
    """
    ballot: Ballot = self._open_ballot(kind, content)
    return self._votes(ballot.voters), ballot.deadline


# Who decides


@internal
@view
def _threshold_base() -> uint256:
    """
    @notice Members that leave never lower the threshold below that of the fewest members there may be.
    """
    electors: uint256 = self.founder_count
    if self.electorate != 0:
        electors = len(self.member_list)
    return max(electors, self.minimum_members)


@internal
@view
def _needed() -> uint256:
    return 2 * self._threshold_base() // 3 + 1


@internal
@view
def _needed_to_pause() -> uint256:
    base: uint256 = self._threshold_base()
    return base - 2 * base // 3


@internal
@view
def _is_elector(staker: address) -> bool:
    """
    @notice Who has lost its stake has lost its vote, and still counts among those of whom two thirds are needed.
    """
    return self.electors & self._bit(self._seat(staker)) != 0


@internal
@view
def _seat(staker: address) -> uint256:
    """
    @return Counted from 1; 0 of who would have no vote whatever its stake.
    """
    if self.electorate == 0:
        return self.founders[staker]
    return self._standing(staker).seat


@internal
@pure
def _bit(seat: uint256) -> uint256:
    """
    @return Of seat 0 none.
    """
    return 1 << seat >> 1


@internal
def _set_elector(seat: uint256, may_vote: bool):
    own: uint256 = self._bit(seat)
    electors: uint256 = self.electors & ~own
    if may_vote:
        electors |= own
    self.electors = electors


@internal
@view
def _votes(voters: uint256) -> uint256:
    """
    @notice Counts those who may still vote: a ballot is of whoever is there and has its stake when it is decided.
    """
    left: uint256 = voters & self.electors
    count: uint256 = 0
    for _: uint256 in range(MEMBERS):
        if left == 0:
            break
        left &= left - 1
        count += 1
    return count


@internal
def _passes(kind: uint256, subject: bytes32, content: bytes32, needed: uint256) -> bool:
    """
    @notice Counts the sender's vote. A decision voids the ballots that competed with it, and its own: what was voted
            for before it needs every vote again.
    @param subject Follows from the content.
    """
    assert self._is_elector(msg.sender), "no vote"
    own: uint256 = self._bit(self._seat(msg.sender))
    ballot: Ballot = self._open_ballot(kind, content)
    if ballot.deadline == 0:
        if subject != empty(bytes32):
            self.subjects[kind][content] = subject
        ballot.decision = self.decisions[kind][subject]
        ballot.electorate = self.electorate
        ballot.deadline = block.timestamp + self.window
    assert ballot.voters & own == 0, "voted already"
    ballot.voters |= own
    votes: uint256 = self._votes(ballot.voters)
    log Voted(voter=msg.sender, kind=kind, content=content, votes=votes, needed=needed)
    if votes >= needed:
        self.decisions[kind][subject] += 1
        return True
    self._put_ballot(kind, content, ballot)
    return False


@internal
@view
def _open_ballot(kind: uint256, content: bytes32) -> Ballot:
    """
    @return Empty when there is none.
    """
    packed: uint256 = self.ballots[kind][content]
    low: uint256 = 2**64 - 1
    ballot: Ballot = Ballot(
        decision=packed >> 192,
        electorate=packed >> 128 & low,
        deadline=packed >> 64 & low,
        voters=packed & low,
    )
    if ballot.electorate != self.electorate or block.timestamp > ballot.deadline:
        return empty(Ballot)
    if ballot.decision != self.decisions[kind][self.subjects[kind][content]]:
        return empty(Ballot)
    return ballot


@internal
def _put_ballot(kind: uint256, content: bytes32, ballot: Ballot):
    packed: uint256 = ballot.decision << 192 | ballot.electorate << 128
    self.ballots[kind][content] = packed | ballot.deadline << 64 | ballot.voters


@internal
def _take_minimum(minimum_stake: uint256):
    """
    @notice From here on only who has this much votes, and only its votes count, also those that it gave before. A
            minimum that takes the vote from more than a third of the members could never be lowered again.
    """
    self.minimum_stake = minimum_stake
    if self.electorate == 0:
        return
    electors: uint256 = 0
    for member: address in self.member_list:
        standing: Standing = self._standing(member)
        if standing.stake >= minimum_stake:
            electors |= self._bit(standing.seat)
    self.electors = electors
    assert self._votes(electors) >= self._needed(), "minimum stake"


# What votes do


@internal
def _list(stakers: DynArray[address, MEMBERS], registrations: DynArray[bytes32, MEMBERS]):
    for member: address in self.member_list:
        self._put_place(member, 0)
    leaves: DynArray[bytes32, MEMBERS] = []
    previous: uint256 = 0
    for staker: address in stakers:
        digest: bytes32 = registrations[len(leaves)]
        content: Bytes[REGISTRATION_LIMIT] = self._registration_voted_for(staker, digest)
        identity_key: uint256 = convert(slice(content, 0, 32), uint256)
        assert identity_key > previous, "order of identity keys"
        previous = identity_key
        self._claim_endpoints(content)
        held: uint256 = self._standing(staker).stake
        assert held >= self.minimum_stake, "too little stake"
        leaves.append(keccak256(abi_encode(staker, held, digest)))
        place: uint256 = len(leaves)
        self._put_standing(staker, Standing(stake=held, place=place, slashable=True, seat=place))
    for member: address in self.member_list:
        if self._standing(member).place == 0:
            self.accounts[member].listed = empty(address)
    self.member_list = stakers
    tree.replace_all(leaves)
    self.electorate += 1
    self.electors = (1 << len(stakers)) - 1
    log MembersChanged(electorate=self.electorate, members=stakers)
    self._changed()


@internal
def _registration_voted_for(staker: address, digest: bytes32) -> Bytes[REGISTRATION_LIMIT]:
    """
    @notice The latest registration or, of a member, the one it is listed with: a member that registers again cannot
            keep the others from listing it as it is. From here on it is the listed one.
    """
    content: Bytes[REGISTRATION_LIMIT] = self._registration(self.accounts[staker].registration)
    if keccak256(content) == digest:
        self.accounts[staker].listed = empty(address)
        return content
    content = self._registration(self.accounts[staker].listed)
    assert keccak256(content) == digest, "registered anew"
    return content


@internal
def _claim_endpoints(registration: Bytes[REGISTRATION_LIMIT]):
    """
    @notice A list on which two endpoints are the same text is refused: nodes would have to leave one of the two out,
            and who came last must not decide whom. Two names of one place are not found out here.
    """
    peer: uint256 = convert(slice(registration, 96, 2), uint256)
    client: uint256 = len(registration) - 98 - peer
    for endpoint: bytes32 in [
        keccak256(slice(registration, 98, peer)), keccak256(slice(registration, 98 + peer, client))
    ]:
        # One transaction may decide on several lists; each makes another electorate.
        assert self.endpoints[endpoint] != self.electorate + 1, "endpoint"
        self.endpoints[endpoint] = self.electorate + 1


@internal
def _slash(staker: address, amount: uint256, evidence: Bytes[EVIDENCE_LIMIT]):
    standing: Standing = self._standing(staker)
    of_stake: uint256 = min(amount, standing.stake)
    of_leaving: uint256 = min(amount - of_stake, self.accounts[staker].leaving)
    burned: uint256 = of_stake + of_leaving
    assert burned > 0, "nothing"
    standing.stake -= of_stake
    self._put_standing(staker, standing)
    self.accounts[staker].leaving -= of_leaving
    log Slashed(staker=staker, amount=burned, evidence=evidence)
    self._stake_changed(staker)
    raw_call(BURNED, b"", value=burned * WEI_A_GWEI)


@internal
def _pause_until(moment: uint256):
    self.pausedUntil = moment
    log PausedUntil(moment=moment)
    self._changed()


@internal
@view
def _find(kind: String[32], measurement: Bytes[MEASUREMENT_BYTES]) -> (bool, uint256):
    place: uint256 = 0
    for known: Measurement in self.measurement_list:
        if known.kind == kind and known.value == measurement:
            return True, place
        place += 1
    return False, 0


@internal
@view
def _digest_of_measurements() -> bytes32:
    digest: bytes32 = empty(bytes32)
    for known: Measurement in self.measurement_list:
        each: bytes32 = keccak256(abi_encode(keccak256(known.kind), keccak256(known.value), known.since))
        digest = keccak256(concat(digest, each))
    return digest


@internal
@view
def _listed_registration(member: address) -> Bytes[REGISTRATION_LIMIT]:
    listed: address = self.accounts[member].listed
    if listed == empty(address):
        listed = self.accounts[member].registration
    return self._registration(listed)


@internal
@view
def _registration(place: address) -> Bytes[REGISTRATION_LIMIT]:
    return convert(blobs.read(place), Bytes[REGISTRATION_LIMIT])


# Accounts


@internal
@view
def _standing(staker: address) -> Standing:
    packed: uint256 = self.accounts[staker].standing
    low: uint256 = 2**64 - 1
    return Standing(
        stake=packed & low, place=packed >> 64 & low, slashable=packed >> 128 & 1 != 0, seat=packed >> 192
    )


@internal
def _put_standing(staker: address, standing: Standing):
    packed: uint256 = standing.seat << 192 | standing.place << 64 | standing.stake
    if standing.slashable:
        packed |= 1 << 128
    self.accounts[staker].standing = packed


@internal
def _put_place(staker: address, place: uint256):
    """
    @notice Who goes off the list has no seat either.
    """
    standing: Standing = self._standing(staker)
    standing.place = place
    if place == 0:
        standing.seat = 0
    self._put_standing(staker, standing)


# The digest of all that nodes read


@internal
def _stake_changed(staker: address):
    """
    @notice The stake of somebody who is not a member is no part of what nodes read.
    """
    standing: Standing = self._standing(staker)
    seat: uint256 = self._seat(staker)
    if seat != 0:
        self._set_elector(seat, standing.stake >= self.minimum_stake)
    if standing.place == 0:
        return
    digest: bytes32 = keccak256(self._listed_registration(staker))
    tree.replace(standing.place - 1, keccak256(abi_encode(staker, standing.stake, digest)))
    self._changed()


@internal
def _changed():
    self.number += 1
    self.state_digest = keccak256(
        abi_encode(
            STATE_TAG,
            self.network,
            self.number,
            self.epoch,
            self.minimum_stake,
            self.policy_digest,
            self.measurements_digest,
            self.certificates_digest,
            self.pausedUntil,
            tree.count,
            tree.root(),
            self.parameters_digest,
        )
    )
    log StateChanged(number=self.number, digest=self.state_digest)
