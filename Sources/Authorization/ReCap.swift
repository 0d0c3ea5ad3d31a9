import Identifiers
import Wire

/// An ERC-5573 ReCap: what a message's URI may do in the name of its signer.
///
/// Only what this network gives a meaning to is accepted: abilities of its own namespace on resources of the matching
/// scheme, without conditions (`[{}]`) and without proofs of other capabilities, so nothing can be delegated further.
public struct ReCap: Sendable, Hashable {
  public let grants: Set<Grant>

  private static let prefix = "urn:recap:"
  private static let sizeLimit = 8 << 10
  private static let grantLimit = 64

  /// - Throws: ``ReCapError/grants`` without grants or with too many.
  public init(_ grants: Set<Grant>) throws(ReCapError) {
    guard (1...Self.grantLimit).contains(grants.count) else { throw .grants }
    self.grants = grants
  }

  /// Reads `urn:recap:<base64url of JCS JSON>`.
  public init(resource: String) throws(ReCapError) {
    guard resource.utf8.starts(with: Self.prefix.utf8),
      let bytes = try? Base64URL.decode(resource.utf8.dropFirst(Self.prefix.utf8.count))
    else { throw .notAReCap }
    guard let json = try? JSONValue(parsing: bytes, limit: Self.sizeLimit), json.canonicalized == bytes,
      var fields = try? JSONFields(json), case .object(let attenuations)? = fields.optional("att"),
      let proofs = fields.optional("prf"), (try? fields.finish()) != nil
    else { throw .notCanonical }
    guard proofs == .array([]) else { throw .delegated }
    var grants: Set<Grant> = []
    for attenuation in attenuations {
      guard case .object(let abilities) = attenuation.value, !abilities.isEmpty else { throw .notCanonical }
      for entry in abilities {
        guard let ability = Ability.allCases.first(where: { $0.text.utf8.elementsEqual(entry.name.utf8) }),
          let grant = Grant(ability: ability, resource: attenuation.name)
        else { throw .unknownGrant }
        guard entry.value == .array([.object([])]) else { throw .conditions }
        grants.insert(grant)
      }
    }
    try self.init(grants)
  }

  /// The resource line of a message.
  public var resource: String {
    let attenuations = byResource.map { resource, grants in
      JSONMember(resource, .object(grants.map { JSONMember($0.ability.text, .array([.object([])])) }))
    }
    let json = JSONValue.object([JSONMember("att", .object(attenuations)), JSONMember("prf", .array([]))])
    return Self.prefix + Base64URL.encode(json.canonicalized)
  }

  /// What ERC-5573 makes the statement of the message end with, so that a wallet's user reads what is granted.
  public var statement: String {
    var text = "I further authorize the stated URI to perform the following actions on my behalf:"
    for (place, (resource, grants)) in byResource.enumerated() {
      let names = grants.map { "'\($0.ability.rawValue)'" }.joined(separator: ", ")
      text += " (\(place + 1)) '\(Ability.namespace)': \(names) for '\(resource)'."
    }
    return text
  }

  /// Whether this very grant is among them, and not only one that covers it.
  public func names(_ wanted: Grant) -> Bool { grants.contains(wanted) }

  public func covers(_ wanted: Grant) -> Bool {
    grants.contains { $0.covers(wanted) }
  }

  /// Resources and, for each, its grants, both in lexicographic order.
  private var byResource: [(String, [Grant])] {
    Dictionary(grouping: grants, by: \.resource)
      .map { ($0.key, $0.value.sorted { $0.ability.text < $1.ability.text }) }
      .sorted { $0.0 < $1.0 }
  }
}

/// Why a resource is not a ReCap this network honours.
public enum ReCapError: Error, Sendable, Hashable {
  case notAReCap
  case notCanonical
  case delegated
  case unknownGrant
  case conditions
  case grants
}
