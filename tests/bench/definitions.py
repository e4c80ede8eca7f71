#!/usr/bin/env python3
"""Definitions of Sawmill beside those of universal-ctags, on source trees.

    python3 tests/bench/definitions.py DIR [DIR ...] [--misses N] [--out FILE.json]

Builds each DIR as a repository (with the release program, in a workspace that is thrown away), runs ctags over the same
files, and compares names by file: how many of ctags' definitions Sawmill has (recall), and how many of Sawmill's ctags has
(precision), for functions with methods, and for types. Prototypes are left out on both sides. A name that stands twice in a
file counts twice, but for languages whose functions are written as clauses; minified files and those beyond the parser's limits are left out. Neither tool is the truth: --misses prints what each has and the other has not.

Needs ctags with JSON output, and pyarrow. Nothing is installed.
"""

import argparse
import collections
import glob
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

PIPELINE = """version: 1
name: code
nodes:
  extract: { kind: extract }
  chunk: { kind: chunk, inputs: { outline: extract } }
"""

# Ours -> theirs, and the kinds of theirs that are compared. `member` of Python and Ruby are methods.
LANGUAGES = {
    "c": ("C", {"function"}, {"struct", "union", "enum"}),
    "cpp": ("C++", {"function"}, {"class", "struct", "union", "enum"}),
    "python": ("Python", {"function", "member"}, {"class"}),
    "javascript": ("JavaScript", {"function", "method", "generator", "getter", "setter"}, {"class"}),
    "typescript": ("TypeScript", {"function", "method", "generator"}, {"class", "interface", "enum"}),
    "tsx": ("TypeScript", {"function", "method", "generator"}, {"class", "interface", "enum"}),
    "go": ("Go", {"func"}, {"struct", "interface"}),
    "rust": ("Rust", {"function", "method"}, {"struct", "enum", "interface"}),
    "java": ("Java", {"method"}, {"class", "interface", "enum", "annotation"}),
    "ruby": ("Ruby", {"method", "singletonMethod"}, {"class", "module"}),
    "bash": ("Sh", {"function"}, set()),
    "csharp": ("C#", {"method"}, {"class", "struct", "interface", "enum"}),
    "php": ("PHP", {"function"}, {"class", "interface", "trait"}),
    "lua": ("Lua", {"function"}, set()),
    "perl": ("Perl", {"subroutine"}, set()),
    "kotlin": ("Kotlin", {"method"}, {"class", "interface", "object"}),
    "elixir": ("Elixir", {"function"}, {"module", "protocol"}),
    "erlang": ("Erlang", {"function"}, {"module"}),
    "r": ("R", {"function"}, set()),
    "powershell": ("PowerShell", {"function"}, {"class", "enum"}),
    "sql": ("SQL", {"function", "procedure"}, {"table", "view"}),
    "haskell": ("Haskell", {"function"}, {"type"}),
    "ocaml": ("OCaml", {"function", "method"}, {"type", "module", "class"}),
    "julia": ("Julia", {"function"}, {"struct", "type", "module"}),
    "fortran": ("Fortran", {"function", "subroutine"}, {"module", "type"}),
    "clojure": ("Clojure", {"function"}, set()),
    "ada": ("Ada", {"subprogram"}, {"type", "subtype"}),
    "protobuf": ("Protobuf", {"rpc"}, {"message", "enum", "service"}),
}
# ctags has a tag for each clause, or for each group of clauses without a blank line between: a name counts once in a file.
CLAUSES = {"elixir", "erlang", "haskell"}
FUNCTIONS = {"function", "method", "constructor", "callback", "rpc", "procedure"}
TYPES = {
    "class", "struct", "union", "enum", "interface", "trait", "record", "object", "protocol", "annotation", "module",
    "table", "view", "message", "service", "type",
}


def sawmill(program, directory):
    """Per file its language, and (file, name, group) with how often it stands there."""
    import pyarrow.parquet

    with tempfile.TemporaryDirectory() as workspace:
        Path(workspace, "pipelines").mkdir()
        Path(workspace, "pipelines/code.yaml").write_text(PIPELINE)
        repository = json.dumps(str(directory))
        text = f"version: 1\nname: bench\npipeline: code\nrepos:\n  - {{ name: it, root: {repository} }}\n"
        Path(workspace, "workspace.yaml").write_text(text)
        subprocess.run([program, "-C", workspace, "build", "--progress", "off"], check=True, capture_output=True)

        def rows(table, columns):
            for path in sorted(glob.glob(f"{workspace}/.sawmill/latest/*/*/table={table}/*.parquet")):
                batch = pyarrow.parquet.ParquetFile(path).read(columns)
                yield from zip(*(batch.column(column).to_pylist() for column in columns))

        columns = ["path", "language", "parse_status", "role"]
        files = {path: tuple(rest) for path, *rest in rows("files", columns) if rest[2] != "minified" and rest[1] in ("ok", "partial")}
        found = collections.Counter()
        for path, name, kind in rows("symbols", ["path", "name", "kind"]):
            if path not in files:
                continue
            group = "functions" if kind in FUNCTIONS else "types" if kind in TYPES else None
            if group:
                found[path, plain(name), group] += 1
        return files, found


