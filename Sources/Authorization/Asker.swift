import ActionNames
import Identifiers
import Membership

/// In whose name an operation is ordered.
enum Asker {
  case user(VerifiedCapability)
  /// An action that this user runs.
  case action(ActionID, of: VerifiedCapability)

  /// Asks the same whether the key exists or not, and whatever the answers are.
  func may(use key: KeyID, of record: KeyRecord, _ examiner: any Examiner) -> Bool {
    switch self {
    case .user(let capability):
      let isGranted = examiner.grants(capability.reCap, .sign(with: key))
      let isListed = examiner.lists(record, capability.wallet)
      return isGranted && isListed
    case .action(let action, let capability):
      let isNamed = examiner.lists(record, action)
      let isGranted = examiner.names(capability.reCap, .sign(with: key))
      let isListed = examiner.lists(record, capability.wallet)
      return isNamed || isGranted && isListed
    }
  }

  /// - Parameter policy: nil for one that cannot be read.
  func mayDecrypt(under hash: Digest32, _ policy: DecryptionPolicy?, _ examiner: any Examiner) -> Bool {
    switch self {
    case .user(let capability):
      let isGranted = examiner.grants(capability.reCap, .decrypt(under: hash))
      let isAllowed = policy.map { examiner.allows($0, capability.wallet) } ?? false
      return isGranted && isAllowed
    case .action(let action, let capability):
      let isNamed = policy.map { examiner.allows($0, action) } ?? false
      let isGranted = examiner.names(capability.reCap, .decrypt(under: hash))
      let isAllowed = policy.map { examiner.allows($0, capability.wallet) } ?? false
      return isNamed || isGranted && isAllowed
    }
  }

  /// Actions are run by users; what an action calls is part of its own run.
  func mayExecute(_ action: ActionID, _ examiner: any Examiner) -> Bool {
    switch self {
    case .user(let capability): examiner.grants(capability.reCap, .execute(action))
    case .action: false
    }
  }
}
