import SigningContent

extension ConstraintViolation {
  /// The rule of the key's record that content breaks, as the end of a sentence.
  var explanation: String {
    switch self {
    case .kindNotDescribed: "its limits say nothing about content of this kind, so there is none of it"
    case .chain: "it is for another chain than the key's limits name"
    case .recipient: "its recipient is not one that the key's limits name"
    case .contractCreation: "it creates a contract, which the key's limits leave no room for"
    case .value: "it moves more than the key's limits allow"
    case .fee: "its fee may become higher than the key's limits allow"
    case .function: "it calls a function that the key's limits do not name"
    case .plainTransfer: "it calls no function, and the key's limits do not allow plain transfers"
    case .messagePrefix: "it does not begin as the key's limits ask for"
    case .verifyingContract: "it is for another contract than the key's limits name"
    case .output: "it pays a script that the key's limits do not name"
    case .spend: "it spends more than the key's limits allow"
    case .amountNotProven: "its amounts are not proven, and the key's limits are about amounts"
    }
  }
}
