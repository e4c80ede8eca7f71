//! One question, one answer: to the byte, on any number of threads, whatever edits led to the store.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use sawmill::base::json;
use sawmill::ops::search::{self, SearchAnswer, SearchRequest};

use crate::workbench::{Workbench, plant, sample};

/// Questions of every sort.
const QUERIES: [&str; 20] = [
    "add",
    "load_config",
    "load config path",
    "how does a part load its config",
    "+parse -step",
    "Thing5 get_field",
    "app/part_01.py",
    "part_06.py",
    "crate::module_05::add_05",
    "lang:rust kind:function add",
    "path:app/** ext:py text",
    "role:source -lang:python module",
    "kind:function",
    "\"return\"",
    "\"fn \" -\"struct\"",
    "\"os.path.join\" case:no",
    "/def (parse|step)_\\d+/",
    "/.*x.*y/ lang:rust",
    "(parse OR add) AND NOT thing",
    "\"text\" (step OR config)",
];

/// The ways to ask each of them.
fn requests(query: &str, threads: usize) -> Vec<SearchRequest> {
    let plain = SearchRequest { threads, ..SearchRequest::new(query) };
    vec![
        SearchRequest { explain: true, ..plain.clone() },
        SearchRequest { files: true, limit: 50, ..plain.clone() },
        SearchRequest { budget: Some(300), limit: 200, ..plain },
    ]
}

fn answers(bench: &Workbench, threads: usize) -> Vec<String> {
    let context = bench.context();
    let asked = QUERIES.iter().flat_map(|query| requests(query, threads));
    let answer = |request: SearchRequest| {
        let report = search::run(&context, &request).unwrap_or_else(|error| panic!("{}: {error}", request.query));
        format!("{}: {}", request.query, String::from_utf8(json::canonical(&report).unwrap()).unwrap())
    };
    asked.map(answer).collect()
}

#[test]
fn edits_and_threads_change_no_byte_of_any_answer() {
    let mut runner = TestRunner::deterministic();
    let edits = prop::collection::vec((0usize..40, 0usize..4), 1..9);
    for _ in 0..2 {
        let bench = Workbench::new(&["one", "two"]);
        plant(&bench, "one", 30);
        plant(&bench, "two", 12);
        bench.build();
        for round in 0..3 {
            for (file, edit) in edits.new_tree(&mut runner).unwrap().current() {
                let (path, text) = sample(file, edit);
                if edit == 3 {
                    // It may be gone already.
                    let _ = std::fs::remove_file(bench.root("one").join(path));
                } else {
                    bench.write(if file % 3 == round { "two" } else { "one" }, &path, text);
                }
            }
            bench.build();
        }
        let clean = bench.clean_copy();
        clean.build();
        let expected = answers(&clean, 1);
        assert_eq!(answers(&bench, 1), expected, "after edits");
        assert_eq!(answers(&bench, 8), expected, "on eight threads");
    }
}

fn ask(bench: &Workbench, request: &SearchRequest) -> SearchAnswer {
    search::run(&bench.context(), request).unwrap().answer
}

#[test]
fn a_budget_gives_whole_chunks_as_they_stand_in_their_files() {
    let bench = Workbench::new(&["one"]);
    plant(&bench, "one", 20);
    bench.build();
    let free = ask(&bench, &SearchRequest { limit: 200, ..SearchRequest::new("parse add config") });
    for budget in [1, 40, 200, 1000, 100_000] {
        let request = SearchRequest { budget: Some(budget), limit: 200, ..SearchRequest::new("parse add config") };
        let answer = ask(&bench, &request);
        let spent = answer.budget.unwrap();
        assert!(spent.tokens <= budget, "{spent:?}");
        assert_eq!(spent.tokens, answer.hits.iter().filter_map(|hit| hit.tokens).sum::<u64>());
        assert_eq!(answer.hits.len() as u64 + spent.too_large + spent.repeated, free.hits.len() as u64);
        let order = |id: &str| free.hits.iter().position(|hit| hit.chunk_id == id);
        assert!(answer.hits.is_sorted_by_key(|hit| order(&hit.chunk_id).unwrap()), "the best first");
        for hit in &answer.hits {
            let file = std::fs::read_to_string(bench.root("one").join(&hit.path)).unwrap();
            let (from, to) = (hit.start_line as usize - 1, hit.end_line as usize);
            let lines: String = file.split_inclusive('\n').skip(from).take(to - from).collect();
            assert_eq!(hit.text.as_deref(), Some(lines.as_str()), "{}:{}", hit.path, hit.start_line);
        }
    }
    assert!(free.hits.iter().all(|hit| hit.text.is_none() && hit.tokens.is_none()));
}

