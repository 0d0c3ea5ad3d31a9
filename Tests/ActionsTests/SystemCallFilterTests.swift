@testable import Actions
import Testing

@Suite struct SystemCallFilterTests {
  private enum Answer: Equatable {
    case allowed, killed
    case failure(UInt32)
  }

  /// What the kernel does with the program, for the few instructions there are.
  private func answer(_ number: UInt32, _ arguments: [UInt64] = [], architecture: UInt32 = 0xc000_003e) -> Answer? {
    let program = SystemCallFilter().instructions
    var loaded: UInt32 = 0
    var place = 0
    while program.indices.contains(place) {
      let step = program[place]
      place += 1
      let isTrue: Bool
      switch step.code {
      case 0x20:
        switch step.operand {
        case 0: loaded = number
        case 4: loaded = architecture
        default:
          let argument = Int(step.operand - 16) / 8
          loaded = UInt32(truncatingIfNeeded: arguments.indices.contains(argument) ? arguments[argument] : 0)
        }
        continue
      case 0x06:
        return switch step.operand {
        case 0x7fff_0000: .allowed
        case 0x8000_0000: .killed
        default: .failure(step.operand & 0xffff)
        }
      case 0x15: isTrue = loaded == step.operand
      case 0x35: isTrue = loaded >= step.operand
      case 0x45: isTrue = loaded & step.operand != 0
      default: return nil
      }
      place += Int(isTrue ? step.ifTrue : step.ifFalse)
    }
    return nil
  }

  @Test func `J1 Calls that lead out of a worker fail`() {
    // socket, connect, bind, listen, accept, sendmsg, fork, vfork, execveat, ptrace, unshare, setns, mount, bpf,
    // perf_event_open, userfaultfd, io_uring_setup, memfd_create, process_vm_readv, keyctl, kill, pidfd_open, seccomp.
    for number: UInt32 in [
      41, 42, 49, 50, 43, 46, 57, 58, 322, 101, 272, 308, 165, 321, 298, 323, 425, 319, 310, 250, 62, 434, 317,
    ] {
      #expect(answer(number) == .failure(1))
    }
    for number: UInt32 in 463..<1000 { #expect(answer(number) == .failure(1)) }
  }

  @Test func `J1 Only threads are made, and clone3 is not there`() {
    #expect(answer(56, [0x3d0f00]) == .allowed)
    #expect(answer(56, [17]) == .failure(1))
    // Namespaces.
    #expect(answer(56, [0x1000_0011]) == .failure(1))
    #expect(answer(435) == .failure(38))
  }

  @Test func `J1 Arguments are looked at where a call can do more than one thing`() {
    #expect(answer(16, [0, 0x5421]) == .allowed)
    #expect(answer(16, [0, 0x5412]) == .failure(25))
    #expect(answer(157, [15]) == .allowed)
    #expect(answer(157, [22]) == .failure(1))
    #expect(answer(53, [1]) == .allowed)
    #expect(answer(53, [2]) == .failure(1))
  }

  @Test func `J1 Another architecture's numbers are the end of the process`() {
    #expect(answer(0) == .allowed)
    #expect(answer(0, architecture: 0x4000_0003) == .killed)
    #expect(answer(0x4000_0000) == .killed)
    #expect(answer(0xffff_ffff) == .killed)
  }

  @Test func `The kernel gets eight bytes an instruction`() {
    let filter = SystemCallFilter()
    #expect(filter.bytes.count == 8 * filter.instructions.count)
    // struct sock_filter { u16 code; u8 jt; u8 jf; u32 k; }: load the word at 4.
    #expect(filter.bytes.prefix(8) == [0x20, 0, 0, 0, 4, 0, 0, 0])
    #expect(filter.instructions.count < 4096)
  }
}
