//! The tracked queries of nodes of the workspace. Equal values stop the wave: a part that gives what it gave leaves the
//! whole and the links of all other repositories alone.

use std::sync::Arc;

use crate::store::MemoOutput;
use crate::table::TableSchema;

use super::super::db::Db;
use super::super::failure::Failure;
use super::super::queries::Made;
use super::action::{self, Spec};
use super::members::Member;

/// A node of the workspace and its members, by name.
#[salsa::input]
pub struct FederationInput {
    #[returns(ref)]
    pub spec: Arc<Spec>,
    #[returns(ref)]
    pub members: Vec<MemberInput>,
}

/// A repository with its build.
#[salsa::input]
pub struct MemberInput {
    #[returns(ref)]
    pub member: Arc<Member>,
}

/// What the node makes of segment number `at` of a member.
#[salsa::tracked(returns(clone))]
pub fn part(db: &dyn Db, node: FederationInput, member: MemberInput, at: usize) -> Result<Made, Failure> {
    let (spec, member) = (node.spec(db), member.member(db));
    let Some(segment) = member.segments(&spec.ports).get(at) else {
        return Err(Failure::bug("a segment was asked for that is not there", &member.name));
    };
    action::part(db.world(), spec, member, segment)
}

/// What the parts of a member gave for the whole (0), or for its link (1), in order.
pub fn parts(
    db: &dyn Db,
    node: FederationInput,
    member: MemberInput,
    table: usize,
) -> Result<Vec<MemoOutput>, Failure> {
    let spec = node.spec(db);
    let table: &TableSchema = spec.kind.part_tables()[table.min(1)];
    let count = member.member(db).segments(&spec.ports).len();
    (0..count)
        .map(|at| {
            let made = part(db, node, member, at)?;
            made.output(table.name).cloned().ok_or_else(|| Failure::bug("a part lacks a table", &spec.name))
        })
        .collect()
}

/// What the node makes of all repositories together.
#[salsa::tracked(returns(clone))]
pub fn whole(db: &dyn Db, node: FederationInput) -> Result<Made, Failure> {
    let mut given = Vec::new();
    for member in node.members(db) {
        given.push((Arc::clone(&member.member(db).name), parts(db, node, *member, 0)?));
    }
    action::whole(db.world(), node.spec(db), &given)
}

/// Where what a member asks for leads.
#[salsa::tracked(returns(clone))]
pub fn link(db: &dyn Db, node: FederationInput, member: MemberInput) -> Result<Made, Failure> {
    let spec = node.spec(db);
    let given = parts(db, node, member, 1)?;
    let whole = whole(db, node)?;
    let whole = whole.output(spec.kind.whole_table().name);
    let whole = whole.ok_or_else(|| Failure::bug("the whole lacks its table", &spec.name))?;
    action::link(db.world(), spec, &member.member(db).name, &given, whole)
}
