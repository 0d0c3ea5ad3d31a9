import CFuzzer
import FuzzTargets

// usage: fuzz TARGET [libFuzzer's options and folders]       fuzz --list
if CommandLine.arguments.dropFirst().first == "--list" {
  for target in FuzzTarget.all { print(target.name) }
} else {
  Chosen.choose()
  // libFuzzer takes every word that is no option for a folder: it gets the arguments without the target's name.
  let arguments = unsafe CommandLine.unsafeArgv
  unsafe arguments[1] = arguments[0]
  var rest: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = unsafe arguments + 1
  var count = CommandLine.argc - 1
  _ = unsafe LLVMFuzzerRunDriver(&count, &rest) { bytes, count in unsafe judgeOneInput(bytes, count) }
}
