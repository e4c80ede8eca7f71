//! The layout: nothing overlaps, everything runs down.

use proptest::prelude::*;

use super::boxes::height;
use super::order::{crossings, order};
use super::ranks::Ranks;
use super::write::Sketch;
use crate::ops::graph::tests::{made, plans};

/// Crossings, counted pair by pair.
fn counted(ranks: &Ranks) -> usize {
    let mut count = 0;
    for (upper, lower) in ranks.rows.iter().zip(ranks.rows.iter().skip(1)) {
        let place = |cells: &[usize], cell: usize| cells.iter().position(|c| *c == cell).unwrap();
        let edges: Vec<(usize, usize)> = upper
            .iter()
            .flat_map(|from| ranks.neighbours(*from, false).iter().map(|to| (place(upper, *from), place(lower, *to))))
            .collect();
        for (at, a) in edges.iter().enumerate() {
            count += edges[at + 1..].iter().filter(|b| (a.0 < b.0 && a.1 > b.1) || (a.0 > b.0 && a.1 < b.1)).count();
        }
    }
    count
}

#[test]
fn an_edge_that_crosses_for_nothing_is_put_right() {
    // 0 → 3 and 1 → 2, drawn as they come, would cross.
    let mut ranks = Ranks::new(&[10, 10, 10, 10], &[(0, 3), (1, 2)]);
    assert_eq!(crossings(&ranks), 1);
    order(&mut ranks);
    assert_eq!(crossings(&ranks), 0);
}

#[test]
fn a_wide_rank_is_spread_over_several() {
    let names: Vec<String> = (0..30).map(|n| format!("n{n}")).collect();
    let report = made(&names, &(1..30).map(|to| (0, to, "in")).collect::<Vec<_>>());
    let sketch = Sketch::new(&report, &report.drawings[0]);
    assert_eq!(sketch.ranks.rows.len(), 5);
    assert!(sketch.places.width < 2000, "{}", sketch.places.width);
}

#[test]
fn equal_reports_are_equal_pictures() {
    let names: Vec<String> = (0..12).map(|n| format!("n{n}")).collect();
    let report = made(&names, &(1..12).map(|to| (to / 2, to, "in")).collect::<Vec<_>>());
    assert_eq!(super::svg(&report), super::svg(&report.clone()));
}

proptest! {
    #[test]
    fn crossings_are_counted_as_by_hand(report in plans()) {
        let sketch = Sketch::new(&report, &report.drawings[0]);
        prop_assert_eq!(crossings(&sketch.ranks), counted(&sketch.ranks));
        let pairs: Vec<(usize, usize)> = sketch.edges.iter().map(|(from, to, _)| (*from, *to)).collect();
        let plain = Ranks::new(&sketch.ranks.widths[..sketch.nodes.len()], &pairs);
        prop_assert!(crossings(&sketch.ranks) <= crossings(&plain));
    }

    #[test]
    fn boxes_and_texts_keep_to_themselves(report in plans()) {
        let sketch = Sketch::new(&report, &report.drawings[0]);
        let areas: Vec<_> = (0..sketch.nodes.len()).map(|node| sketch.area(node)).collect();
        for (at, (left, top, width, height)) in areas.iter().enumerate() {
            prop_assert!(*left >= 0 && left + width <= sketch.places.width, "outside: {areas:?}");
            prop_assert!(*top >= 0 && top + height <= sketch.places.height, "outside: {areas:?}");
            for (other_left, other_top, other_width, other_height) in &areas[at + 1..] {
                let apart = left + width <= *other_left || other_left + other_width <= *left
                    || top + height <= *other_top || other_top + other_height <= *top;
                prop_assert!(apart, "two boxes overlap: {areas:?}");
            }
        }
        for node in &sketch.boxes {
            let borders = node.pin_borders();
            prop_assert_eq!(borders.last().copied().unwrap_or(0), if node.pins.is_empty() { 0 } else { node.width });
            for (pin, sides) in node.pins.iter().zip(borders.windows(2)) {
                let room = sides[1] - sides[0];
                prop_assert!(pin.lines.iter().all(|(face, text)| face.width(text) <= room), "{:?}", pin);
                prop_assert!(height(&pin.lines) <= node.pins_height);
            }
            prop_assert!(node.lines.iter().all(|(face, text)| face.width(text) + 8 <= node.width), "{:?}", node);
            prop_assert!(node.pins_height + height(&node.lines) <= node.height);
        }
    }

    #[test]
    fn edges_run_down_and_through_no_box(report in plans()) {
        let sketch = Sketch::new(&report, &report.drawings[0]);
        for (edge, (from, to, _)) in sketch.edges.iter().enumerate() {
            let way = sketch.way(edge);
            let (first, last) = (way[0], way[way.len() - 1]);
            let (left, top, width, height) = sketch.area(*from);
            prop_assert!(left <= first.0 && first.0 <= left + width && first.1 == top + height);
            let (left, top, width, _) = sketch.area(*to);
            prop_assert!(left <= last.0 && last.0 <= left + width && last.1 == top);
            for (number, step) in way.windows(2).enumerate() {
                let ((x, above), (next, below)) = (step[0], step[1]);
                prop_assert!(above <= below, "an edge runs up: {way:?}");
                let straight = number % 2 == 0;
                prop_assert!(!straight || x == next, "{way:?}");
                for node in (0..sketch.nodes.len()).filter(|node| node != from) {
                    let (left, top, width, height) = sketch.area(node);
                    // A bend stays within the gap between two ranks; a straight run beside every box.
                    let beside = above >= top + height || below <= top || straight && (x <= left || x >= left + width);
                    prop_assert!(beside, "an edge runs through a box: {way:?} {node}");
                }
            }
        }
    }
}
