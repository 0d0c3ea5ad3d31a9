internal import Identifiers

/// The classic BPF program that decides which system calls a worker may make (seccomp(2), Linux on x86-64).
///
/// A list of what is allowed: what the list does not name fails with `EPERM`. There is no way to a socket, to another
/// process, to a debugger, to io_uring or BPF, to new namespaces or to files but those that lie read-only in the
/// sandbox. `execve` must be allowed, since the filter is in force when bubblewrap starts the one program there is;
/// whoever starts it again stays under the same filter, limits and namespaces.
struct SystemCallFilter: Sendable, Hashable {
  private(set) var instructions: [Instruction] = []

  /// `struct sock_filter`.
  struct Instruction: Sendable, Hashable {
    var code: UInt16
    var ifTrue: UInt8 = 0
    var ifFalse: UInt8 = 0
    var operand: UInt32
  }

  init() {
    // The same number means another call on another architecture, and in the x32 view of this one.
    load(.architecture)
    unless(Self.x86_64) { [.init(code: Code.return, operand: Outcome.kill)] }
    load(.number)
    append(.init(code: Code.jumpIfGreaterOrEqual, ifTrue: 0, ifFalse: 1, operand: 0x4000_0000))
    append(.init(code: Code.return, operand: Outcome.kill))
    for (number, condition) in Self.conditions { check(number, condition) }
    for number in Self.allowed {
      append(.init(code: Code.jumpIfEqual, ifTrue: 0, ifFalse: 1, operand: number))
      append(.init(code: Code.return, operand: Outcome.allow))
    }
    append(.init(code: Code.return, operand: Outcome.failure(Errno.notPermitted)))
  }

  /// As the kernel reads it from memory: eight bytes an instruction, little-endian.
  var bytes: [UInt8] {
    instructions.flatMap { instruction in
      [
        UInt8(truncatingIfNeeded: instruction.code), UInt8(truncatingIfNeeded: instruction.code >> 8),
        instruction.ifTrue, instruction.ifFalse,
      ] + instruction.operand.bigEndianBytes.reversed()
    }
  }

  // MARK: Parts of programs

  private enum Code {
    static let load: UInt16 = 0x20
    static let jumpIfEqual: UInt16 = 0x15
    static let jumpIfGreaterOrEqual: UInt16 = 0x35
    static let jumpIfAnyBit: UInt16 = 0x45
    static let `return`: UInt16 = 0x06
  }

  private enum Outcome {
    static let kill: UInt32 = 0x8000_0000
    static let allow: UInt32 = 0x7fff_0000
    static func failure(_ errno: UInt32) -> UInt32 { 0x0005_0000 | errno }
  }

  private enum Errno {
    static let notPermitted: UInt32 = 1
    static let notATerminal: UInt32 = 25
    static let notImplemented: UInt32 = 38
  }

  /// Offsets in `struct seccomp_data`.
  private enum Word {
    case number, architecture
    /// The lower half.
    case argument(UInt32)

    var offset: UInt32 {
      switch self {
      case .number: 0
      case .architecture: 4
      case .argument(let place): 16 + 8 * place
      }
    }
  }

  private static let x86_64: UInt32 = 0xc000_003e

  private mutating func append(_ instruction: Instruction) { instructions.append(instruction) }

  private mutating func load(_ word: Word) { append(.init(code: Code.load, operand: word.offset)) }

  private mutating func unless(_ value: UInt32, _ body: () -> [Instruction]) {
    let body = body()
    append(
      .init(code: Code.jumpIfEqual, ifTrue: UInt8(truncatingIfNeeded: body.count), ifFalse: 0, operand: value))
    instructions += body
  }

  /// What must hold of one argument, compared in its lower half: the kernel itself takes these as 32 bits.
  private struct Condition {
    var argument: UInt32
    var jump: UInt16
    var values: [UInt32]
    var otherwise: UInt32
  }

