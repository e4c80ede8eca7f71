//! Why there is nothing to walk.

use miette::Diagnostic;

/// An error of [`deps`](super::deps).
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum DepsError {
    #[error("the pipeline `{pipeline}` of `{repo}` has no node of kind `index`, which writes relations")]
    #[diagnostic(
        code(sawmill::deps::no_index),
        help(
            "add `index: {{ kind: index, inputs: {{ chunks: chunk, outline: extract }} }}` to its nodes, with your own \
             names for `chunk` and `extract`, then run `sawmill build`"
        )
    )]
    NoIndex { repo: String, pipeline: String },
    #[error("the node `{node}` of `{repo}` writes no relations: nothing is at its port `outline`")]
    #[diagnostic(
        code(sawmill::deps::no_outline),
        help(
            "add `outline: extract`, with your own name for the node of kind `extract`, to `inputs` of `{node}` in the \
             pipeline `{pipeline}`, then run `sawmill build`"
        )
    )]
    NoOutline { repo: String, node: String, pipeline: String },
    #[error("the node `{node}` of `{repo}` writes no relations: its pipeline says `relations: false`")]
    #[diagnostic(
        code(sawmill::deps::off),
        help("set `relations: true` in `with` of `{node}` in the pipeline `{pipeline}`, then run `sawmill build`")
    )]
    Off { repo: String, node: String, pipeline: String },
    #[error("the build of `{repo}` is older than relations")]
    #[diagnostic(code(sawmill::deps::old_build), help("run `sawmill build`"))]
    OldBuild { repo: String },
    #[error("the build of `{repo}` has no table `symbols`, so that no line can be told to be a symbol's")]
    #[diagnostic(
        code(sawmill::deps::no_symbols),
        help("ask about a file, or feed the port `chunks` of its index from a node of kind `chunk`")
    )]
    NoSymbols { repo: String },
    #[error("no file, directory or symbol is called `{target}` in {place}")]
    #[diagnostic(
        code(sawmill::deps::not_found),
        help("write a path, PATH::SYMBOL or a symbol's name; `sawmill search sym:NAME` finds names that are alike")
    )]
    NotFound { target: String, place: String },
    #[error("`{target}` is {count} things")]
    #[diagnostic(code(sawmill::deps::ambiguous), help("name one of them:\n{candidates}"))]
    Ambiguous { target: String, count: usize, candidates: String },
    #[error("`{target}` is the root of `{repo}`, and no relation leads out of a repository")]
    #[diagnostic(code(sawmill::deps::root), help("name a directory, a file or a symbol in it"))]
    Root { target: String, repo: String },
}
