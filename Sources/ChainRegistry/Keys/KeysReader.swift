import EthereumChain
import EthereumRPC
import Identifiers

/// Everything `Keys` holds at one block.
struct KeysContent: Sendable {
  let overview: KeysOverview
  let pages: [KeyPage]
}

/// Reads what of `Keys` changed.
struct KeysReader: Sendable {
  let address: WalletAddress
  let network: NetworkID
  let endpoints: EndpointSet
  /// What a reading that failed had got already.
  let shelf: KeyShelf

  /// - Parameters:
  ///   - digest: what the contract's first slot holds at `block`.
  ///   - previous: what was read before; pages whose digests are the same are not read again.
  func read(
    _ digest: Digest32, at block: AgreedBlock, after previous: KeysContent?
  ) async throws(ChainTrouble) -> KeysContent {
    let overview = try await endpoints.read(
      address, [try StakingReader.data(KeysContract.overview)], at: block
    ) { answers in
      answers.first.flatMap { try? KeysOverview($0) }.flatMap { $0.stateDigest == digest ? $0 : nil }
    }
    guard overview.count <= KeysContract.entryLimit else { throw .notARegistry("key entries") }
    guard overview.count > 0 else { return KeysContent(overview: overview, pages: []) }

    var calls: [[UInt8]] = []
    for first in stride(from: 0, to: overview.pageCount, by: KeysContract.digestsPerCall) {
      calls.append(
        try StakingReader.data(
          KeysContract.pageDigests, [.uint(UInt64(first)), .uint(UInt64(KeysContract.digestsPerCall))]))
    }
    let digests = try await endpoints.read(address, calls, at: block) { overview.pageDigests(in: $0) }

    // Entries move when others are taken off, so a page is known by its digest wherever it lay.
    var known = Dictionary((previous?.pages ?? []).map { ($0.digest, $0) }, uniquingKeysWith: { first, _ in first })
    shelf.keep(only: Set(digests))
    known.merge(shelf.pages) { first, _ in first }
    let missing = digests.enumerated().filter { known[$1] == nil }
    let found = try await pages(missing.map { ($0, $1) }, overview, at: block)
    for page in found { known[page.digest] = page }
    let pages = digests.compactMap { known[$0] }
    guard pages.count == digests.count else { throw .notObtainable }
    shelf.empty()
    return KeysContent(overview: overview, pages: pages)
  }

  /// How many pages are read at a time.
  private static let pagesAtOnce = 8

  private func pages(
    _ missing: [(place: Int, digest: Digest32)], _ overview: KeysOverview, at block: AgreedBlock
  ) async throws(ChainTrouble) -> [KeyPage] {
    let results = await withTaskGroup(of: Result<KeyPage, ChainTrouble>.self) { group in
      var results: [Result<KeyPage, ChainTrouble>] = []
      var (next, running, hasFailed) = (0, 0, false)
      while true {
        while !hasFailed, running < Self.pagesAtOnce, next < missing.count {
          let (place, digest) = missing[next]
          group.addTask { [self] in
            do throws(ChainTrouble) {
              let page = try await page(place, digest, overview, at: block)
              shelf.put(page)
              return .success(page)
            } catch {
              return .failure(error)
            }
          }
          next += 1
          running += 1
        }
        guard let result = await group.next() else { return results }
        running -= 1
        if case .failure = result { hasFailed = true }
        results.append(result)
      }
    }
    var pages: [KeyPage] = []
    for result in results { pages.append(try result.get()) }
    return pages
  }

  private func page(
    _ place: Int, _ digest: Digest32, _ overview: KeysOverview, at block: AgreedBlock
  ) async throws(ChainTrouble) -> KeyPage {
    let count = overview.entryCount(ofPage: place)
    var calls: [[UInt8]] = []
    for first in stride(from: 0, to: count, by: KeysContract.entriesPerCall) {
      calls.append(
        try StakingReader.data(
          KeysContract.entries,
          [
            .uint(UInt64(place * ContractTree.pageSize + first)),
            .uint(UInt64(min(KeysContract.entriesPerCall, count - first))),
          ]))
    }
    return try await endpoints.read(address, calls, at: block) { [network] answers in
      KeyPage(answers, count: count, digest: digest, network: network)
    }
  }
}
