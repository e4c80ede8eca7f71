//! Pieces as rows of `chunks`.

use super::cut::{Piece, Role};
use super::doc::plain;
use super::ids::Ids;
use super::outline::{Build, Item, Tree};
use super::text::Text;
use super::tokens::estimate;
use crate::base::{Digest, Mode};
use crate::nodes::FileSlot;
use crate::nodes::chunk::schema::CHUNK_ID;
use crate::table::schema::ChunkRow;

/// Most enclosing names in a breadcrumb; of more, the innermost.
const BREADCRUMB_NAMES: usize = 32;
/// Most bytes of the names in a breadcrumb, and in a path of headings: they are repeated in every row beneath.
const CRUMB_BYTES: usize = 2048;
/// Most characters of the names in a group's signature.
const GROUP_NAMES: usize = 400;

/// The rows of one file, in order, added to `out`.
pub(super) fn rows(file: &FileSlot, text: &Text<'_>, tree: &Tree<'_>, pieces: &[Piece], out: &mut Vec<ChunkRow>) {
    let mut ids = Ids::new("c_", CHUNK_ID, &file.path);
    let first = out.len();
    for piece in pieces {
        let mut row = describe(text, tree, piece);
        let bytes = text.span(piece.bytes.start, piece.bytes.end);
        let content = Digest::of(bytes);
        let zone = tree.zones.at(piece.bytes.start);
        row.region = zone.region;
        row.chunk_id = match piece.role {
            Role::Whole(_) => ids.named(zone.language, &row.kind, &row.qualified_name, &row.signature),
            Role::Head(item) => {
                let kind = tree.get(item).map_or(row.kind.as_str(), |i| i.kind);
                ids.named(zone.language, kind, &row.qualified_name, &row.signature)
            }
            Role::Prose { item: Some(item), first: true } => {
                let signature = tree.get(item).map_or("", |item| item.signature);
                ids.named(zone.language, &row.kind, &row.qualified_name, signature)
            }
            _ => ids.nameless(zone.language, &row.kind, &content),
        };
        file.path.text().clone_into(&mut row.path);
        row.language = zone.language.or(file.language.as_deref()).map(str::to_owned);
        let mode = if matches!(piece.role, Role::Prose { .. }) { Mode::ExtractedProse } else { file.mode };
        mode.name().clone_into(&mut row.mode);
        row.start_byte = piece.bytes.start;
        row.end_byte = piece.bytes.end;
        row.start_line = text.number(piece.bytes.start);
        row.end_line = text.number(piece.bytes.end.saturating_sub(1));
        let (decoded, exact) = tree.text(text, piece.bytes.start, piece.bytes.end);
        row.tokens = estimate(&decoded);
        row.text = decoded;
        row.text_bytes = (!exact).then(|| bytes.to_vec());
        row.content_hash = content.prefix_hex(32);
        if matches!(piece.role, Role::Prose { .. }) {
            row.doc = plain(&row.text);
        }
        out.push(row);
    }
    // Documentation may stand above its definition, so that every row is made before any is referred to.
    for (at, piece) in pieces.iter().enumerate() {
        let above = piece.above.and_then(|above| out.get(first + above)).map(|above| above.chunk_id.clone());
        if let Some(row) = out.get_mut(first + at) {
            row.parent_id = above;
        }
    }
}

/// Of names from the inside out, those that have room, from the outside in.
fn innermost<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut left = CRUMB_BYTES;
    let mut fits = |name: &&str| left.checked_sub(name.len()).map(|rest| left = rest).is_some();
    let mut kept: Vec<&str> = names.take_while(|name| fits(name)).collect();
    kept.reverse();
    kept
}

/// The columns that come from the outline.
fn describe(text: &Text<'_>, tree: &Tree<'_>, piece: &Piece) -> ChunkRow {
    let mut row = ChunkRow::default();
    let names: Vec<&Item<'_>> = tree.chain(piece.within).filter(|i| i.build != Build::Region).collect();
    let crumbs = innermost(names.iter().take(BREADCRUMB_NAMES).map(|i| i.name));
    row.breadcrumb = crumbs.join(" > ");
    let headings = innermost(names.iter().filter(|i| i.build == Build::Section).map(|i| i.name));
    row.heading_path = headings.into_iter().map(str::to_owned).collect();
    let kind = match piece.role {
        Role::Whole(item) | Role::Head(item) => {
            let Some(item) = tree.get(item) else { return row };
            item.name.clone_into(&mut row.name);
            item.qualified_name.clone_into(&mut row.qualified_name);
            item.signature.clone_into(&mut row.signature);
            row.doc = item.doc.map(|(from, to)| plain(&tree.text(text, from, to).0)).unwrap_or_default();
            if matches!(piece.role, Role::Head(_)) && item.build != Build::Section { "head" } else { item.kind }
        }
        Role::Part(_) => "part",
        Role::Body(item) => {
            if let Some(item) = tree.get(item) {
                item.name.clone_into(&mut row.name);
                item.qualified_name.clone_into(&mut row.qualified_name);
            }
            "part"
        }
        Role::Group => {
            row.signature = names_of(tree, &piece.members);
            "group"
        }
        Role::Text => "text",
        Role::Prose { item: None, .. } => "comment",
        Role::Prose { item: Some(item), .. } => {
            tree.get(item).map_or("", |item| item.qualified_name).clone_into(&mut row.qualified_name);
            "doc"
        }
        Role::Rest => "rest",
    };
    kind.clone_into(&mut row.kind);
    row
}

/// The names of a group's definitions, in order, joined by commas.
fn names_of(tree: &Tree<'_>, members: &[usize]) -> String {
    let mut out = String::new();
    let mut last = "";
    for item in members.iter().filter_map(|m| tree.get(*m)) {
        if item.name.is_empty() || item.name == last {
            continue;
        }
        last = item.name;
        if out.len() + last.len() > GROUP_NAMES {
            break;
        }
        if !out.is_empty() {
            out.push_str(", ");
        }
        out.push_str(last);
    }
    out
}
