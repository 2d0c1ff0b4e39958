//! RO-I7: of what both sides answered nothing but digests leaves the comparison, and what is kept of it has a bound (RO-I6).
//!
//! Invariant: values are drawn from a source of their own, so that a seed is the same history with and without them.

use ferrule_rollout::diff::{Recorder, Redactor, Rules, SIGNATURES_MAX, Tag, Tree, compare};

use crate::random::Random;

/// Fields that can differ: more than signatures are told apart.
const FIELDS: usize = 100;
/// What a seed's values are drawn from, apart from its history.
const APART: u64 = 0x7261_7661_6c75_6573;

/// Two answers that differ, and what is kept of that.
pub(super) struct Values {
    random: Random,
    recorder: Recorder,
}

impl Values {
    pub(super) fn new(seed: u64) -> Self {
        let mut random = Random::new(seed ^ APART);
        let mut key = [0; 32];
        key.fill_with(|| random.draw() as u8);
        Self { random, recorder: Recorder::new("feature", "", "build", Redactor::new(key)) }
    }

    /// Both sides answer with a secret, and not the same.
    pub(super) fn differ(&mut self, age_ms: u64) -> Result<(), String> {
        let secret = format!("com.secret.{:016x}", self.random.draw());
        let field = format!("field{}", self.random.below(FIELDS));
        let answer = |word: &str| {
            let text = format!("{secret}{word}");
            let list = vec![Tree::text(text.clone()), Tree::Bytes(text.clone().into_bytes())];
            Tree::map([(field.as_str(), Tree::text(text)), ("items", Tree::List(list))])
        };
        let found = compare(&answer(" of legacy"), &answer(" of the candidate"), &mut Rules::default());
        if found.is_empty() {
            return Err("R19: answers that differ compare as equal".to_owned());
        }
        self.recorder.record(&found, age_ms, self.random.draw(), |_| Tag::Untagged);
        let kept = self.recorder.signatures();
        if kept.len() > SIGNATURES_MAX || kept.iter().any(|one| one.exemplars.len() > 3) {
            return Err("RO-I6: signatures have no bound".to_owned());
        }
        let hexadecimal: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
        let told = kept.iter().flat_map(|one| &one.exemplars).flat_map(|exemplar| &exemplar.lines);
        match told.into_iter().find(|line| line.contains(&secret) || line.contains(&hexadecimal)) {
            Some(line) => Err(format!("RO-I7: a value left the comparison: {line}")),
            None => Ok(()),
        }
    }
}
