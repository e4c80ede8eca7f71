//! What people see.

use crate::base::Mode;
use crate::query::error::QueryError;
use crate::query::search::{RepoStatus, SearchRequest, search};
use crate::query::testing::{Spec, World, chunk};
use crate::table::schema::ChunkRow;

fn rows() -> Vec<ChunkRow> {
    vec![
        chunk("src/a.rs", 1, "function", "parse_config", "fn parse_config() {\n    let x = read();\n}\n"),
        chunk("src/a.rs", 9, "function", "load", "fn load() {\n    let c = parse_config();\n    c\n}\n"),
        chunk("src/b.rs", 1, "struct", "Config", "struct Config { path: String }\n"),
        chunk("src/b.rs", 5, "text", "", "// parsing of files\n"),
        chunk("src/b.rs", 6, "rest", "", "\n"),
        chunk("tests/t_test.rs", 1, "function", "parse_config", "fn parse_config() {\n    let x = read();\n}\n"),
    ]
}

fn world() -> World {
    World::of(&[Spec::new("one", vec![(Mode::Code, vec![rows()])])])
}

fn found(world: &World, query: &str) -> Vec<String> {
    let answer = search(world, &SearchRequest::new(query)).unwrap();
    answer.hits.iter().map(|h| format!("{}:{}", h.path, h.start_line)).collect()
}

#[test]
fn the_definition_comes_before_its_use_and_a_test_after_the_source() {
    let order = ["src/a.rs:1", "tests/t_test.rs:1", "src/a.rs:9", "src/b.rs:1", "src/b.rs:5"];
    assert_eq!(found(&world(), "parse_config"), order, "the last has `parsing`, a form of a part");
    assert_eq!(found(&world(), "parse config")[0], "src/a.rs:1", "two words that are a name together");
    assert_eq!(found(&world(), "parseConfig")[0], "src/a.rs:1", "another style of the same name, by its parts");
}

#[test]
fn a_name_is_found_in_any_style_and_by_its_beginning() {
    let mut rows = rows();
    rows.push(chunk("src/c.rs", 1, "function", "HttpServer", "fn HttpServer() {}\n"));
    let world = World::of(&[Spec::new("one", vec![(Mode::Code, vec![rows])])]);
    for query in ["parseconfig", "ParseConfig", "PARSE_CONFIG", "parse-config", "parse_conf", "parseCon"] {
        assert_eq!(found(&world, query)[0], "src/a.rs:1", "{query}");
    }
    for query in ["http_server", "httpserver", "HTTP_SERVER", "http-server", "HttpSer"] {
        assert_eq!(found(&world, query)[0], "src/c.rs:1", "{query}");
    }
    assert_eq!(found(&world, "+parse_conf"), [""; 0], "what is required is meant as it is written");
}

#[test]
fn a_sentence_finds_code_that_says_the_same_in_other_words() {
    let world = World::of(&[Spec::new(
        "one",
        vec![(
            Mode::Code,
            vec![vec![
                chunk("a.rs", 1, "function", "load_cfg", "fn load_cfg(dir: &Path) {}\n"),
                chunk("b.rs", 1, "function", "other", "fn other() { the(); of(); all(); }\n"),
                chunk("c.rs", 1, "function", "x", "fn x() { let config_file = 1; }\n"),
                chunk("d.rs", 1, "function", "y", "fn y() { let config = 1; let file = 2; }\n"),
            ]],
        )],
    )]);
    assert_eq!(found(&world, "loads the configuration of all directories")[0], "a.rs:1");
    assert!(!found(&world, "loads the configuration of all directories").contains(&"b.rs:1".to_owned()));
    assert_eq!(found(&world, "the config file")[0], "c.rs:1", "neighbours as one name");
}

#[test]
fn a_chunk_gains_by_what_its_file_holds() {
    let chunks = |path: &str, second: &str| {
        vec![
            chunk(path, 1, "function", "a", "fn a() { socket }\n"),
            chunk(path, 9, "function", "b", &format!("fn b() {{ {second} }}\n")),
        ]
    };
    let (a, b) = (chunks("a.rs", "unrelated"), chunks("b.rs", "retry"));
    let world = World::of(&[Spec::new("one", vec![(Mode::Code, vec![a.into_iter().chain(b).collect()])])]);
    let hits = found(&world, "socket retry");
    let place = |at: &str| hits.iter().position(|hit| hit == at).unwrap();
    assert!(place("b.rs:1") < place("a.rs:1"), "{hits:?}");
}

