import ActionFetch
import ActionNames
import Client
import Foundation
import Identifiers
import NIOCore
import NIOPosix
import NodeTestKit
import Signatures
import Synchronization
import Testing
import Wire

@testable import Node

/// Actions that ask a chain, through their nodes' own endpoints.
@Suite(.serialized) struct `Actions ask chains` {
  @Test(.needsSandbox, .timeLimit(.minutes(3)))
  func `contracts are called and nonces read at the operator's endpoint, counted, and errors are the action's`()
    async throws
  {
    let asking = Action(
      """
      (async () => {
        const chain = "local";
        const said = [
          await Lit.Actions.callContract({ chain, txn: jsParams.call }),
          await Lit.Actions.getLatestNonce({ chain, address: jsParams.address }),
        ];
        const attempts = [
          () => Lit.Actions.callContract({ chain, txn: jsParams.reverting }),
          () => Lit.Actions.callContract({ chain: "gone", txn: jsParams.call }),
        ];
        for (const attempt of attempts) {
          try {
            said.push(await attempt());
          } catch (error) {
            said.push(error.message);
          }
        }
        if ("more" in jsParams) for (;;) await Lit.Actions.getLatestNonce({ chain, address: jsParams.address });
        Lit.Actions.setResponse({ response: JSON.stringify(said) });
      })();
      """)
    let server = try await ChainServer.start()
    var outside = ActionSurroundings()
    outside.chains = try ChainEndpoints(urls: [
      "local": "http://127.0.0.1:\(server.port)/", "gone": "http://127.0.0.1:1/",
    ])
    try await withActionNetwork(outside: outside) { network in
      let user = try TestUser(of: network)
      func parameters(_ more: String) throws -> String {
        """
        {"call":"0x\(Hex.encode(try ContractCallTests.transaction()))",\
        "reverting":"0x\(Hex.encode(try ContractCallTests.transaction(data: ChainServer.reverting)))",\
        "address":"\(user.wallet.address)"\(more)}
        """
      }
      let result = try await asking.run(by: user, parameters(""))
      #expect(
        result.response == """
          ["0x2a","0x7","Lit.Actions.callContract: reverted with 0x08c379a0",\
          "Lit.Actions.callContract: the chain gone does not answer"]
          """, "\(String(describing: result.failure))")
      #expect(result.usage.values.allSatisfy { $0.contractCalls == 4 && $0.fetches == 0 })
      // Every node asked by itself.
      #expect(server.requests.count == 4 * 3)
      let address = "0x1111111111111111111111111111111111111111"
      #expect(
        server.requests.contains(
          #"{"jsonrpc":"2.0","id":1,"method":"eth_call","params":[{"to":"\#(address)","gas":"0x989680","#
            + #""data":"0x01020304"},"latest"]}"#))

      let beyond = try await asking.run(by: user, parameters(#","more":1"#))
      #expect(beyond.failure == .limit(.contractCalls))
      #expect(beyond.usage.values.allSatisfy { $0.contractCalls == 30 })
    }
    try await server.stop()
  }
}

/// A chain's node on loopback that knows three answers.
private final class ChainServer: Sendable {
  static let reverting: [UInt8] = [0xff]

  private let channel: any Channel
  private let record: Record

  final class Record: Sendable {
    private let all = Mutex<[String]>([])
    func add(_ text: String) { all.withLock { $0.append(text) } }
    var list: [String] { all.withLock(\.self) }
  }

  private init(channel: any Channel, record: Record) {
    self.channel = channel
    self.record = record
  }

  var port: Int { channel.localAddress?.port ?? 0 }
  /// The bodies.
  var requests: [String] { record.list }

  static func start() async throws -> ChainServer {
    let record = Record()
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Responder(record))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    return ChainServer(channel: channel, record: record)
  }

  func stop() async throws { try await channel.close() }

  private final class Responder: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let record: Record
    private var received = ""

    init(_ record: Record) { self.record = record }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      let buffer = unwrapInboundIn(data)
      received += String(decoding: buffer.readableBytesView, as: UTF8.self)
      // Bodies of this node end with the array of parameters and the object.
      guard let start = received.range(of: "\r\n\r\n"), received.hasSuffix("]}") else { return }
      let body = String(received[start.upperBound...])
      received = ""
      record.add(body)
      var answer = #""result":"0x07""#
      if body.contains("eth_call") { answer = #""result":"0x2a""# }
      if body.contains(#""data":"0xff""#) { answer = #""error":{"code":3,"message":"reverted","data":"0x08c379a0"}"# }
      let json = #"{"jsonrpc":"2.0","id":1,\#(answer)}"#
      var bytes = ByteBuffer()
      bytes.writeString("HTTP/1.1 200 OK\r\ncontent-length: \(json.utf8.count)\r\n\r\n\(json)")
      context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
    }
  }
}