def plain(name):
    """Names as both tools can agree on them: without what qualifies or quotes them."""
    for separator in ("::", ".", ":", "\\"):
        if separator in name and not name.startswith("operator"):
            name = name.rsplit(separator, 1)[-1] or name
    return name.strip("`\"'[]").replace(" ", "")


def ctags(directory, files):
    """As sawmill gives it. Each file is read as the language that Sawmill took it for."""
    found = collections.Counter()
    for language, (theirs, functions, types) in LANGUAGES.items():
        paths = [path for path, (name, _, role) in files.items() if name == language and "\n" not in path]
        if not paths:
            continue
        command = ["ctags", f"--language-force={theirs}", "--output-format=json", "--fields=+KP"]
        run = subprocess.run(
            [*command, "-L", "-", "-f", "-"], cwd=directory, input="\n".join(paths), stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, errors="replace", check=False,
        )
        for line in run.stdout.splitlines():
            tag = json.loads(line)
            if tag.get("_type") != "tag" or is_mistagged(language, tag):
                continue
            group = "functions" if tag["kind"] in functions else "types" if tag["kind"] in types else None
            if group:
                found[tag["path"], plain(tag["name"]), group] += 1
    return found


# Where ctags is known to be wrong: names that it made up, macros that it took for functions, keywords and files that it
# took for types of OCaml, and in JavaScript objects and constructor functions that it calls classes.
MADE_UP = re.compile(r"^(__anon|anonymous|AnonymousFunction|anonFunc|<|[^A-Za-z_$~])")
MACROS = re.compile(r"^[A-Z][A-Z0-9_]+$")


def is_mistagged(language, tag):
    name, pattern = tag["name"], tag.get("pattern", "")
    if MADE_UP.match(plain(name) or "<"):
        return True
    if language == "ocaml" and (name in ("nonrec", "with") or name.lower() == Path(tag["path"]).stem.lower()):
        return True
    if language in ("c", "cpp") and MACROS.match(name) and tag["kind"] == "function":
        return True
    if language in ("javascript", "typescript", "tsx") and tag["kind"] == "class":
        return not re.search(r"\bclass\b", pattern)
    return False


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directories", nargs="+", type=Path, metavar="DIR")
    parser.add_argument("--program", default=str(ROOT / "target/release/sawmill"))
    parser.add_argument("--misses", type=int, default=0)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    sums = collections.defaultdict(lambda: [0, 0, 0])
    status = collections.defaultdict(collections.Counter)
    examples = collections.defaultdict(lambda: ([], []))
    for directory in options.directories:
        files, ours = sawmill(options.program, directory.resolve())
        theirs = ctags(directory.resolve(), files)
        for language, state, _ in files.values():
            if language in LANGUAGES:
                status[language][state] += 1
        for key in ours.keys() | theirs.keys():
            path, name, group = key
            language = files[path][0]
            if language not in LANGUAGES:
                continue
            if language in CLAUSES:
                ours[key], theirs[key] = min(ours[key], 1), min(theirs[key], 1)
            total = sums[language, group]
            total[0] += ours[key]
            total[1] += theirs[key]
            total[2] += min(ours[key], theirs[key])
            if theirs[key] > ours[key]:
                examples[language, group][0].append(f"{directory.name}/{path}: {name}")
            if ours[key] > theirs[key]:
                examples[language, group][1].append(f"{directory.name}/{path}: {name}")
    report = []
    print("| language | files parsed whole | | ctags | Sawmill | recall | precision |\n|---|---|---|---|---|---|---|")
    for language, group in sorted(sums):
        ours, theirs, both = sums[language, group]
        if not theirs:
            continue
        whole, all_files = status[language]["ok"], sum(status[language].values())
        recall, precision = both / theirs, both / ours if ours else 1.0
        print(f"| {language} | {whole} of {all_files} | {group} | {theirs} | {ours} | {recall:.3f} | {precision:.3f} |")
        row = {"language": language, "group": group, "ctags": theirs, "sawmill": ours, "both": both}
        report.append(row | {"files": all_files, "whole": whole})
    for (language, group), sides in sorted(examples.items()):
        for side, name in zip(sides, ("only ctags", "only Sawmill")):
            for example in side[:: max(1, len(side) // options.misses)][: options.misses] if options.misses else []:
                print(f"{language} {group}, {name}: {example}", file=sys.stderr)
    if options.out:
        options.out.write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
