/// TCB_VERSION: one security version for each part of a platform's firmware.
public struct SNPFirmware: Sendable, Hashable, CustomStringConvertible {
  static let byteCount = 8

  /// Where the versions lie in the eight bytes.
  enum Layout: Sendable, Hashable {
    /// Milan and Genoa.
    case first
    /// Turin, which has one part more.
    case second
  }

  /// Firmware of the Turin secure processor's microcontroller; zero where there is none.
  public var microcontroller: UInt8
  public var bootLoader: UInt8
  public var tee: UInt8
  public var snp: UInt8
  public var microcode: UInt8

  public init(microcontroller: UInt8 = 0, bootLoader: UInt8, tee: UInt8, snp: UInt8, microcode: UInt8) {
    self.microcontroller = microcontroller
    self.bootLoader = bootLoader
    self.tee = tee
    self.snp = snp
    self.microcode = microcode
  }

  /// Whether no part is older than in `other`. Two platforms may each have a part that is older than the other's.
  public func isAtLeast(_ other: SNPFirmware) -> Bool {
    microcontroller >= other.microcontroller && bootLoader >= other.bootLoader && tee >= other.tee && snp >= other.snp
      && microcode >= other.microcode
  }

  public var description: String {
    "fmc \(microcontroller), boot loader \(bootLoader), tee \(tee), snp \(snp), microcode \(microcode)"
  }
}

extension SNPFirmware {
  /// - Parameter bytes: eight.
  init(_ bytes: [UInt8], layout: Layout) {
    switch layout {
    case .first: self.init(bootLoader: bytes[0], tee: bytes[1], snp: bytes[6], microcode: bytes[7])
    case .second:
      self.init(
        microcontroller: bytes[0], bootLoader: bytes[1], tee: bytes[2], snp: bytes[3], microcode: bytes[7])
    }
  }

  var bytes: [UInt8] { bytes(layout: .first) }

  func bytes(layout: Layout) -> [UInt8] {
    switch layout {
    case .first: [bootLoader, tee, 0, 0, 0, 0, snp, microcode]
    case .second: [microcontroller, bootLoader, tee, snp, 0, 0, 0, microcode]
    }
  }
}
