//! The names that an import statement gives to what it brings in, read from its text.

use super::around::is_word;
use super::rules::Binds;
use crate::nodes::SeenBy;

/// Most bytes of a statement that are looked through, either way.
const STATEMENT: usize = 16 << 10;
/// Most names of one statement.
const NAMES: usize = 512;

/// Everything of a module.
pub const ALL: &str = "*";

/// One name: `local` in the file, `member` in the module; an empty `member` is the module itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    pub local: String,
    pub member: String,
}

fn bound(local: &str, member: &str) -> Bound {
    Bound { local: local.trim().to_owned(), member: member.trim().to_owned() }
}

/// What one statement imports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// The module as written.
    pub written: String,
    /// The module as it is looked for.
    pub path: String,
    pub names: Vec<Bound>,
    pub seen_by: SeenBy,
}

impl Import {
    /// An import whose names only the file sees.
    pub fn new(written: &str, names: Vec<Bound>) -> Self {
        Self { written: written.to_owned(), path: written.to_owned(), names, seen_by: SeenBy::File }
    }
}

/// The imports of a statement whose path stands at `start..end` of `bytes`.
pub fn read(binds: Binds, bytes: &[u8], start: usize, end: usize) -> Vec<Import> {
    let written = text(bytes, start, end);
    // A header of the system is not looked for beside the file.
    let system = binds == Binds::All && start.checked_sub(1).and_then(|before| bytes.get(before)) == Some(&b'<');
    let written = if system { format!("<{written}>") } else { written };
    let relative =
        binds == Binds::Ruby && before(bytes, start).trim_end_matches(['"', '\'', '(', ' ']).ends_with("_relative");
    let path = if relative { format!("./{written}") } else { written.clone() };
    let (names, seen_by) = match binds {
        Binds::All | Binds::Ruby => (vec![bound(ALL, "")], SeenBy::File),
        Binds::Python => return vec![python(&written, &after(bytes, end))],
        Binds::Script => script(&before(bytes, start), &after(bytes, end)),
        Binds::Go => (vec![go(&written, &before(bytes, start))], SeenBy::File),
        Binds::Rust => return rust(&written, is_public(&before(bytes, start))),
        Binds::Java => (java(&written, &after(bytes, end)), SeenBy::File),
    };
    vec![Import { written, path, names, seen_by }]
}

fn text(bytes: &[u8], start: usize, end: usize) -> String {
    String::from_utf8_lossy(bytes.get(start..end).unwrap_or_default()).into_owned()
}

fn after(bytes: &[u8], end: usize) -> String {
    text(bytes, end, bytes.len().min(end + STATEMENT))
}

fn before(bytes: &[u8], start: usize) -> String {
    text(bytes, start.saturating_sub(STATEMENT), start)
}

/// `a as b` → (`a`, `b`); `a` → (`a`, `a`).
fn renamed(item: &str) -> (&str, &str) {
    let mut words = item.split_whitespace();
    let name = words.next().unwrap_or_default();
    match (words.next(), words.next()) {
        (Some("as" | "=>"), Some(local)) => (name, local),
        _ => (name, name),
    }
}

fn python(written: &str, after: &str) -> Import {
    let (module, local) = renamed(written);
    let rest = after.trim_start_matches([' ', '\t', '\\']);
    let Some(list) = rest.strip_prefix("import").filter(|l| !l.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
    else {
        return Import::new(module, vec![bound(local, "")]);
    };
    let list = list.trim_start_matches([' ', '\t']);
    let plain: String;
    let list = if let Some(list) = list.strip_prefix('(') {
        let uncommented = list.lines().map(|line| line.split('#').next().unwrap_or_default());
        plain = uncommented.take(NAMES).collect::<Vec<_>>().join(" ");
        plain.split(')').next().unwrap_or_default()
    } else {
        plain = list.replace("\\\r\n", " ").replace("\\\n", " ");
        plain.split(['\n', '\r', '#', ';']).next().unwrap_or_default()
    };
    let items = list.split(',').map(str::trim).filter(|item| !item.is_empty()).take(NAMES);
    let names = items.map(|item| if item == ALL { bound(ALL, "") } else { of_pair(renamed(item)) }).collect();
    Import::new(module, names)
}

fn of_pair((member, local): (&str, &str)) -> Bound {
    bound(local, member)
}

/// What stands behind the last `word` of `text`.
fn behind_word<'a>(text: &'a str, word: &str) -> Option<(usize, &'a str)> {
    let bytes = text.as_bytes();
    let mut end = text.len();
    while let Some(at) = text.get(..end)?.rfind(word) {
        let alone = |byte: Option<&u8>| !byte.is_some_and(|b| is_word(*b) || *b == b'.' || *b == b'$');
        if alone(at.checked_sub(1).and_then(|i| bytes.get(i))) && alone(bytes.get(at + word.len())) {
            return Some((at, text.get(at + word.len()..)?));
        }
        end = at;
    }
    None
}

