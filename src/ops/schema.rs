//! `schema`: JSON Schemas of both files, for editors and for people.
//!
//! The files' own schemas come from `config`. The pipeline's is completed here with what the kinds say about
//! their parameters: each `kind` gives `with` its shape, and a text with `${…}` stands for any parameter.

use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use crate::base::vfs::Vfs;
use crate::config;
use crate::nodes::schemars::Schema;
use crate::nodes::{HISTORY, HistoryKind, Kind, WORKSPACE};

/// Which file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    Workspace,
    Pipeline,
}

impl Which {
    pub const ALL: [Self; 2] = [Self::Workspace, Self::Pipeline];

    /// The file's name under `.sawmill/schema/`.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Workspace => "workspace.json",
            Self::Pipeline => "pipeline.json",
        }
    }
}

/// A schema file cannot be written.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("the schema `{shown}` cannot be written")]
#[diagnostic(code(sawmill::schema::write), help("check the permissions of `.sawmill/` and the space on its disk"))]
pub struct SchemaError {
    /// Relative to the workspace directory.
    pub shown: String,
    #[source]
    pub source: io::Error,
}

/// The JSON Schema, with the parameters of `kinds`.
pub fn schema(which: Which, kinds: &[&'static dyn Kind]) -> Value {
    match which {
        Which::Workspace => config::workspace_schema().to_value(),
        Which::Pipeline => {
            let mut schema = config::pipeline_schema().to_value();
            if let Some(Value::Object(node)) = schema.pointer_mut("/$defs/NodeWritten") {
                let of_repositories = kinds.iter().map(|k| of_kind(k.name(), k.summary(), k.param_schema()));
                let of_workspace = WORKSPACE.iter().map(|k| of_kind(k.name(), k.summary(), k.param_schema()));
                node.insert("allOf".to_owned(), of_repositories.chain(of_workspace).collect());
            }
            if let Some(Value::Object(kind)) = schema.pointer_mut("/$defs/NodeWritten/properties/kind") {
                let of_workspace = WORKSPACE.iter().map(|k| k.name());
                kind.insert("enum".to_owned(), kinds.iter().map(|k| k.name()).chain(of_workspace).collect());
            }
            if let Some(Value::Object(step)) = schema.pointer_mut("/$defs/AfterWritten") {
                let shape = |k: &&HistoryKind| of_kind(k.name, k.summary, (k.param_schema)());
                step.insert("allOf".to_owned(), HISTORY.iter().map(shape).collect());
            }
            if let Some(Value::Object(kind)) = schema.pointer_mut("/$defs/AfterWritten/properties/kind") {
                kind.insert("enum".to_owned(), HISTORY.iter().map(|k| k.name).collect());
            }
            schema
        }
    }
}

/// The schema as text: indented, keys sorted, a final newline.
pub fn text(which: Which, kinds: &[&'static dyn Kind]) -> String {
    format!("{:#}\n", schema(which, kinds))
}

/// Where the kind is this one, `with` has the kind's parameters.
fn of_kind(name: &str, summary: &str, params: Schema) -> Value {
    let mut with = params.to_value();
    if let Value::Object(with) = &mut with {
        with.remove("$schema");
        with.remove("title");
        if let Some(Value::Object(properties)) = with.get_mut("properties") {
            let shaped = std::mem::take(properties).into_iter().map(|(name, shape)| (name, or_reference(shape)));
            *properties = shaped.collect::<Map<_, _>>();
        }
        with.insert("description".to_owned(), summary.into());
    }
    json!({
        "if": { "properties": { "kind": { "const": name } }, "required": ["kind"] },
        "then": { "properties": { "with": with } },
    })
}

/// A parameter, or a text that holds a reference.
fn or_reference(mut shape: Value) -> Value {
    let mut out = Map::new();
    if let Value::Object(shape) = &mut shape {
        // Editors show these two where they stand outermost.
        for key in ["description", "default"] {
            out.extend(shape.remove(key).map(|value| (key.to_owned(), value)));
        }
    }
    out.insert("anyOf".to_owned(), json!([shape, { "type": "string", "pattern": "\\$\\{[^}]+\\}" }]));
    Value::Object(out)
}

/// Writes both schemas under `<workspace>/.sawmill/schema/` where they differ from what is there. Returns the
/// paths that were written.
pub fn refresh(vfs: &dyn Vfs, workspace_dir: &Path, kinds: &[&'static dyn Kind]) -> Result<Vec<PathBuf>, SchemaError> {
    let dir = workspace_dir.join(config::STATE_DIR).join("schema");
    let mut written = Vec::new();
    for which in Which::ALL {
        let path = dir.join(which.file_name());
        let shown = format!("{}/schema/{}", config::STATE_DIR, which.file_name());
        let text = text(which, kinds);
        let failed = |source: io::Error| SchemaError { shown: shown.clone(), source };
        match vfs.read(&path) {
            Ok(there) if there == text.as_bytes() => continue,
            Ok(_) => {}
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            Err(e) => return Err(failed(e)),
        }
        vfs.create_dir_all(&dir).map_err(failed)?;
        replace(vfs, &path, text.as_bytes()).map_err(failed)?;
        written.push(path);
    }
    Ok(written)
}

/// Whole or not at all: an editor may be reading the old one. No lock is held yet, so the temporary is this process's
/// own.
fn replace(vfs: &dyn Vfs, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let new = path.with_extension(format!("json.new-{}", std::process::id()));
    match vfs.remove_file(&new) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
        _ => {}
    }
    vfs.write_new(&new, bytes, 0o644).and_then(|()| vfs.rename(&new, path)).inspect_err(|_| {
        // The disk may be full: whatever was written is in the way. If this fails too, the error is told already.
        drop(vfs.remove_file(&new));
    })
}

#[cfg(test)]
mod tests;
