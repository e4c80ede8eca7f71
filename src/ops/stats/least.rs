//! The parse health that is asked for. Nothing is rounded: 949 of 1000 are less than 95 %.

use std::cmp::Reverse;
use std::fmt;
use std::str::FromStr;

use miette::Diagnostic;
use serde::Serialize;

use super::NO_LANGUAGE;
use crate::ops::problem::Problem;
use crate::query::scan::{Health, Percent};

/// Most digits behind the point. With them both sides of the comparison stay below 2^128.
const DIGITS: usize = 12;
/// Languages that the error names.
const NAMED: usize = 3;

/// A decimal number from 0 to 100, exact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeastHealth {
    /// In units of `10^-scale` percent.
    units: u128,
    scale: u32,
}

/// A text is no percentage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write a number from 0 to 100, like 95 or 99.5, with at most {DIGITS} digits behind the point")]
pub struct NoPercentage;

/// Fewer files parse cleanly than were asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Diagnostic, Serialize)]
#[error("parse health is {measured} ({ok} of {files} files are clean), below the {least}% that are asked for; {worst}")]
#[diagnostic(code(sawmill::stats::health), help("`{next}` lists the files that are not clean, with their lines"))]
#[serde(into = "Problem")]
pub struct BelowHealth {
    measured: Percent,
    ok: u64,
    files: u64,
    least: LeastHealth,
    worst: String,
    next: String,
}

impl LeastHealth {
    /// The error, or `None` where `health` reaches this. `repos` are those that were selected; empty: all.
    pub fn missed(&self, health: &Health, repos: &[String]) -> Option<BelowHealth> {
        let (ok, files) = (health.total_ok, health.total_files);
        if self.is_reached(ok, files) {
            return None;
        }
        let selected = if repos.is_empty() { String::new() } else { format!(" --repo {}", repos.join(",")) };
        Some(BelowHealth {
            measured: health.percent(),
            ok,
            files,
            least: self.clone(),
            worst: worst(health),
            next: format!("sawmill stats --failures{selected}"),
        })
    }

    /// `100 · ok / files ≥ self`, as whole numbers; no files at all reach everything.
    fn is_reached(&self, ok: u64, files: u64) -> bool {
        files == 0 || u128::from(ok) * 100 * 10u128.pow(self.scale) >= self.units * u128::from(files)
    }
}

/// `most that are not clean: lua (3 of 9), rust (1 of 40)`.
fn worst(health: &Health) -> String {
    let mut unclean: Vec<_> = health.languages().into_iter().filter(|(_, counts)| counts.unclean() > 0).collect();
    unclean.sort_by_key(|(_, counts)| Reverse(counts.unclean()));
    let named = unclean.iter().take(NAMED).map(|(name, counts)| {
        let name = if name.is_empty() { NO_LANGUAGE } else { name };
        format!("{name} ({} of {})", counts.unclean(), counts.asked())
    });
    format!("most that are not clean: {}", named.collect::<Vec<_>>().join(", "))
}

impl FromStr for LeastHealth {
    type Err = NoPercentage;

    fn from_str(text: &str) -> Result<Self, NoPercentage> {
        let (whole, behind) = match text.split_once('.') {
            Some((_, "")) => return Err(NoPercentage),
            Some((whole, behind)) => (whole, behind.trim_end_matches('0')),
            None => (text, ""),
        };
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || whole.len() > 3 || behind.len() > DIGITS || !digits(whole) || !digits(behind) {
            return Err(NoPercentage);
        }
        let scale = behind.len() as u32;
        let units: u128 = format!("{whole}{behind}").parse().map_err(|_| NoPercentage)?;
        if units > 100 * 10u128.pow(scale) {
            return Err(NoPercentage);
        }
        Ok(Self { units, scale })
    }
}

impl fmt::Display for LeastHealth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let one = 10u128.pow(self.scale);
        match self.scale {
            0 => write!(f, "{}", self.units),
            scale => write!(f, "{}.{:0width$}", self.units / one, self.units % one, width = scale as usize),
        }
    }
}

impl From<BelowHealth> for Problem {
    fn from(below: BelowHealth) -> Self {
        let said = |words: Option<Box<dyn fmt::Display + '_>>| words.map(|words| words.to_string());
        Self {
            code: said(below.code()).unwrap_or_default(),
            message: below.to_string(),
            help: said(below.help()),
            labels: Vec::new(),
            related: Vec::new(),
        }
    }
}
