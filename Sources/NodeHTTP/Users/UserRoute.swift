internal import Node

/// What users can ask for.
enum UserRoute: String, CaseIterable, Sendable {
  case network = "/v1/network"
  case attest = "/v1/attest"
  case sign = "/v1/sign"
  case decrypt = "/v1/decrypt"
  case execute = "/v1/execute"
  case interface = "/v1/openapi.yaml"

  var method: String {
    switch self {
    case .network, .interface: "GET"
    case .attest, .sign, .decrypt, .execute: "POST"
    }
  }
}
