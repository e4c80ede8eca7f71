"""(a) The first sentence of a function's documentation → that function, from whose file the documentation is removed."""

import re
from collections import Counter

from ground import copy_tree, number, parts, place, replace

PER_REPO = 60
KINDS = {"function", "method"}
ABBREVIATION = re.compile(r"\b(e\.g|i\.e|etc|cf|vs|resp|incl|approx)\.", re.I)
NO_SENTENCE = re.compile(r"^(copyright|license|todo|fixme|deprecated|see |@|\\|test|xxx|note\b|returns?\.?$|internal\b)", re.I)
MARKER = re.compile(r"^\s*(/\*[*!]*|\*+/|\*(?!\*)|//[/!]*|#+['|]?|--+[|]?|%+|;+|\(\*+|\{-\s*\|?|[rRuUbB]*(\"\"\"|'''))\s?")
TAIL = re.compile(r"\s*(\*+/|\*+\)|-\}|\"\"\"|''')\s*$")
TAGS = [
    (re.compile(r"\{@\w+\s+([^}]*)\}"), r"\1"),
    (re.compile(r":[a-z:]+:`~?\.?([^`<]*)(<[^`]*>)?`"), r"\1"),
    (re.compile(r"\[([^\]]*)\]\([^)]*\)"), r"\1"),
    (re.compile(r"\[([^\]]*)\]\[[^\]]*\]"), r"\1"),
    (re.compile(r"<see(?:also)?\s+\w+=\"(?:[A-Z]:)?([^\"]*)\"\s*/?>"), r"\1"),
    (re.compile(r"</?[A-Za-z][^>]*>"), " "),
    (re.compile(r"\\(?:brief|fn|details)\s"), " "),
]


def text_of(doc):
    """The first paragraph of a comment or documentation string, without its marks."""
    lines = []
    for line in doc.splitlines():
        line = TAIL.sub("", MARKER.sub("", TAIL.sub("", line), count=1)).strip()
        line = re.sub(r"^</?(summary|para|p)>", "", line).strip()
        if not line or re.match(r"^([@:\\](?!brief)|-{3}|={3}|~{3}|```|\.\. )", line):
            if lines:
                break
            continue
        lines.append(line)
    return " ".join(lines)


def sentence_of(doc, name):
    """The first sentence as a person would type it; None where it is none, or says the function's name and no more."""
    text = text_of(doc)
    for pattern, by in TAGS:
        text = pattern.sub(by, text)
    text = re.sub(r"[`*]", "", ABBREVIATION.sub(lambda m: m.group(0).replace(".", ""), text))
    text = re.sub(r"\s+", " ", text).strip()
    found = re.match(r"^(.{15,}?)[.!?:;](\s|$)", text)
    text = (found.group(1) if found else text).rstrip(".")
    text = re.sub(rf"^{re.escape(name)}(\(\))?\s+(--?\s+|—\s+|is\s+)?", "", text)
    text = re.sub(r"[\"(){}\[\]/:+\\|<>=!?~^&%$#@]", " ", text)
    text = re.sub(r"(^|\s)[-']+|[-',.;]+(\s|$)", " ", text)
    text = re.sub(r"\b(AND|OR|NOT)\b", lambda m: m.group(0).lower(), text)
    text = re.sub(r"\s+", " ", text).strip()
    words = re.findall(r"[A-Za-z0-9_]+", text)
    natural = [w for w in words if re.fullmatch(r"[A-Z]?[a-z]+|[aAI]", w)]
    if not 4 <= len(words) <= 30 or len(natural) < 0.7 * len(words) or not text.isascii() or NO_SENTENCE.match(text):
        return None
    if len(parts(name)) > 1 and name.lower() in text.lower():
        return None
    said = {p for word in words for p in parts(word)}
    told = said - set(parts(name)) - STOP
    stems = {p[:4] for p in parts(name)}
    return text if sum(1 for word in told if word[:4] not in stems) >= 2 else None


