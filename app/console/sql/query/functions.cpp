// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/sql/query/functions.h"

#include <algorithm>
#include <stdexcept>

#include "base/random.h"
#include "base/text.h"

namespace console::query {
namespace {

// "any", "anyelement" and "anyarray" besides the types a cast knows.
DataType typeOf(std::string_view name) {
  name = base::trim(name);
  if (name == "any") return TypeKind::Any;
  if (name == "anyelement") return TypeKind::AnyElement;
  if (name == "anyarray") return {TypeKind::AnyArray};
  if (name == "void") return TypeKind::Void;
  if (name == "record") return TypeKind::Record;
  const std::optional<DataType> type = typeNamed(name);
  if (!type) throw std::logic_error("no such type: " + std::string(name));
  return *type;
}

Function declared(std::string_view name, std::string_view signature) {
  Function function;
  function.name = name;
  if (signature.starts_with("?")) {
    function.strict = false;
    signature.remove_prefix(1);
  }
  const std::size_t arrow = signature.find("->");
  std::string args(base::trim(signature.substr(0, arrow)));
  function.result = typeOf(signature.substr(arrow + 2));
  if (args.ends_with("...")) {
    function.variadic = true;
    args.resize(args.size() - 3);
  }
  const auto brackets = static_cast<std::size_t>(std::count(args.begin(), args.end(), '<'));
  function.optional = brackets;
  args = base::replaceAll(base::replaceAll(args, "<", ""), ">", "");
  if (base::trim(args).empty()) return function;
  for (const std::string& one : base::split(args, ',')) function.args.push_back(typeOf(one));
  return function;
}

std::vector<Function> join() {
  std::vector<Function> all;
  for (const auto family :
       {textFunctions(), patternFunctions(), numberFunctions(), timeFunctions(), arrayFunctions(),
        serverFunctions(), privilegeFunctions(), catalogueFunctions(), operatorFunctions()}) {
    for (const FunctionLine& line : family) {
      all.push_back(declared(line.name, line.signature));
      all.back().run = line.run;
    }
  }
  for (const SeriesLine& line : seriesFunctions()) {
    all.push_back(declared(line.name, line.signature));
    all.back().kind = FunctionKind::Series;
    all.back().rows = line.rows;
  }
  for (const AggregateLine& line : aggregateFunctions()) {
    all.push_back(declared(line.name, line.signature));
    all.back().kind = FunctionKind::Aggregate;
    all.back().aggregate = line.aggregate;
  }
  for (const auto& [name, signature] : windowFunctions()) {
    all.push_back(declared(name, signature));
    all.back().kind = FunctionKind::Window;
    all.back().strict = false;
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Function& a, const Function& b) { return a.name < b.name; });
  return all;
}

DataType declaredAt(const Function& function, std::size_t i) {
  return function.args[std::min(i, function.args.size() - 1)];
}

bool countFits(const Function& function, std::size_t count) {
  if (function.variadic) return count + 1 >= function.args.size();
  return count <= function.args.size() && count + function.optional >= function.args.size();
}

// The element type that anyelement and anyarray stand for; nothing: they disagree.
std::optional<DataType> polymorphic(const Function& function, std::span<const DataType> args) {
  std::optional<DataType> element;
  for (std::size_t i = 0; i < args.size(); ++i) {
    const DataType wanted = declaredAt(function, i);
    const bool whole = wanted.kind == TypeKind::AnyElement && !wanted.array;
    if (!whole && wanted.kind != TypeKind::AnyArray) continue;
    if (args[i].is(TypeKind::Unknown)) continue;
    if (!whole && !args[i].array) return std::nullopt;
    const DataType one = whole ? args[i] : args[i].element();
    const std::optional<DataType> common = element ? commonType(*element, one) : one;
    if (!common) return std::nullopt;
    element = common;
  }
  return element ? element : DataType(TypeKind::Text);
}

bool isPreferred(DataType type) {
  return type.is(TypeKind::Double) || type.is(TypeKind::Text) || type.is(TypeKind::Timestamptz) ||
         type.is(TypeKind::Boolean) || type.is(TypeKind::Oid);
}

// How well a function fits: -1 not at all, otherwise steps of conversion (fewer are better).
struct Fit {
  int exact = 0, preferred = 0, steps = 0;
};
std::optional<Fit> fitOf(const Function& function, std::span<const DataType> args) {
  if (!countFits(function, args.size())) return std::nullopt;
  if (!polymorphic(function, args)) return std::nullopt;
  Fit fit;
  for (std::size_t i = 0; i < args.size(); ++i) {
    const DataType wanted = declaredAt(function, i);
    const int steps = implicitSteps(args[i], wanted);
    if (steps < 0) return std::nullopt;
    if (steps == 0) ++fit.exact;
    if (steps == 0 || isPreferred(wanted)) ++fit.preferred;
    fit.steps += steps;
  }
  return fit;
}

}  // namespace

Datum Runtime::fail(std::string sqlstate, std::string text, std::string detail, std::string hint) {
  return fail(SqlError{std::move(text), std::move(detail), std::move(hint), std::string::npos,
                       std::move(sqlstate)});
}

Datum Runtime::fail(SqlError error) {
  if (!m_failed) m_error = std::move(error);
  m_failed = true;
  return {};
}

bool Runtime::work(std::int64_t steps) {
  m_left -= steps;
  if (m_left < 0) fail("57014", "canceling statement due to statement timeout");
  return !m_failed;
}

double Runtime::random() {
  return base::uniform(world().seed(), base::Stream::Terminal, world().now().ms, ++m_draws);
}

const std::vector<Function>& allFunctions() {
  static const std::vector<Function> all = join();
  return all;
}

bool isFunctionName(std::string_view name) {
  const auto& all = allFunctions();
  const auto it =
      std::lower_bound(all.begin(), all.end(), name,
                       [](const Function& a, std::string_view b) { return a.name < b; });
  return it != all.end() && it->name == name;
}

Resolution resolve(std::string_view name, std::span<const DataType> args) {
  const auto& all = allFunctions();
  auto it = std::lower_bound(all.begin(), all.end(), name,
                             [](const Function& a, std::string_view b) { return a.name < b; });
  Resolution best;
  Fit bestFit;
  for (; it != all.end() && it->name == name; ++it) {
    const std::optional<Fit> fit = fitOf(*it, args);
    if (!fit) continue;
    const auto order = [](const Fit& f) { return std::tuple(-f.exact, -f.preferred, f.steps); };
    if (best.function == nullptr || order(*fit) < order(bestFit)) {
      best = {&*it, false};
      bestFit = *fit;
    } else if (order(*fit) == order(bestFit)) {
      best.several = true;
    }
  }
  return best;
}

Bound bindTypes(const Function& function, std::span<const DataType> args) {
  Bound bound;
  const DataType element = polymorphic(function, args).value_or(DataType(TypeKind::Text));
  const auto filled = [&](DataType declaredType, DataType actual) -> DataType {
    if (declaredType.kind == TypeKind::AnyElement) return element;
    if (declaredType.kind == TypeKind::AnyArray) return element.arrayOf();
    if (declaredType.kind == TypeKind::Any)
      return actual.is(TypeKind::Unknown) ? DataType(TypeKind::Text) : actual;
    return declaredType;
  };
  for (std::size_t i = 0; i < args.size(); ++i) {
    bound.args.push_back(filled(declaredAt(function, i), args[i]));
  }
  bound.result = filled(function.result, {});
  return bound;
}

}  // namespace console::query
