// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/text/pattern.h"

#include <algorithm>

namespace console {
namespace {

constexpr std::size_t kProgramLimit = 4000;
constexpr int kNestingLimit = 200;

unsigned char lowered(unsigned char byte) {
  return byte >= 'A' && byte <= 'Z' ? static_cast<unsigned char>(byte + 32) : byte;
}

bool isWord(unsigned char byte) {
  return (byte >= '0' && byte <= '9') || (lowered(byte) >= 'a' && lowered(byte) <= 'z') ||
         byte == '_';
}

bool inNamedClass(std::string_view name, unsigned char byte) {
  const bool digit = byte >= '0' && byte <= '9';
  const bool alpha = lowered(byte) >= 'a' && lowered(byte) <= 'z';
  if (name == "digit") return digit;
  if (name == "alpha") return alpha;
  if (name == "alnum") return digit || alpha;
  if (name == "upper") return byte >= 'A' && byte <= 'Z';
  if (name == "lower") return byte >= 'a' && byte <= 'z';
  if (name == "space") return byte == ' ' || (byte >= 9 && byte <= 13);
  if (name == "blank") return byte == ' ' || byte == '\t';
  if (name == "xdigit") return digit || (lowered(byte) >= 'a' && lowered(byte) <= 'f');
  if (name == "punct") return byte > 32 && byte < 127 && !digit && !alpha;
  return false;
}

}  // namespace

// Recursive descent straight into the program; repetition copies the steps of the atom.
class PatternParser {
 public:
  PatternParser(std::string_view text, PatternSyntax syntax, Pattern& pattern)
      : m_text(text), m_syntax(syntax), m_pattern(pattern) {}

  base::Result<> parse() {
    emit(Pattern::Op::Save, 0);
    if (m_syntax == PatternSyntax::Fixed) {
      for (const char c : m_text) emit(Pattern::Op::Byte, static_cast<unsigned char>(c));
      if (m_text.size() > kProgramLimit) m_error = "Regular expression too big";
    } else {
      alternatives(0);
      if (m_error.empty() && m_at < m_text.size()) m_error = "Unmatched ) or \\)";
    }
    emit(Pattern::Op::Save, 1);
    emit(Pattern::Op::Match, 0);
    if (!m_error.empty()) return base::Error{"bad-pattern", "", m_error};
    return base::Nothing{};
  }

 private:
  using Op = Pattern::Op;
  using Step = Pattern::Step;

  void emit(Op op, std::size_t first, std::size_t second = 0) {
    m_pattern.m_program.push_back(
        {op, static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(second)});
  }
  [[nodiscard]] std::size_t size() const { return m_pattern.m_program.size(); }
  [[nodiscard]] bool ended() const { return m_at >= m_text.size(); }

  // Whether the operator c stands here in its special form: bare in extended, escaped in basic.
  [[nodiscard]] std::size_t special(char c) const {
    if (ended()) return 0;
    if (m_syntax == PatternSyntax::Extended) return m_text[m_at] == c ? 1 : 0;
    return m_text[m_at] == '\\' && m_at + 1 < m_text.size() && m_text[m_at + 1] == c ? 2 : 0;
  }

  void insertStep(std::size_t at, Step step) {
    auto& program = m_pattern.m_program;
    // What lies before keeps its targets: it must pass through the new step.
    for (std::size_t i = at; i < program.size(); ++i) {
      Step& existing = program[i];
      if (existing.op != Op::Split && existing.op != Op::Jump) continue;
      if (existing.first >= at) ++existing.first;
      if (existing.op == Op::Split && existing.second >= at) ++existing.second;
    }
    program.insert(program.begin() + static_cast<std::ptrdiff_t>(at), step);
  }

  void alternatives(int depth) {
    if (depth > kNestingLimit) m_error = "Regular expression too big";
    const std::size_t start = size();
    sequence(depth);
    if (!m_error.empty() || special('|') == 0) return;
    m_at += special('|');
    insertStep(start, {Op::Split, static_cast<std::uint32_t>(start + 1), 0});
    const std::size_t jump = size();
    emit(Op::Jump, 0);
    m_pattern.m_program[start].second = static_cast<std::uint32_t>(size());
    alternatives(depth + 1);
    m_pattern.m_program[jump].first = static_cast<std::uint32_t>(size());
  }

