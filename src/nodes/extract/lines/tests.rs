//! Whatever the bytes: readers end, in proportion to them, and what they find holds together.

use proptest::prelude::*;

use super::READERS;

fn fragment() -> impl Strategy<Value = Vec<u8>> {
    let words = [
        "=",
        "==",
        "== T\n",
        "----\n",
        "====\n",
        "\n",
        "\n\n",
        "Title\n",
        "=====\n",
        "-----\n",
        "~~~~~\n",
        "   ",
        "::\n",
        ".. code-block:: rust\n\n",
        "   fn f() {}\n",
        "[source,rust]\n",
        "[[id]]\n",
        "[discrete]\n",
        ".Title\n",
        "|===\n",
        "```rust\n",
        "```\n",
        "--\n",
        "<script>",
        "</script>",
        "<template>",
        "</template>",
        "<style lang=\"css\">",
        "<!--",
        "-->",
        "<a b='",
        "\"",
        "é",
        "//",
        "////\n",
        "....\n",
        "text",
        "</",
        "<",
        ">",
    ];
    let piece = prop_oneof![
        8 => prop::sample::select(words.to_vec()).prop_map(|w| w.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 1..4),
    ];
    prop::collection::vec(piece, 0..80).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_a_reader_finds_lies_inside_the_text_and_in_order(bytes in fragment(), start in 0..20usize) {
        let start = start.min(bytes.len());
        for reader in READERS {
            let found = reader.found(&bytes, start);
            for entry in &found.entries {
                prop_assert!(start <= entry.start as usize && entry.start <= entry.body, "{} {entry:?}", reader.name);
                prop_assert!(entry.body <= entry.end && entry.end as usize <= bytes.len(), "{} {entry:?}", reader.name);
            }
            prop_assert!(found.entries.is_sorted_by_key(|entry| entry.start));
            for region in &found.embedded {
                prop_assert!(region.start < region.end && region.end as usize <= bytes.len());
                let inside = |(a, b): &(u32, u32)| region.start <= *a && a <= b && *b <= region.end;
                prop_assert!(region.ranges.iter().all(inside) && region.ranges.is_sorted());
            }
            prop_assert!(found.embedded.windows(2).all(|pair| pair[0].end <= pair[1].start));
        }
    }
}

#[test]
fn hostile_texts_cost_time_in_proportion() {
    let hostile = [
        "<script a=\"",
        "<template>",
        "</template",
        "<!--",
        "[source,rust]\n",
        "----\n",
        "====\n",
        "== T\n",
        "T\n=\n\n",
        ".. code::\n\n  x\n",
        "::\n",
        "[[",
        "```",
        "a\n",
        " ",
    ];
    for text in hostile {
        let bytes = text.repeat((2 << 20) / text.len()).into_bytes();
        for reader in READERS {
            let found = reader.found(&bytes, 0);
            assert!(found.entries.len() <= bytes.len() / 4);
        }
    }
}
