//! A verdict in plain sentences.

use super::model::{
    DecidingRule, Exclusion, Fate, LanguageReason, LanguageVerdict, Likeness, ModeReason, ModeVerdict, Near,
    PathVerdict, RoleReason, RoleVerdict, RuleSource, Withheld,
};

impl PathVerdict {
    /// One sentence for each decision, the fate first. Names come from the repository as they are: whoever prints
    /// them makes them safe for a terminal.
    pub fn sentences(&self) -> Vec<String> {
        let mut out = Vec::new();
        match &self.fate {
            Fate::Included { rules, .. } => {
                out.push(kept("included", rules, &self.path));
                out.extend(self.refusal());
            }
            Fate::Entered { rules } => out.push(kept("a directory that scans enter", rules, &self.path)),
            Fate::Excluded { .. } | Fate::Absent { .. } => out.extend(self.refusal()),
        }
        out.extend(self.language.as_ref().map(LanguageVerdict::words));
        out.extend(self.mode.as_ref().map(|mode| mode.words(self.language.as_ref())));
        out.extend(self.role.as_ref().map(RoleVerdict::words));
        // What the fate says already is not said again.
        let said = |at: &str| matches!(&self.fate, Fate::Excluded { at: fate, .. } if fate == at);
        let notices = self.notices.iter().filter(|notice| !said(&notice.path));
        out.extend(notices.map(|notice| format!("`{}`: {}; {}", notice.path, notice.message, notice.help)));
        out
    }

    /// Why nothing of the path is read, where nothing is.
    pub fn refusal(&self) -> Option<String> {
        match &self.fate {
            Fate::Included { withheld, .. } => {
                withheld.as_ref().map(|why| format!("its content is withheld: {}", why.words()))
            }
            Fate::Entered { .. } => Some("it is a directory".to_owned()),
            Fate::Excluded { at, by } => Some(by.words(at, &self.path)),
            Fate::Absent { at, near } => Some(absent(at, near.as_ref())),
        }
    }
}

fn kept(what: &str, rules: &[DecidingRule], path: &str) -> String {
    if rules.is_empty() {
        return format!("{what}: no rule excludes it");
    }
    let rules: Vec<String> = rules.iter().map(|rule| rule.words(path)).collect();
    format!("{what} by {}", rules.join(", and by "))
}

fn absent(at: &str, near: Option<&Near>) -> String {
    let there = format!("not there: `{at}`");
    match near {
        None => there,
        Some(Near { path, likeness: Likeness::Spelling }) => format!("{there}; did you mean `{path}`?"),
        Some(Near { path, likeness: Likeness::LetterCase }) => {
            format!("{there}; `{path}` differs from it in letter case")
        }
        Some(Near { path, likeness: Likeness::UnicodeForm }) => {
            format!("{there}; `{path}` has the same letters in another Unicode form")
        }
    }
}

impl DecidingRule {
    fn words(&self, path: &str) -> String {
        // In double quotes: what begins with `/` in backticks is taken for a path.
        let pattern = &self.pattern;
        let place = match &self.source {
            RuleSource::IgnoreFile { file, line } => format!("\"{pattern}\" in {file}:{line}"),
            RuleSource::Include { .. } => format!("\"{pattern}\" in `include`"),
            RuleSource::Exclude { .. } => format!("\"{pattern}\" in `exclude`"),
        };
        if self.matched == path { place } else { format!("{place}, which matches the directory `{}`", self.matched) }
    }
}

impl Exclusion {
    fn words(&self, at: &str, path: &str) -> String {
        let it = if at == path { "it".to_owned() } else { format!("`{at}`") };
        match self {
            Self::Ignored { rule } | Self::Excluded { rule } | Self::NotIncluded { rule: Some(rule) } => {
                format!("excluded by {}", rule.words(path))
            }
            Self::NotIncluded { rule: None } => "excluded: no pattern of `include` matches it".to_owned(),
            Self::Link => format!("left out: {it} is a symbolic link, and none is followed"),
            Self::Special => format!("left out: {it} is a pipe, socket or device"),
            Self::Git => format!("left out: {it} belongs to git"),
            Self::State => format!("left out: {it} belongs to Sawmill"),
            Self::Store => format!("left out: {it} is the workspace's state or cache directory"),
            Self::NestedRepository => format!(
                "left out: {it} is a repository inside the repository; declare it as one of its own in workspace.yaml"
            ),
            Self::UnreadableDirectory => format!("left out: the directory {it} cannot be read"),
        }
    }
}

impl Withheld {
    fn words(&self) -> String {
        match self {
            Self::TooLarge { limit } => format!("it has more than {limit} bytes"),
            Self::Secret => "its name is one that secrets have".to_owned(),
            Self::Unreadable => "it cannot be read".to_owned(),
            Self::PathCollision => "another file of the repository has the same path as text".to_owned(),
        }
    }
}

impl LanguageVerdict {
    fn words(&self) -> String {
        let language = self.language.as_deref().unwrap_or("none");
        let why = match &self.by {
            LanguageReason::Map { glob } => format!("`{glob}` in `languages: map:`"),
            LanguageReason::Name { name } => format!("the file name `{name}`"),
            LanguageReason::Extension { extension } => format!("extension `.{extension}`"),
            LanguageReason::FirstLine => "the program that its first line names".to_owned(),
            LanguageReason::ModeLine => "a line in it that tells an editor so".to_owned(),
            LanguageReason::Content { extension: Some(extension) } => {
                format!("signs in its text; `.{extension}` is an extension of several languages")
            }
            LanguageReason::Content { extension: None } => "the mark that its text begins with".to_owned(),
            LanguageReason::ProseName { name } => format!("`{name}` is a name that texts have"),
            LanguageReason::UnknownExtension { extension } => format!(
                "no language has the extension `.{extension}`; `languages: map:` in workspace.yaml can give it one"
            ),
            LanguageReason::UnknownName { first_line_read: true } => {
                "neither its name nor its content names one".to_owned()
            }
            LanguageReason::UnknownName { first_line_read: false } => {
                "its name names none, and its content is not read".to_owned()
            }
        };
        format!("language {language}: {why}")
    }
}

impl ModeVerdict {
    fn words(&self, language: Option<&LanguageVerdict>) -> String {
        let language = language.and_then(|verdict| verdict.language.as_deref());
        match (self.by, language) {
            (ModeReason::Language, Some(language)) => format!("mode {}: that of {language}", self.mode),
            (ModeReason::Language | ModeReason::NoLanguage, _) => {
                format!("mode {}: a file of no known language is data", self.mode)
            }
        }
    }
}

impl RoleVerdict {
    fn words(&self) -> String {
        let why = match &self.by {
            RoleReason::Directory(name) => format!("a directory above it is called `{name}`"),
            RoleReason::Root(name) => format!("the first directory of its path is `{name}`, with others below"),
            RoleReason::Name(name) => format!("its name is `{name}`"),
            RoleReason::NameStarts(text) => format!("its name starts with `{text}`"),
            RoleReason::NameEnds(text) => format!("its name ends with `{text}`"),
            RoleReason::StemEnds(text) => format!("its name without the extension ends with `{text}`"),
            RoleReason::Comment => "a comment among its first lines says that a program wrote it".to_owned(),
            RoleReason::LongLines => "more than half of it stands in very long lines".to_owned(),
            RoleReason::Nothing => "no rule knows another".to_owned(),
        };
        format!("role {}: {why}", self.role)
    }
}
