public import Identifiers

/// Why bytes are not typed data that may be signed. Says nothing of what they were.
public enum TypedDataError: Error, Sendable, Hashable {
  case json(JSONError)
  /// Not the four members of a typed-data document, or a type's fields are not what they should be.
  case malformed
  case unknownType
  case cyclicType
  case tooManyTypes
  case tooManyFields
  /// A field of a struct has no value.
  case missingMember
  /// A value has no field in its struct.
  case superfluousMember
  /// A value that its type cannot hold, or in a form other than the accepted ones.
  case invalidValue
  /// A domain that is not made of the five fields of EIP-712 in their order, or names neither contract nor application.
  case domain
}
