public import Identifiers
import Signatures
import SigningContent
public import Wire

/// Why a block object is not the header it says it is.
public enum BlockHeaderError: Error, Sendable, Hashable {
  case malformed(FormatError)
  /// The fields this reader knows do not hash to the hash stated: the answer is wrong, or the chain's headers have
  /// fields of a fork that this version does not know. Either way nothing under this hash can be judged.
  case hashMismatch
}

extension BlockHeader {
  /// Reads a block of `eth_getBlockByNumber` or `eth_getBlockByHash`, and computes its hash.
  ///
  /// Members that are no part of a header are passed over: were one of them a field of the header after all, the hash
  /// would not be the stated one.
  public init(_ value: JSONValue) throws(BlockHeaderError) {
    let stated: Digest32
    do throws(FormatError) {
      var fields = try JSONFields(value)
      stated = try fields.hexIdentifier("hash")
      try self.init(&fields)
    } catch {
      throw .malformed(error)
    }
    guard hash == stated else { throw .hashMismatch }
  }

  private init(_ fields: inout JSONFields) throws(FormatError) {
    parentHash = try fields.hexIdentifier("parentHash")
    ommersHash = try fields.hexIdentifier("sha3Uncles")
    beneficiary = try fields.hexIdentifier("miner")
    stateRoot = try fields.hexIdentifier("stateRoot")
    transactionsRoot = try fields.hexIdentifier("transactionsRoot")
    receiptsRoot = try fields.hexIdentifier("receiptsRoot")
    logsBloom = try fields.hexBytes("logsBloom", count: Self.bloomByteCount)
    difficulty = try fields.hexNumber("difficulty")
    number = try fields.hexUInt64("number")
    gasLimit = try fields.hexUInt64("gasLimit")
    gasUsed = try fields.hexUInt64("gasUsed")
    timestamp = try fields.hexUInt64("timestamp")
    extraData = try fields.hexBytes("extraData", limit: Self.extraDataLimit)
    mixHash = try fields.hexIdentifier("mixHash")
    nonce = try fields.hexBytes("nonce", count: Self.nonceByteCount)
    additions = try Additions(&fields)
    let common: [RLPItem] = [
      .bytes(parentHash.bytes), .bytes(ommersHash.bytes), .bytes(beneficiary.bytes), .bytes(stateRoot.bytes),
      .bytes(transactionsRoot.bytes), .bytes(receiptsRoot.bytes), .bytes(logsBloom), .integer(difficulty),
      .integer(number), .integer(gasLimit), .integer(gasUsed), .integer(timestamp), .bytes(extraData),
      .bytes(mixHash.bytes), .bytes(nonce),
    ]
    hash = .keccak256(RLPItem.list(common + additions.items).encoded)
  }
}

extension BlockHeader.Additions {
  /// Endpoints leave out, or give as `null`, what a block's fork does not have; a gap between two that are there is no
  /// header of any fork.
  fileprivate init(_ fields: inout JSONFields) throws(FormatError) {
    let baseFee = try fields.ifPresent("baseFeePerGas") { (field) throws(FormatError) in
      try field.hexNumber("baseFeePerGas")
    }
    let withdrawals: Digest32? = try fields.ifPresent("withdrawalsRoot") { (field) throws(FormatError) in
      try field.hexIdentifier("withdrawalsRoot")
    }
    let gasUsed = try fields.ifPresent("blobGasUsed") { (field) throws(FormatError) in
      try field.hexUInt64("blobGasUsed")
    }
    let excess = try fields.ifPresent("excessBlobGas") { (field) throws(FormatError) in
      try field.hexUInt64("excessBlobGas")
    }
    let beacon: Digest32? = try fields.ifPresent("parentBeaconBlockRoot") { (field) throws(FormatError) in
      try field.hexIdentifier("parentBeaconBlockRoot")
    }
    let requests: Digest32? = try fields.ifPresent("requestsHash") { (field) throws(FormatError) in
      try field.hexIdentifier("requestsHash")
    }
    var blobs: BlockHeader.BlobFields?
    if let gasUsed, let excess, let beacon {
      blobs = .init(gasUsed: gasUsed, excessGas: excess, parentBeaconBlockRoot: beacon)
    } else if gasUsed != nil || excess != nil || beacon != nil {
      throw .missing("parentBeaconBlockRoot")
    }
    switch (baseFee, withdrawals, blobs, requests) {
    case (nil, nil, nil, nil): self = .none
    case (let fee?, nil, nil, nil): self = .london(baseFee: fee)
    case (let fee?, let root?, nil, nil): self = .shanghai(baseFee: fee, withdrawalsRoot: root)
    case (let fee?, let root?, let blobs?, nil): self = .cancun(baseFee: fee, withdrawalsRoot: root, blobs)
    case (let fee?, let root?, let blobs?, let requests?):
      self = .prague(baseFee: fee, withdrawalsRoot: root, blobs, requestsHash: requests)
    default: throw .missing("baseFeePerGas")
    }
  }
}