  void sequence(int depth) {
    bool first = true;
    while (m_error.empty() && !ended() && special('|') == 0) {
      if (special(')') != 0 && depth > 0 && m_open > 0) return;
      const std::size_t start = size();
      atom(depth, first);
      first = false;
      if (m_error.empty()) repetition(start);
      if (size() > kProgramLimit) m_error = "Regular expression too big";
    }
  }

  void atom(int depth, bool first) {
    if (const std::size_t width = special('('); width != 0) return group(depth, width);
    const char c = m_text[m_at++];
    if (c == '.') return emit(Op::Any, 0);
    if (c == '[') return bracket();
    if (c == '^' && (first || m_syntax == PatternSyntax::Extended)) return emit(Op::Begin, 0);
    if (c == '$' && (ended() || m_syntax == PatternSyntax::Extended || special('|') != 0 ||
                     special(')') != 0)) {
      return emit(Op::End, 0);
    }
    if (c == '\\') return escape();
    emit(Op::Byte, static_cast<unsigned char>(c));
  }

  void group(int depth, std::size_t width) {
    m_at += width;
    const std::size_t number = ++m_groups;
    ++m_open;
    if (number < kPatternGroups) emit(Op::Save, 2 * number);
    alternatives(depth + 1);
    --m_open;
    if (!m_error.empty()) return;
    const std::size_t close = special(')');
    if (close == 0) {
      m_error = "Unmatched ( or \\(";
      return;
    }
    m_at += close;
    if (number < kPatternGroups) emit(Op::Save, 2 * number + 1);
  }

  void escape() {
    if (ended()) {
      m_error = "Trailing backslash";
      return;
    }
    const char c = m_text[m_at++];
    const auto named = [this](std::string_view name, bool negated, bool underscore) {
      Pattern::ByteSet set{};
      for (int b = 0; b < 256; ++b) {
        const auto byte = static_cast<unsigned char>(b);
        const bool in = inNamedClass(name, byte) || (underscore && byte == '_');
        set[byte] = in != negated;
      }
      addSet(set);
    };
    switch (c) {
      case 'd':
        return named("digit", false, false);
      case 'D':
        return named("digit", true, false);
      case 's':
        return named("space", false, false);
      case 'S':
        return named("space", true, false);
      case 'w':
        return named("alnum", false, true);
      case 'W':
        return named("alnum", true, true);
      case 'b':
      case 'y':
      case '<':
      case '>':
        return emit(Op::WordEdge, 0);
      case 'n':
        return emit(Op::Byte, '\n');
      case 't':
        return emit(Op::Byte, '\t');
      default:
        emit(Op::Byte, static_cast<unsigned char>(c));
    }
  }

  void addSet(const Pattern::ByteSet& set) {
    m_pattern.m_sets.push_back(set);
    emit(Op::Class, m_pattern.m_sets.size() - 1);
  }

  void bracket() {
    Pattern::ByteSet set{};
    const bool negated = !ended() && m_text[m_at] == '^';
    if (negated) ++m_at;
    bool first = true;
    while (!ended() && (first || m_text[m_at] != ']')) {
      first = false;
      bracketItem(set);
    }
    if (ended()) {
      m_error = "Unmatched [, [^, [:, [., or [=";
      return;
    }
    ++m_at;
    if (m_pattern.m_ignoreCase) {
      for (int b = 'A'; b <= 'Z'; ++b) {
        const auto index = static_cast<std::size_t>(b);
        const bool either = set[index] || set[index + 32];
        set[index] = set[index + 32] = either;
      }
    }
    if (negated) {
      for (bool& in : set) in = !in;
    }
    addSet(set);
  }

