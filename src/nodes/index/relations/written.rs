//! What stands before the name of a reference, as it is read from the file.

use std::borrow::Cow;

use crate::nodes::{Before, References};

/// As [`Before`], with the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    Nothing,
    Own,
    Value,
    Local,
    Tag,
    Path(String),
}

impl Written {
    /// With the number of its text.
    pub fn interned(&self, found: &mut References) -> Before {
        match self {
            Self::Nothing => Before::Nothing,
            Self::Own => Before::Own,
            Self::Value => Before::Value,
            Self::Local => Before::Local,
            Self::Tag => Before::Tag,
            Self::Path(path) => Before::Path(found.intern(path)),
        }
    }
}

/// `A::B.new` makes an `A::B`.
pub fn made<'n>(class: &str, written: String) -> (Cow<'n, str>, String, Written) {
    match class.rsplit_once("::") {
        Some((path, name)) => (name.to_owned().into(), written, Written::Path(path.to_owned())),
        None => (class.to_owned().into(), written, Written::Nothing),
    }
}
