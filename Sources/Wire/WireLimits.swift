/// How large what a user or a node sends over HTTP may be, in bytes unless said otherwise.
public enum WireLimits {
  /// Any request or response body on the client port.
  public static let body = 1 << 20
  /// The decoded payload of a request.
  public static let payload = 640 << 10
  /// A message to sign of kind `message`.
  public static let message = 256 << 10
  /// Bytes to sign untouched.
  public static let raw = 64 << 10
  /// A message to sign of kind `eip191`, and a document of kind `eip712`.
  public static let personalMessage = 64 << 10
  public static let typedData = 64 << 10
  /// An unsigned Ethereum transaction.
  public static let transaction = 128 << 10
  /// A partially signed Bitcoin transaction.
  public static let psbt = 384 << 10
  /// A decryption policy.
  public static let policy = 16 << 10
  /// The code of an action that comes with its request, and its parameters.
  public static let code = 256 << 10
  public static let parameters = 128 << 10
  /// What an action answers, what it prints, and what its code throws.
  public static let response = 100 << 10
  public static let logs = 100 << 10
  public static let failureText = 8 << 10
  /// How many signatures an action may ask for, the name of one, and what is signed by it.
  public static let signaturesOfAction = 10
  public static let nameOfSignature = 128
  public static let contentOfAction = 8 << 10
  /// How many operations that failed a node tells of in one run, and the name of one.
  public static let failedOperations = 8
  public static let nameOfOperation = 256
  /// The text of a capability.
  public static let capability = 16 << 10
  /// What a contract takes for its wallet's signature.
  public static let contractSignature = 4 << 10
  /// Members of one quorum, and of one network.
  public static let members = 64
  /// The JSON of a reply's body.
  public static let replyBody = 512 << 10
  /// Evidence, and the binding that comes with it.
  public static let evidence = 16 << 10
  /// How many seconds a request may live.
  public static let requestLifetime: Int64 = 300
  /// The random bytes that make a request single-use.
  public static let nonce = 16
}
