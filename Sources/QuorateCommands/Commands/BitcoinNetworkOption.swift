import ArgumentParser
import SigningContent

extension BitcoinNetwork: ExpressibleByArgument {}
