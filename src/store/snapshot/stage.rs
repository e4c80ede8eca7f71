//! The store that a frozen snapshot is, while it is made.
//!
//! All its names are those of `layout.rs`, with the cache inside the state. Links are relative and no record names a
//! place on this machine, so that the directory can be moved and copied.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;

use crate::base::Digest;
use crate::store::envelope;
use crate::store::error::{StoreError, io_at};
use crate::store::generation::Head;
use crate::store::layout::{
    FORMAT, FORMAT_FILE, Layout, WORKSPACE_MANIFEST, latest_target, manifest_target, view_links,
};
use crate::store::lease::Pinned;
use crate::store::model::{BuildRoot, Provenance, SegmentList};
use crate::store::open::{FormatRecord, Store, StoreDirs, unbelieved};
use crate::store::views::{object_inside, part_name};
use crate::store::writer::Writer;

/// Nothing in a frozen snapshot is written again.
const MODE_FROZEN: u32 = 0o444;

/// From a part's link, `builds/<repo>/<id>/view/node=…/table=…`, to the objects.
const WAY_TO_OBJECTS: &str = "../../../../../../cache/objects";

/// A store under construction, in a directory of temporaries.
pub(super) struct Stage<'w> {
    writer: &'w Writer,
    pub layout: Layout,
}

impl<'w> Stage<'w> {
    pub(super) fn new(writer: &'w Writer) -> Self {
        let state = writer.temporary_path(&writer.store().layout().state_tmp());
        Self { writer, layout: Layout { cache: state.join("cache"), state } }
    }

    pub(super) fn dir(&self) -> &Path {
        &self.layout.state
    }

    /// Where an object and its block hashes go; their directory stands then.
    pub(super) fn place_of(&self, hash: &Digest) -> Result<(PathBuf, PathBuf), StoreError> {
        self.writer.make_dir(&self.layout.object_dir(hash))?;
        Ok((self.layout.object(hash), self.layout.blocks(hash)))
    }

    pub(super) fn wrote(&self, path: PathBuf) {
        self.writer.unsynced().files.insert(path);
    }

    fn put(&self, path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
        if let Some(dir) = path.parent() {
            self.writer.make_dir(dir)?;
        }
        self.writer.store().vfs().write_new(path, bytes, MODE_FROZEN).map_err(io_at("write", path))?;
        self.wrote(path.to_owned());
        Ok(())
    }

    fn put_record<T: Serialize>(&self, path: &Path, record: &T) -> Result<(), StoreError> {
        self.put(path, &envelope::seal(&self.layout.name_of(path), record)?)
    }

    fn link(&self, target: &Path, link: &Path) -> Result<(), StoreError> {
        if let Some(dir) = link.parent() {
            self.writer.make_dir(dir)?;
        }
        self.writer.store().vfs().symlink(target, link).map_err(io_at("link", link))
    }

    /// Everything but the objects: records, lists and views. Gives the objects that they name.
    pub(super) fn put_records(&self, pinned: &Pinned) -> Result<BTreeSet<Digest>, StoreError> {
        let (generation, layout) = (pinned.generation(), &self.layout);
        for dir in [&layout.cache, &layout.state] {
            self.put_record(&dir.join(FORMAT_FILE), &FormatRecord { format: FORMAT })?;
        }
        self.writer.make_dir(&layout.objects())?;
        let mut objects = BTreeSet::new();
        for (repo, build) in generation.builds() {
            let root = pinned.store().build_root(&repo, &build.build)?;
            self.put_record(&layout.build_root(&repo, &build.build), &root)?;
            objects.extend(self.put_lists(pinned, &root)?);
            self.put_view(pinned.store(), &root)?;
        }
        for (name, target) in view_links(generation) {
            self.link(&target, &layout.view(&generation.id).join(name))?;
        }
        self.writer.make_dir(&layout.view(&generation.id))?;
        self.put_record(&layout.generation(&generation.id), generation)?;
        // What was there before is not in here.
        let provenance = Provenance { previous: None, ..pinned.provenance().clone() };
        self.put_record(&layout.provenance(&generation.id), &provenance)?;
        self.put(&layout.lease(&generation.id), b"")?;
        self.put_record(&layout.head(), &Head { format: FORMAT, generation: generation.id.clone() })?;
        self.link(&latest_target(&generation.id), &layout.latest())?;
        Ok(objects)
    }

    /// Gives the objects that the lists name.
    fn put_lists(&self, pinned: &Pinned, root: &BuildRoot) -> Result<BTreeSet<Digest>, StoreError> {
        // Two segments may have equal lists.
        let lists: BTreeSet<&Digest> = root.segments.iter().map(|segment| &segment.list).collect();
        let mut objects = BTreeSet::new();
        for hash in lists {
            let (bytes, path) = pinned.store().list_bytes(&root.repo, hash)?;
            self.put(&self.layout.list(&root.repo, hash), &bytes)?;
            let list: SegmentList = envelope::parse(&bytes).map_err(|e| unbelieved(&path, e))?;
            objects.extend(list.shards.iter().flat_map(|shard| &shard.pieces).chain(&list.pieces).map(|p| p.artifact));
        }
        if let Some(manifest) = &root.workspace_manifest {
            let (bytes, _) = pinned.store().list_bytes(&root.repo, manifest)?;
            self.put(&self.layout.list(&root.repo, manifest), &bytes)?;
        }
        Ok(objects)
    }

    fn put_view(&self, store: &Store, root: &BuildRoot) -> Result<(), StoreError> {
        let view = self.layout.build_view(&root.repo, &root.id);
        self.writer.make_dir(&view)?;
        for (table, parts) in store.tables_of(root)? {
            for (number, artifact) in parts.iter().enumerate() {
                let target = Path::new(WAY_TO_OBJECTS).join(object_inside(artifact));
                self.link(&target, &view.join(&table).join(part_name(number)))?;
            }
        }
        match &root.workspace_manifest {
            Some(manifest) => self.link(&manifest_target(manifest), &view.join(WORKSPACE_MANIFEST)),
            None => Ok(()),
        }
    }

    /// Reads the records back, as a reader of the frozen store will: HEAD, generation, roots and lists.
    pub(super) fn read_back(&self) -> Result<(), StoreError> {
        let dirs = StoreDirs { cache: self.layout.cache.clone(), state: self.layout.state.clone() };
        let store = Store::open(Arc::clone(self.writer.store().vfs_shared()), dirs)?;
        let pinned = store.pin()?.ok_or_else(|| StoreError::Missing { path: self.layout.head() })?;
        pinned.generation().builds().try_for_each(|(name, _)| pinned.verify_manifest(&name))
    }
}
