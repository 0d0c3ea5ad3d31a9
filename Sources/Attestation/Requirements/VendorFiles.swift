import Foundation
import Synchronization

/// What makers say of their platforms, from the files of one folder, which somebody keeps fresh.
///
/// Every file counts for itself as far as its maker signed it. A folder that is not there says nothing.
public final class VendorFiles: VendorKnowledgeSource {
  /// How many files are looked at, in the order of their names.
  public static let maximumCount = 64

  private struct Stamp: Hashable {
    let name: String
    let size: Int
    let changed: Date
  }

  private struct State {
    var stamps: [Stamp] = []
    var knowledge: VendorKnowledge
    var number: UInt64 = 0
    var problems: [String] = []
  }

  public let folder: String
  private let roots: EvidenceRoots
  private let state: Mutex<State>

  /// Reads the files that are there now.
  public convenience init(folder: String) {
    self.init(folder: folder, roots: .pinned)
  }

  init(folder: String, roots: EvidenceRoots) {
    self.folder = folder
    self.roots = roots
    state = Mutex(State(knowledge: VendorKnowledge(roots: roots)))
    refresh()
  }

  public var current: CurrentKnowledge {
    state.withLock { CurrentKnowledge(knowledge: $0.knowledge, number: $0.number) }
  }

  /// Files that say nothing that counts, and why; for the operator.
  public var problems: [String] { state.withLock(\.problems) }

  /// Looks at the folder, and reads its files where one of them changed.
  ///
  /// - Returns: whether anything did.
  @discardableResult
  public func refresh() -> Bool {
    let stamps = stamps()
    guard state.withLock({ $0.stamps != stamps }) else { return false }
    var knowledge = VendorKnowledge(roots: roots)
    var problems: [String] = []
    for stamp in stamps {
      do {
        guard stamp.size <= IntelCollateral.maximumSize else { throw EvidenceReadingError.collateral("too large") }
        try knowledge.add(Array(Data(contentsOf: URL(filePath: "\(folder)/\(stamp.name)"))))
      } catch let error as EvidenceReadingError {
        problems.append("\(stamp.name): \(error)")
      } catch {
        problems.append("\(stamp.name) cannot be read")
      }
    }
    state.withLock { state in
      state.stamps = stamps
      state.knowledge = knowledge
      state.number &+= 1
      state.problems = problems
    }
    return true
  }

  private func stamps() -> [Stamp] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let stamps = names.filter { !$0.hasPrefix(".") }.sorted().compactMap { name -> Stamp? in
      guard let attributes = try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)"),
        attributes[.type] as? FileAttributeType != .typeDirectory
      else { return nil }
      return Stamp(
        name: name, size: (attributes[.size] as? NSNumber)?.intValue ?? .max,
        changed: attributes[.modificationDate] as? Date ?? .distantPast)
    }
    return Array(stamps.prefix(Self.maximumCount))
  }
}