#[test]
fn signs_require_and_exclude() {
    assert_eq!(found(&world(), "config +read"), ["src/a.rs:1", "tests/t_test.rs:1"]);
    assert_eq!(found(&world(), "parse_config -read"), ["src/a.rs:9", "src/b.rs:1", "src/b.rs:5"]);
    assert_eq!(found(&world(), "+parse_config +absent"), [""; 0]);
    assert_eq!(found(&world(), "read -read"), [""; 0]);
}

#[test]
fn operators_ask_what_signs_cannot_say() {
    let sorted = |query: &str| {
        let mut hits = found(&world(), query);
        hits.sort();
        hits
    };
    let all = ["src/a.rs:1", "src/a.rs:9", "src/b.rs:1", "src/b.rs:5", "tests/t_test.rs:1"];
    for (query, expected) in [
        ("read OR path", &["src/a.rs:1", "src/b.rs:1", "tests/t_test.rs:1"][..]),
        ("parse_config AND (read OR load)", &["src/a.rs:1", "src/a.rs:9", "tests/t_test.rs:1"]),
        ("(read OR load) AND NOT (parse_config AND let AND fn AND read)", &["src/a.rs:9"]),
        ("NOT (read OR load)", &["src/b.rs:1", "src/b.rs:5"]),
        ("NOT (read AND load)", &all),
        ("load OR NOT config", &["src/a.rs:9", "src/b.rs:5"]),
        ("path:src (read OR path)", &["src/a.rs:1", "src/b.rs:1"]),
        ("read path AND let", &["src/a.rs:1", "tests/t_test.rs:1"]),
        ("files AND absent", &[]),
        ("load (-parse_config -path)", &["src/b.rs:5"]),
        ("load (-parse_config AND NOT path)", &["src/b.rs:5"]),
    ] {
        assert_eq!(sorted(query), expected, "{query}");
    }
    assert_eq!(found(&world(), "load OR read")[0], "src/a.rs:9", "what is found is ranked");
}

#[test]
fn a_language_that_nothing_has_is_told_with_a_suggestion() {
    let hints = |query: &str| search(&world(), &SearchRequest::new(query)).unwrap().hints;
    assert_eq!(hints("config lang:rsut"), ["nothing searched has the language `rsut`; did you mean `lang:rust`?"]);
    assert_eq!(hints("config lang:cobol"), ["nothing searched has the language `cobol`; there are: rust"]);
    assert_eq!(hints("absentword lang:rust"), [""; 0], "the language is there, the word is not");
    assert_eq!(hints("config lang:rsut lang:rust"), [""; 0], "something was found");
    assert_eq!(hints("config -lang:rust -lang:rsut path:nowhere"), [""; 0]);
}

#[test]
fn a_value_that_nothing_has_is_told_with_a_suggestion() {
    let hints = |query: &str| search(&world(), &SearchRequest::new(query)).unwrap().hints;
    let told = |what: &str, near: &str| vec![format!("nothing searched has the {what}; did you mean `{near}`?")];
    for (filter, what, near) in [
        ("kind:fucntion", "kind `fucntion`", "kind:function"),
        ("kind:func", "kind `func`", "kind:function"),
        ("kind:Strukt", "kind `Strukt`", "kind:struct"),
        ("role:tests", "role `tests`", "role:test"),
        ("ext:.sr", "extension `.sr`", "ext:rs"),
        ("lang:ru", "language `ru`", "lang:rust"),
    ] {
        assert_eq!(hints(&format!("config {filter}")), told(what, near), "{filter}");
    }
    assert_eq!(hints("config role:x"), ["nothing searched has the role `x`; there are: source, test"]);
    assert_eq!(hints("\"config\" kind:fucntion"), told("kind `fucntion`", "kind:function"), "texts, too");
    let both = hints("config kind:fucntion role:tst");
    assert!(both.len() == 2 && both[1].ends_with("did you mean `role:test`?"), "{both:?}");
    assert_eq!(hints("absentword kind:function ext:rs role:s*"), [""; 0]);
}

