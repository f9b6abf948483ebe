// SPDX-License-Identifier: GPL-3.0-or-later
#include "records/store.h"

#include <QFile>
#include <QFileInfo>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QUuid>
#include <QVariant>
#include <cmath>

#include "base/sha256.h"
#include "records/chain.h"
#include "records/schema.h"

namespace records {

namespace {

QString textOf(const std::string& bytes) {
  return QString::fromUtf8(bytes.data(), static_cast<qsizetype>(bytes.size()));
}

QByteArray bytesOf(const std::string& bytes) {
  return QByteArray::fromStdString(bytes);
}

// One connection under a name of its own; closed and forgotten with this object.
class Connection {
 public:
  Connection() : m_name("outage-drill-records-" + QUuid::createUuid().toString()) {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() {
    if (!QSqlDatabase::contains(m_name)) return;
    database().close();
    QSqlDatabase::removeDatabase(m_name);
  }

  base::Result<> open(const std::string& path, bool readOnly) {
    QSqlDatabase database = QSqlDatabase::addDatabase("QSQLITE", m_name);
    database.setDatabaseName(QFile::decodeName(bytesOf(path)));
    database.setConnectOptions(readOnly ? "QSQLITE_BUSY_TIMEOUT=5000;QSQLITE_OPEN_READONLY"
                                        : "QSQLITE_BUSY_TIMEOUT=5000");
    if (database.open()) return base::Nothing{};
    return base::Error{"cannot-open", path,
                       path + ": the records cannot be opened: " +
                           database.lastError().databaseText().toStdString()};
  }
  [[nodiscard]] QSqlDatabase database() const { return QSqlDatabase::database(m_name, false); }

 private:
  QString m_name;
};

base::Error sqlError(const std::string& path, const QSqlQuery& query) {
  const QString reason = query.lastError().databaseText();
  const bool damaged = reason.contains("malformed") || reason.contains("not a database");
  return {damaged ? "damaged-records" : "cannot-write", path,
          path + (damaged ? ": the records are damaged: " : ": the records cannot be used: ") +
              reason.toStdString()};
}

base::Result<> run(const QSqlDatabase& database, const std::string& path, const QString& sql) {
  QSqlQuery query(database);
  if (!query.exec(sql)) return sqlError(path, query);
  return base::Nothing{};
}

// The first column of the first row; a null variant when there is none.
base::Result<QVariant> ask(const QSqlDatabase& database, const std::string& path,
                           const QString& sql) {
  QSqlQuery query(database);
  query.setForwardOnly(true);
  if (!query.exec(sql)) return sqlError(path, query);
  const bool found = query.next();
  if (query.lastError().isValid()) return sqlError(path, query);
  return found ? query.value(0) : QVariant();
}

// Undone unless committed. It takes the write lock at once, so that what it reads stays true.
class Transaction {
 public:
  Transaction(const QSqlDatabase& database, const std::string& path)
      : m_database(database), m_path(path), m_begun(run(database, path, "BEGIN IMMEDIATE")) {}
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction() {
    if (m_begun.ok() && !m_committed) (void)run(m_database, m_path, "ROLLBACK");
  }
  [[nodiscard]] const base::Result<>& begun() const { return m_begun; }
  base::Result<> commit() {
    const auto committed = run(m_database, m_path, "COMMIT");
    m_committed = committed.ok();
    return committed;
  }

