// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/awk/machine.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "console/awk/functions.h"
#include "console/awk/value.h"

namespace console::awk {
namespace {

constexpr long kStepLimit = 3'000'000;
constexpr int kCallLimit = 200;
constexpr std::size_t kTextLimit = 4u << 20, kElementLimit = 200'000, kFieldLimit = 20'000;

struct Failure {
  std::string text;
};
enum class Flow : std::uint8_t { On, Break, Continue, Next, Exit, Return };

class Runner {
 public:
  Runner(const Program& program, Outcome& outcome) : m_program(program), m_outcome(outcome) {
    set("FS", Value::of(" "));
    set("OFS", Value::of(" "));
    set("ORS", Value::of("\n"));
    set("RS", Value::of("\n"));
    set("SUBSEP", Value::of("\x1c"));
    set("NR", Value::of(0.0));
    set("FNR", Value::of(0.0));
  }
  void set(const std::string& name, Value value) { m_globals[name].value = std::move(value); }
  Array& array(const std::string& name) { return arrayOf(cell(name)); }

  void run(const std::vector<Input>& inputs) {
    Flow flow = rules(Rule::When::Begin);
    if (flow != Flow::Exit && readsInput(m_program)) {
      for (const Input& input : inputs) {
        set("FILENAME", Value::of(input.name == "-" ? "" : input.name));
        set("FNR", Value::of(0.0));
        m_text = input.text;
        m_position = 0;
        while (flow != Flow::Exit && nextRecord()) flow = records();
        if (flow == Flow::Exit) break;
      }
    }
    rules(Rule::When::End);
  }

 private:
  // -- records and fields --
  bool nextRecord() {
    if (m_position >= m_text.size()) return false;
    const std::string separator = get("RS").asText();
    std::size_t end = std::string::npos, next = 0;
    if (separator.empty()) {  // paragraphs
      m_position = std::min(m_text.find_first_not_of('\n', m_position), m_text.size());
      if (m_position >= m_text.size()) return false;
      end = m_text.find("\n\n", m_position);
      next = end == std::string::npos ? end : m_text.find_first_not_of('\n', end);
    } else {
      end = m_text.find(separator[0], m_position);
      next = end == std::string::npos ? end : end + 1;
    }
    std::string record =
        m_text.substr(m_position, end == std::string::npos ? end : end - m_position);
    if (separator.empty() && record.ends_with('\n')) record.pop_back();
    m_position = std::min(next, m_text.size());
    setRecord(std::move(record));
    set("NR", Value::of(get("NR").asNumber() + 1));
    set("FNR", Value::of(get("FNR").asNumber() + 1));
    return true;
  }

  void setRecord(std::string text) {
    m_record = std::move(text);
    m_fields = splitText(m_record, get("FS").asText());
    set("NF", Value::of(static_cast<double>(m_fields.size())));
  }

  std::vector<std::string> splitText(const std::string& text, const std::string& separator) {
    if (text.empty() || separator.size() < 2) return splitPlainly(text, separator);
    std::vector<std::string> parts;
    const Pattern& pattern = compiled(separator);
    std::size_t from = 0, search = 0;
    while (const auto match = pattern.find(text, search)) {
      charge(match->begin() - search + 1);
      if (match->end() == match->begin()) {
        if ((search = match->end() + 1) > text.size()) break;
        continue;
      }
      parts.push_back(text.substr(from, match->begin() - from));
      from = search = match->end();
    }
    parts.push_back(text.substr(from));
    return parts;
  }

  const Pattern& compiled(const std::string& text) {
    const auto it = m_patterns.find(text);
    if (it != m_patterns.end()) return it->second;
    auto pattern = Pattern::make(text, PatternSyntax::Extended, false);
    if (!pattern)
      throw Failure{"regular expression compile failed (" + pattern.error().message + ")"};
    if (m_patterns.size() > 1000) m_patterns.clear();
    return m_patterns.emplace(text, std::move(pattern.value())).first->second;
  }

  void joinRecord() {
    const std::string between = get("OFS").asText();
    m_record.clear();
    for (std::size_t i = 0; i < m_fields.size(); ++i) {
      m_record += (i > 0 ? between : "") + m_fields[i];
      if (m_record.size() > kTextLimit) throw Failure{"program limit exceeded: record size"};
    }
  }

