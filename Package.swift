// swift-tools-version: 6.3
import PackageDescription

// `scripts/fuzz` asks for instrumented targets and a program that links the fuzzer's library; nothing else does.
let isFuzzing = Context.environment["QUORATE_FUZZ"] != nil
// `scripts/check-constant-time-signing` asks for a program that needs valgrind's headers.
let isCheckingTime = Context.environment["QUORATE_CONSTANT_TIME"] != nil

let strict: [SwiftSetting] =
  [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
  ] + (isFuzzing ? [.unsafeFlags(["-sanitize=fuzzer", "-O"])] : [])

let fuzzing: [Target] = [
  .systemLibrary(name: "CFuzzer", path: "Tests/Fuzz/CFuzzer"),
  .executableTarget(
    name: "fuzz", dependencies: ["FuzzTargets", "CFuzzer"], path: "Tests/Fuzz/Driver", swiftSettings: strict,
    linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])]),
]

let checkingTime: [Target] = [
  .systemLibrary(name: "CValgrind", path: "Tests/ConstantTime/CValgrind"),
  .executableTarget(
    name: "constant-time",
    dependencies: [
      "CValgrind", "Identifiers", "Secrets", "Curves", "SecretSharing", "Signatures", "PublicKeys", "Aggregation",
      "Rounds", "ThresholdECDSA", "ProtocolTestKit",
    ], path: "Tests/ConstantTime/Driver", swiftSettings: strict),
]

extension Target.Dependency {
  static let argumentParser = product(name: "ArgumentParser", package: "swift-argument-parser")
  static let asn1 = product(name: "SwiftASN1", package: "swift-asn1")
  static let certificates = product(name: "X509", package: "swift-certificates")
  static let crypto = product(name: "Crypto", package: "swift-crypto")
  static let cryptoExtras = product(name: "CryptoExtras", package: "swift-crypto")
  static let grdb = product(name: "GRDB", package: "GRDB.swift")
  static let hummingbird = product(name: "Hummingbird", package: "hummingbird")
  static let hummingbirdCore = product(name: "HummingbirdCore", package: "hummingbird")
  static let logging = product(name: "Logging", package: "swift-log")
  static let metrics = product(name: "Metrics", package: "swift-metrics")
  static let metricsTestKit = product(name: "MetricsTestKit", package: "swift-metrics")
  static let nioCore = product(name: "NIOCore", package: "swift-nio")
  static let nioEmbedded = product(name: "NIOEmbedded", package: "swift-nio")
  static let nioHTTP1 = product(name: "NIOHTTP1", package: "swift-nio")
  static let nioPosix = product(name: "NIOPosix", package: "swift-nio")
  static let nioSSL = product(name: "NIOSSL", package: "swift-nio-ssl")
  static let nioTLS = product(name: "NIOTLS", package: "swift-nio")
  static let protobuf = product(name: "SwiftProtobuf", package: "swift-protobuf")
  static let serviceLifecycle = product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
  static let unixSignals = product(name: "UnixSignals", package: "swift-service-lifecycle")
}

func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
  .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

