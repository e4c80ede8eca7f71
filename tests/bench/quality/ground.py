"""Trees, workspaces and tables that the sets are made from. See run.py."""

import hashlib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

PIPELINE = """version: 1
name: code
scope: repository
nodes:
  extract: { kind: extract }
  chunk: { kind: chunk, inputs: { outline: extract }, with: { max_chars: 2400 } }
  index: { kind: index, inputs: { chunks: chunk, outline: extract }, with: { relations: false } }
"""


def number(*parts):
    """A number that depends on nothing but the parts: samples and splits are the same everywhere."""
    return int.from_bytes(hashlib.sha256("\0".join(map(str, parts)).encode()).digest()[:6], "big")


def split_of(repo):
    return "tuning" if number("split", repo) % 2 == 0 else "held-out"


def sample(items, count, *salt):
    """`count` of the items, by the hash of what their first element says."""
    return sorted(items, key=lambda item: number(*salt, item[0]))[:count]


class Repo:
    """A tree of files, and its history where it has one."""

    def __init__(self, name, source, history):
        self.name, self.source, self.history = name, source, history


def repos_of(directories):
    """Each directory is a tree (history: none), a bare repository, or holds such as OWNER+NAME/repo."""
    found = {}
    for directory in map(Path, directories):
        for entry in sorted(directory.iterdir()):
            bare = next((p for p in (entry, entry / "repo") if (p / "HEAD").is_file() and (p / "objects").is_dir()), None)
            if not entry.is_dir() or entry.name.startswith("."):
                continue
            name = re.sub(r"[^a-z0-9.]+", "-", entry.name.split("+")[-1].lower()).strip("-.")
            if name in found:
                name = re.sub(r"[^a-z0-9.]+", "-", entry.name.lower()).strip("-.")
            found[name] = Repo(name, bare or entry, bare)
    return [found[name] for name in sorted(found)]


def lay_out(repo, into):
    """The repository's files, without links and without what git keeps."""
    into.mkdir(parents=True)
    if repo.history:
        check_out(repo.source, into)
    else:
        shutil.copytree(repo.source, into, symlinks=True, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".git"))
    for folder, folders, names in os.walk(into):
        for name in names + folders:
            path = os.path.join(folder, name)
            if os.path.islink(path):
                os.unlink(path)


def check_out(bare, into):
    """The regular files of HEAD. A snapshot may lack its largest: those are left out and counted."""
    git = ["git", "--git-dir", str(bare)]
    listed = subprocess.run([*git, "ls-tree", "-rz", "HEAD"], capture_output=True, check=True).stdout.split(b"\0")
    entries = [(head.split(b" "), os.fsdecode(path)) for head, _, path in (entry.partition(b"\t") for entry in listed if entry)]
    files = [(head[2], path) for head, path in entries if head[0] in (b"100644", b"100755")]
    absent = 0
    with subprocess.Popen([*git, "cat-file", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as objects:
        for blob, path in files:
            objects.stdin.write(blob + b"\n")
            objects.stdin.flush()
            answer = objects.stdout.readline().split()
            if answer[1:2] != [b"blob"]:
                absent += 1
                continue
            data = objects.stdout.read(int(answer[2]))
            objects.stdout.read(1)
            target = into / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        objects.stdin.close()
    if absent:
        print(f"{bare}: {absent} of {len(files)} files are not in the snapshot", flush=True)


def copy_tree(source, into):
    """A copy that shares the files: whoever changes one replaces it."""
    shutil.copytree(source, into, copy_function=os.link)


def place(chunk):
    """What a chunk is called in questions and answers."""
    return f"{chunk['path']}:{chunk['start_line']}"


def replace(path, data):
    os.unlink(path)
    path.write_bytes(data)


class Workspace:
    """A workspace over directories of repositories, with a state of its own."""

    def __init__(self, binary, home, names, trees):
        self.binary, self.home = binary, home
        (home / "pipelines").mkdir(parents=True, exist_ok=True)
        (home / "pipelines" / "code.yaml").write_text(PIPELINE)
        rows = "".join(f"  - {{ name: {name}, root: {json.dumps(str(trees / name))} }}\n" for name in names)
        (home / "workspace.yaml").write_text(f"version: 1\nname: quality\npipeline: code\nrepos:\n{rows}")

    def build(self):
        subprocess.run([self.binary, "-C", str(self.home), "--progress", "off", "build"], check=True, stdout=subprocess.DEVNULL)

    def show(self, table, columns, repo):
        """The rows of a repository's table, as dictionaries."""
        command = [self.binary, "-C", str(self.home), "show", table, "--repo", repo, "--format", "jsonl", "--columns", ",".join(columns)]
        with subprocess.Popen([*command, "--all"], stdout=subprocess.PIPE) as rows:
            for line in rows.stdout:
                yield json.loads(line)
        if rows.returncode != 0:
            raise SystemExit(f"{' '.join(command)} ended with {rows.returncode}")

    def roles(self, repo):
        return {row["path"]: row["role"] for row in self.show("files", ["path", "role"], repo)}


def parts(name):
    """The words of an identifier, in small letters."""
    return [part.lower() for part in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+", name)]