  void setField(double index, const std::string& text) {
    if (index < 0) throw Failure{"negative field index $" + Value::of(index).asText()};
    const auto number = static_cast<std::size_t>(std::min(index, double{kFieldLimit} + 1));
    if (number > kFieldLimit)
      throw Failure{"program limit exceeded: maximum number of fields size"};
    if (number == 0) return setRecord(text);
    if (m_fields.size() < number) m_fields.resize(number);
    m_fields[number - 1] = text;
    set("NF", Value::of(static_cast<double>(m_fields.size())));
    joinRecord();
  }

  [[nodiscard]] Value field(double index) const {
    if (index < 0) throw Failure{"negative field index $" + Value::of(index).asText()};
    if (index < 1) return Value::outside(m_record);
    if (index > static_cast<double>(m_fields.size())) return {};
    return Value::outside(m_fields[static_cast<std::size_t>(index) - 1]);
  }

  // -- variables --
  Cell& cell(const std::string& name) {
    if (!m_frames.empty()) {
      const auto it = m_frames.back().find(name);
      if (it != m_frames.back().end()) return it->second;
    }
    return m_globals[name];
  }
  Value& get(const std::string& name) { return cell(name).value; }
  Array& arrayOf(Cell& c) {
    if (!c.array) c.array = std::make_shared<Array>();
    if (c.array->size() > kElementLimit) throw Failure{"program limit exceeded: array size"};
    return *c.array;
  }
  std::string subscript(const std::vector<Node>& kids) {
    std::string text;
    for (std::size_t i = 0; i < kids.size(); ++i) {
      text += (i > 0 ? get("SUBSEP").asText() : "") + value(kids[i]).asText();
    }
    return text;
  }

  void assign(const Node& place, Value to) {
    if (place.kind == Kind::Field) return setField(value(place.kids[0]).asNumber(), to.asText());
    if (place.kind == Kind::Element) {
      const std::string key = subscript(place.kids);
      arrayOf(cell(place.text))[key] = std::move(to);
      return;
    }
    const bool count = place.text == "NF";
    get(place.text) = std::move(to);
    if (!count) return;
    m_fields.resize(
        static_cast<std::size_t>(std::clamp(get("NF").asNumber(), 0.0, double{kFieldLimit})));
    joinRecord();
  }

  void charge(std::size_t steps) {
    m_steps += static_cast<long>(steps);
    if (m_steps > kStepLimit) throw Failure{"program limit exceeded: evaluation steps"};
  }

  // -- rules --
  Flow rules(Rule::When when) {
    for (const Rule& rule : m_program.rules) {
      if (rule.when != when) continue;
      const Flow flow = run(*rule.action);
      if (flow == Flow::Exit) return flow;
    }
    return Flow::On;
  }

  Flow records() {
    for (std::size_t i = 0; i < m_program.rules.size(); ++i) {
      const Rule& rule = m_program.rules[i];
      if (rule.when == Rule::When::Begin || rule.when == Rule::When::End) continue;
      if (rule.when == Rule::When::Pattern && !value(rule.patterns[0]).truth()) continue;
      if (rule.when == Rule::When::Range) {
        bool& inside = m_inRange[i];
        if (!inside && !value(rule.patterns[0]).truth()) continue;
        inside = !value(rule.patterns[1]).truth();
      }
      if (!rule.action) {
        print(m_record + get("ORS").asText());
        continue;
      }
      const Flow flow = run(*rule.action);
      if (flow == Flow::Next) return Flow::On;
      if (flow == Flow::Exit) return flow;
    }
    return Flow::On;
  }

  void print(const std::string& text) {
    m_outcome.out += text;
    if (m_outcome.out.size() > kTextLimit) throw Failure{"write failure (File too large)"};
  }

  // -- statements --
  Flow run(const Node& node) {
    charge(1);
    switch (node.kind) {
      case Kind::Block:
        for (const Node& one : node.kids) {
          if (const Flow flow = run(one); flow != Flow::On) return flow;
        }
        return Flow::On;
      case Kind::If:
        if (value(node.kids[0]).truth()) return run(node.kids[1]);
        return node.kids.size() > 2 ? run(node.kids[2]) : Flow::On;
      case Kind::While:
      case Kind::Do:
      case Kind::For:
        return loop(node);
      case Kind::ForIn:
        return each(node);
      case Kind::Next:
        return Flow::Next;
      case Kind::Break:
        return Flow::Break;
      case Kind::Continue:
        return Flow::Continue;
      case Kind::Exit:
        if (!node.kids.empty()) {
          m_outcome.exitCode = static_cast<int>(value(node.kids[0]).asNumber()) & 0xFF;
        }
        return Flow::Exit;
      case Kind::Return:
        m_returned = node.kids.empty() ? Value() : value(node.kids[0]);
        return Flow::Return;
      case Kind::Delete:
        if (node.kids.empty()) {
          arrayOf(cell(node.text)).clear();
        } else {
          arrayOf(cell(node.text)).erase(subscript(node.kids));
        }
        return Flow::On;
      case Kind::Print:
      case Kind::PrintFormat:
        printStatement(node);
        return Flow::On;
      default:
        value(node.kids[0]);
        return Flow::On;
    }
  }

