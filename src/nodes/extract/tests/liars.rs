//! Workers that lie: whatever they answer about a file, what is taken of it goes through every node behind, and nobody
//! else's rows are touched.

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock};

use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde::{Deserialize, Serialize};
use serde_json::Map;

use super::room::slot;
use crate::base::{Cancel, Limits};
use crate::nodes::extract::KIND;
use crate::nodes::{
    Accept, Denied, FileSlot, Kind, MergeTask, Names, NodeError, Question, ResolveTask, Sandbox, Task, chunk, index,
};
use crate::table::schema::{ChunkRow, FileRow};
use crate::table::{Batch, validate};

/// The form of an answer, as whoever writes a worker would write it down.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Answer {
    grammar: String,
    error_lines: Vec<i32>,
    cut: Option<String>,
    outline: Vec<Row>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Row {
    region: u32,
    language: Option<String>,
    role: String,
    kind: String,
    name: String,
    qualified_name: String,
    signature: String,
    visibility: Option<String>,
    doc: Option<(u32, u32)>,
    start: u32,
    end: u32,
    body: Option<u32>,
    parent: Option<u32>,
}

/// Files in which most things are that an outline may hold.
const SAMPLES: [(&str, &str, &str); 6] = [
    (
        "b.py",
        "python",
        "\"\"\"Opens.\"\"\"\nimport os\nfrom a import b as c\n\nclass A(B):\n    def f(self, x: C):\n        return g(x).h(os.path)\n\ndef k():\n    pass\n",
    ),
    (
        "b.rs",
        "rust",
        "use a::b::{c, d};\nmod e;\n/// Says.\npub struct S { x: T }\nimpl Q for S {\n    fn f(&self) -> u8 { self.g(a::h()) }\n}\n",
    ),
    (
        "b.md",
        "markdown",
        "# One\n\ntext\n\n```rust\nfn a() { b() }\n```\n\n## Two\n\n```python\nimport c\nc.d()\n```\n",
    ),
    (
        "b.ipynb",
        "jupyter",
        "{\"cells\": [{\"cell_type\": \"code\", \"source\": [\"import os\\n\", \"def f():\\n\", \"    os.g()\"]}], \"metadata\": {\"language_info\": {\"name\": \"python\"}}, \"nbformat\": 4}\n",
    ),
    ("b.c", "c", "#include \"a.h\"\n/* Adds. */\nint add(struct s *x) { return f(x) + 1; }\n"),
    ("b.yaml", "yaml", "on: push\njobs:\n  build:\n    steps:\n      - run: make\n"),
];

/// A worker that answers what it likes about the file in the middle, and the truth about its neighbours.
struct Liar<'a> {
    about: &'a str,
    answer: &'a [u8],
    refused: Mutex<Option<String>>,
}

impl Sandbox for Liar<'_> {
    fn ask(&self, question: &Question<'_>, accept: Accept<'_>) -> Result<Option<Denied>, NodeError> {
        if question.body.ends_with(self.about.as_bytes()) {
            return Ok(accept(self.answer.to_vec()).err().map(|message| {
                *self.refused.lock().unwrap() = Some(message.clone());
                Denied { reason: "garbled".to_owned(), message }
            }));
        }
        accept(KIND.answer(question.body).unwrap()).unwrap();
        Ok(None)
    }
}

/// A worker that is only listened to.
#[derive(Default)]
struct Overheard(Mutex<Vec<(Vec<u8>, Vec<u8>)>>);

impl Sandbox for Overheard {
    fn ask(&self, question: &Question<'_>, accept: Accept<'_>) -> Result<Option<Denied>, NodeError> {
        let answer = KIND.answer(question.body).unwrap();
        self.0.lock().unwrap().push((question.body.to_vec(), answer.clone()));
        accept(answer).unwrap();
        Ok(None)
    }
}

const NEIGHBOURS: [(&str, &str); 2] =
    [("a.py", "def before(x):\n    return after(x)\n"), ("c.py", "def after(x):\n    pass\n")];

/// The file between its neighbours.
fn files(path: &str, language: &str, text: &str) -> Vec<FileSlot> {
    let [before, after] = NEIGHBOURS.map(|(path, text)| slot(path, Some("python"), text.as_bytes()));
    vec![before, slot(path, Some(language), text.as_bytes()), after]
}

