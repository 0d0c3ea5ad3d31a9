import QuorateCommands

@main
struct Main {
  static func main() async {
    await QuorateCommand.main()
  }
}
