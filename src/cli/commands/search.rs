//! `search`: ranked words over every repository.

use std::collections::BTreeMap;
use std::path::PathBuf;

use sawmill::base::Mode;
use sawmill::ops;
use sawmill::ops::search::{self, FileHit, Hit, Merge, RepoStatus, SearchAnswer, SearchRequest, Snippet, Spent};

use super::super::explanation;
use super::super::human;
use super::super::moment::{self, Moment};
use super::super::output;
use super::super::page::Page;
use super::super::pager;
use super::super::paint::Paint;
use super::super::run::{Answer, Verdict};
use super::super::sanitize;
use super::super::shell::Shell;
use super::super::stale;

/// Most hits.
const LIMIT: u16 = 10;
/// Chunks that are considered for a budget.
const BUDGET_DEPTH: u16 = 200;

/// Search every repository: ranked words, exact literals, regular expressions.
///
/// Any word may match; chunks with all of them come first. `+word` must be there, `-word` must not. `"literal"` and
/// `/regex/` are exact: every line that matches is found. `AND`, `OR`, `NOT` and parentheses join them; docs/query.md has
/// the whole language. Filters narrow: `repo:` `path:` `lang:` `ext:` `kind:` `sym:` `mode:` `role:` `tag:`, as globs; `-lang:css` excludes.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sawmill search parse config file
  sawmill search 'retry +backoff -test'           must have backoff, must not have test
  sawmill search 'lang:rust kind:function open'   functions of one language
  sawmill search '\"TODO(\" lang:go'                every line with it; the best places first
  sawmill search --count '/unsafe\\s+fn/'           matching lines by file
  sawmill search --budget 4000 retry backoff       whole chunks, for a language model
  sawmill search --select api --limit 3 'path:app/* order'
  sawmill search --json config | jq -r '.hits[] | \"\\(.repo) \\(.path):\\(.line)\"'

A query with a word that begins with - stands in quotes, after another word or after --.")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct Args {
    /// What to look for.
    #[arg(value_name = "QUERY", required = true)]
    query: Vec<String>,

    /// Most hits; 10 where it is not given. With --budget: how many of the best are considered, else 200.
    #[arg(short = 'n', long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1000))]
    limit: Option<u16>,

    /// Only these modes: code, prose, extracted-prose, records.
    #[arg(long, value_name = "MODE", value_delimiter = ',')]
    modes: Vec<Mode>,

    /// Only these repositories; reaches those that are not enabled, too.
    #[arg(long, value_name = "REPO", value_delimiter = ',')]
    select: Vec<String>,

    /// Only repositories that bear any of these tags.
    #[arg(long, value_name = "TAG", value_delimiter = ',')]
    tag: Vec<String>,

    /// Only repositories whose names match any of these globs.
    #[arg(long, value_name = "GLOB", value_delimiter = ',')]
    repo_filter: Vec<String>,

    /// Search repositories that are not enabled as well.
    #[arg(long)]
    include_disabled: bool,

    /// Fail where a repository cannot be searched as it is now, or cannot be compared with the others.
    #[arg(long)]
    strict: bool,

    /// The cohort to search, by the beginning of its key; for one mode with `MODE:` before it. `status --manifest` lists
    /// them.
    #[arg(long, value_name = "[MODE:]KEY", value_delimiter = ',')]
    cohort: Vec<String>,

    /// Score cohorts together that cannot be compared.
    #[arg(long, conflicts_with_all = ["cohort", "strict"])]
    allow_unsafe_mix: bool,

    /// How rankings become one: as of one index, or each cohort by itself and joined by rank.
    #[arg(long, value_name = "HOW", value_enum, default_value_t = How::Global)]
    merge: How,

    /// Neither take an answer that was kept, nor keep this one.
    #[arg(long)]
    no_cache: bool,

    /// Lines around the line of a hit; they shift to where most words match.
    #[arg(short = 'c', long, value_name = "LINES", default_value_t = 2, value_parser = clap::value_parser!(u16).range(0..=50))]
    context: u16,

    /// The files alone, a path a line: all with a text, for words those of the best hits.
    #[arg(short = 'l', long, conflicts_with = "count")]
    files_only: bool,

    /// How many lines match, by file; of literals and expressions.
    #[arg(long)]
    count: bool,

    /// Whole chunks for a language model: the best first, until so many tokens (estimated) are spent.
    #[arg(long, value_name = "TOKENS", value_parser = clap::value_parser!(u64).range(1..), conflicts_with_all = ["files_only", "count"])]
    budget: Option<u64>,

    /// Show how the query was read, which way it went, and how each score came to be.
    #[arg(long)]
    explain: bool,

    /// Show how long each step took.
    #[arg(long)]
    timings: bool,

    /// Exit with 1 where nothing matches.
    #[arg(long)]
    exit_code: bool,

    #[command(flatten)]
    moment: Moment,
}

