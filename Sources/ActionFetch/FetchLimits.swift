/// How much one `fetch` may take; beside it the run counts how many there are.
public struct FetchLimits: Sendable, Hashable {
  /// From the first look-up to the last byte, redirects included.
  public var time: Duration = .seconds(10)
  /// For one connection, TLS apart.
  public var connecting: Duration = .seconds(4)
  /// Bytes of the answer's body.
  public var body = 4 << 20
  /// Bytes of the URL, and of all names and values of headers that are sent.
  public var url = 8 << 10
  public var headers = 32 << 10
  public var redirects = 5

  public init() {}
}
