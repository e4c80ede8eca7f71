//! What is read as what.

use super::super::{ExactKind, Expr, Leaf, Mistake, Sign, parse};

fn words(query: &str) -> Vec<(String, Sign)> {
    parse(query).unwrap().words.into_iter().map(|w| (w.text, w.sign)).collect()
}

/// The expression with every group in brackets.
fn shape(query: &str) -> String {
    fn of(expr: &Expr) -> String {
        let all = |parts: &[Expr], word: &str| format!("[{}]", parts.iter().map(of).collect::<Vec<_>>().join(word));
        match expr {
            Expr::Leaf(Leaf::Word(word)) => word.text.clone(),
            Expr::Leaf(Leaf::Exact(exact)) => exact.to_string(),
            Expr::Not(inner) => format!("!{}", of(inner)),
            Expr::And(parts) => all(parts, " & "),
            Expr::Or(parts) => all(parts, " | "),
            Expr::Bag(items) => {
                let sign = |sign| match sign {
                    Sign::Any => "",
                    Sign::Required => "+",
                    Sign::Excluded => "-",
                };
                let items: Vec<String> = items.iter().map(|i| format!("{}{}", sign(i.sign), of(&i.expr))).collect();
                format!("[{}]", items.join(" "))
            }
        }
    }
    of(&parse(query).unwrap().expr.unwrap())
}

#[test]
fn words_keep_their_signs_and_repeat_once() {
    let expected = [("parse", Sign::Any), ("config", Sign::Required), ("test", Sign::Excluded)];
    assert_eq!(words("parse +config -test Parse"), expected.map(|(w, s)| (w.to_owned(), s)));
    assert_eq!(words("config +config"), [("config".to_owned(), Sign::Required)]);
    assert_eq!(words("+config"), [("config".to_owned(), Sign::Required)]);
}

#[test]
fn code_is_words_and_not_filters() {
    assert_eq!(words("std::fs::read main() https://x.org").len(), 7);
    assert_eq!(words("foo.bar")[1].0, "bar");
    assert_eq!(words("fn main(").len(), 2);
    assert_eq!(words("a and b or not").len(), 5, "operators are in upper case");
    assert_eq!(words("ANDROID NOTE").len(), 2);
}

#[test]
fn side_by_side_binds_tighter_than_and_and_that_tighter_than_or() {
    for (query, expected) in [
        ("a b OR c", "[[a b] | c]"),
        ("a OR b c", "[a | [b c]]"),
        ("a AND b OR c", "[[a & b] | c]"),
        ("a OR b AND c", "[a | [b & c]]"),
        ("a b AND c", "[[a b] & c]"),
        ("a (b OR c)", "[a +[b | c]]"),
        ("NOT a b", "[-a b]"),
        ("NOT a AND b", "[!a & b]"),
        ("NOT (a OR b)", "![a | b]"),
        ("NOT(a)OR(b)", "[!a | b]"),
        ("NOT NOT a", "a"),
        ("NOT NOT NOT a b", "[-a b]"),
        ("a OR NOT b", "[a | !b]"),
        ("x -(a b)", "[x -[a b]]"),
        ("x -(NOT a)", "[x +a]"),
        ("((a))", "a"),
        ("((a) b)", "[a b]"),
        ("((+a) b)", "[+a b]"),
        ("(a OR b) OR c", "[a | b | c]"),
        ("(a AND b) AND (c AND d)", "[a & b & c & d]"),
        ("(main() OR b)", "[main | b]"),
        ("+a AND b", "[[+a] & b]"),
        ("foo.bar AND c", "[[foo bar] & c]"),
    ] {
        assert_eq!(shape(query), expected, "{query}");
    }
}

