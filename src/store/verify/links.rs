//! `latest` and the views: do they lead where HEAD says?

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use super::super::layout::{WORKSPACE_MANIFEST, latest_target, manifest_target, view_links};
use super::super::open::Store;
use super::super::views::{object_inside, part_name};
use super::finding::{Finding, Record, What};
use super::survey::Survey;
use crate::base::Digest;

impl Store {
    /// Checks the links of a generation whose records were read. What cannot be read of them is told already.
    pub(super) fn survey_links(&self, generation: &str, survey: &mut Survey) {
        let layout = self.layout();
        self.expect_link(survey, Record::Latest, &layout.latest(), &latest_target(generation));
        let Ok(record) = self.generation(generation) else { return };
        let objects = self.vfs().canonicalize(&layout.objects()).ok();
        for (name, target) in view_links(&record) {
            self.expect_link(survey, Record::View, &layout.view(generation).join(name), &target);
        }
        for (repo, build) in record.builds() {
            let Ok(root) = self.build_root(&repo, &build.build) else { continue };
            let Ok(tables) = self.tables_of(&root) else { continue };
            let view = layout.build_view(&repo, &build.build);
            if let Some(manifest) = &root.workspace_manifest {
                self.expect_link(survey, Record::View, &view.join(WORKSPACE_MANIFEST), &manifest_target(manifest));
            }
            let total: usize = tables.values().map(Vec::len).sum();
            let parts =
                tables.iter().map(|(table, parts)| self.wrong_parts(&view.join(table), parts, objects.as_deref()));
            let wrong: usize = parts.sum();
            if wrong > 0 {
                let message = format!("{wrong} of its {total} links are missing or lead elsewhere");
                survey
                    .findings
                    .push(Finding::new(self, Record::View, &view, What::Astray, message).of_build(&repo, &build.build));
            }
        }
    }

    fn expect_link(&self, survey: &mut Survey, record: Record, link: &Path, expected: &Path) {
        let (what, message) = match self.vfs().read_link(link) {
            Ok(target) if target == expected => return,
            Ok(target) => {
                (What::Astray, format!("it leads to `{}`, not to `{}`", target.display(), expected.display()))
            }
            Err(e) if e.kind() == io::ErrorKind::NotFound => (What::Missing, "it is not there".to_owned()),
            Err(e) if e.kind() == io::ErrorKind::InvalidInput => (What::Astray, "it is no link".to_owned()),
            Err(e) => (What::Unreadable, e.to_string()),
        };
        survey.findings.push(Finding::new(self, record, link, what, message));
    }

    /// How many links of a table are not what they should be, superfluous ones included.
    fn wrong_parts(&self, dir: &Path, artifacts: &[Digest], objects: Option<&Path>) -> usize {
        let there: BTreeSet<OsString> = match self.vfs().list(dir) {
            Ok(entries) => entries.into_iter().map(|entry| entry.name).collect(),
            Err(_) => return artifacts.len(),
        };
        let mut believed: BTreeSet<PathBuf> = BTreeSet::new();
        let wrong = artifacts.iter().enumerate().filter(|(number, artifact)| {
            let Ok(target) = self.vfs().read_link(&dir.join(part_name(*number))) else { return true };
            let Some(base) = strip_end(&target, &object_inside(artifact)) else { return true };
            if believed.contains(&base) {
                return false;
            }
            let leads_here = objects
                .is_some_and(|objects| self.vfs().canonicalize(&dir.join(&base)).is_ok_and(|base| base == objects));
            if leads_here {
                believed.insert(base);
            }
            !leads_here
        });
        wrong.count() + there.len().saturating_sub(artifacts.len())
    }
}

/// `path` without `end`.
fn strip_end(path: &Path, end: &Path) -> Option<PathBuf> {
    path.ends_with(end).then(|| path.ancestors().nth(end.components().count()).map(Path::to_owned))?
}
