//! One repository's entry, from its build.

use std::collections::{BTreeMap, BTreeSet};

use super::cohort::{cohort_key, parameters};
use super::model::{Availability, Member, MemberMode};
use super::served::Served;
use crate::base::hash::KeyHasher;
use crate::base::{Digest, Mode};
use crate::store::model::{BuildRoot, SegmentRef};

/// Format of build roots that this program reads.
const BUILD_FORMAT: u32 = 1;

/// Of `chunks`: its rows that are comments of their own.
const EXTRACTED_ROWS: &str = "extracted_prose_rows";

const REQUIRED: [&str; 3] = ["chunk_stats", "chunks", "postings"];

/// What became of a repository's build.
#[derive(Clone, Copy, Debug)]
pub enum Found<'a> {
    Build(&'a BuildRoot),
    /// The generation has no build of it.
    Missing,
    /// The build of this id cannot be read.
    Invalid(&'a str),
    /// This program does not read the format of this build.
    Incompatible(&'a BuildRoot),
}

impl<'a> Found<'a> {
    /// A build that was read, held against the table formats that this program reads: `format(table)`.
    pub fn read(root: &'a BuildRoot, format: impl Fn(&str) -> Option<u32>) -> Self {
        if root.format != BUILD_FORMAT {
            return Self::Incompatible(root);
        }
        match Served::of(root) {
            Err(_) => Self::Invalid(&root.id),
            Ok(Some(served)) if served.tables().iter().any(|(_, table, is)| format(table) != Some(*is)) => {
                Self::Incompatible(root)
            }
            Ok(_) => Self::Build(root),
        }
    }

    pub fn availability(self) -> Availability {
        match self {
            Self::Build(_) => Availability::Present,
            Self::Missing => Availability::MissingBuild,
            Self::Invalid(_) => Availability::InvalidPointer,
            Self::Incompatible(_) => Availability::Incompatible,
        }
    }
}

impl Member {
    /// The entry of the repository `name`.
    pub fn of(name: &str, found: Found<'_>) -> Self {
        let (build, config_digest) = match found {
            Found::Build(root) | Found::Incompatible(root) => (Some(root.id.clone()), Some(root.config_digest)),
            Found::Invalid(build) => (Some(build.to_owned()), None),
            Found::Missing => (None, None),
        };
        let mut member = Self {
            name: name.to_owned(),
            availability: found.availability(),
            build,
            config_digest,
            modes: BTreeMap::new(),
        };
        if let Found::Build(root) = found {
            match Served::of(root) {
                Ok(Some(served)) => member.modes = modes(root, &served),
                Ok(None) => {}
                Err(_) => member.availability = Availability::InvalidPointer,
            }
        }
        member
    }
}

fn modes(root: &BuildRoot, served: &Served<'_>) -> BTreeMap<Mode, MemberMode> {
    let modes: BTreeSet<Mode> = root.segments.iter().map(|s| s.mode).collect();
    let mut out: BTreeMap<Mode, MemberMode> = modes
        .into_iter()
        .map(|mode| (mode, of_mode(served, mode, root.segments.iter().filter(|s| s.mode == mode).collect())))
        .collect();
    let extracted = format!("{}/chunks/{EXTRACTED_ROWS}", served.chunk.name);
    let rows = |segment: &SegmentRef| segment.stats.get(&extracted).copied().unwrap_or(0);
    let inside: Vec<&SegmentRef> = root.segments.iter().filter(|s| s.mode == Mode::Code && rows(s) > 0).collect();
    if !inside.is_empty() {
        let chunks = inside.iter().map(|segment| rows(segment)).sum();
        if let Some(code) = out.get_mut(&Mode::Code) {
            code.chunks = code.chunks.saturating_sub(chunks);
        }
        let mut mode = of_mode(served, Mode::ExtractedProse, inside);
        (mode.files, mode.chunks, mode.lengths) = (0, chunks, BTreeMap::new());
        out.insert(Mode::ExtractedProse, mode);
    }
    out
}

fn of_mode(served: &Served<'_>, mode: Mode, segments: Vec<&SegmentRef>) -> MemberMode {
    let parameters = parameters(served, mode);
    let stats = format!("{}/chunk_stats/", served.index.name);
    let mut totals: BTreeMap<&str, u64> = BTreeMap::new();
    for (name, value) in segments.iter().flat_map(|segment| &segment.stats) {
        if let Some(name) = name.strip_prefix(&stats) {
            *totals.entry(name).or_default() += value;
        }
    }
    let rows = |node: &str, table: &str| -> u64 {
        let name = format!("{node}/{table}");
        segments.iter().filter_map(|segment| segment.tables.get(&name)).map(|[rows, ..]| rows).sum()
    };
    let (present, omitted): (Vec<_>, Vec<_>) =
        served.tables().into_iter().partition(|(node, table, _)| rows(&node.name, table) > 0);
    let names = |tables: Vec<(_, &str, _)>| tables.into_iter().map(|(_, table, _)| table.to_owned()).collect();
    let fields = totals.iter().filter_map(|(name, value)| Some((name.strip_prefix("len_")?.to_owned(), *value)));
    MemberMode {
        cohort: cohort_key(&parameters),
        signature: signature(&parameters, &segments),
        parameters,
        files: segments.iter().map(|segment| segment.files).sum(),
        chunks: totals.get("docs").copied().unwrap_or(0),
        lengths: fields.collect(),
        present: names(present),
        omitted: names(omitted),
        required_for_search: REQUIRED.map(str::to_owned).into(),
    }
}

fn signature(parameters: &super::model::Parameters, segments: &[&SegmentRef]) -> Digest {
    let mut hasher = KeyHasher::new("sawmill.served_mode.v1");
    hasher.add(parameters).int(segments.len() as u64);
    for segment in segments {
        hasher.add(&segment.id).digest(&segment.list);
    }
    hasher.finish()
}
