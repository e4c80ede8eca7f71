//! HEAD, generations, roots and lists: every record that leads to an object.

use std::collections::{BTreeMap, BTreeSet};

use super::super::error::StoreError;
use super::super::model::{BuildRoot, Piece, SegmentList, SegmentRef};
use super::super::open::Store;
use super::finding::{Finding, Record, What};
use super::survey::{Named, Place, PlaceUnit, Survey};
use crate::base::Digest;
use crate::base::cancel::{Cancel, Cancelled};

pub(super) struct Walk<'a> {
    pub store: &'a Store,
    pub survey: Survey,
    builds: BTreeSet<(String, String)>,
    lists: BTreeSet<(String, Digest)>,
}

impl Store {
    /// Reads every record that HEAD leads to, with `all` every generation, pointer and build of a commit that is there,
    /// and what stands beside them. All damage is in the answer.
    pub fn survey(&self, all: bool, cancel: &Cancel) -> Result<Survey, Cancelled> {
        let mut walk = Walk { store: self, survey: Survey::default(), builds: BTreeSet::new(), lists: BTreeSet::new() };
        let head = walk.head();
        walk.survey.generation.clone_from(&head);
        let mut generations: BTreeSet<String> = head.iter().cloned().collect();
        match self.generation_ids() {
            Ok(ids) if all => generations.extend(ids),
            Ok(_) => {}
            Err(e) => walk.find(Record::Generation, &self.layout().generations(), &e),
        }
        for id in &generations {
            cancel.check()?;
            walk.generation(id, cancel)?;
        }
        walk.snapshots(all, cancel)?;
        walk.commits(all, cancel)?;
        let mut survey = walk.survey;
        self.survey_loose(&mut survey);
        if let Some(head) = &head {
            self.survey_links(head, &mut survey);
        }
        Ok(survey)
    }
}