/// `--merge`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum How {
    /// One scorer over all: the ranking is that of one index over the same files.
    Global,
    /// Reciprocal rank fusion of cohorts.
    Rrf,
}

pub fn run(shell: &Shell, args: Args) -> Answer {
    let context = args.moment.context(shell, &args.select)?;
    let request = SearchRequest {
        limit: usize::from(args.limit.unwrap_or(if args.budget.is_some() { BUDGET_DEPTH } else { LIMIT })),
        modes: args.modes,
        select: args.select,
        tags: args.tag,
        repo_filter: args.repo_filter,
        include_disabled: args.include_disabled,
        cohorts: args.cohort,
        unsafe_mix: args.allow_unsafe_mix,
        strict: args.strict,
        merge: match args.merge {
            How::Global => Merge::Global,
            How::Rrf => Merge::Rrf,
        },
        context: usize::from(args.context),
        budget: args.budget,
        explain: args.explain,
        timings: args.timings,
        files: args.files_only || args.count,
        count: args.count,
        threads: sawmill::base::parallel::available(),
        ..SearchRequest::new(args.query.join(" "))
    };
    let report = search::run_from(&context, &shell.env.cwd, &request, !args.no_cache)?;
    let answer = &report.answer;
    if shell.output.json {
        output::object(&report)?;
    } else {
        let roots = ops::roots(&context)?;
        let explained = explanation::of(&report, &shell.output);
        // Programs and models read lists of files and whole chunks, and nothing beside them.
        let alone = answer.files.is_some() || answer.budget.is_some();
        let text = match &answer.files {
            Some(found) if args.count => counts(shell, found, &roots),
            Some(found) => files(shell, found, &roots),
            None if alone => chunks(shell, &answer.hits, &roots),
            None => explained.clone() + &hits(shell, &answer.hits, &roots),
        };
        pager::show(&text, &shell.output, &shell.env)?;
        if alone && !explained.is_empty() {
            output::insist(&explained);
        }
        stale::note(shell, &report.stale);
        moment::note(shell, report.at.as_ref());
        if let Some(trouble) = report.trouble.as_ref().filter(|_| shell.output.verbose) {
            shell.output.say(&format!("the answer is not kept: {}", sanitize::name(trouble)));
        }
        warnings(shell, answer);
        remarks(shell, answer, &request.query);
    }
    Ok(if answer.hits.is_empty() && args.exit_code { Verdict::Negative } else { Verdict::Done })
}

fn hits(shell: &Shell, hits: &[Hit], roots: &BTreeMap<String, PathBuf>) -> String {
    let paint = shell.output.paint;
    let mut text = String::new();
    for hit in hits {
        text.push_str(&head(shell, hit, roots));
        text.push_str(&snippet(&hit.snippet, paint));
        if let Some(breakdown) = &hit.breakdown {
            text.push_str(&explanation::score(breakdown, &shell.output));
        }
        text.push('\n');
    }
    text
}

/// `api/app/config.py:24-30  function parse_config_file`, the chunk, an empty line.
fn chunks(shell: &Shell, hits: &[Hit], roots: &BTreeMap<String, PathBuf>) -> String {
    let paint = shell.output.paint;
    let mut page = Page::default();
    for hit in hits {
        let place = format!("{}:{}-{}", place(shell, &hit.repo, &hit.path, roots), hit.start_line, hit.end_line);
        page.line(format!("{}  {}", paint.place(&place), named(hit, paint)));
        let chunk = sanitize::source(hit.text.as_deref().unwrap_or_default());
        page.line(chunk.trim_end_matches('\n'));
        page.line("");
    }
    page.text()
}