 private:
  QSqlDatabase m_database;
  const std::string& m_path;
  base::Result<> m_begun;
  bool m_committed = false;
};

constexpr char kShortColumns[] =
    "id, finished_at, trainee, scenario_id, scenario_hash, scenario_title, seed, mode, score, "
    "band, users_affected_percent, user_minutes_lost, downtime_minutes, fingerprint, score_json";

Record recordFrom(const QSqlQuery& query) {
  const auto text = [&query](int column) { return query.value(column).toString().toStdString(); };
  Record record;
  record.id = query.value(0).toLongLong();
  record.finishedAt = text(1);
  record.trainee = text(2);
  record.scenarioId = text(3);
  record.scenarioHash = text(4);
  record.scenarioTitle = text(5);
  record.seed = query.value(6).toString().toULongLong();
  record.mode = text(7);
  record.score = query.value(8).toDouble();
  record.band = text(9);
  record.usersAffectedPercent = query.value(10).toDouble();
  record.userMinutesLost = query.value(11).toDouble();
  record.downtimeMinutes = query.value(12).toDouble();
  record.fingerprint = text(13);
  record.scoreJson = query.value(14).toByteArray().toStdString();
  return record;
}

// The record as it will be read back: the hash must cover that.
Record asStored(Record record) {
  for (std::string* field :
       {&record.finishedAt, &record.trainee, &record.scenarioId, &record.scenarioHash,
        &record.scenarioTitle, &record.mode, &record.band, &record.fingerprint}) {
    *field = textOf(*field).toStdString();
  }
  // SQLite knows no negative zero.
  for (double* value : {&record.score, &record.usersAffectedPercent, &record.userMinutesLost,
                        &record.downtimeMinutes}) {
    if (*value == 0) *value = 0;
  }
  return record;
}

base::Error chainBroken(const std::string& path, const std::string& what) {
  return {"chain-broken", path, path + ": the records were changed from outside: " + what};
}

base::Result<> checkChain(const QSqlDatabase& database, const std::string& path) {
  QSqlQuery query(database);
  query.setForwardOnly(true);
  if (!query.exec(QString("SELECT %1, run_text, hash FROM record ORDER BY id").arg(kShortColumns)))
    return sqlError(path, query);
  std::string hash = chainStart();
  std::int64_t rows = 0;
  for (; query.next(); ++rows) {
    Record record = recordFrom(query);
    record.runText = query.value(15).toByteArray().toStdString();
    hash = chainHash(hash, record);
    if (query.value(16).toString().toStdString() != hash) {
      return chainBroken(path, "record " + std::to_string(record.id) +
                                   " or one before it does not match its hash.");
    }
  }
  if (query.lastError().isValid()) return sqlError(path, query);
  const auto head = ask(database, path, "SELECT record_count || ' ' || hash FROM chain_head");
  if (!head.ok()) return head.error();
  if (head.value().toString().toStdString() == std::to_string(rows) + " " + hash)
    return base::Nothing{};
  return chainBroken(path, "the last records do not match the end of the chain after record row " +
                               std::to_string(rows) + ".");
}

base::Result<> checkScenarioTexts(const QSqlDatabase& database, const std::string& path) {
  QSqlQuery query(database);
  query.setForwardOnly(true);
  if (!query.exec("SELECT hash, text FROM scenario_text ORDER BY hash")) {
    return sqlError(path, query);
  }
  while (query.next()) {
    const std::string hash = query.value(0).toString().toStdString();
    if (base::sha256Hex(query.value(1).toByteArray().toStdString()) != hash) {
      return chainBroken(path, "the scenario text " + hash + " does not match its hash.");
    }
  }
  if (query.lastError().isValid()) return sqlError(path, query);
  return base::Nothing{};
}

// The version of the file's schema, 0 for an empty database. Refuses foreign and newer files.
base::Result<int> versionOf(const QSqlDatabase& database, const std::string& path) {
  const auto tables = ask(database, path, "SELECT count(*) FROM sqlite_master");
  if (!tables.ok()) return tables.error();
  if (tables.value().toInt() == 0) return 0;
  const auto application = ask(database, path, "PRAGMA application_id");
  if (!application.ok()) return application.error();
  if (application.value().toInt() != kApplicationId) {
    return base::Error{"not-records", path,
                       path +
                           ": found a database of another program, expected records of Outage "
                           "Drill."};
  }
  const auto version = ask(database, path, "SELECT max(version) FROM schema_migration");
  if (!version.ok()) return version.error();
  const int found = version.value().toInt();
  if (found > kSchemaVersion) {
    return base::Error{"newer-records", path,
                       path + ": found records of version " + std::to_string(found) +
                           ", expected at most " + std::to_string(kSchemaVersion) +
                           ": a newer version of this program wrote them."};
  }
  return found;
}

base::Result<> checkPages(const QSqlDatabase& database, const std::string& path,
                          const QString& pragma) {
  const auto answer = ask(database, path, pragma);
  if (!answer.ok()) return answer.error();
  if (answer.value().toString() == "ok") return base::Nothing{};
  return base::Error{
      "damaged-records", path,
      path + ": the records are damaged: " + answer.value().toString().simplified().toStdString()};
}

// Everything that can be wrong with a file, found without a byte of it being written.
base::Result<> examine(const std::string& path) {
  Connection connection;
  if (auto opened = connection.open(path, true); !opened.ok()) return opened.error();
  const QSqlDatabase database = connection.database();
  if (auto pages = checkPages(database, path, "PRAGMA quick_check(1)"); !pages.ok()) return pages;
  const auto version = versionOf(database, path);
  if (!version.ok()) return version.error();
  if (version.value() == 0) return base::Nothing{};
  if (auto chain = checkChain(database, path); !chain.ok()) return chain;
  return checkScenarioTexts(database, path);
}

base::Result<> migrate(const QSqlDatabase& database, const std::string& path) {
  Transaction transaction(database, path);
  if (!transaction.begun().ok()) return transaction.begun();
  const auto version = versionOf(database, path);
  if (!version.ok()) return version.error();
  for (const Migration& migration : migrations()) {
    if (migration.version <= version.value()) continue;
    for (const char* statement : migration.statements) {
      if (auto done = run(database, path, statement); !done.ok()) return done;
    }
    QSqlQuery note(database);
    note.prepare("INSERT INTO schema_migration (version, title) VALUES (?, ?)");
    note.addBindValue(migration.version);
    note.addBindValue(migration.title);
    if (!note.exec()) return sqlError(path, note);
  }
  return transaction.commit();
}

base::Error noSuch(const std::string& path, const std::string& what) {
  return {"not-found", path, path + ": there is no " + what + "."};
}

}  // namespace

struct Store::Private {
  std::string path;
  Connection connection;
};

Store::Store() : d(std::make_unique<Private>()) {}
Store::~Store() = default;

const std::string& Store::path() const {
  return d->path;
}

base::Result<std::shared_ptr<Store>> Store::open(const std::string& path) {
  const QFileInfo file(QFile::decodeName(bytesOf(path)));
  // SQLite would take a file of no bytes for a new database and drop what is in the log beside it.
  if (file.exists() && file.size() == 0 && QFileInfo(file.filePath() + "-wal").size() > 0) {
    return base::Error{"damaged-records", path,
                       path + ": the records are damaged: found 0 bytes beside a log with rows."};
  }
  if (file.exists() && file.size() > 0) {
    if (auto examined = examine(path); !examined.ok()) return examined.error();
  }
  const std::shared_ptr<Store> store(new Store());
  store->d->path = path;
  if (auto opened = store->d->connection.open(path, false); !opened.ok()) return opened.error();
  const QSqlDatabase database = store->d->connection.database();
  for (const char* pragma :
       {"PRAGMA journal_mode = WAL", "PRAGMA synchronous = NORMAL", "PRAGMA foreign_keys = ON"}) {
    if (auto done = run(database, path, pragma); !done.ok()) return done.error();
  }
  if (auto migrated = migrate(database, path); !migrated.ok()) return migrated.error();
  return store;
}

base::Result<std::int64_t> Store::add(const Record& record) {
  for (const double value : {record.score, record.usersAffectedPercent, record.userMinutesLost,
                             record.downtimeMinutes}) {
    if (!std::isfinite(value)) {
      return base::Error{"bad-record", d->path, "A record's numbers must be finite."};
    }
  }
  const QSqlDatabase database = d->connection.database();
  Transaction transaction(database, d->path);
  if (!transaction.begun().ok()) return transaction.begun().error();
  const auto last = ask(database, d->path, "SELECT hash FROM chain_head");
  if (!last.ok()) return last.error();
  const auto newest = ask(database, d->path, "SELECT coalesce(max(id), 0) FROM record");
  if (!newest.ok()) return newest.error();
  Record row = asStored(record);
  row.id = newest.value().toLongLong() + 1;
  const std::string hash = chainHash(last.value().toString().toStdString(), row);

  QSqlQuery insert(database);
  insert.prepare(QString("INSERT INTO record (%1, run_text, hash) VALUES "
                         "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
                     .arg(kShortColumns));
  insert.addBindValue(static_cast<qint64>(row.id));
  for (const std::string* field :
       {&row.finishedAt, &row.trainee, &row.scenarioId, &row.scenarioHash, &row.scenarioTitle}) {
    insert.addBindValue(textOf(*field));
  }
  insert.addBindValue(QString::number(row.seed));
  insert.addBindValue(textOf(row.mode));
  insert.addBindValue(row.score);
  insert.addBindValue(textOf(row.band));
  insert.addBindValue(row.usersAffectedPercent);
  insert.addBindValue(row.userMinutesLost);
  insert.addBindValue(row.downtimeMinutes);
  insert.addBindValue(textOf(row.fingerprint));
  insert.addBindValue(bytesOf(row.scoreJson));
  insert.addBindValue(bytesOf(row.runText));
  insert.addBindValue(textOf(hash));
  if (!insert.exec()) return sqlError(d->path, insert);

  QSqlQuery head(database);
  head.prepare("UPDATE chain_head SET record_count = record_count + 1, hash = ?");
  head.addBindValue(textOf(hash));
  if (!head.exec()) return sqlError(d->path, head);
  if (auto committed = transaction.commit(); !committed.ok()) return committed.error();
  return row.id;
}

base::Result<std::vector<Record>> Store::all() const {
  QSqlQuery query(d->connection.database());
  query.setForwardOnly(true);
  if (!query.exec(QString("SELECT %1 FROM record ORDER BY id DESC").arg(kShortColumns))) {
    return sqlError(d->path, query);
  }
  std::vector<Record> records;
  while (query.next()) records.push_back(recordFrom(query));
  if (query.lastError().isValid()) return sqlError(d->path, query);
  return records;
}

base::Result<Record> Store::find(std::int64_t id) const {
  QSqlQuery query(d->connection.database());
  query.prepare(QString("SELECT %1, run_text FROM record WHERE id = ?").arg(kShortColumns));
  query.addBindValue(static_cast<qint64>(id));
  if (!query.exec()) return sqlError(d->path, query);
  if (!query.next()) return noSuch(d->path, "record " + std::to_string(id));
  Record record = recordFrom(query);
  record.runText = query.value(15).toByteArray().toStdString();
  return record;
}

base::Result<> Store::check() const {
  const QSqlDatabase database = d->connection.database();
  if (auto pages = checkPages(database, d->path, "PRAGMA integrity_check(1)"); !pages.ok()) {
    return pages;
  }
  if (auto chain = checkChain(database, d->path); !chain.ok()) return chain;
  return checkScenarioTexts(database, d->path);
}

base::Result<> Store::keepScenario(const std::string& hash, const std::string& text) {
  if (base::sha256Hex(text) != hash) {
    return base::Error{"other-text", d->path,
                       "The scenario's text is not the one with the hash " + hash + "."};
  }
  QSqlQuery insert(d->connection.database());
  insert.prepare("INSERT OR IGNORE INTO scenario_text (hash, text) VALUES (?, ?)");
  insert.addBindValue(textOf(hash));
  insert.addBindValue(bytesOf(text));
  if (!insert.exec()) return sqlError(d->path, insert);
  return base::Nothing{};
}

base::Result<std::string> Store::scenarioText(const std::string& hash) const {
  QSqlQuery query(d->connection.database());
  query.prepare("SELECT text FROM scenario_text WHERE hash = ?");
  query.addBindValue(textOf(hash));
  if (!query.exec()) return sqlError(d->path, query);
  if (!query.next()) return noSuch(d->path, "scenario text with the hash " + hash);
  return query.value(0).toByteArray().toStdString();
}

}  // namespace records
