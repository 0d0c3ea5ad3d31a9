internal import Crypto

/// `expand_message_xmd` of RFC 9380 section 5.3.1.
public enum ExpandMessage {
  public static func xmdSHA256(_ message: [UInt8], domain: [UInt8], count: Int) -> [UInt8] {
    expand(SHA256.self, blockSize: 64, message, domain, count)
  }

  public static func xmdSHA512(_ message: [UInt8], domain: [UInt8], count: Int) -> [UInt8] {
    expand(SHA512.self, blockSize: 128, message, domain, count)
  }

  private static func expand<Hash: HashFunction>(
    _: Hash.Type, blockSize: Int, _ message: [UInt8], _ domain: [UInt8], _ count: Int
  ) -> [UInt8] {
    precondition(count <= 255 * Hash.Digest.byteCount, "the caller asks for a fixed length within the RFC's limit")
    // Section 5.3.3: a domain above 255 bytes is replaced by its hash.
    let tag = domain.count <= 255 ? domain : [UInt8](Hash.hash(data: [UInt8]("H2C-OVERSIZE-DST-".utf8) + domain))
    let domainPrime = tag + [UInt8(truncatingIfNeeded: tag.count)]
    let lengthBytes = [UInt8(truncatingIfNeeded: count >> 8), UInt8(truncatingIfNeeded: count)]
    let zeros = [UInt8](repeating: 0, count: blockSize)
    let first = [UInt8](Hash.hash(data: zeros + message + lengthBytes + [0] + domainPrime))
    var block = [UInt8](Hash.hash(data: first + [1] + domainPrime))
    var output = block
    var index: UInt8 = 2
    while output.count < count {
      block = [UInt8](Hash.hash(data: zip(first, block).map { $0 ^ $1 } + [index] + domainPrime))
      output += block
      index &+= 1
    }
    return [UInt8](output.prefix(count))
  }
}
