//! Both files as written: every key, its type, its place. The JSON Schemas come from here.

mod pipeline;
mod value;
mod workspace;

pub use pipeline::{AfterWritten, InputsWritten, NodeWritten, PipelineFile, SourcesWritten};
pub use value::{AnyValue, Data};
pub use workspace::{
    BuildsWritten, DefaultsWritten, DiffsWritten, LanguagesWritten, RepositoryWritten, SnapshotsWritten, WorkspaceFile,
};
