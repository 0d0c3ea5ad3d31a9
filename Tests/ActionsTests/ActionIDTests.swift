@testable import Actions
import Testing

@Suite struct ActionIDTests {
}
