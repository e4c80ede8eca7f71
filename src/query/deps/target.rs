//! What was written → a repository and a node of it.

use std::collections::BTreeSet;

use super::error::DepsError;
use super::node::{Node, ends_with_name, last_names};
use super::related::Related;
use super::request::{DepsRequest, Standpoint};
use crate::query::cache::Cache;
use crate::query::error::{QueryError, did_you_mean};
use crate::query::pieces::Pieces;

/// Most candidates that an error names.
const CANDIDATES: usize = 8;

/// A repository and a node of it.
type Place = (usize, Node);

/// The node that is meant. A path is tried first, in the repository where the one who asks stands, then in the
/// others; then a symbol.
pub fn find<'a>(
    pieces: &'a dyn Pieces,
    cache: &'a Cache,
    request: &DepsRequest,
) -> Result<(Related<'a>, Node), QueryError> {
    let (scope, text) = scope(pieces, request)?;
    let (mut open, mut closed) = (Vec::new(), Vec::new());
    for repo in &scope {
        match Related::open(pieces, cache, repo, request.threads)? {
            Ok(related) => open.push(related),
            Err(why) => closed.push(why),
        }
    }
    if let Some(why) = closed.into_iter().next().filter(|_| open.is_empty()) {
        return Err(why.into());
    }
    let search = Search { open: &open, from: &request.from, text, shown: &request.target };
    let (at, node) = match search.path()? {
        Some(found) => found,
        None => search.symbol(&scope)?,
    };
    let nothing = search.nothing(&scope);
    Ok((open.into_iter().nth(at).ok_or(nothing)?, node))
}

/// The repositories that are meant, by name, and the target without the one that it names.
fn scope<'r>(pieces: &dyn Pieces, request: &'r DepsRequest) -> Result<(Vec<String>, &'r str), QueryError> {
    let mut known: Vec<String> = pieces.repos().into_iter().map(|repo| repo.name).collect();
    known.sort_unstable();
    let check = |name: &str| {
        if known.iter().any(|known| known == name) {
            return Ok(());
        }
        let names: Vec<&str> = known.iter().map(String::as_str).collect();
        Err(QueryError::UnknownRepository { name: name.to_owned(), help: did_you_mean(name, &names) })
    };
    request.repo.as_deref().map(check).transpose()?;
    let mut text = request.target.as_str();
    let mut named = request.repo.clone();
    if let Standpoint::Exact { repo, .. } = &request.from {
        check(repo)?;
        named = named.or_else(|| Some(repo.clone()));
    } else if let Some((repo, rest)) = text.split_once(':')
        && !rest.starts_with(':')
        && known.iter().any(|known| known == repo)
    {
        if named.as_deref().is_some_and(|named| named != repo) {
            let place = format!("`{}`", named.unwrap_or_default());
            return Err(DepsError::NotFound { target: request.target.clone(), place }.into());
        }
        (named, text) = (Some(repo.to_owned()), rest);
    }
    Ok((named.map_or(known, |name| vec![name]), text))
}

struct Search<'a, 'p> {
    open: &'a [Related<'p>],
    from: &'a Standpoint,
    /// Without a repository's name.
    text: &'a str,
    shown: &'a str,
}

impl Search<'_, '_> {
    /// The file, directory, or symbol of a file that the text names by its path.
    fn path(&self) -> Result<Option<Place>, QueryError> {
        let mut found: Vec<Place> = Vec::new();
        for (at, related) in self.open.iter().enumerate() {
            let (texts, is_here) = match self.from {
                Standpoint::Exact { repo, path } if *repo == related.repo => (vec![path.clone()], true),
                Standpoint::Exact { .. } => continue,
                Standpoint::Above { repo, path } if *repo == related.repo => {
                    (vec![path.clone(), self.text.to_owned()], true)
                }
                Standpoint::Inside { repo, directory } if *repo == related.repo && !directory.is_empty() => {
                    (vec![self.text.to_owned(), format!("{directory}/{}", self.text)], true)
                }
                Standpoint::Inside { repo, .. } => (vec![self.text.to_owned()], *repo == related.repo),
                Standpoint::Outside | Standpoint::Above { .. } => (vec![self.text.to_owned()], false),
            };
            for text in texts {
                let Some(node) = self.at(related, &text)? else { continue };
                if is_here {
                    return Ok(Some((at, node)));
                }
                found.push((at, node));
                break;
            }
        }
        self.one(found)
    }