  void bracketItem(Pattern::ByteSet& set) {
    if (m_text.substr(m_at, 2) == "[:") {
      const std::size_t close = m_text.find(":]", m_at);
      if (close != std::string_view::npos) {
        const std::string_view name = m_text.substr(m_at + 2, close - m_at - 2);
        for (int b = 0; b < 256; ++b) {
          if (inNamedClass(name, static_cast<unsigned char>(b)))
            set[static_cast<std::size_t>(b)] = true;
        }
        m_at = close + 2;
        return;
      }
    }
    const auto low = static_cast<unsigned char>(m_text[m_at++]);
    auto high = low;
    if (m_at + 1 < m_text.size() && m_text[m_at] == '-' && m_text[m_at + 1] != ']') {
      high = static_cast<unsigned char>(m_text[m_at + 1]);
      m_at += 2;
    }
    if (high < low) m_error = "Invalid range end";
    for (int b = low; b <= high; ++b) set[static_cast<std::size_t>(b)] = true;
  }

  [[nodiscard]] std::optional<std::pair<int, int>> bounds() {
    if (!ended() && m_text[m_at] == '*') {
      ++m_at;
      return std::pair{0, -1};
    }
    if (const auto width = special('+'); width != 0) {
      m_at += width;
      return std::pair{1, -1};
    }
    if (const auto width = special('?'); width != 0) {
      m_at += width;
      return std::pair{0, 1};
    }
    return special('{') != 0 ? interval() : std::nullopt;
  }

  [[nodiscard]] std::optional<std::pair<int, int>> interval() {
    const std::size_t start = m_at;
    m_at += special('{');
    const auto number = [this]() {
      int value = -1;
      while (!ended() && m_text[m_at] >= '0' && m_text[m_at] <= '9') {
        value = std::min(1000, std::max(value, 0) * 10 + (m_text[m_at++] - '0'));
      }
      return value;
    };
    const int low = number();
    int high = low;
    if (!ended() && m_text[m_at] == ',') {
      ++m_at;
      high = number();
    }
    const std::size_t close = special('}');
    if (close == 0 || low < 0) {  // not an interval after all: the brace stands for itself
      m_at = start;
      return std::nullopt;
    }
    m_at += close;
    if (low > 255 || high > 255 || (high >= 0 && high < low)) m_error = "Invalid content of \\{\\}";
    return std::pair{low, high};
  }

  void repetition(std::size_t start) {
    while (m_error.empty()) {
      const auto range = bounds();
      if (!range || !m_error.empty()) return;
      repeat(start, range->first, range->second);
      if (size() > kProgramLimit) m_error = "Regular expression too big";
    }
  }

  void copy(const std::vector<Step>& steps, std::size_t origin) {
    const std::size_t shift = size() - origin;
    for (Step step : steps) {
      if (step.op == Op::Split || step.op == Op::Jump) {
        step.first += static_cast<std::uint32_t>(shift);
        step.second += static_cast<std::uint32_t>(shift);
      }
      m_pattern.m_program.push_back(step);
    }
  }

  void repeat(std::size_t start, int low, int high) {
    auto& program = m_pattern.m_program;
    const std::vector<Step> steps(program.begin() + static_cast<std::ptrdiff_t>(start),
                                  program.end());
    const std::size_t copies = static_cast<std::size_t>(std::max({low, high, 1})) + 1;
    if (steps.size() * copies > kProgramLimit) {
      m_error = "Regular expression too big";
      return;
    }
    program.resize(start);
    for (int i = 0; i < low; ++i) copy(steps, start);
    if (high < 0) {
      const std::size_t split = size();
      emit(Op::Split, split + 1, 0);
      copy(steps, start);
      emit(Op::Jump, split);
      program[split].second = static_cast<std::uint32_t>(size());
      return;
    }
    for (int i = low; i < high; ++i) {
      const std::size_t split = size();
      emit(Op::Split, split + 1, 0);
      copy(steps, start);
      program[split].second = static_cast<std::uint32_t>(size());
    }
  }

  std::string_view m_text;
  PatternSyntax m_syntax;
  Pattern& m_pattern;
  std::size_t m_at = 0, m_groups = 0;
  int m_open = 0;
  std::string m_error;
};

// The threads alive at one place of the text, in order of preference.
class PatternThreads {
 public:
  PatternThreads(const Pattern& pattern, std::string_view text)
      : m_pattern(pattern), m_text(text), m_seen(pattern.m_program.size(), 0) {}

