//! HEAD, links, temporaries, quarantine: what the survey and the census of the store tell.

use crate::store::verify::{Amount, Census, Finding, Record, Survey};

use super::report::Check;

/// The checks that findings of the survey fall under, and what each says when there is none.
const GROUPS: [(&str, &str, &[Record]); 6] = [
    ("format", "cache and state have formats that this version knows", &[Record::Format]),
    (
        "HEAD",
        "the generation and its manifests are whole",
        &[Record::Head, Record::Generation, Record::Provenance, Record::BuildRoot, Record::List],
    ),
    ("links", "`latest` and its views lead to HEAD's generation", &[Record::Latest, Record::View]),
    ("memo", "every piece of the memo is whole", &[Record::MemoPiece]),
    ("ledger", "every piece of the ledger is whole", &[Record::LedgerPiece]),
    (
        "registrations",
        "records of this machine are whole",
        &[Record::Registration, Record::Holder, Record::Stamp, Record::StatCache, Record::Decisions],
    ),
];

pub fn records(survey: &Survey, checks: &mut Vec<Check>) {
    if survey.generation.is_none() && survey.findings.is_empty() {
        checks.push(Check::warning("HEAD", "nothing was built yet", "run `sawmill build`"));
        return;
    }
    for (name, fine, records) in GROUPS {
        let found: Vec<&Finding> = survey.findings.iter().filter(|f| records.contains(&f.record)).collect();
        checks.push(match found.as_slice() {
            [] => Check::ok(name, fine),
            [first, rest @ ..] => {
                let more = if rest.is_empty() { String::new() } else { format!(", and {} more", rest.len()) };
                let message = format!("{}: {}{more}", first.name, first.message);
                // Without HEAD nothing can be read; the others cost time only.
                if name == "HEAD" || name == "format" {
                    Check::problem(name, message, "run `sawmill verify`, then `sawmill build`")
                } else {
                    Check::warning(name, message, "run `sawmill build`: it is repaired")
                }
            }
        });
    }
}

pub fn census(census: &Census, checks: &mut Vec<Check>) {
    let said = |amount: Amount| {
        let files = if amount.files == 1 { "file" } else { "files" };
        format!("{} {files}, {} kB", amount.files, ((amount.bytes + 500) / 1000).max(1))
    };
    checks.push(match census.temporaries {
        Amount { files: 0, .. } => Check::ok("temporaries", "none"),
        some => Check::warning(
            "temporaries",
            format!("{}: of a build that runs now, or of a killed one", said(some)),
            "the next `sawmill build` removes what was left",
        ),
    });
    checks.push(match census.quarantined {
        Amount { files: 0, .. } => Check::ok("quarantine", "empty"),
        some => Check::warning(
            "quarantine",
            format!("{} were damaged and set aside", said(some)),
            "check the disk; `sawmill clear` drops them with everything else",
        ),
    });
}
