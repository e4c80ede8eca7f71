//! Views: directories of symbolic links for people and Arrow tools.
//!
//! `latest/repo=api/node=chunk/table=chunks/part-00017.parquet` is an object; DuckDB, Polars and pyarrow take
//! repository, node and table from the directory names. (DuckDB follows these links for `*`, not for `**`.) A
//! build's view is made once and every generation that has the build links to it.
//!
//! A link's target is longer than what file systems keep in the inode, so a part costs a block (4 KiB on ext4) in each
//! build that is kept, and some 30 µs to make; a watch puts it off ([`Writer::promote_without_views`]).
//!
//! What a table's rows are shown by: the pieces of segments for a table that the node merges, else the pieces of
//! shards.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::PoisonError;

use super::error::{StoreError, io_at};
use super::layout::{WORKSPACE_MANIFEST, is_part, latest_target, manifest_target, repo_link, view_links};
use super::model::{BuildRoot, Generation};
use super::open::Store;
use super::writer::Writer;
use crate::base::{Digest, parallel};

/// Levels between the state directory and a part's link: `builds/<repo>/<id>/view/node=…/table=…`.
const DEPTH: usize = 6;

/// From this many links on a view is made by several threads.
const MANY_LINKS: usize = 512;

/// Directory inside the view → artifacts in order.
pub(super) type Tables = BTreeMap<PathBuf, Vec<Digest>>;

impl Store {
    /// What the view of a build shows.
    pub(super) fn tables_of(&self, root: &BuildRoot) -> Result<Tables, StoreError> {
        let merged: BTreeSet<(&str, &str)> = root
            .nodes
            .iter()
            .flat_map(|node| node.merged.keys().map(|table| (node.name.as_str(), table.as_str())))
            .collect();
        let mut tables = Tables::new();
        for segment in &root.segments {
            let list = self.segment_list(&root.repo, &segment.list)?;
            let of_shards = list.shards.iter().flat_map(|shard| &shard.pieces);
            let shown = of_shards.filter(|piece| !merged.contains(&(piece.node.as_str(), piece.table.as_str())));
            for piece in shown.chain(&list.pieces) {
                if !is_part(&piece.node) || !is_part(&piece.table) {
                    return Err(StoreError::refused(format!("no directory can be `{}/{}`", piece.node, piece.table)));
                }
                let dir = PathBuf::from(format!("node={}", piece.node)).join(format!("table={}", piece.table));
                tables.entry(dir).or_default().push(piece.artifact);
            }
        }
        Ok(tables)
    }

    /// Has a build a view, as whole as a reader can tell? One that leads to a cache that was used before shows the same
    /// objects, as long as they stand there.
    pub fn has_view(&self, repo: &str, build: &str) -> Result<bool, StoreError> {
        let tables = self.tables_of(&self.build_root(repo, build)?)?;
        let view = self.layout().build_view(repo, build);
        let names = |target: &PathBuf, artifact: &Digest| target.ends_with(object_inside(artifact));
        if !self.view_shows(&view, &tables, names)? {
            return Ok(false);
        }
        let first = tables.iter().find(|(_, artifacts)| !artifacts.is_empty());
        first.map_or(Ok(true), |(table, _)| {
            let part = view.join(table).join(part_name(0));
            match self.vfs().canonicalize(&part) {
                Ok(_) => Ok(true),
                Err(e) if is_absence(&e) => Ok(false),
                Err(e) => Err(io_at("look at", &part)(e)),
            }
        })
    }

