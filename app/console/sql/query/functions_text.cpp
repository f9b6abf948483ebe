// SPDX-License-Identifier: GPL-3.0-or-later
// Functions of texts.
#include <algorithm>

#include "base/text.h"
#include "console/sql/plan/evaluate.h"
#include "console/sql/query/functions.h"

namespace console::query {
namespace {

constexpr std::int64_t kMostText = 1 << 20;

bool continues(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

std::int64_t characters(const std::string& text) {
  return std::count_if(text.begin(), text.end(), [](char c) { return !continues(c); });
}

// Byte offset of character number at (from 0).
std::size_t offsetOf(const std::string& text, std::int64_t at) {
  std::size_t i = 0;
  while (i < text.size() && at > 0) {
    ++i;
    while (i < text.size() && continues(text[i])) ++i;
    --at;
  }
  return i;
}

// Characters from `from` (counted from 1, may lie before the text) on, `count` of them.
std::string slice(const std::string& text, std::int64_t from, std::int64_t count) {
  const std::int64_t end = count > INT32_MAX ? INT64_MAX / 2 : from + count;
  const std::int64_t first = std::max<std::int64_t>(from, 1);
  if (end <= first) return {};
  const std::size_t begin = offsetOf(text, first - 1);
  const std::int64_t most = std::min<std::int64_t>(end - 1, characters(text));
  return text.substr(begin, std::max(offsetOf(text, most), begin) - begin);
}

Datum bounded(const CallSite& site, std::int64_t size) {
  if (size > 1'073'741'819) return site.runtime.fail("54000", "requested length too large");
  return site.runtime.fail("57014", "canceling statement due to statement timeout");
}

Datum length(const CallSite&, Arguments a) {
  return characters(a[0].text());
}
Datum octets(const CallSite&, Arguments a) {
  return static_cast<std::int64_t>(a[0].text().size());
}
Datum bits(const CallSite&, Arguments a) {
  return static_cast<std::int64_t>(a[0].text().size()) * 8;
}
Datum lower(const CallSite&, Arguments a) {
  return base::lower(a[0].text());
}
Datum upper(const CallSite&, Arguments a) {
  std::string text = a[0].text();
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return text;
}
Datum initcap(const CallSite&, Arguments a) {
  std::string text = base::lower(a[0].text());
  bool inside = false;
  for (char& c : text) {
    const bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (word && !inside && c >= 'a') c = static_cast<char>(c - 32);
    inside = word;
  }
  return text;
}
Datum reverse(const CallSite&, Arguments a) {
  const std::string& text = a[0].text();
  std::string result;
  for (std::size_t end = text.size(); end > 0;) {
    std::size_t begin = end - 1;
    while (begin > 0 && continues(text[begin])) --begin;
    result += text.substr(begin, end - begin);
    end = begin;
  }
  return result;
}

Datum substring(const CallSite& site, Arguments a) {
  if (a.size() > 2 && a[2].whole() < 0) {
    return site.runtime.fail("22011", "negative substring length not allowed");
  }
  return slice(a[0].text(), a[1].whole(), a.size() > 2 ? a[2].whole() : INT64_MAX);
}
Datum leftPart(const CallSite&, Arguments a) {
  const std::int64_t n = a[1].whole();
  return slice(a[0].text(), 1, n >= 0 ? n : std::max<std::int64_t>(characters(a[0].text()) + n, 0));
}
Datum rightPart(const CallSite&, Arguments a) {
  const std::int64_t size = characters(a[0].text()), n = a[1].whole();
  const std::int64_t skip = n >= 0 ? std::max<std::int64_t>(size - n, 0) : std::min(-n, size);
  return slice(a[0].text(), skip + 1, INT64_MAX);
}
Datum overlay(const CallSite&, Arguments a) {
  const std::string& text = a[0].text();
  const std::int64_t from = a[2].whole();
  const std::int64_t count = a.size() > 3 ? a[3].whole() : characters(a[1].text());
  return slice(text, 1, std::max<std::int64_t>(from - 1, 0)) + a[1].text() +
         slice(text, from + count, INT64_MAX);
}
Datum position(const CallSite&, Arguments a) {
  const std::size_t at = a[0].text().find(a[1].text());
  return at == std::string::npos ? std::int64_t{0} : characters(a[0].text().substr(0, at)) + 1;
}
Datum startsWith(const CallSite&, Arguments a) {
  return a[0].text().starts_with(a[1].text());
}

template <bool kLeft, bool kRight>
Datum trimmed(const CallSite&, Arguments a) {
  const std::string& text = a[0].text();
  const std::string set = a.size() > 1 ? a[1].text() : " ";
  std::size_t from = 0, to = text.size();
  while (kLeft && from < to && set.find(text[from]) != std::string::npos) ++from;
  while (kRight && to > from && set.find(text[to - 1]) != std::string::npos) --to;
  return text.substr(from, to - from);
}

template <bool kLeft>
Datum padded(const CallSite& site, Arguments a) {
  const std::string& text = a[0].text();
  const std::string fill = a.size() > 2 ? a[2].text() : " ";
  const std::int64_t wanted = std::max<std::int64_t>(a[1].whole(), 0), size = characters(text);
  if (wanted > kMostText) return bounded(site, wanted);
  if (wanted <= size) return slice(text, 1, wanted);
  if (fill.empty()) return text;
  site.runtime.work(wanted / 16);
  std::string pad;
  const std::int64_t fillSize = characters(fill);
  for (std::int64_t left = wanted - size; left > 0; left -= fillSize) {
    pad += left >= fillSize ? fill : slice(fill, 1, left);
  }
  return kLeft ? pad + text : text + pad;
}

Datum repeated(const CallSite& site, Arguments a) {
  const std::int64_t times = std::max<std::int64_t>(a[1].whole(), 0);
  const auto size = static_cast<std::int64_t>(a[0].text().size());
  if (size > 0 && times > kMostText / size) {
    return bounded(site, times > INT64_MAX / (size + 1) ? INT64_MAX : times * size);
  }
  site.runtime.work(times * size / 16);
  std::string text;
  for (std::int64_t i = 0; i < times; ++i) text += a[0].text();
  return text;
}

Datum replaced(const CallSite& site, Arguments a) {
  if (a[1].text().empty()) return a[0].text();
  const std::size_t growth = a[2].text().size() > a[1].text().size()
                                 ? a[0].text().size() / a[1].text().size() * a[2].text().size()
                                 : 0;
  if (growth > static_cast<std::size_t>(kMostText)) return bounded(site, kMostText);
  return base::replaceAll(a[0].text(), a[1].text(), a[2].text());
}
Datum translated(const CallSite&, Arguments a) {
  std::string text;
  for (const char c : a[0].text()) {
    const std::size_t at = a[1].text().find(c);
    if (at == std::string::npos) {
      text += c;
    } else if (at < a[2].text().size()) {
      text += a[2].text()[at];
    }
  }
  return text;
}

Datum splitPart(const CallSite& site, Arguments a) {
  const std::int64_t wanted = a[2].whole();
  if (wanted == 0) return site.runtime.fail("22023", "field position must not be zero");
  const std::string &text = a[0].text(), &by = a[1].text();
  std::vector<std::string> parts;
  std::size_t from = 0;
  while (!by.empty()) {
    const std::size_t at = text.find(by, from);
    if (at == std::string::npos) break;
    parts.push_back(text.substr(from, at - from));
    from = at + by.size();
  }
  parts.push_back(text.substr(from));
  const auto count = static_cast<std::int64_t>(parts.size());
  const std::int64_t index = wanted > 0 ? wanted - 1 : count + wanted;
  return index >= 0 && index < count ? parts[static_cast<std::size_t>(index)] : std::string();
}

Datum concat(const CallSite& site, Arguments a) {
  std::string text;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!a[i].null()) text += datumText(a[i], site.types[i]);
  }
  if (static_cast<std::int64_t>(text.size()) > kMostText) return bounded(site, kMostText);
  return text;
}
Datum concatWith(const CallSite& site, Arguments a) {
  if (a[0].null()) return {};
  std::string text;
  bool first = true;
  for (std::size_t i = 1; i < a.size(); ++i) {
    if (a[i].null()) continue;
    text += (first ? "" : a[0].text()) + datumText(a[i], site.types[i]);
    first = false;
  }
  if (static_cast<std::int64_t>(text.size()) > kMostText) return bounded(site, kMostText);
  return text;
}

std::string quotedName(const std::string& text) {
  const bool plain =
      !text.empty() && !(text[0] >= '0' && text[0] <= '9') &&
      text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_$") == std::string::npos;
  return plain ? text : "\"" + base::replaceAll(text, "\"", "\"\"") + "\"";
}
std::string quotedText(const std::string& text) {
  const bool escapes = text.find('\\') != std::string::npos;
  std::string inner = base::replaceAll(text, "'", "''");
  if (escapes) inner = base::replaceAll(inner, "\\", "\\\\");
  return (escapes ? "E'" : "'") + inner + "'";
}
Datum quoteIdent(const CallSite&, Arguments a) {
  return quotedName(a[0].text());
}
Datum quoteLiteral(const CallSite& site, Arguments a) {
  return quotedText(datumText(a[0], site.types[0]));
}
Datum quoteNullable(const CallSite& site, Arguments a) {
  return a[0].null() ? "NULL" : quotedText(datumText(a[0], site.types[0]));
}

// format('%s %I %L %%', ...), with positions and widths.
Datum format(const CallSite& site, Arguments a) {
  if (a[0].null()) return {};
  const std::string& pattern = a[0].text();
  std::string text;
  std::size_t next = 1;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%') {
      text += pattern[i];
      continue;
    }
    if (++i >= pattern.size()) {
      return site.runtime.fail("22023", "unterminated format() type specifier", {},
                               "For a single \"%\" use \"%%\".");
    }
    if (pattern[i] == '%') {
      text += '%';
      continue;
    }
    std::size_t number = 0, width = 0;
    bool left = false, digits = false;
    const auto readNumber = [&](std::size_t& value) {
      while (i < pattern.size() && pattern[i] >= '0' && pattern[i] <= '9' && value < 100'000) {
        value = value * 10 + static_cast<std::size_t>(pattern[i++] - '0');
        digits = true;
      }
    };
    readNumber(number);
    if (i < pattern.size() && pattern[i] == '$') {
      ++i;
      if (number == 0) {
        return site.runtime.fail("22023",
                                 "format specifies argument 0, but arguments are numbered "
                                 "from 1");
      }
      next = number;
    } else {
      width = number;
    }
    if (i < pattern.size() && pattern[i] == '-') {
      left = true;
      ++i;
    }
    if (width == 0) readNumber(width);
    const char kind = i < pattern.size() ? pattern[i] : ' ';
    if (kind != 's' && kind != 'I' && kind != 'L') {
      return site.runtime.fail("22023",
                               std::string("unrecognized format() type specifier \"") + kind + "\"",
                               {}, "For a single \"%\" use \"%%\".");
    }
    if (next >= a.size()) {
      return site.runtime.fail("22023", "too few arguments for format()");
    }
    const Datum& value = a[next];
    std::string shown = value.null() ? "" : datumText(value, site.types[next]);
    ++next;
    if (kind == 'I') {
      if (value.null()) {
        return site.runtime.fail("22004", "null values cannot be formatted as an SQL identifier");
      }
      shown = quotedName(shown);
    } else if (kind == 'L') {
      shown = value.null() ? "NULL" : quotedText(shown);
    }
    if (width > 10'000) return bounded(site, kMostText);
    text += left ? base::padRight(shown, width) : base::padLeft(shown, width);
    if (static_cast<std::int64_t>(text.size()) > kMostText) return bounded(site, kMostText);
  }
  return text;
}

Datum ascii(const CallSite&, Arguments a) {
  return a[0].text().empty() ? std::int64_t{0}
                             : std::int64_t{static_cast<unsigned char>(a[0].text()[0])};
}
Datum character(const CallSite& site, Arguments a) {
  const std::int64_t code = a[0].whole();
  if (code <= 0 || code > 127) {
    return site.runtime.fail(
        "54000", code == 0 ? "null character not permitted"
                           : "requested character too large for encoding: " + std::to_string(code));
  }
  return std::string(1, static_cast<char>(code));
}
Datum md5(const CallSite& site, Arguments a) {
  site.runtime.work(static_cast<std::int64_t>(a[0].text().size()) / 8 + 20);
  return md5Hex(a[0].text());
}
Datum hexadecimal(const CallSite&, Arguments a) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  auto value = static_cast<std::uint64_t>(a[0].whole());
  std::string text;
  do {
    text.insert(text.begin(), kDigits[value % 16]);
    value /= 16;
  } while (value > 0);
  return text;
}
Datum typeOf(const CallSite& site, Arguments) {
  return typeName(site.types[0]);
}
Datum countNulls(const CallSite&, Arguments a) {
  return static_cast<std::int64_t>(
      std::count_if(a.begin(), a.end(), [](const Datum& one) { return one.null(); }));
}
Datum countNonNulls(const CallSite&, Arguments a) {
  return static_cast<std::int64_t>(
      std::count_if(a.begin(), a.end(), [](const Datum& one) { return !one.null(); }));
}
Datum columnSize(const CallSite& site, Arguments a) {
  const DataType type = site.types[0];
  if (type.is(TypeKind::Integer) || type.is(TypeKind::Oid) || type.is(TypeKind::Real))
    return std::int64_t{4};
  if (type.is(TypeKind::Boolean)) return std::int64_t{1};
  if (type.is(TypeKind::SmallInt)) return std::int64_t{2};
  if (type.is(TypeKind::Interval)) return std::int64_t{16};
  if (!isTextual(type) && !type.is(TypeKind::Numeric)) return std::int64_t{8};
  const auto size = static_cast<std::int64_t>(datumText(a[0], type).size());
  return size + (size < 127 ? 1 : 4);
}