#[test]
fn a_word_that_no_index_knows_is_told_and_changes_no_answer() {
    let ask = |query: &str| search(&world(), &SearchRequest::new(query)).unwrap();
    let (with, without) = (ask("6 parse - config 6"), ask("parse config"));
    assert_eq!(with.hits, without.hits);
    assert!(!with.hits.is_empty() && without.ignored.is_empty() && without.hints.is_empty());
    assert_eq!(with.ignored, ["6", "-"], "each once, in order");
    let hints = [
        "`6` is in no index of words and was left out; `\"6\"` finds it as text",
        "`-` stands alone and was left out; `-word` signs a word, and `\"-\"` finds it as text",
    ];
    assert_eq!(with.hints, hints);
    let nothing = ask("config 6 lang:rsut");
    assert!(nothing.hits.is_empty() && nothing.hints.len() == 2, "{:?}", nothing.hints);
    assert!(nothing.hints[1].contains("did you mean `lang:rust`"), "{:?}", nothing.hints);
}

#[test]
fn filters_choose_among_hits() {
    assert_eq!(found(&world(), "config path:src/b"), ["src/b.rs:1"]);
    assert_eq!(found(&world(), "config kind:struct"), ["src/b.rs:1"]);
    assert_eq!(found(&world(), "read role:test"), ["tests/t_test.rs:1"]);
    assert_eq!(found(&world(), "read -role:test"), ["src/a.rs:1"]);
    assert_eq!(found(&world(), "config sym:conf*"), ["src/b.rs:1"]);
    assert_eq!(found(&world(), "config lang:go"), [""; 0]);
    assert_eq!(found(&world(), "config mode:prose"), [""; 0]);
    assert_eq!(found(&world(), "config ext:rs -path:tests -path:a.rs"), ["src/b.rs:1"]);
}

#[test]
fn candidates_are_what_every_filter_lets_through() {
    let count = |query: &str| {
        let answer = search(&world(), &SearchRequest { explain: true, limit: 1, ..SearchRequest::new(query) }).unwrap();
        let explain = answer.explain.unwrap();
        assert_eq!(explain.candidates, answer.candidates, "{query}");
        (explain.scored, answer.candidates)
    };
    for (query, scored, left) in [
        ("config", 4, 4),
        ("config path:src/b", 4, 1),
        ("config kind:struct", 4, 1),
        ("config -kind:struct", 4, 3),
        ("config sym:conf*", 4, 1),
        ("config role:test", 4, 1),
        ("config lang:go", 4, 0),
        ("config ext:rs -path:tests -path:a.rs", 4, 1),
        ("kind:function", 5, 3),
        ("mode:code config", 4, 4),
        ("\"parse_config\" role:test", 1, 1),
    ] {
        assert_eq!(count(query), (scored, left), "{query}");
    }
}

#[test]
fn filters_alone_list_what_they_let_through_in_order() {
    assert_eq!(found(&world(), "kind:function"), ["src/a.rs:1", "src/a.rs:9", "tests/t_test.rs:1"]);
}

#[test]
fn rest_rows_are_never_found_and_rows_after_them_keep_their_place() {
    let all = search(&world(), &SearchRequest { limit: 99, ..SearchRequest::new("ext:rs") }).unwrap();
    assert_eq!(all.candidates, 5);
    assert!(all.hits.iter().all(|h| h.kind != "rest"));
    let after_rest = [chunk("a.rs", 1, "rest", "", "\n"), chunk("a.rs", 2, "text", "", "needle")];
    let world = World::of(&[Spec::new("one", vec![(Mode::Code, vec![after_rest.to_vec()])])]);
    assert_eq!(found(&world, "needle"), ["a.rs:2"]);
}

#[test]
fn the_words_of_prose_are_found_by_their_stems() {
    let doc = chunk("README.md", 1, "section", "Parsing files", "# Parsing files\nIt parses every file.\n");
    let world = World::of(&[Spec::new("one", vec![(Mode::Prose, vec![vec![doc]])])]);
    assert_eq!(found(&world, "+parse"), ["README.md:1"]);
    assert_eq!(found(&world, "+parsed"), ["README.md:1"]);
}

