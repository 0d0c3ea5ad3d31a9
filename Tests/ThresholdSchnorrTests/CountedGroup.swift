import Curves
import PublicKeys
import Secrets
import Signatures
import Synchronization

/// ristretto255 that counts multiplications of elements by scalars, for the task that asks.
enum CountedGroup: PrimeOrderGroup {
  typealias Scalar = Ristretto255.Scalar
  typealias Element = CountedElement
  typealias SecretArithmetic = CountedSecrets

  final class Counter: Sendable {
    private let multiplications = Atomic<Int>(0)

    var value: Int { multiplications.load(ordering: .relaxed) }
    func add(_ count: Int) { multiplications.add(count, ordering: .relaxed) }
  }

  @TaskLocal static var counter: Counter?

  static func count<Result>(_ body: () throws -> Result) rethrows -> (result: Result, multiplications: Int) {
    let counter = Counter()
    let result = try $counter.withValue(counter, operation: body)
    return (result, counter.value)
  }

  static var name: String { Ristretto255.name }
  static var scalarByteCount: Int { Ristretto255.scalarByteCount }
  static var elementByteCount: Int { Ristretto255.elementByteCount }
  static var generator: CountedElement { CountedElement(base: Ristretto255.generator) }

  static func hashToScalar(_ message: [UInt8], domain: [UInt8]) -> Scalar {
    Ristretto255.hashToScalar(message, domain: domain)
  }

  static func scalar(reducingWide bytes: [UInt8]) throws(CurveError) -> Scalar {
    try Ristretto255.scalar(reducingWide: bytes)
  }
}

struct CountedElement: GroupElement {
  typealias Scalar = Ristretto255.Scalar

  let base: Ristretto255.Element

  init(base: Ristretto255.Element) { self.base = base }

  init(canonicalBytes: some Collection<UInt8>) throws(CurveError) {
    base = try Ristretto255.Element(canonicalBytes: canonicalBytes)
  }

  static var identity: Self { Self(base: .identity) }
  var isIdentity: Bool { base.isIdentity }
  var canonicalBytes: [UInt8] { base.canonicalBytes }

  static func + (left: Self, right: Self) -> Self { Self(base: left.base + right.base) }
  static prefix func - (value: Self) -> Self { Self(base: -value.base) }

  func multiplied(by scalar: Scalar) -> Self {
    CountedGroup.counter?.add(1)
    return Self(base: base.multiplied(by: scalar))
  }
}

enum CountedSecrets: SecretScalarArithmetic {
  private typealias Arithmetic = Ristretto255.SecretArithmetic

  static func add(_ result: UnsafeMutableRawPointer, _ left: UnsafeRawPointer, _ right: UnsafeRawPointer) {
    unsafe Arithmetic.add(result, left, right)
  }

  static func multiply(_ result: UnsafeMutableRawPointer, _ left: UnsafeRawPointer, _ right: UnsafeRawPointer) {
    unsafe Arithmetic.multiply(result, left, right)
  }

  static func negate(_ result: UnsafeMutableRawPointer, _ value: UnsafeRawPointer) {
    unsafe Arithmetic.negate(result, value)
  }

  static func reduceWide(_ result: UnsafeMutableRawPointer, _ wide: UnsafeRawPointer) {
    unsafe Arithmetic.reduceWide(result, wide)
  }

  static func isCanonical(_ value: UnsafeRawPointer) -> Bool {
    unsafe Arithmetic.isCanonical(value)
  }

  static func multiplyGenerator(_ scalar: UnsafeRawPointer) -> CountedElement {
    CountedGroup.counter?.add(1)
    return unsafe CountedElement(base: Arithmetic.multiplyGenerator(scalar))
  }

  static func multiply(_ element: CountedElement, by scalar: UnsafeRawPointer) -> CountedElement {
    CountedGroup.counter?.add(1)
    return unsafe CountedElement(base: Arithmetic.multiply(element.base, by: scalar))
  }
}

/// FROST(ristretto255, SHA-512) over the counting group.
enum CountedSuite: CertifiedSchnorrSuite {
  typealias Group = CountedGroup

  static var purpose: KeyPurpose { .ristretto255Sign }
  static var contextString: String { FROSTRistretto255.contextString }

  static func bindingFactor(_ input: [UInt8]) -> CountedGroup.Scalar { FROSTRistretto255.bindingFactor(input) }

  static func challenge(
    groupCommitment: CountedElement, publicKey: CountedElement, message: [UInt8]
  ) -> CountedGroup.Scalar {
    FROSTRistretto255.challenge(
      groupCommitment: groupCommitment.base, publicKey: publicKey.base, message: message)
  }

  static func nonce(_ input: borrowing SecretBytes) -> SecretScalar<CountedGroup> {
    SecretScalar(FROSTRistretto255.nonce(input).declassified())
  }

  static func messageDigest(_ message: [UInt8]) -> [UInt8] { FROSTRistretto255.messageDigest(message) }

  static func commitmentListDigest(_ encodedCommitments: [UInt8]) -> [UInt8] {
    FROSTRistretto255.commitmentListDigest(encodedCommitments)
  }

  static func isValid(signature: [UInt8], message: [UInt8], publicKey: CountedElement) -> Bool {
    FROSTRistretto255.isValid(signature: signature, message: message, publicKey: publicKey.base)
  }
}
