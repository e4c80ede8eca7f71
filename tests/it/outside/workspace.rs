//! A workspace whose pipeline has both kinds from outside.

use sawmill::nodes::Kind;

use super::{todo, words};
use crate::workbench::{Workbench, sample};

pub const PIPELINE: &str = "\
version: 1
name: code
nodes:
  extract: { kind: extract }
  chunk:   { kind: chunk, inputs: { outline: extract }, with: { max_chars: 600 } }
  index:   { kind: index, inputs: { chunks: chunk, outline: extract } }
  todo:    { kind: todo, inputs: { symbols: chunk }, with: { words: [TODO, FIXME] } }
  words:   { kind: words, inputs: { chunks: chunk } }
";

/// The built-in kinds and these two.
pub fn kinds() -> Vec<&'static dyn Kind> {
    let mut kinds = sawmill::ops::KINDS.to_vec();
    kinds.extend([&todo::TODO as &dyn Kind, &words::KIND]);
    kinds
}

/// `kinds()` with `double` in the place of the kind that has its name.
pub fn kinds_with(double: &'static dyn Kind) -> Vec<&'static dyn Kind> {
    kinds().into_iter().map(|kind| if kind.name() == double.name() { double } else { kind }).collect()
}

pub fn bench(files: usize) -> Workbench {
    let mut bench = Workbench::with_pipeline(&["one"], PIPELINE);
    bench.kinds = Some(kinds());
    for n in 0..files {
        put(&bench, n, 0);
    }
    bench
}

/// Writes file number `n` in its `edit`-th version, with a remark where the language has comments.
pub fn put(bench: &Workbench, n: usize, edit: usize) {
    let (path, text) = sample(n, edit);
    let remark = match path.rsplit('.').next() {
        Some("rs" | "ts") => format!("// TODO: look at {n} again, {edit}\n"),
        Some("py") => format!("# FIXME {n} is {edit}\n"),
        Some("md") => format!("\nTODO more of {edit}.\n"),
        _ => String::new(),
    };
    bench.write("one", &path, format!("{text}{remark}"));
}

/// Writes the pipeline anew.
pub fn pipeline(bench: &Workbench, text: &str) {
    std::fs::write(bench.dir.path().join("pipelines/code.yaml"), text).unwrap();
}
