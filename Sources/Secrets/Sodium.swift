import CSodium

/// libsodium picks its implementations once; guarded memory and its random generator need that done first.
enum Sodium {
  static let isReady: Bool = sodium_init() >= 0
}
