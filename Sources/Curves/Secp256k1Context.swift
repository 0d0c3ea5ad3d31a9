internal import CSecp256k1
internal import Secrets

/// The library context: created and blinded once, then only read.
enum Secp256k1Context {
  /// Sendable, and safe to hold: after `randomize` the library treats the context as constant, which its documentation allows from any
  /// number of threads.
  @safe private struct Shared: @unchecked Sendable {
    let pointer: OpaquePointer?
  }

  private static let shared: Shared = {
    let context = unsafe secp256k1_context_create(UInt32(SECP256K1_CONTEXT_NONE))
    var random = SystemRandom()
    let seed = SecretBytes(count: 32, from: &random)
    if let context = unsafe context {
      _ = unsafe seed.withUnsafePointer {
        unsafe secp256k1_context_randomize(context, $0.assumingMemoryBound(to: UInt8.self))
      }
    }
    return unsafe Shared(pointer: context)
  }()

  /// Runs `body` with the context; `nil` only when the library could not allocate one.
  static func use<Result>(_ body: (OpaquePointer) -> Result) -> Result? {
    guard let context = unsafe shared.pointer else { return nil }
    return unsafe body(context)
  }
}