/// `api/app/config.py`
fn files(shell: &Shell, found: &[FileHit], roots: &BTreeMap<String, PathBuf>) -> String {
    found.iter().map(|file| format!("{}\n", place(shell, &file.repo, &file.path, roots))).collect::<Vec<_>>().concat()
}

/// `api/app/config.py:3`, as `rg --count` has it.
fn counts(shell: &Shell, found: &[FileHit], roots: &BTreeMap<String, PathBuf>) -> String {
    let line = |file: &FileHit| format!("{}:{}\n", place(shell, &file.repo, &file.path, roots), file.lines.len());
    found.iter().map(line).collect::<Vec<_>>().concat()
}

/// A file as it can be opened from here.
fn place(shell: &Shell, repo: &str, path: &str, roots: &BTreeMap<String, PathBuf>) -> String {
    let path = match roots.get(repo) {
        Some(root) => shell.openable(&root.join(path)),
        None => format!("{repo}/{path}"),
    };
    sanitize::name(&path).into_owned()
}

/// `api/app/config.py:24  function parse_config_file  12.3`
fn head(shell: &Shell, hit: &Hit, roots: &BTreeMap<String, PathBuf>) -> String {
    let paint = shell.output.paint;
    let place = format!("{}:{}", place(shell, &hit.repo, &hit.path, roots), hit.line);
    let from = paint.dim(&format!("{} · {:.2}", sanitize::name(&hit.repo), hit.score));
    format!("{}  {}  {from}\n", paint.place(&place), named(hit, paint))
}

/// `function parse_config_file`
fn named(hit: &Hit, paint: Paint) -> String {
    let name = if hit.qualified_name.is_empty() { &hit.name } else { &hit.qualified_name };
    let kind = paint.dim(&sanitize::name(&hit.kind));
    if name.is_empty() { kind } else { format!("{kind} {}", paint.bold(&sanitize::name(name))) }
}

/// Lines with their numbers; matches stand out.
fn snippet(snippet: &Snippet, paint: Paint) -> String {
    let last = (u64::from(snippet.start_line) + snippet.lines.len() as u64).saturating_sub(1);
    let width = last.to_string().len();
    // Blank lines at the end show nothing.
    let shown = snippet.lines.iter().rposition(|line| !line.trim().is_empty()).map_or(0, |last| last + 1);
    let mut text = String::new();
    for (at, line) in snippet.lines.iter().take(shown).enumerate() {
        let number = u64::from(snippet.start_line) + at as u64;
        text.push_str(&paint.dim(&format!("  {number:>width$} │ ")));
        let spans = snippet.spans.iter().filter(|span| span.line as usize == at);
        text.push_str(&highlighted(line, spans.map(|span| (span.start as usize, span.end as usize)), paint));
        text.push('\n');
    }
    text
}

/// `line` with the byte ranges of `spans` marked; a range that does not fit the line marks nothing.
fn highlighted(line: &str, spans: impl Iterator<Item = (usize, usize)>, paint: Paint) -> String {
    let mut text = String::new();
    let mut done = 0;
    for (start, end) in spans {
        let (Some(before), Some(hit)) = (line.get(done..start), line.get(start..end)) else { continue };
        text.push_str(&sanitize::line(before));
        text.push_str(&paint.hit(&sanitize::line(hit)));
        done = end;
    }
    text.push_str(&sanitize::line(line.get(done..).unwrap_or_default()));
    text
}

/// Who was not searched, and what is left out or mixed. `--quiet` does not silence it: the answer is another one for it.
fn warnings(shell: &Shell, answer: &SearchAnswer) {
    let word = shell.output.err_paint.warn("warning");
    for repo in &answer.repos {
        let told = repo.message.as_ref().filter(|_| !matches!(repo.status, RepoStatus::Ok | RepoStatus::LeftOut));
        if let Some(message) = told {
            let name = sanitize::name(&repo.name);
            output::insist(&format!("{word}: {name} was not searched: {}", sanitize::name(message)));
        }
    }
    for warning in &answer.warnings {
        output::insist(&format!("{word}: {}", sanitize::name(&warning.message)));
        shell.output.say(&sanitize::name(&warning.help));
    }
}

