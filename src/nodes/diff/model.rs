//! What is compared: files, chunks and relations as far as a difference shows in them.

use std::sync::Arc;

use crate::base::Digest;

/// A file of one side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileState {
    pub path: Arc<str>,
    /// Where the path is no UTF-8.
    pub path_bytes: Option<Vec<u8>>,
    pub mode: Arc<str>,
    /// None where it was not read.
    pub hash: Option<Digest>,
    pub bytes: u64,
    pub status: Arc<str>,
    pub errors: u32,
}

/// A chunk of one side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChunkState {
    pub path: Arc<str>,
    pub id: Box<str>,
    pub hash: Box<str>,
    pub mode: Arc<str>,
    pub region: u32,
    pub kind: Arc<str>,
    pub name: Box<str>,
    pub signature: Box<str>,
    /// Of the documentation.
    pub doc: Digest,
    pub start_line: u32,
    pub end_line: u32,
    /// Where its row is: the piece, as the caller counts them, and the row there.
    pub piece: u32,
    pub row: u32,
}

/// A relation of one side, without its line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RelationState {
    /// Of the file.
    pub mode: Arc<str>,
    pub r#type: Arc<str>,
    pub target_name: Box<str>,
    pub target_path: Option<Box<str>>,
    pub target_symbol: Option<Box<str>>,
    pub status: Arc<str>,
    pub from_chunk: Box<str>,
}

/// What of a chunk differs.
#[expect(clippy::struct_excessive_bools, reason = "each is one word of a column")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    pub name: bool,
    pub signature: bool,
    pub doc: bool,
    pub body: bool,
    pub place: bool,
    pub id: bool,
}

impl Parts {
    /// The words of the column `parts`, in its order.
    pub fn words(self) -> Vec<String> {
        let all = [
            (self.name, "name"),
            (self.signature, "signature"),
            (self.doc, "doc"),
            (self.body, "body"),
            (self.place, "place"),
            (self.id, "id"),
        ];
        all.into_iter().filter(|(differs, _)| *differs).map(|(_, word)| word.to_owned()).collect()
    }
}

/// One difference. Boxed chunks: most differences are of that kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    FileAdded(FileState),
    FileRemoved(FileState),
    FileModified(FileState, FileState),
    /// With the similarity in percent.
    FileRenamed(FileState, FileState, u32),
    ChunkAdded(Box<ChunkState>),
    ChunkRemoved(Box<ChunkState>),
    ChunkModified(Box<(ChunkState, ChunkState)>, Parts),
    /// Equal content in another file.
    ChunkMoved(Box<(ChunkState, ChunkState)>, Parts),
    /// With its file, and how many there are.
    RelationAdded(Arc<str>, RelationState, u32),
    RelationRemoved(Arc<str>, RelationState, u32),
    HealthChanged(FileState, FileState),
}

/// The events, in their order.
pub const EVENTS: [&str; 11] = [
    "file.added",
    "file.removed",
    "file.modified",
    "file.renamed",
    "chunk.added",
    "chunk.removed",
    "chunk.modified",
    "chunk.moved",
    "relation.added",
    "relation.removed",
    "health.changed",
];

impl Change {
    /// The mode of what changed, as it is, or was.
    pub fn mode(&self) -> &str {
        match self {
            Self::FileAdded(file)
            | Self::FileRemoved(file)
            | Self::FileModified(_, file)
            | Self::FileRenamed(_, file, _)
            | Self::HealthChanged(_, file) => &file.mode,
            Self::ChunkAdded(chunk) | Self::ChunkRemoved(chunk) => &chunk.mode,
            Self::ChunkModified(pair, _) | Self::ChunkMoved(pair, _) => &pair.1.mode,
            Self::RelationAdded(_, relation, _) | Self::RelationRemoved(_, relation, _) => &relation.mode,
        }
    }

    /// The file of a chunk that changed.
    pub fn chunk_path(&self) -> Option<&str> {
        match self {
            Self::ChunkAdded(chunk) | Self::ChunkRemoved(chunk) => Some(&chunk.path),
            Self::ChunkModified(pair, _) | Self::ChunkMoved(pair, _) => Some(&pair.1.path),
            _ => None,
        }
    }

    /// Place in [`EVENTS`].
    pub fn rank(&self) -> usize {
        match self {
            Self::FileAdded(_) => 0,
            Self::FileRemoved(_) => 1,
            Self::FileModified(..) => 2,
            Self::FileRenamed(..) => 3,
            Self::ChunkAdded(_) => 4,
            Self::ChunkRemoved(_) => 5,
            Self::ChunkModified(..) => 6,
            Self::ChunkMoved(..) => 7,
            Self::RelationAdded(..) => 8,
            Self::RelationRemoved(..) => 9,
            Self::HealthChanged(..) => 10,
        }
    }
}
