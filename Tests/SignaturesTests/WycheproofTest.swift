/// One case of a Wycheproof signature file.
struct WycheproofTest: Decodable {
  let tcId: Int
  let msg: String
  let sig: String
  let result: String

  var isValid: Bool {
    get throws {
      switch result {
      case "valid": true
      case "invalid": false
      default: throw UnknownResult(result: result)
      }
    }
  }
}

struct UnknownResult: Error {
  let result: String
}