constexpr FunctionLine kLines[] = {{"length", "text -> integer", length},
                                   {"char_length", "text -> integer", length},
                                   {"character_length", "text -> integer", length},
                                   {"octet_length", "text -> integer", octets},
                                   {"bit_length", "text -> integer", bits},
                                   {"lower", "text -> text", lower},
                                   {"upper", "text -> text", upper},
                                   {"initcap", "text -> text", initcap},
                                   {"reverse", "text -> text", reverse},
                                   {"substring", "text, integer<, integer> -> text", substring},
                                   {"substr", "text, integer<, integer> -> text", substring},
                                   {"left", "text, integer -> text", leftPart},
                                   {"right", "text, integer -> text", rightPart},
                                   {"overlay", "text, text, integer<, integer> -> text", overlay},
                                   {"position", "text, text -> integer", position},
                                   {"strpos", "text, text -> integer", position},
                                   {"starts_with", "text, text -> boolean", startsWith},
                                   {"btrim", "text<, text> -> text", trimmed<true, true>},
                                   {"ltrim", "text<, text> -> text", trimmed<true, false>},
                                   {"rtrim", "text<, text> -> text", trimmed<false, true>},
                                   {"lpad", "text, integer<, text> -> text", padded<true>},
                                   {"rpad", "text, integer<, text> -> text", padded<false>},
                                   {"repeat", "text, integer -> text", repeated},
                                   {"replace", "text, text, text -> text", replaced},
                                   {"translate", "text, text, text -> text", translated},
                                   {"split_part", "text, text, integer -> text", splitPart},
                                   {"concat", "?any... -> text", concat},
                                   {"concat_ws", "?text, any... -> text", concatWith},
                                   {"quote_ident", "text -> text", quoteIdent},
                                   {"quote_literal", "any -> text", quoteLiteral},
                                   {"quote_nullable", "?any -> text", quoteNullable},
                                   {"format", "?text -> text", format},
                                   {"format", "?text, any... -> text", format},
                                   {"ascii", "text -> integer", ascii},
                                   {"chr", "integer -> text", character},
                                   {"md5", "text -> text", md5},
                                   {"to_hex", "integer -> text", hexadecimal},
                                   {"to_hex", "bigint -> text", hexadecimal},
                                   {"pg_typeof", "?any -> text", typeOf},
                                   {"num_nulls", "?any... -> integer", countNulls},
                                   {"num_nonnulls", "?any... -> integer", countNonNulls},
                                   {"pg_column_size", "any -> integer", columnSize}};

}  // namespace

std::span<const FunctionLine> textFunctions() {
  return kLines;
}

}  // namespace console::query
