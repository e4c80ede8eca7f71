//! A node's box: its lines and pins, and how much room they take.

use super::super::report::{GraphEdge, GraphNode};
use super::super::words::{facts, wrapped};
use crate::ops::picture::Face;

/// Longest line of a box, in characters.
const LINE: usize = 28;
/// Longest line of a pin.
const PIN: usize = 22;
const PADDING: i64 = 12;

/// What comes in through one port.
#[derive(Debug)]
pub(super) struct Pin {
    /// The edge's place among all edges of the drawing.
    pub edge: usize,
    pub lines: Vec<(Face, String)>,
    pub width: i64,
}

/// A node's box.
#[derive(Debug)]
pub(super) struct NodeBox {
    pub lines: Vec<(Face, String)>,
    pub pins: Vec<Pin>,
    /// Of the row of pins; 0 without any.
    pub pins_height: i64,
    pub width: i64,
    pub height: i64,
}

impl NodeBox {
    /// `edges`: those that end here, with their places.
    pub(super) fn new(node: &GraphNode, edges: &[(usize, &GraphEdge)]) -> Self {
        let mut lines: Vec<(Face, String)> = Vec::new();
        let mut set = |face, text: &str| lines.extend(wrapped(text, LINE).into_iter().map(|line| (face, line)));
        set(Face::Name, &node.name);
        set(Face::Dim, &format!("kind {}", node.kind));
        for fact in facts(node) {
            set(Face::Plain, &fact);
        }
        let pins: Vec<Pin> = edges.iter().map(|(edge, taken)| pin(*edge, taken)).collect();
        let pins_height = pins.iter().map(|pin| height(&pin.lines) + 8).max().unwrap_or(0);
        let of_pins: i64 = pins.iter().map(|pin| pin.width).sum();
        let of_lines = widest(&lines) + 2 * PADDING;
        let width = of_lines.max(of_pins).max(96);
        let height = pins_height + height(&lines) + 2 * 8;
        // Even, so that the middle is a whole number.
        Self { lines, pins, pins_height, width: width + width % 2, height }
    }

    /// The borders of each pin, from the box's left side: the pins share what room is left.
    pub(super) fn pin_borders(&self) -> Vec<i64> {
        let count = self.pins.len() as i64;
        let spare = self.width - self.pins.iter().map(|pin| pin.width).sum::<i64>();
        let mut borders = vec![0];
        let mut x = 0;
        for (at, pin) in self.pins.iter().enumerate() {
            x += pin.width;
            borders.push(x + spare * (at as i64 + 1) / count.max(1));
        }
        borders
    }
}

fn pin(edge: usize, taken: &GraphEdge) -> Pin {
    let mut lines: Vec<(Face, String)> = wrapped(&taken.port, PIN).into_iter().map(|l| (Face::Plain, l)).collect();
    // A port that is named after its one table says everything already.
    if taken.tables != [taken.port.clone()] {
        lines.extend(wrapped(&taken.tables.join(", "), PIN).into_iter().map(|line| (Face::Dim, line)));
    }
    let width = widest(&lines) + 2 * PADDING;
    Pin { edge, lines, width }
}

fn widest(lines: &[(Face, String)]) -> i64 {
    lines.iter().map(|(face, text)| face.width(text)).max().unwrap_or(0)
}

pub(super) fn height(lines: &[(Face, String)]) -> i64 {
    lines.iter().map(|(face, _)| face.height()).sum()
}
