#if os(Linux)
  import Glibc
  import Secrets
  import Testing

  /// Looks at memory after its owner let go of it, through the kernel: the language has no way to.
  /// In order: a hardened process may not look at its own memory either.
  @Suite(.serialized) struct ProcessMemoryTests {
    static let pattern = (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ 89) }

    /// How many of the bytes at `address` are still those of the pattern.
    func survivors(at address: UInt) throws -> Int {
      let memory = unsafe open("/proc/self/mem", O_RDONLY)
      try #require(memory >= 0)
      defer { close(memory) }
      var bytes = [UInt8](repeating: 0, count: Self.pattern.count)
      let count = unsafe pread(memory, &bytes, bytes.count, off_t(address))
      return zip(bytes, Self.pattern).prefix(max(count, 0)).filter { $0 == $1 && $1 != 0 }.count
    }

    func address(_ secret: borrowing SecretBytes) -> UInt {
      unsafe secret.withUnsafePointer { UInt(bitPattern: $0) }
    }

    @Test func `a secret is seen while it lives and gone when it was dropped`() throws {
      var place: UInt = 0
      do {
        let secret = SecretBytes(copying: Self.pattern)
        place = address(secret)
        #expect(try survivors(at: place) == Self.pattern.filter { $0 != 0 }.count)
        _ = secret.count
      }
      // The allocator may write a few words of its own, and one byte in 256 agrees by chance.
      #expect(try survivors(at: place) < 128)
    }

    @Test func `a secret is wiped when an error ends its scope`() throws {
      struct Failure: Error {}
      var place: UInt = 0
      #expect(throws: Failure.self) {
        let secret = SecretBytes(copying: Self.pattern)
        place = address(secret)
        throw Failure()
      }
      #expect(place != 0)
      #expect(try survivors(at: place) < 128)
    }

    @Test func `a hardened process writes no core file`() throws {
      try ProcessHardening.apply()
      var limit = rlimit()
      #expect(unsafe getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit) == 0)
      #expect(limit.rlim_cur == 0)
      #expect(limit.rlim_max == 0)
    }
  }
#endif