  Flow loop(const Node& node) {
    const bool full = node.kind == Kind::For, after = node.kind == Kind::Do;
    const Node& test = node.kids[full || after ? 1 : 0];
    const Node& body = node.kids[full ? 3 : after ? 0 : 1];
    if (full) run(node.kids[0]);
    for (bool first = true; (first && after) || value(test).truth(); first = false) {
      const Flow flow = run(body);
      if (flow == Flow::Break) break;
      if (flow != Flow::On && flow != Flow::Continue) return flow;
      if (full) run(node.kids[2]);
    }
    return Flow::On;
  }

  Flow each(const Node& node) {
    std::vector<std::string> keys;
    for (const auto& [key, element] : arrayOf(cell(node.kids[0].text))) keys.push_back(key);
    for (const std::string& key : keys) {
      get(node.text) = Value::outside(key);
      const Flow flow = run(node.kids[1]);
      if (flow == Flow::Break) break;
      if (flow != Flow::On && flow != Flow::Continue) return flow;
    }
    return Flow::On;
  }

  void printStatement(const Node& node) {
    std::string text;
    const std::vector<Node>& list = node.kids[0].kids;
    if (node.kind == Kind::PrintFormat) {
      text = format(list);
    } else {
      if (list.empty()) text = m_record;
      for (std::size_t i = 0; i < list.size(); ++i) {
        text += (i > 0 ? get("OFS").asText() : "") + value(list[i]).asText();
      }
      text += get("ORS").asText();
    }
    if (node.text.empty()) return print(text);
    const std::string name = value(node.kids[1]).asText();
    charge(text.size() / 16);
    if (name == "/dev/stderr") {
      m_outcome.error += text;
      return;
    }
    if (name == "/dev/stdout") return print(text);
    for (Outcome::Target& target : m_outcome.targets) {
      if (target.name == name && (target.kind == "|") == (node.text == "|")) {
        target.text += text;
        return;
      }
    }
    if (m_outcome.targets.size() > 50) throw Failure{"cannot open more files"};
    m_outcome.targets.push_back({node.text, name, text});
  }

  std::string format(const std::vector<Node>& list) {
    std::vector<Value> values;
    for (const Node& one : list) values.push_back(value(one));
    FormatArguments arguments;
    arguments.count = values.size() - 1;
    arguments.text = [&](std::size_t i) { return values[i + 1].asText(); };
    arguments.number = [&](std::size_t i) { return values[i + 1].asNumber(); };
    std::size_t next = 0;
    std::string text = formatText(values[0].asText(), arguments, next);
    if (next > arguments.count)
      throw Failure{"not enough arguments passed to printf(\"" + values[0].asText() + "\")"};
    return text;
  }

  // -- expressions --
  Value value(const Node& node) {
    charge(1);
    switch (node.kind) {
      case Kind::Number:
        return Value::of(node.number);
      case Kind::Text:
        return Value::of(node.text);
      case Kind::Regex:
        charge(m_record.size() / 8);
        return Value::of(node.pattern->matches(m_record) ? 1.0 : 0.0);
      case Kind::Name:
        return get(node.text);
      case Kind::Element:
        return arrayOf(cell(node.text))[subscript(node.kids)];
      case Kind::Field:
        return field(value(node.kids[0]).asNumber());
      case Kind::Group:
        return value(node.kids[0]);
      case Kind::Conditional:
        return value(node.kids[value(node.kids[0]).truth() ? 1 : 2]);
      case Kind::And:
        return Value::of(value(node.kids[0]).truth() && value(node.kids[1]).truth() ? 1.0 : 0.0);
      case Kind::Or:
        return Value::of(value(node.kids[0]).truth() || value(node.kids[1]).truth() ? 1.0 : 0.0);
      case Kind::Not:
        return Value::of(value(node.kids[0]).truth() ? 0.0 : 1.0);
      case Kind::Negate:
        return Value::of(-value(node.kids[0]).asNumber());
      case Kind::Plus:
        return Value::of(value(node.kids[0]).asNumber());
      case Kind::In:
        return Value::of(arrayOf(cell(node.text)).contains(subscript(node.kids)) ? 1.0 : 0.0);
      case Kind::Concatenate:
        return concatenated(node);
      case Kind::Call:
        return call(node);
      default:
        return operated(node);
    }
  }

