//! The survey, the objects, the report.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::base::{Digest, parallel};
use crate::engine::Failure;
use crate::source::StatCache;
use crate::store::Store;
use crate::store::verify::{Finding, Named, Record, Survey};

use super::super::context::Context;
use super::super::error::OpsError;
use super::fate::{Fates, Told};
use super::report::{Checked, Fate, VerifyFinding, VerifyPlace, VerifyReport, VerifyRequest, What};
use super::tables;

/// Looks at everything and tells all damage. Needs no lock, and writes nothing but a note for the next build.
pub fn run(context: &Context, request: &VerifyRequest) -> Result<VerifyReport, OpsError> {
    let workspace = context.workspace()?;
    let plan = context.plan(&workspace)?;
    let store = context.store(&workspace)?;
    // Where HEAD is damaged there is nothing to hold; the survey tells it.
    let held = store.pin().ok().flatten();
    let mut survey = store.survey(request.all, &context.cancel).map_err(|_| Failure::cancelled())?;
    store.survey_diffs(&mut survey, request.deep, &context.cancel).map_err(|_| Failure::cancelled())?;
    if request.all {
        store.survey_frozen(&mut survey, request.deep, &context.cancel).map_err(|_| Failure::cancelled())?;
    }
    stat_caches(&store, &mut survey)?;
    let rows = objects(context, &store, request.deep, &mut survey)?;
    let census = store.census(&context.cancel).map_err(|_| Failure::cancelled())??;
    let services = context.services(store.clone(), Arc::new(|_| {}));
    // Where they are damaged, that is a finding, and every file will be read.
    services.read_decisions().or_else(|error| if error.is_damage() { Ok(()) } else { Err(error) })?;
    let head = match held {
        Some(head) => Some(head),
        None => store.recover_head().ok().flatten(),
    };
    let mut findings = std::mem::take(&mut survey.findings);
    findings.sort();
    findings.dedup();
    let mut fates = if findings.is_empty() { None } else { Some(Fates::new(&services, &plan, head.as_ref())?) };
    let mut told = Vec::with_capacity(findings.len());
    for finding in findings {
        context.cancel.check().map_err(|_| Failure::cancelled())?;
        if let Some(fates) = &mut fates {
            let fate = fate(fates, &survey, &finding)?;
            told.push(tell(&survey, finding, fate));
        }
    }
    Ok(VerifyReport {
        ok: told.is_empty(),
        deep: request.deep,
        generation: survey.generation.clone(),
        checked: Checked {
            records: survey.records,
            generations: survey.generations,
            builds: survey.builds,
            lists: survey.lists,
            objects: survey.named.len() as u64,
            bytes: survey.named.values().map(|named| named.bytes).sum(),
            rows,
        },
        findings: told,
        unreferenced: census.unreferenced,
        temporaries: census.temporaries,
        quarantined: census.quarantined,
    })
}

/// Every object that is named, on all threads; one object a thread is in memory. Gives the rows that were read.
fn objects(context: &Context, store: &Store, deep: bool, survey: &mut Survey) -> Result<u64, Failure> {
    let schemas = tables::schemas(&context.kinds);
    let named: Vec<(&Digest, &Named)> = survey.named.iter().collect();
    let rows = AtomicU64::new(0);
    let found = parallel::map(parallel::available(), &named, |(hash, named)| {
        if context.cancel.is_cancelled() {
            return None;
        }
        let damage = store.check_object(hash, named.bytes, deep);
        // Block hashes that are gone take nothing from the object.
        let readable =
            damage.as_ref().is_none_or(|finding| finding.record == Record::Blocks && finding.what == What::Missing);
        if !deep || !readable {
            return damage;
        }
        let (read, broken) = tables::check(store, &schemas, hash, named);
        rows.fetch_add(read, Ordering::Relaxed);
        damage.or(broken)
    });
    context.cancel.check().map_err(|_| Failure::cancelled())?;
    let found: Vec<Finding> = found.into_iter().flatten().collect();
    survey.findings.extend(found);
    Ok(rows.into_inner())
}

