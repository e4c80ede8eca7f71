use miette::{Diagnostic, NamedSource, SourceSpan};
use sawmill::base::Tier;

use super::*;
use crate::cli::paint::Paint;

#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("unknown key `re\u{1b}[2Jpos`")]
#[diagnostic(code(sawmill::config::unknown_key), help("did you mean `repos`?"))]
struct Unknown {
    #[source_code]
    text: NamedSource<String>,
    #[label("this key")]
    at: SourceSpan,
    #[source]
    cause: std::io::Error,
}

#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("2 mistakes")]
#[diagnostic(code(sawmill::config::invalid))]
struct Many {
    #[related]
    all: Vec<Unknown>,
}

fn unknown() -> Unknown {
    Unknown {
        text: NamedSource::new("work\u{202e}space.yaml", "version: 1\nné: \u{1b}[31mre\u{9b}pos: 1\n".to_owned()),
        at: (21, 2).into(),
        cause: std::io::Error::other("because\u{7}"),
    }
}

fn output(unicode: bool) -> Output {
    Output {
        json: false,
        quiet: false,
        verbose: false,
        pager: false,
        terminal: false,
        paint: Paint::plain(),
        err_paint: Paint::plain(),
        live: false,
        unicode,
        width: 80,
        height: None,
    }
}

#[test]
fn no_control_character_of_a_file_reaches_the_terminal() {
    let failure = Failure::new(Tier::User, &Many { all: vec![unknown(), unknown()] });
    for unicode in [true, false] {
        let text = failure.render(&output(unicode));
        assert!(!text.chars().any(|c| c != '\n' && (c.is_control() || c == '\u{202e}')), "{text:?}");
        assert!(text.contains("this key") && text.contains("did you mean"), "{text}");
    }
}

#[test]
fn related_diagnostics_come_one_after_another_and_the_sum_last() {
    let text = Failure::new(Tier::User, &Many { all: vec![unknown(), unknown()] }).render(&output(true));
    assert_eq!(text.matches("did you mean").count(), 2, "{text}");
    assert!(text.trim_end().ends_with("2 mistakes"), "{text}");
}

#[test]
fn a_terminal_without_unicode_gets_none() {
    let text = Failure::new(Tier::User, &unknown()).render(&output(false));
    let drawn: String = text.chars().filter(|c| !c.is_ascii()).collect();
    assert_eq!(drawn, "␛é", "only the file's own letters and the sign for escape");
}

#[test]
fn the_json_object_says_code_message_help_and_places() {
    let json = serde_json::to_value(Failure::new(Tier::User, &unknown()).report()).unwrap();
    assert_eq!(json["ok"], false);
    let error = &json["error"];
    assert_eq!(error["code"], "sawmill::config::unknown_key");
    assert_eq!(error["message"], "unknown key `re␛[2Jpos`: because\\u{7}");
    assert_eq!(error["help"], "did you mean `repos`?");
    assert_eq!(error["labels"][0]["line"], 2);
    assert_eq!(error["labels"][0]["column"], 10);
    assert_eq!(error.get("related"), None);
}

#[test]
fn a_label_outside_its_text_costs_the_picture_and_not_the_words() {
    let broken = Unknown { at: (4000, 2).into(), ..unknown() };
    let text = Failure::new(Tier::User, &broken).render(&output(true));
    assert!(text.contains("unknown key"), "{text}");
    let json = serde_json::to_value(Failure::new(Tier::User, &broken).report()).unwrap();
    assert_eq!(json["error"]["labels"][0]["offset"], 4000);
}
