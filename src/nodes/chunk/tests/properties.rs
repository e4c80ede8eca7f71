//! Whatever the file and its outline: the chunks tile it, fit the limit and are found again.

use proptest::collection::vec;
use proptest::prelude::*;

use super::harness::{File, params, params_with_prose, run_with};
use crate::base::Mode;
use crate::table::schema::OutlineRow;

/// Lines as files have them, with odd bytes among them.
fn source() -> impl Strategy<Value = Vec<u8>> {
    let line = prop_oneof![
        4 => "[ \t]{0,8}[a-z(){};#/ ]{0,40}\n".prop_map(String::into_bytes),
        1 => Just(b"\n".to_vec()),
        1 => "\\PC{0,30}\r?\n".prop_map(String::into_bytes),
        1 => vec(any::<u8>(), 0..60),
        1 => "[a-z ]{300,900}".prop_map(String::into_bytes),
    ];
    vec(line, 0..60).prop_map(|lines| lines.concat())
}

/// Start, length, sort, parent, documentation, name.
type RandomRow = (u32, u32, u8, prop::sample::Index, Option<u32>, u8);

/// Rows with spans and parents at random; only order and back references are as extraction promises.
fn rows(max: u32) -> impl Strategy<Value = Vec<OutlineRow>> {
    let row = (0..max + 9, 0..max + 9, 0..10u8, any::<prop::sample::Index>(), option(max), 0..4u8);
    vec(row, 0..24).prop_map(|mut items| {
        items.sort_by_key(|(start, len, ..)| (*start, std::cmp::Reverse(*len)));
        let make = |(at, (start, len, sort, parent, doc, name)): (usize, RandomRow)| {
            let kinds =
                ["function", "class", "constant", "key", "section", "fence", "call", "method", "region", "comment"];
            let kind = kinds[usize::from(sort)];
            OutlineRow {
                path: "src/a.rs".into(),
                ordinal: at as u32,
                role: match kind {
                    "section" | "fence" => "section".into(),
                    "call" => "reference".into(),
                    "region" | "comment" => kind.into(),
                    _ => "definition".into(),
                },
                kind: if kind == "region" { ["fence", "cell"][usize::from(name % 2)].into() } else { kind.into() },
                region: if kind == "region" { at as u32 + 1 } else { 0 },
                language: (kind == "region").then(|| format!("l{at}")),
                name: format!("n{name}"),
                qualified_name: format!("n{name}"),
                doc_start: doc,
                doc_end: doc.map(|d| d + 30),
                start_byte: start,
                end_byte: start + len,
                body_start: (len > 1).then_some(start + len / 2),
                parent: (at > 0 && sort % 3 != 0).then(|| parent.index(at) as u32),
                ..OutlineRow::default()
            }
        };
        items.into_iter().enumerate().map(make).collect()
    })
}

fn option(max: u32) -> impl Strategy<Value = Option<u32>> {
    proptest::option::of(0..=max)
}

fn file() -> impl Strategy<Value = File> {
    let encodings =
        prop_oneof![Just("utf-8"), Just("utf-16le"), Just("utf-16be"), Just("windows-1252"), Just("gb18030")];
    let modes = prop_oneof![Just(Mode::Code), Just(Mode::Prose), Just(Mode::Records)];
    (source(), encodings, modes).prop_flat_map(|(bytes, encoding, mode)| {
        let len = bytes.len() as u32;
        rows(len).prop_map(move |outline| File {
            path: "src/a.rs".into(),
            mode,
            language: Some("rust"),
            encoding,
            bytes: bytes.clone(),
            outline,
        })
    })
}

impl std::fmt::Debug for File {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {:?} {:?}", self.encoding, String::from_utf8_lossy(&self.bytes), self.outline)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn chunks_tile_any_file_with_any_outline(
        file in file(), max in 200..600u32, min in 0..300u32, prose in any::<bool>(),
    ) {
        let make = if prose { params_with_prose } else { params };
        let (chunks, symbols) = run_with(&file, &make(max, min));
        prop_assert_eq!(chunks.is_empty(), file.bytes.is_empty());
        let lines = |upto: u32| memchr::memchr_iter(b'\n', &file.bytes[..upto as usize]).count() as u32;
        let mut ids: Vec<&str> = chunks.iter().map(|c| c.chunk_id.as_str()).collect();
        for (at, chunk) in chunks.iter().enumerate() {
            prop_assert_eq!(chunk.content_hash.len(), 32);
            if file.encoding == "utf-8" {
                prop_assert_eq!(chunk.start_line, lines(chunk.start_byte) + 1);
                prop_assert_eq!(chunk.end_line, lines(chunk.end_byte - 1) + 1);
            }
            if let Some(parent) = &chunk.parent_id {
                let place = chunks.iter().position(|c| c.chunk_id == *parent).unwrap();
                prop_assert!(place < at || chunk.kind == "doc" && place != at, "a parent stands before");
                prop_assert!(chunks[place].mode != "extracted-prose", "no comment is a parent");
            }
            let extracted = chunk.mode == "extracted-prose";
            prop_assert_eq!(extracted, ["doc", "comment"].contains(&chunk.kind.as_str()));
            prop_assert!(!extracted || prose && file.mode == Mode::Code);
        }
        for symbol in &symbols {
            prop_assert!(ids.contains(&symbol.chunk_id.as_str()));
        }
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        prop_assert_eq!(ids.len(), count, "ids are distinct");
    }

    #[test]
    fn a_chunk_is_all_of_one_region_and_has_its_language(file in file(), max in 200..600u32, min in 0..300u32) {
        let wide = file.encoding.starts_with("utf-16");
        // For each byte the innermost region, painted in order; one that crosses the end of another ends there.
        let mut painted: Vec<Option<usize>> = vec![None; file.bytes.len()];
        let mut ends = vec![0; file.outline.len()];
        for (at, row) in file.outline.iter().enumerate().filter(|(_, row)| row.role == "region" && !wide) {
            let Some(around) = painted.get(row.start_byte as usize) else { continue };
            let end = (row.end_byte as usize).min(around.map_or(file.bytes.len(), |outer| ends[outer]));
            ends[at] = end;
            if let Some(bytes) = painted.get_mut(row.start_byte as usize..end) {
                bytes.fill(Some(at));
            }
        }
        for chunk in run_with(&file, &params(max, min)).0 {
            let inside = &painted[chunk.start_byte as usize..chunk.end_byte as usize];
            prop_assert!(inside.windows(2).all(|pair| pair[0] == pair[1]), "{chunk:?}");
            let row = inside[0].map(|at| &file.outline[at]);
            prop_assert_eq!(chunk.region, row.map_or(0, |row| row.region));
            let language = row.map_or(file.language.map(str::to_owned), |row| row.language.clone());
            prop_assert_eq!(chunk.language, language);
        }
    }

    #[test]
    fn chunks_of_text_fit_the_limit(bytes in source(), max in 200..600u32) {
        let file = File::plain(String::from_utf8_lossy(&bytes).into_owned(), "utf-8");
        for chunk in run_with(&file, &params(max, 100)).0 {
            prop_assert!(chunk.text.chars().count() as u32 <= max, "{}", chunk.text.chars().count());
        }
    }
}