fn stat_caches(store: &Store, survey: &mut Survey) -> Result<(), OpsError> {
    for (repo, bytes) in store.stat_caches()? {
        survey.records += 1;
        match bytes.map(|bytes| StatCache::decode(&bytes)) {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => survey.findings.push(store.stat_cache_finding(&repo, error.to_string())),
            Err(finding) => survey.findings.push(finding),
        }
    }
    Ok(())
}

fn fate(fates: &mut Fates<'_>, survey: &Survey, finding: &Finding) -> Result<Told, Failure> {
    let is_of_head = finding.generation.is_none() || finding.generation == survey.generation;
    Ok(match finding.record {
        Record::Object | Record::Blocks => {
            let places = finding.artifact.and_then(|hash| survey.named.get(&hash)).map(|named| named.places.as_slice());
            fates.of_places(places.unwrap_or_default())?
        }
        Record::BuildRoot | Record::List => match &finding.repo {
            Some(repo) => fates.of_build(repo, finding.build.as_deref())?,
            None => (Fate::Unknown, "no repository is known for it".to_owned()),
        },
        Record::Generation if is_of_head => fates.of_workspace()?,
        Record::Generation => (Fate::Lost, "no build makes an older generation again".to_owned()),
        Record::Head => fates.of_workspace()?,
        Record::Provenance if is_of_head => (Fate::Rebuildable, "every build writes it anew".to_owned()),
        Record::Provenance => (Fate::Lost, "no build asks for the past of an older generation".to_owned()),
        Record::LedgerPiece => {
            (Fate::Lost, "no build tells again what past runs did; nothing else depends on it".to_owned())
        }
        Record::Snapshot | Record::Frozen => (Fate::Lost, "nothing makes a snapshot again".to_owned()),
        Record::Commit => (Fate::Unknown, "the repository may have the commit still".to_owned()),
        Record::Diff => (Fate::Unknown, "it can be computed again while both of its ends stand".to_owned()),
        Record::Format
        | Record::MemoPiece
        | Record::StatCache
        | Record::Stamp
        | Record::Registration
        | Record::Holder
        | Record::Decisions
        | Record::View
        | Record::Latest => (Fate::Rebuildable, "it holds nothing that cannot be found out again".to_owned()),
    })
}

fn tell(survey: &Survey, finding: Finding, (fate, reason): Told) -> VerifyFinding {
    let named = finding.artifact.and_then(|hash| survey.named.get(&hash));
    let places = named.map(|named| named.places.as_slice()).unwrap_or_default().iter().map(|place| VerifyPlace {
        repo: place.repo.clone(),
        build: place.build.clone(),
        node: place.node.clone(),
        mode: place.mode.name().to_owned(),
        unit: place.unit,
        id: place.id.clone(),
    });
    VerifyFinding {
        places: places.collect(),
        help: help(finding.record, finding.what, fate).to_owned(),
        what: finding.what,
        record: finding.record,
        name: finding.name,
        message: finding.message,
        fate,
        reason,
        generation: finding.generation,
        repo: finding.repo,
        build: finding.build,
        artifact: finding.artifact.map(|hash| hash.hex()),
        table: named.map(|named| named.table.clone()),
    }
}

/// The next step.
fn help(record: Record, what: What, fate: Fate) -> &'static str {
    match (what, fate) {
        (What::Newer, _) => "update Sawmill, or give it another directory with `cache:` in workspace.yaml",
        (What::Unreadable, _) => "check the disk and the permissions, then run `sawmill verify` again",
        _ if record == Record::Frozen || record == Record::Snapshot => {
            "restore it from a copy of the store, or remove the snapshot with `sawmill snapshot rm --force`"
        }
        _ if record == Record::Commit => "run `sawmill build --at` for the commit",
        _ if record == Record::Diff => "run `sawmill diff prune`, which removes it, and compute it again",
        // Its bytes are as they were written: a build believes them.
        (What::Undecodable | What::Invalid | What::Rows, Fate::Rebuildable | Fate::Unknown) => {
            "run `sawmill clear` for the repository, then `sawmill build`; and please report it"
        }
        (_, Fate::Rebuildable) => "run `sawmill build`: it is set aside and made again",
        (_, Fate::Unknown) => "run `sawmill build`, then `sawmill verify` again",
        (_, Fate::Lost) => "restore it from a copy of the store, or run `sawmill build` to go on without it",
    }
}
