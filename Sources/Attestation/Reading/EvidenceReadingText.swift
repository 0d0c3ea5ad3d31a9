public import Identifiers

extension EvidenceReading {
  /// Lines for people. Whatever evidence says of itself is shown in printable ASCII only.
  public var lines: [String] {
    let width = facts.map(\.name.count).max() ?? 0
    func row(_ name: String, _ value: String) -> String {
      name + String(repeating: " ", count: max(0, width - name.count) + 2) + Self.printable(value)
    }
    var lines = [row("kind", kind.text)]
    for fact in facts {
      for (place, value) in fact.values.enumerated() { lines.append(row(place == 0 ? fact.name : "", value)) }
    }
    lines += failed.map { "failed: " + Self.printable($0.description) }
    lines.append(verdict)
    return lines
  }

  /// In one line.
  public var verdict: String {
    switch (isAccepted, hasPolicy) {
    case (true, true): "accepted by this policy at \(time)"
    case (true, false): "genuine at \(time); no policy was given, so that nobody judged which code and machine it is of"
    case (false, _): "refused at \(time)"
    }
  }

  /// Facts by name, each a text or a list of texts; `failed` has `check` and `detail`.
  public var json: JSONValue {
    .object([
      JSONMember("kind", .string(kind.text)), JSONMember("accepted", .bool(isAccepted)),
      JSONMember("policy", .bool(hasPolicy)), JSONMember("at", .string(time.description)),
      JSONMember(
        "facts",
        .object(
          facts.map { fact in
            JSONMember(
              fact.name,
              fact.isList ? .array(fact.values.map { .string($0) }) : .string(fact.values.first ?? ""))
          })),
      JSONMember(
        "checks",
        .array(
          checks.map {
            .object([JSONMember("check", .string($0.check.rawValue)), JSONMember("state", .string($0.state.rawValue))])
          })),
      JSONMember(
        "failed",
        .array(
          failed.map {
            .object([JSONMember("check", .string($0.check.rawValue)), JSONMember("detail", .string($0.detail))])
          })),
    ])
  }

  static func printable(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { (32...126).contains($0.value) ? $0 : "?" }))
  }
}
