use proptest::prelude::*;

use super::*;
use crate::base::Timestamp;

const DAY: i64 = 86_400;

fn diff(id: u8, day: i64, automatic: bool, bytes: u64) -> KeptDiff {
    KeptDiff { id: format!("diff_{id:016x}"), created_at: Timestamp::from_seconds(day * DAY, 0), automatic, bytes }
}

proptest! {
    #[test]
    fn what_is_kept_is_young_within_its_count_and_newer_than_what_goes(
        given in prop::collection::vec((0_i64..40, any::<bool>(), 0_u64..100), 0..30),
        keep in 0_u32..6, keep_automatic in 0_u32..6, age in 0_u32..50, bytes in prop::option::of(0_u64..600),
    ) {
        let diffs: Vec<KeptDiff> = given.iter().zip(0..).map(|((day, auto, bytes), id)| diff(id, *day, *auto, *bytes)).collect();
        let rules = KeepDiffs { keep, keep_automatic, max_age_days: age, max_total_bytes: bytes };
        let now = Timestamp::from_seconds(40 * DAY, 0);
        let going = diffs_to_remove(&diffs, rules, now);
        let kept: Vec<&KeptDiff> = diffs.iter().filter(|diff| !going.contains(&diff.id)).collect();
        for automatic in [false, true] {
            let most = if automatic { keep_automatic } else { keep };
            prop_assert!(kept.iter().filter(|diff| diff.automatic == automatic).count() <= most as usize);
        }
        prop_assert!(kept.iter().all(|diff| now.since(diff.created_at).as_secs() < u64::from(age) * 86_400));
        prop_assert!(bytes.is_none_or(|most| kept.iter().map(|diff| diff.bytes).sum::<u64>() <= most));
        // Of one sort, nothing that goes is newer than something that stays.
        let key = |diff: &KeptDiff| (diff.created_at, diff.id.clone());
        for gone in diffs.iter().filter(|diff| going.contains(&diff.id)) {
            let newer = kept.iter().filter(|diff| diff.automatic == gone.automatic).all(|kept| key(kept) > key(gone));
            prop_assert!(newer, "{gone:?}");
        }
    }
}
