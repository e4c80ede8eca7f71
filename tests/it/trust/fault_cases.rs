//! Which faults are legal for which operation, and how a case is written: `incremental/enospc@137:persistent`.

use std::collections::BTreeMap;
use std::fmt;
use std::io::ErrorKind;
use std::path::Path;
use std::str::FromStr;

use rustix::io::Errno;
use sawmill::base::vfs::fault::{Failure, Fault, Operation};

/// A fault by its name in a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Name {
    Eio,
    Enospc,
    Eacces,
    Emfile,
    Erofs,
    Enoent,
    /// A write leaves half of its bytes.
    Short,
    /// A read finds the end too early.
    Eof,
}

const NAMES: [(Name, &str); 8] = [
    (Name::Eio, "eio"),
    (Name::Enospc, "enospc"),
    (Name::Eacces, "eacces"),
    (Name::Emfile, "emfile"),
    (Name::Erofs, "erofs"),
    (Name::Enoent, "enoent"),
    (Name::Short, "short"),
    (Name::Eof, "eof"),
];

impl Name {
    fn failure(self) -> Failure {
        match self {
            Self::Eio => Failure::Errno(Errno::IO),
            Self::Enospc => Failure::Errno(Errno::NOSPC),
            Self::Eacces => Failure::Errno(Errno::ACCESS),
            Self::Emfile => Failure::Errno(Errno::MFILE),
            Self::Erofs => Failure::Errno(Errno::ROFS),
            Self::Enoent => Failure::Errno(Errno::NOENT),
            Self::Short => Failure::ShortWrite,
            Self::Eof => Failure::Kind(ErrorKind::UnexpectedEof),
        }
    }

    /// Does it meet only what changes something? A full or read-only disk can be read.
    fn of_changes(self) -> bool {
        matches!(self, Self::Enospc | Self::Erofs | Self::Short)
    }
}

/// What the manual pages of the system calls behind an operation allow.
fn legal(operation: &Operation) -> &'static [Name] {
    use Name::{Eacces, Eio, Emfile, Enoent, Enospc, Eof, Erofs, Short};
    match operation.name {
        "read" | "open" | "read_beneath" | "list" | "list_stat" => &[Eio, Eacces, Emfile, Enoent],
        "read_at" => &[Eio, Eof],
        "stat" | "read_link" | "canonicalize" => &[Eio, Eacces, Enoent],
        "write_new" | "append" => &[Eio, Enospc, Eacces, Emfile, Erofs, Short],
        "create_dir_all" | "symlink" | "rename" | "rename_noreplace" => &[Eio, Enospc, Eacces, Erofs],
        "sync_file" | "sync_dir" | "sync_all" => &[Eio, Enospc, Emfile],
        "remove_file" | "remove_dir_all" => &[Eio, Eacces, Erofs],
        "try_lock" => &[Eio, Enospc, Eacces, Emfile],
        "free_space" => &[Eio],
        other => panic!("say which faults are legal for `{other}`"),
    }
}

/// One run with one fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    pub scene: String,
    pub name: Name,
    /// The operation's number among all.
    pub at: usize,
    pub lasting: bool,
}

impl Case {
    /// The fault for a file system whose clean run asked for `log`.
    pub fn fault(&self, log: &[Operation]) -> Fault {
        let mutating = self.name.of_changes();
        let before = log.get(..self.at).unwrap_or_default();
        let at = if mutating { before.iter().filter(|o| o.mutating).count() } else { self.at };
        Fault { at, mutating, lasting: self.lasting, failure: self.name.failure() }
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = NAMES.iter().find(|(name, _)| *name == self.name).map_or("", |(_, text)| text);
        write!(f, "{}/{name}@{}:{}", self.scene, self.at, if self.lasting { "persistent" } else { "once" })
    }
}

impl FromStr for Case {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = || {
            let (scene, rest) = text.split_once('/')?;
            let (name, rest) = rest.split_once('@')?;
            let (at, how) = rest.split_once(':')?;
            let name = NAMES.iter().find(|(_, known)| *known == name)?.0;
            Some(Self { scene: scene.to_owned(), name, at: at.parse().ok()?, lasting: how == "persistent" })
        };
        parts().ok_or_else(|| format!("`{text}` is no case: write it as `incremental/enospc@137:persistent`"))
    }
}

/// Every legal case of a scene whose clean run asked for `log`.
pub fn all(scene: &str, log: &[Operation]) -> Vec<Case> {
    let mut cases = Vec::new();
    for (at, operation) in log.iter().enumerate() {
        for name in legal(operation) {
            // Things that are gone once may be back; a world in which nothing is there is another test.
            let kinds: &[bool] = if *name == Name::Enoent { &[false] } else { &[false, true] };
            let case = |lasting: &bool| Case { scene: scene.to_owned(), name: *name, at, lasting: *lasting };
            cases.extend(kinds.iter().map(case));
        }
    }
    cases
}

/// Of each kind of operation in each part of the store, and each fault legal for it, one case: the middle one, so
/// that most of a run lies before some and behind others; once and persistent by turns.
pub fn sample(cases: &[Case], log: &[Operation], home: &Path) -> Vec<Case> {
    let mut strata: BTreeMap<(&str, String, Name), Vec<&Case>> = BTreeMap::new();
    for case in cases {
        let Some(operation) = log.get(case.at) else { continue };
        strata.entry((operation.name, area(&operation.path, home), case.name)).or_default().push(case);
    }
    let middle = |(turn, cases): (usize, Vec<&Case>)| {
        let lasting = cases.iter().any(|case| case.lasting) && turn % 2 == 0;
        let cases: Vec<_> = cases.into_iter().filter(|case| case.lasting == lasting).collect();
        cases.get(cases.len() / 2).map(|case| (*case).clone())
    };
    strata.into_values().enumerate().filter_map(middle).collect()
}

/// The part of the workspace that a path is in: `.sawmill/cache/objects`, `.sawmill/HEAD.json`, `api`.
pub fn area(path: &Path, home: &Path) -> String {
    let inside = path.strip_prefix(home).unwrap_or(path);
    let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
    let keep = match parts.as_slice() {
        [state, cache, ..] if state == ".sawmill" && cache == "cache" => 3,
        [state, ..] if state == ".sawmill" => 2,
        _ => 1,
    };
    parts.into_iter().take(keep).collect::<Vec<_>>().join("/")
}
