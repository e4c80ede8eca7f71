//! Where each value stands: the tree of the YAML grammar, walked in step with the values.

use std::collections::BTreeMap;
use std::sync::Arc;

use tree_sitter::{Node as Syntax, Parser, Tree};

use super::codes;
use super::mistake::{Mistake, SourceText, Span};
use super::tree::{Bare, Key, Node, Value};

/// Gives every value its place. The text is known to be YAML, shallow and small.
pub fn places(file: &Arc<SourceText>, bare: Bare, mistakes: &mut Vec<Mistake>) -> Node {
    let tree = parse(&file.text);
    let root = tree.as_ref().map(Tree::root_node);
    let whole = Span::new(0, file.text.trim_end().len());
    let anchors = root.map(|root| anchors(root, &file.text)).unwrap_or_default();
    let mut walk = Walk { file, anchors, mistakes };
    walk.place(bare, root.and_then(document), whole)
}

fn parse(text: &str) -> Option<Tree> {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_yaml::LANGUAGE.into()).ok()?;
    parser.parse(text, None)
}

/// The one value of the first document that has one.
fn document(root: Syntax<'_>) -> Option<Syntax<'_>> {
    let mut cursor = root.walk();
    let documents: Vec<Syntax<'_>> = root.named_children(&mut cursor).filter(|n| n.kind() == "document").collect();
    documents.into_iter().find_map(|document| {
        let mut cursor = document.walk();
        document.named_children(&mut cursor).find(|n| is_value(*n))
    })
}

fn is_value(node: Syntax<'_>) -> bool {
    matches!(node.kind(), "block_node" | "flow_node")
}

/// Every anchor with the node that it names, in the order of the text.
fn anchors<'t>(root: Syntax<'t>, text: &str) -> BTreeMap<String, Vec<Syntax<'t>>> {
    let mut found: BTreeMap<String, Vec<Syntax<'t>>> = BTreeMap::new();
    if !text.contains('&') {
        return found;
    }
    let mut cursor = root.walk();
    loop {
        let node = cursor.node();
        if node.kind() == "anchor"
            && let (Some(name), Some(parent)) = (text.get(node.byte_range()), node.parent())
        {
            found.entry(name.trim_start_matches('&').to_owned()).or_default().push(parent);
        }
        if cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return found;
            }
        }
    }
}

struct Walk<'a, 't> {
    file: &'a Arc<SourceText>,
    anchors: BTreeMap<String, Vec<Syntax<'t>>>,
    mistakes: &'a mut Vec<Mistake>,
}

