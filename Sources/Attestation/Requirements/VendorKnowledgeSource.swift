/// Where a verifier learns what makers say of their platforms. Asked at every use, since statements are replaced.
public protocol VendorKnowledgeSource: Sendable {
  var current: CurrentKnowledge { get }
}

/// What is known at one moment; a number that is another one when the knowledge is.
public struct CurrentKnowledge: Sendable {
  public let knowledge: VendorKnowledge
  public let number: UInt64

  public init(knowledge: VendorKnowledge, number: UInt64) {
    self.knowledge = knowledge
    self.number = number
  }
}

/// Knowledge that stays as it is.
public struct FixedKnowledge: VendorKnowledgeSource {
  public let current: CurrentKnowledge

  public init(_ knowledge: VendorKnowledge = VendorKnowledge()) {
    current = CurrentKnowledge(knowledge: knowledge, number: 0)
  }
}
