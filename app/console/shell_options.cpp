// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/shell_options.h"

#include <algorithm>
#include <iterator>

namespace console {
namespace {

constexpr ShellOption kSet[] = {{"allexport", 'a', false, false},
                                {"braceexpand", 'B', true, true},
                                {"emacs", 0, true, false},
                                {"errexit", 'e', false, false},
                                {"errtrace", 'E', false, false},
                                {"functrace", 'T', false, false},
                                {"hashall", 'h', true, true},
                                {"histexpand", 'H', true, false},
                                {"history", 0, true, false},
                                {"ignoreeof", 0, false, false},
                                {"interactive-comments", 0, true, true},
                                {"keyword", 'k', false, false},
                                {"monitor", 'm', true, false},
                                {"noclobber", 'C', false, false},
                                {"noexec", 'n', false, false},
                                {"noglob", 'f', false, false},
                                {"nolog", 0, false, false},
                                {"notify", 'b', false, false},
                                {"nounset", 'u', false, false},
                                {"onecmd", 't', false, false},
                                {"physical", 'P', false, false},
                                {"pipefail", 0, false, false},
                                {"posix", 0, false, false},
                                {"privileged", 'p', false, false},
                                {"verbose", 'v', false, false},
                                {"vi", 0, false, false},
                                {"xtrace", 'x', false, false}};

constexpr ShellOption kShopt[] = {
    {"autocd", 0, false, false},          {"checkhash", 0, false, false},
    {"checkwinsize", 0, true, true},      {"cmdhist", 0, true, true},
    {"dotglob", 0, false, false},         {"expand_aliases", 0, true, false},
    {"extglob", 0, true, false},          {"failglob", 0, false, false},
    {"globstar", 0, false, false},        {"histappend", 0, false, false},
    {"inherit_errexit", 0, false, false}, {"lastpipe", 0, false, false},
    {"login_shell", 0, true, false},      {"nocaseglob", 0, false, false},
    {"nocasematch", 0, false, false},     {"nullglob", 0, false, false},
    {"progcomp", 0, true, true},          {"promptvars", 0, true, true},
    {"sourcepath", 0, true, true}};

}  // namespace

std::span<const ShellOption> setOptions() {
  return kSet;
}

std::span<const ShellOption> shoptOptions() {
  return kShopt;
}

const ShellOption* findOption(std::span<const ShellOption> options, std::string_view name) {
  const auto found = std::find_if(options.begin(), options.end(),
                                  [&](const ShellOption& one) { return one.name == name; });
  return found == options.end() ? nullptr : &*found;
}

const ShellOption* findLetter(char letter) {
  const auto* found = std::find_if(std::begin(kSet), std::end(kSet), [&](const ShellOption& one) {
    return letter != 0 && one.letter == letter;
  });
  return found == std::end(kSet) ? nullptr : found;
}

std::set<std::string> firstOptions(bool interactive) {
  std::set<std::string> on;
  for (const auto& options : {setOptions(), shoptOptions()}) {
    for (const ShellOption& one : options) {
      if (interactive ? one.interactively : one.always) on.emplace(one.name);
    }
  }
  return on;
}

OptionWords readOptionWords(const std::vector<std::string>& words, std::size_t first,
                            std::set<std::string>& options) {
  OptionWords read;
  for (read.next = first; read.next < words.size(); ++read.next) {
    const std::string& word = words[read.next];
    if (word == "--" || word == "-") {
      read.ended = word == "--";
      ++read.next;
      break;
    }
    if (word.size() < 2 || (word[0] != '-' && word[0] != '+')) break;
    const bool on = word[0] == '-';
    for (std::size_t i = 1; i < word.size(); ++i) {
      const bool named = word[i] == 'o';
      const bool shows = named && read.next + 1 >= words.size();
      if (shows) {
        read.shows = true;
        read.asCommands = !on;
        continue;
      }
      const ShellOption* option =
          named ? findOption(kSet, words[++read.next]) : findLetter(word[i]);
      if (option == nullptr) {
        read.named = named;
        read.wrong = named ? words[read.next] : word.substr(0, 1) + word[i];
        return read;
      }
      if (on) {
        options.emplace(option->name);
      } else {
        options.erase(std::string(option->name));
      }
    }
  }
  return read;
}

std::string optionLetters(const std::set<std::string>& on, bool interactive) {
  // bash's order: that of its table of flags.
  std::string letters;
  for (const char c : std::string_view("abefhikmnptuvxBCEHPT")) {
    const ShellOption* option = findLetter(c);
    const bool holds =
        c == 'i' ? interactive : option != nullptr && on.contains(std::string(option->name));
    if (holds) letters += c;
  }
  return letters + (interactive ? "s" : "");
}

}  // namespace console
