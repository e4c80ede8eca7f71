//! Which old builds an answer comes from, said beside the answer.

use sawmill::base::Timestamp;
use sawmill::ops::StaleRepo;

use super::human;
use super::output;
use super::sanitize;
use super::shell::Shell;

/// A line on standard error for each stale repository of an answer: how old its build is, and why there is none
/// newer. `--quiet` silences it; JSON has the same as `stale`.
pub fn note(shell: &Shell, stale: &[StaleRepo]) {
    if shell.output.quiet || shell.output.json {
        return;
    }
    for repo in stale {
        let warning = shell.output.err_paint.warn("stale");
        output::insist(&format!("{warning} {}", line(repo, shell.clock.now())));
    }
}

fn line(repo: &StaleRepo, now: Timestamp) -> String {
    let StaleRepo { repo: name, built_at, since, failure, .. } = repo;
    let built = built_at.map_or_else(|| "of an unknown time".to_owned(), |at| format!("of {}", human::ago(at, now)));
    let since = since.map_or_else(String::new, |at| format!("; newer ones fail since {}", human::ago(at, now)));
    let why = failure.as_ref().map_or_else(String::new, |why| format!(": {}", sanitize::name(why)));
    format!("{}: answers from its build {built}{since}{why}", sanitize::name(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stale_repository_is_named_with_its_age_and_the_reason() {
        let at = |s| Some(Timestamp::from_seconds(s, 0));
        let repo = StaleRepo {
            repo: "web".into(),
            build: "b-1".into(),
            failure: Some("gone\u{1b}".into()),
            built_at: at(0),
            since: at(7200),
        };
        let said = line(&repo, Timestamp::from_seconds(10_800, 0));
        assert_eq!(said, "web: answers from its build of 3 hours ago; newer ones fail since 1 hour ago: gone␛");
        let unknown = StaleRepo { failure: None, built_at: None, since: None, ..repo };
        assert_eq!(line(&unknown, Timestamp::default()), "web: answers from its build of an unknown time");
    }
}
