#!/usr/bin/env python3
"""Draws docs/terminal.svg from what the program really prints: python3 docs/picture.py [PROGRAM]

Throws away `.sawmill/` (derived data), runs the commands below in the root of this repository, with colours, and sets
their output as text. Times differ from run to run, everything else is what the sample workspace holds.
"""

import html
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = [["build"], ["search", "-n", "3", "-c", "1", "lang:rust cut shards by path"], ["build"]]
COLUMNS, CELL, LINE = 104, 8.4, 19
COLOURS = {"31": "#ff7b72", "32": "#7ee787", "33": "#e3b341", "36": "#79c0ff"}
SGR = re.compile("\x1b\\[([0-9;]*)m")


def spans(line):
    """(text, bold, dim, colour) of a line."""
    bold = dim = False
    colour = None
    at = 0
    for match in [*SGR.finditer(line), None]:
        text = line[at : match.start() if match else len(line)]
        if text:
            yield text, bold, dim, colour
        if match is None:
            return
        at = match.end()
        for code in match.group(1).split(";"):
            if code in ("", "0"):
                bold, dim, colour = False, False, None
            elif code == "1":
                bold = True
            elif code == "2":
                dim = True
            elif code in COLOURS:
                colour = COLOURS[code]


def cut(line):
    """At most COLUMNS characters, escapes not counted."""
    kept, width = "", 0
    for part in re.split("(\x1b\\[[0-9;]*m)", line):
        if not part.startswith("\x1b"):
            part = part[: COLUMNS - width]
            width += len(part)
        kept += part
    return kept


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "target" / "release" / "sawmill")
    environment = dict(os.environ, COLUMNS=str(COLUMNS), LANG="C.UTF-8")
    shutil.rmtree(ROOT / ".sawmill", ignore_errors=True)
    lines = []
    for command in COMMANDS:
        shown = " ".join(f"'{word}'" if " " in word else word for word in command)
        lines.append(f"\x1b[32m$\x1b[0m \x1b[1msawmill {shown}\x1b[0m")
        run = [program, "--color", "always", "--progress", "off", *command]
        result = subprocess.run(run, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
        lines += (result.stdout + result.stderr).rstrip("\n").split("\n") + [""]
    lines = [cut(line) for line in lines[:-1]]
    width, height = COLUMNS * CELL + 32, len(lines) * LINE + 32
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" role="img" '
        'aria-label="sawmill build, search, and a build with nothing to do">',
        f'<rect width="{width:.0f}" height="{height}" rx="8" fill="#0d1117"/>',
        '<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,monospace" font-size="14" fill="#e6edf3" '
        'xml:space="preserve">',
    ]
    for number, line in enumerate(lines):
        parts, column = [], 0
        for text, bold, dim, colour in spans(line):
            style = f' x="{16 + column * CELL:.1f}"'
            style += ' font-weight="bold"' if bold else ""
            style += ' opacity="0.55"' if dim else ""
            style += f' fill="{colour}"' if colour else ""
            parts.append(f"<tspan{style}>{html.escape(text)}</tspan>")
            column += len(text)
        out.append(f'<text y="{16 + (number + 1) * LINE - 5}">{"".join(parts)}</text>')
    out += ["</g>", "</svg>", ""]
    (ROOT / "docs" / "terminal.svg").write_text("\n".join(out))


if __name__ == "__main__":
    main()
