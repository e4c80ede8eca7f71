//! Timelines: what happens to a tree between builds, as properties draw it.

use proptest::prelude::*;

use crate::workbench::{Workbench, sample};

/// A step of a timeline.
#[derive(Clone, Debug)]
pub enum Step {
    Write {
        n: usize,
        edit: usize,
    },
    Delete {
        n: usize,
    },
    Rename {
        from: usize,
        to: usize,
    },
    Touch {
        n: usize,
    },
    /// Other bytes of the same length under the same modification time.
    SameStat {
        n: usize,
    },
    Mass {
        edit: usize,
    },
    Ignore {
        n: usize,
    },
    Build,
}

pub fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..40usize, 0..4usize).prop_map(|(n, edit)| Step::Write { n, edit }),
        2 => (0..40usize).prop_map(|n| Step::Delete { n }),
        1 => (0..40usize, 0..60usize).prop_map(|(from, to)| Step::Rename { from, to }),
        1 => (0..40usize).prop_map(|n| Step::Touch { n }),
        1 => (0..40usize).prop_map(|n| Step::SameStat { n }),
        1 => (0..4usize).prop_map(|edit| Step::Mass { edit }),
        1 => (0..40usize).prop_map(|n| Step::Ignore { n }),
        3 => Just(Step::Build),
    ]
}

impl Step {
    /// Does it to the repository `one`.
    pub fn play(&self, bench: &Workbench) {
        let at = |n: usize| bench.root("one").join(sample(n, 0).0);
        match self {
            Step::Write { n, edit } => bench.write("one", &sample(*n, 0).0, sample(*n, *edit).1),
            Step::Delete { n } => drop(std::fs::remove_file(at(*n))),
            Step::Rename { from, to } => {
                let to = at(*to).with_extension("moved.py");
                std::fs::create_dir_all(to.parent().unwrap()).unwrap();
                drop(std::fs::rename(at(*from), to));
            }
            Step::Touch { n } => {
                if let Ok(text) = std::fs::read(at(*n)) {
                    std::fs::write(at(*n), text).unwrap();
                }
            }
            Step::SameStat { n } => {
                if let Ok(text) = std::fs::read_to_string(at(*n)) {
                    let file = std::fs::File::options().read(true).write(true).open(at(*n)).unwrap();
                    let modified = file.metadata().unwrap().modified().unwrap();
                    std::fs::write(at(*n), text.replace('e', "o")).unwrap();
                    file.set_modified(modified).unwrap();
                }
            }
            Step::Mass { edit } => {
                for n in 0..40 {
                    bench.write("one", &sample(n, 0).0, sample(n, *edit).1);
                }
            }
            Step::Ignore { n } => bench.write("one", ".gitignore", format!("{}\n", sample(*n, 0).0)),
            Step::Build => {
                bench.build();
            }
        }
    }
}
