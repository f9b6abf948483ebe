// SPDX-License-Identifier: GPL-3.0-or-later
// PostgreSQL's catalogue of settings, in the form in which pg_settings was written down.
#include <charconv>

#include "scenario/file_bytes.h"
#include "scenario/json_tree.h"
#include "scenario/reader.h"
#include "scenario/sections.h"

namespace scenario {
namespace {

// Many columns are null where they do not apply.
void orNull(const Value& value, std::string& into) {
  if (value.present() && value.node()->kind != Node::Kind::Null) value.anyText(into);
}

void numberOrNull(const Value& value, double& into) {
  if (!value.present() || value.node()->kind == Node::Kind::Null) return;
  std::string text;
  if (!value.anyText(text)) return;
  double number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code == std::errc() && end == text.data() + text.size()) {
    into = number;
  } else {
    value.wrong("a number in quotes, or null");
  }
}

sim::SettingDefinition readDefinition(const Value& value) {
  static const std::vector<std::string> kContexts = {
      "internal", "postmaster", "sighup", "superuser-backend", "backend", "superuser", "user"};
  static const std::vector<std::string> kTypes = {"bool", "integer", "real", "string", "enum"};
  sim::SettingDefinition definition;
  Object object(value);
  object.need("name").text(definition.name);
  (void)object.maybe("setting");
  orNull(object.need("unit"), definition.unit);
  object.need("category").text(definition.category);
  object.need("short_desc").anyText(definition.shortDescription);
  (void)object.maybe("extra_desc");
  object.need("context").choice(definition.context, kContexts);
  object.need("vartype").choice(definition.type, kTypes);
  numberOrNull(object.need("min_val"), definition.minimum);
  numberOrNull(object.need("max_val"), definition.maximum);
  const Value names = object.need("enumvals");
  if (names.present() && names.node()->kind != Node::Kind::Null) {
    for (const Value& name : names.items()) name.anyText(definition.enumValues.emplace_back());
  }
  orNull(object.need("boot_val"), definition.bootValue);
  (void)object.maybe("reset_val");
  return definition;
}

}  // namespace

base::Result<std::shared_ptr<const sim::SettingCatalogue>> readSettings(const std::string& path) {
  const FileBytes file = readFileBytes(path, kMaximumFileBytes);
  if (!file.ok)
    return base::Error{"unreadable", path, "found " + file.found + ", expected " + file.expected};
  Document document(path, file.bytes);
  std::vector<sim::SettingDefinition> definitions;
  if (const std::optional<Node> root = document.parse()) {
    const Value table(document, &*root, "");
    for (const Value& item : table.items()) definitions.push_back(readDefinition(item));
    if (document.clean() && definitions.empty()) table.problem("an empty array", "settings");
  }
  const std::vector<Problem> problems = document.takeProblems();
  if (!problems.empty()) return base::Error{"bad-settings", path, problems.front().text()};
  return std::shared_ptr<const sim::SettingCatalogue>(
      std::make_shared<sim::SettingCatalogue>(std::move(definitions)));
}

}  // namespace scenario
