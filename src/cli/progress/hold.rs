//! Silence until there is something to do: a build that finds nothing changed answers in one line.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use sawmill::ops::build::{Event, Listener};

/// Keeps back what is not worth a line when no work follows, and lets it go with the first work.
pub struct Hold {
    inner: Listener,
    /// `None` once work was seen.
    kept: Mutex<Option<Vec<Event>>>,
    /// Lines about scans are kept too; bars want to hear of them at once.
    scans: bool,
}

impl Hold {
    pub fn new(inner: Listener, scans: bool) -> Self {
        Self { inner, kept: Mutex::new(Some(Vec::new())), scans }
    }

    pub fn see(&self, event: Event) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let work = match &event {
            Event::Planned { actions, .. } => *actions > 0,
            Event::ActionFinished(_) | Event::Publishing => true,
            _ => false,
        };
        if work {
            self.release(&mut kept);
        }
        match &mut *kept {
            _ if event.is_of_the_moment() => (self.inner)(event),
            Some(kept) if matches!(event, Event::Notice { .. }) || self.scans => kept.push(event),
            _ => (self.inner)(event),
        }
    }

    /// The end: what was kept is told where something happened, and dropped where nothing did.
    pub fn close(&self, nothing_happened: bool) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if !nothing_happened {
            self.release(&mut kept);
        }
    }

    fn release(&self, kept: &mut Option<Vec<Event>>) {
        for event in kept.take().into_iter().flatten() {
            (self.inner)(event);
        }
    }
}

impl fmt::Debug for Hold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hold").field("scans", &self.scans).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn heard(events: Vec<Event>, nothing_happened: bool) -> Vec<Event> {
        let told: Arc<Mutex<Vec<Event>>> = Arc::default();
        let listener = Arc::clone(&told);
        let hold = Hold::new(Arc::new(move |event| listener.lock().unwrap().push(event)), true);
        for event in events {
            hold.see(event);
        }
        hold.close(nothing_happened);
        let told = told.lock().unwrap();
        told.clone()
    }

    fn scanned() -> Event {
        Event::Scanned { repo: "api".into(), files: 1, bytes: 2, hashed: 0 }
    }

    #[test]
    fn a_run_without_work_is_silent() {
        assert_eq!(heard(vec![scanned(), Event::Current { repo: "api".into() }], true), []);
    }

    #[test]
    fn the_first_work_lets_everything_out_in_order() {
        let events = vec![scanned(), Event::Planned { repo: "api".into(), actions: 2 }, Event::Publishing];
        assert_eq!(heard(events.clone(), false), events);
    }

    #[test]
    fn a_run_that_fails_before_any_work_tells_what_it_saw() {
        assert_eq!(heard(vec![scanned()], false), [scanned()]);
    }
}