fn run(
    kind: &dyn Kind,
    files: &[FileSlot],
    inputs: &BTreeMap<&'static str, Vec<Batch>>,
    sandbox: Option<&dyn Sandbox>,
) -> Vec<Batch> {
    let params = kind.params(&Map::new()).unwrap();
    let (limits, cancel) = (Limits::default(), Cancel::new());
    let task =
        |references| Task { params: &params, limits: &limits, files, inputs, references, sandbox, cancel: &cancel };
    let resolution = kind.resolution(&params, &["chunks", "outline"]);
    let references = resolution.map(|resolution| resolution.references(&task(None)).unwrap());
    let made = kind.run(&task(references.as_ref())).unwrap();
    kind.check(inputs, &made).unwrap();
    let batches: Vec<Batch> = made.into_iter().map(|output| output.batch).collect();
    for batch in &batches {
        validate(batch).unwrap();
    }
    if let (Some(resolution), Some(references)) = (resolution, references) {
        let merged = kind
            .merge(&MergeTask { params: &params, shards: std::slice::from_ref(&batches), cancel: &cancel })
            .unwrap();
        for output in &merged {
            validate(&output.batch).unwrap();
        }
        let definitions: Vec<Batch> =
            merged.into_iter().map(|o| o.batch).filter(|batch| batch.schema().name == "definitions").collect();
        let names = Names::new(&definitions).unwrap();
        let relations = resolution
            .resolve(&ResolveTask {
                params: &params,
                references: &references,
                files: &references.files,
                names: &names,
                cancel: &cancel,
            })
            .unwrap();
        for output in &relations {
            validate(&output.batch).unwrap();
        }
    }
    batches
}

/// Every node over the files with such a worker. Gives what it was told where it was not believed.
fn through(files: &[FileSlot], text: &str, answer: &[u8]) -> Option<String> {
    let liar = Liar { about: text, answer, refused: Mutex::default() };
    let outlined = run(&KIND, files, &BTreeMap::new(), Some(&liar));
    let mut inputs = BTreeMap::from([("outline", outlined)]);
    let chunks = run(&chunk::KIND, files, &inputs, None);
    let rows: Vec<ChunkRow> = chunks[0].rows().unwrap();
    for file in files {
        let crate::nodes::Content::Bytes(_, bytes) = &file.content else { panic!("it has bytes") };
        let tiles = rows.iter().filter(|row| row.path == file.path.text());
        let whole: Vec<u8> =
            tiles.flat_map(|row| row.text_bytes.as_deref().unwrap_or(row.text.as_bytes())).copied().collect();
        assert_eq!(whole, **bytes, "the chunks of {} tile it", file.path);
    }
    for (path, _) in NEIGHBOURS {
        let own: Vec<&ChunkRow> = rows.iter().filter(|row| row.path == path).collect();
        assert_eq!(own.len(), 1, "{path}");
        assert_eq!(own[0].kind, "function", "{path}");
    }
    inputs.insert("chunks", chunks);
    run(&index::KIND, files, &inputs, None);
    let files: Vec<FileRow> = inputs["outline"][0].rows().unwrap();
    let statuses: Vec<&str> = files.iter().map(|file| file.parse_status.as_str()).collect();
    let refused = liar.refused.into_inner().unwrap();
    assert_eq!((statuses[0], statuses[2]), ("ok", "ok"));
    assert_eq!(refused.is_some(), files[1].skip_reason.as_deref() == Some("garbled"));
    refused
}

/// Request and answer of each sample.
fn truths() -> &'static [(Vec<u8>, Vec<u8>)] {
    static TRUTHS: OnceLock<Vec<(Vec<u8>, Vec<u8>)>> = OnceLock::new();
    TRUTHS.get_or_init(found)
}

fn found() -> Vec<(Vec<u8>, Vec<u8>)> {
    let each = SAMPLES.iter().map(|(path, language, text)| {
        let heard = Overheard::default();
        run(&KIND, &[slot(path, Some(language), text.as_bytes())], &BTreeMap::new(), Some(&heard));
        heard.0.into_inner().unwrap().remove(0)
    });
    each.collect()
}

fn told(answer: &[u8]) -> Answer {
    postcard::from_bytes::<Result<Answer, String>>(answer).unwrap().unwrap()
}

fn written(answer: &Answer) -> Vec<u8> {
    postcard::to_allocvec(&Ok::<_, String>(answer)).unwrap()
}

#[test]
fn a_true_answer_is_believed_and_has_the_form_that_is_known_here() {
    for ((path, language, text), (_, answer)) in SAMPLES.iter().zip(truths()) {
        assert_eq!(&written(&told(answer)), answer, "{path}");
        assert!(!told(answer).outline.is_empty(), "{path}");
        assert_eq!(through(&files(path, language, text), text, answer), None, "{path}");
    }
}

