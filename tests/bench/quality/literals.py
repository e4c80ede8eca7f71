"""(d) A literal that stands in one to three lines → their files."""

import re

from ground import number, sample

PER_REPO = 20


def questions(repo, chunks):
    """Texts between quotation marks, or some words of a line, that are rare in the repository."""
    texts = {}
    for chunk in chunks:
        texts.setdefault(chunk["path"], []).append(chunk["text"])
    files = {path: "".join(text) for path, text in texts.items()}
    paths = sample([(path,) for path in files], 4 * PER_REPO, "literals", repo)
    out = []
    for (path,) in paths:
        if len(out) == PER_REPO:
            break
        lines = [line for line in files[path].split("\n") if 20 <= len(line.strip()) <= 160 and line.isascii()]
        if not lines:
            continue
        line = lines[number("line", repo, path) % len(lines)]
        quoted = re.findall(r"[\"']([^\"'\\]{8,40})[\"']", line)
        words = re.search(r"[A-Za-z_][^\"\\]{10,36}[A-Za-z0-9_)]", line)
        literal = quoted[0] if quoted else words.group(0) if words else None
        if literal is None or literal.strip() != literal or not re.search(r"[A-Za-z]{3}", literal):
            continue
        holders = sorted(p for p, text in files.items() if literal in text)
        found = sum(sum(literal in line for line in files[p].split("\n")) for p in holders)
        if 1 <= found <= 3:
            out.append({"kind": "literal", "query": f'"{literal}"', "files": holders, "about": literal})
    return out
