//! The queries of a node on the threads of a pool.

use std::sync::Arc;

use rayon::prelude::*;

use crate::nodes::WorkspaceKind;
use crate::plan::WorkspaceNode;
use crate::store::workspace_name;
use crate::table::TableSchema;

use super::super::db::{Db, EngineDb};
use super::super::failure::Failure;
use super::super::queries::Made;
use super::action::Spec;
use super::members::Member;
use super::queries::{self, FederationInput, MemberInput};

/// What a node made of one member: per segment, and its link.
pub struct OfMember {
    pub parts: Vec<Made>,
    pub link: Made,
}

/// What a node made, in the order of its members.
pub struct Federated {
    pub whole: Made,
    pub members: Vec<OfMember>,
}

/// The tables of the kind's port.
pub fn ports(kind: &dyn WorkspaceKind, tables: &[&'static TableSchema]) -> Vec<&'static TableSchema> {
    let is_taken = |table: &&&'static TableSchema| kind.port().tables.contains(&table.name);
    tables.iter().filter(is_taken).copied().collect()
}

/// Puts a node and its members into the database.
pub fn input(db: &EngineDb, node: &WorkspaceNode, members: &[Member]) -> FederationInput {
    let spec = Spec {
        store_name: workspace_name(&node.id()).into(),
        name: node.name.as_str().into(),
        kind: node.kind,
        ports: ports(node.kind, db.world().tables()),
    };
    let members = members.iter().map(|member| MemberInput::new(db, Arc::new(member.clone()))).collect();
    FederationInput::new(db, Arc::new(spec), members)
}

/// How many actions the node has: its parts, the whole, a link a member, and `members`.
pub fn actions(spec: &Spec, members: &[Member]) -> usize {
    members.iter().map(|member| member.segments(&spec.ports).len() + 1).sum::<usize>() + 2
}

/// Runs whatever the node needs.
pub fn run(db: &EngineDb, node: FederationInput) -> Result<Federated, Failure> {
    let members = node.members(db).clone();
    let mut units = Vec::new();
    for member in &members {
        let count = member.member(db).segments(&node.spec(db).ports).len();
        units.extend((0..count).map(|at| (*member, at)));
    }
    // One pass finds all damage.
    let parts =
        units.into_par_iter().map_with(db.clone(), |db, (member, at)| go_on(queries::part(db, node, member, at)));
    parts.collect::<Result<Vec<_>, Failure>>()?.into_iter().collect::<Result<Vec<_>, Failure>>()?;
    let whole = queries::whole(db, node)?;
    let made = members.into_par_iter().map_with(db.clone(), |db, member| {
        go_on(queries::link(db, node, member).and_then(|link| {
            let count = member.member(db).segments(&node.spec(db).ports).len();
            let parts = (0..count).map(|at| queries::part(db, node, member, at)).collect::<Result<_, _>>()?;
            Ok(OfMember { parts, link })
        }))
    });
    let members = made.collect::<Result<Vec<_>, Failure>>()?.into_iter().collect::<Result<_, Failure>>()?;
    Ok(Federated { whole, members })
}

/// Damage ends nobody else's work; any other failure does.
fn go_on<T>(made: Result<T, Failure>) -> Result<Result<T, Failure>, Failure> {
    match made {
        Err(failure) if !failure.is_damage() && failure.waits_for().is_none() => Err(failure),
        other => Ok(other),
    }
}