#[test]
fn literals_and_regular_expressions_are_required_in_a_bag() {
    for (query, expected) in [
        ("retry \"max attempts\"", "[retry +\"max attempts\"]"),
        ("\"a b\"", "\"a b\""),
        ("-\"a b\" c", "[-\"a b\" c]"),
        ("/a b/ OR /c\\/d/", "[/a b/ | /c\\/d/]"),
        ("+/x/ -/y/", "[+/x/ -/y/]"),
        (r#""say \"hi\" \n \\""#, r#""say \"hi\" \\n \\""#),
    ] {
        assert_eq!(shape(query), expected, "{query}");
    }
    let text = |query: &str| {
        let expr = parse(query).unwrap().expr.unwrap();
        let exact = expr.exacts()[0].0.clone();
        (exact.kind, exact.text)
    };
    assert_eq!(text(r#""say \"hi\" \n \\""#), (ExactKind::Literal, r#"say "hi" \n \"#.to_owned()));
    assert_eq!(text(r"/a\/b\\\/\d/"), (ExactKind::Regex, r"a/b\\/\d".to_owned()));
    assert_eq!(text(r"/(x|y)/"), (ExactKind::Regex, "(x|y)".to_owned()));
}

#[test]
fn an_expression_holds_as_written() {
    let holds = |query: &str, held: &str| {
        parse(query).unwrap().expr.unwrap().holds(|leaf| match leaf {
            Leaf::Word(word) => held.contains(&word.text),
            Leaf::Exact(exact) => held.contains(&exact.text),
        })
    };
    for (query, held, not) in [
        ("a b", &["a", "b", "ab"][..], &["", "c"][..]),
        ("a +b", &["b", "ab"], &["a", ""]),
        ("a -b", &["a"], &["ab", "", "b"]),
        ("-a", &["", "b"], &["a"]),
        ("a \"b\"", &["b", "ab"], &["a"]),
        ("a AND b", &["ab"], &["a", "b", ""]),
        ("a b AND c", &["ac", "bc"], &["ab", "c"]),
        ("a b OR c", &["a", "b", "c"], &["", "d"]),
        ("\"a\" \"b\" OR \"c\"", &["ab", "c"], &["a", "b"]),
        ("NOT (a AND b)", &["", "a", "b"], &["ab"]),
        ("x -(a b)", &["x"], &["xa", "xb", ""]),
    ] {
        assert!(held.iter().all(|held| holds(query, held)), "{query} holds of all of {held:?}");
        assert!(!not.iter().any(|held| holds(query, held)), "{query} holds of none of {not:?}");
    }
}

#[test]
fn the_plan_of_an_expression_joins_those_of_what_it_requires() {
    for (query, expected) in [
        ("a b", "all"),
        ("retry \"max\"", r#""max""#),
        ("\"max\" \"min\"", r#""max" AND "min""#),
        ("\"max\" OR /m.n/ OR \"min\"", "all"),
        ("\"max\" OR /min|add/", r#""add" OR "max" OR "min""#),
        ("\"max\" OR retry", "all"),
        ("\"max\" AND NOT \"min\"", r#""max""#),
        ("\"max\" -(retry \"add\")", r#""max""#),
    ] {
        assert_eq!(parse(query).unwrap().expr.unwrap().plan().to_string(), expected, "{query}");
    }
}

#[test]
fn the_signs_of_words_say_all_or_it_is_told() {
    for (query, expected, all) in [
        ("a b", "a b", true),
        ("a AND b", "+a +b", true),
        ("a AND NOT b", "+a -b", true),
        ("NOT (a OR b) c", "-a -b c", true),
        ("-(a b) c", "-a -b c", true),
        ("(+a +b) c", "+a +b c", true),
        ("a OR b", "a b", false),
        ("(a OR b) c", "a b c", false),
        ("a b AND c", "a b +c", false),
        ("NOT (a AND b) c", "c", false),
        ("a \"x\"", "a", false),
        ("a OR NOT b", "a", false),
    ] {
        let read = parse(query).unwrap();
        let signed = |w: &super::super::Word| match w.sign {
            Sign::Any => w.text.clone(),
            Sign::Required => format!("+{}", w.text),
            Sign::Excluded => format!("-{}", w.text),
        };
        assert_eq!(read.words.iter().map(signed).collect::<Vec<_>>().join(" "), expected, "{query}");
        assert_eq!(read.words_say_all, all, "{query}");
    }
}

/// The rows of the table of `docs/query.md` whose head is `head`: what stands in backquotes in each.
fn rows(head: &str) -> Vec<Vec<String>> {
    let page = include_str!("../../../../docs/query.md");
    let table = page.split(head).nth(1).unwrap().split("\n\n").next().unwrap();
    let quoted = |line: &str| line.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    table.lines().skip(2).map(quoted).collect()
}

/// What stands in backquotes between two texts of the page.
fn page_between(from: &str, to: &str) -> Vec<String> {
    let page = include_str!("../../../../docs/query.md");
    let part = page.split(from).nth(1).unwrap().split(to).next().unwrap();
    part.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn the_page_of_the_language_says_what_is_read() {
    let readings = rows("| query | reading |");
    assert!(readings.len() > 3);
    for row in &readings {
        for reading in row.iter().skip(1) {
            assert_eq!(shape(&row[0]), shape(reading));
        }
    }
    let without = rows("| query | is read as |");
    assert!(without.len() > 3);
    for row in &without {
        let read = |query: &str| parse(query).unwrap();
        assert_eq!(read(&row[0]).to_string(), read(&row[1]).to_string());
        assert!(!read(&row[0]).ignored.is_empty() && read(&row[1]).ignored.is_empty(), "{row:?}");
    }
    let refused = page_between("is an error:\n", "In quotation marks");
    assert!(refused.len() > 6);
    for query in refused {
        assert!(matches!(parse(&query).unwrap_err().mistake, Mistake::NoWord { .. }), "{query}");
    }
    for row in rows("| query | finds |") {
        assert!(parse(&row[0]).is_ok(), "{row:?}");
    }
    let page = include_str!("../../../../docs/query.md");
    let examples = page.split("## Examples\n\n```text\n").nth(1).unwrap().split("```").next().unwrap();
    for example in examples.lines() {
        assert!(parse(example).is_ok(), "{example}");
    }
}

#[test]
fn an_absolute_path_is_a_word_and_an_expression_stays_one() {
    for query in ["/usr/lib", "/usr/lib/", "/w/src/a.c:12:3", "+/usr/lib", "(/usr/lib)", "/@scope/a+b~1/x-y.js"] {
        let read = parse(query).unwrap_or_else(|error| panic!("{query}: {error}"));
        assert!(read.expr.unwrap().exacts().is_empty(), "{query}");
    }
    for query in ["/usr/", "(/usr/)", "/a\\/b/", "/usr/ /lib/", "/a b/"] {
        let read = parse(query).unwrap_or_else(|error| panic!("{query}: {error}"));
        assert!(!read.expr.unwrap().exacts().is_empty(), "{query}");
    }
}
