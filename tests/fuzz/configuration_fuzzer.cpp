// SPDX-License-Identifier: GPL-3.0-or-later
#include "configuration_text.h"
#include "fuzzers.h"
#include "worlds.h"

namespace fuzz {
namespace {

std::string autoFile(const sim::World& world) {
  return world.spec().database.dataDirectory + "/postgresql.auto.conf";
}

std::vector<std::string> writable(const sim::World& world) {
  const std::string main = world.spec().database.configFile;
  const std::string folder = main.substr(0, main.rfind('/') + 1);
  std::vector<std::string> files = {main, main, main, autoFile(world), autoFile(world)};
  for (const char* name :
       {"conf.d/10-a.conf", "conf.d/20-b.conf", "conf.d/not-read", "a.conf", "b.conf"}) {
    files.push_back(folder + name);
  }
  return files;
}

// A case writes a few files, reloads, looks, restarts; then the old files are put back and the
// server must come up again.
class ConfigurationFuzzer : public Fuzzer {
 public:
  ConfigurationFuzzer() : m_labs(laboratories()) {
    for (const drill::Lab& lab : m_labs) m_texts.emplace_back(writable(lab.world()));
  }

  [[nodiscard]] std::string_view unit() const override { return "files"; }
  [[nodiscard]] std::string report() const override {
    return std::to_string(m_restarts) + " restarts, " + std::to_string(m_came) + " came up";
  }

  void run(Case& one) override {
    const std::size_t which = one.dice.below(m_labs.size());
    sim::World world = m_labs[which].world();
    sim::Telemetry telemetry = m_labs[which].telemetry();
    const std::size_t files = 1 + one.dice.below(5);
    for (std::size_t i = 0; i < files; ++i) {
      write(one, m_texts[which], world, telemetry);
      if (!one.dice.oneIn(3)) continue;
      look(one, world, telemetry);
      act(one, "reload", {sim::Verb::Reload, "", "", {}}, world, telemetry);
    }
    look(one, world, telemetry);
    static const std::vector<std::string> kModes = {"smart", "fast", "immediate"};
    act(one, "restart", {sim::Verb::Restart, one.dice.oneOf(kModes), "", {}}, world, telemetry);
    one.step(
        "a minute passes", [&] { pass(world, telemetry); }, false);
    ++m_restarts;
    m_came += world.postgres().accepts() ? 1 : 0;
    look(one, world, telemetry);
    if (one.dice.oneIn(8)) putBack(one, m_labs[which].world(), world, telemetry);
  }

 private:
  static void pass(sim::World& world, sim::Telemetry& telemetry) {
    world.advanceTo(world.now() + base::seconds(60), telemetry);
  }

  static void act(Case& one, const std::string& what, const sim::Action& action, sim::World& world,
                  sim::Telemetry& telemetry, bool counted = false) {
    sim::Outcome outcome;
    one.step(
        what, [&] { outcome = world.apply(action, "trainee", telemetry); }, counted);
    one.tell("    " + shown(outcome.text));
    one.step(
        "ticks", [&] { world.advanceTo(world.now() + base::seconds(2), telemetry); }, false);
    const std::string fault = imbalance(world);
    one.expect(fault.empty(), fault);
  }

  static void write(Case& one, const ConfigurationText& texts, sim::World& world,
                    sim::Telemetry& telemetry) {
    const std::string path = texts.file(one.dice);
    sim::Action action{sim::Verb::EditFile, path, texts.text(one.dice), {}};
    if (one.dice.oneIn(30)) action.fields["remove"] = "yes";
    if (one.dice.oneIn(30)) action.fields["readable"] = "no";
    act(one, path + " := " + (one.telling() ? shown(action.text, 4000) : shown(action.text)),
        action, world, telemetry, true);
  }

  // What a trainee would look at.
  static void look(Case& one, sim::World& world, sim::Telemetry& telemetry) {
    static const std::vector<std::string> kLooks = {
        "psql -c 'select * from pg_file_settings'",
        "psql -x -c 'select name, setting, pending_restart, sourcefile from pg_settings'",
        "sudo -u postgres /usr/lib/postgresql/15/bin/postgres -D /var/lib/postgresql/15/main -C "
        "shared_buffers",
        "sudo -u postgres /usr/lib/postgresql/15/bin/postgres -D /var/lib/postgresql/15/main -C "
        "shared_memory_size",
        "tail -n 20 /var/log/postgresql/postgresql-15-main.log",
        "git -C /etc/postgresql log -p -n 3",
        "git -C /etc/postgresql diff HEAD~2",
        "psql -c 'alter system set work_mem = 1MB'",
        "psql -c 'show all'",
        "grep -rn shared /etc/postgresql",
        "pg_lsclusters",
        "systemctl status postgresql@15-main"};
    const std::string line = one.dice.oneOf(kLooks);
    console::Shell shell;
    one.step(
        "$ " + line,
        [&] {
          (void)shell.run({world, telemetry, "trainee"}, line);
        },
        false);
  }

  static void putBack(Case& one, const sim::World& before, sim::World& world,
                      sim::Telemetry& telemetry) {
    const std::vector<sim::ConfigFile> wanted = before.postgres().files;
    const std::vector<sim::ConfigFile> there = world.postgres().files;
    for (const sim::ConfigFile& file : there) {
      act(one, "remove " + file.path, {sim::Verb::EditFile, file.path, "", {{"remove", "yes"}}},
          world, telemetry);
    }
    for (const sim::ConfigFile& file : wanted) {
      act(one, "put back " + file.path,
          {sim::Verb::EditFile, file.path, file.text, {{"readable", "yes"}}}, world, telemetry);
    }
    act(one, "stop", {sim::Verb::Stop, "immediate", "", {}}, world, telemetry);
    one.step(
        "a minute passes", [&] { pass(world, telemetry); }, false);
    act(one, "start", {sim::Verb::Start, "", "", {}}, world, telemetry);
    one.step(
        "a minute passes", [&] { pass(world, telemetry); }, false);
    one.expect(world.postgres().accepts(), "with its old files the server comes up");
  }

  std::vector<drill::Lab> m_labs;
  std::vector<ConfigurationText> m_texts;
  std::size_t m_restarts = 0, m_came = 0;
};

}  // namespace

std::unique_ptr<Fuzzer> configurationFuzzer() {
  return std::make_unique<ConfigurationFuzzer>();
}

}  // namespace fuzz
