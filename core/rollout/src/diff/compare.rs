//! Two trees side by side.
//!
//! Invariants: null-safe and total; the work is bounded by the size of both trees (a list without order is sorted, not
//! matched by trial); at most [`DIFFERENCES_MAX`] differences are listed, for a count the first is enough.

use std::cmp::Ordering;

use super::rules::{RuleKind, Rules};
use super::tree::{DEPTH_MAX, Tree};

/// Bytes of the longest path; what is beyond is cut.
pub const PATH_MAX: usize = 256;
/// How many differences of one comparison are listed.
const DIFFERENCES_MAX: usize = 64;

/// What kind of difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DifferenceKind {
    /// Both are there, of one kind, and not equal.
    Value,
    /// Both are there, of different kinds.
    Kind,
    /// Only legacy has it.
    OnlyLegacy,
    /// Only the candidate has it.
    OnlyCandidate,
    /// Deeper than is looked at.
    TooDeep,
}

impl DifferenceKind {
    /// Lower-case name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::Kind => "kind",
            Self::OnlyLegacy => "only_legacy",
            Self::OnlyCandidate => "only_candidate",
            Self::TooDeep => "too_deep",
        }
    }
}

/// One difference. It holds both values, so it must not leave the stack frame that compares (RO-I7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Where, with indexes as `[*]`.
    pub path: String,
    /// What kind.
    pub kind: DifferenceKind,
    /// A waiver covers it.
    pub waived: bool,
    /// Legacy's value.
    pub legacy: Tree,
    /// The candidate's value.
    pub candidate: Tree,
}

/// Every difference between two answers, under rules that count what they meet.
pub fn compare(legacy: &Tree, candidate: &Tree, rules: &mut Rules) -> Vec<Difference> {
    rules.count_comparison();
    let mut walk = Walk { rules, found: Vec::new(), waiver: None };
    walk.values(&mut String::new(), legacy, candidate, 0);
    walk.found
}

struct Walk<'r> {
    rules: &'r mut Rules,
    found: Vec<Difference>,
    waiver: Option<usize>,
}

impl Walk<'_> {
    fn differ(&mut self, path: &str, kind: DifferenceKind, legacy: &Tree, candidate: &Tree) {
        if let Some(index) = self.waiver {
            self.rules.covered(index);
        }
        if self.found.len() < DIFFERENCES_MAX {
            let end =
                (0..=path.len().min(PATH_MAX)).rev().find(|end| path.is_char_boundary(*end)).unwrap_or(0);
            let path = path.get(..end).unwrap_or_default().to_owned();
            let waived = self.waiver.is_some();
            let (legacy, candidate) = (legacy.clone(), candidate.clone());
            self.found.push(Difference { path, kind, waived, legacy, candidate });
        }
    }

    fn values(&mut self, path: &mut String, legacy: &Tree, candidate: &Tree, depth: usize) {
        if depth >= DEPTH_MAX {
            return self.differ(path, DifferenceKind::TooDeep, &Tree::Null, &Tree::Null);
        }
        let rule = self.rules.at(path);
        let before = self.waiver;
        if let Some((index, RuleKind::Waive { .. })) = &rule {
            self.waiver = Some(*index);
        }
        match (legacy, candidate, rule.map(|(_, kind)| kind)) {
            (Tree::Float(a), Tree::Float(b), Some(RuleKind::Ulp(allowed))) => {
                if ulps(*a, *b) > allowed {
                    self.differ(path, DifferenceKind::Value, legacy, candidate);
                }
            }
            (Tree::Text(a), Tree::Text(b), Some(RuleKind::IgnoreCase)) => {
                if !a.eq_ignore_ascii_case(b) {
                    self.differ(path, DifferenceKind::Value, legacy, candidate);
                }
            }
            (Tree::List(a), Tree::List(b), Some(RuleKind::Keyed(key))) => self.keyed(path, a, b, &key, depth),
            (Tree::List(a), Tree::List(b), Some(RuleKind::Set)) => {
                self.lists(path, &sorted(a), &sorted(b), depth);
            }
            (Tree::List(a), Tree::List(b), _) => {
                self.lists(path, &a.iter().collect::<Vec<_>>(), &b.iter().collect::<Vec<_>>(), depth);
            }
            (Tree::Map(a), Tree::Map(b), _) => self.maps(path, a, b, depth),
            (a, b, _) if a.kind() != b.kind() => self.differ(path, DifferenceKind::Kind, a, b),
            (a, b, _) => {
                if a != b {
                    self.differ(path, DifferenceKind::Value, a, b);
                }
            }
        }
        self.waiver = before;
    }

    fn lists(&mut self, path: &mut String, legacy: &[&Tree], candidate: &[&Tree], depth: usize) {
        let length = path.len();
        path.push_str("[*]");
        for (a, b) in legacy.iter().zip(candidate) {
            self.values(path, a, b, depth + 1);
        }
        for only in legacy.iter().skip(candidate.len()) {
            self.differ(path, DifferenceKind::OnlyLegacy, only, &Tree::Null);
        }
        for only in candidate.iter().skip(legacy.len()) {
            self.differ(path, DifferenceKind::OnlyCandidate, &Tree::Null, only);
        }
        path.truncate(length);
    }

    fn keyed(&mut self, path: &mut String, legacy: &[Tree], candidate: &[Tree], key: &str, depth: usize) {
        let by_key = |list: &[Tree]| {
            let mut items: Vec<(Tree, Tree)> = list
                .iter()
                .map(|item| (item.field(key).cloned().unwrap_or(Tree::Null), item.clone()))
                .collect();
            items.sort_by(|a, b| order(&a.0, &b.0));
            items
        };
        let (a, b) = (by_key(legacy), by_key(candidate));
        let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
        let length = path.len();
        path.push_str("[*]");
        loop {
            let side = match (a.peek(), b.peek()) {
                (Some(x), Some(y)) => order(&x.0, &y.0),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => break,
            };
            match side {
                Ordering::Less => {
                    if let Some((_, item)) = a.next() {
                        self.differ(path, DifferenceKind::OnlyLegacy, item, &Tree::Null);
                    }
                }
                Ordering::Greater => {
                    if let Some((_, item)) = b.next() {
                        self.differ(path, DifferenceKind::OnlyCandidate, &Tree::Null, item);
                    }
                }
                Ordering::Equal => {
                    if let (Some((_, x)), Some((_, y))) = (a.next(), b.next()) {
                        self.values(path, x, y, depth + 1);
                    }
                }
            }
        }
        path.truncate(length);
    }

    fn maps(&mut self, path: &mut String, a: &[(String, Tree)], b: &[(String, Tree)], depth: usize) {
        let by_name = |fields: &[(String, Tree)]| {
            let mut fields: Vec<(String, Tree)> = fields.to_vec();
            fields.sort_by(|a, b| a.0.cmp(&b.0));
            fields
        };
        let (a, b) = (by_name(a), by_name(b));
        let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
        let length = path.len();
        loop {
            let side = match (a.peek(), b.peek()) {
                (Some(x), Some(y)) => x.0.cmp(&y.0),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => break,
            };
            let legacy = if side == Ordering::Greater { None } else { a.next() };
            let candidate = if side == Ordering::Less { None } else { b.next() };
            let name = legacy.or(candidate).map_or("", |(name, _)| name.as_str());
            if length > 0 {
                path.push('.');
            }
            path.push_str(name);
            match (legacy, candidate) {
                (Some((_, x)), Some((_, y))) => self.values(path, x, y, depth + 1),
                (Some((_, x)), None) => self.differ(path, DifferenceKind::OnlyLegacy, x, &Tree::Null),
                (None, Some((_, y))) => self.differ(path, DifferenceKind::OnlyCandidate, &Tree::Null, y),
                (None, None) => {}
            }
            path.truncate(length);
        }
    }
}

