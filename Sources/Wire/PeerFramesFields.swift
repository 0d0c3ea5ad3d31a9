import Foundation
import Identifiers
import SwiftProtobuf

/// One check for each kind of field, the same in both directions.
enum FrameField {
  static func identifier<Kind>(_ name: String, _ bytes: Data) throws(PeerFrameError) -> Identifier<Kind> {
    do {
      return try Identifier(bytes: bytes)
    } catch {
      throw .invalidField(name)
    }
  }

  static func bytes(_ name: String, _ bytes: Data, upTo limit: Int) throws(PeerFrameError) -> [UInt8] {
    guard bytes.count <= limit else { throw .invalidField(name) }
    return [UInt8](bytes)
  }

  static func signature(_ bytes: Data) throws(PeerFrameError) -> [UInt8] {
    guard bytes.count == 64 else { throw .invalidField("signature") }
    return [UInt8](bytes)
  }

  static func round(_ value: UInt32) throws(PeerFrameError) -> UInt8 {
    guard let round = UInt8(exactly: value) else { throw .invalidField("round") }
    return round
  }

  static func label(_ name: String, _ text: String) throws(PeerFrameError) -> String {
    let allowed = text.utf8.allSatisfy { character in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(character)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(character) || character == UInt8(ascii: "-")
    }
    guard allowed, (1...PeerFrameLimits.purpose).contains(text.utf8.count) else { throw .invalidField(name) }
    return text
  }
}

extension FrameChannel {
  init(_ channel: ProtoChannel) throws(PeerFrameError) {
    switch channel {
    case .direct: self = .direct
    case .broadcast: self = .broadcast
    case .echo: self = .echo
    case .abort: self = .abort
    case .unspecified, .UNRECOGNIZED: throw .invalidField("channel")
    }
  }

  var proto: ProtoChannel {
    switch self {
    case .direct: .direct
    case .broadcast: .broadcast
    case .echo: .echo
    case .abort: .abort
    }
  }
}

extension RegistryPosition {
  init(_ position: ProtoRegistryPosition) throws(PeerFrameError) {
    self.init(number: position.number, digest: try FrameField.identifier("digest", position.digest))
  }

  var proto: ProtoRegistryPosition {
    .with {
      $0.number = number
      $0.digest = Data(digest.bytes)
    }
  }
}

extension PeerHello {
  init(_ hello: ProtoHello) throws(PeerFrameError) {
    self.init(
      version: hello.version, network: try FrameField.identifier("network", hello.network), epoch: hello.epoch,
      from: try FrameField.identifier("from", hello.from), to: try FrameField.identifier("to", hello.to),
      instance: try FrameField.identifier("instance", hello.instance),
      nonce: try FrameField.identifier("nonce", hello.nonce),
      registry: try RegistryPosition(hello.registry))
  }

  var proto: ProtoHello {
    .with {
      $0.version = version
      $0.network = Data(network.bytes)
      $0.epoch = epoch
      $0.from = Data(from.bytes)
      $0.to = Data(to.bytes)
      $0.instance = Data(instance.bytes)
      $0.nonce = Data(nonce.bytes)
      $0.registry = registry.proto
    }
  }
}

extension PeerFrame {
  var proto: ProtoEnvelope.OneOf_Frame {
    switch self {
    case .session(let frame):
      .session(
        .with {
          $0.session = Data(frame.session.bytes)
          $0.route = Data(frame.route.bytes)
          $0.round = UInt32(frame.round)
          $0.channel = frame.channel.proto
          $0.payload = Data(frame.payload)
        })
    case .want(let session):
      .want(.with { $0.session = Data(session.bytes) })
    case .networkNonce(let frame):
      .networkNonce(
        .with {
          $0.epoch = frame.epoch
          $0.purpose = frame.purpose
          $0.attempt = frame.attempt
          $0.nonce = Data(frame.nonce.bytes)
        })
    case .networkSession(let frame):
      .networkSession(
        .with {
          $0.session = Data(frame.session.bytes)
          $0.round = UInt32(frame.round)
          $0.channel = frame.channel.proto
          $0.payload = Data(frame.payload)
        })
    case .certificateSignature(let frame):
      .certificateSignature(
        .with {
          $0.epoch = frame.epoch
          $0.digest = Data(frame.digest.bytes)
          $0.signature = Data(frame.signature)
        })
    case .certificateAcknowledgement(let frame):
      .certificateAcknowledgement(
        .with {
          $0.epoch = frame.epoch
          $0.digest = Data(frame.digest.bytes)
        })
    case .certificateAbsence(let frame):
      .certificateAbsence(
        .with {
          $0.epoch = frame.epoch
          $0.digest = Data(frame.digest.bytes)
        })
    case .certificateRequest(let epoch):
      .certificateRequest(.with { $0.epoch = epoch })
    case .certificate(let frame):
      .certificate(
        .with {
          $0.epoch = frame.epoch
          $0.encoded = Data(frame.encoded)
        })
    }
  }
}
