/// DER written by hand, so that tests can write what no library would.
enum DERBytes {
  static func tagged(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
    let count = content.count
    let length: [UInt8] =
      switch count {
      case 0..<128: [UInt8(count)]
      case 128..<256: [0x81, UInt8(count)]
      default: [0x82, UInt8(count >> 8), UInt8(count & 255)]
      }
    return [tag] + length + content
  }

  static func sequence(_ parts: [UInt8]...) -> [UInt8] { tagged(0x30, parts.flatMap(\.self)) }
  static func integer(_ value: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = value
    repeat {
      bytes.insert(UInt8(rest & 255), at: 0)
      rest >>= 8
    } while rest > 0
    if bytes[0] > 127 { bytes.insert(0, at: 0) }
    return tagged(0x02, bytes)
  }
  static func octets(_ bytes: [UInt8]) -> [UInt8] { tagged(0x04, bytes) }
  static func bits(_ bytes: [UInt8], unused: UInt8 = 0) -> [UInt8] { tagged(0x03, [unused] + bytes) }
  static func text(_ text: String) -> [UInt8] { tagged(0x16, Array(text.utf8)) }
  static func time(_ text: String) -> [UInt8] { tagged(0x18, Array(text.utf8)) }
  static func explicit(_ number: UInt8, _ content: [UInt8]) -> [UInt8] { tagged(0xA0 | number, content) }

  /// - Parameter name: arcs after 1.3.6.1.4.1.3704.1.
  static func amd(_ name: UInt8..., value: [UInt8]) -> [UInt8] {
    sequence(tagged(0x06, [0x2B, 0x06, 0x01, 0x04, 0x01, 0x9C, 0x78, 0x01] + name), octets(value))
  }

  /// A name of one common name.
  static func name(_ common: String) -> [UInt8] {
    sequence(tagged(0x31, sequence(tagged(0x06, [0x55, 0x04, 0x03]), tagged(0x0C, Array(common.utf8)))))
  }

  static let authority: [UInt8] =
    sequence(tagged(0x06, [0x55, 0x1D, 0x13]), [0x01, 0x01, 0xFF], octets(sequence([0x01, 0x01, 0xFF])))
    + sequence(tagged(0x06, [0x55, 0x1D, 0x0F]), [0x01, 0x01, 0xFF], octets([0x03, 0x02, 0x01, 0x06]))
}
