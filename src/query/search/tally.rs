//! What is known about chunks while the units of a query go by.

/// What is known about a chunk while the units go by.
#[expect(clippy::struct_excessive_bools, reason = "each says one thing that units found out by themselves")]
#[derive(Clone, Copy, Debug)]
pub struct Tally {
    pub sum: f64,
    pub weighed: f64,
    /// Words matched, parts counting less.
    pub covered: f64,
    /// Words that are the chunk's name.
    pub named: f64,
    /// Single words that are in the name, and their weight × idf.
    pub name_words: u32,
    pub name_idf: f64,
    /// Of a chunk without a name: how much it counts that a word is one of several names.
    pub listed: f64,
    /// Of a qualified name: its definition begins here; the chunk is called as the last name; that is defined here; the one before is around it.
    pub scoped: bool,
    pub own: bool,
    pub last: bool,
    pub near: bool,
    pub required: u32,
    pub excluded: bool,
    pub touched: bool,
    /// Bits of the first units that matched.
    pub held: u64,
    /// The last word (from 1) that matched as a whole.
    pub whole_of: u32,
}

impl Tally {
    pub const NONE: Self = Self {
        sum: 0.0,
        weighed: 0.0,
        covered: 0.0,
        named: 0.0,
        name_words: 0,
        name_idf: 0.0,
        listed: 0.0,
        scoped: false,
        own: false,
        last: false,
        near: false,
        required: 0,
        excluded: false,
        touched: false,
        held: 0,
        whole_of: 0,
    };
}

/// Tallies of the chunks of a segment that have any word: mostly few.
pub struct Tallies {
    /// Per ordinal, one more than the place of its tally; 0 for none.
    places: Vec<u32>,
    tallies: Vec<Tally>,
}

impl Tallies {
    const NONE: &'static Tally = &Tally::NONE;

    pub fn new(docs: u32) -> Self {
        Self { places: vec![0; docs as usize], tallies: Vec::new() }
    }

    /// The tally of a chunk, begun where there is none; `None` for an ordinal beyond the segment.
    pub fn of(&mut self, ordinal: u32) -> Option<&mut Tally> {
        let place = self.places.get_mut(ordinal as usize)?;
        if *place == 0 {
            self.tallies.push(Tally::NONE);
            *place = self.tallies.len() as u32;
        }
        self.tallies.get_mut(*place as usize - 1)
    }

    /// The tallies by ordinal; of all chunks, or only of those that have any word.
    pub fn each(&self, touched: bool) -> impl Iterator<Item = (u32, &Tally)> {
        let places = (0..).zip(&self.places).filter(move |(_, place)| !touched || **place > 0);
        places.map(|(ordinal, place)| {
            let tally = (*place as usize).checked_sub(1).and_then(|place| self.tallies.get(place));
            (ordinal, tally.unwrap_or(Self::NONE))
        })
    }
}
