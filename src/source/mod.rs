//! Repositories as trees.

mod language;
mod model;
mod role;
mod rules;

pub use language::{
    BadMap, DETECTION_VERSION, Detected, Language, LanguageMap, LanguageRule, detect, detect_bytes, known_languages,
    language, shebang_language,
};
pub use model::{FileContent, Notice, Scan, ScanRequest, Segment, Shard, SourceFile};
pub use role::Role;
pub use rules::{BadRule, Rule, Rules, Verdict};
