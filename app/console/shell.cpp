// SPDX-License-Identifier: GPL-3.0-or-later
#include "console/shell.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "console/command.h"
#include "console/file_view.h"
#include "console/interpreter.h"
#include "console/jobs.h"
#include "console/lexer.h"
#include "console/parser.h"
#include "console/psql/program.h"
#include "console/sql/session.h"

namespace console {
namespace {

constexpr std::size_t kLineLimit = 64 * 1024;
constexpr std::size_t kTextLimit = 1u << 20;
constexpr std::size_t kHistoryLimit = 1000;

// Control bytes other than tab and newline would reach the terminal as commands; broken UTF-8 too.
std::string printable(const std::string& text) {
  std::string result;
  result.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 32 ? byte != 127 : (c == '\n' || c == '\t')) result += c;
  }
  return base::asUtf8(std::move(result));
}

std::string finished(std::string text) {
  if (text.size() > kTextLimit) {
    text.resize(kTextLimit);
    text += "\n[output cut here]\n";
  }
  text = printable(text);
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

// !!, !-2, !12 and !word of the history in a line, outside of single quotes. event: what is not
// found.
std::string recall(std::string_view line, const std::vector<std::string>& history,
                   std::string& event) {
  std::string result;
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\'') quoted = !quoted;
    const char next = i + 1 < line.size() ? line[i + 1] : ' ';
    const bool starts =
        next == '!' || next == '-' || (next >= '0' && next <= '9') || (next >= 'a' && next <= 'z');
    // ${!NAME}, $! and [!...] are the shell's.
    const char before = i > 0 ? line[i - 1] : ' ';
    const bool theirs = before == '\\' || before == '$' || before == '[' ||
                        (before == '{' && i > 1 && line[i - 2] == '$');
    if (line[i] != '!' || quoted || !starts || theirs) {
      result += line[i];
      continue;
    }
    const bool counts = next == '-' || (next >= '0' && next <= '9');
    std::size_t end = counts ? line.find_first_not_of("0123456789", i + 2)
                             : line.find_first_of(" \t\n;|&()<>\"'", i);
    end = next == '!' ? i + 2 : std::min(end, line.size());
    const std::string word(line.substr(i + 1, end - i - 1));
    const std::string digits = word.starts_with('-') ? word.substr(1) : word;
    const std::string* found = nullptr;
    if (word == "!") {
      if (!history.empty()) found = &history.back();
    } else if (!digits.empty() && digits.size() < 6 &&
               digits.find_first_not_of("0123456789") == std::string::npos) {
      const auto number = static_cast<std::size_t>(std::stoul(digits));
      const std::size_t index = word.starts_with('-') ? history.size() - number : number - 1;
      if (index < history.size()) found = &history[index];
    } else {
      for (const std::string& old : history) {
        if (old.starts_with(word)) found = &old;
      }
    }
    if (found == nullptr) {
      event = std::string(line.substr(i, end - i));
      return result;
    }
    result += *found;
    if (result.size() > kLineLimit) return result;  // refused as too long
    i = end - 1;
  }
  return result;
}

}  // namespace

std::string shownLine(std::string_view line) {
  std::string shown;
  for (const char c : line) {
    if (c >= 0 && c < ' ' && c != '\t' && c != '\n') {
      shown += {'^', static_cast<char>(c + '@')};
    } else if (c != '\n') {
      shown += c;
    }
  }
  return shown;
}

