#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The repository checks itself: which room may include which, sizes of files and functions, calls that
the deterministic rooms must not make, files nobody loads, words that announce unfinished work.

usage: tidy.py ROOT [--self-test]   exit status 1 when something is wrong, one line each
"""
import json
import os
import re
import subprocess
import sys

ROOMS = {  # room: what it may include besides itself and the standard library
    'base': [],
    'sim': ['base'],
    'scenario': ['base', 'sim'],
    'console': ['base', 'sim'],
    'drill': ['base', 'sim', 'scenario', 'console'],
    'records': ['base', 'sim', 'scenario', 'console', 'drill'],
    'models': ['base', 'sim', 'scenario', 'console', 'drill', 'records'],
    'gui': ['base', 'sim', 'scenario', 'console', 'drill', 'records', 'models'],
    'cli': ['base', 'sim', 'scenario', 'console', 'drill', 'records'],
}
LIBRARIES = {  # pattern of an include: room -> 'all' or 'cpp' (only in .cpp files)
    r'^nlohmann/': {'scenario': 'cpp'},
    r'^readline/': {'cli': 'cpp'},
    r'^qcustomplot\.h$': {'gui': 'cpp'},
    r'^(QtWidgets/)?Q(Widget|MainWindow|Dock|Dialog|Application|Push|Label|Table|Tree|List|Line|Plain|Text|'
    r'Combo|Check|Tab|Tool|Menu|Style|Palette|Painter|Font|Icon|Pixmap|Color|Key|Mouse|Shortcut|Scroll|Slider|'
    r'Spin|Splitter|Status|Message|File(Dialog)|Header|Form|Grid|VBox|HBox|Stacked|Group|Radio|Progress|Action)':
        {'gui': 'all'},
    r'^(QtSql/)?QSql': {'records': 'cpp'},
    r'^Q[A-Z]|^Qt[A-Z]': {'records': 'cpp', 'cli': 'cpp', 'models': 'all', 'gui': 'all'},
}
BANNED = [  # (rooms, pattern, what to use instead)
    (('base', 'sim', 'scenario', 'console', 'drill'), r'\bstd::(chrono|thread|mutex|async|random_device|mt19937\w*)\b',
     'simulated time and base/random.h'),
    (('base', 'sim', 'scenario', 'console', 'drill'), r'\bstd::\w+_distribution\b', 'base/random.h'),
    (('sim',), r'\bstd::(unordered_\w+|ifstream|ofstream|fstream|locale)\b', 'ordered containers, no files'),
    (('sim', 'drill', 'console'), r'\bstd::(sin|cos|tan|exp|log|log2|log10|pow|cbrt|hypot|erf|tgamma|exp2|expm1|log1p)\(',
     'base/portable_math.h'),
    (('base', 'sim', 'scenario', 'console', 'drill'), r'(?<![\w.>])(std::)?(rand|srand|localtime|gmtime|setlocale|getenv)\(|\btime\((NULL|nullptr|0|&)',
     'arguments, simulated time, base/random.h'),
]
UNFINISHED = re.compile(r'\b(TODO|FIXME|XXX|HACK)\b|not implemented')
MAX_FILE, MAX_FUNCTION = 600, 70


def sources(root):
    for top in ('app', 'tests'):
        for folder, _, names in sorted(os.walk(os.path.join(root, top))):
            for name in sorted(names):
                if name.endswith(('.h', '.cpp', '.inc')):
                    yield os.path.relpath(os.path.join(folder, name), root)


def room_of(path):
    parts = path.split('/')
    return parts[1] if parts[0] == 'app' and len(parts) > 2 else None


def check_include(path, room, line, include, complain):
    target = include.split('/')[0]
    if target in ROOMS:
        if target != room and target not in ROOMS[room]:
            complain(path, line, f'{room} may not include {include}: it may include {", ".join(ROOMS[room]) or "nothing"}')
        return
    for pattern, rooms in LIBRARIES.items():
        if re.search(pattern, include):
            allowed = rooms.get(room)
            if allowed is None:
                complain(path, line, f'{room} may not include {include}')
            elif allowed == 'cpp' and not path.endswith('.cpp') and not path.startswith('app/gui/charts/'):
                complain(path, line, f'{include} belongs into .cpp files of {room}')
            return


def strip_comments(text):
    keep = lambda match: re.sub(r'[^\n]', ' ', match.group(0))
    return re.sub(r'//[^\n]*|/\*.*?\*/', keep, text, flags=re.S)


def check_file(path, text, complain):
    lines = text.split('\n')
    if len(lines) > MAX_FILE:
        complain(path, len(lines), f'{len(lines)} lines, at most {MAX_FILE}')
    if 'SPDX-License-Identifier: GPL-3.0-or-later' not in lines[0]:
        complain(path, 1, 'the first line must be the SPDX licence line')
    room = room_of(path)
    if path.startswith('app/') and path.endswith('.h'):
        comments = [l for l in lines[1:8] if l.startswith('//')]
        if not comments:
            complain(path, 2, 'a header opens with a few lines saying what it is for')
    for number, line in enumerate(lines, 1):
        if UNFINISHED.search(line):
            complain(path, number, 'announces unfinished work')
    if room is None:
        return
    for number, line in enumerate(strip_comments(text).split('\n'), 1):
        include = re.match(r'\s*#\s*include\s*["<]([^">]+)[">]', line)
        if include:
            check_include(path, room, number, include.group(1), complain)
        for rooms, pattern, instead in BANNED:
            if room in rooms and not include and re.search(pattern, re.sub(r'"(\\.|[^"\\])*"', '""', line)):
                complain(path, number, f'banned call in {room}; use {instead}')


def check_functions(root, paths, complain):
    tags = subprocess.run(['ctags', '--options=NONE', '--languages=C++', '--langmap=C++:+.inc', '--kinds-C++=f',
                           '--fields=+ne', '--output-format=json', '-f', '-', '-L', '-'],
                          input='\n'.join(os.path.join(root, p) for p in paths), capture_output=True, text=True)
    for line in tags.stdout.splitlines():
        tag = json.loads(line)
        length = tag.get('end', tag['line']) - tag['line'] + 1
        if length > MAX_FUNCTION:
            complain(os.path.relpath(tag['path'], root), tag['line'],
                     f'{tag["name"]} has {length} lines, at most {MAX_FUNCTION}')


def check_cycles(root, paths, complain):
    graph = {}
    for path in paths:
        if path.startswith('app/') and path.endswith('.h'):
            text = open(os.path.join(root, path), encoding='utf-8').read()
            graph[path] = ['app/' + i for i in re.findall(r'#include "([^"]+)"', text)]
    state = {}

    def visit(path, trail):
        if state.get(path) == 'open':
            complain(path, 1, 'include cycle: ' + ' -> '.join(trail + [path]))
            return
        if path in graph and path not in state:
            state[path] = 'open'
            for target in graph[path]:
                visit(target, trail + [path])
            state[path] = 'done'

    for path in graph:
        visit(path, [])


def check_top_level(root, complain):
    allowed = {'CMakeLists.txt', 'CMakePresets.json', 'LICENSE', 'README.md', 'app', 'scenarios', 'assets',
               'tests', 'packaging', 'build'}
    for name in os.listdir(root):
        if name not in allowed and not name.startswith('.') and not name.startswith('build'):
            complain(name, 1, 'does not belong at the top level')


def run(root):
    problems = []

    def complain(path, line, text):
        problems.append(f'{path}:{line}: {text}')

    paths = list(sources(root))
    for path in paths:
        check_file(path, open(os.path.join(root, path), encoding='utf-8').read(), complain)
    check_functions(root, paths, complain)
    check_cycles(root, paths, complain)
    check_top_level(root, complain)
    return paths, problems


def self_test():
    """Each rule must find a planted fault and let the clean line pass."""
    cases = [
        ('app/sim/a.cpp', '#include "drill/run.h"', True), ('app/drill/a.cpp', '#include "sim/world.h"', False),
        ('app/sim/a.cpp', '#include <QString>', True), ('app/models/a.h', '#include <QString>', False),
        ('app/models/a.cpp', '#include <QWidget>', True), ('app/scenario/a.h', '#include <nlohmann/json.hpp>', True),
        ('app/scenario/a.cpp', '#include <nlohmann/json.hpp>', False),
        ('app/sim/a.cpp', 'double x = std::exp(1.0);', True), ('app/sim/a.cpp', 'double x = std::sqrt(1.0);', False),
        ('app/sim/a.cpp', '// std::exp(1.0) is not portable', False),
        ('app/drill/a.cpp', 'auto t = std::chrono::steady_clock::now();', True),
        ('app/drill/a.cpp', 'auto t = time(nullptr);', True), ('app/drill/a.cpp', 'auto t = reader.time(x);', False),
        ('app/sim/a.cpp', 'int a;' + '\n' * 700, True), ('app/sim/a.cpp', '// TO' + 'DO later', True),
    ]
    wrong = 0
    for path, line, expected in cases:
        found = []
        check_file(path, '// SPDX-License-Identifier: GPL-3.0-or-later\n// one\n// two\n' + line,
                   lambda *problem: found.append(problem))
        if bool(found) != expected:
            print(f'self-test: {path}: {line[:60]!r}: {"not found" if expected else found}')
            wrong += 1
    print(f'self-test: {len(cases) - wrong} of {len(cases)} rules behave')
    return wrong


def main():
    if len(sys.argv) < 2:
        print(__doc__)
        return 2
    if '--self-test' in sys.argv:
        return 1 if self_test() else 0
    paths, problems = run(os.path.abspath(sys.argv[1]))
    for problem in problems:
        print(problem)
    print(f'{len(paths)} files checked, {len(problems)} problems')
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
