internal import Identifiers
internal import Rounds
internal import SecretSharing
internal import Wire

extension Envelope {
  init(_ frame: SessionFrame) {
    self.init(session: frame.session, round: frame.round, channel: Channel(frame.channel), payload: frame.payload)
  }

  init(_ frame: NetworkSessionFrame) {
    self.init(session: frame.session, round: frame.round, channel: Channel(frame.channel), payload: frame.payload)
  }
}

extension Channel {
  init(_ channel: FrameChannel) {
    self =
      switch channel {
      case .direct: .direct
      case .broadcast: .broadcast
      case .echo: .echo
      case .abort: .abort
      }
  }

  var frameChannel: FrameChannel {
    switch self {
    case .direct: .direct
    case .broadcast: .broadcast
    case .echo: .echo
    case .abort: .abort
    }
  }
}

/// A protocol's way out for a session of a request.
struct RequestTransport: SessionTransport {
  let sessions: RequestSessions
  let route: RouteID
  let nodes: [PartyID: NodeID]

  func send(_ envelope: Envelope, to party: PartyID) async {
    guard let node = nodes[party] else { return }
    let frame = SessionFrame(
      session: envelope.session, route: route, round: envelope.round, channel: envelope.channel.frameChannel,
      payload: envelope.payload)
    await sessions.send(frame, to: node)
  }
}

/// A protocol's way out for a network session.
struct NetworkTransport: SessionTransport {
  let nodes: [PartyID: NodeID]
  let send: @Sendable (PeerFrame, NodeID) async -> Void

  func send(_ envelope: Envelope, to party: PartyID) async {
    guard let node = nodes[party] else { return }
    let frame = NetworkSessionFrame(
      session: envelope.session, round: envelope.round, channel: envelope.channel.frameChannel,
      payload: envelope.payload)
    await send(.networkSession(frame), node)
  }
}
