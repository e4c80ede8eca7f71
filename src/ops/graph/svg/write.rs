//! The picture itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::super::report::{Drawing, GraphEdge, GraphReport};
use super::super::words::title;
use super::boxes::NodeBox;
use super::order::order;
use super::place::{Places, place};
use super::ranks::Ranks;
use crate::ops::picture::{Anchor, Face, MARGIN, Page, escaped, line};

/// Between two drawings.
const APART: i64 = 48;
/// Colours of kinds; more kinds begin again.
const HUES: usize = 6;

const LIGHT: &str = "\
.box{fill:#f6f8fa;stroke:#8c959f}.rule{stroke:#d0d7de}\
.edge{fill:none;stroke:#6e7781;stroke-width:1.5}.tip{fill:#6e7781}\
.k0{fill:#0969da}.k1{fill:#8250df}.k2{fill:#1a7f37}.k3{fill:#bf3989}.k4{fill:#9a6700}.k5{fill:#57606a}";
const DARK: &str = "\
.box{fill:#161b22;stroke:#6e7681}.rule{stroke:#30363d}.edge{stroke:#848d97}.tip{fill:#848d97}\
.k0{fill:#58a6ff}.k1{fill:#bc8cff}.k2{fill:#3fb950}.k3{fill:#f778ba}.k4{fill:#d29922}.k5{fill:#8b949e}";

/// A picture that stands alone: light and dark, drawings one below the other.
pub fn svg(report: &GraphReport) -> String {
    let kinds: BTreeSet<&str> = report.nodes.iter().map(|node| node.kind.as_str()).collect();
    let hues: BTreeMap<&str, usize> = kinds.into_iter().enumerate().map(|(at, kind)| (kind, at % HUES)).collect();
    let (mut body, mut y, mut width) = (String::new(), MARGIN, 0);
    for drawing in &report.drawings {
        let sketch = Sketch::new(report, drawing);
        let (head, names) = title(drawing);
        for (face, text) in [(Face::Title, head), (Face::Dim, names)] {
            if !text.is_empty() {
                line(&mut body, face, &text, MARGIN, y, Anchor::Start);
                y += face.height();
                width = width.max(face.width(&text));
            }
        }
        y += 8;
        sketch.write(&mut body, report, &hues, y);
        y += sketch.places.height + APART;
        width = width.max(sketch.places.width);
    }
    let (width, height) = (width + 2 * MARGIN, (y - APART + MARGIN).max(2 * MARGIN));
    let title = format!("The plan of {}", report.workspace);
    let page = Page { title: &title, description: "", light: LIGHT, dark: DARK, width, height, body: &body };
    page.render()
}

/// A drawing with all its places.
pub(super) struct Sketch<'a> {
    /// By node of the drawing, its place in the report.
    pub nodes: Vec<usize>,
    pub boxes: Vec<NodeBox>,
    pub edges: Vec<(usize, usize, &'a GraphEdge)>,
    pub ranks: Ranks,
    pub places: Places,
}

impl<'a> Sketch<'a> {
    pub(super) fn new(report: &'a GraphReport, drawing: &'a Drawing) -> Self {
        let members: BTreeSet<usize> = report.nodes_of(drawing).map(|(at, _)| at).collect();
        let links = report.links().into_iter().filter(|(_, to, _)| members.contains(to));
        // What comes from another drawing has a box here too, above the others.
        let guests: BTreeSet<usize> =
            links.clone().map(|(from, _, _)| from).filter(|from| !members.contains(from)).collect();
        let nodes: Vec<usize> = guests.iter().chain(&members).copied().collect();
        let own: BTreeMap<usize, usize> = nodes.iter().enumerate().map(|(own, at)| (*at, own)).collect();
        let edges: Vec<(usize, usize, &GraphEdge)> =
            links.filter_map(|(from, to, edge)| Some((*own.get(&from)?, *own.get(&to)?, edge))).collect();
        let mut boxes = Vec::new();
        for (own, at) in nodes.iter().enumerate() {
            let ends = edges.iter().enumerate().filter(|(_, (_, to, _))| *to == own);
            let ends: Vec<(usize, &GraphEdge)> = ends.map(|(place, (_, _, edge))| (place, *edge)).collect();
            if let Some(node) = report.nodes.get(*at) {
                let guest = guests.contains(at).then(|| node.guest());
                boxes.push(NodeBox::new(guest.as_ref().unwrap_or(node), &ends));
            }
        }
        let widths: Vec<i64> = boxes.iter().map(|node| node.width).collect();
        let heights: Vec<i64> = boxes.iter().map(|node| node.height).collect();
        let pairs: Vec<(usize, usize)> = edges.iter().map(|(from, to, _)| (*from, *to)).collect();
        let mut ranks = Ranks::new(&widths, &pairs);
        order(&mut ranks);
        let places = place(&ranks, &heights);
        let mut out = Self { nodes, boxes, edges, ranks, places };
        out.sort_pins();
        out
    }

    /// Pins stand in the order in which their edges come from above.
    fn sort_pins(&mut self) {
        let mut boxes = std::mem::take(&mut self.boxes);
        for node in &mut boxes {
            node.pins.sort_by_key(|pin| (self.before(pin.edge).map_or(0, |cell| self.x(cell)), pin.edge));
        }
        self.boxes = boxes;
    }