  Value concatenated(const Node& node) {
    std::string text = value(node.kids[0]).asText();
    text += value(node.kids[1]).asText();
    charge(text.size() / 64);
    if (text.size() > kTextLimit) throw Failure{"program limit exceeded: string size"};
    return Value::of(std::move(text));
  }

  Value operated(const Node& node) {
    switch (node.kind) {
      case Kind::Match:
      case Kind::NoMatch: {
        const std::string text = value(node.kids[0]).asText();
        charge(text.size() / 8);
        const bool found = patternOf(node.kids[1]).matches(text);
        return Value::of(found == (node.kind == Kind::Match) ? 1.0 : 0.0);
      }
      case Kind::Compare:
        return Value::of(compares(node) ? 1.0 : 0.0);
      case Kind::Arithmetic: {
        const double left = value(node.kids[0]).asNumber();
        return Value::of(arithmetic(node.text[0], left, value(node.kids[1]).asNumber()));
      }
      case Kind::Assign:
        return assigned(node);
      case Kind::Increment: {
        const double before = value(node.kids[0]).asNumber();
        const double after = before + (node.text == "++" ? 1 : -1);
        assign(node.kids[0], Value::of(after));
        return Value::of(node.prefix ? after : before);
      }
      default:  // getline: the next record of the input
        return Value::of(nextRecord() ? 1.0 : 0.0);
    }
  }

  Value assigned(const Node& node) {
    Value to = value(node.kids[1]);
    if (node.text != "=") {
      to = Value::of(arithmetic(node.text[0], value(node.kids[0]).asNumber(), to.asNumber()));
    }
    assign(node.kids[0], to);
    return to;
  }

  static double arithmetic(char op, double left, double right) {
    if ((op == '/' || op == '%') && right == 0)
      throw Failure{op == '/' ? "division by zero" : "division by zero in %"};
    switch (op) {
      case '+':
        return left + right;
      case '-':
        return left - right;
      case '*':
        return left * right;
      case '/':
        return left / right;
      case '%':
        return std::fmod(left, right);
      default:
        return power(left, right);
    }
  }

  bool compares(const Node& node) {
    const Value left = value(node.kids[0]), right = value(node.kids[1]);
    int order = 0;
    if (left.numeric() && right.numeric()) {
      order = left.number < right.number ? -1 : left.number > right.number ? 1 : 0;
    } else {
      order = left.asText().compare(right.asText());
    }
    const std::string& op = node.text;
    if (op == "==") return order == 0;
    if (op == "!=") return order != 0;
    if (op == "<") return order < 0;
    if (op == "<=") return order <= 0;
    return op == ">" ? order > 0 : order >= 0;
  }

  const Pattern& patternOf(const Node& node) {
    return node.kind == Kind::Regex ? *node.pattern : compiled(value(node).asText());
  }

  // -- functions --
  Value call(const Node& node) {
    const auto own = m_program.functions.find(node.text);
    if (own != m_program.functions.end()) return callOwn(own->second, node);
    const std::string& name = node.text;
    if (name == "split") return splitInto(node);
    if (name == "sub" || name == "gsub") return substitute(node);
    if (name == "length" && !node.kids.empty() && node.kids[0].kind == Kind::Name &&
        cell(node.kids[0].text).array) {
      return Value::of(static_cast<double>(cell(node.kids[0].text).array->size()));
    }
    if (name == "match" && node.kids.size() == 2) {
      const auto found = patternOf(node.kids[1]).find(value(node.kids[0]).asText());
      set("RSTART", Value::of(found ? static_cast<double>(found->begin() + 1) : 0.0));
      set("RLENGTH", Value::of(found ? static_cast<double>(found->end() - found->begin()) : -1.0));
      return get("RSTART");
    }
    if (name == "sprintf" && !node.kids.empty()) return Value::of(format(node.kids));
    std::vector<Value> values;
    for (const Node& kid : node.kids) values.push_back(value(kid));
    const auto result = plainFunction(name, values, m_record);
    if (!result) throw Failure{"function " + name + " never defined"};
    return *result;
  }