/// How many representable numbers lie between two floats; as many as there are if one is no number.
fn ulps(a: u64, b: u64) -> u64 {
    if a == b {
        return 0;
    }
    if f64::from_bits(a).is_nan() || f64::from_bits(b).is_nan() {
        return u64::MAX;
    }
    // The order of the numbers as an order of integers; both zeros are one.
    let place = |bits: u64| {
        let magnitude = (bits & (u64::MAX >> 1)) as i64;
        if bits >> 63 == 1 { -magnitude } else { magnitude }
    };
    place(a).abs_diff(place(b))
}

fn sorted(list: &[Tree]) -> Vec<&Tree> {
    let mut list: Vec<&Tree> = list.iter().collect();
    list.sort_by(|a, b| order(a, b));
    list
}

/// Some total order, the same on every device.
fn order(a: &Tree, b: &Tree) -> Ordering {
    match (a, b) {
        (Tree::Bool(a), Tree::Bool(b)) => a.cmp(b),
        (Tree::Int(a), Tree::Int(b)) => a.cmp(b),
        (Tree::Float(a), Tree::Float(b)) => a.cmp(b),
        (Tree::Text(a), Tree::Text(b)) => a.cmp(b),
        (Tree::Bytes(a), Tree::Bytes(b)) => a.cmp(b),
        (Tree::Bitmap(a), Tree::Bitmap(b)) => a.cmp(b),
        (Tree::List(a), Tree::List(b)) => pairs(a.iter().zip(b), a.len(), b.len()),
        (Tree::Map(a), Tree::Map(b)) => {
            let names = a.iter().map(|(name, _)| name).cmp(b.iter().map(|(name, _)| name));
            names.then_with(|| pairs(a.iter().map(|x| &x.1).zip(b.iter().map(|x| &x.1)), a.len(), b.len()))
        }
        _ => a.kind().cmp(b.kind()),
    }
}

fn pairs<'t>(pairs: impl Iterator<Item = (&'t Tree, &'t Tree)>, a: usize, b: usize) -> Ordering {
    pairs.map(|(a, b)| order(a, b)).find(|side| side.is_ne()).unwrap_or_else(|| a.cmp(&b))
}
