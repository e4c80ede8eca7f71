//! Files that are read in a worker.

use std::sync::{Arc, Mutex};

use crate::base::{Cancel, Digest};
use crate::nodes::{Accept, Denied, Kind, NodeError, Question, Sandbox};
use crate::worker::{CallError, Pool, Trouble};

use super::db::{NodeSpec, ShardSpec};
use super::decisions::{Decision, Ruling};
use super::event::Event;
use super::world::{World, held};

/// Workers that read files of a shard for a node, and what was decided of those.
pub struct Apart<'a> {
    world: &'a World,
    spec: &'a NodeSpec,
    shard: &'a ShardSpec,
    pool: &'a Pool,
    ruling: Mutex<Ruling>,
}

impl<'a> Apart<'a> {
    /// None where files are read at home.
    pub fn new(world: &'a World, spec: &'a NodeSpec, shard: &'a ShardSpec, ruling: &Ruling) -> Option<Self> {
        let pool = world.given.workers.as_deref()?;
        Some(Self { world, spec, shard, pool, ruling: Mutex::new(ruling.clone()) })
    }

    /// What is decided by now of the shard's files.
    pub fn ruling(self) -> Ruling {
        held(&self.ruling).clone()
    }

    fn decide(&self, question: &Question<'_>, trouble: &Trouble) -> Denied {
        let kind = self.spec.kind;
        let denied = Denied { reason: trouble.name().to_owned(), message: trouble.to_string() };
        let path = self.path(question.content);
        self.world.given.decisions.learn(Decision {
            kind: kind.name().to_owned(),
            format: kind.format(),
            content: *question.content,
            language: question.language.unwrap_or_default().to_owned(),
            definition: kind.definition_digest(question.language),
            limits: Digest([0; 32]),
            reason: denied.reason.clone(),
            message: denied.message.clone(),
            repo: self.shard.repo.to_string(),
            path: path.clone(),
            decided_at: self.world.given.clock.now(),
        });
        let said = trouble.said().map(|said| format!(" ({said})")).unwrap_or_default();
        self.world.tell(Event::Notice {
            repo: Some(Arc::clone(&self.shard.repo)),
            code: "sawmill::worker::denied".to_owned(),
            message: format!(
                "{path}: {denied_message}{said}: it is searched as plain text",
                denied_message = denied.message
            ),
            path,
            help: "`sawmill failures PATH` shows it; `sawmill retry PATH` reads it once more".to_owned(),
        });
        denied
    }

    /// A file with this content; of several the first.
    fn path(&self, content: &Digest) -> String {
        let is = |file: &&crate::source::SourceFile| file.content == crate::source::FileContent::Hash(*content);
        self.shard.files.iter().find(is).map(|file| file.path.text().to_owned()).unwrap_or_default()
    }
}

impl Sandbox for Apart<'_> {
    fn ask(&self, question: &Question<'_>, accept: Accept<'_>) -> Result<Option<Denied>, NodeError> {
        let (content, language) = (question.content, question.language);
        let known = held(&self.ruling).of(content, language).cloned();
        // Another shard may have the same file.
        let known = known.or_else(|| self.world.given.decisions.of(self.spec.kind.name(), content, language));
        let denied = match known {
            Some(denied) => denied,
            None => match ask(self.pool, self.spec.kind, question, accept, &self.world.given.cancel)? {
                None => return Ok(None),
                Some(trouble) => self.decide(question, &trouble),
            },
        };
        held(&self.ruling).add(content, language, denied.clone());
        Ok(Some(denied))
    }
}

/// Workers that nobody keeps a record for.
pub struct Alone<'a> {
    pub pool: &'a Pool,
    pub kind: &'static dyn Kind,
    pub cancel: &'a Cancel,
}

impl Sandbox for Alone<'_> {
    fn ask(&self, question: &Question<'_>, accept: Accept<'_>) -> Result<Option<Denied>, NodeError> {
        let trouble = ask(self.pool, self.kind, question, accept, self.cancel)?;
        Ok(trouble.map(|trouble| Denied { reason: trouble.name().to_owned(), message: trouble.to_string() }))
    }
}

fn ask(
    pool: &Pool,
    kind: &'static dyn Kind,
    question: &Question<'_>,
    accept: Accept<'_>,
    cancel: &Cancel,
) -> Result<Option<Trouble>, NodeError> {
    match pool.call(kind.name(), question.body, accept, cancel) {
        Ok(()) => Ok(None),
        Err(CallError::Trouble(trouble)) => Ok(Some(trouble)),
        Err(CallError::Cancelled) => Err(NodeError::Cancelled),
        Err(CallError::Unavailable(error)) => Err(NodeError::Sandbox(error)),
    }
}