  private mutating func check(_ number: UInt32, _ condition: Condition) {
    var body: [Instruction] = [.init(code: Code.load, operand: Word.argument(condition.argument).offset)]
    for value in condition.values {
      body.append(.init(code: condition.jump, ifTrue: 0, ifFalse: 1, operand: value))
      body.append(.init(code: Code.return, operand: Outcome.allow))
    }
    body.append(.init(code: Code.return, operand: condition.otherwise))
    append(
      .init(code: Code.jumpIfEqual, ifTrue: 0, ifFalse: UInt8(truncatingIfNeeded: body.count), operand: number))
    instructions += body
  }

  private static let conditions: [(UInt32, Condition)] = [
    // clone: threads only.
    (
      56,
      Condition(
        argument: 0, jump: Code.jumpIfAnyBit, values: [0x0001_0000], otherwise: Outcome.failure(Errno.notPermitted))
    ),
    // clone3 keeps its flags in memory, where no filter looks; without it libc uses clone.
    (435, Condition(argument: 0, jump: Code.jumpIfEqual, values: [], otherwise: Outcome.failure(Errno.notImplemented))),
    // ioctl: FIONBIO and FIOCLEX.
    (
      16,
      Condition(
        argument: 1, jump: Code.jumpIfEqual, values: [0x5421, 0x5451], otherwise: Outcome.failure(Errno.notATerminal))
    ),
    // prctl: names of threads and of memory.
    (
      157,
      Condition(
        argument: 0, jump: Code.jumpIfEqual, values: [15, 16, 0x5356_4d41],
        otherwise: Outcome.failure(Errno.notPermitted))
    ),
    // socketpair: AF_UNIX, both ends in the process.
    (
      53,
      Condition(
        argument: 0, jump: Code.jumpIfEqual, values: [1], otherwise: Outcome.failure(Errno.notPermitted))
    ),
  ]

  /// Numbers of asm/unistd_64.h, the frequent ones first: the program is read from the top at every call.
  private static let allowed: [UInt32] = [
    202,  // futex
    0, 1, 19, 20, 44, 45,  // read, write, readv, writev, sendto, recvfrom: of sockets there are
    232, 281, 233, 213, 291, 441,  // epoll_wait, epoll_pwait, epoll_ctl, epoll_create, epoll_create1, epoll_pwait2
    9, 10, 11, 25, 28, 12,  // mmap, mprotect, munmap, mremap, madvise, brk
    228, 229, 96, 201, 230, 35,  // clock_gettime, clock_getres, gettimeofday, time, clock_nanosleep, nanosleep
    24, 203, 204, 143, 145,  // sched_yield, sched_setaffinity, sched_getaffinity, sched_getparam, sched_getscheduler
    318, 290, 284, 22, 293,  // getrandom, eventfd2, eventfd, pipe, pipe2
    7, 271, 23,  // poll, ppoll, select
    257, 2, 3, 17, 8,  // openat, open, close, pread64, lseek
    4, 5, 6, 262, 332,  // stat, fstat, lstat, newfstatat, statx
    21, 269, 439, 89, 267, 79,  // access, faccessat, faccessat2, readlink, readlinkat, getcwd
    72, 32, 33, 292,  // fcntl, dup, dup2, dup3
    13, 14, 15, 131,  // rt_sigaction, rt_sigprocmask, rt_sigreturn, sigaltstack
    39, 110, 186, 102, 104, 107, 108,  // getpid, getppid, gettid, getuid, getgid, geteuid, getegid
    63, 99, 98, 302,  // uname, sysinfo, getrusage, prlimit64
    158, 218, 273, 334, 324,  // arch_prctl, set_tid_address, set_robust_list, rseq, membarrier
    234, 219, 60, 231,  // tgkill, restart_syscall, exit, exit_group
    61, 59,  // wait4 for bubblewrap's first process, execve for the start of the worker
  ]
}
