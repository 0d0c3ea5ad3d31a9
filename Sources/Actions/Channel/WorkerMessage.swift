internal import Identifiers

/// What a worker may say. Decoded strictly: one form for each, nothing missing, nothing more.
enum WorkerMessage: Sendable, Hashable {
  case ready
  case log(String)
  case response(String)
  /// The action is over; the text of what it threw, if it did.
  case done(failure: String?)
  /// `number` is a label for the reply, nothing else.
  case operation(number: Int64, name: String, input: [JSONMember])

  /// Values in one frame. Honest frames have some dozens; a frame of nothing but brackets would become a hundred times
  /// its size in memory.
  static let mostValues = 4096

  init(_ frame: [UInt8]) throws(WorkerViolation) {
    guard Self.commas(in: frame) < Self.mostValues else { throw .malformedFrame }
    guard let value = try? JSONValue(parsing: frame, limit: frame.count), case .object(let members) = value else {
      throw .malformedFrame
    }
    var fields = FrameFields(members)
    switch fields.text("kind") {
    case "ready": self = .ready
    case "log": self = .log(try fields.required("text"))
    case "response": self = .response(try fields.required("text"))
    case "done": self = .done(failure: try fields.optional("failure"))
    case "operation":
      guard case .integer(let number)? = fields.take("number"), number > 0,
        case .object(let input)? = fields.take("input")
      else { throw .malformedFrame }
      self = .operation(number: number, name: try fields.required("operation"), input: input)
    default: throw .malformedFrame
    }
    guard fields.isEmpty else { throw .malformedFrame }
  }

  /// Commas outside strings, counted before anything is built.
  private static func commas(in frame: [UInt8]) -> Int {
    var count = 0
    var isText = false
    var isEscaped = false
    for byte in frame {
      if isText {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isText = false
        }
      } else if byte == UInt8(ascii: "\"") {
        isText = true
      } else if byte == UInt8(ascii: ",") {
        count += 1
      }
    }
    return count
  }
}

/// Members of an object, taken one by one, so that what is left over shows.
struct FrameFields {
  private var members: [JSONMember]

  init(_ members: [JSONMember]) {
    self.members = members
  }

  var isEmpty: Bool { members.isEmpty }

  mutating func take(_ name: String) -> JSONValue? {
    guard let place = members.firstIndex(where: { $0.name == name }) else { return nil }
    return members.remove(at: place).value
  }

  mutating func text(_ name: String) -> String? {
    guard case .string(let text)? = take(name) else { return nil }
    return text
  }

  /// Nil when it is not there; anything but a text in its place is a violation.
  mutating func optional(_ name: String) throws(WorkerViolation) -> String? {
    guard let value = take(name) else { return nil }
    guard case .string(let text) = value else { throw .malformedFrame }
    return text
  }

  mutating func required(_ name: String) throws(WorkerViolation) -> String {
    guard let text = text(name) else { throw .malformedFrame }
    return text
  }
}

/// What no honest worker does. The process is ended; the action is told nothing.
public enum WorkerViolation: Error, Sendable, Hashable {
  case frameTooLong
  case malformedFrame
  /// A message that has no place where it came.
  case outOfOrder
  case unknownOperation
  /// Members of an operation are missing, too many or of the wrong type.
  case malformedOperation
  /// The process ended before the action did.
  case ended(status: Int32)
}
