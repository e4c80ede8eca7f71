//! Threads that have nothing to do. Most runs have more actions than threads; the run after an edit has one or two, and
//! the merge of a segment is most of it. Such an action reads, checks and encodes its tables on the threads that no
//! other action is on.
//!
//! These are threads of their own and not the pool's: a thread of the pool that waits takes other work meanwhile, and that
//! may wait for what it has in hand.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::base::parallel;

use super::failure::Failure;

/// The threads of a run.
pub struct Crew {
    all: usize,
    busy: AtomicUsize,
}

/// A thread that is on an action, until this goes out of scope.
pub struct Working<'a>(&'a Crew);

impl Crew {
    pub fn new(threads: usize) -> Self {
        Self { all: threads, busy: AtomicUsize::new(0) }
    }

    /// This thread begins an action.
    pub fn work(&self) -> Working<'_> {
        self.busy.fetch_add(1, Ordering::Relaxed);
        Working(self)
    }

    /// `each` over all items, for one action: on its own thread and on those that have nothing to do at this moment.
    /// Of several failures, that of the first item.
    pub fn share<T: Sync, R: Send>(
        &self,
        items: &[T],
        each: impl Fn(&T) -> Result<R, Failure> + Sync,
    ) -> Result<Vec<R>, Failure> {
        let idle = self.all.saturating_sub(self.busy.load(Ordering::Relaxed));
        parallel::map(1 + idle, items, each).into_iter().collect()
    }
}

impl Drop for Working<'_> {
    fn drop(&mut self) {
        self.0.busy.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::thread;

    use super::*;

    /// The threads that five items were worked on by.
    fn threads(crew: &Crew) -> usize {
        let seen = Mutex::new(std::collections::BTreeSet::new());
        // Each waits a little, so that no thread takes all of them.
        let each = |item: &u32| {
            seen.lock().unwrap().insert(format!("{:?}", thread::current().id()));
            thread::yield_now();
            thread::sleep(std::time::Duration::from_millis(20));
            Ok(*item)
        };
        assert_eq!(crew.share(&[1, 2, 3, 4, 5], each).unwrap(), [1, 2, 3, 4, 5]);
        seen.into_inner().unwrap().len()
    }

    #[test]
    fn an_action_takes_the_threads_that_no_other_is_on() {
        let crew = Crew::new(2);
        let _this = crew.work();
        assert_eq!(threads(&crew), 2);
        let other = crew.work();
        assert_eq!(threads(&crew), 1);
        drop(other);
        assert_eq!(threads(&crew), 2);
    }

    #[test]
    fn of_several_failures_the_first_item_tells() {
        let crew = Crew::new(4);
        let fail = |item: &u32| if *item > 1 { Err(Failure::bug(&format!("{item}"), "")) } else { Ok(()) };
        for _ in 0..20 {
            let failure = crew.share(&[1, 2, 3], fail).unwrap_err();
            assert!(failure.to_string().contains('2'), "{failure}");
        }
    }
}