  Value splitInto(const Node& node) {
    if (node.kids.size() < 2 || node.kids[1].kind != Kind::Name)
      throw Failure{"wrong number of arguments in call to split"};
    const std::string text = value(node.kids[0]).asText();
    const bool pattern = node.kids.size() > 2 && node.kids[2].kind == Kind::Regex;
    const std::string separator = node.kids.size() < 3 ? get("FS").asText()
                                  : pattern            ? node.kids[2].text
                                                       : value(node.kids[2]).asText();
    Array& into = arrayOf(cell(node.kids[1].text));
    into.clear();
    // A pattern of one byte is the byte unless it means something.
    const bool literal = !pattern || separator.find_first_of(".[\\^$*+?(|") == std::string::npos;
    const auto parts = splitText(text, literal ? separator : "(" + separator + ")");
    charge(parts.size());
    for (std::size_t i = 0; i < parts.size(); ++i)
      into[std::to_string(i + 1)] = Value::outside(parts[i]);
    return Value::of(static_cast<double>(parts.size()));
  }

  Value substitute(const Node& node) {
    if (node.kids.size() < 2) throw Failure{"wrong number of arguments in call to " + node.text};
    const Pattern pattern = patternOf(node.kids[0]);
    const std::string with = value(node.kids[1]).asText();
    const bool whole = node.kids.size() < 3;
    const std::string text = whole ? m_record : value(node.kids[2]).asText();
    std::string result;
    std::size_t at = 0;
    int count = 0;
    while (at <= text.size()) {
      const auto match = pattern.find(text, at);
      if (!match || (count > 0 && node.text == "sub")) break;
      charge(match->end() - at + 1);
      result += text.substr(at, match->begin() - at);
      result += replacement(with, text.substr(match->begin(), match->end() - match->begin()));
      if (result.size() > kTextLimit) throw Failure{"program limit exceeded: string size"};
      ++count;
      at = match->end();
      if (match->end() == match->begin()) {
        if (at < text.size()) result += text[at];
        ++at;
      }
    }
    if (at < text.size()) result += text.substr(at);
    if (count == 0) return Value::of(0.0);
    if (whole) {
      setRecord(result);
    } else {
      assign(node.kids[2], Value::of(result));
    }
    return Value::of(static_cast<double>(count));
  }

  Value callOwn(const Function& function, const Node& node) {
    if (m_frames.size() >= kCallLimit) throw Failure{"function call nesting too deep"};
    if (node.kids.size() > function.parameters.size())
      throw Failure{"too many arguments in call to " + node.text};
    std::map<std::string, Cell> frame;
    for (std::size_t i = 0; i < function.parameters.size(); ++i) {
      Cell& made = frame[function.parameters[i]];
      if (i >= node.kids.size()) continue;
      const Node& kid = node.kids[i];
      if (kid.kind == Kind::Name) {  // an array goes by reference
        Cell& given = cell(kid.text);
        if (given.value.kind == Value::Kind::None) arrayOf(given);
        made.array = given.array;
      }
      if (kid.kind != Kind::Name || cell(kid.text).value.kind != Value::Kind::None) {
        made.value = value(kid);
      }
    }
    m_frames.push_back(std::move(frame));
    m_returned = {};
    const Flow flow = run(function.body);
    m_frames.pop_back();
    if (flow == Flow::Exit) throw Failure{""};
    return std::exchange(m_returned, {});
  }

  const Program& m_program;
  Outcome& m_outcome;
  std::map<std::string, Cell> m_globals;
  std::vector<std::map<std::string, Cell>> m_frames;
  std::map<std::string, Pattern> m_patterns;
  std::map<std::size_t, bool> m_inRange;
  std::string m_text, m_record;
  std::size_t m_position = 0;
  std::vector<std::string> m_fields;
  Value m_returned;
  long m_steps = 0;
};

}  // namespace

Outcome execute(const Program& program,
                const std::vector<std::pair<std::string, std::string>>& variables,
                const std::vector<Input>& inputs,
                const std::map<std::string, std::string>& environment) {
  Outcome outcome;
  Runner runner(program, outcome);
  for (const auto& [name, text] : environment) runner.array("ENVIRON")[name] = Value::outside(text);
  for (const auto& [name, text] : variables) runner.set(name, Value::outside(unescapedText(text)));
  try {
    runner.run(inputs);
  } catch (const Failure& failure) {
    if (!failure.text.empty()) {
      outcome.error += "awk: " + failure.text + "\n";
      outcome.exitCode = 2;
    }
  }
  return outcome;
}

}  // namespace console::awk
