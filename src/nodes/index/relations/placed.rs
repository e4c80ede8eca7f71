//! The definitions of a name in Rust, by where they lie.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::handed::Handed;
use super::kinds::{container, tail};
use super::modules::Names;
use super::rules::{Binds, of};
use crate::nodes::Definition;

/// The definitions of one name, and the files that hand it on.
#[derive(Debug, Default)]
pub struct Placed<'n> {
    /// By the place of the module or type that they stand in: see [`super::crates`].
    places: HashMap<String, Vec<Definition<'n>>>,
    /// By the root of the crate, and the last name of what they stand in.
    holders: HashMap<(Rc<str>, &'n str), Vec<Definition<'n>>>,
    /// Names of the modules and types around them.
    around: HashSet<String>,
}

impl<'n> Placed<'n> {
    pub fn new(found: &[Definition<'n>], names: &mut Names<'n>) -> Self {
        let mut placed = Self::default();
        let is_rust = |one: &&Definition<'n>| one.language.is_some_and(|language| of(language).binds == Binds::Rust);
        for one in found.iter().filter(is_rust) {
            let scope = Handed::of(one).map_or_else(|| container(one.qualified_name), |handed| handed.scope);
            let root = names.root_of(one.path);
            for place in names.roots.places(one.path, scope) {
                let below = place.strip_prefix(&*root).unwrap_or(&place);
                placed.around.extend(below.split('/').map(str::to_owned));
                placed.places.entry(place).or_default().push(*one);
            }
            placed.holders.entry((root, tail(scope))).or_default().push(*one);
        }
        placed
    }

    /// Those that stand in the module or type at `place`.
    pub fn at(&self, place: &str) -> &[Definition<'n>] {
        self.places.get(place).map_or(&[], Vec::as_slice)
    }

    /// Those that stand in something called `holder` in the crate of `root`.
    pub fn in_holder(&self, root: Rc<str>, holder: &'n str) -> &[Definition<'n>] {
        self.holders.get(&(root, holder)).map_or(&[], Vec::as_slice)
    }

    /// Is `name` one of the modules and types around any of them?
    pub fn is_around(&self, name: &str) -> bool {
        self.around.contains(name)
    }
}
