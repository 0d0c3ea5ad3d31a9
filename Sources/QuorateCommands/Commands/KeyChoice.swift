import ArgumentParser
import Identifiers
import Membership
import PublicKeys

/// Names people know for the purposes of signing keys.
enum SigningScheme: String, CaseIterable, ExpressibleByArgument, Sendable {
  case ed25519
  case ristretto255
  case secp256k1
  case taproot
  case ecdsa

  var purpose: KeyPurpose {
    switch self {
    case .ed25519: .ed25519Sign
    case .ristretto255: .ristretto255Sign
    case .secp256k1: .secp256k1FROST
    case .taproot: .secp256k1Taproot
    case .ecdsa: .secp256k1ECDSA
    }
  }

  /// Takes the purpose's own name as well.
  init?(argument: String) {
    if let scheme = SigningScheme(rawValue: argument) {
      self = scheme
    } else if let scheme = Self.allCases.first(where: { $0.purpose.rawValue == argument }) {
      self = scheme
    } else {
      return nil
    }
  }
}

/// Which key a command means.
struct KeyOptions: ParsableArguments, Sendable {
  @Option(help: "The key: your name for it, its id, or the first eight or more digits of it.")
  var key: String?

  @Option(help: "Instead of --key: your only key of this scheme. (ed25519, ristretto255, secp256k1, taproot, ecdsa)")
  var scheme: SigningScheme?

  func choose(
    for wallet: WalletAddress, in snapshot: MembershipSnapshot, names: [String: KeyID]
  ) throws(CommandFailure) -> KeyRecord {
    let record = try KeyChoice(snapshot: snapshot, names: names).record(key: key, scheme: scheme, wallet: wallet)
    if let scheme, scheme.purpose != record.purpose {
      throw CommandFailure(.badInput, "key \(record.key) is a \(record.purpose.rawValue) key")
    }
    return record
  }
}

struct KeyChoice {
  let snapshot: MembershipSnapshot
  let names: [String: KeyID]

  func record(key: String?, scheme: SigningScheme?, wallet: WalletAddress) throws(CommandFailure) -> KeyRecord {
    let records = snapshot.keyRecords(of: wallet)
    if let key {
      if let id = names[key] ?? (try? KeyID(text: key)), let record = snapshot.keyRecord(id) { return record }
      let matches = key.count >= 8 ? records.filter { $0.key.text.hasPrefix(key) } : []
      if let match = matches.first, matches.count == 1 { return match }
      throw CommandFailure(.notFound, "no key \(key) in this network", advice: "quorate key list")
    }
    let fitting = records.filter { record in scheme.map { $0.purpose == record.purpose } ?? true }
    let kind = scheme.map { "\($0.rawValue) key" } ?? "key"
    guard let first = fitting.first else {
      throw CommandFailure(
        .notFound, "this wallet has no \(kind)", advice: "quorate key create --scheme \((scheme ?? .ed25519).rawValue)")
    }
    guard fitting.count == 1 else {
      throw CommandFailure(
        .badInput, "this wallet has \(fitting.count) \(kind)s", advice: "say which one with --key; quorate key list")
    }
    return first
  }
}
