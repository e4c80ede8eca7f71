//! The digest of a language's declaration: what besides the bytes decides a file's rows.

use crate::base::{ContentHash, Digest, KeyHasher};

use super::embed::ALIASES;
use super::lines::Reader;
use super::locals::{Bind, Locals};
use super::spec::{
    Attributes, Definition, Docs, Kin, LanguageSpec, Name, Reference, Scanner, Target, Types, Visibility, Words,
    Wrapper,
};

/// Over every field of the declaration, the grammar's version and the version of its special functions.
pub(super) fn of(spec: &LanguageSpec) -> Digest {
    KeyHasher::new("sawmill.extract.language.v1").add(spec).finish()
}

/// Of a language that is read by lines.
pub(super) fn of_reader(reader: &Reader) -> Digest {
    KeyHasher::new("sawmill.extract.reader.v1").add(reader.name).add(&reader.version).finish()
}

/// Of everything that can stand inside a container.
pub(super) fn of_all(specs: &[&LanguageSpec], readers: &[&Reader]) -> Digest {
    let mut hasher = KeyHasher::new("sawmill.extract.all-languages.v1");
    for (word, name) in ALIASES {
        hasher.add(*word).add(*name);
    }
    hasher.int(specs.len() as u64);
    for spec in specs {
        hasher.digest(&of(spec));
    }
    for reader in readers {
        hasher.digest(&of_reader(reader));
    }
    hasher.finish()
}

/// Of a container whose own digest is `own`.
pub(super) fn of_container(own: &Digest, all: &Digest) -> Digest {
    KeyHasher::new("sawmill.extract.container.v1").digest(own).digest(all).finish()
}

impl ContentHash for LanguageSpec {
    fn write(&self, hasher: &mut KeyHasher) {
        // Taken apart whole, so that a new field does not compile until it is written here.
        let Self {
            name,
            version,
            grammar: _,
            grammar_version,
            separator,
            definitions,
            references,
            types,
            locals,
            tails,
            identifiers,
            docs,
            leading,
            wrappers,
            opaque,
            inert,
            plain,
            triggers,
            reparsed,
            visibility,
            semicolon,
            macro_body,
            attributes: Attributes { plain: alone, called, templates },
            kin,
            scanner,
            long_lines,
        } = self;
        hasher.add(*name).add(version).add(*grammar_version).add(*separator);
        hasher.add(*definitions).add(*references).add(*tails).add(*identifiers);
        hasher.add(docs).add(*leading).add(*wrappers).add(*opaque).add(*inert).add(*reparsed);
        hasher.add(visibility).add(semicolon).add(*macro_body).add(kin);
        hasher.add(scanner).add(*plain).bytes(triggers);
        // Younger than the digests of most languages, which have none.
        if !(alone.is_empty() && called.is_empty()) {
            hasher.add(*alone).add(*called);
        }
        if *templates {
            hasher.add("templates");
        }
        if !types.is_empty() {
            hasher.add(types);
        }
        if !locals.is_empty() {
            hasher.add(locals);
        }
        if *long_lines {
            hasher.add("long lines");
        }
    }
}

impl ContentHash for Types {
    fn write(&self, hasher: &mut KeyHasher) {
        let Self { names, parts, values, holders, variables, never } = self;
        hasher.add("types").add(*names).add(*parts).add(*values).add(*holders).add(*variables).add(*never);
    }
}

impl ContentHash for Locals {
    fn write(&self, hasher: &mut KeyHasher) {
        let Self { functions, blocks, types, binds, names, passed, entered, lower, signs } = self;
        hasher.add("locals").add(*functions).add(*blocks).add(*types).add(*binds).add(*names).add(*passed);
        hasher.add(*entered).add(lower).add(*signs);
    }
}

impl ContentHash for Bind {
    fn write(&self, hasher: &mut KeyHasher) {
        let Self { node, field, reach, sort } = self;
        hasher.add(*node).add(*field).int(*reach as u64).int(*sort as u64);
    }
}

impl ContentHash for Scanner {
    fn write(&self, hasher: &mut KeyHasher) {
        match self {
            Self::Sound => hasher.int(0),
            Self::Indents(most) => hasher.int(1).add(most),
            Self::Columns(most) => hasher.int(2).add(most),
            Self::Heredocs(most) => hasher.int(3).add(most),
            Self::Comments(most) => hasher.int(4).add(most),
        };
    }
}

impl ContentHash for Visibility {
    fn write(&self, hasher: &mut KeyHasher) {
        match self {
            Self::Unknown => hasher.int(0),
            Self::Pub => hasher.int(1),
            Self::Underscore => hasher.int(2),
            Self::Capital => hasher.int(3),
            Self::Static => hasher.int(4),
            Self::Sections => hasher.int(5),
            Self::Modifiers => hasher.int(6),
            Self::Exports => hasher.int(7),
            Self::Statements => hasher.int(8),
            Self::Words(Words { nodes, meanings, top, member }) => {
                hasher.int(9).add(*nodes).add(*meanings).add(top).add(member)
            }
        };
    }
}

impl ContentHash for Kin {
    fn write(&self, hasher: &mut KeyHasher) {
        let Self { spec, marks } = self;
        hasher.add(*spec).add(*marks);
    }
}

impl ContentHash for Docs {
    fn write(&self, hasher: &mut KeyHasher) {
        let Self { comments, markers, docstring } = self;
        hasher.add(*comments).add(*markers).add(docstring);
    }
}

impl ContentHash for Definition {
    fn write(&self, hasher: &mut KeyHasher) {
        let Self { node, kind, member, name, body, needs_body, scope, place, levels, role, flat } = self;
        hasher.add(*node).add(*kind).add(member).add(name).add(body).add(needs_body);
        hasher.int(*scope as u64).int(*place as u64).add(levels).int(*role as u64).add(flat);
    }
}

impl ContentHash for Name {
    fn write(&self, hasher: &mut KeyHasher) {
        match self {
            Self::Field(field) => hasher.int(0).add(*field),
            Self::Special(name, _) => hasher.int(1).add(*name),
        };
    }
}

impl ContentHash for Reference {
    fn write(&self, hasher: &mut KeyHasher) {
        let Self { node, kind, target, imports, arguments } = self;
        hasher.add(*node).add(*kind).add(target).add(*imports).add(*arguments);
    }
}

impl ContentHash for Target {
    fn write(&self, hasher: &mut KeyHasher) {
        match self {
            Self::Tail(field) => hasher.int(0).add(*field),
            Self::Whole(field) => hasher.int(1).add(*field),
            Self::Special(name, _) => hasher.int(2).add(*name),
            Self::Joined(field) => hasher.int(3).add(*field),
            Self::Each => hasher.int(4),
        };
    }
}

impl ContentHash for Wrapper {
    fn write(&self, hasher: &mut KeyHasher) {
        let Self { node, single, head, exports } = self;
        hasher.add(*node).add(single).add(head).add(exports);
    }
}
