//! Failures: from a diagnostic to words on a terminal, to the JSON error object, to the exit code.
//!
//! A diagnostic may quote files: its message, its labels and the lines around them. It is copied and cleaned first,
//! so that no renderer sees a character that acts on a terminal.

mod window;

use std::error::Error;
use std::fmt;
use std::path::Path;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, Severity,
    SourceCode, SourceSpan, SpanContents, ThemeCharacters, ThemeStyles,
};
use sawmill::base::Tier;
use sawmill::ops::{self, FailureReport, Problem, ProblemLabel};

use super::output::Output;
use super::sanitize;

/// What a command ended with instead of an answer.
#[derive(Debug)]
pub struct Failure {
    pub tier: Tier,
    diagnostic: Box<Clean>,
}

impl Failure {
    pub fn new(tier: Tier, diagnostic: &dyn Diagnostic) -> Self {
        Self { tier, diagnostic: Box::new(Clean::of(diagnostic)) }
    }

    /// The same with paths as seen from `dir`: a person opens those near it by what is shown. In JSON no path is
    /// absolute.
    #[must_use]
    pub fn placed(mut self, output: &Output, dir: &Path) -> Self {
        let seen = if output.json { ops::relative_to } else { ops::seen_from };
        self.diagnostic.change_words(&|text| seen(text, dir));
        self
    }

    /// What `--json` prints.
    pub fn report(&self) -> FailureReport {
        FailureReport::new(self.diagnostic.problem())
    }

    /// As a person reads it: every related diagnostic on its own, then the one that sums them up.
    pub fn render(&self, output: &Output) -> String {
        let mut text = String::new();
        for part in self.diagnostic.related.iter().chain([&*self.diagnostic]) {
            text.push_str(&render(part, output));
        }
        text
    }
}

/// One diagnostic of an answer, a mistake or a remark, as a person reads it.
pub fn rendered(diagnostic: &dyn Diagnostic, output: &Output) -> String {
    render(&Clean::of(diagnostic), output)
}

fn render(diagnostic: &Clean, output: &Output) -> String {
    let near = diagnostic.near_its_label(usize::from(output.width));
    let diagnostic = near.as_ref().unwrap_or(diagnostic);
    let theme = GraphicalTheme {
        characters: if output.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() },
        styles: if output.err_paint.is_on() { ThemeStyles::ansi() } else { ThemeStyles::none() },
    };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(usize::from(output.width))
        .with_links(false)
        .without_syntax_highlighting();
    let mut text = String::new();
    match handler.render_report(&mut text, diagnostic) {
        Ok(()) => text.trim_start_matches('\n').to_owned(),
        // The handler fails where a label lies outside its text. The words still have to come out.
        Err(_) => format!("{}: {diagnostic}\n", diagnostic.code),
    }
}

/// A diagnostic, copied and cleaned.
#[derive(Clone, Debug)]
struct Clean {
    code: String,
    message: String,
    help: Option<String>,
    severity: Severity,
    labels: Vec<LabeledSpan>,
    source: Option<Source>,
    cause: Option<Box<Cause>>,
    related: Vec<Clean>,
}

/// A file that labels point into.
#[derive(Clone, Debug)]
struct Source {
    name: Option<String>,
    bytes: Vec<u8>,
}

/// What lies behind an error, outermost first.
#[derive(Clone, Debug)]
struct Cause {
    message: String,
    next: Option<Box<Cause>>,
}

impl Clean {
    fn of(diagnostic: &dyn Diagnostic) -> Self {
        let text = |value: Box<dyn fmt::Display + '_>| sanitize::lines(&value.to_string());
        let source = diagnostic.source_code().and_then(Source::of);
        let labels = diagnostic.labels().into_iter().flatten().map(|label| {
            let words = label.label().map(|words| sanitize::name(words).into_owned());
            if label.primary() {
                LabeledSpan::new_primary_with_span(words, *label.inner())
            } else {
                LabeledSpan::new_with_span(words, *label.inner())
            }
        });
        Self {
            code: diagnostic.code().map(text).unwrap_or_default(),
            message: sanitize::lines(&diagnostic.to_string()),
            help: diagnostic.help().map(text),
            severity: diagnostic.severity().unwrap_or(Severity::Error),
            labels: labels.collect(),
            source,
            cause: diagnostic.source().map(|cause| Box::new(Cause::of(cause))),
            related: diagnostic.related().into_iter().flatten().map(Self::of).collect(),
        }
    }

