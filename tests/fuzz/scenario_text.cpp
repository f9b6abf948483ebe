// SPDX-License-Identifier: GPL-3.0-or-later
#include "scenario_text.h"

#include <nlohmann/json.hpp>
#include <vector>

namespace fuzz {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLongest = 400'000;

constexpr std::string_view kTexts[] = {"",
                                       "0",
                                       "64GB",
                                       "1GB",
                                       "0GB",
                                       "-1GB",
                                       "1TB",
                                       "9999999TB",
                                       "40%",
                                       "0%",
                                       "100%",
                                       "101%",
                                       "-1%",
                                       "1s",
                                       "0s",
                                       "1us",
                                       "0.5ms",
                                       "10h",
                                       "99999h",
                                       "10:00",
                                       "09:59:59",
                                       "24:00",
                                       "10:00:61",
                                       "2024-05-07",
                                       "2024-05-07T10:00:00Z",
                                       "0001-01-01T00:00:00Z",
                                       "9999-12-31T23:59:59Z",
                                       "up == 0",
                                       "pg_up > ",
                                       "node_load1 / node_load5 > 2",
                                       "rate(x[5m]) > 1",
                                       "critical",
                                       "..",
                                       "/etc/postgresql/15/main/postgresql.conf",
                                       "$schema",
                                       "\xc3\xa9",
                                       "shared_buffers = 63GB\n",
                                       "acknowledge",
                                       "restart"};

void collect(Json& node, std::vector<Json*>& all) {
  all.push_back(&node);
  if (node.is_structured()) {
    for (auto& child : node) collect(child, all);
  }
}

Json newValue(Dice& dice) {
  switch (dice.below(9)) {
    case 0:
      return nullptr;
    case 1:
      return dice.oneIn(2);
    case 2:
      return static_cast<std::int64_t>(dice.below(100)) - 10;
    case 3:
      return static_cast<double>(dice.below(1000)) / 7;
    case 4:
      return Json::parse(
          "[1e308, -9223372036854775808, 18446744073709551615, 1e-320, -0.0]")[dice.below(5)];
    case 5:
      return Json::array();
    case 6:
      return Json::object();
    default:
      return std::string(dice.oneOf(kTexts));
  }
}

void changeText(std::string& text, Dice& dice) {
  if (dice.oneIn(2)) {
    text = dice.oneOf(kTexts);
    return;
  }
  // Another number in the same words.
  const std::size_t digit = text.find_first_of("0123456789");
  if (digit == std::string::npos || dice.oneIn(4)) {
    text = mutated(text, dice, 2000);
    for (char& c : text)
      c = static_cast<char>(static_cast<unsigned char>(c) & 0x7f);  // stays UTF-8
    return;
  }
  const std::size_t end = text.find_first_not_of("0123456789.", digit);
  text.replace(digit, end == std::string::npos ? end : end - digit, dice.number());
}

void changeOnce(Json& root, Dice& dice) {
  std::vector<Json*> all;
  collect(root, all);
  Json& node = *all[dice.below(all.size())];
  if (dice.oneIn(8)) {
    const Json copy = *all[dice.below(all.size())];
    node = copy;
  } else if (dice.oneIn(3)) {
    node = newValue(dice);
  } else if (node.is_string()) {
    std::string text = node.get<std::string>();
    changeText(text, dice);
    node = text;
  } else if (node.is_number()) {
    node = newValue(dice);
    if (dice.oneIn(2))
      node = static_cast<std::int64_t>(dice.below(std::size_t{1} << dice.below(32)));
  } else if (node.is_array() && !node.empty()) {
    const std::size_t at = dice.below(node.size());
    const Json item = node[at];
    if (dice.oneIn(2)) {
      node.erase(at);
    } else {
      for (std::size_t times = dice.oneIn(40) ? 300 : 1; times > 0; --times) node.push_back(item);
    }
  } else if (node.is_object() && !node.empty()) {
    auto member = node.begin();
    std::advance(member, static_cast<std::ptrdiff_t>(dice.below(node.size())));
    const std::string key = member.key();
    if (dice.oneIn(3)) node[key + "x"] = member.value();
    if (dice.oneIn(2)) node.erase(key);
  }
}

std::string written(Json root, Dice& dice) {
  const std::size_t changes = 1 + dice.below(std::size_t{1} << dice.below(4));
  for (std::size_t i = 0; i < changes; ++i) changeOnce(root, dice);
  std::string text = root.dump(dice.oneIn(2) ? 2 : -1, ' ', false, Json::error_handler_t::replace);
  return dice.oneIn(8) ? mutated(std::move(text), dice, kLongest) : text;
}

}  // namespace

struct ScenarioText::Tree {
  Json root;
};

ScenarioText::ScenarioText(const std::string& text)
    : m_text(text), m_tree(std::make_unique<Tree>(Tree{Json::parse(text, nullptr, true, true)})) {}

ScenarioText::~ScenarioText() = default;

std::string ScenarioText::changed(Dice& dice) const {
  if (dice.oneIn(4)) return mutated(m_text, dice, kLongest);
  return written(m_tree->root, dice);
}

std::string ScenarioText::changedActions(Dice& dice) const {
  const Json& lists = m_tree->root.at("actions");
  const Json& list = lists[dice.below(lists.size())];
  return written(list.at("steps"), dice);
}

}  // namespace fuzz