#[test]
fn a_snippet_shows_the_lines_that_match_and_where() {
    let text = "one\ntwo\nthree needle\nfour\nfive haystack needle\nsix\n";
    let world = World::of(&[Spec::new("one", vec![(Mode::Code, vec![vec![chunk("a.rs", 10, "text", "", text)]])])]);
    let request = SearchRequest { context: 1, ..SearchRequest::new("needle haystack") };
    let hit = &search(&world, &request).unwrap().hits[0];
    assert_eq!(hit.snippet.lines, ["three needle", "four", "five haystack needle"]);
    assert_eq!(hit.snippet.start_line, 12);
    let spans: Vec<_> = hit.snippet.spans.iter().map(|s| (s.line, s.start, s.end)).collect();
    assert_eq!(spans, [(0, 6, 12), (2, 5, 13), (2, 14, 20)]);
}

#[test]
fn a_hit_names_the_line_of_its_definition_whatever_the_context() {
    let text = "/// parse_config: parses config,\n/// config and config.\nfn parse_config(\n) {\n    read();\n}\n";
    let mut named = chunk("a.rs", 195, "function", "parse_config", text);
    named.signature = "fn parse_config( )".into();
    let long = format!("x\n{} needle é\n", "é".repeat(215));
    let rows = vec![named, chunk("b.rs", 7, "text", "", &long)];
    let world = World::of(&[Spec::new("one", vec![(Mode::Code, vec![rows])])]);
    for context in [0, 1, 2, 9] {
        let first = |query: &str| {
            search(&world, &SearchRequest { context, ..SearchRequest::new(query) }).unwrap().hits.remove(0)
        };
        for (query, line) in [("parse_config", 197), ("parse config", 197), ("\"config\"", 195), ("read", 199)] {
            let hit = first(query);
            assert_eq!((hit.start_line, hit.line), (195, line), "{query} {context}");
            let shown = hit.line.checked_sub(hit.snippet.start_line).unwrap() as usize;
            assert_eq!(hit.snippet.lines[shown], text.lines().nth(line as usize - 195).unwrap(), "{query} {context}");
        }
        for query in ["needle", "\"needle\"", "/ne+dle/"] {
            let hit = first(query);
            assert_eq!(hit.line, 8);
            let span = hit.snippet.spans[0];
            let line = &hit.snippet.lines[span.line as usize];
            assert_eq!(&line[span.start as usize..span.end as usize], "needle", "{query} {context}");
            assert!(line.starts_with("…é") && line.ends_with("needle é"), "{line}");
        }
    }
}

#[test]
fn a_file_gives_at_most_three_hits() {
    let many: Vec<ChunkRow> = (0..9).map(|n| chunk("a.rs", n * 10, "function", "f", "fn f() { needle }")).collect();
    let other = vec![chunk("b.rs", 1, "text", "", "needle in a long stretch of other words that matter less")];
    let world = World::of(&[Spec::new("one", vec![(Mode::Code, vec![many, other])])]);
    assert_eq!(found(&world, "needle"), ["a.rs:0", "a.rs:10", "a.rs:20", "b.rs:1"]);
}

#[test]
fn an_unreadable_repository_costs_itself_only() {
    let specs = [
        Spec::new("one", vec![(Mode::Code, vec![rows()])]),
        Spec::new("two", vec![(Mode::Code, vec![vec![chunk("z.rs", 1, "text", "", "parse_config and more")]])]),
    ];
    for table in ["postings", "chunk_stats", "chunks", "files"] {
        let mut world = World::of(&specs);
        let lost = world.artifact("two", table);
        world.lost.insert(lost);
        let answer = search(&world, &SearchRequest::new("parse_config")).unwrap();
        assert_eq!(answer.repos[1].status, RepoStatus::Error, "{table}");
        assert_eq!(answer.repos[0].status, RepoStatus::Ok);
        let message = answer.repos[1].message.as_deref().unwrap();
        assert!(message.contains("sawmill::store::missing") && !message.contains("/machine"), "{message}");
        let alone = search(&World::of(&specs[..1]), &SearchRequest::new("parse_config")).unwrap();
        assert_eq!(answer.hits, alone.hits, "statistics are those of the others alone ({table})");
    }
}

