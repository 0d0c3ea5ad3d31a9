import Foundation

/// Ends this process when the one that started it is gone.
///
/// The parent holds the writing end of our standard input and never writes. However it ends, the system closes that
/// end, and a thread here sees the end of the file.
enum Lifeline {
  static func watch(grace: Duration = .seconds(5)) {
    let thread = Thread {
      var byte: UInt8 = 0
      while true {
        let count = unsafe read(STDIN_FILENO, &byte, 1)
        if count > 0 || (count < 0 && errno == EINTR) { continue }
        break
      }
      // First as an operator would stop us; the orderly way may hang, so it is not waited for without end.
      kill(getpid(), SIGTERM)
      Thread.sleep(forTimeInterval: grace.seconds)
      _exit(75)
    }
    thread.stackSize = 256 << 10
    thread.start()
  }
}
