#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Applies generated configuration changes to a throwaway real PostgreSQL 15 and writes what it did, in the form of
guc-cases.jsonl, for `fidelity` to replay on the simulated server.

  record.py --settings FILE --out FILE [--count 100] [--seed 15] [--bin DIR]

Run it as a user who may run a server (not root). The cluster lives in a temporary folder, listens on a socket there
alone, and is gone afterwards. The same seed gives the same changes."""
import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

PORT = "54329"
# Changes of these would take the recording's own log, socket or session away, or depend on this machine.
LEFT_ALONE = re.compile(
    r"^(data_directory|config_file|hba_file|ident_file|external_pid_file|listen_addresses|port|unix_socket.*|bonjour.*|"
    r"ssl.*|krb.*|db_user_namespace|log_destination|logging_collector|log_directory|log_filename|log_file_mode|"
    r"log_rotation.*|log_truncate.*|log_line_prefix|log_timezone|log_min_messages|log_min_error_statement|"
    r"log_error_verbosity|log_statement|log_duration|log_min_duration.*|log_.*_stats|log_connections|log_disconnections|"
    r"log_transaction_sample_rate|syslog.*|event_source|.*_preload_libraries|jit_provider|dynamic_library_path|"
    r"debug_.*|trace_.*|client_min_messages|client_encoding|search_path|role|session_authorization|default_table.*|"
    r"temp_tablespaces|statement_timeout|idle_.*|transaction_.*|default_transaction.*|post_auth_delay|pre_auth_delay|"
    r"authentication_timeout|wal_consistency.*|lc_.*|dynamic_shared.*|shared_memory_type|huge_page.*|fsync|"
    r"cluster_name|allow_system.*|ignore_.*|zero_.*|jit_debug.*|jit_profil.*|jit_dump.*|backtrace.*|exit_on_error)$", re.I)
# In a session of its own a change spoils less; of these the log or the client would not be comparable.
LEFT_IN_SESSIONS = re.compile(
    r"^(debug_.*|trace_.*|log_.*_stats|log_min_duration.*|log_duration|client_encoding|client_min_messages|exit_on_error|post_auth_delay|"
    r"statement_timeout|lock_timeout|idle_.*|backtrace.*|jit_.*|ssl.*|krb.*|.*_file|data_directory|external_pid_file|"
    r"unix_socket.*|listen_addresses|port|application_name|.*_command|timezone_abbreviations|in_hot_standby|"
    r"server_version.*|server_encoding|lc_.*|data_directory_mode|session_authorization|role|wal_consistency.*|"
    r"dynamic_library_path|local_preload.*|session_preload.*|shared_preload.*|default_tablespace|temp_tablespaces|"
    r"default_table_access_method|shared_memory_size.*|huge_page.*|allow_in_place.*|ignore_.*|zero_.*|search_path)$", re.I)
# Values of settings whose text the server reads as more than a text.
LISTS = {"datestyle": ["iso", "ISO, DMY", "german", "sql, european", "mdy", "iso, iso", "iso, german", "postgres,ymd", "iso,,mdy", "default"],
         "timezone": ["UTC", "Europe/Berlin", "europe/berlin", "EST5EDT", "+3", "-2.5", "Mars/Base", "5 hours", "interval", "GMT+1"],
         "intervalstyle": ["postgres", "ISO_8601", "sql_standard", "iso"],
         "log_destination": ["stderr", "csvlog", "stderr, jsonlog", "stderr;csvlog", "STDERR", "syslog,,stderr", "file"],
         "synchronous_standby_names": ["*", "a", "first 1 (a, b)", "any 2 (a,b,c)", "2 (a b)", "first 0 (a)", "(a)", "a,", "ANY 1 (*)"],
         "default_text_search_config": ["pg_catalog.english", "simple", "klingon", "english"],
         "bytea_output": ["hex", "escape", "HEX", "octal"], "xmloption": ["content", "document", "both"],
         "restrict_nonsystem_relation_kind": ["view", "view, foreign-table", "table", ""]}
UNITS = {"kB": ["kB", "MB", "B", "GB"], "8kB": ["kB", "MB", "GB"], "MB": ["MB", "GB", "kB"], "B": ["B", "kB", "MB"],
         "ms": ["ms", "s", "min", "us"], "s": ["s", "min", "h", "ms"], "min": ["min", "h", "d", "s"]}
JUNK = ["banana", "", "1 banana", "1e3", "0x10", "-0", "1.5", "'", "+5", "  7  ", "010", "NaN", "1e400", "99999999999999999999",
        "12 mb", "3KB", "1,000", "5%", "on", "off", "auto"]


class Maker:
    """Draws settings and values. Everything comes from one generator, in order."""

    def __init__(self, settings, seed):
        self.draw = random.Random(seed)
        self.all = [s for s in settings if s["context"] != "internal" and not LEFT_ALONE.match(s["name"])]
        self.memory = [s for s in self.all if s["unit"] or s["vartype"] in ("integer", "real")]
        self.session = [s for s in settings if not LEFT_IN_SESSIONS.match(s["name"])]

    def session_setting(self):
        """Of any context, more often one that a session may change."""
        own = [s for s in self.session if s["context"] in ("user", "superuser")]
        return self.draw.choice(own if self.draw.random() < 0.85 else self.session)

    def setting(self):
        return self.draw.choice(self.memory if self.draw.random() < 0.7 else self.all)

    def value(self, s, bold=True):
        """A value as written, sometimes wrong. Not bold: one the server can start with."""
        d = self.draw
        listed = LISTS.get(s["name"].lower())
        if listed and bold and d.random() < 0.8:
            return d.choice(listed)
        if bold and d.random() < 0.15:
            return d.choice(JUNK)
        if s["vartype"] == "bool":
            return d.choice(["on", "off", "true", "no", "TRUE", "y", "1", "0", "of", "tr"] + (["2", "o", "maybe"] if bold else []))
        if s["vartype"] == "enum":
            return d.choice(s["enumvals"] + [s["enumvals"][0].upper()] + (["none at all"] if bold else []))
        if s["vartype"] == "string":
            return d.choice([s["boot_val"] or "", s["boot_val"] or "", "", "UTC", "iso, dmy", "a b"] if bold else [s["boot_val"] or ""])
        low, high, usual = float(s["min_val"]), float(s["max_val"]), float(s["boot_val"] or 0)
        whole = s["vartype"] == "integer"
        choices = [usual, usual * 2, usual + 1, max(low, usual / 2)]
        if bold:
            choices += [low, low - 1, high, high + 1, usual * 1.5]
        number = d.choice(choices)
        if not bold:
            number = min(max(number, low), high)
        text = str(int(number)) if whole and number == int(number) else repr(round(number, 4))
        if s["unit"] in UNITS and number > 0 and d.random() < 0.5:
            text = str(int(max(1, d.choice([1, 4, 10, 64, 100, 300]) if bold else number))) + \
                d.choice(["", " "]) + (d.choice(UNITS[s["unit"]]) if bold else s["unit"].replace("8kB", "kB"))
        return text


def quoted(value):
    return "'" + value.replace("'", "''") + "'"


def line_of(draw, name, value):
    """name = value, in one of the ways a file may have it."""
    plain = re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.]*|-?[0-9]+[a-zA-Z]*", value)
    text = value if plain and draw.random() < 0.6 else quoted(value)
    form = draw.choice(["{} = {}", "{}={}", "{} {}", "  {}  =  {}   # note", "{} = {}"])
    return form.format(draw.choice([name, name, name.upper()]), text)


def conf_lines(maker):
    """Lines of a change, and files beside it."""
    d = maker.draw
    s = maker.setting()
    name, kind = s["name"], d.random()
    if kind < 0.45:
        return [line_of(d, name, maker.value(s))], {}, [name]
    if kind < 0.60:
        return [line_of(d, name, maker.value(s)), line_of(d, name, maker.value(s))], {}, [name]
    if kind < 0.72:
        other = maker.setting()
        files = {"more.conf": line_of(d, other["name"], maker.value(other)) + "\n"}
        return [d.choice(["include 'more.conf'", "include_if_exists = 'more.conf'", "include more.conf"]),
                line_of(d, name, maker.value(s))], files, sorted({name, other["name"]})
    if kind < 0.80:
        files = {"conf.d/10-a.conf": line_of(d, name, maker.value(s)) + "\n",
                 "conf.d/20-b.conf": line_of(d, name, maker.value(s)) + "\n", "conf.d/30-c.txt": "broken (\n"}
        return ["include_dir 'conf.d'"], files, [name]
    if kind < 0.86:
        return [d.choice(["include 'nowhere.conf'", "include_dir 'nowhere'", "include_if_exists 'nowhere.conf'",
                          "include ''", "include_dir = ''"]), line_of(d, name, maker.value(s))], {}, [name]
    broken = ["{} = = {}", "{} {} 7", "= {1}", "{} = '{}", "{}", "{} = {} ;", "no_such_thing_{0} = {1}", "extra.{0} = {1}",
              "1{} = {}", "{} = {} # fine", "{} :{}", "[section]", "{0}.{0}.x = {1}", "'{}' = {}"]
    return [d.choice(broken).format(name, maker.value(s, bold=False) or "1")], {}, [name]


class Server:
    def __init__(self, folder, binaries):
        self.folder, self.bin = folder, binaries
        self.data, self.log = os.path.join(folder, "data"), os.path.join(folder, "log")
        self.run("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "--locale=C.UTF-8", "-E", "UTF8", "-N")
        with open(self.path("postgresql.conf")) as file:
            self.first = file.read()

    def path(self, name):
        return os.path.join(self.data, name)

    def run(self, program, *words, text=None):
        env = {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC", "PGHOST": self.folder, "PGPORT": PORT, "PGUSER": "postgres"}
        done = subprocess.run([os.path.join(self.bin, program), *words], input=text, env=env, text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
        return done.returncode, done.stdout

    def control(self, *words):
        options = f"-k {self.folder} -p {PORT} -c listen_addresses=127.0.0.1 -c fsync=off"
        return self.run("pg_ctl", "-D", self.data, "-l", self.log, "-o", options, *words)

    def psql(self, text, *words):
        return self.run("psql", "-X", "-d", "postgres", *words, text=text)[1]

    def spoken(self, statement):
        lines = self.psql(statement + "\n\\echo SQLSTATE=:SQLSTATE\n").splitlines()
        states = [line[9:] for line in lines if line.startswith("SQLSTATE=")]
        return "\n".join(line for line in lines if not line.startswith("SQLSTATE=")), states[0] if states else None

    def rows(self, query):
        text = self.psql(None, "-At", "-c", f"select coalesce(json_agg(x), '[]') from ({query}) x")
        return json.loads(text)

    def restore(self):
        """As initdb left it, running."""
        self.control("-m", "immediate", "stop")
        shutil.rmtree(self.path("conf.d"), ignore_errors=True)
        os.mkdir(self.path("conf.d"))
        with open(self.path("conf.d/README"), "w") as file:
            file.write("Files to include.\n")
        with open(self.path("postgresql.conf"), "w") as file:
            file.write(self.first)
        with open(self.path("postgresql.auto.conf"), "w") as file:
            file.write("# Do not edit this file manually!\n# It will be overwritten by the ALTER SYSTEM command.\n")
        for _ in range(3):
            if self.control("start")[0] == 0:
                return
        sys.exit("the throwaway server does not start")

    def marked(self):
        return os.path.getsize(self.log)

    def since(self, mark):
        with open(self.log, "rb") as file:
            file.seek(mark)
            lines = file.read().decode("utf-8", "replace").splitlines()
        return [self.veiled(line) for line in lines]

    def veiled(self, text):
        return text.replace(self.data, "$PGDATA").replace(self.folder, "$SOCKETDIR").replace(self.bin, "$BINDIR")


STAMP = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ (UTC|GMT) \[\d+\] ")


def templates(lines):
    return [STAMP.sub("{ts} [{pid}] ", line) for line in lines]


def after(server, names):
    wanted = ",".join(f"'{name}'" for name in names)
    rows = server.rows("select name, setting, unit, source, pending_restart from pg_settings "
                       f"where name in ({wanted}) order by name")
    for row in rows:
        row["show"] = server.psql(None, "-At", "-c", f"show \"{row['name']}\"").rstrip("\n")
    return rows


def file_rows(server, names):
    rows = server.rows("select name, setting, applied, error from pg_file_settings order by seqno")
    return [{**row, "error": row["error"] and server.veiled(row["error"])} for row in rows
            if row["name"] in names or row["error"] or row["name"] is None]


def reload(server):
    """Reloads and waits until the postmaster has said so and its children follow."""
    mark = server.marked()
    said = server.spoken("SELECT pg_reload_conf();")
    time.sleep(0.25)
    return mark, said


def alter_system(server, maker, number):
    d, s = maker.draw, maker.setting()
    value = maker.value(s)
    written = value if re.fullmatch(r"-?[0-9.]+|[a-z_]+", value) and d.random() < 0.5 else quoted(value)
    sql = d.choice(["ALTER SYSTEM SET {} = {};", "ALTER SYSTEM SET {} TO {};", "alter system set {} = {};"])
    sql = sql.format(s["name"], written)
    if d.random() < 0.08:
        sql = d.choice(["ALTER SYSTEM SET {0} = DEFAULT;", "ALTER SYSTEM RESET {0};", "ALTER SYSTEM SET {0};",
                        "ALTER SYSTEM SET no_{0} = 1;"]).format(s["name"])
    mark = server.marked()
    output, state = server.spoken(sql)
    log = server.since(mark)
    with open(server.path("postgresql.auto.conf")) as file:
        effect = {"auto_conf": [line for line in file.read().splitlines() if not line.startswith("#")]}
    if state == "00000":
        mark, _ = reload(server)
        log = server.since(mark)
        effect["after_reload"] = after(server, [s["name"]])
        effect["pg_file_settings"] = file_rows(server, [s["name"]])
    action = {"kind": "ALTER SYSTEM", "parameter": s["name"], "value": value, "sql": sql}
    return {"id": f"live.{number}.alter-system.{s['name']}", "family": "alter_system", "action": action, "sqlstate": state,
            "client_output": output, "server_log": log, "effect": effect}


def states_of(lines):
    return [line[9:] for line in lines if line.startswith("SQLSTATE=")]


def set_and_show(server, maker, number):
    d, s = maker.draw, maker.session_setting()
    name, value = s["name"], maker.value(s)
    written = value if re.fullmatch(r"-?[0-9.]+|[a-z_]+", value) and d.random() < 0.5 else quoted(value)
    sql = d.choice(["SET {} = {};", "SET {} TO {};", "set session {} = {};", "SET LOCAL {} = {};"]).format(name, written)
    if d.random() < 0.1:
        sql = d.choice(["SET {0} = DEFAULT;", "RESET {0};", "SET {0};", "SET no_{0} = 1;", "SET my.{0} = 1;", "SET {0} = {1}, {1};",
                        "SET {0} {1};"]).format(name, written)
    mark = server.marked()
    output, state = server.spoken(sql)
    log = server.since(mark)
    parts = server.psql(f"{sql}\n\\echo =====\nSHOW {name};\n\\echo SQLSTATE=:SQLSTATE\n\\echo =====\n\\pset tuples_only\n\\pset format unaligned\n"
                        f"select setting,unit from pg_settings where name='{name}';\n").split("=====\n")
    shown = parts[1].splitlines()
    return {"id": f"live.{number}.set.{name}", "family": "set",
            "action": {"kind": "SET then SHOW in one session", "parameter": name, "value": value, "sql": sql},
            "sqlstate": state, "client_output": output, "server_log": log,
            "effect": {"show_output": "\n".join(line for line in shown if not line.startswith("SQLSTATE=")).rstrip("\n"),
                       "show_sqlstate": (states_of(shown) or [None])[0],
                       "pg_settings_setting": parts[2].splitlines()[-1] if parts[2] else ""}}


def session(server, maker, number):
    """Several statements, with transactions that take settings back."""
    d = maker.draw
    settings = [maker.session_setting() for _ in range(2)]
    statements = []
    for _ in range(d.randint(4, 9)):
        s = d.choice(settings)
        value = quoted(maker.value(s))
        statements.append(d.choice([
            "SET {0} = {1};", "SET LOCAL {0} = {1};", "SHOW {0};", "SHOW {0};", "RESET {0};", "BEGIN;", "COMMIT;", "ROLLBACK;",
            "SAVEPOINT a;", "ROLLBACK TO a;", "RELEASE a;", "SELECT current_setting('{0}');", "SELECT set_config('{0}', {1}, true);",
            "SELECT set_config('{0}', {1}, false);", "RESET ALL;", "DISCARD ALL;", "SELECT current_setting('my.{0}', true);",
            "SET my.x = {1};", "SHOW my.x;", "SELECT 1/0;"]).format(s["name"], value))
    mark = server.marked()
    lines = server.psql("".join(one + "\n\\echo SQLSTATE=:SQLSTATE\n" for one in statements)).splitlines()
    return {"id": f"live.{number}.session.{settings[0]['name']}", "family": "set_session",
            "action": {"kind": "psql session", "role": "postgres", "sql": statements, "env": {}},
            "sqlstate": (states_of(lines) or [None])[-1],
            "client_output": "\n".join(line for line in lines if not line.startswith("SQLSTATE=")),
            "server_log": server.since(mark), "effect": {"sqlstates": states_of(lines)}}


def write_files(server, lines, files):
    for name, text in files.items():
        os.makedirs(os.path.dirname(server.path(name)), exist_ok=True)
        with open(server.path(name), "w") as file:
            file.write(text)
    with open(server.path("postgresql.conf"), "a") as file:
        file.write("".join(line + "\n" for line in lines))


def edit_and_reload(server, maker, number):
    lines, files, names = conf_lines(maker)
    write_files(server, lines, files)
    mark, (output, state) = reload(server)
    log = server.since(mark)
    effect = {"after_reload": after(server, names), "pg_file_settings": file_rows(server, names)}
    return {"id": f"live.{number}.reload.{names[0]}", "family": "conf_precedence",
            "action": {"kind": "edit postgresql.conf + pg_reload_conf()", "appended_lines": lines, "other_files": files},
            "sqlstate": state, "client_output": output, "server_log": log, "effect": effect}


def edit_and_restart(server, maker, number):
    lines, files, names = conf_lines(maker)
    server.control("-m", "fast", "stop")
    write_files(server, lines, files)
    mark = server.marked()
    code, output = server.control("start")
    log = server.since(mark)
    effect = {"started": code == 0, "pg_ctl_exit_code": code}
    if code == 0:
        effect["after_start"] = after(server, names)
    return {"id": f"live.{number}.restart.{names[0]}", "family": "conf_restart",
            "action": {"kind": "edit postgresql.conf + restart (server was stopped)", "appended_lines": lines,
                       "other_files": files},
            "sqlstate": None, "client_output": server.veiled(output), "server_log": log, "effect": effect}


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--settings", required=True)
    options.add_argument("--out", required=True)
    options.add_argument("--count", type=int, default=100)
    options.add_argument("--seed", type=int, default=15)
    options.add_argument("--ways", default="4,4,2,3,3", help="weights: ALTER SYSTEM, reload, restart, SET, sessions")
    options.add_argument("--bin", default="/usr/lib/postgresql/15/bin")
    given = options.parse_args()
    with open(given.settings) as file:
        maker = Maker(json.load(file), given.seed)
    folder = tempfile.mkdtemp(prefix="live")
    server = Server(folder, given.bin)
    try:
        with open(given.out, "w") as out:
            touched = True
            for number in range(1, given.count + 1):
                way = maker.draw.choices([alter_system, edit_and_reload, edit_and_restart, set_and_show, session],
                                         [float(weight) for weight in given.ways.split(",")])[0]
                if touched:
                    server.restore()
                touched = way not in (set_and_show, session)
                case = way(server, maker, number)
                case["server_log_template"] = templates(case["server_log"])
                out.write(json.dumps(case) + "\n")
    finally:
        server.control("-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
