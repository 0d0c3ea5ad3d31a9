import Foundation

/// Descriptors this process was started with beyond the standard three.
///
/// Ours are close-on-exec; these are whatever the program that started us left open, and a node that outlives us must
/// not hold them: somebody may be waiting for them to close.
enum InheritedDescriptors {
  private static let folder = FileManager.default.fileExists(atPath: "/proc/self/fd") ? "/proc/self/fd" : "/dev/fd"

  static func keepFromChildren() {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for descriptor in names.compactMap(Int32.init) where descriptor > 2 {
      let flags = fcntl(descriptor, F_GETFD)
      if flags >= 0 { _ = fcntl(descriptor, F_SETFD, flags | FD_CLOEXEC) }
    }
  }
}