#[test]
fn an_answer_of_nothing_is_none_where_nothing_could_be_searched() {
    let mut world = World::of(&[Spec::new("one", vec![(Mode::Code, vec![rows()])])]);
    let lost = world.artifact("one", "postings");
    world.lost.insert(lost);
    let error = search(&world, &SearchRequest::new("parse_config")).unwrap_err();
    assert!(matches!(&error, QueryError::Unreadable { repos, .. } if repos == "`one`"), "{error}");
}

#[test]
fn a_name_reaches_a_disabled_repository_and_an_unknown_name_is_an_error() {
    let mut off = Spec::new("off", vec![(Mode::Code, vec![rows()])]);
    off.entry.enabled = false;
    off.entry.tags = vec!["old".into()];
    let world = World::of(&[Spec::new("on", vec![(Mode::Code, vec![rows()])]), off]);
    let repos = |request: &SearchRequest| -> Vec<String> {
        search(&world, request).unwrap().repos.into_iter().map(|r| r.name).collect()
    };
    assert_eq!(repos(&SearchRequest::new("read")), ["on"]);
    assert_eq!(repos(&SearchRequest { select: vec!["off".into()], ..SearchRequest::new("read") }), ["off"]);
    assert_eq!(repos(&SearchRequest { include_disabled: true, ..SearchRequest::new("read tag:old") }), ["off"]);
    let unknown = search(&world, &SearchRequest { select: vec!["onn".into()], ..SearchRequest::new("read") });
    assert!(matches!(unknown, Err(QueryError::UnknownRepository { help, .. }) if help == "did you mean `on`?"));
    let help = |query: &str| match search(&world, &SearchRequest::new(query)) {
        Err(QueryError::EmptySelection { help }) => help,
        other => panic!("{query}: {other:?}"),
    };
    assert_eq!(help("read repo:onn"), "did you mean `on`?");
    assert_eq!(help("read repo:absent"), "there are: off, on");
    assert_eq!(help("read tag:olt"), "did you mean `old`?");
}

#[test]
fn the_breakdown_multiplies_to_the_score() {
    let request = SearchRequest { explain: true, ..SearchRequest::new("parse config +parse_config") };
    let answer = search(&world(), &request).unwrap();
    assert_eq!(answer.hits.len(), 3);
    for hit in &answer.hits {
        let b = hit.breakdown.as_ref().unwrap();
        let sum = b.units.iter().fold(0.0, |sum, unit| sum + unit.score);
        assert_eq!(
            (sum * b.coverage * b.exact * b.naming * b.scope * b.family * b.role * b.kind).to_bits(),
            hit.score.to_bits(),
            "{hit:?}"
        );
    }
    assert!(answer.explain.unwrap().units.iter().any(|u| u.doc_freq == 3));
}

#[test]
fn the_files_that_a_path_names_come_first() {
    let much = "tcp tcp tcp c c c tcp.c net ipv4 ".repeat(9);
    let mut rows = vec![
        chunk("docs/about.md", 1, "section", "tcp.c", &much),
        chunk("net/ipv4/tcp.c", 1, "text", "", "int x;\n"),
        chunk("net/ipv4/tcp.c", 2, "function", "tcp", "int tcp(void) { return 0; }\n"),
        chunk("net/ipv4/udp.c", 1, "function", "tcp_c", &much),
        chunk("net/ipv4/mptcp.c", 1, "function", "c", &much),
        chunk("tests/tcp.c", 1, "text", "", "int y;\n"),
        chunk("tcp.c/readme", 1, "text", "", "int z;\n"),
    ];
    rows.sort_by(|a, b| (&a.path, a.start_line).cmp(&(&b.path, b.start_line)));
    let world = World::of(&[Spec::new("one", vec![(Mode::Code, vec![rows])])]);
    let first = |query: &str, count: usize| found(&world, query).into_iter().take(count).collect::<Vec<_>>();
    assert_eq!(first("net/ipv4/tcp.c", 2), ["net/ipv4/tcp.c:1", "net/ipv4/tcp.c:2"]);
    assert_eq!(first("./net/ipv4/TCP.c:17", 1), ["net/ipv4/tcp.c:2"]);
    let named = first("tcp.c", 4);
    assert_eq!(named[..3], ["net/ipv4/tcp.c:1", "net/ipv4/tcp.c:2", "tests/tcp.c:1"]);
    assert_eq!(named[3], "tcp.c/readme:1", "below a directory so called");
    let below = first("net/ipv4", 4);
    assert!(below.iter().all(|place| place.starts_with("net/ipv4/")), "{below:?}");
    let request = SearchRequest { explain: true, ..SearchRequest::new("tcp.c") };
    let hit = &search(&world, &request).unwrap().hits[0];
    let b = hit.breakdown.as_ref().unwrap();
    let sum = b.units.iter().fold(0.0, |sum, unit| sum + unit.score) * b.coverage * b.exact + b.path;
    assert!(b.path > 0.0 && (sum * b.role * b.kind - hit.score).abs() < 1e-9, "{b:?}");
}