Reply Shell::run(Machine machine, std::string_view line) {
  Reply reply;
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.size() > kLineLimit) {
    reply.text = "bash: line too long";
    reply.exitCode = 1;
    return reply;
  }
  if (line.find(kInterrupt) != std::string_view::npos) return giveUp(machine);
  std::string recalled;
  const bool fresh = m_state.unfinished.empty();
  if (!m_state.psql.open && fresh && m_state.on("histexpand") &&
      line.find('!') != std::string_view::npos) {
    std::string event;
    recalled = recall(line, m_history, event);
    if (!event.empty()) {
      reply.text = finished("bash: " + event + ": event not found");
      return reply;
    }
    if (recalled != line) reply.text = recalled + "\n";
    line = recalled;
    if (line.size() > kLineLimit) {
      reply.text = "bash: line too long";
      reply.exitCode = 1;
      return reply;
    }
  }
  remember(line);
  runJobs(machine, m_state, m_history);
  if (m_state.psql.open) {
    runInPsql(machine, line, reply);
    return reply;
  }
  const bool ends = line.find(kEndOfInput) != std::string::npos;
  const std::string whole = wholeCommand(line, ends);
  const auto tokens = shellTokens(whole);
  const ParsedLine parsed =
      tokens ? parsedTokens(whole, tokens.value()) : ParsedLine(tokens.error());
  if (!ends && !parsed && parsed.error().code == kUnfinished && whole.size() < kLineLimit) {
    awaitMore(whole, tokens ? tokens.value() : std::vector<Token>());
    reply.text = finished(std::move(reply.text));
    return reply;
  }
  m_state.remembered.clear();
  Interpreter interpreter(machine, m_state, m_history);
  std::string text = reply.text + interpreter.runLine(whole, parsed);
  if (interpreter.left()) beginAnew();
  runJobs(machine, m_state, m_history);
  text += finishedJobs(m_state, machine.world.now().ms);
  reply.text = finished(std::move(text));
  reply.exitCode = m_state.lastExit;
  reply.changed = interpreter.changed();
  reply.duration = interpreter.duration();
  return reply;
}

std::string Shell::wholeCommand(std::string_view line, bool ends) {
  std::string whole = std::exchange(m_state.unfinished, {});
  if (!ends) return whole + std::string(line);
  if (!whole.empty()) whole.pop_back();  // the newline of a line that does not come
  return whole;
}

// bash remembers the lines of one command as one: in a quotation as they are, else in a row.
void Shell::awaitMore(const std::string& whole, const std::vector<Token>& tokens) {
  const std::string& known = m_state.remembered.empty() ? m_history.back() : m_state.remembered;
  std::string joint = "\n";
  if (whole.ends_with('\\')) {
    joint.clear();
  } else if (!tokens.empty()) {
    const Token& last = tokens.back();
    const std::string word = whole.substr(last.from, last.to - last.from);
    static constexpr std::string_view kOpen[] = {"do", "then", "else",  "elif", "in",
                                                 "{",  "if",   "while", "until"};
    const bool open = std::find(std::begin(kOpen), std::end(kOpen), word) != std::end(kOpen);
    joint = open || !last.op.empty() ? " " : "; ";
  }
  m_state.remembered = (whole.ends_with('\\') ? known.substr(0, known.size() - 1) : known) + joint;
  m_state.unfinished = whole + "\n";
}

void Shell::remember(std::string_view line) {
  if (!m_state.unfinished.empty() && !m_state.psql.open && !m_history.empty()) {
    if (line.find(kEndOfInput) != std::string_view::npos) return;
    m_state.remembered += line;
    m_history.back() = m_state.remembered;
    return;
  }
  if (base::trim(line).empty() || line.find(kEndOfInput) != std::string_view::npos) return;
  if (m_history.empty() || m_history.back() != line) m_history.emplace_back(line);
  if (m_history.size() > kHistoryLimit) m_history.erase(m_history.begin());
}

Reply Shell::giveUp(Machine& machine) {
  m_state.unfinished.clear();
  m_state.remembered.clear();
  m_state.psql.statement.clear();
  m_state.psql.scan = {};
  m_state.lastExit = 130;  // 128 + SIGINT
  Reply reply;
  if (!m_state.psql.open) {
    Interpreter interpreter(machine, m_state, m_history);
    std::string text;
    interpreter.runTrap("SIGINT", text, text);
    reply.text = finished(std::move(text));
    reply.changed = interpreter.changed();
    reply.duration = interpreter.duration();
  }
  reply.exitCode = m_state.lastExit;
  return reply;
}

