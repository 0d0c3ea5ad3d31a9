// Whoever holds a decryption key, or `t` shares of one, opens the data for ever: no text form has them in it.

extension DecryptionShare: CustomStringConvertible, CustomReflectable {
  public var description: String { "DecryptionShare(of: \(party))" }
  public var customMirror: Mirror { Mirror(self, children: ["party": party]) }
}

extension DecryptionKey: CustomStringConvertible, CustomReflectable {
  public var description: String { "DecryptionKey" }
  public var customMirror: Mirror { Mirror(self, children: ["culprits": culprits]) }
}
