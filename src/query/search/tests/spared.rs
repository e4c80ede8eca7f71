//! What is not read for an answer: the statistics of segments without a candidate. And who reads the lists.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::thread::ThreadId;

use proptest::prelude::*;

use super::model::{any_query, corpus, distribute};
use crate::base::{ByteSource, Digest, Mode};
use crate::query::error::QueryError;
use crate::query::pieces::{Pieces, RepoEntry};
use crate::query::search::{RepoStatus, SearchAnswer, SearchRequest, search};
use crate::query::testing::{Spec, World, chunk};
use crate::store::{BuildRoot, SegmentList};

/// The artifacts of `table` that were opened for the answer to `request`, and the answer.
fn opened(world: &World, table: &str, request: &SearchRequest) -> (BTreeSet<Digest>, SearchAnswer) {
    world.opened.lock().unwrap().clear();
    let answer = search(world, request).unwrap();
    let places = world.places();
    let opened = world.opened.lock().unwrap();
    let of_table = opened.iter().filter(|artifact| places[*artifact].0 == table);
    (of_table.copied().collect(), answer)
}

fn all(world: &World, table: &str) -> BTreeSet<Digest> {
    world.places().into_iter().filter(|(_, (of, _))| of == table).map(|(artifact, _)| artifact).collect()
}

/// Five repositories; `zebra` is a word of one of them. No two have equal lengths, so that none shares an artifact.
fn five() -> World {
    let repo = |at: usize| {
        let word = if at == 3 { "zebra" } else { "order" };
        let text = format!("fn serve_{at}() {{ {word} common {}}}", "more ".repeat(at));
        Spec::new(
            &format!("r{at}"),
            vec![(Mode::Code, vec![vec![chunk(&format!("p{at}/a.rs"), 1, "text", "", &text)]])],
        )
    };
    World::of(&(0..5).map(repo).collect::<Vec<_>>())
}

#[test]
fn statistics_are_read_where_a_chunk_can_be_a_hit() {
    for (query, read) in [
        ("zebra", 1),
        ("+zebra common", 1),
        ("common", 5),
        ("common -zebra", 5),
        ("zebra OR order", 5),
        ("common AND zebra", 1),
        // A condition that signs do not say is asked of the postings first.
        ("common AND NOT (order AND more)", 2),
        ("-zebra", 5),
        ("p3/a.rs", 5),
        ("\"common\"", 0),
        ("\"common\" zebra", 1),
    ] {
        let (stats, answer) = opened(&five(), "chunk_stats", &SearchRequest::new(query));
        assert_eq!((stats.len(), answer.hits.is_empty()), (read, false), "{query}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Whatever there stands in them: where they are gone, the answer is the same, and none counts as failed.
    #[test]
    fn statistics_that_are_not_read_move_no_byte_of_an_answer(
        files in corpus(),
        cuts in prop::collection::vec(any::<u8>(), 9),
        query in prop_oneof![3 => any_query(), 1 => Just("\"parse\" config".to_owned()), 1 => Just("p1/a.rs".to_owned())],
        explain in any::<bool>(),
    ) {
        let mut world = distribute(&files, &cuts);
        let request = SearchRequest { explain, files: !explain, ..SearchRequest::new(query) };
        let (read, expected) = opened(&world, "chunk_stats", &request);
        world.lost = all(&world, "chunk_stats").difference(&read).copied().collect();
        let answer = search(&world, &request).unwrap();
        prop_assert_eq!(serde_json::to_string(&answer).unwrap(), serde_json::to_string(&expected).unwrap());
        prop_assert!(answer.repos.iter().all(|repo| repo.status == RepoStatus::Ok));
    }
}

/// A world that notes which threads read lists.
struct Watched(World, Mutex<BTreeMap<String, ThreadId>>);

impl Pieces for Watched {
    fn repos(&self) -> Vec<RepoEntry> {
        self.0.repos()
    }

    fn build(&self, repo: &str) -> Result<BuildRoot, QueryError> {
        self.0.build(repo)
    }

    fn list(&self, repo: &str, list: &Digest) -> Result<SegmentList, QueryError> {
        // Long enough for each thread to come by.
        std::thread::sleep(std::time::Duration::from_millis(5));
        self.1.lock().unwrap().insert(repo.to_owned(), std::thread::current().id());
        self.0.list(repo, list)
    }

    fn object(&self, artifact: &Digest) -> Result<Arc<dyn ByteSource>, QueryError> {
        self.0.object(artifact)
    }
}

#[test]
fn lists_of_many_repositories_are_read_by_many_threads_and_a_few_by_one() {
    let of = |count: usize| {
        let repo = |at: usize| {
            let rows = vec![chunk("a.rs", 1, "text", "", "needle")];
            Spec::new(&format!("r{at:02}"), vec![(Mode::Code, vec![rows])])
        };
        let world = Watched(World::of(&(0..count).map(repo).collect::<Vec<_>>()), Mutex::default());
        let answer = search(&world, &SearchRequest { threads: 4, ..SearchRequest::new("needle") }).unwrap();
        let names: Vec<String> = answer.repos.into_iter().map(|repo| repo.name).collect();
        assert!(names.len() == count && names.is_sorted());
        let threads: Vec<ThreadId> = world.1.into_inner().unwrap().into_values().collect();
        (threads.len(), threads.iter().all(|thread| *thread == std::thread::current().id()))
    };
    assert_eq!(of(7), (7, true));
    assert_eq!(of(32), (32, false));
}
