//! What YAML is written for: workflows, services, resources, plays. A document says by its own keys what it is, so that a
//! file under any name, and one of several documents in it, is read as what it is.
//!
//! | document | told by | units |
//! |---|---|---|
//! | Kubernetes | `apiVersion` and `kind` | the resource, `Deployment/web`; those of a list |
//! | GitHub Actions, CircleCI | `jobs` with `steps`, `uses` or `runs-on` | jobs, their steps |
//! | Compose | `services` with `image`, `build` or `extends` | services |
//! | GitLab CI | keys with a `script` | jobs |
//! | Helm | `apiVersion`, `name` and `version` without `kind` | the chart |
//! | Ansible | a list with `hosts`, or of tasks | plays, tasks |

use tree_sitter::Node;

use crate::nodes::extract::spec::{Context, Named, Scope, Text};

/// Keys at the top of GitLab's files that are no jobs.
const GITLAB: [&[u8]; 11] = [
    b"after_script",
    b"before_script",
    b"cache",
    b"default",
    b"image",
    b"include",
    b"services",
    b"spec",
    b"stages",
    b"variables",
    b"workflow",
];

/// Keys of Ansible's tasks beside the module.
const TASK: [&[u8]; 12] = [
    b"block",
    b"become",
    b"changed_when",
    b"delegate_to",
    b"include_tasks",
    b"import_tasks",
    b"loop",
    b"notify",
    b"register",
    b"tags",
    b"when",
    b"with_items",
];

/// An entry of a mapping.
#[derive(Clone, Copy)]
struct Pair<'t, 'a> {
    node: Node<'t>,
    key: Node<'t>,
    name: &'a [u8],
    /// Without anchor and tag.
    value: Option<Node<'t>>,
}

type Pairs<'t, 'a> = Vec<Pair<'t, 'a>>;

/// The units of a document and its other keys; nothing where it is of no known sort.
pub(super) fn units(document: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(top) = content(document) else { return };
    // What stands in a known document is part of its units.
    found.push(Named::nameless(Scope::Function));
    let pairs = pairs(Some(top), context);
    let known = match top.kind() {
        "block_sequence" => ansible(top, context, found),
        _ if value(&pairs, b"apiVersion").is_some() && value(&pairs, b"kind").is_some() => {
            resource(top, &pairs, context, found)
        }
        _ if value(&pairs, b"apiVersion").is_some() => chart(top, &pairs, context, found),
        _ => {
            let services = members(&pairs, b"services", &[b"image", b"build", b"extends"], context);
            let jobs = members(&pairs, b"jobs", &[b"steps", b"uses", b"runs-on"], context);
            match (services, jobs) {
                (Some(services), _) => held(&pairs, b"services", &services, "service", context, found),
                (None, Some(jobs)) => held(&pairs, b"jobs", &jobs, "job", context, found),
                (None, None) => gitlab(&pairs, context, found),
            }
        }
    };
    if !known {
        found.clear();
    }
}

/// The mapping, list or scalar of a node, without what is around it.
fn content(node: Node<'_>) -> Option<Node<'_>> {
    let mut at = node;
    while matches!(at.kind(), "document" | "block_node" | "flow_node" | "block_sequence_item") {
        let mut cursor = at.walk();
        let inside = at.named_children(&mut cursor).find(|n| !n.is_extra() && !matches!(n.kind(), "anchor" | "tag"));
        at = inside?;
    }
    Some(at)
}

fn pairs<'t, 'a>(mapping: Option<Node<'t>>, context: &Context<'a>) -> Pairs<'t, 'a> {
    let Some(mapping) = mapping.filter(|n| matches!(n.kind(), "block_mapping" | "flow_mapping")) else { return vec![] };
    let mut cursor = mapping.walk();
    let pair = |node: Node<'t>| {
        let key = node.child_by_field_name("key")?;
        let name = match context.text(key) {
            [b'"', name @ .., b'"'] | [b'\'', name @ .., b'\''] | name => name,
        };
        Some(Pair { node, key, name, value: node.child_by_field_name("value").and_then(content) })
    };
    mapping.named_children(&mut cursor).filter_map(pair).collect()
}

fn value<'t>(pairs: &[Pair<'t, '_>], key: &[u8]) -> Option<Node<'t>> {
    pairs.iter().find(|p| p.name == key)?.value
}

