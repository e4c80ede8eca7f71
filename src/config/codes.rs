//! Every diagnostic code of this folder.

/// Declares codes and the list of them.
macro_rules! diagnostic_codes {
    ($area:literal: $( $(#[doc = $doc:literal])* $name:ident $tier:ident $short:literal; )*) => {
        $(
            $(#[doc = $doc])*
            pub static $name: $crate::config::Code = $crate::config::Code {
                name: concat!("sawmill::", $area, "::", $short),
                tier: $crate::base::Tier::$tier,
                doc: concat!($($doc),*),
            };
        )*

        /// Every code of this folder, for the generated list of errors.
        pub static CODES: &[&$crate::config::Code] = &[$(&$name),*];
    };
}

pub(crate) use diagnostic_codes;

diagnostic_codes! { "config":
    /// There is no workspace file at this path, or the file is something else.
    NOT_A_WORKSPACE User "not_a_workspace";
    /// The file cannot be read.
    UNREADABLE Environment "unreadable";
    /// The file is larger than 1 MiB, or has too many lines or values.
    TOO_LARGE User "too_large";
    /// Values nest deeper than 32 levels.
    TOO_DEEP User "too_deep";
    /// The file has more than 100 aliases, or they multiply into too many values.
    TOO_MANY_ALIASES User "too_many_aliases";
    /// A YAML tag (`!x`); tags have no meaning here.
    CUSTOM_TAG User "custom_tag";
    /// A tab where YAML wants spaces.
    TAB User "tab";
    /// A second YAML document in the file.
    SECOND_DOCUMENT User "second_document";
    /// The file holds nothing.
    EMPTY User "empty";
    /// The text is no YAML.
    SYNTAX User "syntax";
    /// A key stands twice in one mapping.
    DUPLICATE_KEY User "duplicate_key";
    /// A key that is not known at this place.
    UNKNOWN_KEY User "unknown_key";
    /// A key that must be there is not.
    MISSING_KEY User "missing_key";
    /// A value of the wrong type.
    BAD_TYPE User "bad_type";
    /// A number outside its range, or a word that is none of the allowed ones.
    BAD_VALUE User "bad_value";
    /// The file is written for another version of the format.
    BAD_VERSION User "bad_version";
    /// A name that is not allowed.
    BAD_NAME User "bad_name";
    /// Two repositories have one name.
    DUPLICATE_NAME User "duplicate_name";
    /// A repository entry needs either `root` or `glob`.
    ROOT_OR_GLOB User "root_or_glob";
    /// The workspace declares no repository.
    NO_REPOSITORY User "no_repository";
    /// A repository's root is not there.
    MISSING_ROOT User "missing_root";
    /// A repository's root is no directory, or cannot be opened.
    BAD_ROOT User "bad_root";
    /// Two repositories have one root.
    SAME_ROOT User "same_root";
    /// Roots outside the workspace directory are read.
    ROOT_OUTSIDE User "root_outside";
    /// A glob pattern is malformed.
    BAD_GLOB User "bad_glob";
    /// A pattern with braces, which gitignore syntax reads as plain text.
    BRACES User "braces";
    /// `cache:` or `SAWMILL_CACHE` names what cannot be a cache.
    BAD_CACHE User "bad_cache";
    /// A glob matches no directory.
    EMPTY_GLOB User "empty_glob";
    /// A language that is not known.
    UNKNOWN_LANGUAGE User "unknown_language";
    /// A pipeline that has no file.
    UNKNOWN_PIPELINE User "unknown_pipeline";
    /// A pipeline of the wrong scope for this place.
    WRONG_SCOPE User "wrong_scope";
    /// A node that the pipeline does not have.
    UNKNOWN_NODE User "unknown_node";
    /// A parameter that the pipeline does not declare.
    UNKNOWN_PARAM User "unknown_param";
    /// A `${…}` that is not closed or not named.
    BAD_REFERENCE User "bad_reference";
}