impl Walk<'_> {
    pub(super) fn find(&mut self, record: Record, path: &std::path::Path, error: &StoreError) {
        self.survey.findings.push(Finding::of_error(self.store, record, path, error));
    }

    /// The generation to begin with.
    fn head(&mut self) -> Option<String> {
        let path = self.store.layout().head();
        let found = match self.store.head() {
            Ok(Some(head)) => {
                self.survey.records += 1;
                return Some(head);
            }
            Ok(None) => StoreError::Missing { path: path.clone() },
            Err(e) => e,
        };
        let instead = self.store.recover_head().ok().flatten().map(|pinned| pinned.generation().id.clone());
        let ever_built = self.store.generation_ids().is_ok_and(|ids| !ids.is_empty());
        // No HEAD and no generation: nothing was built yet.
        if ever_built || !matches!(found, StoreError::Missing { .. }) {
            self.find(Record::Head, &path, &found);
        }
        instead
    }

    fn generation(&mut self, id: &str, cancel: &Cancel) -> Result<(), Cancelled> {
        let layout = self.store.layout();
        self.survey.generations += 1;
        let provenance = match self.store.provenance(id) {
            Ok(Some(_)) => None,
            Ok(None) => Some(StoreError::Missing { path: layout.provenance(id) }),
            Err(e) => Some(e),
        };
        self.survey.records += 1;
        if let Some(e) = provenance {
            let finding = Finding::of_error(self.store, Record::Provenance, &layout.provenance(id), &e);
            self.survey.findings.push(finding.of_generation(id));
        }
        match self.store.generation(id) {
            Ok(generation) => {
                self.survey.records += 1;
                for (repo, build) in generation.builds() {
                    cancel.check()?;
                    self.build_once(Some(id), &repo, &build.build, cancel)?;
                }
            }
            Err(e) => {
                let finding = Finding::of_error(self.store, Record::Generation, &layout.generation(id), &e);
                self.survey.findings.push(finding.of_generation(id));
            }
        }
        Ok(())
    }

    /// A build, unless it was looked at, as that of a generation or of a moment that is none.
    pub(super) fn build_once(
        &mut self,
        generation: Option<&str>,
        repo: &str,
        build: &str,
        cancel: &Cancel,
    ) -> Result<(), Cancelled> {
        if !self.builds.insert((repo.to_owned(), build.to_owned())) {
            return Ok(());
        }
        self.survey.builds += 1;
        match self.store.build_root(repo, build) {
            Ok(root) => {
                self.survey.records += 1;
                for segment in &root.segments {
                    cancel.check()?;
                    self.segment(generation, &root, segment);
                }
                if let Some(manifest) = &root.workspace_manifest {
                    self.workspace_manifest(generation, &root, manifest);
                }
            }
            Err(e) => {
                let path = self.store.layout().build_root(repo, build);
                let finding = Finding::of_error(self.store, Record::BuildRoot, &path, &e);
                let mut finding = finding.of_build(repo, build);
                finding.generation = generation.map(str::to_owned);
                self.survey.findings.push(finding);
            }
        }
        Ok(())
    }

    /// The manifest of the workspace that a node of the workspace wrote.
    fn workspace_manifest(&mut self, generation: Option<&str>, root: &BuildRoot, manifest: &Digest) {
        if !self.lists.insert((root.repo.clone(), *manifest)) {
            return;
        }
        match self.store.list_bytes(&root.repo, manifest) {
            Ok(_) => self.survey.records += 1,
            Err(e) => {
                let path = self.store.layout().list(&root.repo, manifest);
                let finding = Finding::of_error(self.store, Record::List, &path, &e);
                let mut finding = finding.of_build(&root.repo, &root.id);
                finding.generation = generation.map(str::to_owned);
                self.survey.findings.push(finding);
            }
        }
    }

    fn segment(&mut self, generation: Option<&str>, root: &BuildRoot, segment: &SegmentRef) {
        let path = self.store.layout().list(&root.repo, &segment.list);
        let is_new = self.lists.insert((root.repo.clone(), segment.list));
        let mut find = |finding: Finding| {
            let mut finding = finding.of_build(&root.repo, &root.id);
            finding.generation = generation.map(str::to_owned);
            finding.segment = Some(segment.id.clone());
            self.survey.findings.push(finding);
        };
        match self.store.segment_list(&root.repo, &segment.list) {
            Ok(list) => {
                if list.id != segment.id || list.mode != segment.mode || list.shards.len() as u64 != segment.shards {
                    let message = "it describes another segment than the build's root";
                    find(Finding::new(self.store, Record::List, &path, What::Invalid, message));
                }
                self.survey.records += u64::from(is_new);
                self.survey.lists += u64::from(is_new);
                self.pieces(root, segment, &list);
            }
            // One finding tells it, however many builds share the list.
            Err(e) if is_new => find(Finding::of_error(self.store, Record::List, &path, &e)),
            Err(_) => {}
        }
    }

    fn pieces(&mut self, root: &BuildRoot, segment: &SegmentRef, list: &SegmentList) {
        let chains: BTreeMap<&str, Digest> = root.nodes.iter().map(|n| (n.name.as_str(), n.chain)).collect();
        let place = |piece: &Piece, unit: PlaceUnit, id: &str| Place {
            repo: root.repo.clone(),
            build: root.id.clone(),
            node: piece.node.clone(),
            mode: list.mode,
            unit,
            id: id.to_owned(),
            list: segment.list,
            action: piece.action,
            chain: chains.get(piece.node.as_str()).copied(),
        };
        for shard in &list.shards {
            for piece in &shard.pieces {
                self.name(piece, place(piece, PlaceUnit::Shard, &shard.id));
            }
        }
        for piece in &list.pieces {
            self.name(piece, place(piece, PlaceUnit::Segment, &list.id));
        }
    }

    fn name(&mut self, piece: &Piece, place: Place) {
        let named = self.survey.named.entry(piece.artifact).or_insert_with(|| Named {
            table: piece.table.clone(),
            rows: piece.rows,
            bytes: piece.bytes,
            places: Vec::new(),
        });
        let fits = named.table == piece.table && named.rows == piece.rows && named.bytes == piece.bytes;
        if !fits {
            let path = self.store.layout().list(&place.repo, &place.list);
            let message =
                format!("it tells other rows, bytes or table of artifact {} than before", piece.artifact.short());
            let finding = Finding::new(self.store, Record::List, &path, What::Invalid, message);
            self.survey.findings.push(finding.of_build(&place.repo, &place.build));
        }
        // The same piece of an older build says nothing new.
        let same = |there: &Place| {
            (&there.repo, &there.node, there.unit, &there.id) == (&place.repo, &place.node, place.unit, &place.id)
        };
        if !named.places.iter().any(same) {
            named.places.push(place);
        }
    }
}
