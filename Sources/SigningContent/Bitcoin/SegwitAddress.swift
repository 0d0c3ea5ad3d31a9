/// A native segregated-witness address (BIP-173, BIP-350): version 0 in bech32, 1 to 16 in bech32m.
public struct SegwitAddress: Sendable, Hashable {
  public let network: BitcoinNetwork
  /// 0 to 16.
  public let version: UInt8
  /// 20 or 32 bytes in version 0, else 2 to 40.
  public let program: [UInt8]

  /// Accepts all lower and all upper case, as BIP-173 asks.
  public init?(text: String) {
    guard let (prefix, values, variant) = Bech32.decode(text),
      let network = BitcoinNetwork.allCases.first(where: { $0.prefix.utf8.elementsEqual(prefix) }),
      let version = values.first, (variant == .bech32) == (version == 0),
      let program = Bech32.regroup(Array(values.dropFirst()), from: 5, to: 8, pads: false)
    else { return nil }
    self.init(network: network, version: version, program: program)
  }

  /// The address of an output's script; nil where it is none of segregated witness.
  public init?(script: [UInt8], network: BitcoinNetwork) {
    guard script.count >= 4, let first = script.first, Int(script[1]) == script.count - 2 else { return nil }
    switch first {
    case 0x00: self.init(network: network, version: 0, program: Array(script.dropFirst(2)))
    case 0x51...0x60: self.init(network: network, version: first - 0x50, program: Array(script.dropFirst(2)))
    default: return nil
    }
  }

  private init?(network: BitcoinNetwork, version: UInt8, program: [UInt8]) {
    guard version <= 16, (2...40).contains(program.count), version != 0 || [20, 32].contains(program.count) else {
      return nil
    }
    self.network = network
    self.version = version
    self.program = program
  }

  /// What an output that pays this address has as script.
  public var script: [UInt8] {
    [version == 0 ? 0 : 0x50 + version, UInt8(truncatingIfNeeded: program.count)] + program
  }

  public var text: String { Bech32.segwitText(version: version, program: program, network: network) }
}

extension Bech32 {
  static func segwitText(version: UInt8, program: [UInt8], network: BitcoinNetwork) -> String {
    encode(
      prefix: network.prefix, values: [version] + (regroup(program, from: 8, to: 5, pads: true) ?? []),
      variant: version == 0 ? .bech32 : .bech32m)
  }
}