fn script(before: &str, after: &str) -> (Vec<Bound>, SeenBy) {
    let before = before.trim_end_matches(['"', '\'', '`']).trim_end();
    if let Some(call) = before.strip_suffix('(') {
        return (required(call.trim_end(), after), SeenBy::File);
    }
    let keyword = [behind_word(before, "import"), behind_word(before, "export")].into_iter().flatten().max();
    let none = (Vec::new(), SeenBy::File);
    let Some((at, clause)) = keyword else { return none };
    let Some(clause) = clause.trim_end().strip_suffix("from") else { return none };
    if before.get(at..).is_some_and(|statement| statement.starts_with("export")) {
        return (exported(clause.trim()), SeenBy::Others);
    }
    (imported(clause.trim()), SeenBy::File)
}

/// `* from`, `* as a from`, `{ a, b as c } from` behind `export`: by the name that others see.
fn exported(clause: &str) -> Vec<Bound> {
    let clause = clause.strip_prefix("type ").unwrap_or(clause).trim();
    let Some((_, list)) = clause.split_once('{') else {
        return match renamed(clause) {
            (ALL, local) => vec![bound(local, "")],
            _ => Vec::new(),
        };
    };
    let items = list.split('}').next().unwrap_or_default().split(',').map(str::trim);
    let items = items.filter(|item| !item.is_empty()).take(NAMES);
    items.map(|item| of_pair(renamed(item.strip_prefix("type ").unwrap_or(item)))).collect()
}

/// What stands between `import` and `from`.
fn imported(clause: &str) -> Vec<Bound> {
    let clause = clause.strip_prefix("type ").unwrap_or(clause);
    let (outside, list) = match clause.split_once('{') {
        Some((outside, list)) => (outside, list.split('}').next().unwrap_or_default()),
        None => (clause, ""),
    };
    let mut names = Vec::new();
    for item in outside.split(',').map(str::trim).filter(|item| !item.is_empty()) {
        match renamed(item) {
            (ALL, local) => names.push(bound(local, "")),
            (local, _) => names.push(bound(local, "default")),
        }
    }
    for item in list.split(',').map(str::trim).filter(|item| !item.is_empty()).take(NAMES) {
        names.push(of_pair(renamed(item.strip_prefix("type ").unwrap_or(item))));
    }
    names
}

/// `const a = require("…")`, `const { a, b: c } = require("…")`, `const a = require("…").b`
fn required(call: &str, after: &str) -> Vec<Bound> {
    let Some(left) = call.strip_suffix("require").map(str::trim_end).and_then(|left| left.strip_suffix('=')) else {
        return Vec::new();
    };
    let left = left.trim_end();
    let behind = after.trim_start_matches(['"', '\'', '`']).trim_start().strip_prefix(')').unwrap_or_default();
    if let Some(list) = left.strip_suffix('}') {
        let Some((_, list)) = list.rsplit_once('{') else { return Vec::new() };
        let items = list.split(',').map(str::trim).filter(|item| !item.is_empty()).take(NAMES);
        let pair = |item: &str| match item.split_once(':') {
            Some((member, local)) => bound(local.split('=').next().unwrap_or_default(), member),
            None => of_pair(renamed(item.split('=').next().unwrap_or_default().trim())),
        };
        return items.map(pair).collect();
    }
    let word = left.len() - left.bytes().rev().take_while(|b| is_word(*b) || *b == b'$').count();
    let local = left.get(word..).unwrap_or_default();
    if local.is_empty() || left.get(..word).is_some_and(|b| b.ends_with('.')) {
        return Vec::new();
    }
    let member = behind
        .strip_prefix('.')
        .map(|rest| rest.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).next().unwrap_or_default());
    // The module as a value: its members, or what it exports as a whole.
    vec![bound(local, member.unwrap_or("default")), bound(local, member.unwrap_or_default())]
}

fn go(written: &str, before: &str) -> Bound {
    let line = before.trim_end_matches(['"', '`']);
    let line = line.rsplit(['\n', ';', '(']).next().unwrap_or_default().trim();
    let alias = line.strip_prefix("import").unwrap_or(line).trim();
    match alias {
        "." => bound(ALL, ""),
        "_" => bound("", ""),
        "" => bound(package_of(written), ""),
        alias => bound(alias, ""),
    }
}

/// The name that a package most likely has: the last part that is no version.
fn package_of(path: &str) -> &str {
    let is_version = |part: &&str| {
        part.strip_prefix('v').is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
    };
    let last = path.rsplit('/').find(|part| !is_version(part)).unwrap_or_default();
    let last = last.split(".v").next().unwrap_or(last);
    last.rsplit_once('-').filter(|(first, _)| *first == "go").map_or(last, |(_, name)| name)
}

