// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/hba_line.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/text.h"

namespace sim {
namespace {

constexpr std::string_view kTypes[] = {"local",     "host",       "hostssl",
                                       "hostnossl", "hostgssenc", "hostnogssenc"};
constexpr std::string_view kMethods[] = {"trust",    "reject", "md5",   "scram-sha-256",
                                         "password", "gss",    "ident", "peer",
                                         "pam",      "ldap",   "cert",  "radius"};
constexpr std::string_view kUnbuilt[] = {"sspi", "bsd"};  // not in Debian's build

template <std::size_t N>
bool isOneOf(std::string_view text, const std::string_view (&list)[N]) {
  return std::find(std::begin(list), std::end(list), text) != std::end(list);
}

// The parts of a dotted or colon-separated address as bits; 0: none.
int addressBits(const std::string& text) {
  if (text.find(':') != std::string::npos) {
    const bool fine = text.find_first_not_of("0123456789abcdefABCDEF:.") == std::string::npos;
    const auto colons = std::count(text.begin(), text.end(), ':');
    const bool shortened = text.find("::") != std::string::npos;
    return fine && colons <= 8 && (shortened || colons == 7) ? 128 : 0;
  }
  const std::vector<std::string> parts = base::split(text, '.');
  if (parts.size() != 4) return 0;
  for (const std::string& part : parts) {
    if (part.empty() || part.size() > 3 ||
        part.find_first_not_of("0123456789") != std::string::npos || std::stoi(part) > 255) {
      return 0;
    }
  }
  return 32;
}

std::optional<int> number(const std::string& text) {
  int value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

// The mask of a length as an address.
std::string maskText(int length, int bits) {
  if (bits == 32) {
    std::string text;
    for (int part = 0; part < 4; ++part) {
      const int ones = std::clamp(length - 8 * part, 0, 8);
      text += (part == 0 ? "" : ".") + std::to_string((0xFF00 >> ones) & 0xFF);
    }
    return text;
  }
  std::string text;
  for (int part = 0; part < 8; ++part) {
    const int ones = std::clamp(length - 16 * part, 0, 16);
    if (ones == 0) return text + (part == 7 ? "" : ":") + (part == 0 ? ":" : "");
    const unsigned group = (0xFFFF0000U >> ones) & 0xFFFFU;
    for (int shift = 12; shift >= 0; shift -= 4) text += "0123456789abcdef"[(group >> shift) & 15];
    if (part < 7) text += ':';
  }
  return text;
}

class LineParser {
 public:
  LineParser(const HbaLine& line, bool ssl, HbaRule& rule, std::vector<HbaFault>& faults)
      : m_line(line), m_ssl(ssl), m_rule(rule), m_faults(faults) {}

  bool parse() {
    if (parseFields()) return true;
    m_rule.method.clear();  // of no use
    return false;
  }

 private:
  bool parseFields() {
    if (!connectionType()) return false;
    for (auto* names : {&m_rule.databases, &m_rule.users}) {
      const auto* field = next();
      if (field == nullptr) {
        return fault(names == &m_rule.databases ? "end-of-line before database specification"
                                                : "end-of-line before role specification");
      }
      for (const HbaToken& token : *field) names->push_back(token.text);
    }
    if (m_rule.type != "local" && !address()) return false;
    return method() && options() && requirements();
  }
  bool fault(std::string text, std::string hint = {}) {
    m_faults.push_back({std::move(text), std::move(hint)});
    return false;
  }
  const std::vector<HbaToken>* next() {
    return m_next < m_line.fields.size() ? &m_line.fields[m_next++] : nullptr;
  }

  bool connectionType() {
    const auto* field = next();
    if (field->size() > 1) {
      return fault("multiple values specified for connection type",
                   "Specify exactly one connection type per line.");
    }
    m_rule.type = field->front().text;
    if (!isOneOf(m_rule.type, kTypes)) {
      return fault("invalid connection type \"" + m_rule.type + "\"");
    }
    if (m_rule.type == "hostssl" && !m_ssl) {
      (void)fault("hostssl record cannot match because SSL is disabled",
                  "Set ssl = on in postgresql.conf.");
    }
    return true;
  }

  bool address() {
    const auto* field = next();
    if (field == nullptr) return fault("end-of-line before IP address specification");
    if (field->size() > 1) {
      return fault("multiple values specified for host address",
                   "Specify one address range per line.");
    }
    const HbaToken& token = field->front();
    m_rule.address = token.text;
    if (token.text == "all" || token.text == "samehost" || token.text == "samenet") return true;
    const std::size_t slash = token.text.find('/');
    m_rule.address = token.text.substr(0, slash);
    const int bits = addressBits(m_rule.address);
    if (slash == std::string::npos) return bits == 0 || netmask(bits);
    if (bits == 0) {
      return fault("specifying both host name and CIDR mask is invalid: \"" + token.text + "\"");
    }
    const auto length = number(token.text.substr(slash + 1));
    if (!length || *length < 0 || *length > bits) {
      return fault("invalid CIDR mask in address \"" + token.text + "\"");
    }
    m_rule.netmask = maskText(*length, bits);
    return true;
  }

  bool netmask(int bits) {
    const auto* field = next();
    if (field == nullptr) {
      return fault("end-of-line before netmask specification",
                   "Specify an address range in CIDR notation, or provide a separate netmask.");
    }
    if (field->size() > 1) return fault("multiple values specified for netmask");
    m_rule.netmask = field->front().text;
    const int maskBits = addressBits(m_rule.netmask);
    if (maskBits == 0) {
      return fault("invalid IP mask \"" + m_rule.netmask + "\": Name or service not known");
    }
    return maskBits == bits || fault("IP address and mask do not match");
  }

  bool method() {
    const auto* field = next();
    if (field == nullptr) return fault("end-of-line before authentication method");
    if (field->size() > 1) {
      return fault("multiple values specified for authentication type",
                   "Specify exactly one authentication type per line.");
    }
    std::string name = field->front().text;
    if (isOneOf(name, kUnbuilt)) {
      return fault("invalid authentication method \"" + name + "\": not supported by this build");
    }
    if (!isOneOf(name, kMethods)) return fault("invalid authentication method \"" + name + "\"");
    const bool local = m_rule.type == "local";
    if (local && name == "ident") name = "peer";
    if (local && name == "gss")
      return fault("gssapi authentication is not supported on local sockets");
    if (!local && name == "peer") {
      return fault("peer authentication is only supported on local sockets");
    }
    if (name == "cert" && m_rule.type != "hostssl") {
      return fault("cert authentication is only supported on hostssl connections");
    }
    m_rule.method = std::move(name);
    return true;
  }

  bool options() {
    while (const auto* field = next()) {
      for (const HbaToken& token : *field) {
        const std::size_t equals = token.text.find('=');
        if (equals == std::string::npos) {
          return fault("authentication option not in name=value format: " + token.text);
        }
        if (!option(token.text.substr(0, equals), token.text.substr(equals + 1))) return false;
        m_rule.options.push_back(token.text);
      }
    }
    return true;
  }

  bool onlyFor(const std::string& option, bool valid, const char* methods) {
    return valid || fault("authentication option \"" + option +
                          "\" is only valid for authentication methods " + methods);
  }

  bool option(const std::string& name, const std::string& value) {
    const std::string& is = m_rule.method;
    if (name == "map") {
      return onlyFor(name, is == "ident" || is == "peer" || is == "gss" || is == "cert",
                     "ident, peer, gssapi, sspi, and cert");
    }
    if (name == "clientcert") return clientCertificate(value);
    if (name == "clientname") {
      if (m_rule.type != "hostssl") {
        return fault("clientname can only be configured for \"hostssl\" rows");
      }
      return value == "CN" || value == "DN" ||
             fault("invalid value for clientname: \"" + value + "\"");
    }
    if (name == "pamservice" || name == "pam_use_hostname") {
      return onlyFor(name, is == "pam", "pam");
    }
    if (name == "ldapport" && is == "ldap") {
      const auto port = number(value);
      return (port && *port != 0) || fault("invalid LDAP port number: \"" + value + "\"");
    }
    constexpr std::string_view kLdap[] = {
        "ldapserver",          "ldapport",        "ldaptls",    "ldapurl",    "ldapscheme",
        "ldapbinddn",          "ldapbasedn",      "ldapprefix", "ldapsuffix", "ldapbindpasswd",
        "ldapsearchattribute", "ldapsearchfilter"};
    if (isOneOf(name, kLdap)) return onlyFor(name, is == "ldap", "ldap");
    constexpr std::string_view kRadius[] = {"radiusservers", "radiusports", "radiussecrets",
                                            "radiusidentifiers"};
    if (isOneOf(name, kRadius)) return onlyFor(name, is == "radius", "radius");
    if (name == "krb_realm" || name == "include_realm") {
      return onlyFor(name, is == "gss", "gssapi and sspi");
    }
    if (name == "compat_realm" || name == "upn_username") return onlyFor(name, false, "sspi");
    return fault("unrecognized authentication option name: \"" + name + "\"");
  }

  bool clientCertificate(const std::string& value) {
    if (m_rule.type != "hostssl") {
      return fault("clientcert can only be configured for \"hostssl\" rows");
    }
    if (value == "verify-full") return true;
    if (value != "verify-ca") return fault("invalid value for clientcert: \"" + value + "\"");
    return m_rule.method != "cert" ||
           fault("clientcert only accepts \"verify-full\" when using \"cert\" authentication");
  }

  [[nodiscard]] bool given(std::string_view name) const {
    return std::any_of(m_rule.options.begin(), m_rule.options.end(), [&](const std::string& one) {
      return one.starts_with(std::string(name) + "=");
    });
  }

  bool requirements() {
    const auto needs = [&](const char* arguments) {
      return fault("authentication method \"" + m_rule.method + "\" requires argument " +
                   arguments + " to be set");
    };
    if (m_rule.method == "ldap" && !given("ldapbasedn") && !given("ldapprefix") &&
        !given("ldapsuffix") && !given("ldapurl")) {
      return needs("\"ldapbasedn\", \"ldapprefix\", or \"ldapsuffix\"");
    }
    if (m_rule.method == "radius" && !given("radiusservers")) return needs("\"radiusservers\"");
    if (m_rule.method == "radius" && !given("radiussecrets")) return needs("\"radiussecrets\"");
    if (m_rule.method == "gss" && !given("include_realm")) {
      m_rule.options.insert(m_rule.options.begin(), "include_realm=true");
    }
    if (m_rule.method == "cert" && !given("clientcert")) {
      m_rule.options.emplace_back("clientcert=verify-full");
    }
    return true;
  }

  const HbaLine& m_line;
  bool m_ssl;
  HbaRule& m_rule;
  std::vector<HbaFault>& m_faults;
  std::size_t m_next = 0;
};

}  // namespace

bool parseHbaLine(const HbaLine& line, bool ssl, HbaRule& rule, std::vector<HbaFault>& faults) {
  return LineParser(line, ssl, rule, faults).parse();
}

}  // namespace sim
