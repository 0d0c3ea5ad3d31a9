internal import Identifiers
internal import Secrets

/// A node's sealed, durable memory: identity key, key shares, and the records that keep a restarted node from doing
/// something twice. Nothing else of a node touches the disk.
///
/// Every change is one transaction with synchronous writes; a method that returned has its effect on disk, one that threw
/// has none. Rows that were swapped, cut, or taken from an older copy are refused one by one. An older copy of the *whole*
/// file is not noticed without a counter outside the disk. It cannot bring back a nonce or a request, since neither is
/// ever written and requests name the instance made at this boot; it can bring back shares of an epoch, which the registry
/// then does not name; and a second key certificate for an epoch would still need the signature of every member.
public actor Vault {
  private let executor = VaultExecutor()
  let storage: RowStorage
  private let seal: RowSeal
  private let mark: VaultMark
  private var manifest: Manifest
  private var isClosed = false

  public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

  /// Opens the vault of `owner`, or makes it.
  public init(
    _ place: VaultPlace, owner: VaultOwner, sealing: some SealingKeyProvider
  ) throws(VaultError) {
    let key = try sealing.sealingKey()
    guard key.count == 32 else { throw .sealingKeyUnavailable(reason: "a sealing key has 32 bytes") }
    try self.init(storage: RowStorage(place), seal: RowSeal(key: key, owner: owner))
  }

  init(storage: RowStorage, seal: RowSeal) throws(VaultError) {
    self.storage = storage
    self.seal = seal
    if let mark = try storage.mark() {
      self.mark = mark
      manifest = try Self.readManifest(storage, seal, mark)
      try Self.checkPresence(storage, manifest)
    } else {
      var random = SystemRandom()
      let mark = VaultMark(bytes: random.bytes(VaultMark.byteCount))
      self.mark = mark
      manifest = Manifest()
      try storage.commit(
        writing: [Self.row(of: manifest, seal, mark)], deleting: [], mark: mark)
    }
  }

  public func close() {
    isClosed = true
    storage.close()
  }
}

extension Vault {
  func addresses(of kind: RowKind) -> [RowAddress] {
    manifest.rows.keys.filter { $0.kind == kind }.sorted {
      ($0.epoch, Hex.encode($0.id)) < ($1.epoch, Hex.encode($1.id))
    }
  }

  func read(_ address: RowAddress) throws(VaultError) -> SecretBytes? {
    guard !isClosed else { throw .closed }
    guard let generation = manifest.rows[address] else { return nil }
    guard let row = try storage.row(at: address) else { throw .rowRefused(address, .missing) }
    guard row.generation == generation else { throw .rowRefused(address, .otherGeneration) }
    return try seal.open(row.sealed, at: address, generation: generation, vault: mark)
  }

  func write(_ content: borrowing SecretBytes, at address: RowAddress, deleting: [RowAddress] = []) throws(VaultError) {
    var next = manifest
    try next.apply(RowChange(writes: [address], deletes: deleting))
    let sealed = try seal.seal(content, at: address, generation: next.generation, vault: mark)
    try commit(next, [RowStorage.Row(address: address, generation: next.generation, sealed: sealed)], deleting)
  }

  func delete(_ addresses: [RowAddress]) throws(VaultError) {
    guard !addresses.isEmpty else { return }
    var next = manifest
    try next.apply(RowChange(deletes: addresses))
    try commit(next, [], addresses)
  }

  private func commit(_ next: Manifest, _ rows: [RowStorage.Row], _ deletes: [RowAddress]) throws(VaultError) {
    guard !isClosed else { throw .closed }
    do {
      try storage.commit(writing: rows + [Self.row(of: next, seal, mark)], deleting: deletes, mark: nil)
      manifest = next
      if !deletes.isEmpty { try storage.dropLog() }
    } catch {
      // Whether a failed write reached the disk is unknown; only reading the file again tells.
      switch error {
      case .storage(.inputOutput), .storage(.damaged): close()
      default: break
      }
      throw error
    }
  }
}

extension Vault {
  private static func readManifest(
    _ storage: RowStorage, _ seal: RowSeal, _ mark: VaultMark
  ) throws(VaultError) -> Manifest {
    guard let row = try storage.row(at: Manifest.address) else { throw .manifestRefused }
    let content: SecretBytes
    do {
      content = try seal.open(row.sealed, at: Manifest.address, generation: row.generation, vault: mark)
    } catch {
      throw .manifestRefused
    }
    let manifest = try Manifest(encoded: unsafe content.withUnsafeBytes { unsafe [UInt8]($0) })
    guard manifest.generation == row.generation else { throw .manifestRefused }
    return manifest
  }

  /// Refuses the whole vault at once when its set of rows is not the one written, instead of failing later in a session.
  private static func checkPresence(_ storage: RowStorage, _ manifest: Manifest) throws(VaultError) {
    var found: Set<RowAddress> = []
    for row in try storage.allRows(limit: Manifest.rowLimit + 2) where row.address != Manifest.address {
      guard let generation = manifest.rows[row.address] else { throw .rowRefused(row.address, .unexpected) }
      guard row.generation == generation else { throw .rowRefused(row.address, .otherGeneration) }
      found.insert(row.address)
    }
    for address in manifest.rows.keys where !found.contains(address) { throw .rowRefused(address, .missing) }
  }

  private static func row(
    of manifest: Manifest, _ seal: RowSeal, _ mark: VaultMark
  ) throws(VaultError) -> RowStorage.Row {
    let content = SecretBytes(copying: manifest.encoded)
    return RowStorage.Row(
      address: Manifest.address, generation: manifest.generation,
      sealed: try seal.seal(content, at: Manifest.address, generation: manifest.generation, vault: mark))
  }
}
