//! The shape of what each command prints under `--json`, as JSON Schema.
//!
//! [`SHAPES`] has one line a command: the command's name and the type of its report. A report type derives
//! `Serialize` and `JsonSchema`; its doc comments become the descriptions. `docs/schema/<command>.json` and
//! `sawmill schema <command>` are written from here. Tests fail where a command has no line, where a document is not
//! current, and where a command prints a key that its shape does not name.

use std::borrow::Cow;
use std::fmt;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;
use serde_json::{Value, json};

use super::problem::FailureReport;
use super::{
    build, check, clear, deps, diff, doctor, dry_run, export, failures, gc, graph, history, init, inspect, preview,
    retry, search, show, snapshot, stats, status, verify, why,
};

/// What a command prints.
#[derive(Clone, Copy)]
pub struct Shape {
    /// The command, as it is typed.
    pub command: &'static str,
    answer: fn(&mut SchemaGenerator) -> Schema,
    /// What it prints in place of that, where an option asks for something else.
    other: Option<fn(&mut SchemaGenerator) -> Schema>,
}

/// Every command, in the order of `sawmill --help`.
pub const SHAPES: &[Shape] = &[
    Shape::of::<init::InitReport>("init"),
    Shape::of::<check::CheckReport>("check"),
    Shape::of::<AnySchema>("schema"),
    Shape::of::<build::BuildReport>("build").or::<dry_run::DryRunReport>(),
    Shape::of::<status::StatusReport>("status").or::<status::ManifestReport>(),
    Shape::of::<search::SearchReport>("search"),
    Shape::of::<show::ShowReport>("show"),
    Shape::of::<inspect::InspectReport>("inspect"),
    Shape::of::<stats::StatsReport>("stats"),
    Shape::of::<deps::DepsReport>("deps"),
    Shape::of::<graph::GraphReport>("graph"),
    Shape::of::<preview::PreviewReport>("preview"),
    Shape::of::<why::WhyReport>("why"),
    Shape::of::<failures::FailuresReport>("failures"),
    Shape::of::<history::HistoryReport>("history"),
    Shape::of::<retry::RetryReport>("retry"),
    Shape::of::<snapshot::SnapshotAnswer>("snapshot"),
    Shape::of::<snapshot::SnapshotReport>("tag"),
    Shape::of::<diff::DiffAnswer>("diff"),
    Shape::of::<export::ExportReport>("export"),
    Shape::of::<verify::VerifyReport>("verify"),
    Shape::of::<clear::ClearReport>("clear"),
    Shape::of::<gc::GcReport>("gc").or::<gc::GcWhyReport>(),
    Shape::of::<doctor::DoctorReport>("doctor"),
    Shape::of::<CompletionsReport>("completions"),
    Shape::of::<ManReport>("man"),
];

impl Shape {
    /// The command `command` prints a `T`.
    pub const fn of<T: JsonSchema>(command: &'static str) -> Self {
        Self { command, answer: |generator| generator.subschema_for::<T>(), other: None }
    }

    /// And a `T` where an option asks for it.
    const fn or<T: JsonSchema>(self) -> Self {
        Self { other: Some(SchemaGenerator::subschema_for::<T>), ..self }
    }

    /// The JSON Schema of everything that the command can print under `--json`: its report, or a failure.
    ///
    /// Objects are open: a reader passes over keys that it does not know.
    pub fn schema(&self) -> Value {
        let mut generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
        let answers = [Some(self.answer), self.other].into_iter().flatten();
        let mut either: Vec<Schema> = answers.map(|answer| answer(&mut generator)).collect();
        either.push(generator.subschema_for::<FailureReport>());
        json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": format!("What `sawmill {} --json` prints: the answer, or `error`", self.command),
            "anyOf": either,
            "$defs": generator.take_definitions(true),
        })
    }

    /// The schema as text: indented, keys sorted, a final newline.
    pub fn text(&self) -> String {
        format!("{:#}\n", self.schema())
    }
}

impl fmt::Debug for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shape").field("command", &self.command).finish_non_exhaustive()
    }
}

/// What `schema` prints: a JSON Schema.
#[derive(Debug)]
struct AnySchema;

impl JsonSchema for AnySchema {
    fn schema_name() -> Cow<'static, str> {
        "AnySchema".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A JSON Schema.",
            "$ref": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "required": ["$schema"],
        })
    }
}

/// A completion script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CompletionsReport {
    /// Always true.
    pub ok: bool,
    /// `bash`, `zsh`, `fish`, …
    pub shell: String,
    /// What the shell reads.
    pub script: String,
}

/// A manual page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ManReport {
    /// Always true.
    pub ok: bool,
    /// The page as roff.
    pub page: String,
}
