/// libFuzzer's own entry point, which its library insists on.
@_cdecl("LLVMFuzzerTestOneInput")
public func judgeOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  Chosen.judge(unsafe Array(UnsafeBufferPointer(start: bytes, count: count)))
  return 0
}