  struct Thread {
    std::uint32_t step;
    PatternMatch match;
  };

  void startPlace() {
    ++m_generation;
    m_next.clear();
  }
  void add(std::uint32_t start, std::size_t place, const PatternMatch& match) {
    m_stack.push_back({start, match});
    while (!m_stack.empty()) {
      Thread thread = m_stack.back();
      m_stack.pop_back();
      if (m_seen[thread.step] == m_generation) continue;
      m_seen[thread.step] = m_generation;
      const auto& step = m_pattern.m_program[thread.step];
      switch (step.op) {
        case Pattern::Op::Split:
          m_stack.push_back({step.second, thread.match});
          m_stack.push_back({step.first, thread.match});
          break;
        case Pattern::Op::Jump:
          m_stack.push_back({step.first, thread.match});
          break;
        case Pattern::Op::Save:
          thread.match.at[step.first] = place;
          m_stack.push_back({thread.step + 1, thread.match});
          break;
        case Pattern::Op::Begin:
          if (place == 0) m_stack.push_back({thread.step + 1, thread.match});
          break;
        case Pattern::Op::End:
          if (place == m_text.size()) m_stack.push_back({thread.step + 1, thread.match});
          break;
        case Pattern::Op::WordEdge:
          if (wordBefore(place) != wordBefore(place + 1)) {
            m_stack.push_back({thread.step + 1, thread.match});
          }
          break;
        default:
          m_next.push_back(thread);
      }
    }
  }
  [[nodiscard]] bool takes(const Thread& thread, unsigned char byte) const {
    const auto& step = m_pattern.m_program[thread.step];
    if (step.op == Pattern::Op::Any) return true;
    if (step.op == Pattern::Op::Class) return m_pattern.m_sets[step.first][byte];
    if (m_pattern.m_ignoreCase)
      return lowered(static_cast<unsigned char>(step.first)) == lowered(byte);
    return step.first == byte;
  }
  [[nodiscard]] bool isMatch(const Thread& thread) const {
    return m_pattern.m_program[thread.step].op == Pattern::Op::Match;
  }
  std::vector<Thread>& next() { return m_next; }

 private:
  [[nodiscard]] bool wordBefore(std::size_t place) const {
    return place > 0 && place <= m_text.size() &&
           isWord(static_cast<unsigned char>(m_text[place - 1]));
  }
  const Pattern& m_pattern;
  std::string_view m_text;
  std::vector<std::uint32_t> m_seen;
  std::uint32_t m_generation = 0;
  std::vector<Thread> m_next, m_stack;
};

base::Result<Pattern> Pattern::make(std::string_view text, PatternSyntax syntax, bool ignoreCase) {
  Pattern pattern;
  pattern.m_ignoreCase = ignoreCase;
  if (text.size() > kProgramLimit)
    return base::Error{"bad-pattern", "", "Regular expression too big"};
  PatternParser parser(text, syntax, pattern);
  const auto result = parser.parse();
  if (!result) return result.error();
  return pattern;
}

std::optional<PatternMatch> Pattern::find(std::string_view text, std::size_t from) const {
  if (from > text.size()) return std::nullopt;
  PatternThreads threads(*this, text);
  std::optional<PatternMatch> best;
  PatternMatch none;
  none.at.fill(std::string_view::npos);
  std::vector<PatternThreads::Thread> current;
  for (std::size_t place = from; place <= text.size(); ++place) {
    threads.startPlace();
    for (const auto& thread : current) {
      if (place > from && threads.takes(thread, static_cast<unsigned char>(text[place - 1]))) {
        threads.add(thread.step + 1, place, thread.match);
      }
    }
    if (!best) threads.add(0, place, none);
    auto& next = threads.next();
    for (std::size_t i = 0; i < next.size(); ++i) {
      if (!threads.isMatch(next[i])) continue;
      best = next[i].match;
      next.resize(i);  // the rest is less preferred
      break;
    }
    current = next;
    if (current.empty() && best) break;
  }
  return best;
}

}  // namespace console
