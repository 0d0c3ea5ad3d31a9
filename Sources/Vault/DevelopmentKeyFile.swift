#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
public import Secrets

/// A sealing key in a file beside the vault, made at first use. DEVELOPMENT ONLY: whoever reads the disk reads the key,
/// so the seal protects against mixed-up and damaged rows but not against the machine's owner.
public struct DevelopmentKeyFile: SealingKeyProvider {
  private static let keyByteCount = 32
  private let path: String

  public init(path: String) {
    self.path = path
  }

  public func sealingKey() throws(VaultError) -> SecretBytes {
    let descriptor = unsafe open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0o600)
    if descriptor >= 0 { return try create(descriptor) }
    guard errno == EEXIST else { throw refusal("cannot be made", errno) }
    return try read()
  }

  private func create(_ descriptor: Int32) throws(VaultError) -> SecretBytes {
    defer { close(descriptor) }
    var random = SystemRandom()
    let key = SecretBytes(count: Self.keyByteCount, from: &random)
    let written = unsafe key.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
    guard written == Self.keyByteCount, fsync(descriptor) == 0 else {
      let cause = errno
      unsafe unlink(path)
      throw refusal("cannot be written", cause)
    }
    return key
  }

  private func read() throws(VaultError) -> SecretBytes {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { throw refusal("cannot be opened", errno) }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw refusal("cannot be examined", errno) }
    guard status.st_mode & 0o077 == 0 else {
      throw .sealingKeyUnavailable(reason: "\(path) is readable by others: set its mode to 0600")
    }
    guard status.st_size == Self.keyByteCount else {
      throw .sealingKeyUnavailable(reason: "\(path) is not a sealing key")
    }
    var key = SecretBytes(zeroed: Self.keyByteCount)
    let count = unsafe key.withUnsafeMutableBytes { unsafe Self.readAll(descriptor, into: $0) }
    guard count == Self.keyByteCount else { throw refusal("cannot be read", errno) }
    return key
  }

  private static func readAll(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    var filled = 0
    while filled < buffer.count {
      let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      #if canImport(Glibc)
        let count = unsafe Glibc.read(descriptor, rest.baseAddress, rest.count)
      #else
        let count = unsafe Darwin.read(descriptor, rest.baseAddress, rest.count)
      #endif
      guard count > 0 else { break }
      filled += count
    }
    return filled
  }

  private func refusal(_ what: String, _ code: Int32) -> VaultError {
    .sealingKeyUnavailable(reason: "\(path) \(what) (error \(code))")
  }
}
