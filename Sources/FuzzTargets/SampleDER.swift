/// DER of the few shapes that certificates and revocation lists of makers are built of.
enum SampleDER {
  static func tagged(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
    var length: [UInt8] = []
    var rest = content.count
    repeat {
      length.insert(UInt8(truncatingIfNeeded: rest), at: 0)
      rest >>= 8
    } while rest > 0
    return [tag] + (content.count < 128 ? length : [0x80 | UInt8(length.count)] + length) + content
  }

  static func sequence(_ parts: [UInt8]...) -> [UInt8] { tagged(0x30, parts.flatMap(\.self)) }
  /// Of one byte.
  static func integer(_ value: UInt8) -> [UInt8] { tagged(0x02, value < 128 ? [value] : [0, value]) }
  static func octets(_ bytes: [UInt8]) -> [UInt8] { tagged(0x04, bytes) }
  static func bits(_ bytes: [UInt8]) -> [UInt8] { tagged(0x03, [0] + bytes) }
  static func name(_ encoded: UInt8...) -> [UInt8] { tagged(0x06, encoded) }
  static func text(_ text: String) -> [UInt8] { tagged(0x16, Array(text.utf8)) }
  static func time(_ text: String) -> [UInt8] { tagged(0x18, Array(text.utf8)) }
  static func explicit(_ number: UInt8, _ content: [UInt8]) -> [UInt8] { tagged(0xA0 | number, content) }

  /// A distinguished name of one common name.
  static func common(_ name: String) -> [UInt8] {
    sequence(tagged(0x31, sequence(self.name(0x55, 0x04, 0x03), tagged(0x0C, Array(name.utf8)))))
  }
}