#[test]
fn no_truncation_of_an_answer_or_of_a_request_is_taken_for_the_whole() {
    for ((path, language, text), (request, answer)) in SAMPLES.iter().zip(truths()) {
        let files = files(path, language, text);
        for end in 0..answer.len() {
            assert!(through(&files, text, &answer[..end]).is_some(), "{path} cut at {end}");
        }
        // What is cut off the end of a request is cut off the file.
        for end in 0..request.len() - text.len() {
            assert!(KIND.answer(&request[..end]).is_err(), "{path} cut at {end}");
        }
        for end in request.len() - text.len()..request.len() {
            KIND.answer(&request[..end]).unwrap();
        }
    }
}

/// Lies that would cost more than the file is worth: each is a true answer but for what is done to it.
#[test]
fn what_would_cost_more_than_the_file_is_worth_is_not_believed() {
    let (path, language, text) = SAMPLES[0];
    let truth = told(&truths()[0].1);
    let row = truth.outline.iter().find(|row| row.role == "definition").unwrap().clone();
    let length = text.len() as u32;
    let nested = |count: u32| (0..count).map(|at| Row { parent: at.checked_sub(1), ..row.clone() }).collect::<Vec<_>>();
    let long = |bytes: usize| Some("x".repeat(bytes));
    let with = |change: &dyn Fn(&mut Answer)| {
        let mut answer = truth.clone();
        change(&mut answer);
        through(&files(path, language, text), text, &written(&answer))
    };
    assert_eq!(with(&|_| {}), None);
    for (what, change) in [
        ("a name", &(|answer: &mut Answer| answer.outline[0].name = "x".repeat(5_000)) as &dyn Fn(&mut Answer)),
        ("a qualified name", &|answer| answer.outline[0].qualified_name = "x".repeat(50_000)),
        ("a signature", &|answer| answer.outline[0].signature = "x".repeat(50_000)),
        ("a message", &|answer| answer.cut = long(50_000)),
        ("documentation", &|answer| {
            answer.outline = vec![Row { doc: Some((0, length)), parent: None, ..row.clone() }; 9_000];
        }),
        ("depth", &|answer| answer.outline = nested(50_001)),
        ("parents that are closed", &|answer| {
            answer.outline = nested(3);
            answer.outline.push(Row { parent: Some(0), ..row.clone() });
            answer.outline.push(Row { parent: Some(1), ..row.clone() });
        }),
        ("a reference behind the end", &|answer| {
            let reference = Row { role: "reference".into(), kind: "call".into(), doc: None, body: None, ..row.clone() };
            answer.outline.push(Row { start: length, end: length, parent: None, ..reference });
        }),
    ] {
        assert!(with(change).is_some(), "{what}");
    }
    let failed = postcard::to_allocvec(&Err::<Answer, _>("x".repeat(50_000))).unwrap();
    assert!(through(&files(path, language, text), text, &failed).is_some());
    assert_eq!(with(&|answer| answer.outline = nested(300)), None, "so deep are files");
}

/// A number near what matters of a file of `length` bytes.
fn number(length: usize) -> impl Strategy<Value = u32> {
    let length = length as u32;
    prop_oneof![4 => 0..=length, 1 => Just(0), 2 => Just(length), 1 => length..length + 3, 1 => Just(u32::MAX), 1 => 0..9_u32]
}

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        select(&["", "definition", "section", "region", "reference", "comment"][..]).prop_map(str::to_owned),
        select(
            &["function", "call", "import", "uses", "extends", "cell", "fence", "key", "class", "module", "impl"][..]
        )
        .prop_map(str::to_owned),
        select(&["rust", "python", "self::x", "::", "a::b", ".", "local", "public", "no such"][..])
            .prop_map(str::to_owned),
        "\\PC{0,5}",
        any::<char>().prop_map(String::from),
        (1..9_usize).prop_map(|times| "x".repeat(times * 300)),
    ]
}

