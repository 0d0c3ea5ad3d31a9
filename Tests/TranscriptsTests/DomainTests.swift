import Identifiers
import ProtocolTestKit
import Testing
import Transcripts

struct DomainTests {
  /// Changing or removing a line breaks signatures, keys or stored rows of running networks. New lines are fine.
  private static let pinned = """
    quorate/action-key/v1
    quorate/broadcast-echo/v1
    quorate/certificate-binding/v1
    quorate/contract-wallet/v1
    quorate/dealing-commitment/v1
    quorate/dealing-seal/v1
    quorate/delivery/v1
    quorate/evidence-batch/v1
    quorate/evidence-inner-node/v1
    quorate/evidence-leaf/v1
    quorate/file-content-key/v1
    quorate/file-header/v1
    quorate/file/v1
    quorate/founding/v1
    quorate/gadget-vector/v1
    quorate/hedged-random-block/v1
    quorate/hedged-random/v1
    quorate/key-certificate-signature/v1
    quorate/key-certificate/v1
    quorate/key-derivation/v1
    quorate/key-generation-transcript/v1
    quorate/key/v1
    quorate/live-signature/v1
    quorate/live/v1
    quorate/message/v1
    quorate/multiplication-challenge/v1
    quorate/multiplication-check/v1
    quorate/multiplication-transcript/v1
    quorate/multiplication/v1
    quorate/network-session/v1
    quorate/node-configuration/v1
    quorate/node-registration/v1
    quorate/nonce-commitment/v1
    quorate/operation/v1
    quorate/ot-challenge/v1
    quorate/ot-element/v1
    quorate/ot-expansion/v1
    quorate/ot-key/v1
    quorate/ot-messages/v1
    quorate/ot-output/v1
    quorate/ot-tree-check/v1
    quorate/ot-tree-digest/v1
    quorate/ot-tree/v1
    quorate/pair-setup-transcript/v1
    quorate/pair-setup/v1
    quorate/policy/v1
    quorate/proof-of-knowledge/v1
    quorate/registry-approval/v1
    quorate/registry-update/v1
    quorate/reply-signature/v1
    quorate/reply/v1
    quorate/request/v1
    quorate/route/v1
    quorate/sealing-key/v1
    quorate/session/v1
    quorate/vault-row/v1
    quorate/zero-sharing-commitment/v1
    quorate/zero-sharing-seed/v1
    quorate/zero-sharing/v1
    """

  @Test func `P14 the list of tags is the one that was agreed on`() {
    #expect(Domain.allCases.map(\.rawValue).sorted() == Self.pinned.split(separator: "\n").map(String.init))
  }

  @Test func `P14 no tag is another or the beginning of another`() {
    for domain in Domain.allCases {
      for other in Domain.allCases where other != domain {
        #expect(!other.rawValue.hasPrefix(domain.rawValue), "\(domain) begins \(other)")
      }
    }
  }

  @Test func `P14 tags are short printable texts with a version`() {
    for domain in Domain.allCases {
      #expect(domain.bytes.allSatisfy { (33...126).contains($0) })
      #expect(domain.rawValue.hasPrefix("quorate/") && domain.rawValue.hasSuffix("/v1"))
    }
  }
}