    /// The same with that part of a long query in which its one label stands; `None` where there is nothing to cut.
    fn near_its_label(&self, width: usize) -> Option<Self> {
        let source = self.source.as_ref().filter(|source| source.name.is_none())?;
        let [label] = self.labels.as_slice() else { return None };
        let text = std::str::from_utf8(&source.bytes).ok()?;
        let (text, span) = window::of(text, label.offset()..label.offset() + label.len(), width)?;
        let labels = vec![LabeledSpan::new(label.label().map(str::to_owned), span.start, span.len())];
        Some(Self { labels, source: Some(Source { name: None, bytes: text.into_bytes() }), ..self.clone() })
    }

    /// Message, help and causes, here and in what is related.
    fn change_words(&mut self, change: &impl Fn(&str) -> String) {
        self.message = change(&self.message);
        self.help = self.help.take().map(|help| change(&help));
        let mut cause = self.cause.as_deref_mut();
        while let Some(inner) = cause {
            inner.message = change(&inner.message);
            cause = inner.next.as_deref_mut();
        }
        for related in &mut self.related {
            related.change_words(change);
        }
    }

    fn problem(&self) -> Problem {
        let mut message = self.message.clone();
        let mut cause = self.cause.as_deref();
        while let Some(inner) = cause {
            message = format!("{message}: {}", inner.message);
            cause = inner.next.as_deref();
        }
        Problem {
            code: self.code.clone(),
            message,
            help: self.help.clone(),
            labels: self.labels.iter().map(|label| self.label(label)).collect(),
            related: self.related.iter().map(Self::problem).collect(),
        }
    }

    fn label(&self, label: &LabeledSpan) -> ProblemLabel {
        let source = self.source.as_ref();
        let before = source.and_then(|s| s.bytes.get(..label.offset())).unwrap_or_default();
        let line_start = before.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
        let column = before.get(line_start..).map_or(0, |line| String::from_utf8_lossy(line).chars().count());
        ProblemLabel {
            file: source.and_then(|s| s.name.clone()),
            text: label.label().map(str::to_owned),
            offset: label.offset(),
            length: label.len(),
            line: String::from_utf8_lossy(before).matches('\n').count() + 1,
            column: column + 1,
        }
    }
}

impl Source {
    fn of(code: &dyn SourceCode) -> Option<Self> {
        // No text at all has no lines to show; an empty file is read as such.
        let whole = code.read_span(&SourceSpan::from((0, 0)), 0, usize::MAX).ok()?;
        let bytes = sanitize::in_place(whole.data());
        let name = whole.name().map(|name| sanitize::name(name).into_owned());
        Some(Self { name, bytes })
    }
}

impl SourceCode for Source {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let part = self.bytes.read_span(span, lines_before, lines_after)?;
        let Some(name) = self.name.clone() else { return Ok(part) };
        let (line, column, count) = (part.line(), part.column(), part.line_count());
        Ok(Box::new(MietteSpanContents::new_named(name, part.data(), *part.span(), line, column, count)))
    }
}

impl Cause {
    fn of(error: &(dyn Error + 'static)) -> Self {
        let next = error.source().map(|next| Box::new(Self::of(next)));
        Self { message: sanitize::lines(&error.to_string()), next }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Cause {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.next.as_deref().map(|next| next as &(dyn Error + 'static))
    }
}

impl fmt::Display for Clean {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Clean {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as &(dyn Error + 'static))
    }
}

impl Diagnostic for Clean {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        (!self.code.is_empty()).then(|| Box::new(&self.code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        (!self.labels.is_empty())
            .then(|| Box::new(self.labels.iter().cloned()) as Box<dyn Iterator<Item = LabeledSpan>>)
    }
}

#[cfg(test)]
mod tests;
