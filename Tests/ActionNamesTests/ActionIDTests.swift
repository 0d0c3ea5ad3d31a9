@testable import ActionNames
import Testing

@Suite struct ActionIDTests {
  /// The names other implementations of UnixFS give these files.
  @Test(arguments: [
    (Array("hello world\n".utf8), "QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o"),
    (Array("hello world".utf8), "Qmf412jQZiuVUtdgnB36FXFX7xg5V6KEbSJ4dpQuhkLyfD"),
    ([], "QmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1AwQH"),
    ([UInt8](repeating: 0, count: 1 << 20), "QmVkbauSDEaMP4Tkq6Epm9uW75mWm136n81YH8fGtfwdHU"),
  ])
  func `J6 An action has the name IPFS gives its bytes`(code: [UInt8], name: String) throws {
    #expect(ActionID(of: code).text == name)
    #expect(try ActionID(text: name) == ActionID(of: code))
  }

  @Test func `J6 Files of one chunk, of two, and of more than a node links have names of their own`() {
    let sizes = [
      UnixFSTree.chunkSize - 1, UnixFSTree.chunkSize, UnixFSTree.chunkSize + 1,
      UnixFSTree.chunkSize * UnixFSTree.width, UnixFSTree.chunkSize * UnixFSTree.width + 1,
    ]
    let names = sizes.map { ActionID(of: [UInt8](repeating: 7, count: $0)) }
    #expect(Set(names).count == sizes.count)
  }

  @Test(arguments: [
    "", "Qm", "QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5", "QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5oo",
    "QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff50", " QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5",
    "bafybeicn7i3soqdgr7dwnrwytgq4zxy7a5jpkizrvhm5mv6bgjd32wm3q4", "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
    "1mT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o", "QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5é",
  ])
  func `J6 Other texts are no name of an action`(text: String) {
    #expect(throws: ActionIDError.notAName) { try ActionID(text: text) }
  }

  @Test func `Every name reads back as itself`() throws {
    for seed in 0..<200 {
      let name = ActionID(of: Array("action \(seed)".utf8))
      #expect(name.text.count == 46)
      #expect(try ActionID(text: name.text).text == name.text)
    }
  }
}