#[test]
fn a_text_that_stands_in_two_places_is_paid_for_once() {
    let bench = Workbench::new(&["one"]);
    let text = "/// Cuts a log.\npub fn saw_log(length: u32) -> u32 {\n    length / 2\n}\n";
    bench.write("one", "a.rs", text);
    bench.write("one", "vendor/copy/a.rs", text);
    bench.build();
    let answer = ask(&bench, &SearchRequest { budget: Some(1000), ..SearchRequest::new("saw_log") });
    assert_eq!(answer.hits.iter().map(|hit| hit.path.as_str()).collect::<Vec<_>>(), ["a.rs"]);
    assert_eq!(answer.budget.unwrap().repeated, 1);
}

#[test]
fn files_over_the_read_limit_are_counted_where_text_was_asked_for() {
    let bench = Workbench::new(&["one"]);
    plant(&bench, "one", 12);
    for path in ["data/big.py", "data/big.txt"] {
        bench.write("one", path, "needle\n");
        // A hole: it takes no room on the disk.
        let file = std::fs::File::options().write(true).open(bench.root("one").join(path)).unwrap();
        file.set_len((64 << 20) + 1).unwrap();
    }
    bench.build();
    let count = |query: &str| ask(&bench, &SearchRequest::new(query)).exact.map(|exact| exact.over_read_limit);
    assert_eq!(count("\"needle\""), Some(2));
    assert_eq!(count("\"needle\" path:data/*.txt"), Some(1));
    assert_eq!(count("\"needle\" lang:python"), Some(1));
    assert_eq!(count("\"needle\" path:src"), Some(0));
    assert_eq!(count("\"needle\" mode:prose"), Some(1));
    assert_eq!(count("needle"), None);
}

#[test]
fn an_explanation_counts_what_was_left_out_on_the_way() {
    let bench = Workbench::new(&["one"]);
    plant(&bench, "one", 30);
    bench.write("one", "only.py", "def unheard_of_word():\n    return 1\n");
    bench.build();
    let explained = |query: &str| {
        let answer = ask(&bench, &SearchRequest { explain: true, ..SearchRequest::new(query) });
        (answer.explain.unwrap(), answer.timings)
    };
    let (explain, timings) = explained("\"unheard_of_word\" mode:code");
    let exact = explain.exact.unwrap();
    assert_eq!((exact.files.left, exact.files.read, exact.note), (1, 1, None));
    assert!(exact.files.files > 10 && exact.plan.contains("\"nhe\""), "{}", exact.plan);
    assert!(explain.segments.skipped > 0 && explain.segments.opened > 0);
    assert_eq!(explain.version, 1);
    assert_eq!(timings, None, "times stand nowhere unless they are asked for");

    let (explain, _) = explained("/./");
    let exact = explain.exact.unwrap();
    assert_eq!((exact.plan.as_str(), exact.files.left), ("all", exact.files.files));
    assert!(exact.note.unwrap().starts_with("fallback: "));
    assert_eq!(explained("add OR parse").0.exact, None);

    let timed = ask(&bench, &SearchRequest { timings: true, ..SearchRequest::new("\"return\"") }).timings.unwrap();
    let steps = [timed.parse_us, timed.select_us, timed.open_us, timed.score_us, timed.exact_us, timed.rank_us];
    assert!(timed.exact_us > 0 && steps.iter().sum::<u64>() + timed.fetch_us <= timed.total_us);
}

#[test]
fn the_parse_that_is_explained_asks_the_same() {
    let bench = Workbench::new(&["one"]);
    plant(&bench, "one", 15);
    bench.build();
    for query in QUERIES {
        let ask = |query: &str| ask(&bench, &SearchRequest { explain: true, limit: 50, ..SearchRequest::new(query) });
        let first = ask(query);
        let parse = first.explain.unwrap().parse;
        let again = ask(&parse);
        assert_eq!(again.explain.unwrap().parse, parse, "{query}");
        let places = |answer: &[search::Hit]| answer.iter().map(|hit| hit.chunk_id.clone()).collect::<Vec<_>>();
        // A path and a qualified name are printed as their words, so that nothing but their order may differ.
        let (mut one, mut two) = (places(&first.hits), places(&again.hits));
        one.sort();
        two.sort();
        assert_eq!(one, two, "{query} and {parse}");
    }
}
