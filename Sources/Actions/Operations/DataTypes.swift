public struct EncryptionOrder: Sendable, Hashable {
  /// JSON as the action wrote it.
  public let conditions: String
  public let plaintext: [UInt8]
}

public struct EncryptedData: Sendable, Hashable {
  /// As the interface shows it: base64.
  public let ciphertext: String
  /// SHA-256 of the plaintext, hexadecimal.
  public let dataHash: String

  public init(ciphertext: String, dataHash: String) {
    self.ciphertext = ciphertext
    self.dataHash = dataHash
  }
}

public struct DecryptionOrder: Sendable, Hashable {
  /// JSON as the action wrote it.
  public let conditions: String
  public let ciphertext: String
  public let dataHash: String
  /// JSON; nil for the caller's own.
  public let authSig: String?
  /// Nil where the action named none.
  public let chain: String?
  /// Only the leader of the quorum learns the plaintext.
  public let isForLeaderOnly: Bool
}

public struct ConditionCheck: Sendable, Hashable {
  /// JSON as the action wrote it.
  public let conditions: String
  /// JSON; nil for the caller's own.
  public let authSig: String?
  /// Nil where the action named none.
  public let chain: String?
}

public struct FetchRequest: Sendable, Hashable {
  /// Absolute, `http` or `https` as the worker says; judge it again.
  public let url: String
  public let method: String
  public let headers: [FetchHeader]
  public let body: [UInt8]?
  public let redirect: Redirect

  public init(url: String, method: String, headers: [FetchHeader], body: [UInt8]?, redirect: Redirect) {
    self.url = url
    self.method = method
    self.headers = headers
    self.body = body
    self.redirect = redirect
  }

  public enum Redirect: String, Sendable, Hashable {
    case follow, error, manual
  }
}

public struct FetchHeader: Sendable, Hashable {
  public let name: String
  public let value: String

  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

public struct FetchResponse: Sendable, Hashable {
  /// 200…599.
  public let status: Int
  public let statusText: String
  public let headers: [FetchHeader]
  public let body: [UInt8]
  /// After redirects.
  public let url: String
  public let isRedirected: Bool

  public init(
    status: Int, statusText: String = "", headers: [FetchHeader], body: [UInt8], url: String,
    isRedirected: Bool = false
  ) {
    self.status = status
    self.statusText = statusText
    self.headers = headers
    self.body = body
    self.url = url
    self.isRedirected = isRedirected
  }
}
