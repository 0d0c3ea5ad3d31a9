/// One decoder that bytes of a stranger reach, together with what must hold whatever the bytes are.
///
/// The fuzzer and an ordinary test run the same targets. A trap is a finding by itself; a ``BrokenPromise`` is one that
/// the process survives.
public struct FuzzTarget: Sendable {
  public enum Verdict: Sendable, Hashable {
    case refused
    case accepted
  }

  /// Also the name of the target's folder of seeds.
  public let name: String
  private let decode: @Sendable ([UInt8]) throws -> Void

  public init(_ name: String, decode: @escaping @Sendable ([UInt8]) throws -> Void) {
    self.name = name
    self.decode = decode
  }

  public func judge(_ bytes: [UInt8]) throws(BrokenPromise) -> Verdict {
    do {
      try decode(bytes)
      return .accepted
    } catch let broken as BrokenPromise {
      throw broken
    } catch {
      return .refused
    }
  }

  public static let all: [FuzzTarget] =
    peerTargets + requestTargets + certificateTargets + hardwareTargets + registryTargets + encryptionTargets
    + answerTargets + contentTargets + chainTargets
}

/// Something a decoder accepted and should not have, or cannot write again.
public struct BrokenPromise: Error, Sendable, Hashable {
  public let promise: String

  init(_ promise: String) {
    self.promise = promise
  }
}

extension FuzzTarget {
  /// For formats with one encoding of every value: what is read is written as the same bytes.
  public static func exact<Value: Sendable>(
    _ name: String, decode: @escaping @Sendable ([UInt8]) throws -> Value,
    encode: @escaping @Sendable (Value) throws -> [UInt8], also: @escaping @Sendable (Value) throws -> Void = { _ in }
  ) -> FuzzTarget {
    FuzzTarget(name) { bytes in
      let value = try decode(bytes)
      try require(try? encode(value) == bytes, "what was read is written as the same bytes")
      try also(value)
    }
  }

  /// For formats that may be written in several ways: what is read is written so that it reads as the same value, and
  /// what we write has one form.
  public static func stable<Value: Equatable & Sendable>(
    _ name: String, decode: @escaping @Sendable ([UInt8]) throws -> Value,
    encode: @escaping @Sendable (Value) throws -> [UInt8], also: @escaping @Sendable (Value) throws -> Void = { _ in }
  ) -> FuzzTarget {
    FuzzTarget(name) { bytes in
      try requireStable(try decode(bytes), decode: decode, encode: encode)
      try also(try decode(bytes))
    }
  }

  static func requireStable<Value: Equatable>(
    _ value: Value, decode: ([UInt8]) throws -> Value, encode: (Value) throws -> [UInt8]
  ) throws(BrokenPromise) {
    guard let written = try? encode(value) else { throw BrokenPromise("what was read can be written") }
    guard let again = try? decode(written) else { throw BrokenPromise("what was written can be read") }
    try require(again == value, "what was read is written as the same value")
    try require(try? encode(again) == written, "what is written has one form")
  }

  /// For what need not be accepted for the whole to be.
  static func whereAccepted(_ part: () throws -> Void) throws(BrokenPromise) {
    do { try part() } catch let broken as BrokenPromise { throw broken } catch {}
  }

  static func require(_ holds: Bool?, _ promise: String) throws(BrokenPromise) {
    guard holds == true else { throw BrokenPromise(promise) }
  }
}
