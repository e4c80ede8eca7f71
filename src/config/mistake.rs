//! One diagnostic type for everything that can be wrong in a file that a person wrote.

use std::borrow::Cow;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use miette::{
    Diagnostic, LabeledSpan, MietteError, MietteSpanContents, Severity, SourceCode, SourceSpan, SpanContents,
};

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};

use crate::base::Tier;

/// A stable diagnostic code with its meaning; `docs/errors.md` is generated from these.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    pub name: &'static str,
    pub tier: Tier,
    pub doc: &'static str,
}

/// A range of bytes in a file's text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end: end.max(start) }
    }
}

impl From<Span> for SourceSpan {
    fn from(span: Span) -> Self {
        (span.start, span.end - span.start).into()
    }
}

/// A configuration file as it was read.
#[derive(PartialEq, Eq)]
pub struct SourceText {
    /// The path that messages show: relative to the workspace directory.
    pub shown: String,
    /// The path on this machine, for those who want to open it.
    pub path: PathBuf,
    /// Without a byte order mark; spans count from here.
    pub text: String,
}

impl SourceText {
    /// The text at `span`; empty when the span is not of this file.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.start..span.end).unwrap_or("")
    }

    /// Line and column of a byte offset, both from 1; the column counts characters.
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let before = self.text.get(..offset).unwrap_or(&self.text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }
}

impl fmt::Debug for SourceText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SourceText({}, {} bytes)", self.shown, self.text.len())
    }
}

impl SourceCode for SourceText {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let part = self.text.as_str().read_span(span, lines_before, lines_after)?;
        Ok(Box::new(MietteSpanContents::new_named(
            self.shown.clone(),
            part.data(),
            *part.span(),
            part.line(),
            part.column(),
            part.line_count(),
        )))
    }
}

/// A span in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub file: Arc<SourceText>,
    pub span: Span,
}

/// What a diagnostic says about one span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    pub span: Span,
    pub text: String,
}

/// One mistake, or with [`Severity::Warning`] or [`Severity::Advice`] one remark.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Mistake {
    pub code: &'static Code,
    pub severity: Severity,
    pub message: String,
    /// What to do next.
    pub help: Option<String>,
    pub file: Option<Arc<SourceText>>,
    /// The first one is the place of the mistake.
    pub labels: Vec<Label>,
}

impl Mistake {
    /// A mistake that stands in no file.
    pub fn new(code: &'static Code, message: impl Into<String>) -> Self {
        let (severity, message) = (Severity::Error, message.into());
        Self { code, severity, message, help: None, file: None, labels: Vec::new() }
    }

    /// A mistake at `span` of `file`; the label says what is wrong just there.
    pub fn at(
        code: &'static Code,
        message: impl Into<String>,
        file: &Arc<SourceText>,
        span: Span,
        label: impl Into<String>,
    ) -> Self {
        Self { file: Some(Arc::clone(file)), ..Self::new(code, message) }.label(span, label)
    }

    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The span of the mistake itself.
    pub fn span(&self) -> Option<Span> {
        self.labels.first().map(|l| l.span)
    }

    /// Line and column, both from 1.
    pub fn line_column(&self) -> Option<(usize, usize)> {
        Some(self.file.as_ref()?.line_column(self.span()?.start))
    }

    /// `workspace.yaml:19:11`; empty for what stands in no file.
    pub fn place(&self) -> String {
        match (&self.file, self.line_column()) {
            (Some(file), Some((line, column))) => format!("{}:{line}:{column}", file.shown),
            (Some(file), None) => file.shown.clone(),
            (None, _) => String::new(),
        }
    }

    /// Order for reports: by file, then by place; what has no file comes last.
    fn order(&self) -> (bool, &str, Option<Span>, &str, &str) {
        let file = self.file.as_ref().map(|f| f.shown.as_str());
        (file.is_none(), file.unwrap_or(""), self.span(), self.code.name, &self.message)
    }
}

/// A mistake or remark in a configuration file.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Mistake")]
struct Written<'a> {
    /// `sawmill::<area>::<name>`, as `docs/errors.md` lists them.
    code: &'a str,
    severity: WrittenSeverity,
    message: &'a str,
    /// What to do next.
    help: Option<&'a str>,
    /// Relative to the workspace.
    file: Option<&'a str>,
    /// From 1.
    line: Option<usize>,
    /// From 1, in characters.
    column: Option<usize>,
    /// What is wrong just there.
    label: Option<&'a str>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "Severity")]
enum WrittenSeverity {
    Error,
    Warning,
    Advice,
}

impl Serialize for Mistake {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (line, column) = self.line_column().unzip();
        let severity = match self.severity {
            Severity::Error => WrittenSeverity::Error,
            Severity::Warning => WrittenSeverity::Warning,
            Severity::Advice => WrittenSeverity::Advice,
        };
        let written = Written {
            code: self.code.name,
            severity,
            message: &self.message,
            help: self.help.as_deref(),
            file: self.file.as_ref().map(|f| f.shown.as_str()),
            line,
            column,
            label: self.labels.first().map(|l| l.text.as_str()),
        };
        written.serialize(serializer)
    }
}

impl JsonSchema for Mistake {
    fn schema_name() -> Cow<'static, str> {
        Written::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Written::json_schema(generator)
    }
}

impl Diagnostic for Mistake {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.code.name))
    }

    fn severity(&self) -> Option<Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|h| Box::new(h) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.file.as_deref().map(|f| f as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.file.as_ref()?;
        // The first one is where the reader is sent.
        let labels = self.labels.iter().enumerate().map(|(at, label)| match at {
            0 => LabeledSpan::new_primary_with_span(Some(label.text.clone()), label.span),
            _ => LabeledSpan::new_with_span(Some(label.text.clone()), label.span),
        });
        Some(Box::new(labels))
    }
}

/// Sorts by place and drops what was said already (a pipeline is read once, but checked for each repository).
pub fn in_order(mut mistakes: Vec<Mistake>) -> Vec<Mistake> {
    mistakes.sort_by(|a, b| a.order().cmp(&b.order()));
    mistakes.dedup();
    mistakes
}

/// Everything that is wrong with the configuration, sorted by file and place.
#[derive(Clone, Debug, thiserror::Error, Diagnostic)]
#[error("{}", headline(.mistakes))]
#[diagnostic(
    code(sawmill::config::invalid),
    help("nothing was run; `sawmill check` shows what is left after a correction")
)]
pub struct ConfigErrors {
    #[related]
    pub mistakes: Vec<Mistake>,
}

impl ConfigErrors {
    pub fn new(mistakes: Vec<Mistake>) -> Self {
        Self { mistakes: in_order(mistakes) }
    }

    /// The worst tier: a file that cannot be read is the machine's matter, everything else the user's.
    pub fn tier(&self) -> Tier {
        self.mistakes.iter().map(|m| m.code.tier).max().unwrap_or(Tier::User)
    }
}

/// `3 mistakes in 2 files`.
pub fn headline(mistakes: &[Mistake]) -> String {
    let errors: Vec<&Mistake> = mistakes.iter().filter(|m| m.is_error()).collect();
    let mut files: Vec<&str> = errors.iter().filter_map(|m| m.file.as_ref()).map(|f| f.shown.as_str()).collect();
    files.sort_unstable();
    files.dedup();
    let count = |n: usize, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
    match files.as_slice() {
        [] => format!("{} in the configuration", count(errors.len(), "mistake")),
        [file] => format!("{} in `{file}`", count(errors.len(), "mistake")),
        files => format!("{} in {}", count(errors.len(), "mistake"), count(files.len(), "file")),
    }
}
