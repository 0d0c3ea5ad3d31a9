import Identifiers
import SigningContent
import Wire

extension RegistryPlace {
  init(_ value: JSONValue) throws(FormatError) {
    if value == .string("file") {
      self = .file
    } else if case .object = value {
      self = .chain(try ChainRegistryTerms(value))
    } else {
      throw .invalid("registry")
    }
  }

  func check() throws(FormatError) {
    if case .chain(let terms) = self { try terms.check() }
  }

  var json: JSONValue {
    switch self {
    case .file: .string("file")
    case .chain(let terms): terms.json
    }
  }
}

extension ChainRegistryTerms {
  init(_ value: JSONValue) throws(FormatError) {
    var fields = try JSONFields(value)
    chainID = try fields.unsigned("chain")
    staking = try fields.identifier("staking")
    keys = try fields.identifier("keys")
    stakingCode = try fields.identifier("stakingCode")
    keysCode = try fields.identifier("keysCode")
    window = try fields.unsigned("window")
    notice = try fields.unsigned("notice")
    unstakeDelay = try fields.unsigned("unstakeDelay")
    keyDeposit = try fields.string("keyDeposit", limit: 78)
    finalityDepth = try fields.unsigned("finalityDepth")
    headAgeSeconds = Int(try fields.unsigned("headAge"))
    try fields.finish()
    try check()
  }

  func check() throws(FormatError) {
    guard (1...UInt64(JSONValue.largestInteger)).contains(chainID) else { throw .invalid("chain") }
    guard staking != keys else { throw .invalid("keys") }
    guard Self.durations.contains(window) else { throw .invalid("window") }
    guard notice <= Self.durations.upperBound else { throw .invalid("notice") }
    // Time for a second vote on stake that leaves.
    guard Self.durations.contains(unstakeDelay), unstakeDelay >= 2 * window else { throw .invalid("unstakeDelay") }
    guard let deposit = UInt256(decimal: keyDeposit), deposit >= Self.smallestDeposit else {
      throw .invalid("keyDeposit")
    }
    guard Self.finalityDepths.contains(finalityDepth) else { throw .invalid("finalityDepth") }
    guard Self.headAges.contains(headAgeSeconds) else { throw .invalid("headAge") }
  }

  var json: JSONValue {
    .object([
      JSONMember("chain", JSONValue(chainID)), JSONMember("staking", .text(staking)), JSONMember("keys", .text(keys)),
      JSONMember("stakingCode", .text(stakingCode)), JSONMember("keysCode", .text(keysCode)),
      JSONMember("window", JSONValue(window)), JSONMember("notice", JSONValue(notice)),
      JSONMember("unstakeDelay", JSONValue(unstakeDelay)), JSONMember("keyDeposit", .string(keyDeposit)),
      JSONMember("finalityDepth", JSONValue(finalityDepth)), JSONMember("headAge", JSONValue(headAgeSeconds)),
    ])
  }
}
