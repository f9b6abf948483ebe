// SPDX-License-Identifier: GPL-3.0-or-later
// A function as `declare -f` and `type` show it: bash lays its parse tree out anew.
#include "base/text.h"
#include "console/parser.h"

namespace console {
namespace {

using Kind = SimpleCommand::Kind;

class Layout {
 public:
  std::string function(const std::string& name, const SimpleCommand& body) {
    std::string text = name + " () \n" + margin();
    if (body.kind == Kind::Group) return text + block(body) + redirections(body);
    ++m_level;
    const std::string inside = margin() + command(body);
    --m_level;
    return text + "{ \n" + inside + "\n" + margin() + "}";
  }

 private:
  [[nodiscard]] std::string margin() const { return std::string(m_level * 4, ' '); }

  std::string block(const SimpleCommand& group) {
    return "{ \n" + inner(group.parts[0], false) + margin() + "}";
  }

  // A list one step further in, each command on a line.
  std::string inner(const std::vector<Pipeline>& list, bool closed) {
    ++m_level;
    std::string text = margin() + lines(list, "\n" + margin());
    --m_level;
    const bool open = closed && !text.ends_with('\n') && !text.ends_with('&');
    return text + (open ? ";\n" : "\n");
  }

  std::string lines(const std::vector<Pipeline>& list, const std::string& apart) {
    std::string text;
    for (std::size_t i = 0; i < list.size(); ++i) {
      const auto joint = list[i].joint;
      if (joint == Pipeline::Joint::IfSucceeded) text += " && ";
      if (joint == Pipeline::Joint::IfFailed) text += " || ";
      if (i > 0 && joint == Pipeline::Joint::Always) {
        text += list[i - 1].background ? " " : text.ends_with('\n') ? apart : ";" + apart;
      }
      text += pipeline(list[i]);
      if (list[i].background) text += " &";
    }
    return text;
  }

  std::string pipeline(const Pipeline& one) {
    std::string text = std::string(one.timed == Pipeline::Timed::No         ? ""
                                   : one.timed == Pipeline::Timed::Portable ? "time -p "
                                                                            : "time ") +
                       (one.negated ? "! " : "");
    for (std::size_t i = 0; i < one.commands.size(); ++i) {
      text += (i > 0 ? " | " : "") + command(one.commands[i]);
    }
    return text;
  }

  static std::string redirections(const SimpleCommand& one) {
    std::string text, documents;
    for (const Redirection& redirection : one.redirections) {
      text += " " + redirection.written();
      if (redirection.kind == Redirection::Kind::Document) {
        documents += "\n" + redirection.document + "\n";
      }
    }
    return text + documents;
  }

  static std::string words(const SimpleCommand& one) {
    std::string text;
    for (const std::string& word : one.written) text += (text.empty() ? "" : " ") + word;
    return text;
  }

  std::string command(const SimpleCommand& one) {
    if (one.kind == Kind::Words) {
      const std::string text = words(one) + redirections(one);
      return text.starts_with(' ') ? text.substr(1) : text;
    }
    return compound(one) + (one.kind == Kind::Function ? "" : redirections(one));
  }

  std::string compound(const SimpleCommand& one) {
    const std::string done = margin() + "done";
    switch (one.kind) {
      case Kind::Group:
        return block(one);
      case Kind::Subshell:
        return "( " + lines(one.parts[0], "\n" + margin()) + " )";
      case Kind::Sum:
        return "((" + one.sums[0] + "))";
      case Kind::Test:
        return one.written[0];
      case Kind::For:
      case Kind::Count:
        return "for " +
               (one.kind == Kind::For
                    ? one.variable + " in " + words(one)
                    : "((" + one.sums[0] + ";" + one.sums[1] + ";" + one.sums[2] + "))") +
               ";\n" + margin() + "do\n" + inner(one.parts[0], true) + done;
      case Kind::While:
      case Kind::Until:
        return (one.kind == Kind::While ? "while " : "until ") + lines(one.parts[0], " ") +
               "; do\n" + inner(one.parts[1], true) + done;
      case Kind::If:
        return condition(one, 0);
      case Kind::Case:
        return choice(one);
      case Kind::Function:
        return nested(one);
      case Kind::Words:
        break;
    }
    return {};
  }

  // elif is an if inside of an else.
  std::string condition(const SimpleCommand& one, std::size_t at) {
    std::string text =
        "if " + lines(one.parts[at], " ") + "; then\n" + inner(one.parts[at + 1], true);
    if (at + 2 < one.parts.size()) {
      text += margin() + "else\n";
      if (at + 3 < one.parts.size()) {
        ++m_level;
        text += margin() + condition(one, at + 2) + ";\n";
        --m_level;
      } else {
        text += inner(one.parts[at + 2], true);
      }
    }
    return text + margin() + "fi";
  }

  std::string choice(const SimpleCommand& one) {
    std::string text = "case " + words(one) + " in \n";
    ++m_level;
    for (std::size_t i = 0; i < one.parts.size(); ++i) {
      text += margin() + one.patternsWritten[i] + ")\n";
      text += one.parts[i].empty() ? "" : inner(one.parts[i], false);
      text += margin() + one.endings[i] + "\n";
    }
    --m_level;
    return text + margin() + "esac";
  }

  std::string nested(const SimpleCommand& one) {
    const auto parsed = parseLine(one.written[0]);
    if (!parsed) return {};
    return "function " + function(one.variable, parsed.value()[0].commands[0]);
  }

  std::size_t m_level = 0;
};

}  // namespace

std::string functionText(const std::string& name, std::string_view source) {
  const auto parsed = parseLine(source);
  if (!parsed || parsed.value().empty()) return {};
  return Layout().function(name, parsed.value()[0].commands[0]);
}

}  // namespace console
