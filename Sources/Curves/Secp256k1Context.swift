internal import CSecp256k1
internal import Secrets

/// The library context: created and blinded once, then only read.
package enum Secp256k1Context {
  /// Sendable, and safe to hold: after `randomize` the context is constant, and the library allows any number of
  /// threads to use a constant context at once.
  @safe private struct Shared: @unchecked Sendable {
    let pointer: OpaquePointer
  }

  private static let shared: Shared = {
    let context = unsafe secp256k1_context_create_or_abort()
    var random = SystemRandom()
    let seed = SecretBytes(count: 32, from: &random)
    _ = unsafe seed.withUnsafePointer {
      unsafe secp256k1_context_randomize(context, $0.assumingMemoryBound(to: UInt8.self))
    }
    return unsafe Shared(pointer: context)
  }()

  package static func use<Result>(_ body: (OpaquePointer) -> Result) -> Result {
    unsafe body(shared.pointer)
  }
}
