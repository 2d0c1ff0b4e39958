//! Random databases that the core and the Kotlin legacy both answer, compared key by key.
//!
//! Both were written from the same specification and apart from each other; what the recorded cases do not hold, this
//! finds. A seed makes the same databases on every machine. Not here: which of the two is right.

pub mod os;
mod random;
mod rows;
mod world;

use ferrule_conformance::launcher::loader;
use serde_json::{Map, Value, json};

use random::Random;

/// The `input` object of a random case.
pub fn input(seed: u64) -> Value {
    let random = &mut Random::new(seed);
    let (columns, height, dock) = (random.between(1, 6), random.between(1, 6), random.between(1, 6));
    let mut input = Map::new();
    let mut grid = json!({ "cols": columns, "rows": height, "hotseat": dock });
    if random.percent(30) {
        grid["search_cols"] = json!(random.between(1, columns));
    }
    input.insert("grid".to_owned(), grid);
    input.insert("flags".to_owned(), flags(random));
    input.insert("platform".to_owned(), world::platform(random));
    input.insert("rows".to_owned(), rows::rows(random, columns, height, dock));
    if random.percent(20) {
        input.insert("prior_load_pinned".to_owned(), json!(random.percent(50)));
    }
    if random.percent(6) {
        input.insert("cancel_at".to_owned(), json!(random.between(1, 2)));
    }
    if random.percent(4) {
        input.insert("preview_db".to_owned(), json!(true));
    }
    Value::Object(input)
}

fn flags(random: &mut Random) -> Value {
    json!({
        "qsb_on_first_screen": random.percent(50), "smartspace_removal_toggle": random.percent(30),
        "smartspace_pref": random.percent(60), "first_page_widget": random.percent(20),
        "support_archiving": random.percent(70), "app_pairs": random.percent(85), "widgets_enabled": random.percent(92),
    })
}

/// What the core answers.
///
/// # Errors
/// When the core does not understand the input.
pub fn answer(input: &Value) -> Result<Value, String> {
    loader::answer(input)
}

/// The facts in which two answers differ, one a line.
pub fn differences(legacy: &Value, core: &Value) -> Vec<String> {
    loader::differences_between(legacy, core)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_makes_the_same_case_and_the_core_answers_it() {
        for seed in 0..300 {
            let input = input(seed);
            assert_eq!(input, super::input(seed));
            let answer = answer(&input).unwrap();
            assert!(differences(&answer, &answer).is_empty());
        }
        assert_ne!(input(1), input(2));
    }

    #[test]
    fn the_cases_reach_what_a_load_can_do() {
        let mut reached = std::collections::BTreeMap::<String, usize>::new();
        for seed in 0..2000 {
            let answer = answer(&input(seed)).unwrap();
            for row in answer["deleted"].as_array().unwrap() {
                *reached.entry(row["reason"].to_string()).or_default() += 1;
            }
            for key in ["row_exceptions", "bind_calls", "pending_packages", "broadcasts", "pin_calls"] {
                if answer[key].as_array().is_some_and(|list| !list.is_empty()) {
                    *reached.entry(key.to_owned()).or_default() += 1;
                }
            }
            if !answer["second_load"].is_null() {
                *reached.entry("second_load".to_owned()).or_default() += 1;
            }
        }
        assert!(reached.len() >= 17 + 6, "{reached:?}");
        assert!(reached.values().all(|count| *count >= 5), "{reached:?}");
    }
}
