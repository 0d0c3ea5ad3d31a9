public import ActionNames
internal import Actions
public import Identifiers
public import NIOSSL

/// Gets the code of actions by their names from gateways the operator chose.
///
/// A gateway is asked for the bytes as they are and believed nothing: bytes of another name are not the action. So what
/// is found never changes, and is kept.
public actor ActionGateways {
  /// Bytes of code that are kept, the last used ones.
  public static let mostKept = 16 << 20
  /// Actions that are kept; the smallest cost more to remember than they have bytes.
  static let mostActions = 256
  private static let placeholder = "{}"

  private let templates: [String]
  private let client: FetchClient
  private var kept: [ActionID: [UInt8]] = [:]
  /// The first was not used for the longest time.
  private var order: [ActionID] = []

  /// - Parameters:
  ///   - templates: URLs in which `{}` stands for the name of an action, such as `http://127.0.0.1:8080/ipfs/{}`. They
  ///     may be anywhere, for the operator chose them; redirects are not followed.
  ///   - mostCode: bytes of one action.
  public init(
    templates: [String], mostCode: Int, trustRoots: NIOSSLTrustRoots = .default,
    clock: any LocalClock = SystemClock()
  ) throws {
    self.templates = templates
    var limits = FetchLimits()
    limits.body = mostCode
    client = try FetchClient(
      addresses: AddressGuard(allowing: NetworkPrefix.everything), limits: limits, trustRoots: trustRoots, clock: clock)
  }

  /// Whether a text can be one of the templates.
  public static func isTemplate(_ text: String) -> Bool {
    let parts = text.components(around: placeholder)
    return parts.count == 2 && FetchTarget(parts.joined(separator: "Qm"), limit: FetchLimits().url) != nil
  }

  /// Asks one gateway after the other; nil where none has it.
  public func code(of action: ActionID) async -> [UInt8]? {
    if let code = kept[action] {
      use(action)
      return code
    }
    for template in templates {
      let url = template.components(around: Self.placeholder).joined(separator: action.text)
      let request = FetchRequest(
        url: url, method: "GET", headers: [FetchHeader("accept", "application/octet-stream, */*")], body: nil,
        redirect: .error)
      guard let answer = try? await client.fetch(request), answer.status == 200,
        ActionID(of: answer.body) == action
      else { continue }
      keep(answer.body, of: action)
      return answer.body
    }
    return nil
  }

  var keptCount: Int { kept.count }
  var keptBytes: Int { kept.values.reduce(0) { $0 + $1.count } }

  private func use(_ action: ActionID) {
    order.removeAll { $0 == action }
    order.append(action)
  }

  private func keep(_ code: [UInt8], of action: ActionID) {
    guard code.count <= Self.mostKept else { return }
    kept[action] = code
    use(action)
    while keptBytes > Self.mostKept || order.count > Self.mostActions, let oldest = order.first {
      order.removeFirst()
      kept[oldest] = nil
    }
  }
}

extension NetworkPrefix {
  /// For what the operator chose.
  static let everything = ["0.0.0.0/0", "::/0"].compactMap { NetworkPrefix(text: $0) }
}

extension String {
  fileprivate func components(around separator: String) -> [String] {
    split(separator: separator, omittingEmptySubsequences: false).map(String.init)
  }
}