#[test]
fn the_chunk_with_the_line_behind_a_path_comes_first_and_else_the_head() {
    let rows = vec![
        chunk("src/net.c", 1, "text", "", "int x;\n"),
        chunk("src/net.c", 2, "function", "net", "int net(void) {\n    return src.net.c;\n}\n"),
        chunk("src/net.c", 5, "rest", "", "\n\n"),
        chunk("src/net.c", 7, "function", "b", "int b(void) {\n    return 42;\n}\n"),
        chunk("src/other.c", 1, "function", "net_c", "int net_c = 42; // src/net.c 42 42\n"),
    ];
    let world = World::of(&[Spec::new("one", vec![(Mode::Code, vec![rows])])]);
    for (query, line) in [
        ("src/net.c", 1),
        ("net.c", 1),
        ("src/net.c:1", 1),
        ("src/net.c:3", 2),
        ("net.c:4:7", 2),
        ("net.c:5", 2),
        ("net.c:9", 7),
        ("net.c:42", 7),
    ] {
        let hits = found(&world, query);
        assert_eq!(hits[0], format!("src/net.c:{line}"), "{query}: {hits:?}");
        assert!(hits[1..3].iter().all(|hit| hit.starts_with("src/net.c:")), "{query}: {hits:?}");
    }
    let ask = |query: &str| search(&world, &SearchRequest { explain: true, ..SearchRequest::new(query) }).unwrap();
    let answer = ask("src/net.c:7");
    assert!(answer.hints.is_empty() && answer.ignored.is_empty(), "{:?}", answer.hints);
    let gain = |at: usize| answer.hits[at].breakdown.as_ref().unwrap().path;
    assert!(gain(0) > gain(1) && (gain(0) - 3.0 * gain(1)).abs() < 1e-6, "{} {}", gain(0), gain(1));
    assert!(ask("src/net.c:42").explain.unwrap().units.iter().all(|unit| unit.term != "42"));
}

#[test]
fn an_empty_index_answers_with_nothing() {
    let world = World::of(&[Spec::new("one", vec![(Mode::Code, vec![vec![]])]), Spec::new("two", vec![])]);
    let answer = search(&world, &SearchRequest::new("anything")).unwrap();
    assert_eq!((answer.hits.len(), answer.candidates), (0, 0));
}

#[test]
fn comments_that_are_rows_of_their_own_are_found_by_their_mode() {
    let mut doc = chunk("a.rs", 1, "doc", "", "/// Cuts a log.\n");
    doc.mode = "extracted-prose".into();
    let rows = vec![doc, chunk("a.rs", 2, "function", "cut", "fn cut(log: Log) {}\n")];
    let world = World::of(&[Spec::new("one", vec![(Mode::Code, vec![rows])])]);
    let sorted = |request: &SearchRequest| {
        let hits = search(&world, request).unwrap().hits;
        let mut found: Vec<_> = hits.iter().map(|hit| (hit.start_line, hit.mode)).collect();
        found.sort_unstable();
        found
    };
    let (doc, code) = ((1, Mode::ExtractedProse), (2, Mode::Code));
    for (query, expected) in [
        ("log", vec![doc, code]),
        ("log mode:code", vec![code]),
        ("log -mode:code", vec![doc]),
        ("log mode:extracted-prose", vec![doc]),
        ("log -mode:extracted-prose", vec![code]),
        ("log mode:prose", vec![]),
    ] {
        assert_eq!(sorted(&SearchRequest::new(query)), expected, "{query}");
    }
    let modes = vec![Mode::ExtractedProse];
    assert_eq!(sorted(&SearchRequest { modes, ..SearchRequest::new("log") }), [doc]);
}
