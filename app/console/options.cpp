// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/options.h"

#include <algorithm>
#include <charconv>

#include "console/file_view.h"

namespace console {
namespace {

bool takesValue(std::string_view spec, char key) {
  const std::size_t at = spec.find(key);
  return at != std::string_view::npos && at + 1 < spec.size() && spec[at + 1] == ':';
}

void refuse(Call& call, Options& options, const std::string& text) {
  call.fail(text);
  options.ok = false;
}

void readLong(Call& call, Options& options, std::string_view spec,
              std::span<const LongOption> longs, std::size_t& i) {
  const std::string& argument = call.args[i];
  const std::size_t equals = argument.find('=');
  const std::string name = argument.substr(2, equals == std::string::npos ? equals : equals - 2);
  const auto it = std::find_if(longs.begin(), longs.end(),
                               [&](const LongOption& option) { return option.name == name; });
  if (it == longs.end()) return refuse(call, options, "unrecognized option '--" + name + "'");
  std::string value;
  if (takesValue(spec, it->key)) {
    if (equals == std::string::npos && i + 1 >= call.args.size()) {
      return refuse(call, options, "option '--" + name + "' requires an argument");
    }
    value = equals != std::string::npos ? argument.substr(equals + 1) : call.args[++i];
  }
  options.given.emplace_back(it->key, value);
}

void readShort(Call& call, Options& options, std::string_view spec, std::size_t& i) {
  const std::string argument = call.args[i];
  for (std::size_t at = 1; at < argument.size(); ++at) {
    const char key = argument[at];
    if (key == ':' || spec.find(key) == std::string_view::npos) {
      return refuse(call, options, std::string("invalid option -- '") + key + "'");
    }
    if (!takesValue(spec, key)) {
      options.given.emplace_back(key, "");
      continue;
    }
    if (at + 1 < argument.size()) {
      options.given.emplace_back(key, argument.substr(at + 1));
    } else if (i + 1 < call.args.size()) {
      options.given.emplace_back(key, call.args[++i]);
    } else {
      refuse(call, options, std::string("option requires an argument -- '") + key + "'");
    }
    return;
  }
}

}  // namespace

std::string Options::value(char key, std::string_view fallback) const {
  const auto it = values.find(key);
  return it == values.end() ? std::string(fallback) : it->second;
}

Options parseOptions(Call& call, std::string_view spec, std::span<const LongOption> longs) {
  Options options;
  for (std::size_t i = 1; i < call.args.size() && options.ok; ++i) {
    const std::string& argument = call.args[i];
    if (argument == "--") {
      options.rest.insert(options.rest.end(),
                          call.args.begin() + static_cast<std::ptrdiff_t>(i) + 1, call.args.end());
      break;
    }
    if (argument.starts_with("--")) {
      readLong(call, options, spec, longs, i);
    } else if (argument.size() > 1 && argument[0] == '-') {
      readShort(call, options, spec, i);
    } else {
      options.rest.push_back(argument);
    }
  }
  for (const auto& [key, value] : options.given) options.values[key] = value;
  return options;
}

bool isNumber(std::string_view text) {
  return !text.empty() && text.size() < 19 &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::int64_t numberOr(std::string_view text, std::int64_t fallback, std::int64_t low,
                      std::int64_t high) {
  std::int64_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec == std::errc::result_out_of_range) return text.starts_with('-') ? low : high;
  if (result.ec != std::errc() || result.ptr != text.data() + text.size()) return fallback;
  return std::clamp(value, low, high);
}

std::vector<InputText> inputs(Call& call, const std::vector<std::string>& names, bool& failed) {
  std::vector<InputText> texts;
  if (names.empty()) {
    texts.push_back({"-", call.input});
    return texts;
  }
  const FileView files(call.machine, call.state);
  for (const std::string& name : names) {
    if (name == "-") {
      texts.push_back({"-", call.input});
      continue;
    }
    auto text = files.read(name);
    if (text) {
      texts.push_back({name, std::move(text.value())});
    } else {
      call.fail(name + ": " + text.error().message);
      failed = true;
    }
  }
  return texts;
}

}  // namespace console
