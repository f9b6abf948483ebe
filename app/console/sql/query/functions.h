// SPDX-License-Identifier: GPL-3.0-or-later
// The functions SQL can call: names, argument types and what they do. Each family lives in a file
// of its own and hands in its table; resolution follows PostgreSQL's rules for overloads.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "console/sql/engine.h"
#include "console/sql/query/datum.h"

namespace console::query {

// A query being run: the world it sees, its failure, and how much work it may still do.
class Runtime {
 public:
  explicit Runtime(QueryContext& query) : m_query(query) {}

  [[nodiscard]] QueryContext& query() { return m_query; }
  [[nodiscard]] const sim::World& world() const { return m_query.machine.world; }
  [[nodiscard]] const PsqlSession& session() const { return m_query.session; }
  [[nodiscard]] std::int64_t nowUs() const { return world().unixMs() * 1000; }
  // Remembers the first failure. Always a NULL.
  Datum fail(std::string sqlstate, std::string text, std::string detail = {},
             std::string hint = {});
  Datum fail(SqlError error);
  // Something the client is told on the way: "WARNING:  ...".
  void notice(std::string text) { m_notices.push_back(std::move(text)); }
  [[nodiscard]] const std::vector<std::string>& notices() const { return m_notices; }
  [[nodiscard]] bool failed() const { return m_failed; }
  [[nodiscard]] const SqlError& error() const { return m_error; }
  // Takes work off what is left; false: none is, and the statement is cancelled.
  bool work(std::int64_t steps = 1);
  // The next of the statement's random numbers, in [0, 1).
  double random();

 private:
  QueryContext& m_query;
  SqlError m_error;
  std::vector<std::string> m_notices;
  bool m_failed = false;
  std::int64_t m_left = 1'200'000;
  std::uint32_t m_draws = 0;
};

struct CallSite {
  Runtime& runtime;
  std::span<const DataType> types;  // of the arguments as they are passed
  DataType result;
};
using Arguments = std::span<const Datum>;

enum class FunctionKind : std::uint8_t { Plain, Series, Aggregate, Window };

struct Function {
  std::string name;
  std::vector<DataType> args;
  DataType result;
  FunctionKind kind = FunctionKind::Plain;
  bool strict = true;        // a NULL argument gives NULL
  bool variadic = false;     // the last argument type repeats
  std::size_t optional = 0;  // arguments at the end that may be left out
  Datum (*run)(const CallSite& site, Arguments args) = nullptr;
  // Rows of a set-returning function, one datum each.
  std::vector<Datum> (*rows)(const CallSite& site, Arguments args) = nullptr;
  // Aggregates: over all rows that count; each row holds the arguments.
  Datum (*aggregate)(const CallSite& site, std::span<const Row> rows) = nullptr;
};

// One line of a family's table. signature: "text, integer -> text"; a trailing "..." repeats the
// last argument, "[, integer]" may be left out, "?" in front: called with NULLs too.
struct FunctionLine {
  std::string_view name, signature;
  Datum (*run)(const CallSite& site, Arguments args);
};
struct SeriesLine {
  std::string_view name, signature;
  std::vector<Datum> (*rows)(const CallSite& site, Arguments args);
};
struct AggregateLine {
  std::string_view name, signature;
  Datum (*aggregate)(const CallSite& site, std::span<const Row> rows);
};

[[nodiscard]] std::span<const FunctionLine> textFunctions();
[[nodiscard]] std::span<const FunctionLine> patternFunctions();
[[nodiscard]] std::span<const FunctionLine> numberFunctions();
[[nodiscard]] std::span<const FunctionLine> timeFunctions();
[[nodiscard]] std::span<const FunctionLine> arrayFunctions();
[[nodiscard]] std::span<const FunctionLine> serverFunctions();
[[nodiscard]] std::span<const FunctionLine> privilegeFunctions();
[[nodiscard]] std::span<const FunctionLine> catalogueFunctions();
[[nodiscard]] std::span<const FunctionLine> operatorFunctions();
[[nodiscard]] std::span<const SeriesLine> seriesFunctions();
[[nodiscard]] std::span<const AggregateLine> aggregateFunctions();
// row_number() and their kin; the executor knows what they do.
[[nodiscard]] std::span<const std::pair<std::string_view, std::string_view>> windowFunctions();

// All functions, in name order.
[[nodiscard]] const std::vector<Function>& allFunctions();
// Which function a call means. None: nothing fits, several: more than one fits as well.
struct Resolution {
  const Function* function = nullptr;
  bool several = false;
};
[[nodiscard]] Resolution resolve(std::string_view name, std::span<const DataType> args);
[[nodiscard]] bool isFunctionName(std::string_view name);
// Types of the arguments and the result with anyelement and anyarray filled in.
struct Bound {
  std::vector<DataType> args;
  DataType result;
};
[[nodiscard]] Bound bindTypes(const Function& function, std::span<const DataType> args);

}  // namespace console::query
