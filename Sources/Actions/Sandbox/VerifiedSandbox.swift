/// A sandbox that was seen to hold on this machine; see ``SandboxProbe``. Workers exist in no other.
public struct VerifiedSandbox: Sendable, Hashable {
  let sandbox: WorkerSandbox

  init(unverified sandbox: WorkerSandbox) {
    self.sandbox = sandbox
  }
}
