internal import Hummingbird
internal import HummingbirdCore
internal import NIOCore
internal import Node
internal import Wire

/// Reads the body of a request, never more of it than is allowed.
enum JSONBody {
  /// - Parameter lease: pays for what is held.
  static func read(
    _ request: Request, _ lease: inout BudgetLease, limit: Int = WireLimits.body
  ) async throws(NodeRefusal) -> [UInt8] {
    guard isJSON(request.headers[.contentType]), request.headers[.contentEncoding] == nil else {
      throw NodeRefusal(.invalidRequest)
    }
    if let stated = request.headers[.contentLength] {
      guard let count = Int(stated), count >= 0 else { throw NodeRefusal(.invalidRequest) }
      guard count <= limit else { throw NodeRefusal(.tooLarge) }
    }
    var bytes: [UInt8] = []
    do {
      for try await chunk in request.body {
        guard bytes.count + chunk.readableBytes <= limit else { throw NodeRefusal(.tooLarge) }
        guard lease.take(chunk.readableBytes) else { throw NodeRefusal(.overloaded) }
        bytes += chunk.readableBytesView
      }
    } catch let refusal as NodeRefusal {
      throw refusal
    } catch {
      // The connection ended; nobody reads this.
      throw NodeRefusal(.invalidRequest)
    }
    return bytes
  }

  /// `application/json`, with at most the one parameter that changes nothing.
  private static func isJSON(_ contentType: String?) -> Bool {
    guard let contentType else { return false }
    let parts = contentType.lowercased().split(separator: ";", omittingEmptySubsequences: false)
      .map { part in String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
    return parts == ["application/json"] || parts == ["application/json", "charset=utf-8"]
  }
}
