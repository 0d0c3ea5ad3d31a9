public import Identifiers

/// One node of a quorum, as it runs now: after a restart its instance is another one.
public struct QuorumEntry: Sendable, Hashable {
  public let node: NodeID
  public let instance: Instance

  public init(node: NodeID, instance: Instance) {
    self.node = node
    self.instance = instance
  }
}

/// The nodes one request goes to, ordered by node id, every node once.
public struct Quorum: Sendable, Hashable {
  public let entries: [QuorumEntry]

  /// - Throws: ``FormatError/invalid(_:)`` when empty, unordered, repeated or larger than ``WireLimits/members``.
  public init(_ entries: [QuorumEntry]) throws(FormatError) {
    guard !entries.isEmpty, entries.count <= WireLimits.members else { throw .invalid("quorum") }
    for (earlier, later) in zip(entries, entries.dropFirst()) {
      guard earlier.node < later.node else { throw .invalid("quorum") }
    }
    self.entries = entries
  }

  public var count: Int { entries.count }
  public var nodes: [NodeID] { entries.map(\.node) }

  public func instance(of node: NodeID) -> Instance? {
    entries.first { $0.node == node }?.instance
  }

  /// `lp(node id as text) ‖ lp(instance)` for every entry in order.
  public var encoded: [UInt8] {
    var writer = ByteWriter()
    for entry in entries {
      writer.lp(entry.node.text.utf8)
      writer.lp(entry.instance.bytes)
    }
    return writer.bytes
  }
}

extension Quorum {
  init(_ values: [JSONValue]) throws(FormatError) {
    var entries: [QuorumEntry] = []
    for value in values {
      var fields = try JSONFields(value)
      entries.append(QuorumEntry(node: try fields.identifier("node"), instance: try fields.identifier("instance")))
      try fields.finish()
    }
    try self.init(entries)
  }

  var json: JSONValue {
    .array(
      entries.map {
        .object([JSONMember("node", .text($0.node)), JSONMember("instance", .text($0.instance))])
      })
  }
}
