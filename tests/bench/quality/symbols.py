"""(b) A name, whole, in part or in another style → its definition. (e) A name with what is around it → its definition."""

import re

from ground import parts, place, sample

PER_VARIANT = 7
QUALIFIED = 14
KINDS = {"function", "method", "class", "struct", "interface", "trait", "enum", "type", "macro", "constant", "module"}


def joined(name):
    return "".join(parts(name))


def whole(name, _names):
    return name


def some(name, names):
    """All of its parts but the first or last, in its own style; only where no other name has them."""
    words = parts(name)
    if len(words) < 3:
        return None
    for rest in (words[1:], words[:-1]):
        holders = [n for n in names if holds(parts(n), rest)]
        if holders == [name]:
            return "_".join(rest) if "_" in name else rest[0] + "".join(w.capitalize() for w in rest[1:])
    return None


def holds(words, rest):
    return any(words[at:at + len(rest)] == rest for at in range(len(words) - len(rest) + 1))


def prefix(name, names):
    """Its first letters, at least five and six of ten; only where no other name begins so."""
    cut = name[: max(5, len(name) * 6 // 10)].rstrip("_")
    if len(cut) < 5 or cut == name:
        return None
    return cut if [n for n in names if n.lower().startswith(cut.lower())] == [name] else None


def small(name, _names):
    return joined(name)


def other(name, _names):
    """camelCase of snake_case, and the reverse."""
    return "".join(w.capitalize() for w in parts(name)) if "_" in name.strip("_") else "_".join(parts(name))


def large(name, _names):
    return "_".join(parts(name)).upper()


def dashes(name, _names):
    return "-".join(parts(name))


VARIANTS = [("whole", whole), ("part", some), ("prefix", prefix), ("small", small), ("other-style", other), ("large", large), ("dashes", dashes)]


def questions(repo, symbols, roles, chunks):
    at = {chunk["chunk_id"]: place(chunk) for chunk in chunks}
    defined = {}
    for symbol in symbols:
        if symbol["kind"] in KINDS and re.fullmatch(r"[A-Za-z_]\w*", symbol["name"], re.A):
            defined.setdefault(symbol["name"], []).append(symbol)
    alike = {}
    for name in defined:
        alike.setdefault(joined(name), []).append(name)
    names = sorted(defined)
    fit = [(n,) for n in names if len(n) >= 5 and any(roles.get(s["path"]) == "source" for s in defined[n])]
    out, used = [], set()
    for variant, make in VARIANTS:
        count = 0
        for (name,) in sample(fit, len(fit), "symbols", repo, variant):
            if count == PER_VARIANT:
                break
            styled = variant not in ("whole", "part", "prefix")
            if name in used or (styled and len(parts(name)) < 2) or len(alike[joined(name)]) > 1:
                continue
            if len(defined[name]) > (5 if variant == "whole" else 1):
                continue
            query = make(name, names)
            if query is None or (query == name and variant != "whole") or (styled and query == query.lower() == name):
                continue
            used.add(name)
            count += 1
            items = sorted({at[s["chunk_id"]] for s in defined[name]})
            out.append({"kind": "symbol", "variant": variant, "query": query, "items": [[c] for c in items], "about": name})
    return out


# How a member is written after its type, where that differs from the qualified name of the table.
WRITTEN = {".rb": "#", ".php": "::"}
JOINED = re.compile(r"([A-Za-z_]\w*)(::|\.|#|\\|->)([A-Za-z_]\w*)$", re.A)


def qualified(repo, symbols, roles, chunks):
    """`Type::method` as the language writes it → every definition of that name in that scope. Names that several scopes
    define come first: only there the scope tells something."""
    at = {chunk["chunk_id"]: place(chunk) for chunk in chunks}
    defined, scopes, written = {}, {}, {}
    for symbol in symbols:
        found = JOINED.search(symbol["qualified_name"])
        if symbol["kind"] not in KINDS or not found or found[3] != symbol["name"]:
            continue
        scope, joiner, name = found.groups()
        defined.setdefault((scope, name), []).append(symbol)
        scopes.setdefault(name, set()).add(scope)
        if roles.get(symbol["path"]) == "source":
            dot = symbol["path"].rfind(".")
            member = symbol["kind"] in ("method", "function")
            written[scope, name] = scope + (WRITTEN.get(symbol["path"][dot:], joiner) if member else joiner) + name
    fit = [(text, pair) for pair, text in written.items() if len({at[s["chunk_id"]] for s in defined[pair]}) <= 5]
    order = sample(fit, len(fit), "qualified", repo)
    order.sort(key=lambda one: len(scopes[one[1][1]]) < 2)
    out = []
    for text, pair in order[:QUALIFIED]:
        items = sorted({at[s["chunk_id"]] for s in defined[pair]})
        shared = len(scopes[pair[1]]) > 1
        out.append({"kind": "qualified", "shared": shared, "query": text, "items": [[c] for c in items], "about": text})
    return out
