//! JSON Schemas of both files, for editors.

use super::written::{PipelineFile, WorkspaceFile};

/// The schema of `workspace.yaml`.
pub fn workspace_schema() -> schemars::Schema {
    schemars::schema_for!(WorkspaceFile)
}

/// The schema of `pipelines/<name>.yaml`.
pub fn pipeline_schema() -> schemars::Schema {
    schemars::schema_for!(PipelineFile)
}
