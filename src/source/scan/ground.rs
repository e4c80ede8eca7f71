//! A request, checked and made ready: where a scan starts, and the explanation of a path.

use crate::base::Limits;
use crate::base::suggest::nearest;
use crate::base::vfs::Vfs;
use crate::source::language::{BadMap, LanguageMap, known_languages};
use crate::source::model::ScanRequest;
use crate::source::rules::Rules;
use crate::source::stat_cache::StatCache;

use super::confine;
use super::error::{SourceError, UserRule};
use super::gate::Gate;
use super::settle::Settler;
use super::walk::Walk;

/// What all decisions about a repository's files are made from.
pub struct Ground<'a> {
    pub walk: Walk<'a>,
    pub languages: LanguageMap,
    limits: &'a Limits,
}

impl<'a> Ground<'a> {
    /// Reads the request's rules and finds its root.
    pub fn of(vfs: &'a dyn Vfs, request: &ScanRequest<'a>) -> Result<Self, SourceError> {
        let languages = language_map(request.languages)?;
        let include = user_rules(request.include, UserRule::Include)?;
        let exclude = user_rules(request.exclude, UserRule::Exclude)?;
        let root = confine::resolve_root(vfs, request.root)?;
        let never = confine::never_entered(vfs, &root, request.never)?;
        let gate = Gate { never, include: (!request.include.is_empty()).then_some(include), exclude };
        let walk = Walk { vfs, root, gate, threads: request.threads, cancel: request.cancel };
        Ok(Self { walk, languages, limits: request.limits })
    }

    pub fn settler<'s>(&'s self, cache: &'s StatCache) -> Settler<'s> {
        let Walk { vfs, root, cancel, .. } = &self.walk;
        Settler { vfs: *vfs, root, limits: self.limits, languages: &self.languages, cache, cancel }
    }
}

fn user_rules(lines: &[String], list: UserRule) -> Result<Rules, SourceError> {
    Rules::of_root(lines.iter().map(String::as_str)).map_err(|(rule, source)| SourceError::BadRule {
        list,
        rule: rule.to_owned(),
        source,
    })
}

fn language_map(entries: &[(String, String)]) -> Result<LanguageMap, SourceError> {
    LanguageMap::new(entries).map_err(|(at, why)| {
        let (glob, language) = entries.get(at).cloned().unwrap_or_default();
        if why != BadMap::Language {
            return SourceError::BadLanguageGlob { glob };
        }
        let help = match nearest(&language, known_languages()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("known languages: {}", known_languages().collect::<Vec<_>>().join(", ")),
        };
        SourceError::UnknownLanguage { glob, language, help }
    })
}