STOP = set("a an and are as at be by for from given gets get has have if in into is it its not of on or return returns set sets that the then this to used using when which will with".split())


def candidates(workspace, repo, tree):
    """(key, path, qualified name, sentence, spans of documentation)."""
    roles = workspace.roles(repo)
    columns = ["role", "kind", "path", "region", "name", "qualified_name", "doc_start", "doc_end", "start_byte", "end_byte", "body_start"]
    rows = [r for r in workspace.show("outline", columns, repo) if r["role"] == "definition"]
    times = Counter((r["path"], r["qualified_name"]) for r in rows)
    out, data = [], {}
    for row in rows:
        path, start, end = row["path"], row["doc_start"], row["doc_end"]
        if start is None or row["kind"] not in KINDS or row["region"] or roles.get(path) != "source":
            continue
        if times[path, row["qualified_name"]] > 1 or row["body_start"] is None:
            continue
        if path not in data:
            try:
                data[path] = (tree / path).read_bytes()
            except OSError:
                data[path] = b""
        bare = data[path][row["start_byte"]:start] + data[path][max(end, row["start_byte"]):row["end_byte"]] if start >= row["start_byte"] else data[path][row["start_byte"]:row["end_byte"]]
        sentence = sentence_of(data[path][start:end].decode("utf-8", "replace"), row["name"])
        if sentence and len([line for line in bare.splitlines() if line.strip()]) >= 3:
            out.append((f"{path}#{row['qualified_name']}", path, row["qualified_name"], sentence, (start, end)))
    times = Counter(sentence.lower() for _, _, _, sentence, _ in out)
    return [item for item in out if times[item[3].lower()] == 1]


def without(data, spans):
    """The bytes without the spans, and without lines that are empty because of it."""
    for start, end in sorted(spans, reverse=True):
        line = data.rfind(b"\n", 0, start) + 1
        stop = data.find(b"\n", end)
        stop = len(data) if stop < 0 else stop + 1
        before, after = data[line:start], data[end:stop]
        if before.strip() in (b"", b"/**", b"/*") and after.strip() in (b"", b"*/"):
            start, end = line, stop
        data = data[:start] + data[end:]
    return data


def strip(workspace, repo, tree, into):
    """Copies the tree without the documentation of the functions that are asked for; gives the questions."""
    chosen, taken = [], {}
    for item in sorted(candidates(workspace, repo, tree), key=lambda item: number("docs", repo, item[0])):
        if len(chosen) == PER_REPO:
            break
        spans = taken.setdefault(item[1], [])
        if all(item[4][1] <= a or b <= item[4][0] for a, b in spans):
            spans.append(item[4])
            chosen.append(item)
    copy_tree(tree, into)
    for path, spans in taken.items():
        if spans:
            replace(into / path, without((into / path).read_bytes(), spans))
    return [{"path": path, "qualified_name": name, "query": sentence} for _, path, name, sentence, _ in chosen]


def squeeze(text):
    return re.sub(r"[^a-z0-9]+", " ", text.lower())


def questions(asked, symbols, chunks):
    """Those questions whose function is there as one definition, and whose sentence stands nowhere any more."""
    places = {}
    for symbol in symbols:
        places.setdefault((symbol["path"], symbol["qualified_name"]), []).append(symbol)
    everything = squeeze("\n".join(chunk["text"] for chunk in chunks))
    by_path = {}
    for chunk in chunks:
        by_path.setdefault(chunk["path"], []).append(chunk)
    out = []
    for ask in asked:
        found = places.get((ask["path"], ask["qualified_name"]), [])
        if len(found) != 1 or squeeze(ask["query"]).strip() in everything:
            continue
        symbol = found[0]
        inside = [c for c in by_path[ask["path"]] if c["start_line"] <= symbol["end_line"] and symbol["start_line"] <= c["end_line"]]
        items = [sorted({place(c) for c in inside if c["kind"] != "rest"})]
        out.append({"kind": "doc", "query": ask["query"], "items": items, "about": f"{ask['path']}#{ask['qualified_name']}"})
    return out
