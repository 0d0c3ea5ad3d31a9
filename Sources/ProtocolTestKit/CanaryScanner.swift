/// Looks for many canaries in every spelling at once.
public struct CanaryScanner: Sendable {
  public struct Finding: Sendable, Hashable {
    public let canary: String
    public let spelling: String
  }

  private struct Needle: Sendable {
    let finding: Finding
    let bytes: [UInt8]
  }

  private static let headByteCount = 8
  /// By the first eight bytes.
  private var needles: [UInt64: [Needle]] = [:]
  /// Which hashes of eight bytes are worth looking up.
  private var isCandidate = [Bool](repeating: false, count: 1 << 16)

  public init(_ canaries: [Canary]) {
    for canary in canaries {
      for spelling in canary.spellings {
        let head = spelling.bytes.prefix(Self.headByteCount).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let finding = Finding(canary: canary.name, spelling: spelling.name)
        needles[head, default: []].append(Needle(finding: finding, bytes: spelling.bytes))
        isCandidate[Self.hash(head)] = true
      }
    }
  }

  public func findings(in haystack: [UInt8]) -> Set<Finding> {
    var found: Set<Finding> = []
    var head: UInt64 = 0
    for (place, byte) in haystack.enumerated() {
      head = head << 8 | UInt64(byte)
      guard place >= Self.headByteCount - 1, isCandidate[Self.hash(head)], let candidates = needles[head] else {
        continue
      }
      let rest = haystack[(place - Self.headByteCount + 1)...]
      for needle in candidates where rest.starts(with: needle.bytes) { found.insert(needle.finding) }
    }
    return found
  }

  private static func hash(_ head: UInt64) -> Int { Int(truncatingIfNeeded: (head &* 0x9e37_79b9_7f4a_7c15) >> 48) }
}