let package = Package(
  name: "quorate",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "quorate", targets: ["quorate"]),
    .library(name: "Client", targets: ["Client"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
    .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0", traits: []),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    .systemLibrary(name: "CBlst", pkgConfig: "libblst"),
    .systemLibrary(
      name: "CSecp256k1", pkgConfig: "libsecp256k1",
      providers: [.apt(["libsecp256k1-dev"]), .brew(["secp256k1"])]),
    .systemLibrary(
      name: "CSodium", pkgConfig: "libsodium",
      providers: [.apt(["libsodium-dev"]), .brew(["libsodium"])]),
    .systemLibrary(name: "CProcess"),

    library("Identifiers", []),
    library("Secrets", ["CProcess", "CSodium"]),
    library("Curves", ["CBlst", "CSecp256k1", "CSodium", "Secrets", .crypto]),
    library("Transcripts", ["CSodium", "Identifiers", "Secrets", "Curves", .crypto]),
    library("SecretSharing", ["Identifiers", "Secrets", "Curves", "Transcripts"]),
    library("Signatures", ["CSecp256k1", "CSodium", "Identifiers", "Secrets", "Curves", "Transcripts", .crypto]),
    library("SigningContent", ["Identifiers", "Curves", "Transcripts", "Signatures"]),
    library("IdentityEncryption", ["Identifiers", "Secrets", "Curves", "Transcripts", .crypto]),
    library("PublicKeys", ["Identifiers", "Curves", "Transcripts", "SecretSharing", "Signatures"]),
    library(
      "Aggregation",
      [
        "Identifiers", "Secrets", "Curves", "Transcripts", "SecretSharing", "PublicKeys", "Signatures",
        "IdentityEncryption",
      ]),
    library("Rounds", ["Identifiers", "Secrets", "Transcripts", "SecretSharing"]),
    library(
      "KeyGeneration",
      ["Identifiers", "Secrets", "Curves", "Transcripts", "SecretSharing", "Signatures", "PublicKeys", "Rounds"]),
    library(
      "ThresholdSchnorr",
      [
        "Identifiers", "Secrets", "Curves", "Transcripts", "SecretSharing", "Signatures", "PublicKeys", "Aggregation",
        "Rounds", "KeyGeneration",
      ]),
    library(
      "ThresholdECDSA",
      [
        "Identifiers", "Secrets", "Curves", "Transcripts", "SecretSharing", "Signatures", "PublicKeys", "Aggregation",
        "Rounds", .crypto,
      ]),
    library(
      "ThresholdBLS",
      [
        "Identifiers", "Secrets", "Curves", "Transcripts", "SecretSharing", "PublicKeys", "Aggregation",
        "KeyGeneration",
      ]),
    library("ActionNames", ["CSodium"]),
    library("Wire", ["Identifiers", "Curves", "Transcripts", "Signatures", "ActionNames", .crypto, .protobuf]),
    library("Attestation", ["Identifiers", "Secrets", "Transcripts", .crypto, .cryptoExtras, .asn1, .certificates]),
    library(
      "Membership",
      [
        "Identifiers", "Transcripts", "Signatures", "SigningContent", "PublicKeys", "ActionNames", "Wire",
        "Attestation",
      ]),
    library("EthereumChain", ["Identifiers", "Signatures", "SigningContent", "Wire"]),
    library(
      "EthereumRPC",
      [
        "Identifiers", "Signatures", "SigningContent", "Wire", "EthereumChain", .nioCore, .nioPosix, .nioHTTP1,
        .nioSSL, .metrics,
      ]),
    library(
      "ChainRegistry",
      [
        "Identifiers", "Signatures", "SigningContent", "PublicKeys", "Wire", "Membership", "EthereumChain",
        "EthereumRPC", .metrics,
      ]),
    library(
      "Authorization",
      [
        "Identifiers", "Curves", "Transcripts", "SecretSharing", "Signatures", "SigningContent", "PublicKeys",
        "ActionNames", "Wire", "Membership", .crypto,
      ]),
    library(
      "PeerLink",
      [
        "Identifiers", "Secrets", "Transcripts", "Signatures", "Wire", "Attestation", "Membership",
        .crypto, .nioCore, .nioPosix, .nioSSL, .nioTLS, .nioHTTP1, .certificates, .asn1, .logging, .metrics,
      ]),
    library("Vault", ["Identifiers", "Secrets", "Transcripts", .grdb, .crypto]),
    library("Actions", ["CProcess", "CSodium", "Identifiers", "Secrets", "ActionNames"]),
    library(
      "ActionFetch",
      ["Identifiers", "ActionNames", "Actions", .nioCore, .nioPosix, .nioHTTP1, .nioSSL]),
    library(
      "Node",
      [
        "Identifiers", "Secrets", "Curves", "Transcripts", "SecretSharing", "Signatures", "PublicKeys", "Aggregation",
        "IdentityEncryption", "Rounds", "KeyGeneration", "ThresholdSchnorr", "ThresholdBLS", "ThresholdECDSA",
        "ActionNames", "SigningContent", "Wire", "Attestation", "Membership", "EthereumChain", "EthereumRPC",
        "ChainRegistry", "Authorization", "PeerLink", "Vault", "Actions", "ActionFetch", .crypto, .logging, .metrics,
        .serviceLifecycle,
      ]),
    library(
      "NodeHTTP",
      [
        "Identifiers", "Wire", "Node", "PeerLink", "Attestation", .crypto, .hummingbird, .hummingbirdCore, .logging,
        .metrics, .nioCore, .nioPosix, .nioSSL, .nioHTTP1, .serviceLifecycle,
      ]),
    library(
      "Client",
      [
        "Identifiers", "Secrets", "Curves", "Transcripts", "SecretSharing", "Signatures", "PublicKeys", "Aggregation",
        "IdentityEncryption", "ActionNames", "Wire", "Attestation", "Membership", "Authorization", "PeerLink",
        "EthereumRPC", "ChainRegistry", .crypto,
        .nioCore, .nioPosix, .nioSSL, .nioHTTP1, .logging,
      ]),
    library("LoopbackPorts", []),
    library(
      "QuorateCommands",
      [
        "Identifiers", "Secrets", "Transcripts", "SecretSharing", "Signatures", "SigningContent", "PublicKeys",
        "IdentityEncryption", "ActionNames", "Actions", "Wire", "Attestation", "Membership", "Authorization",
        "EthereumChain", "EthereumRPC", "ChainRegistry", "PeerLink", "Vault", "Node", "NodeHTTP", "Client",
        "LoopbackPorts", .argumentParser, .crypto,
        .logging, .metrics, .serviceLifecycle, .unixSignals,
      ]),
    .executableTarget(name: "quorate", dependencies: ["QuorateCommands", .argumentParser], swiftSettings: strict),

    library(
      "Benchmarks",
      [
        "Identifiers", "Secrets", "Curves", "SecretSharing", "Signatures", "PublicKeys", "Aggregation",
        "IdentityEncryption", "Rounds", "KeyGeneration", "ThresholdSchnorr", "ThresholdECDSA", "ThresholdBLS",
        "ProtocolTestKit", "ChainTestKit", "EthereumRPC", "ChainRegistry", "Wire", "Attestation", "Membership",
        "Authorization", "PeerLink", "ActionNames", "Actions", "Node", "Client", "QuorateCommands", .crypto,
        .cryptoExtras, .asn1, .certificates, .nioCore, .nioPosix, .nioSSL, .nioTLS, .logging, .metrics,
      ]),
    .executableTarget(name: "bench", dependencies: ["Benchmarks"], swiftSettings: strict),

    library(
      "FuzzTargets",
      [
        "Identifiers", "Secrets", "Curves", "SigningContent", "Signatures", "PublicKeys", "IdentityEncryption",
        "Rounds", "Wire", "Attestation", "Membership", "Authorization", "EthereumChain", "EthereumRPC", "ChainRegistry",
        "ChainTestKit", .crypto, .asn1, .certificates,
      ]),

    library("ProtocolTestKit", ["Identifiers", "Secrets", "Curves", "Transcripts", "SecretSharing", "Rounds"]),
    library(
      "NodeTestKit",
      [
        "Identifiers", "Secrets", "Transcripts", "SigningContent", "Signatures", "PublicKeys", "ActionNames", "Actions",
        "Wire", "Attestation", "Membership", "Authorization", "PeerLink", "Vault", "Node", "NodeHTTP", "Client",
        "ProtocolTestKit", "LoopbackPorts", "EthereumChain", "EthereumRPC", "ChainRegistry", "ChainTestKit", .logging,
      ]),

    library(
      "ChainTestKit",
      [
        "Identifiers", "Secrets", "Signatures", "SigningContent", "Wire", "PublicKeys", "Membership", "EthereumChain",
        "EthereumRPC", "ChainRegistry",
      ]),

    tests("IdentifiersTests", ["Identifiers"]),
    tests("LoopbackPortsTests", ["LoopbackPorts"]),
    tests("SecretsTests", ["Secrets"]),
    tests("CurvesTests", ["Curves", "Identifiers", "Secrets", "ProtocolTestKit", "CBlst", "CSodium"]),
    tests("TranscriptsTests", ["Transcripts", "Identifiers", "Secrets", "ProtocolTestKit"]),
    tests(
      "SecretSharingTests", ["SecretSharing", "Curves", "Secrets", "Identifiers", "Transcripts", "ProtocolTestKit"]),
    tests("SignaturesTests", ["Signatures", "Curves", "Identifiers", "Secrets", "Transcripts", "ProtocolTestKit"]),
    tests(
      "SigningContentTests",
      ["SigningContent", "Signatures", "Curves", "Identifiers", "Secrets", "Transcripts", "ProtocolTestKit"]),
    tests("IdentityEncryptionTests", ["IdentityEncryption", "Curves", "Identifiers", "Secrets", "ProtocolTestKit"]),
    tests(
      "PublicKeysTests",
      [
        "PublicKeys", "SecretSharing", "Signatures", "Curves", "Identifiers", "Secrets", "Transcripts",
        "ProtocolTestKit",
      ]),
    tests(
      "AggregationTests",
      [
        "Aggregation", "PublicKeys", "SecretSharing", "Signatures", "IdentityEncryption", "Curves", "Identifiers",
        "Secrets", "Transcripts", "ProtocolTestKit",
      ]),
    tests("RoundsTests", ["Rounds", "SecretSharing", "Identifiers", "Secrets", "Transcripts", "ProtocolTestKit"]),
    tests(
      "KeyGenerationTests",
      [
        "KeyGeneration", "Rounds", "PublicKeys", "SecretSharing", "Signatures", "Curves", "Identifiers", "Secrets",
        "Transcripts", "ProtocolTestKit",
      ]),
    tests(
      "ThresholdSchnorrTests",
      [
        "ThresholdSchnorr", "Aggregation", "KeyGeneration", "Rounds", "PublicKeys", "SecretSharing", "Signatures",
        "Curves", "Identifiers", "Secrets", "Transcripts", "ProtocolTestKit",
      ]),
    tests(
      "ThresholdECDSATests",
      [
        "ThresholdECDSA", "Aggregation", "Rounds", "PublicKeys", "SecretSharing", "Signatures",
        "Curves", "Identifiers", "Secrets", "Transcripts", "ProtocolTestKit",
      ]),
    tests(
      "ThresholdBLSTests",
      [
        "ThresholdBLS", "ThresholdSchnorr", "Aggregation", "KeyGeneration", "PublicKeys", "SecretSharing", "Signatures",
        "IdentityEncryption", "Rounds", "Curves", "Identifiers", "Secrets", "Transcripts", "ProtocolTestKit",
      ]),
    tests(
      "WireTests",
      [
        "Wire", "ActionNames", "Identifiers", "Signatures", "Transcripts", "Secrets", "ProtocolTestKit", .crypto,
        .protobuf,
      ]),
    tests(
      "AttestationTests",
      [
        "Attestation", "Identifiers", "Secrets", "Transcripts", "ProtocolTestKit", .crypto, .cryptoExtras, .asn1,
        .certificates,
      ]),
    tests(
      "MembershipTests",
      [
        "Membership", "Wire", "ActionNames", "PublicKeys", "Signatures", "SigningContent", "Identifiers", "Transcripts",
        "Secrets", "ProtocolTestKit", "Attestation",
      ]),
    tests(
      "EthereumChainTests",
      ["EthereumChain", "Identifiers", "Signatures", "SigningContent", "Wire", "ProtocolTestKit"], exclude: ["Vectors"]),
    tests(
      "EthereumRPCTests",
      [
        "EthereumRPC", "EthereumChain", "Identifiers", "Secrets", "Signatures", "SigningContent", "Wire",
        "ProtocolTestKit", "ChainTestKit", .metrics, .metricsTestKit, .nioCore, .nioPosix, .nioHTTP1, .nioSSL,
      ]),
    tests(
      "ChainRegistryTests",
      [
        "ChainRegistry", "EthereumRPC", "EthereumChain", "Membership", "PublicKeys", "Identifiers", "Secrets",
        "Signatures", "SigningContent", "Transcripts", "Wire", "ProtocolTestKit", "ChainTestKit", .metrics,
        .metricsTestKit,
      ]),
    tests(
      "AuthorizationTests",
      [
        "Authorization", "Membership", "Wire", "ActionNames", "PublicKeys", "SecretSharing", "Signatures",
        "SigningContent", "Curves", "Identifiers", "Transcripts", "Secrets", "ProtocolTestKit", .crypto,
      ]),
    tests(
      "PeerLinkTests",
      [
        "PeerLink", "Attestation", "Membership", "Wire", "Signatures", "Identifiers", "Transcripts", "Secrets",
        "ProtocolTestKit", .crypto, .asn1, .certificates, .nioCore, .nioPosix, .nioSSL, .nioTLS, .logging,
        .metricsTestKit,
      ]),
    tests("VaultTests", ["Vault", "Identifiers", "Secrets", "Transcripts", "ProtocolTestKit", .grdb]),
    tests("ActionNamesTests", ["ActionNames"]),
    tests(
      "ActionFetchTests",
      [
        "ActionFetch", "ActionNames", "Actions", "Identifiers", .nioCore, .nioPosix, .nioHTTP1, .nioSSL, .crypto,
        .certificates, .asn1,
      ]),
    tests("ActionsTests", ["Actions", "ActionNames", "Identifiers", "Secrets"], exclude: ["Escapes", "Hostile"]),
    tests(
      "NodeTests",
      [
        "Node", "NodeHTTP", "NodeTestKit", "Client", "PeerLink", "Authorization", "Membership", "Attestation", "Wire",
        "KeyGeneration", "ThresholdSchnorr", "ThresholdBLS", "ThresholdECDSA", "Aggregation", "Rounds", "PublicKeys",
        "SecretSharing", "SigningContent", "Signatures", "Curves", "Identifiers", "Secrets", "Transcripts", "Vault",
        "ProtocolTestKit", "ActionNames", "Actions", "ActionFetch", "IdentityEncryption", "QuorateCommands",
        "EthereumChain", "EthereumRPC", "ChainRegistry", "ChainTestKit", .crypto, .cryptoExtras, .logging, .metrics,
        .nioCore, .nioPosix, .nioSSL, .serviceLifecycle,
      ]),
    tests(
      "ClientTests",
      [
        "Client", "Aggregation", "Authorization", "Membership", "Wire", "ActionNames", "Attestation", "PeerLink",
        "PublicKeys", "IdentityEncryption", "SecretSharing", "Signatures", "Curves", "Identifiers", "Secrets",
        "Transcripts",
        "ProtocolTestKit", .crypto, .nioCore, .nioEmbedded, .nioHTTP1,
      ]),
    tests(
      "QuorateCommandsTests",
      [
        "QuorateCommands", "Client", "Authorization", "ActionNames", "IdentityEncryption", "Membership", "Node",
        "PublicKeys", "EthereumChain", "EthereumRPC", "ChainRegistry", "ChainTestKit",
        "SigningContent", "Signatures", "Transcripts", "Vault", "Wire", "Attestation", "Curves", "Identifiers",
        "Secrets", "LoopbackPorts",
        "ProtocolTestKit", .argumentParser,
      ]),
    tests(
      "FuzzTargetsTests",
      [
        "FuzzTargets", "ProtocolTestKit", "ChainTestKit", "EthereumChain", "EthereumRPC", "ActionNames",
        "SigningContent", "Authorization", "Membership", "Attestation",
        "Wire", "Rounds",
        "KeyGeneration", "ThresholdSchnorr", "PublicKeys", "IdentityEncryption", "SecretSharing", "Signatures",
        "Curves", "Identifiers", "Secrets", "Transcripts", .crypto,
      ]),
    tests(
      "EndToEndTests",
      [
        "quorate", "QuorateCommands", "NodeTestKit", "ChainTestKit", "EthereumRPC", "ActionNames", "Actions", "Client",
        "Authorization", "Membership", "PeerLink", "Node", "Vault", "Wire", "IdentityEncryption", "Signatures",
        "Identifiers", "Transcripts", "Secrets", "ProtocolTestKit",
      ]),
  ] + (isFuzzing ? fuzzing : []) + (isCheckingTime ? checkingTime : []),
  swiftLanguageModes: [.v6]
)