    /// The last cell that an edge passes before it ends.
    fn before(&self, edge: usize) -> Option<usize> {
        let from = self.edges.get(edge).map(|(from, _, _)| *from);
        self.ranks.bends.get(edge).and_then(|bends| bends.last().copied()).or(from)
    }

    fn x(&self, cell: usize) -> i64 {
        self.places.x.get(cell).copied().unwrap_or(0)
    }

    fn band(&self, cell: usize) -> (i64, i64) {
        self.places.bands.get(self.ranks.rank(cell)).copied().unwrap_or((0, 0))
    }

    /// Left, top, width and height of a node's box.
    pub(super) fn area(&self, node: usize) -> (i64, i64, i64, i64) {
        let (width, height) = self.boxes.get(node).map_or((0, 0), |node| (node.width, node.height));
        (self.x(node) - width / 2, self.band(node).0, width, height)
    }

    /// The corners of an edge's way: from the box above, down through every rank that it passes, to its pin. To a
    /// corner with an odd number (from 0) it falls straight, to one with an even number it bends within a gap.
    pub(super) fn way(&self, edge: usize) -> Vec<(i64, i64)> {
        let Some((from, to, _)) = self.edges.get(edge) else { return Vec::new() };
        let (_, top, _, height) = self.area(*from);
        let mut corners = vec![(self.x(*from), top + height), (self.x(*from), self.band(*from).1)];
        for bend in self.ranks.bends.get(edge).into_iter().flatten() {
            let (upper, lower) = self.band(*bend);
            corners.extend([(self.x(*bend), upper), (self.x(*bend), lower)]);
        }
        corners.push((self.pin_x(*to, edge), self.band(*to).0));
        corners
    }

    fn pin_x(&self, node: usize, edge: usize) -> i64 {
        let (left, ..) = self.area(node);
        let Some(found) = self.boxes.get(node) else { return left };
        let borders = found.pin_borders();
        let pin = found.pins.iter().position(|pin| pin.edge == edge).unwrap_or(0);
        let border = |at: usize| borders.get(at).copied().unwrap_or(0);
        left + i64::midpoint(border(pin), border(pin + 1))
    }

    fn write(&self, out: &mut String, report: &GraphReport, hues: &BTreeMap<&str, usize>, dy: i64) {
        let _ = writeln!(out, "<g transform=\"translate({MARGIN} {dy})\">");
        for (at, (_, _, edge)) in self.edges.iter().enumerate() {
            self.write_edge(out, at, edge);
        }
        for (own, at) in self.nodes.iter().enumerate() {
            if let (Some(node), Some(found)) = (report.nodes.get(*at), self.boxes.get(own)) {
                let hue = hues.get(node.kind.as_str()).copied().unwrap_or(0);
                self.write_node(out, own, found, hue, &format!("{} writes {}", node.id, node.tables.join(", ")));
            }
        }
        out.push_str("</g>\n");
    }

    fn write_edge(&self, out: &mut String, at: usize, edge: &GraphEdge) {
        let corners = self.way(at);
        let Some(((x, y), (end, tip))) = corners.first().zip(corners.last()) else { return };
        let mut path = format!("M{x} {y}");
        for (number, (x, y)) in corners.iter().enumerate().skip(1) {
            let (from, above) = corners.get(number - 1).copied().unwrap_or_default();
            if number % 2 == 1 || from == *x {
                let _ = write!(path, "V{y}");
            } else {
                let middle = i64::midpoint(above, *y);
                let _ = write!(path, "C{from} {middle} {x} {middle} {x} {y}");
            }
        }
        let words = format!("{} → {} · {}: {}", edge.from, edge.to, edge.port, edge.tables.join(", "));
        let _ = writeln!(out, "<path class=\"edge\" d=\"{path}\"><title>{}</title></path>", escaped(&words));
        let _ = writeln!(out, "<path class=\"tip\" d=\"M{end} {tip}l-4 -8h8z\"/>");
    }

    fn write_node(&self, out: &mut String, own: usize, node: &NodeBox, hue: usize, words: &str) {
        let (left, top, width, height) = self.area(own);
        let _ = writeln!(out, "<g class=\"node\"><title>{}</title>", escaped(words));
        let _ = writeln!(
            out,
            "<rect class=\"box\" x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" rx=\"6\"/>"
        );
        let stripe = top + node.pins_height;
        let _ = writeln!(
            out,
            "<rect class=\"k{hue}\" x=\"{left}\" y=\"{}\" width=\"4\" height=\"{}\" rx=\"2\"/>",
            stripe + 8,
            top + height - stripe - 16
        );
        let borders = node.pin_borders();
        for (pin, sides) in node.pins.iter().zip(borders.windows(2)) {
            let [from, to] = sides else { continue };
            let mut y = top + 4;
            for (face, text) in &pin.lines {
                line(out, *face, text, left + i64::midpoint(*from, *to), y, Anchor::Middle);
                y += face.height();
            }
            if *from > 0 {
                let _ = writeln!(out, "<path class=\"rule\" d=\"M{} {top}V{stripe}\"/>", left + from);
            }
        }
        if !node.pins.is_empty() {
            let _ = writeln!(out, "<path class=\"rule\" d=\"M{left} {stripe}H{}\"/>", left + width);
        }
        let mut y = stripe + 8;
        for (face, text) in &node.lines {
            line(out, *face, text, left + width / 2, y, Anchor::Middle);
            y += face.height();
        }
        out.push_str("</g>\n");
    }
}
