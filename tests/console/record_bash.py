#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Types lines at a real bash and records what it answers, for bash_test.cpp.

usage: record_bash.py LINES > bash-5.2.txt    (LINES: the file itself, or lines to add, one each)

Each line is typed into a shell of its own, in an empty folder. A line may hold \\n for lines that are
typed one after the other. In the record "$ " stands before what was typed, what follows is the answer.
"""
import os
import re
import subprocess
import sys
import tempfile


def answer(typed):
    environment = {'PATH': os.environ['PATH'], 'HOME': '/home/oncall', 'PS1': '', 'PS2': '', 'LANG': 'C.UTF-8'}
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(['bash', '--norc', '--noprofile', '--noediting', '-i'], input=typed + '\n', cwd=folder,
                              env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=20, check=False)
    # Without a terminal it says so first, and goodbye at the end.
    text = re.sub(r'bash: (cannot set terminal process group.*|no job control in this shell)\n', '', done.stdout)
    return re.sub(r'exit\n$', '', text).rstrip('\n')


def main():
    with open(sys.argv[1], encoding='utf-8') as file:
        text = file.read()
    lines = re.findall(r'^\$ (.*)$', text, re.MULTILINE) or text.splitlines()
    print('# Recorded by record_bash.py from GNU bash, version 5.2.15.')
    for line in lines:
        print('$ ' + line)
        said = answer(line.replace('\\n\\n', '\n'))
        if said:
            print(said)


if __name__ == '__main__':
    main()
