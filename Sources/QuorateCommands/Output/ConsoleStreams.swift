import Foundation

/// Where finished text goes. Tests collect it.
protocol ConsoleStreams: Sendable {
  func write(_ text: String, to channel: OutputChannel)
}

enum OutputChannel: Sendable, Equatable {
  case output
  case error
}

/// The process's standard output and standard error, unbuffered: a watcher of a pipe sees every event when it happens.
struct StandardStreams: ConsoleStreams {
  func write(_ text: String, to channel: OutputChannel) {
    let descriptor = channel == .output ? STDOUT_FILENO : STDERR_FILENO
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let written = unsafe rest.withUnsafeBytes { unsafe Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if written > 0 {
        rest = rest.dropFirst(written)
      } else if written < 0, errno == EINTR || errno == EAGAIN {
        continue
      } else {
        // Nobody reads any more. There is nowhere left to say so.
        return
      }
    }
  }
}