    /// Has each table of the view exactly its parts, with the right targets?
    fn view_shows(
        &self,
        view: &Path,
        tables: &Tables,
        is_right: impl Fn(&PathBuf, &Digest) -> bool,
    ) -> Result<bool, StoreError> {
        for (table, artifacts) in tables {
            let dir = view.join(table);
            let Some(names) = self.names_in(&dir)? else { return Ok(false) };
            if names != (0..artifacts.len()).map(part_name).map(OsString::from).collect() {
                return Ok(false);
            }
            for (number, artifact) in artifacts.iter().enumerate() {
                let target = self.link_target(&dir.join(part_name(number)))?;
                if !target.is_some_and(|target| is_right(&target, artifact)) {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    fn names_in(&self, dir: &Path) -> Result<Option<BTreeSet<OsString>>, StoreError> {
        match self.vfs().list(dir) {
            Ok(entries) => Ok(Some(entries.into_iter().map(|entry| entry.name).collect())),
            Err(e) if is_absence(&e) => Ok(None),
            Err(e) => Err(io_at("list", dir)(e)),
        }
    }

    /// `None` where no link stands.
    fn link_target(&self, link: &Path) -> Result<Option<PathBuf>, StoreError> {
        match self.vfs().read_link(link) {
            Ok(target) => Ok(Some(target)),
            Err(e) if is_absence(&e) || e.kind() == io::ErrorKind::InvalidInput => Ok(None),
            Err(e) => Err(io_at("read", link)(e)),
        }
    }
}

impl Writer {
    /// Makes the view of a build where it is not whole, durably.
    pub fn refresh_build_view(&self, repo: &str, build: &str) -> Result<(), StoreError> {
        let _one_at_a_time = self.publishing.lock().unwrap_or_else(PoisonError::into_inner);
        self.check_healthy()?;
        self.make_build_view(repo, build)?;
        self.sync_everything(true)
    }

    /// Makes the view of each build that `latest` does not show already. Views there are whole: they were synced
    /// before `latest` was pointed at them.
    pub(super) fn make_build_views(&self, generation: &Generation) -> Result<(), StoreError> {
        let latest = self.store().layout().latest();
        for (repo, build) in generation.builds() {
            let (name, target) = repo_link(&repo, &build.build);
            let is_shown = self.store().link_target(&latest.join(name))? == Some(target);
            if !is_shown || !self.leads_here(&self.store().layout().build_view(&repo, &build.build))? {
                self.make_build_view(&repo, &build.build)?;
            }
        }
        Ok(())
    }

    /// Does a build's view lead into this cache, and not into one that was used before? One link tells: all were
    /// made together.
    fn leads_here(&self, view: &Path) -> Result<bool, StoreError> {
        let mut at = view.to_owned();
        for _ in ["node", "table", "part"] {
            match self.store().names_in(&at)?.map(|names| names.into_iter().next()) {
                Some(Some(name)) => at.push(name),
                // A build without a table has an empty view.
                Some(None) => return Ok(at == view),
                None => return Ok(false),
            }
        }
        Ok(self.store().link_target(&at)?.is_some_and(|target| target.starts_with(self.path_to_objects())))
    }

    /// Makes the view of a build, unless it is whole.
    pub(super) fn make_build_view(&self, repo: &str, build: &str) -> Result<(), StoreError> {
        let root = self.store().build_root(repo, build)?;
        let tables = self.tables_of(&root)?;
        let view = self.store().layout().build_view(repo, build);
        let manifest = root.workspace_manifest.as_ref().map(manifest_target);
        if self.view_is_whole(&view, &tables)? && self.store().link_target(&view.join(WORKSPACE_MANIFEST))? == manifest
        {
            return Ok(());
        }
        self.remove_tree(&view)?;
        let tables_in_order: Vec<(&PathBuf, &Vec<Digest>)> = tables.iter().collect();
        let links: usize = tables.values().map(Vec::len).sum();
        // The kernel takes names into a directory one at a time, into several at once.
        let threads = if links < MANY_LINKS { 1 } else { parallel::available() };
        let made = parallel::map(threads, &tables_in_order, |(table, parts)| self.link_parts(&view.join(table), parts));
        made.into_iter().collect::<Result<(), StoreError>>()?;
        if let Some(target) = manifest {
            let link = view.join(WORKSPACE_MANIFEST);
            self.store().vfs().create_dir_all(&view).map_err(io_at("create", &view))?;
            self.store().vfs().symlink(&target, &link).map_err(io_at("link", &link))?;
        }
        let build_dir = self.store().layout().build(repo, build);
        let parents = tables.keys().filter_map(|table| table.parent()).map(|node| view.join(node));
        self.unsynced().dirs.extend(parents.chain((!tables.is_empty()).then_some(view.clone())).chain([build_dir]));
        Ok(())
    }

    fn link_parts(&self, dir: &Path, artifacts: &[Digest]) -> Result<(), StoreError> {
        let (vfs, objects) = (self.store().vfs(), self.path_to_objects());
        // Not `make_dir`: this directory may have been made and removed before.
        vfs.create_dir_all(dir).map_err(io_at("create", dir))?;
        for (number, artifact) in artifacts.iter().enumerate() {
            let link = dir.join(part_name(number));
            vfs.symlink(&objects.join(object_inside(artifact)), &link).map_err(io_at("link", &link))?;
        }
        self.unsynced().dirs.insert(dir.to_owned());
        Ok(())
    }

    fn tables_of(&self, root: &BuildRoot) -> Result<Tables, StoreError> {
        self.store().tables_of(root)
    }

    /// A killed writer or a power cut may have left less.
    fn view_is_whole(&self, view: &Path, tables: &Tables) -> Result<bool, StoreError> {
        let objects = self.path_to_objects();
        self.store().view_shows(view, tables, |target, artifact| *target == objects.join(object_inside(artifact)))
    }

    /// Makes `views/<generation>` of links to the builds' views, and points `latest` there.
    pub(super) fn make_generation_view(&self, generation: &Generation) -> Result<(), StoreError> {
        let (vfs, layout) = (self.store().vfs(), self.store().layout());
        let links = view_links(generation);
        let view = layout.view(&generation.id);
        if !self.links_are(&view, &links)? {
            let temporary = self.temporary_path(&layout.state_tmp());
            vfs.create_dir_all(&temporary).map_err(io_at("create", &temporary))?;
            for (name, target) in &links {
                let link = temporary.join(name);
                vfs.symlink(target, &link).map_err(io_at("link", &link))?;
            }
            self.remove_tree(&view)?;
            self.rename(&temporary, &view)?;
        }
        let (latest, target) = (layout.latest(), latest_target(&generation.id));
        if self.store().link_target(&latest)?.as_ref() != Some(&target) {
            let temporary = self.temporary_path(&layout.state_tmp());
            vfs.symlink(&target, &temporary).map_err(io_at("link", &temporary))?;
            self.rename(&temporary, &latest)?;
        }
        Ok(())
    }

    /// Points `latest` at HEAD's generation where a killed writer did not come to it. What cannot be repaired is
    /// told: a build is about to make a new one.
    pub(super) fn repair_latest(&self) {
        let head = match self.store().head() {
            Ok(Some(head)) => self.store().generation(&head),
            Ok(None) => return,
            Err(e) => Err(e),
        };
        let repaired = head.and_then(|generation| {
            if self.latest_is(&generation)? {
                return Ok(());
            }
            self.make_build_views(&generation)?;
            self.sync_everything(true)?;
            self.make_generation_view(&generation)
        });
        if let Err(e) = repaired {
            self.notice(&self.store().layout().latest(), format!("not repaired: {e}"));
        }
    }

    fn latest_is(&self, generation: &Generation) -> Result<bool, StoreError> {
        let layout = self.store().layout();
        let links = view_links(generation);
        Ok(self.store().link_target(&layout.latest())? == Some(latest_target(&generation.id))
            && self.links_are(&layout.view(&generation.id), &links)?)
    }

    fn links_are(&self, dir: &Path, links: &BTreeMap<String, PathBuf>) -> Result<bool, StoreError> {
        if self.store().names_in(dir)? != Some(links.keys().map(OsString::from).collect()) {
            return Ok(false);
        }
        for (name, target) in links {
            if self.store().link_target(&dir.join(name))?.as_ref() != Some(target) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn remove_tree(&self, dir: &Path) -> Result<(), StoreError> {
        match self.store().vfs().remove_dir_all(dir) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => Err(io_at("remove", dir)(e)),
            _ => Ok(()),
        }
    }

    /// The way from a part's link to the objects: relative where the cache stands in or beside the state, so that
    /// the two can be moved together; else absolute.
    fn path_to_objects(&self) -> PathBuf {
        let (cache, state) = self.real_dirs();
        let Some(parent) = state.parent() else { return cache.join("objects") };
        let mut way: PathBuf = std::iter::repeat_n(Component::ParentDir, DEPTH).collect();
        match (cache.strip_prefix(state), cache.strip_prefix(parent)) {
            (Ok(inside), _) => way.push(inside),
            (_, Ok(beside)) => {
                way.push("..");
                way.push(beside);
            }
            _ => return cache.join("objects"),
        }
        way.join("objects")
    }
}

fn is_absence(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

pub(super) fn part_name(number: usize) -> String {
    format!("part-{number:05}.parquet")
}

pub(super) fn object_inside(hash: &Digest) -> PathBuf {
    let hex = hash.hex();
    let (dir, name) = hex.split_at_checked(2).unwrap_or_default();
    Path::new(dir).join(format!("{name}.parquet"))
}