/// What is worth knowing beside the hits: how many, what was left out, what to try.
fn remarks(shell: &Shell, answer: &SearchAnswer, query: &str) {
    let output = &shell.output;
    let too_large = answer.exact.map_or(0, |exact| exact.over_read_limit);
    if too_large > 0 {
        let files = human::counted(too_large, "file", "files");
        let were = human::agreeing(too_large, "was", "were");
        output.say(&format!(
            "{files} over the read limit {were} not searched; `sawmill show files` lists them with `too-large`"
        ));
    }
    let searched = answer.repos.iter().filter(|repo| repo.status == RepoStatus::Ok).count();
    let searched = human::counted(searched as u64, "repository", "repositories");
    let spent = answer.budget.filter(|_| answer.candidates > 0);
    let nothing = answer.hits.is_empty() && spent.is_none();
    if nothing {
        output.say(&format!("nothing in {searched} matches `{}`", sanitize::name(query)));
    }
    for hint in &answer.hints {
        output.say(&sanitize::name(hint));
    }
    if let Some(spent) = spent {
        output.say(&output.err_paint.dim(&spending(answer, spent)));
        return;
    }
    if nothing {
        output.say("try fewer words, or without filters; `sawmill stats` shows what is indexed");
        return;
    }
    if let Some(exact) = answer.exact {
        let lines = human::counted(exact.lines, "line", "lines");
        let files = human::counted(exact.files, "file", "files");
        // A query that only says what must not be there has files and no lines.
        let found = if exact.lines == 0 { files } else { format!("{lines} in {files}") };
        output.say(&output.err_paint.dim(&format!("{found} match, in {searched}")));
        return;
    }
    let shown = human::counted(answer.hits.len() as u64, "hit", "hits");
    let all = human::counted(answer.candidates, "chunk that matches", "chunks that match");
    let more = answer.files.is_some() && answer.candidates > answer.hits.len() as u64;
    let more = if more { "; these are the files of the best, --limit gives more" } else { "" };
    output.say(&output.err_paint.dim(&format!("{shown} of {all}, in {searched}{more}")));
}

/// `12 chunks, about 3 890 of 4 000 tokens; 2 did not fit`
fn spending(answer: &SearchAnswer, spent: Spent) -> String {
    let chunks = human::counted(answer.hits.len() as u64, "chunk", "chunks");
    let (tokens, budget) = (human::count(spent.tokens), human::count(spent.budget));
    if answer.hits.is_empty() {
        return format!("no chunk that matches fits into {budget} tokens; give more with --budget");
    }
    let mut parts = vec![format!("{chunks}, about {tokens} of {budget} tokens")];
    for (count, what) in [(spent.too_large, "did not fit"), (spent.repeated, "had a text that is there already")] {
        if count > 0 {
            parts.push(format!("{} {what}", human::count(count)));
        }
    }
    parts.join("; ")
}

#[cfg(test)]
mod tests {
    use sawmill::ops::search::MatchSpan;

    use super::*;

    #[test]
    fn matches_are_marked_and_nothing_else_moves() {
        let marked = highlighted("let a = a;", [(4, 5), (8, 9)].into_iter(), Paint::new(true));
        assert_eq!(marked, "let \u{1b}[1m\u{1b}[31ma\u{1b}[0m = \u{1b}[1m\u{1b}[31ma\u{1b}[0m;");
        assert_eq!(highlighted("let a", [(4, 5)].into_iter(), Paint::plain()), "let a");
    }

    #[test]
    fn a_range_that_does_not_fit_marks_nothing() {
        for span in [(3, 99), (1, 2), (5, 4)] {
            assert_eq!(highlighted("aé b", [span].into_iter(), Paint::plain()), "aé b", "{span:?}");
        }
    }

    #[test]
    fn a_snippet_shows_the_numbers_of_its_lines() {
        let shown = snippet(
            &Snippet {
                start_line: 9,
                lines: vec!["a\u{1b}[2J".into(), "\tb".into()],
                spans: vec![MatchSpan { line: 1, start: 1, end: 2 }],
            },
            Paint::plain(),
        );
        assert_eq!(shown, "   9 │ a␛[2J\n  10 │     b\n");
    }
}
