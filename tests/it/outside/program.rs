//! The program around the kinds: it builds a workspace with them and reads a table.

use std::path::Path;
use std::sync::Arc;

use sawmill::base::{Cancel, clock::SystemClock, vfs::real::RealFs};
use sawmill::nodes::Kind;
use sawmill::ops::{Context, OpsError, build, show};

use super::{todo, words};

/// Builds the workspace and gives its remarks as `path:line: text`.
pub fn remarks(workspace_file: &Path) -> Result<Vec<String>, OpsError> {
    let mut context = Context::new(Arc::new(RealFs), Arc::new(SystemClock), Cancel::new(), workspace_file.to_owned());
    context.kinds.extend([&todo::TODO as &dyn Kind, &words::KIND]);
    let report = build::run(&context, &build::BuildRequest::default(), Arc::new(|_| {}))?;
    assert!(report.ok, "{:?}", report.failed);
    let request = show::ShowRequest { table: "todos".into(), ..show::ShowRequest::default() };
    let answer = show::run(&context, &request)?.answer;
    let line = |row: &serde_json::Map<String, serde_json::Value>| {
        let text = |column: &str| row.get(column).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
        format!("{}:{}: {}", text("path"), row.get("line").unwrap_or_default(), text("text"))
    };
    Ok(answer.rows.iter().map(line).collect())
}

#[test]
fn a_program_with_its_own_kinds_is_a_few_lines() {
    let bench = super::workspace::bench(0);
    bench.write("one", "a.rs", "fn f() {}\n\n// TODO: write more\n");
    assert_eq!(remarks(&bench.file()).unwrap(), ["a.rs:3: write more"]);
}
