import Curves
import Identifiers
import SigningContent

extension FuzzTarget {
  /// What users ask a key to sign; nodes read all of it.
  static let contentTargets: [FuzzTarget] = [
    .exact(
      "transaction", decode: { try EthereumTransaction(decodingUnsigned: $0) }, encode: { $0.unsignedEncoding },
      also: { try judge(.ethereumTransaction($0)) }),
    FuzzTarget("typed-data") { bytes in try judge(.typedData(try TypedData(decoding: bytes))) },
    FuzzTarget("psbt") { bytes in try judge(.bitcoinTransaction(try PartiallySignedTransaction(decoding: bytes))) },
  ]

  /// Everything that is done with content once it is read.
  private static func judge(_ content: SignableContent) throws {
    for key in [ContentKey.ecdsa(Secp256k1.generator), .taproot(Secp256k1.generator)] {
      try require(!content.summary(for: key).isEmpty, "what can be read can be shown")
      try require(
        ContentConstraints().permits(content, by: key) == .kindNotDescribed, "limits that say nothing allow nothing")
      _ = try limits.permits(content, by: key)
      try whereAccepted {
        let digests = try content.digests(for: key)
        try require(!digests.isEmpty, "what can be signed has a digest")
        if case .bitcoinTransaction(let psbt) = content {
          try require(
            digests.allSatisfy { digest in digest.input.map { psbt.outpoints.indices.contains($0) } ?? false },
            "every digest is of an input")
        }
      }
    }
  }

  private static var limits: ContentConstraints {
    get throws {
      ContentConstraints(
        ethereumTransaction: try EthereumTransactionConstraints(
          chainIDs: [1], maximumValue: UInt256(1), maximumFee: UInt256(1),
          functions: [FunctionSelector(function: "transfer(address,uint256)")]),
        typedData: try TypedDataConstraints(chainIDs: [1]),
        bitcoinTransaction: try BitcoinTransactionConstraints(
          outputScripts: [[0x51]], maximumSpend: 1, maximumFee: 1))
    }
  }
}
