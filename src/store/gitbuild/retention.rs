//! Which builds of commits are old.

use std::collections::BTreeMap;
use std::time::Duration;

use super::record::GitBuild;
use crate::base::Timestamp;

/// How many builds of commits are kept: those that are within both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GitRetention {
    /// Newest ones, of each repository.
    pub keep: usize,
    pub max_age: Duration,
}

impl GitRetention {
    /// The builds that are not kept: beyond the count, or older than the age. The oldest first, then by repository and
    /// commit.
    pub fn expired<'r>(&self, records: &'r [GitBuild], now: Timestamp) -> Vec<&'r GitBuild> {
        let mut by_repo: BTreeMap<&str, Vec<&GitBuild>> = BTreeMap::new();
        for record in records {
            by_repo.entry(&record.repo).or_default().push(record);
        }
        let mut expired = Vec::new();
        for mut of_repo in by_repo.into_values() {
            // Of several of one moment those stay that come last: the rest goes in the order of its names.
            of_repo.sort_unstable_by(|a, b| (b.created_at, &b.commit).cmp(&(a.created_at, &a.commit)));
            let is_old = |record: &GitBuild| now.since(record.created_at) > self.max_age;
            expired.extend(
                of_repo.into_iter().enumerate().filter(|(at, r)| *at >= self.keep || is_old(r)).map(|(_, r)| r),
            );
        }
        expired.sort_unstable_by(|a, b| (a.created_at, &a.repo, &a.commit).cmp(&(b.created_at, &b.repo, &b.commit)));
        expired
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::store::RepoProvenance;

    const DAY: i64 = 86_400_000_000_000;

    fn build(repo: &str, commit: &str, day: i64) -> GitBuild {
        GitBuild {
            format: 1,
            repo: repo.to_owned(),
            commit: commit.repeat(40 / commit.len()),
            build: "b-000000000000".to_owned(),
            created_at: Timestamp(day * DAY),
            provenance: RepoProvenance::default(),
        }
    }

    fn expired(keep: usize, days: u64, records: &[GitBuild], today: i64) -> Vec<String> {
        let retention = GitRetention { keep, max_age: Duration::from_secs(days * 86_400) };
        let expired = retention.expired(records, Timestamp(today * DAY));
        expired.iter().map(|r| format!("{}{}", r.repo, &r.commit[..1])).collect()
    }

    #[test]
    fn a_build_is_kept_within_the_count_and_the_age() {
        let records = [build("x", "a", 1), build("x", "b", 8), build("x", "c", 9), build("y", "d", 2)];
        assert_eq!(expired(10, 30, &records, 10), [""; 0]);
        assert_eq!(expired(2, 30, &records, 10), ["xa"], "the count is of each repository");
        assert_eq!(expired(10, 8, &records, 10), ["xa"], "eight days are not more than eight");
        assert_eq!(expired(1, 7, &records, 10), ["xa", "yd", "xb"], "the oldest first");
        assert_eq!(expired(0, 30, &records, 10), ["xa", "yd", "xb", "xc"]);
    }

    #[test]
    fn of_one_moment_the_first_commits_go_first() {
        let records = [build("x", "c", 5), build("x", "a", 5), build("x", "b", 5)];
        assert_eq!(expired(1, 30, &records, 6), ["xa", "xb"]);
    }

    proptest! {
        #[test]
        fn what_is_kept_is_young_and_few_and_newer_than_what_the_count_expired(
            days in prop::collection::vec((0..3_usize, 0..40_i64), 0..30), keep in 0..8_usize, age in 0..40_u64,
        ) {
            let name = |at: usize| format!("{at:02}");
            let records: Vec<GitBuild> =
                days.iter().enumerate().map(|(at, (repo, day))| build(&"xyz"[*repo..=*repo], &name(at), *day)).collect();
            let retention = GitRetention { keep, max_age: Duration::from_secs(age * 86_400) };
            let expired = retention.expired(&records, Timestamp(40 * DAY));
            prop_assert!(expired.is_sorted_by_key(|r| r.created_at));
            for repo in ["x", "y", "z"] {
                let kept: Vec<_> = records.iter().filter(|r| r.repo == repo && !expired.contains(r)).collect();
                prop_assert!(kept.len() <= keep);
                prop_assert!(kept.iter().all(|r| 40 * DAY - r.created_at.0 <= age as i64 * DAY));
                let young = expired.iter().filter(|r| r.repo == repo && 40 * DAY - r.created_at.0 <= age as i64 * DAY);
                for gone in young {
                    prop_assert!(kept.len() == keep && kept.iter().all(|r| r.created_at >= gone.created_at));
                }
            }
        }
    }
}