impl<'t> Walk<'_, 't> {
    /// `outer` is the place of what encloses the value; it serves where the grammar has no node (an empty
    /// value) or sees the text otherwise than the parser.
    fn place(&mut self, bare: Bare, syntax: Option<Syntax<'t>>, outer: Span) -> Node {
        let syntax = syntax.and_then(|s| self.content(s));
        let span = syntax.map_or(outer, |s| self.span(s));
        let value = match bare {
            Bare::Null => Value::Null,
            Bare::Bool(b) => Value::Bool(b),
            Bare::Int(n) => Value::Int(n),
            Bare::Float(x) => Value::Float(x),
            Bare::Text(t) => Value::Text(t),
            Bare::List(items) => {
                let nodes = syntax.map(list_items).unwrap_or_default();
                let nodes = if nodes.len() == items.len() { nodes } else { vec![None; items.len()] };
                Value::List(items.into_iter().zip(nodes).map(|(item, node)| self.place(item, node, span)).collect())
            }
            Bare::Map(entries) => self.map(entries, syntax, span),
        };
        Node { value, span }
    }

    fn map(&mut self, entries: Vec<(Bare, Bare)>, syntax: Option<Syntax<'t>>, span: Span) -> Value {
        let nodes = syntax.map(map_entries).unwrap_or_default();
        let nodes = if nodes.len() == entries.len() { nodes } else { vec![(None, None); entries.len()] };
        let mut out: Vec<(Key, Node)> = Vec::with_capacity(entries.len());
        let mut first: BTreeMap<String, Span> = BTreeMap::new();
        for ((key, value), (key_node, value_node)) in entries.into_iter().zip(nodes) {
            let key_span = key_node.and_then(|n| self.content(n)).map_or(span, |n| self.span(n));
            let value = self.place(value, value_node, key_span);
            let Some(text) = self.key_text(key, key_span) else { continue };
            if let Some(before) = first.get(&text) {
                self.mistakes.push(
                    Mistake::at(
                        &codes::DUPLICATE_KEY,
                        format!("the key `{text}` stands twice"),
                        self.file,
                        key_span,
                        "again here",
                    )
                    .label(*before, "first here")
                    .help("keep one of them"),
                );
                continue;
            }
            first.insert(text.clone(), key_span);
            out.push((Key { text, span: key_span }, value));
        }
        Value::Map(out)
    }

    fn key_text(&mut self, key: Bare, span: Span) -> Option<String> {
        let read_as = match key {
            Bare::Text(text) => return Some(text),
            Bare::Null => "nothing",
            Bare::Bool(_) => "a boolean",
            Bare::Int(_) | Bare::Float(_) => "a number",
            Bare::List(_) | Bare::Map(_) => "a collection",
        };
        let label = format!("YAML reads this as {read_as}");
        self.mistakes.push(
            Mistake::at(&codes::BAD_TYPE, "a key must be text", self.file, span, label)
                .help(format!("quote it: \"{}\"", self.file.slice(span).escape_debug())),
        );
        None
    }

    /// The node that carries the value: beyond wrappers, and for an alias the node that it names.
    fn content(&self, node: Syntax<'t>) -> Option<Syntax<'t>> {
        let mut node = node;
        // An alias may name a node that holds an alias; a file has at most a hundred.
        for _ in 0..=crate::base::limits::CONFIG_ALIASES {
            if !is_value(node) {
                return Some(node);
            }
            let mut cursor = node.walk();
            let inner = node.named_children(&mut cursor).find(|n| !matches!(n.kind(), "anchor" | "tag" | "comment"))?;
            if inner.kind() != "alias" {
                return Some(inner);
            }
            let name = self.file.text.get(inner.byte_range())?.trim_start_matches('*');
            node = *self.anchors.get(name)?.iter().rev().find(|n| n.start_byte() < inner.start_byte())?;
        }
        None
    }

    /// The node's range without the blank lines that the grammar puts at the end of block collections.
    fn span(&self, node: Syntax<'t>) -> Span {
        let range = node.byte_range();
        let text = self.file.text.get(range.clone()).unwrap_or("");
        Span::new(range.start, range.start + text.trim_end().len())
    }
}

/// The value of each item of a sequence, `None` for an empty one.
fn list_items(list: Syntax<'_>) -> Vec<Option<Syntax<'_>>> {
    let mut cursor = list.walk();
    let children: Vec<Syntax<'_>> = list.named_children(&mut cursor).collect();
    children
        .into_iter()
        .filter_map(|child| match child.kind() {
            "block_sequence_item" => {
                let mut cursor = child.walk();
                Some(child.named_children(&mut cursor).find(|n| is_value(*n)))
            }
            // `[a: b]` is a mapping of one pair.
            "flow_node" | "flow_pair" => Some(Some(child)),
            _ => None,
        })
        .collect()
}

type Entry<'t> = (Option<Syntax<'t>>, Option<Syntax<'t>>);

/// Key and value of each entry of a mapping.
fn map_entries(map: Syntax<'_>) -> Vec<Entry<'_>> {
    if map.kind() == "flow_pair" {
        return vec![entry(map)];
    }
    let mut cursor = map.walk();
    let children: Vec<Syntax<'_>> = map.named_children(&mut cursor).collect();
    children
        .into_iter()
        .filter_map(|child| match child.kind() {
            "block_mapping_pair" | "flow_pair" => Some(entry(child)),
            // `{a}` is a key without a value.
            "flow_node" => Some((Some(child), None)),
            _ => None,
        })
        .collect()
}

fn entry(pair: Syntax<'_>) -> Entry<'_> {
    (pair.child_by_field_name("key"), pair.child_by_field_name("value"))
}
