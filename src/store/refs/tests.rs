use super::*;

fn parsed(text: &str) -> String {
    match text.parse::<Ref>() {
        Ok(moment) => format!("{moment:?}"),
        Err(RefError::Invalid { help, .. }) => format!("error: {help}"),
        Err(other) => format!("other error: {other}"),
    }
}

#[test]
fn a_ref_is_a_word_with_a_value_and_the_word_has_no_case() {
    for (text, expected) in [
        ("latest", "Latest"),
        ("  PREVIOUS ", "Previous"),
        ("gen:g-12ab", "Generation(\"g-12ab\")"),
        ("GEN:12ab", "Generation(\"g-12ab\")"),
        ("snap: snap-20261122", "Snapshot(\"snap-20261122\")"),
        ("snap:20261122", "Snapshot(\"snap-20261122\")"),
        ("tag:Release/1.2", "Tag(\"Release/1.2\")"),
        ("build:b-0", "Build(\"b-0\")"),
        ("git:HEAD~3", "Git(\"HEAD~3\")"),
        ("git:v1:x", "Git(\"v1:x\")"),
        ("path:../Frozen", "Path(\"../Frozen\")"),
    ] {
        assert_eq!(parsed(text), expected, "{text}");
    }
}

#[test]
fn what_is_no_ref_is_refused_with_what_was_meant() {
    for (text, help) in [
        ("", "a ref is `latest`"),
        ("lates", "did you mean `latest`?"),
        ("g-12ab", "write `gen:g-12ab`"),
        ("snap-2026", "write `snap:snap-2026`"),
        ("v1.2", "a snapshot's tag is `tag:v1.2`, a revision of git `git:v1.2`"),
        ("tga:v1", "did you mean `tag:v1`?"),
        ("gen:", "nothing follows `gen:`"),
        ("latest:x", "`latest` stands alone"),
        ("zzzzz:x", "a ref is `latest`"),
    ] {
        let told = parsed(text);
        assert!(told.strip_prefix("error: ").is_some_and(|told| told.starts_with(help)), "{text}: {told}");
    }
    let long = "x".repeat(10_000);
    assert!(parsed(&long).len() < 1_000);
}

#[test]
fn no_directory_of_this_machine_is_told() {
    assert_eq!("path:/home/me/frozen".parse::<Ref>().unwrap().redacted(), "path:…");
    assert_eq!("tag:v1".parse::<Ref>().unwrap().redacted(), "tag:v1");
}
