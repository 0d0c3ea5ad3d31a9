import CProcess

/// Keeps this process's memory out of core files and away from debuggers of the same user.
public enum ProcessHardening {
  public static func apply() throws(ProcessHardeningError) {
    guard process_forbid_dumps() == 0 else { throw .stillDumpable }
    guard process_forbid_core_files() == 0 else { throw .coreFilesAllowed }
  }
}

public enum ProcessHardeningError: Error, Equatable {
  case stillDumpable
  case coreFilesAllowed
}