/// One change of one row.
#[derive(Clone, Debug)]
enum Change {
    Region(u32),
    Language(Option<String>),
    Role(&'static str),
    Kind(String),
    Name(String),
    Qualified(String),
    Signature(String),
    Visibility(Option<String>),
    Doc(Option<(u32, u32)>),
    Span(u32, u32),
    Body(Option<u32>),
    Parent(Option<u32>),
    Drop,
    Twice,
}

fn change(length: usize) -> impl Strategy<Value = Change> {
    use Change::{
        Body, Doc, Drop, Kind, Language, Name, Parent, Qualified, Region, Role, Signature, Span, Twice, Visibility,
    };
    let maybe = || prop::option::of(word());
    let roles = select(&["definition", "section", "region", "reference", "comment"][..]);
    let kinds =
        select(&["call", "import", "uses", "extends", "cell", "fence", "function", "class", "key", "module"][..]);
    let span = || (number(length), number(length)).prop_map(|(a, b)| if a > b && b > 3 { (b, a) } else { (a, b) });
    prop_oneof![
        1 => (0..9_u32).prop_map(Region),
        1 => maybe().prop_map(Language),
        4 => roles.prop_map(Role),
        4 => kinds.prop_map(|kind| Kind(kind.to_owned())),
        1 => word().prop_map(Kind),
        1 => word().prop_map(Name),
        1 => word().prop_map(Qualified),
        1 => word().prop_map(Signature),
        1 => maybe().prop_map(Visibility),
        1 => prop::option::of(span()).prop_map(Doc),
        6 => span().prop_map(|(start, end)| Span(start, end)),
        1 => prop::option::of(number(length)).prop_map(Body),
        1 => prop::option::of(0..9_u32).prop_map(Parent),
        1 => Just(Drop),
        1 => Just(Twice),
    ]
}

impl Change {
    fn make(self, rows: &mut Vec<Row>, at: usize) {
        let Some(row) = rows.get_mut(at) else { return };
        match self {
            Self::Region(region) => row.region = region,
            Self::Language(language) => row.language = language,
            Self::Role(role) => role.clone_into(&mut row.role),
            Self::Kind(kind) => row.kind = kind,
            Self::Name(name) => row.name = name,
            Self::Qualified(name) => row.qualified_name = name,
            Self::Signature(signature) => row.signature = signature,
            Self::Visibility(visibility) => row.visibility = visibility,
            Self::Doc(doc) => row.doc = doc,
            Self::Span(start, end) => (row.start, row.end) = (start, end),
            Self::Body(body) => row.body = body,
            Self::Parent(parent) => row.parent = parent,
            Self::Drop => drop(rows.remove(at)),
            Self::Twice => {
                let again = row.clone();
                rows.insert(at, again);
            }
        }
    }
}

fn lies() -> impl Strategy<Value = (usize, Vec<(Index, Change)>, bool)> {
    (0..SAMPLES.len()).prop_flat_map(|at| {
        let changes = prop::collection::vec((any::<Index>(), change(SAMPLES[at].2.len())), 1..6);
        // A clever liar keeps the order, and bodies and documentation within the file.
        (Just(at), changes, prop::bool::weighted(0.8))
    })
}

fn tidied(rows: &mut [Row]) {
    rows.sort_by_key(|row| (row.start, std::cmp::Reverse(row.end)));
    for (at, row) in rows.iter_mut().enumerate() {
        row.body = row.body.map(|body| body.clamp(row.start, row.end.max(row.start)));
        row.parent = row.parent.filter(|parent| (*parent as usize) < at);
        row.doc = row.doc.filter(|(from, to)| from <= to);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 700, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_believed_of_a_lie_hurts_nobody((at, changes, clever) in lies()) {
        let (path, language, text) = SAMPLES[at];
        let mut answer = told(&truths()[at].1);
        for (row, change) in changes {
            let row = row.index(answer.outline.len().max(1));
            change.make(&mut answer.outline, row);
        }
        if clever {
            tidied(&mut answer.outline);
        }
        through(&files(path, language, text), text, &written(&answer));
    }

    #[test]
    fn flipped_bytes_are_a_lie_or_none(at in 0..SAMPLES.len(), flips in prop::collection::vec((any::<Index>(), any::<u8>()), 1..4)) {
        let (path, language, text) = SAMPLES[at];
        let (mut request, mut answer) = truths()[at].clone();
        for (place, byte) in flips {
            let at = place.index(answer.len());
            answer[at] = byte;
            let at = place.index(request.len());
            request[at] = byte;
        }
        through(&files(path, language, text), text, &answer);
        // Whatever is asked, the worker says something.
        if let Ok(answer) = KIND.answer(&request) {
            prop_assert!(postcard::from_bytes::<Result<Answer, String>>(&answer).is_ok());
        }
    }

    #[test]
    fn any_bytes_are_an_answer_and_a_request_to_be_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let (path, language, text) = SAMPLES[0];
        through(&files(path, language, text), text, &bytes);
        let _answer = KIND.answer(&bytes);
        let long = [&u32::try_from(bytes.len()).unwrap().to_le_bytes()[..], &bytes, b"fn a() {}"].concat();
        let _answer = KIND.answer(&long);
    }
}
