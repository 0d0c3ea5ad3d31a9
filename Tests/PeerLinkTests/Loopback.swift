import Testing

/// Tests with real sockets and real deadlines run one after the other, so that a busy machine does not look like a dead
/// peer.
@Suite(.serialized, .timeLimit(.minutes(2))) enum Loopback {}