/// The text of a scalar, without quotes.
fn text(node: Option<Node<'_>>, context: &Context<'_>) -> Option<String> {
    let scalar = node.filter(|n| n.kind().ends_with("_scalar") && n.kind() != "block_scalar")?;
    let text = match context.text(scalar) {
        [b'"', text @ .., b'"'] | [b'\'', text @ .., b'\''] | text => text,
    };
    (!text.is_empty()).then(|| String::from_utf8_lossy(text).into_owned())
}

/// The mapping under `key`, if one of its members has one of the `marks`.
fn members<'t, 'a>(top: &[Pair<'t, 'a>], key: &[u8], marks: &[&[u8]], context: &Context<'a>) -> Option<Pairs<'t, 'a>> {
    let members = pairs(value(top, key), context);
    let is_marked = |member: &Pair<'t, 'a>| pairs(member.value, context).iter().any(|p| marks.contains(&p.name));
    members.iter().any(is_marked).then_some(members)
}

/// A thing of its own bytes, documented by the comments on the lines above.
fn unit(name: Text, node: Node<'_>, kind: &'static str, body: Option<u32>, context: &Context<'_>) -> Named {
    let (start, end) = (node.start_byte(), node.end_byte());
    let end = start + context.bytes.get(start..end).unwrap_or_default().trim_ascii_end().len();
    let mut named = Named::new(name).kind(kind).scope(Scope::Leaf);
    named.span = Some((start as u32, end as u32));
    named.body = body;
    named.doc = comments_above(start, context.bytes);
    named
}

/// Of an entry, named by its key.
fn entry(pair: &Pair<'_, '_>, kind: &'static str, context: &Context<'_>) -> Named {
    let quoted = (pair.key.end_byte() - pair.key.start_byte() - pair.name.len()) / 2;
    let name = Text::Span((pair.key.start_byte() + quoted) as u32, (pair.key.end_byte() - quoted) as u32);
    unit(name, pair.node, kind, pair.value.map(|v| v.start_byte() as u32), context)
}

fn comments_above(start: usize, bytes: &[u8]) -> Option<(u32, u32)> {
    let line_start = |at: usize| memchr::memrchr(b'\n', bytes.get(..at)?).map_or(Some(0), |line| Some(line + 1));
    let mut first = line_start(start)?;
    let is_first = bytes.get(first..start)?.trim_ascii().is_empty();
    let (mut doc, mut end) = (None, None);
    while let Some(last) = first.checked_sub(1).filter(|_| is_first) {
        let from = line_start(last)?;
        let line = bytes.get(from..last)?;
        let blanks = line.len() - line.trim_ascii_start().len();
        if line.get(blanks) != Some(&b'#') {
            break;
        }
        end = end.or(Some(from + line.trim_ascii_end().len()));
        doc = Some(from + blanks);
        first = from;
    }
    Some((doc? as u32, end? as u32))
}

/// The keys at the top, and the units under one of them in its place.
fn held(
    top: &[Pair<'_, '_>],
    holder: &[u8],
    units: &[Pair<'_, '_>],
    kind: &'static str,
    context: &Context<'_>,
    found: &mut Vec<Named>,
) -> bool {
    found.extend(top.iter().filter(|p| p.name != holder).map(|p| entry(p, "key", context)));
    for pair in units {
        found.push(entry(pair, kind, context));
        let parts = pairs(pair.value, context);
        let steps = value(&parts, b"steps").filter(|n| n.kind() == "block_sequence" && kind == "job");
        let Some(steps) = steps else { continue };
        let job = String::from_utf8_lossy(pair.name);
        for step in items(steps) {
            found.extend(of_list(step, &[b"name", b"id", b"uses", b"run"], "step", Some(&job), context));
        }
    }
    true
}

fn items(list: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = list.walk();
    list.named_children(&mut cursor).filter(|n| n.kind() == "block_sequence_item").collect()
}

/// An entry of a list, by the first of `keys` that it has.
fn of_list(
    item: Node<'_>,
    keys: &[&[u8]],
    kind: &'static str,
    within: Option<&str>,
    context: &Context<'_>,
) -> Option<Named> {
    let parts = pairs(content(item), context);
    let (key, name) = keys.iter().find_map(|key| Some((*key, value(&parts, key)?)))?;
    let value_start = name.start_byte() as u32;
    // A script of many lines is named by its first.
    let whole = text(Some(name), context);
    let line = whole.or_else(|| {
        let lines = String::from_utf8_lossy(context.text(name)).into_owned();
        lines.lines().nth(1).map(|line| line.trim().to_owned())
    });
    let name = line.filter(|line| !line.is_empty())?;
    // A name is part of the signature, a script is not.
    let behind = parts.iter().find(|p| p.name != key).map(|p| p.node.start_byte() as u32);
    let body = if key == b"name" { behind } else { Some(value_start) };
    let mut named = unit(Text::Made(name), item, kind, body, context);
    named.qualifier = within.map(|within| Text::Made(within.to_owned()));
    Some(named)
}

