//! From a pattern's tree to its plan.

use regex_syntax::hir::{Class, Hir, HirKind, Repetition};

use super::plan::Plan;
use super::strings::{Known, Strings};

/// A class of more characters is any character.
const CLASS: usize = 64;
/// A repetition is written out this often; the rest is "once or more often".
const COPIES: u32 = 3;

/// The plan of `hir`. The tree's depth is bounded where it is read.
pub fn plan(hir: &Hir) -> Plan {
    let known = known(hir);
    if known.is_never() { Plan::None } else { known.loosened().plan }
}

fn known(hir: &Hir) -> Known {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Known::empty(),
        HirKind::Literal(literal) => Known::exactly(Strings::from([literal.0.to_ascii_lowercase()])),
        HirKind::Class(class) => class_strings(class).map_or_else(Known::anything, Known::exactly),
        HirKind::Repetition(repetition) => repeated(repetition),
        HirKind::Capture(capture) => known(&capture.sub),
        HirKind::Concat(parts) => joined(parts),
        HirKind::Alternation(parts) => Known::any_of(parts.iter().map(known).collect()),
    }
}

/// What the border between two parts requires is taken aside at once: carried along it would be copied each time.
fn joined(parts: &[Hir]) -> Known {
    let mut plans = Vec::new();
    let mut before = Known::empty();
    for part in parts {
        before = before.then(known(part));
        plans.push(std::mem::replace(&mut before.plan, Plan::All));
    }
    before.plan = Plan::and(plans);
    before
}

fn repeated(repetition: &Repetition) -> Known {
    let (min, max) = (repetition.min, repetition.max);
    if max == Some(0) {
        return Known::empty();
    }
    let once = known(&repetition.sub);
    match (min, max) {
        (0, Some(1)) => Known::any_of(vec![Known::empty(), once]),
        (0, _) if once.is_never() => Known::empty(),
        (0, _) => Known::anything(),
        (1, Some(1)) => once,
        _ => {
            let whole = max == Some(min) && min <= COPIES;
            let copies = if whole { min } else { (min - 1).min(COPIES) };
            let written = (0..copies).fold(Known::empty(), |before, _| before.then(once.clone()));
            if whole { written } else { written.then(once.repeated()) }
        }
    }
}

/// The characters of a small class as bytes.
fn class_strings(class: &Class) -> Option<Strings> {
    let mut out = Strings::new();
    match class {
        Class::Unicode(class) => {
            for range in class.ranges() {
                if range.len() > CLASS {
                    return None;
                }
                for c in range.start()..=range.end() {
                    out.insert(c.to_ascii_lowercase().encode_utf8(&mut [0; 4]).as_bytes().to_vec());
                }
                if out.len() > CLASS {
                    return None;
                }
            }
        }
        Class::Bytes(class) => {
            for range in class.ranges() {
                out.extend((range.start()..=range.end()).map(|b| vec![b.to_ascii_lowercase()]));
            }
            if out.len() > CLASS {
                return None;
            }
        }
    }
    Some(out)
}
