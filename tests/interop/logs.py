#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gives the log of the outage of 7 May, with every kind of line turned on, to pgBadger or lnav and compares what they
count with what the simulator counted.

usage: logs.py READER SOURCE_DIR OUTAGE_DRILL_CLI LOG_COUNTS   READER: pgbadger-stderr, pgbadger-csv, lnav-stderr, lnav-json
exit status 77: the program is not installed
"""
import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile

SCENARIO = '2024-05-07-main-database'
PREFIX = '%m [%p] %q%u@%d '
ON = ['log_connections = on', 'log_disconnections = on', 'log_min_duration_statement = 3s']
# Some sorts that do not fit into work_mem.
SORTS = '"sorts": 0.5,\n        "sortMemory": "8MB"', '"sorts": 0.002,\n        "sortMemory": "20MB"'
problems = []


def expect(what, found, wanted):
    print(f'{what:34} {found!s:>14} {wanted!s:>14} {"" if found == wanted else "DIFFERS"}')
    if found != wanted:
        problems.append(what)


def run(*command, **more):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, **more).stdout


def prepare(source, folder):
    """The scenario with a chattier postgresql.conf."""
    text = open(os.path.join(source, 'scenarios', SCENARIO + '.json'), encoding='utf-8').read()
    for old, new in (("\"log_line_prefix = '%m [%p] '\"", json.dumps(f"log_line_prefix = '{PREFIX}'")),
                     ('"log_temp_files = 64MB"', '"log_temp_files = 0"'),
                     ('"log_lock_waits = on",', ''.join(json.dumps(line) + ', ' for line in ON)), SORTS):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path = os.path.join(folder, 'chatty.json')
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)
    return path


def export(cli, scenario, form, folder):
    path = os.path.join(folder, {'stderr': 'postgresql.log', 'csv': 'postgresql.csv', 'json': 'postgresql.json'}[form])
    environment = dict(os.environ, XDG_DATA_HOME=folder)
    run(cli, 'export', scenario, '--actions', 'history', '--log', form, '-o', path, env=environment)
    return path


def pgbadger(form, log, folder, own):
    out = os.path.join(folder, 'report.json')
    more = ['-p', PREFIX] if form == 'stderr' else []
    run('pgbadger', '-q', '--pid-dir', folder, '-f', form, *more, '-x', 'json', '-o', out, log)
    report = json.load(open(out, encoding='utf-8'))
    data = {key: value['postgres'] if 'postgres' in value else value for key, value in report.items()
            if isinstance(value, dict)}
    overall = data['overall_stat']
    checkpoints = report['checkpoint_info'].get('postgres', report['checkpoint_info'])
    expect('queries', overall['queries_number'], own['queries'])
    expect('connections', data['connection_info']['count'], own['connections'])
    expect('sessions', data['session_info']['count'], own['disconnections'])
    expect('temporary files', data['tempfile_info']['count'], own['temp_files'])
    expect('their bytes', data['tempfile_info']['size'], own['temp_bytes'])
    expect('errors', overall['errors_number'], own['fatal'] + own['error'] + own['panic'] + own['grave'])
    starting = checkpoints['starting']
    expect('timed checkpoints', starting.get('time', 0), own['checkpoints_time'])
    expect('checkpoints for WAL', starting.get('wal', 0), own['checkpoints_wal'])
    levels = data['logs_type']
    expect('FATAL lines', levels.get('FATAL', 0), own['fatal'])


def lnav(form, log, source, folder, own):
    formats = os.path.join(source, 'assets', 'lnav', 'postgresql.json')
    environment = dict(os.environ, HOME=folder, XDG_CONFIG_HOME=os.path.join(folder, 'config'))
    run('lnav', '-i', formats, env=environment)
    table = 'postgresql_log' if form == 'stderr' else 'postgresql_json_log'
    query = f';select log_level, count(*) as n, count(distinct pid) as pids from {table} group by 1 order by 1'
    text = run('lnav', '-n', '-c', query, '-c', ':write-csv-to -', log, env=environment)
    found = {row['log_level']: int(row['n']) for row in csv.DictReader(text.splitlines())}
    print(found)
    expect('fatal', found.get('fatal', 0), own['fatal'])
    expect('error', found.get('error', 0), own['error'])
    expect('unknown', found.get('unknown', 0), 0)
    lines = [line for line in open(log, encoding='utf-8').read().splitlines() if not line.startswith('\t')]
    expect('lines in all', sum(found.values()), len(lines))


def main():
    reader, source, cli, counts = sys.argv[1:]
    program, form = reader.split('-')
    if shutil.which(program) is None:
        print(f'skipped: {program} is not installed (packaging/dependencies.sh names the packages)')
        return 77
    with tempfile.TemporaryDirectory() as folder:
        scenario = prepare(source, folder)
        own = json.loads(run(counts, scenario, 'history'))
        log = export(cli, scenario, form, folder)
        print(f'{os.path.getsize(log)} bytes of {form}; the simulator counted {own}')
        if program == 'pgbadger':
            pgbadger(form, log, folder, own)
        else:
            lnav(form, log, source, folder, own)
    if problems:
        print('DIFFERENT: ' + ', '.join(problems))
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