/// A resource by its kind and name; a list is its resources.
fn resource(top: Node<'_>, parts: &[Pair<'_, '_>], context: &Context<'_>, found: &mut Vec<Named>) -> bool {
    let Some(kind) = text(value(parts, b"kind"), context) else { return false };
    let metadata = pairs(value(parts, b"metadata"), context);
    let name = text(value(&metadata, b"name").or_else(|| value(&metadata, b"generateName")), context);
    let namespace = text(value(&metadata, b"namespace"), context);
    let name = name.map_or_else(|| kind.clone(), |name| format!("{kind}/{name}"));
    let body = parts.iter().find(|p| !matches!(p.name, b"apiVersion" | b"kind")).map(|p| p.node.start_byte() as u32);
    let mut named = unit(Text::Made(name), top, "resource", body, context);
    named.qualifier = namespace.map(Text::Made);
    let list = value(parts, b"items").filter(|n| kind.ends_with("List") && n.kind() == "block_sequence");
    match list {
        Some(list) => {
            let held = items(list).into_iter().filter_map(content);
            held.for_each(|item| {
                resource(item, &pairs(Some(item), context), context, found);
            });
        }
        None => found.push(named),
    }
    true
}

fn chart(top: Node<'_>, parts: &[Pair<'_, '_>], context: &Context<'_>, found: &mut Vec<Named>) -> bool {
    let (Some(name), Some(_)) = (text(value(parts, b"name"), context), value(parts, b"version")) else { return false };
    let body = parts.iter().find(|p| !matches!(p.name, b"apiVersion" | b"name")).map(|p| p.node.start_byte() as u32);
    found.push(unit(Text::Made(name), top, "chart", body, context));
    true
}

/// Jobs stand at the top of GitLab's files, those that begin with a dot for others to extend.
fn gitlab(top: &[Pair<'_, '_>], context: &Context<'_>, found: &mut Vec<Named>) -> bool {
    let marks: [&[u8]; 5] = [b"script", b"trigger", b"extends", b"before_script", b"rules"];
    let is_job = |pair: &Pair<'_, '_>, marks: &[&[u8]]| {
        !GITLAB.contains(&pair.name) && pairs(pair.value, context).iter().any(|p| marks.contains(&p.name))
    };
    if !top.iter().any(|p| is_job(p, &[b"script"])) {
        return false;
    }
    let kind = |p: &Pair<'_, '_>| if is_job(p, &marks) { "job" } else { "key" };
    found.extend(top.iter().map(|p| entry(p, kind(p), context)));
    true
}

/// Plays with their tasks, or tasks alone.
fn ansible(top: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) -> bool {
    let items = items(top);
    let has = |item: Node<'_>, keys: &[&[u8]]| pairs(content(item), context).iter().any(|p| keys.contains(&p.name));
    if items.iter().any(|item| has(*item, &[b"hosts"])) {
        for item in items {
            let Some(play) = of_list(item, &[b"name", b"hosts", b"import_playbook"], "play", None, context) else {
                continue;
            };
            let Text::Made(name) = play.name.clone() else { continue };
            found.push(play);
            let parts = pairs(content(item), context);
            let lists = [&b"pre_tasks"[..], b"tasks", b"post_tasks", b"handlers"];
            let tasks = lists.iter().filter_map(|key| value(&parts, key)).filter(|n| n.kind() == "block_sequence");
            for task in tasks.flat_map(self::items) {
                found.extend(of_list(task, &[b"name"], "task", Some(&name), context));
            }
        }
        return true;
    }
    // Tasks without plays: all have names, and some what only tasks have, or a module of a collection.
    let named = items.iter().filter(|item| has(**item, &[b"name"])).count();
    let of_collection = |item: Node<'_>| {
        let parts = pairs(content(item), context);
        parts.iter().any(|p| TASK.contains(&p.name) || memchr::memchr_iter(b'.', p.name).count() >= 2)
    };
    if named == 0 || named < items.len() || !items.iter().any(|item| of_collection(*item)) {
        return false;
    }
    found.extend(items.into_iter().filter_map(|item| of_list(item, &[b"name"], "task", None, context)));
    true
}
