//! What a person may write.

use std::fmt;
use std::str::FromStr;

use super::error::RefError;
use crate::base::suggest::nearest;

/// A moment's name. The word before the colon is read without regard to case, what follows as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ref {
    /// HEAD's generation.
    Latest,
    /// The generation that was HEAD before.
    Previous,
    /// `gen:`: a generation, by its id or the beginning of it.
    Generation(String),
    /// `snap:`: a snapshot, by its id or the beginning of it.
    Snapshot(String),
    /// `tag:`: the newest snapshot with the tag; of equally old ones the one whose id comes last.
    Tag(String),
    /// `build:`: one repository's build, by its id or the beginning of it.
    Build(String),
    /// `git:`: the committed tree of a revision of one repository.
    Git(String),
    /// `path:`: a frozen export, or the state directory of another workspace.
    Path(String),
}

/// The words before a colon, and what follows each.
const FORMS: [(&str, &str); 6] =
    [("gen", "g-…"), ("snap", "snap-…"), ("tag", "TAG"), ("build", "b-…"), ("git", "REVISION"), ("path", "DIR")];

impl Ref {
    /// Does it name a moment of one repository rather than of the workspace?
    pub fn is_of_one_repository(&self) -> bool {
        matches!(self, Self::Build(_) | Self::Git(_))
    }

    /// As a record may keep it: a directory of this machine is not told.
    pub fn redacted(&self) -> String {
        match self {
            Self::Path(_) => "path:…".to_owned(),
            other => other.to_string(),
        }
    }
}

impl fmt::Display for Ref {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Latest => f.write_str("latest"),
            Self::Previous => f.write_str("previous"),
            Self::Generation(id) => write!(f, "gen:{id}"),
            Self::Snapshot(id) => write!(f, "snap:{id}"),
            Self::Tag(tag) => write!(f, "tag:{tag}"),
            Self::Build(id) => write!(f, "build:{id}"),
            Self::Git(rev) => write!(f, "git:{rev}"),
            Self::Path(dir) => write!(f, "path:{dir}"),
        }
    }
}

impl FromStr for Ref {
    type Err = RefError;

    fn from_str(text: &str) -> Result<Self, RefError> {
        let text = text.trim();
        let invalid = |help: String| RefError::Invalid { text: shown(text), help };
        let Some((word, value)) = text.split_once(':') else {
            return match text.to_ascii_lowercase().as_str() {
                "latest" => Ok(Self::Latest),
                "previous" => Ok(Self::Previous),
                _ => Err(invalid(advice(text))),
            };
        };
        let (word, value) = (word.trim().to_ascii_lowercase(), value.trim());
        let of = |prefix: &str| match value.get(..prefix.len()) {
            Some(start) if start == prefix => value.to_owned(),
            _ => format!("{prefix}{value}"),
        };
        if value.is_empty() && FORMS.iter().any(|(known, _)| *known == word) {
            return Err(invalid(format!("nothing follows `{word}:`; {}", forms())));
        }
        match word.as_str() {
            "gen" => Ok(Self::Generation(of("g-"))),
            "snap" => Ok(Self::Snapshot(of("snap-"))),
            "tag" => Ok(Self::Tag(value.to_owned())),
            "build" => Ok(Self::Build(of("b-"))),
            "git" => Ok(Self::Git(value.to_owned())),
            "path" => Ok(Self::Path(value.to_owned())),
            "latest" | "previous" => Err(invalid(format!("`{word}` stands alone"))),
            other => match nearest(other, FORMS.iter().map(|(known, _)| *known)) {
                Some(near) => Err(invalid(format!("did you mean `{near}:{value}`?"))),
                None => Err(invalid(forms())),
            },
        }
    }
}

/// What someone most likely meant who wrote no colon.
fn advice(text: &str) -> String {
    let prefix = [("g-", "gen"), ("snap-", "snap"), ("b-", "build")].into_iter().find(|(id, _)| text.starts_with(id));
    match (prefix, nearest(text, ["latest", "previous"])) {
        _ if text.is_empty() => forms(),
        (Some((_, word)), _) => format!("write `{word}:{}`", shown(text)),
        (None, Some(near)) => format!("did you mean `{near}`?"),
        (None, None) => {
            format!("a snapshot's tag is `tag:{0}`, a revision of git `git:{0}`; {1}", shown(text), forms())
        }
    }
}

fn forms() -> String {
    let named = FORMS.iter().map(|(word, value)| format!("`{word}:{value}`")).collect::<Vec<_>>().join(", ");
    format!("a ref is `latest`, `previous`, {named}")
}

/// Someone may paste anything.
fn shown(text: &str) -> String {
    const MOST: usize = 80;
    let short: String = text.chars().take(MOST).collect();
    if short.len() < text.len() { format!("{short}…") } else { short }
}