/// Each leaf of a `use`.
fn rust(written: &str, is_public: bool) -> Vec<Import> {
    let mut found = Vec::new();
    let plain: Vec<&str> = written.lines().map(|line| line.split("//").next().unwrap_or_default()).collect();
    leaves("", &plain.join(" "), 0, &mut found);
    if is_public {
        for import in &mut found {
            import.seen_by = SeenBy::Both;
        }
    }
    found
}

/// Do others see the `use` whose tree follows `before`?
fn is_public(before: &str) -> bool {
    let Some(head) = before.trim_end().strip_suffix("use").map(str::trim_end) else { return false };
    let word = |text: &str| text.strip_suffix("pub").is_some_and(|b| !b.bytes().next_back().is_some_and(is_word));
    match head.strip_suffix(')').and_then(|head| head.rsplit_once('(')) {
        Some((before, to)) => word(before.trim_end()) && to.trim() != "self",
        None => word(head),
    }
}

fn leaves(prefix: &str, tree: &str, depth: usize, found: &mut Vec<Import>) {
    let tree = tree.trim();
    if tree.is_empty() || depth > 16 || found.len() >= NAMES {
        return;
    }
    if let Some((before, list)) = tree.split_once('{') {
        let list = list.rsplit_once('}').map_or(list, |(list, _)| list);
        let prefix = join(prefix, before.trim().trim_end_matches(':'));
        let (mut depth_of, mut start) = (0_u32, 0);
        for (at, c) in list.char_indices() {
            match c {
                '{' => depth_of += 1,
                '}' => depth_of = depth_of.saturating_sub(1),
                ',' if depth_of == 0 => {
                    leaves(&prefix, list.get(start..at).unwrap_or_default(), depth + 1, found);
                    start = at + 1;
                }
                _ => {}
            }
        }
        leaves(&prefix, list.get(start..).unwrap_or_default(), depth + 1, found);
        return;
    }
    let (path, local) = renamed(tree);
    let path: String = join(prefix, path);
    let (module, last) = path.rsplit_once("::").unwrap_or(("", &path));
    let (written, name) = match last {
        ALL => (path.as_str(), bound(ALL, module)),
        "self" => {
            let name = module.rsplit("::").next().unwrap_or_default();
            (module, bound(if local.ends_with("self") { name } else { local }, module))
        }
        _ => (path.as_str(), bound(local.rsplit("::").next().unwrap_or(local), &path)),
    };
    found.push(Import::new(written, vec![name]));
}

fn join(prefix: &str, path: &str) -> String {
    match (prefix.is_empty(), path.is_empty()) {
        (true, _) => path.to_owned(),
        (_, true) => prefix.to_owned(),
        _ => format!("{prefix}::{path}"),
    }
}

fn java(written: &str, after: &str) -> Vec<Bound> {
    let after = after.trim_start();
    if after.starts_with(".*") || after.starts_with("._") || written.ends_with(".*") || written.ends_with("._") {
        return vec![bound(ALL, "")];
    }
    if let Some(group) = after.strip_prefix(".{") {
        let list = group.split('}').next().unwrap_or_default();
        return list.split(',').map(|item| of_pair(renamed(item))).take(NAMES).collect();
    }
    let name = written.rsplit('.').next().unwrap_or_default();
    let local = after.strip_prefix("as ").and_then(|rest| rest.split_whitespace().next()).unwrap_or(name);
    // Of a static import a member of the class, else the class.
    vec![bound(local, name)]
}

/// The names that lines of a module of JavaScript export as a whole: `export default name`, `module.exports = name`.
pub fn exports(text: &str) -> impl Iterator<Item = &str> {
    let has_any = text.contains("export default") || text.contains("module.exports");
    text.lines().take(if has_any { usize::MAX } else { 0 }).filter_map(|line| {
        let named = |rest: &'_ str| -> usize { rest.bytes().take_while(|b| is_word(*b) || *b == b'$').count() };
        let line = line.trim_end().trim_end_matches(';');
        if let Some(rest) = line.strip_prefix("export default ") {
            let mut rest = rest.trim_start();
            for word in ["async ", "abstract ", "function* ", "function ", "class "] {
                rest = rest.strip_prefix(word).unwrap_or(rest).trim_start();
            }
            let end = named(rest);
            let is_whole = end == rest.len() || rest.get(end..).is_some_and(|r| r.starts_with(['(', ' ', '<']));
            let name = rest.get(..end)?;
            let keyword =
                matches!(name, "" | "function" | "class" | "async" | "new" | "extends" | "await" | "interface");
            return (is_whole && !keyword).then_some(name);
        }
        let rest = line.strip_prefix("module.exports")?.trim_start().strip_prefix('=')?.trim();
        let end = named(rest);
        (end > 0 && end == rest.len()).then_some(rest)
    })
}