    fn at(&self, related: &Related<'_>, text: &str) -> Result<Option<Node>, QueryError> {
        let path = text.trim_end_matches('/');
        if path.is_empty() {
            let is_root = matches!(self.from, Standpoint::Exact { path, .. } if path.is_empty());
            let root = DepsError::Root { target: self.shown.to_owned(), repo: related.repo.clone() };
            return if is_root { Err(root.into()) } else { Ok(None) };
        }
        let is_file = |path: &str| related.files_among(&BTreeSet::from([path])).map(|found| !found.is_empty());
        if path == text && is_file(path)? {
            return Ok(Some(Node::File(path.to_owned())));
        }
        if related.is_directory(path)? {
            return Ok(Some(Node::Directory(path.to_owned())));
        }
        match path.split_once("::") {
            Some((file, symbol)) if !file.is_empty() && is_file(file)? => self.symbol_of(related, file, symbol),
            _ => Ok(None),
        }
    }

    /// The symbol of a file: by its whole name, or else by the end of one.
    fn symbol_of(&self, related: &Related<'_>, path: &str, symbol: &str) -> Result<Option<Node>, QueryError> {
        let read = related.symbols(&BTreeSet::from([path]))?;
        let names: BTreeSet<&str> =
            read.iter().flat_map(|(_, symbols)| &symbols.rows).map(|row| row.qualified.as_str()).collect();
        let node = |name: &str| Node::Symbol(path.to_owned(), name.to_owned());
        if names.contains(symbol) {
            return Ok(Some(node(symbol)));
        }
        let ends: Vec<Node> = names.into_iter().filter(|name| ends_with_name(name, symbol)).map(node).collect();
        match ends.as_slice() {
            [one] => Ok(Some(one.clone())),
            [] => {
                let place = format!("`{path}` of `{}`", related.repo);
                Err(DepsError::NotFound { target: symbol.to_owned(), place }.into())
            }
            several => Err(self.ambiguous(several.iter().map(Node::id).collect()).into()),
        }
    }

    /// The symbol that the text names.
    fn symbol(&self, scope: &[String]) -> Result<Place, QueryError> {
        let mut found: Vec<(Place, String, bool)> = Vec::new();
        let names = last_names(self.text);
        if matches!(self.from, Standpoint::Exact { .. }) || names.is_empty() {
            return Err(self.nothing(scope).into());
        }
        for (at, related) in self.open.iter().enumerate() {
            let of_repo = related.defined(&names)?.into_iter();
            let of_repo = of_repo.filter(|defined| ends_with_name(&defined.qualified, self.text));
            found.extend(of_repo.map(|one| ((at, Node::Symbol(one.path, one.qualified)), one.kind, one.example)));
        }
        // Of a name that is written with what encloses it, the whole name is meant before the end of a longer one.
        if names.len() > 1 && found.iter().any(|((_, node), ..)| node.symbol() == Some(self.text)) {
            found.retain(|((_, node), ..)| node.symbol() == Some(self.text));
        }
        // A declaration is not what is meant where the definition is there.
        if found.iter().any(|(_, kind, _)| kind != "prototype") {
            found.retain(|(_, kind, _)| kind != "prototype");
        }
        // Nor is an example in a document.
        if found.iter().any(|(.., example)| !example) {
            found.retain(|(.., example)| !example);
        }
        let (at, node) =
            self.one(found.into_iter().map(|(place, ..)| place).collect())?.ok_or_else(|| self.nothing(scope))?;
        if let Some(related) = self.open.get(at) {
            related.has_symbols()?;
        }
        Ok((at, node))
    }

    fn one(&self, mut found: Vec<Place>) -> Result<Option<Place>, QueryError> {
        found.sort_unstable();
        found.dedup();
        if found.len() <= 1 {
            return Ok(found.pop());
        }
        let several = self.open.len() > 1;
        let named = found.iter().filter_map(|(at, node)| Some((self.open.get(*at)?, node)));
        let ids =
            named.map(|(related, node)| if several { format!("{}:{}", related.repo, node.id()) } else { node.id() });
        Err(self.ambiguous(ids.collect()).into())
    }

    fn ambiguous(&self, ids: Vec<String>) -> DepsError {
        let count = ids.len();
        let mut shown: Vec<String> = ids.into_iter().take(CANDIDATES).map(|id| format!("`{id}`")).collect();
        shown.extend(
            Some(count.saturating_sub(CANDIDATES)).filter(|more| *more > 0).map(|more| format!("and {more} more")),
        );
        let candidates = shown.join("\n");
        DepsError::Ambiguous { target: self.shown.to_owned(), count, candidates }
    }

    fn nothing(&self, scope: &[String]) -> DepsError {
        let place = match scope {
            [one] => format!("`{one}`"),
            _ => "this workspace".to_owned(),
        };
        DepsError::NotFound { target: self.shown.to_owned(), place }
    }
}
