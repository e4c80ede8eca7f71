//! Every constant of ranking.
//!
//! One profile ranks queries that name something (intent `symbol`, `path`, `literal`), another sentences. The defaults
//! were chosen by coordinate search on the tuning repositories of `tests/bench/quality`. What a field's line says it
//! brings is in nDCG@10 there: of `symbol` questions for names, 0.6 × `doc` + 0.4 × `commit` for sentences. A request carries its weights so that the bench varies them; nothing else does.

use serde::{Deserialize, Serialize};

use super::intent::IntentKind;
use crate::nodes::index::{FIELDS, Field};

/// By a field's number: name, signature, doc, body, path.
type PerField = [f64; FIELDS.len()];

/// Saturation of the lines that match a literal or an expression: the customary one. No set of judgements asks for texts, so
/// that it is not varied.
pub const LINES_K1: f64 = 1.2;

/// The constants of ranking, by what a query looks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    pub name: Profile,
    pub sentence: Profile,
    /// Most hits of one file.
    pub hits_per_file: usize,
    /// Factors, of at most 1, where a literal or an expression is looked for: for a chunk in whose name it is, without
    /// being the name, and for one in whose name it is not.
    pub literal_in_name: f64,
    pub literal_elsewhere: f64,
}

/// How one sort of query is ranked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Saturation of BM25F. The customary 1.2 measured 0.005 lower in sentences, and 0.003 lower for names.
    pub k1: f64,
    /// Weight of each field. Documentation measured better still below 1.2: the sets look for functions without any, so
    /// it stays there.
    pub weights: PerField,
    /// How much a field's length counts.
    pub lengths: PerField,
    /// A part of `parse_config`, beside the whole: names lose 0.114 without, sentences 0.011.
    pub part: f64,
    /// A name by its stem: 0.003 and 0.007.
    pub stem: f64,
    /// Another form of the word (`parsed` for `parse`) where text is not stemmed: 0.002 and 0.011.
    pub forms: f64,
    /// `config` for `configuration` and the reverse: sentences lose 0.006 without; names gain 0.002 without.
    pub short: f64,
    /// `make` for `create`, in names: sentences lose 0.008 without.
    pub synonym: f64,
    /// `parse_config` for `ParseConfig`: names lose 0.097 without.
    pub style: f64,
    /// A term that begins with a word that is in no chunk: names lose 0.166 without, sentences 0.001.
    pub prefix: f64,
    /// Is a word that no definition is called tried as a beginning too?
    pub prefix_of_names: bool,
    /// Two neighbouring words as one name (`config_file`): sentences lose 0.002 without. This stands for proximity, which
    /// postings without positions do not know.
    pub pair: f64,
    /// Words such as `the`; 0 leaves them out. With them as words, sentences lose 0.043.
    pub filler: f64,
    /// What a chunk keeps of its score that holds next to none of the words: with 1, no coverage, sentences lose 0.011.
    pub coverage_floor: f64,
    /// How much of a word's share in the coverage goes by its idf: sentences lose 0.004 without.
    pub coverage_idf: f64,
    /// A word of which only parts match counts at most this much as matched.
    pub part_coverage: f64,
    /// What a chunk gains whose name is the query: names lose 0.019 without; sentences gain 0.003 without.
    pub exact: f64,
    /// What a chunk gains whose name's words are all in the query and are all of the query: sentences lose 0.025 without;
    /// names gain 0.005 without.
    pub naming: f64,
    /// How much of both a chunk without a name gains in whose signature the word is: one of several small definitions.
    /// Names lose 0.018 without, sentences 0.004.
    pub listed: f64,
    /// What a chunk gains in which the definition of a qualified name begins (`Mutex::lock`): without both, qualified
    /// names lose 0.035.
    pub scope: f64,
    /// What one gains that defines its last name, where the one before is in its path, or around it.
    pub scope_near: f64,
    /// What a chunk gains whose file holds words that it lacks: sentences lose 0.015 without.
    pub family: f64,
    /// Factors, of at most 1, for the roles of files. Without the one for tests, names lose 0.004 and sentences 0.009.
    pub test: f64,
    pub vendored: f64,
    pub generated: f64,
    pub minified: f64,
    pub documentation: f64,
    /// Factors, of at most 1, for kinds of chunks: stretches between definitions, pieces of something split, small
    /// definitions together, sections of prose, keys and values of data, what implements or extends a type, members of
    /// types, and the type's or module's head. Names lose 0.009 without that for `impl`, and less than 0.003 without each other; modules and
    /// groups after other definitions, they lose 0.001 to 0.003.
    pub text: f64,
    pub piece: f64,
    pub group: f64,
    pub section: f64,
    pub data: f64,
    pub block: f64,
    pub member: f64,
    pub head: f64,
}

