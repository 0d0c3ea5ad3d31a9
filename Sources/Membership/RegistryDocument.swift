public import Identifiers
public import Wire

/// The content of a registry file: `{"version": 1, "founding": text, "updates": [...]}`.
///
/// Founding document and bodies are JSON inside JSON strings, so their exact bytes survive any rewriting of the file.
public struct RegistryDocument: Sendable, Hashable {
  public let founding: FoundingDocument
  public private(set) var updates: [RegistryUpdate]

  public init(founding: FoundingDocument) {
    self.founding = founding
    updates = []
  }

  public init(decoding bytes: [UInt8]) throws(FormatError) {
    var fields = try JSONFields(JSONValue.parse(bytes, limit: RegistryLimits.file))
    guard try fields.unsigned("version") == 1 else { throw .invalid("version") }
    let founding = try FoundingDocument(
      decoding: Array(fields.string("founding", limit: FoundingDocument.sizeLimit).utf8))
    updates = []
    for value in try fields.array("updates", limit: RegistryLimits.updates) {
      updates.append(try RegistryUpdate(value, network: founding.network))
    }
    try fields.finish()
    self.founding = founding
  }

  public var encoded: [UInt8] {
    JSONValue.object([
      JSONMember("version", .integer(1)),
      JSONMember("founding", .string(String(decoding: founding.bytes, as: UTF8.self))),
      JSONMember("updates", .array(updates.map(\.json))),
    ]).serialized
  }

  /// Adds an entry without judging it; ``MembershipSnapshot/init(verifying:network:)`` does.
  public mutating func append(_ update: RegistryUpdate) {
    updates.append(update)
  }
}

extension MembershipSnapshot {
  /// The view a whole registry gives, every update verified in order.
  ///
  /// - Parameter network: the network the reader means; a registry of another one is refused.
  public init(verifying document: RegistryDocument, network: NetworkID) throws(RegistryFault) {
    // A network whose registry is on a chain has no file that could speak for it.
    guard document.founding.network == network, document.founding.registry == .file else { throw .wrongNetwork }
    self = try MembershipSnapshot(founding: document.founding).continued(by: document)
  }

  /// The view after a registry that must begin with exactly this view's history.
  func continued(by document: RegistryDocument) throws(RegistryFault) -> MembershipSnapshot {
    guard document.founding == founding else { throw .wrongNetwork }
    guard document.updates.count >= number else {
      throw .shortened(from: number, to: UInt64(document.updates.count))
    }
    for (digest, update) in zip(history.dropFirst(), document.updates) {
      guard update.digest == digest else { throw .rewritten(number: update.number) }
    }
    var snapshot = self
    for update in document.updates.dropFirst(Int(number)) { snapshot = try snapshot.applying(update) }
    return snapshot
  }
}

extension RegistryStorage {
  /// The founding document of a network whose registry is somewhere else, from a file that holds nothing but it.
  public func founding(of network: NetworkID) throws(RegistryTrouble) -> FoundingDocument {
    let (content, _) = try document()
    guard content.founding.network == network, content.updates.isEmpty, content.founding.registry != .file else {
      throw .refused(.wrongNetwork)
    }
    return content.founding
  }
}