// The shell was left: the next one finds the files and what runs in the background.
void Shell::beginAnew() {
  ShellState fresh;
  fresh.lastExit = m_state.lastExit;
  fresh.files = std::move(m_state.files);
  fresh.jobs = std::move(m_state.jobs);
  m_state = std::move(fresh);
}

void Shell::runInPsql(Machine& machine, std::string_view line, Reply& reply) {
  std::string output;
  // The session is worked on outside of the state, so that a command started with \! finds a
  // shell without one.
  PsqlSession session;
  std::swap(session, m_state.psql);
  Interpreter interpreter(machine, m_state, m_history);
  const PsqlSurroundings around{
      machine, m_state, reply.changed, reply.duration,
      [&](const std::string& text, const std::string& input, std::string& out, std::string& error) {
        Call call{machine, m_state, interpreter, {"sh"},        input,
                  true,    out,     error,       reply.changed, reply.duration};
        const int code = interpreter.runScript({text, "sh", {}}, call);
        m_state.psql = {};
        return code;
      }};
  PsqlProgram psql(around, session, output, output);
  psql.setInteractive(true);
  const bool goesOn = psql.feed(line);
  for (const sim::Action& action : interpreter.changed()) reply.changed.push_back(action);
  reply.duration = reply.duration + interpreter.duration();
  reply.exitCode = goesOn && psql.failed() ? 1 : 0;
  if (goesOn) {
    std::swap(session, m_state.psql);
  } else {
    psql.server().disconnect();
    m_state.lastExit = 0;
  }
  reply.text = finished(std::move(output));
}

std::string Shell::prompt(const sim::World& world) const {
  if (m_state.psql.open) return psqlPrompt(m_state.psql, world);
  if (!m_state.unfinished.empty()) return "> ";
  std::string place = m_state.directory;
  const std::string home = "/home/" + m_state.user;
  if (place == home || place.starts_with(home + "/")) place = "~" + place.substr(home.size());
  return m_state.user + "@" + world.spec().host.name + ":" + place + "$ ";
}

std::vector<std::string> Shell::complete(const sim::World& world, std::string_view line) const {
  const std::size_t blank = line.find_last_of(" \t|;&='\"(");
  const std::string word(blank == std::string_view::npos ? line : line.substr(blank + 1));
  const std::string_view before = base::trim(line.substr(0, line.size() - word.size()));
  std::vector<std::string> found;
  const auto add = [&](const std::string& candidate) {
    if (candidate.starts_with(word)) found.push_back(candidate);
  };
  const bool sql =
      m_state.psql.open || base::contains(before, "psql") || base::contains(before, "postgres -C");
  if (sql && word.size() >= 2) {
    for (const sim::SettingDefinition& one : world.postgres().settings.catalogue().all())
      add(one.name);
    for (const char* view :
         {"pg_settings", "pg_file_settings", "pg_stat_activity", "pg_stat_database",
          "pg_stat_bgwriter", "pg_database", "pg_reload_conf()", "pg_terminate_backend("}) {
      add(view);
    }
  }
  if (m_state.psql.open) return found;
  const bool first = before.empty() || before.ends_with("|") || before.ends_with(";") ||
                     before.ends_with("&") || before.ends_with("sudo") || before.ends_with("man") ||
                     before.ends_with("help");
  if (first && word.find('/') == std::string::npos) {
    for (const Command* command : allCommands()) add(std::string(command->name));
    return found;
  }
  // Looking at files changes nothing; the view only needs copies it may write to.
  sim::World copy = world;
  sim::Telemetry unread(sim::Detail::Summary);
  Machine machine{copy, unread, ""};
  ShellState state = m_state;
  const FileView files(machine, state);
  const std::size_t slash = word.rfind('/');
  const std::string folder = slash == std::string::npos ? "" : word.substr(0, slash + 1);
  for (const std::string& name : files.list(folder.empty() ? "." : folder)) {
    add(folder + name + (files.isDirectory(folder + name) ? "/" : ""));
  }
  return found;
}

}  // namespace console
