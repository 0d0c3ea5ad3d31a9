internal import Foundation
internal import GRDB
#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Where a vault keeps its rows.
public enum VaultPlace: Sendable, Hashable {
  /// A file, made with mode 0600 in an existing directory if it is not there.
  case file(path: String)
  /// Nowhere: gone with the process.
  case memory
}

/// The database file: one table of sealed rows. Knows nothing of keys.
struct RowStorage: Sendable {
  static let format = 1
  let queue: DatabaseQueue

  struct Row: Sendable, Hashable {
    let address: RowAddress
    let generation: UInt64
    let sealed: [UInt8]
  }

  init(_ place: VaultPlace) throws(VaultError) {
    queue = try Self.reporting {
      switch place {
      case .memory:
        return try DatabaseQueue(configuration: Self.configuration)
      case .file(let path):
        try Self.createPrivately(path)
        return try DatabaseQueue(path: path, configuration: Self.configuration)
      }
    }
    try prepareFormat()
  }

  /// The mark of an existing vault, nil in a new file.
  func mark() throws(VaultError) -> VaultMark? {
    try Self.reporting {
      try queue.read { try Data.fetchOne($0, sql: "SELECT mark FROM vault") }.map { VaultMark(bytes: [UInt8]($0)) }
    }
  }

  func allRows(limit: Int) throws(VaultError) -> [Row] {
    try Self.reporting {
      try queue.read { database in
        try GRDB.Row.fetchAll(
          database, sql: "SELECT kind, id, epoch, generation, sealed FROM row LIMIT ?", arguments: [limit]
        ).map(Self.row)
      }
    }
  }

  func row(at address: RowAddress) throws(VaultError) -> Row? {
    try Self.reporting {
      try queue.read { database in
        try GRDB.Row.fetchOne(
          database, sql: "SELECT kind, id, epoch, generation, sealed FROM row WHERE kind = ? AND id = ? AND epoch = ?",
          arguments: [Int64(address.kind.rawValue), Self.blob(address.id), Int64(bitPattern: address.epoch)]
        ).map(Self.row)
      }
    }
  }

  /// One durable transaction: all of it or none.
  func commit(writing rows: [Row], deleting addresses: [RowAddress], mark: VaultMark?) throws(VaultError) {
    try Self.reporting {
      try queue.write { database in
        if let mark {
          try database.execute(sql: "INSERT INTO vault (mark) VALUES (?)", arguments: [Self.blob(mark.bytes)])
        }
        for address in addresses {
          try database.execute(
            sql: "DELETE FROM row WHERE kind = ? AND id = ? AND epoch = ?",
            arguments: [Int64(address.kind.rawValue), Self.blob(address.id), Int64(bitPattern: address.epoch)])
        }
        for row in rows {
          try database.execute(
            sql: "INSERT OR REPLACE INTO row (kind, id, epoch, generation, sealed) VALUES (?, ?, ?, ?, ?)",
            arguments: [
              Int64(row.address.kind.rawValue), Self.blob(row.address.id), Int64(bitPattern: row.address.epoch),
              Int64(bitPattern: row.generation), Self.blob(row.sealed),
            ])
        }
      }
    }
  }

  /// Moves the write-ahead log into the file and cuts it, so that no deleted row stays behind in it.
  func dropLog() throws(VaultError) {
    try Self.reporting { try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") } }
  }

  func close() {
    // A vault that cannot be closed tidily is as durable as one whose process was killed.
    try? queue.close()
  }
}

extension RowStorage {
  private static var configuration: Configuration {
    var configuration = Configuration()
    configuration.label = "vault"
    configuration.prepareDatabase { database in
      // Exclusive before the first access: a second process is refused, and the log's index is never a shared file.
      try database.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
      try database.execute(sql: "PRAGMA journal_mode = WAL")
      try database.execute(sql: "PRAGMA synchronous = FULL")
      try database.execute(sql: "PRAGMA secure_delete = ON")
      try database.execute(sql: "PRAGMA cell_size_check = ON")
      try database.execute(sql: "PRAGMA trusted_schema = OFF")
    }
    return configuration
  }

  private func prepareFormat() throws(VaultError) {
    let version = try Self.reporting {
      try queue.write { database -> Int in
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        guard version == 0 else { return version }
        try database.execute(
          sql: """
            CREATE TABLE vault (mark BLOB NOT NULL) STRICT;
            CREATE TABLE row (
              kind INTEGER NOT NULL, id BLOB NOT NULL, epoch INTEGER NOT NULL,
              generation INTEGER NOT NULL, sealed BLOB NOT NULL,
              PRIMARY KEY (kind, id, epoch)
            ) STRICT, WITHOUT ROWID;
            PRAGMA user_version = \(Self.format);
            """)
        return Self.format
      }
    }
    guard version == Self.format else { throw .unknownFormat(version: version) }
  }

  private static func createPrivately(_ path: String) throws(VaultError) {
    let descriptor = unsafe open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .storage(errno == EROFS ? .readOnly : .cannotOpen) }
    #if canImport(Glibc)
      Glibc.close(descriptor)
    #else
      Darwin.close(descriptor)
    #endif
  }

  private static func row(_ row: GRDB.Row) throws -> Row {
    let number: Int64 = row["kind"]
    guard let raw = UInt8(exactly: number), let kind = RowKind(rawValue: raw) else {
      throw VaultError.storage(.damaged)
    }
    let id: Data = row["id"]
    let epoch: Int64 = row["epoch"]
    let generation: Int64 = row["generation"]
    let sealed: Data = row["sealed"]
    return Row(
      address: RowAddress(kind, id: [UInt8](id), epoch: UInt64(bitPattern: epoch)),
      generation: UInt64(bitPattern: generation), sealed: [UInt8](sealed))
  }

  private static func blob(_ bytes: [UInt8]) -> Data { Data(bytes) }

  /// Gives every failure of SQLite the name of what the operator has to look at.
  private static func reporting<Value>(_ work: () throws -> Value) throws(VaultError) -> Value {
    do {
      return try work()
    } catch let error as VaultError {
      throw error
    } catch let error as DatabaseError {
      throw .storage(StorageFault(error))
    } catch {
      throw .storage(.other(code: -1))
    }
  }
}

extension StorageFault {
  fileprivate init(_ error: DatabaseError) {
    switch error.resultCode {
    case .SQLITE_FULL: self = .full
    case .SQLITE_READONLY: self = .readOnly
    case .SQLITE_BUSY, .SQLITE_LOCKED: self = .inUse
    case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH: self = .cannotOpen
    case .SQLITE_IOERR: self = .inputOutput(code: error.extendedResultCode.rawValue)
    case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .damaged
    default: self = .other(code: error.extendedResultCode.rawValue)
    }
  }
}
