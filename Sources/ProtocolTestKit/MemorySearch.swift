#if os(Linux)
  import Glibc
  public import Secrets

  /// Looks for secrets in all writable memory of this process, as a core dump would hold it.
  ///
  /// It remembers every secret masked, so that it does not find its own notes, and has the one it looks for in clear in
  /// one place only, which it leaves out like the buffer it reads memory into.
  @safe public final class MemorySearch {
    private static let mask: UInt8 = 0xa5
    private static let chunkByteCount = 1 << 20
    private static let longest = 128

    private var masked: [(name: String, bytes: [UInt8])] = []
    private let chunk = UnsafeMutableRawPointer.allocate(byteCount: chunkByteCount + longest, alignment: 4096)
    private let needle = UnsafeMutableRawPointer.allocate(byteCount: longest, alignment: 4096)

    public init() {
      unsafe chunk.initializeMemory(as: UInt8.self, repeating: 0, count: Self.chunkByteCount + Self.longest)
      unsafe needle.initializeMemory(as: UInt8.self, repeating: 0, count: Self.longest)
    }

    deinit {
      unsafe chunk.deallocate()
      unsafe needle.deallocate()
    }

    public var names: Set<String> { Set(masked.map(\.name)) }

    /// Remembers a secret of 16 to 128 bytes, in both byte orders: libraries turn numbers round.
    public func remember(_ secret: borrowing SecretBytes, as name: String) {
      unsafe secret.withUnsafeBytes { bytes in
        var forward: [UInt8] = []
        for index in 0..<bytes.count { forward.append(unsafe bytes[index] ^ Self.mask) }
        masked.append((name, forward))
        masked.append((name, forward.reversed()))
      }
    }

    /// The names of the secrets that are somewhere in memory.
    public func findings() throws -> Set<String> {
      var found: Set<String> = []
      let memory = unsafe open("/proc/self/mem", O_RDONLY)
      guard memory >= 0 else { throw CannotRead() }
      defer { close(memory) }
      for range in try writableRanges() {
        var start = range.lowerBound
        while start < range.upperBound {
          let wanted = min(UInt(Self.chunkByteCount + Self.longest), range.upperBound - start)
          let count = unsafe pread(memory, chunk, Int(wanted), off_t(start))
          if count <= 0 { break }
          for (name, bytes) in masked where !found.contains(name) {
            if contains(bytes, in: count, from: start) { found.insert(name) }
          }
          start += UInt(Self.chunkByteCount)
        }
      }
      unsafe memset(chunk, 0, Self.chunkByteCount + Self.longest)
      return found
    }

    private func contains(_ bytes: [UInt8], in count: Int, from address: UInt) -> Bool {
      for (place, byte) in bytes.enumerated() {
        unsafe needle.storeBytes(of: byte ^ Self.mask, toByteOffset: place, as: UInt8.self)
      }
      defer { unsafe memset(needle, 0, Self.longest) }
      // Memory is full of zeros: looks for a byte that is rarer.
      let anchor = bytes.firstIndex { ![0, 1, 0xff].contains($0 ^ Self.mask) } ?? 0
      let rare = Int32(bytes[anchor] ^ Self.mask)
      var start = anchor
      let end = count - bytes.count + anchor + 1
      while start < end, let hit = unsafe memchr(chunk + start, rare, end - start) {
        let place = unsafe UnsafeRawPointer(hit) - UnsafeRawPointer(chunk)
        let isFound = unsafe memcmp(chunk + (place - anchor), needle, bytes.count) == 0
        if isFound, !isOurs(address + UInt(place - anchor)) { return true }
        start = place + 1
      }
      return false
    }

    private func isOurs(_ address: UInt) -> Bool {
      let chunkStart = unsafe UInt(bitPattern: chunk)
      let needleStart = unsafe UInt(bitPattern: needle)
      return chunkStart..<chunkStart + UInt(Self.chunkByteCount + Self.longest) ~= address
        || needleStart..<needleStart + UInt(Self.longest) ~= address
    }

    private func writableRanges() throws -> [Range<UInt>] {
      let ranges = try maps().split(separator: "\n").compactMap { line -> Range<UInt>? in
        let parts = line.split(separator: " ", maxSplits: 2)
        let ends = parts[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
        guard parts.count > 1, parts[1].hasPrefix("rw"), ends.count == 2, ends[0] < ends[1] else { return nil }
        return ends[0]..<ends[1]
      }
      // Its own notes lie in writable memory: without them the list is not whole.
      let notes = unsafe UInt(bitPattern: needle)
      guard ranges.contains(where: { $0.contains(notes) }) else { throw CannotRead() }
      return ranges
    }

    /// Read to the end by hand: such a file has no size, and whoever asks for one gets its beginning.
    private func maps() throws -> String {
      let file = unsafe open("/proc/self/maps", O_RDONLY)
      guard file >= 0 else { throw CannotRead() }
      defer { close(file) }
      var text: [UInt8] = []
      var piece = [UInt8](repeating: 0, count: 4096)
      while true {
        let count = unsafe read(file, &piece, piece.count)
        guard count > 0 else { break }
        text += piece.prefix(count)
      }
      return String(decoding: text, as: UTF8.self)
    }

    public struct CannotRead: Error {}
  }
#endif
