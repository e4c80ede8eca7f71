"""(c) The subject of a commit → the files that it changed."""

import re
import subprocess

from ground import sample

PER_REPO = 40
LOOKED_AT = 600
NO_SUBJECT = re.compile(
    r"\b(bump\w*|releas\w*|version\w*|change ?log|badge\w*|merge|typo|typos|revert|lint|format|rustfmt|gofmt|prettier|clippy|whitespace|"
    r"dependenc\w+|deps|copyright|readme|news|wip|fixup|travis|appveyor|submodule|translation\w*)\b|^(chore|ci|build|style)\b|v?\d+\.\d+\.\d+",
    re.I,
)


def subject_of(text):
    text = re.sub(r"\(?(#|GH-)\d+\)?|\[[^\]]*\]|\(closes? [^)]*\)|`", " ", text, flags=re.I)
    text = re.sub(r"[\"(){}\[\]/:+\\|<>=!?~^&%$#@*;]", " ", text)
    text = re.sub(r"(^|\s)[-',.]+|[-',.]+(\s|$)", " ", text)
    text = re.sub(r"\b(AND|OR|NOT)\b", lambda m: m.group(0).lower(), text)
    return re.sub(r"\s+", " ", text).strip()


def questions(repo, indexed):
    """`indexed` are the paths that have chunks."""
    log = ["git", "--git-dir", str(repo.history), "log", "--no-merges", "--no-renames", "-n", str(LOOKED_AT), "--name-only", "--format=%x00%H%x01%s"]
    done = subprocess.run(log, capture_output=True, check=True)
    seen, out = set(), []
    for entry in done.stdout.decode("utf-8", "replace").split("\0")[1:]:
        head, _, names = entry.partition("\n")
        commit, _, subject = head.partition("\x01")
        paths = [line for line in names.split("\n") if line]
        query = subject_of(subject)
        words = re.findall(r"[A-Za-z_]\w+", query)
        if not 3 <= len(words) <= 25 or not query.isascii() or NO_SUBJECT.search(subject) or query.lower() in seen:
            continue
        if not 1 <= len(paths) <= 5 or not all(path in indexed for path in paths):
            continue
        seen.add(query.lower())
        out.append((commit, query, sorted(paths)))
    chosen = sample(out, PER_REPO, "commits", repo.name)
    return [{"kind": "commit", "query": query, "files": paths, "about": commit[:12]} for commit, query, paths in chosen]
