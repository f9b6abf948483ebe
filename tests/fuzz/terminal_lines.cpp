// SPDX-License-Identifier: GPL-3.0-or-later
#include "terminal_lines.h"

#include "base/text.h"
#include "console/command.h"

namespace fuzz {
namespace {

constexpr std::string_view kWords[] = {"",
                                       "-",
                                       "--",
                                       "-1",
                                       "-9",
                                       "-h",
                                       "-n",
                                       "-r",
                                       "-x",
                                       "-rf",
                                       "--help",
                                       "--version",
                                       "--no-pager",
                                       "--since",
                                       "--since=10:45",
                                       "--until=-5min",
                                       "'1 hour ago'",
                                       "-p3",
                                       "-u",
                                       "-k",
                                       "-b",
                                       "-f",
                                       "-e",
                                       "-o",
                                       "-eo",
                                       "pid,rss,args",
                                       "--sort=-rss",
                                       "-E",
                                       "-A5",
                                       "-B",
                                       "-c4",
                                       "app1",
                                       "app9",
                                       "gateway",
                                       "localhost",
                                       "nowhere",
                                       "root",
                                       "postgres",
                                       "app",
                                       "shop",
                                       "15",
                                       "main",
                                       "restart",
                                       "reload",
                                       "start",
                                       "stop",
                                       "status",
                                       "is-active",
                                       "-m",
                                       "fast",
                                       "immediate",
                                       "postgresql@15-main",
                                       "vm.swappiness",
                                       "vm.overcommit_memory=2",
                                       "vm.nr_hugepages=99999999999",
                                       "kernel.shmmax",
                                       "+%F%T",
                                       "+%",
                                       "+%Q",
                                       "%s%d%x\\n",
                                       "%-99999999s",
                                       "%0*d",
                                       "%.999999f",
                                       "s/a/b/g",
                                       "s/\\(a*\\)*b/x/",
                                       "s/a/b",
                                       "y/abc/xyz/",
                                       "/a/,/b/d",
                                       "$d",
                                       "1,5p",
                                       "2~3p",
                                       "$!N;P;D",
                                       "'{print $1}'",
                                       "'{print $NF}'",
                                       "'NR>1{s+=$2}END{print s}'",
                                       "'BEGIN{while(1)x++}'",
                                       "'{print $99999999999}'",
                                       "'/a/{print'",
                                       "'{a[$1]++}END{for(k in a)print k,a[k]}'",
                                       "'BEGIN{printf \"%s %d\\n\",1}'",
                                       "'BEGIN{getline<\"/etc/passwd\";print}'",
                                       "'{gsub(/a/,\"b\");print}'",
                                       "'{print substr($0,-1)}'",
                                       "'function f(x){return f(x)}BEGIN{f(1)}'",
                                       "(a*)*b",
                                       "'(a|a)*b'",
                                       "'[[:digit:]]+'",
                                       "'[z-a]'",
                                       "'\\('",
                                       "'a{1,99999}'",
                                       "'(x{1,1000}){1,1000}'",
                                       "'.*.*.*.*.*=.*'",
                                       "'^$'",
                                       "-k2,2n",
                                       "-t:",
                                       "-f1-",
                                       "-f",
                                       "-d,",
                                       "HEAD",
                                       "HEAD~3",
                                       "HEAD^^",
                                       "e07a4b9",
                                       "-50",
                                       "+5",
                                       "10m",
                                       "1s",
                                       "0.001",
                                       "1d",
                                       "7d",
                                       "1e9h",
                                       "SIGKILL",
                                       "-SIGTERM",
                                       "-l",
                                       "work_mem",
                                       "shared_buffers",
                                       "\\x41",
                                       "\\n",
                                       "é",
                                       "{a,b}",
                                       "{1..5}",
                                       "~",
                                       "~root",
                                       "$HOME",
                                       "$?",
                                       "$$",
                                       "$#",
                                       "${HOME}",
                                       "${x:-y}",
                                       "${#x}",
                                       "${a[0]}",
                                       "${a[@]}",
                                       "\"${a[@]}\"",
                                       "${#a[@]}",
                                       "${!x}",
                                       "${x:1:-1}",
                                       "a=(1 2)",
                                       "a[1]=x",
                                       "<(ls)",
                                       ">(cat)",
                                       "EXIT",
                                       "-eux",
                                       "pipefail",
                                       "nullglob",
                                       "$((1+1))",
                                       "$((1/0))",
                                       "!!",
                                       "!1",
                                       "^a^b",
                                       "*",
                                       "?",
                                       "/*/*",
                                       "/etc/*",
                                       "[a-z]*",
                                       ".",
                                       "..",
                                       "../..",
                                       "/"};

constexpr std::string_view kConfigurationLines[] = {"shared_buffers = 60GB",
                                                    "shared_buffers = 128kB",
                                                    "work_mem = '4 GB'",
                                                    "max_connections = 1",
                                                    "include 'postgresql.conf'",
                                                    "include_dir 'conf.d'",
                                                    "include_if_exists 'x'",
                                                    "= = =",
                                                    "'",
                                                    "\\",
                                                    "max_connections = 262143",
                                                    "huge_pages = on",
                                                    "log_line_prefix = '%m %q%u@%d '",
                                                    "logging_collector = on",
                                                    "log_destination = 'csvlog,jsonlog'",
                                                    "log_min_duration_statement = 0",
                                                    "autovacuum_max_workers = 262143",
                                                    "max_worker_processes = 0",
                                                    "wal_level = minimal",
                                                    "# nothing"};

std::vector<std::string> wordsOf(std::string_view synopsis) {
  std::string text(synopsis);
  for (char& c : text) {
    if (c == '[' || c == ']' || c == '|' || c == '.') c = ' ';
  }
  std::vector<std::string> words;
  for (std::string& word : base::split(text, ' ')) {
    if (!word.empty()) words.push_back(std::move(word));
  }
  return words;
}

std::string inQuotes(const std::string& text, Dice& dice) {
  switch (dice.below(8)) {
    case 0:
      return "'" + text + "'";
    case 1:
      return "\"" + text + "\"";
    case 2:
      return dice.oneIn(4) ? "'" + text : text;
    default:
      return text;
  }
}

}  // namespace

TerminalLines::TerminalLines(Surroundings around)
    : m_around(std::move(around)), m_sql(m_around.settings) {
  for (const console::Command* command : console::allCommands()) {
    m_commands.push_back({std::string(command->name), wordsOf(command->synopsis)});
  }
}

std::string TerminalLines::file(Dice& dice) const {
  if (dice.oneIn(3)) return "/tmp/" + std::string(1, static_cast<char>('a' + dice.below(4)));
  if (dice.oneIn(12)) return "/no/such/file";
  return dice.oneOf(m_around.files);
}

std::string TerminalLines::argument(Dice& dice, int depth) const {
  switch (dice.below(9)) {
    case 0:
      return dice.number();
    case 1:
    case 2:
      return file(dice);
    case 3:
      return dice.oneOf(m_around.pids);
    case 4:
      return dice.oneOf(m_around.settings);
    case 5:
      return depth > 0 && dice.oneIn(4) ? "$(" + pipeline(dice, depth - 1) + ")"
                                        : inQuotes(dice.number(), dice);
    case 6:
      return dice.oneIn(8) ? inQuotes(dice.bytes(20), dice) : "postgres";
    default:
      return inQuotes(std::string(dice.oneOf(kWords)), dice);
  }
}

std::string TerminalLines::psql(Dice& dice) const {
  constexpr std::string_view kOptions[] = {
      " -A",          " -t",      " -x",           " -q",         " -U app",
      " -U postgres", " -d shop", " -h localhost", " -h nowhere", " -v ON_ERROR_STOP=1",
      " -F,",         " -p 5433", " -l",           " -1",         " -f /tmp/a",
      " -E",          " --csv",   " -P null=x"};
  std::string text = "psql";
  while (dice.oneIn(3)) text += dice.oneOf(kOptions);
  if (dice.oneIn(8)) return text;
  if (dice.oneIn(8)) return "echo \"" + m_sql.line(dice) + "\" | " + text;
  std::string sql = dice.oneIn(6) ? m_sql.line(dice) : m_sql.statement(dice);
  const bool doubled = sql.find('\'') != std::string::npos;
  if (doubled) return text + " -c \"" + sql + "\"";
  return text + " -c '" + sql + "'";
}

// Files are written as trainees write them.
std::string TerminalLines::edit(Dice& dice) const {
  const std::string line = dice.oneIn(3) ? dice.oneOf(m_around.settings) + " = " + dice.number()
                                         : std::string(dice.oneOf(kConfigurationLines));
  const std::string target = file(dice);
  switch (dice.below(4)) {
    case 0:
      return "echo \"" + line + "\" | sudo tee -a " + target;
    case 1:
      return "printf '%s\\n' \"" + line + "\" >> " + target;
    case 2:
      return "sudo sed -i 's/^#*" + dice.oneOf(m_around.settings) + ".*/" + line + "/' " + target;
    default:
      return "cp " + target + " " + file(dice);
  }
}

std::string TerminalLines::command(Dice& dice, int depth) const {
  if (dice.oneIn(6)) return psql(dice);
  if (dice.oneIn(12)) return edit(dice);
  std::string text;
  if (dice.oneIn(12)) text = dice.oneIn(2) ? "sudo " : "sudo -u postgres ";
  if (dice.oneIn(30)) text += "x=" + argument(dice, depth) + " ";
  const Known& known = m_commands[dice.below(m_commands.size())];
  text += dice.oneIn(40) ? argument(dice, depth) : known.name;
  const std::size_t words = dice.below(6);
  for (std::size_t i = 0; i < words; ++i) {
    const bool own = !known.words.empty() && dice.oneIn(2);
    text += " " + (own ? known.words[dice.below(known.words.size())] : argument(dice, depth));
  }
  return text;
}

std::string TerminalLines::redirection(Dice& dice, int depth) const {
  constexpr std::string_view kKinds[] = {" > ",   " >> ",  " < ",  " 2> ", " &> ",
                                         " 2>> ", " <<< ", " >& ", " >| "};
  if (dice.oneIn(4)) return dice.oneIn(2) ? " 2>&1" : " 2>/dev/null";
  return std::string(dice.oneOf(kKinds)) + (dice.oneIn(4) ? argument(dice, depth) : file(dice));
}

std::string TerminalLines::pipeline(Dice& dice, int depth) const {
  std::string text = command(dice, depth);
  while (dice.oneIn(3)) text += " | " + command(dice, depth);
  while (dice.oneIn(6)) text += redirection(dice, depth);
  return text;
}

std::string TerminalLines::shellLine(Dice& dice) const {
  constexpr std::string_view kJoints[] = {"; ", " && ", " || ", " & ", ";", "\n", " |& ", ";; "};
  std::string text = pipeline(dice, 2);
  while (dice.oneIn(6)) text += std::string(dice.oneOf(kJoints)) + pipeline(dice, 1);
  while (dice.oneIn(10) && text.size() < 4000) text = compound(text, dice);
  return text;
}

// A line inside of what the shell has for lines.
std::string TerminalLines::compound(const std::string& text, Dice& dice) const {
  constexpr std::string_view kOptions[] = {"e", "u", "x", "f", "C", "eu", "o pipefail"};
  constexpr std::string_view kSignals[] = {"EXIT", "ERR", "INT", "NOPE"};
  switch (dice.below(16)) {
    case 0:
      return "for i in 1 2 \"${a[@]}\"; do " + text + "; done";
    case 1:
      return "while read -r x y; do " + text + "; done < <(" + pipeline(dice, 1) + ")";
    case 2:
      return "if [[ $x == a* || -f " + file(dice) + " ]]; then " + text + "; else " +
             pipeline(dice, 1) + "; fi";
    case 3:
      return "case $x in a*|b) " + text + ";;& *) " + pipeline(dice, 1) + ";; esac";
    case 4:
      return "f() { " + text + "; }; f a \"$x\"";
    case 5:
      return "set -" + std::string(dice.oneOf(kOptions)) + "; " + text;
    case 6:
      return "trap '" + text + "' " + std::string(dice.oneOf(kSignals));
    case 7:
      return "a=(" + text + "); echo ${#a[@]} \"${a[@]:1:2}\" ${!a[*]} ${a[-1]}";
    case 8:
      return "bash -" + std::string(dice.oneIn(2) ? "euxc" : "c") + " \"" + text + "\"";
    case 9:
      return "((x=" + dice.number() + "+a[1])); " + text;
    case 10:
      return "declare -A m=([a]=1); m[$x]=" + dice.number() + "; " + text;
    case 11:
      return "time { " + text + "; }";
    case 12:
      return "x=$(" + text + "); echo \"${x:-y}\" ${x%%a*} ${x//[ab]/c} ${x@Q} ${x:?}";
    case 13:
      return "mapfile -t a < <(" + text + "); printf '%q %d' \"${a[@]}\"";
    case 14:
      return "set +euxfC; unset x a; " + text;
    default:
      return "(" + text + ")";
  }
}

std::string TerminalLines::line(Dice& dice, bool inPsql) const {
  constexpr std::size_t kLongest = 80'000;  // longer than the terminal takes
  if (dice.oneIn(60)) return dice.bytes(200);
  const bool sql = inPsql ? !dice.oneIn(20) : dice.oneIn(60);
  std::string text = sql ? m_sql.line(dice) : shellLine(dice);
  if (inPsql && dice.oneIn(12)) text = "\\q";
  return dice.oneIn(4) ? mutated(std::move(text), dice, kLongest) : text;
}

}  // namespace fuzz
