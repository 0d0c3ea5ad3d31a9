import Actions
import Client
import Foundation
import NodeTestKit
import Testing

@testable import Node

@Suite struct InstalledLibrariesTests {
  private static let scripts = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appending(path: "scripts")

  @Test func `what a node takes is what the set-up installs`() throws {
    let script = try String(contentsOf: Self.scripts.appending(path: "install-ethers"), encoding: .utf8)
    let digest = try #require(InstalledLibraries.pinned["ethers-5.7.2.js"])
    #expect(script.contains("\nscript=\(digest)\n"))
  }

  @Test func `a library that is another one, or is not there, is left out`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "libraries-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(InstalledLibraries.find(in: folder.path).isEmpty)
    try Data("globalThis.ethers = {};".utf8).write(to: folder.appending(path: "ethers-5.7.2.js"))
    #expect(InstalledLibraries.find(in: folder.path).isEmpty)
  }

  @Test(
    .needsSandbox, .enabled("ethers is installed on this machine") { !InstalledLibraries.find().isEmpty },
    .timeLimit(.minutes(3)))
  func `actions have ethers where it is installed, and it asks servers by fetch`() async throws {
    let action = Action(
      """
      (async () => {
        const { utils, providers, Wallet } = ethers;
        const counts = [ethers, utils, providers].map((part) => Object.keys(part).length);
        const wallet = new Wallet("0x" + "11".repeat(32));
        const signature = await wallet.signMessage("hi");
        const provider = new providers.StaticJsonRpcProvider("http://127.0.0.1:1/", 1);
        const failed = await provider.getBlockNumber().catch((error) => error.code);
        Lit.Actions.setResponse({ response: JSON.stringify([
          ethers.version, counts, wallet.address, utils.verifyMessage("hi", signature) === wallet.address,
          utils.keccak256("0x"), utils.sha512("0x01").length, utils.computeHmac("sha256", "0x01", "0x02"),
          Wallet.fromMnemonic("test test test test test test test test test test test junk").address,
          utils.base64.encode(utils.base64.decode("AQID")), utils.randomBytes(8).length, failed,
        ]) });
      })();
      """)
    var outside = ActionSurroundings()
    outside.libraries = InstalledLibraries.find()
    try await withActionNetwork(outside: outside) { network in
      let result = try await action.run(by: .init(of: network), "{}")
      #expect(
        result.response == """
          ["ethers/5.7.2",[17,99,27],"0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A",true,\
          "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470",130,\
          "0x6c34e84f57d4a9940c962b152acfbd28fb6f78f2090ca1dce041c36a07cd57ee",\
          "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266","AQID",8,\
          "SERVER_ERROR"]
          """, "\(String(describing: result.failure))")
      let bare = try await Action("Lit.Actions.setResponse({ response: typeof globalThis['eth' + 'ers'] });")
        .run(by: .init(of: network), "{}")
      #expect(bare.response == "undefined")
    }
  }
}