impl Weights {
    pub fn of(&self, intent: IntentKind) -> &Profile {
        match intent {
            IntentKind::Symbol | IntentKind::Path | IntentKind::Literal => &self.name,
            IntentKind::NaturalLanguage | IntentKind::Listing => &self.sentence,
        }
    }
}

impl Profile {
    /// Weight and length normalization of a field.
    pub fn field(&self, field: Field) -> (f64, f64) {
        let at = usize::from(field.number());
        (self.weights[at], self.lengths[at])
    }

    /// What people look for is seldom in tests, and least in what tools wrote.
    pub fn role(&self, role: Option<&str>) -> f64 {
        match role {
            Some("test") => self.test.min(1.0),
            Some("vendored") => self.vendored.min(1.0),
            Some("generated") => self.generated.min(1.0),
            Some("minified") => self.minified.min(1.0),
            Some("documentation") => self.documentation.min(1.0),
            _ => 1.0,
        }
    }

    /// A definition before what stands around it.
    pub fn kind(&self, kind: &str) -> f64 {
        match kind {
            "text" | "comment" => self.text.min(1.0),
            "part" | "fence" => self.piece.min(1.0),
            "group" => self.group.min(1.0),
            "section" => self.section.min(1.0),
            "key" | "field" | "variable" => self.data.min(1.0),
            "impl" | "extension" | "constructor" => self.block.min(1.0),
            "method" | "property" => self.member.min(1.0),
            "head" => self.head.min(1.0),
            "test" => self.test.min(1.0),
            _ => 1.0,
        }
    }
}

impl Default for Weights {
    fn default() -> Self {
        Self { name: NAME, sentence: SENTENCE, hits_per_file: 3, literal_in_name: 0.6, literal_elsewhere: 0.45 }
    }
}

const NAME: Profile = Profile {
    k1: 0.45,
    weights: [25.6, 2.0, 1.3, 0.65, 1.5],
    lengths: [0.4, 0.45, 0.6, 0.75, 0.4],
    part: 0.4,
    stem: 0.7,
    forms: 0.3,
    short: 0.0,
    synonym: 0.0,
    style: 0.9,
    prefix: 0.5,
    prefix_of_names: true,
    pair: 0.0,
    filler: 1.0,
    coverage_floor: 0.5,
    coverage_idf: 0.0,
    part_coverage: 0.75,
    exact: 0.36,
    naming: 0.0,
    listed: 0.9,
    scope: 2.0,
    scope_near: 0.6,
    family: 0.0,
    test: 0.75,
    vendored: 0.6,
    generated: 0.5,
    minified: 0.3,
    documentation: 0.6,
    text: 0.42,
    piece: 0.75,
    group: 1.0,
    section: 0.48,
    data: 0.9,
    block: 0.8,
    member: 0.98,
    head: 1.0,
};

const SENTENCE: Profile = Profile {
    k1: 2.4,
    weights: [8.0, 2.6, 1.2, 1.0, 1.6],
    lengths: [0.6, 0.9, 0.9, 0.75, 0.4],
    part: 0.4,
    stem: 0.7,
    forms: 1.0,
    short: 0.8,
    synonym: 0.18,
    style: 0.9,
    prefix: 0.3,
    prefix_of_names: false,
    pair: 0.3,
    filler: 0.0,
    coverage_floor: 0.65,
    coverage_idf: 0.5,
    part_coverage: 0.75,
    exact: 0.0,
    naming: 1.0,
    listed: 0.5,
    scope: 1.0,
    scope_near: 0.3,
    family: 0.3,
    test: 0.75,
    vendored: 0.6,
    generated: 0.5,
    minified: 0.3,
    documentation: 0.85,
    text: 0.95,
    piece: 1.0,
    group: 1.0,
    section: 0.8,
    data: 0.8,
    block: 1.0,
    member: 1.0,
    head: 1.0,
};

#[cfg(test)]
mod tests {
    use super::*;

    /// The best are taken without reading the rows of the others: that holds only while no factor raises a score.
    #[test]
    fn no_factor_that_comes_with_a_row_is_above_one() {
        let huge: Profile = Profile { test: 7.0, text: 7.0, data: 7.0, head: 7.0, documentation: 7.0, ..SENTENCE };
        for profile in [NAME, SENTENCE, huge] {
            for role in ["source", "test", "vendored", "generated", "minified", "documentation"] {
                assert!(profile.role(Some(role)) <= 1.0);
            }
            for kind in ["function", "text", "part", "group", "section", "key", "impl", "head", "test", "rest"] {
                assert!(profile.kind(kind) <= 1.0);
            }
        }
    }

    #[test]
    fn weights_are_read_as_they_are_written_and_an_unknown_one_is_an_error() {
        let written = serde_json::to_string(&Weights::default()).unwrap();
        assert_eq!(serde_json::from_str::<Weights>(&written).unwrap(), Weights::default());
        assert!(serde_json::from_str::<Weights>(&written.replacen("\"k1\"", "\"k2\"", 1)).is_err());
    }
}
