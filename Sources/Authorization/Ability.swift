public import ActionNames
public import Identifiers

/// What a capability can grant, in the namespace `quorate`.
public enum Ability: String, CaseIterable, Sendable, Hashable {
  case sign
  case decrypt
  case execute

  static let namespace = "quorate"

  /// As ERC-5573 writes it: `quorate/sign`.
  public var text: String { "\(Self.namespace)/\(rawValue)" }

  /// The one kind of resource this ability means anything for.
  var resourceScheme: String {
    switch self {
    case .sign: "quorate-key"
    case .decrypt: "quorate-policy"
    case .execute: "quorate-action"
    }
  }
}

/// One thing a capability grants.
///
/// `everything` is the resource `<scheme>://*`: every key whose record names the wallet, every policy the wallet meets,
/// every action open to it, also those that do not exist yet. It is never implied: the wallet shows it as such, it ends
/// with the capability after at most a day, and the key record, policy or action still decides. It covers one scheme;
/// a bare `*`, a prefix of an id or an ability with `*` is no resource and no ability.
public struct Grant: Sendable, Hashable {
  public let ability: Ability
  public let target: Target

  public enum Target: Sendable, Hashable {
    /// The id of a key, the hash of a policy (both 64 hex digits) or the CIDv0 of an action.
    case exactly(String)
    case everything
  }

  private init(_ ability: Ability, _ target: Target) {
    self.ability = ability
    self.target = target
  }

  public static func sign(with key: KeyID) -> Grant { Grant(.sign, .exactly(key.text)) }
  public static func decrypt(under policy: Digest32) -> Grant { Grant(.decrypt, .exactly(policy.text)) }
  public static func execute(_ action: ActionID) -> Grant { Grant(.execute, .exactly(action.text)) }
  public static func everything(_ ability: Ability) -> Grant { Grant(ability, .everything) }

  /// `quorate-key://<id>` and the like.
  public var resource: String {
    switch target {
    case .exactly(let id): "\(ability.resourceScheme)://\(id)"
    case .everything: "\(ability.resourceScheme)://*"
    }
  }

  /// Nil unless the resource has the ability's scheme and one canonical id, or `*` alone.
  init?(ability: Ability, resource: String) {
    let prefix = ability.resourceScheme + "://"
    guard resource.utf8.starts(with: prefix.utf8) else { return nil }
    let id = String(decoding: resource.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
    if id.utf8.elementsEqual("*".utf8) {
      self.init(ability, .everything)
      return
    }
    let isCanonical =
      switch ability {
      case .sign, .decrypt: (try? Digest32(text: id)) != nil
      case .execute: (try? ActionID(text: id)) != nil
      }
    guard isCanonical else { return nil }
    self.init(ability, .exactly(id))
  }

  func covers(_ wanted: Grant) -> Bool {
    guard ability == wanted.ability else { return false }
    switch target {
    case .everything: return true
    case .exactly(let id):
      guard case .exactly(let wantedID) = wanted.target else { return false }
      return id.utf8.elementsEqual(wantedID.utf8)
    }
  }
}
