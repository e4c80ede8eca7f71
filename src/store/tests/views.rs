use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::fixture::{CACHE, STATE, open, provenance, publish, publish_in, small, writer};
use crate::base::vfs::Vfs;
use crate::base::vfs::memory::MemoryFs;
use crate::store::{Store, StoreDirs};

/// Every part that `latest` shows, as `repo/node/table/part`, with the object's bytes.
fn shown(memory: &MemoryFs, state: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let mut todo = vec![(String::new(), Path::new(state).join("latest"))];
    while let Some((name, dir)) = todo.pop() {
        let dir = memory.canonicalize(&dir).unwrap();
        for entry in memory.list(&dir).unwrap() {
            let part = entry.name.to_string_lossy();
            let name = format!("{name}/{part}");
            if part.ends_with(".parquet") {
                let object = memory.canonicalize(&dir.join(&entry.name)).unwrap();
                out.push((name, String::from_utf8(memory.read(&object).unwrap()).unwrap()));
            } else {
                todo.push((name, dir.join(&entry.name)));
            }
        }
    }
    out.sort();
    out
}

const EXPECTED: [(&str, &str); 8] = [
    ("/repo=api/node=chunk/table=chunks/part-00000.parquet", "chunks the same in all versions"),
    ("/repo=api/node=chunk/table=chunks/part-00001.parquet", "chunks version 1"),
    ("/repo=api/node=index/table=postings/part-00000.parquet", "segment postings the same in all versions"),
    ("/repo=api/node=index/table=postings/part-00001.parquet", "segment postings version 1"),
    ("/repo=web/node=chunk/table=chunks/part-00000.parquet", "chunks the same in all versions"),
    ("/repo=web/node=chunk/table=chunks/part-00001.parquet", "chunks web"),
    ("/repo=web/node=index/table=postings/part-00000.parquet", "segment postings the same in all versions"),
    ("/repo=web/node=index/table=postings/part-00001.parquet", "segment postings web"),
];

fn assert_shown(memory: &MemoryFs, state: &str) {
    let shown = shown(memory, state);
    let shown: Vec<(&str, &str)> = shown.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    assert_eq!(shown, EXPECTED);
}

#[test]
fn the_view_shows_merged_tables_by_their_segments_and_the_others_by_their_shards() {
    let memory = MemoryFs::new();
    publish(memory.clone(), small(1)).unwrap();
    assert_shown(&memory, STATE);
}

#[test]
fn links_are_relative_where_both_directories_move_together_and_absolute_elsewhere() {
    for (cache, state, start) in [
        ("/w/.sawmill/cache", "/w/.sawmill", "../../../../../../cache/objects/"),
        ("/w/cache", "/w/.sawmill", "../../../../../../../cache/objects/"),
        ("/shared", "/w/.sawmill", "/shared/objects/"),
    ] {
        let memory = MemoryFs::new();
        let dirs = StoreDirs { cache: cache.into(), state: state.into() };
        let generation = publish_in(&Store::open(Arc::new(memory.clone()), dirs).unwrap(), small(1)).unwrap();
        let build = Path::new(state).join("builds/api").join(&generation.repos["api"].build);
        let link = memory.read_link(&build.join("view/node=chunk/table=chunks/part-00000.parquet")).unwrap();
        assert!(link.starts_with(start), "{link:?}");
        assert_shown(&memory, state);
    }
}

#[test]
fn a_repository_that_did_not_change_shares_its_view() {
    let memory = MemoryFs::new();
    let first = publish(memory.clone(), small(1)).unwrap();
    let target = |generation: &str, repo: &str| {
        memory.read_link(&Path::new(STATE).join("views").join(generation).join(format!("repo={repo}"))).unwrap()
    };
    let view = Path::new(STATE).join("builds/web").join(&first.repos["web"].build).join("view");
    let made = memory.stat(&view).unwrap();
    let second = publish(memory.clone(), small(2)).unwrap();
    assert_eq!(target(&first.id, "web"), target(&second.id, "web"));
    assert_ne!(target(&first.id, "api"), target(&second.id, "api"));
    assert_eq!(memory.stat(&view).unwrap(), made);
    assert_eq!(
        memory.read_link(&Path::new(STATE).join("latest")).unwrap(),
        PathBuf::from(format!("views/{}", second.id))
    );
}

#[test]
fn the_next_writer_repairs_what_latest_lacks() {
    let breaks: [fn(&MemoryFs, &str); 4] = [
        |memory, _| memory.remove_file(&Path::new(STATE).join("latest")).unwrap(),
        |memory, id| memory.remove_dir_all(&Path::new(STATE).join("views").join(id)).unwrap(),
        |memory, id| memory.remove_file(&Path::new(STATE).join("views").join(id).join("repo=api")).unwrap(),
        |memory, _| memory.remove_dir_all(&Path::new(STATE).join("views")).unwrap(),
    ];
    for (number, broken) in breaks.into_iter().enumerate() {
        let memory = MemoryFs::new();
        let generation = publish(memory.clone(), small(1)).unwrap();
        broken(&memory, &generation.id);
        let writer = writer(&open(memory.clone()).unwrap()).unwrap();
        assert!(writer.notices().is_empty(), "{number}: {:?}", writer.notices());
        assert_shown(&memory, STATE);
    }
}

#[test]
fn views_may_follow_later_than_head() {
    let memory = MemoryFs::new();
    let first = publish(memory.clone(), small(2)).unwrap();
    let second = publish(memory.clone(), small(1)).unwrap();
    let store = open(memory.clone()).unwrap();
    let writer = writer(&store).unwrap();
    writer.promote_without_views(&first, &provenance(small(2))).unwrap();
    assert_eq!(store.pin().unwrap().unwrap().generation(), &first);
    assert_shown(&memory, STATE);
    writer.promote_without_views(&second, &provenance(small(1))).unwrap();
    memory.remove_file(&Path::new(STATE).join("latest")).unwrap();
    writer.refresh_views(&second).unwrap();
    assert_shown(&memory, STATE);
    assert!(memory.exists(Path::new(CACHE)).unwrap());
}
