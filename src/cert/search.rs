//! Candidate paths from a certificate to an anchor (RFC 4158), shortest first, at a cost that is counted.
//!
//! OpenSSL builds one path and never goes back: beside a cross-certificate that leads nowhere, a good path is not
//! found. So paths are built here, by name, key identifier and signature, and each is then handed to OpenSSL to be
//! validated. A pool comes from outside: what it may cost is a number of signatures and steps, never a time; and a key
//! with which one signature would cost much verifies none.

use std::collections::{HashMap, HashSet, VecDeque};

use super::{
    certificate::{Certificate, Fingerprint},
    spki::verifies_quickly,
};

/// Certificates between leaf and anchor at most.
pub(super) const MAX_DEPTH: usize = 10;
/// Signatures that are verified for one certificate at most, building and validating together.
pub(super) const MAX_SIGNATURES: usize = 240;
/// Of those, what is kept for validating what was found.
const FOR_VALIDATION: usize = 80;
/// Of those, for one certificate: many strangers under its issuer's name must not use up what its issuer needs.
const MAX_TRIES: usize = 24;
/// Pairs of certificate and possible issuer that are looked at.
pub(super) const MAX_STEPS: usize = 4000;

/// Counts signatures. Whoever verifies one takes it from here.
#[derive(Debug)]
pub(super) struct Budget {
    used: usize,
}

impl Budget {
    pub(super) fn new() -> Self {
        Self { used: 0 }
    }

    pub(super) fn used(&self) -> usize {
        self.used
    }

    /// Takes this many, if so many are left.
    pub(super) fn take(&mut self, signatures: usize) -> bool {
        let holds = self.used + signatures <= MAX_SIGNATURES;
        if holds {
            self.used += signatures;
        }
        holds
    }

    fn take_for_building(&mut self) -> bool {
        self.used < MAX_SIGNATURES - FOR_VALIDATION && self.take(1)
    }
}

/// A search from one leaf, level by level: all paths that are open have the same length.
pub(super) struct Search<'a> {
    /// The leaf, then the anchors, then the pool, each once.
    certificates: Vec<&'a Certificate>,
    /// Those up to here, from 1 on, are anchors.
    anchors_end: usize,
    anchors: HashMap<u32, Vec<usize>>,
    pool: HashMap<u32, Vec<usize>>,
    /// Paths that end at no anchor yet.
    open: Vec<Vec<usize>>,
    /// Whether it was seen which of these an anchor ends.
    is_tried: bool,
    /// Paths that end at an anchor and were not given out yet. No limit takes them away again.
    whole: VecDeque<Vec<usize>>,
    /// By certificate and issuer's key: many certificates may hold one key.
    verified: HashMap<(usize, Fingerprint), bool>,
    steps: usize,
    /// The first of the longest paths so far that end at no anchor.
    longest: Vec<usize>,
    gave_up: bool,
}

impl<'a> Search<'a> {
    pub(super) fn new(
        leaf: &'a Certificate,
        pool: &'a [Certificate],
        anchors: &'a [Certificate],
    ) -> Self {
        let mut certificates = vec![leaf];
        let mut seen = HashSet::new();
        certificates.extend(anchors.iter().filter(|c| seen.insert(c.sha256())));
        let anchors_end = certificates.len();
        // A certificate that is itself pinned needs nobody above it.
        let is_pinned = !seen.insert(leaf.sha256());
        certificates.extend(pool.iter().filter(|c| seen.insert(c.sha256())));
        let by_subject = |range: std::ops::Range<usize>| {
            let mut found: HashMap<u32, Vec<usize>> = HashMap::new();
            for index in range {
                let hash = certificates[index].x509().subject_name_hash();
                found.entry(hash).or_default().push(index);
            }
            found
        };
        let (anchors, pool) = (
            by_subject(1..anchors_end),
            by_subject(anchors_end..certificates.len()),
        );
        let (whole, open) = if is_pinned {
            (VecDeque::from([vec![0]]), Vec::new())
        } else {
            (VecDeque::new(), vec![vec![0]])
        };
        Self {
            certificates,
            anchors_end,
            anchors,
            pool,
            open,
            is_tried: false,
            whole,
            verified: HashMap::new(),
            steps: 0,
            longest: vec![0],
            gave_up: false,
        }
    }

    /// The next shortest path, leaf first, anchor last: each certificate is signed by the next.
    pub(super) fn next(&mut self, budget: &mut Budget) -> Option<Vec<&'a Certificate>> {
        loop {
            if let Some(path) = self.whole.pop_front() {
                return Some(self.named(&path));
            }
            let level = self.open.first()?;
            if level.len() > self.longest.len() {
                self.longest = level.clone();
            }
            if level.len() > MAX_DEPTH + 1 {
                return None;
            }
            if self.is_tried {
                self.climb(budget);
            } else {
                self.end(budget);
            }
            self.is_tried = !self.is_tried;
        }
    }

    /// Where no path reaches an anchor: the longest one, and every certificate that claims to have issued its last.
    pub(super) fn longest(&self) -> (Vec<&'a Certificate>, Vec<&'a Certificate>) {
        let last = self.longest.last().copied().unwrap_or_default();
        let claim = [&self.anchors, &self.pool].map(|among| self.claim(last, among));
        let issuers = self.issuers(&self.longest, claim.concat());
        (self.named(&self.longest), self.named(&issuers))
    }

    /// Whether something was left unseen because it would have cost too much.
    pub(super) fn gave_up(&self) -> bool {
        self.gave_up
    }

    fn named(&self, path: &[usize]) -> Vec<&'a Certificate> {
        path.iter().map(|i| self.certificates[*i]).collect()
    }

    /// Looks which of the open paths an anchor ends, before anything is spent on the way to those above: whatever stands
    /// beside an issuer, its anchor is asked. That costs no steps: a path that is open took one already.
    fn end(&mut self, budget: &mut Budget) {
        for path in std::mem::take(&mut self.open) {
            let last = path.last().copied().unwrap_or_default();
            for anchor in self.issuers(&path, self.claim(last, &self.anchors)) {
                match self.is_signed_by(last, anchor, budget) {
                    Some(true) => self.whole.push_back(longer(&path, anchor)),
                    Some(false) => {}
                    None => self.gave_up = true,
                }
            }
            self.open.push(path);
        }
    }

    /// Makes each open path longer by each certificate of the pool that signed its last.
    fn climb(&mut self, budget: &mut Budget) {
        for path in std::mem::take(&mut self.open) {
            let last = path.last().copied().unwrap_or_default();
            let mut claim = self.claim(last, &self.pool);
            // Whoever is looked at costs a step, also those who are then found to bring the path nowhere.
            let left = MAX_STEPS - self.steps;
            self.gave_up |= claim.len() > left;
            claim.truncate(left);
            self.steps += claim.len();
            let mut tries = 0;
            for issuer in self.issuers(&path, claim) {
                let before = budget.used();
                let verdict = if tries < MAX_TRIES {
                    self.is_signed_by(last, issuer, budget)
                } else {
                    None
                };
                tries += budget.used() - before;
                match verdict {
                    Some(true) => self.open.push(longer(&path, issuer)),
                    Some(false) => {}
                    None => self.gave_up = true,
                }
            }
        }
    }

    /// Those whose name hashes to that of a certificate's issuer.
    fn claim(&self, child: usize, among: &HashMap<u32, Vec<usize>>) -> Vec<usize> {
        let hash = self.certificates[child].x509().issuer_name_hash();
        among.get(&hash).cloned().unwrap_or_default()
    }

    /// Who of these may have issued the last of a path: those whose key identifier fits first.
    fn issuers(&self, path: &[usize], mut claim: Vec<usize>) -> Vec<usize> {
        let last = path.last().copied().unwrap_or_default();
        let child = self.certificates[last].x509();
        claim.retain(|i| {
            let issuer = self.certificates[*i].x509();
            let order = child.issuer_name().try_cmp(issuer.subject_name());
            order.is_ok_and(std::cmp::Ordering::is_eq) && !self.repeats(path, *i)
        });
        claim.sort_by_key(|i| {
            let fits = match (
                child.authority_key_id(),
                self.certificates[*i].x509().subject_key_id(),
            ) {
                (Some(a), Some(s)) => a.as_slice() == s.as_slice(),
                _ => false,
            };
            (!fits, *i)
        });
        claim
    }

    /// The same certificate again, or the same name with the same key, brings a path nowhere (RFC 8550 §4.2, a loop).
    fn repeats(&self, path: &[usize], issuer: usize) -> bool {
        let new = self.certificates[issuer];
        path.iter().any(|i| {
            let old = self.certificates[*i];
            old == new
                || (old.facts().key_sha256 == new.facts().key_sha256 && is_same_name(old, new))
        })
    }

    fn is_signed_by(&mut self, child: usize, issuer: usize, budget: &mut Budget) -> Option<bool> {
        let key_sha256 = self.certificates[issuer].facts().key_sha256;
        if let Some(known) = self.verified.get(&(child, key_sha256)) {
            return Some(*known);
        }
        let key = self.certificates[issuer].x509().public_key();
        // An anchor's key is no stranger's.
        let is_slow = issuer >= self.anchors_end;
        let is_slow = is_slow && key.as_ref().is_ok_and(|key| !verifies_quickly(key));
        if is_slow || !budget.take_for_building() {
            return None;
        }
        let holds = key.is_ok_and(|key| {
            self.certificates[child]
                .x509()
                .verify(&key)
                .unwrap_or(false)
        });
        self.verified.insert((child, key_sha256), holds);
        Some(holds)
    }
}

fn longer(path: &[usize], by: usize) -> Vec<usize> {
    let mut longer = path.to_vec();
    longer.push(by);
    longer
}

fn is_same_name(one: &Certificate, other: &Certificate) -> bool {
    let (one, other) = (one.x509().subject_name(), other.x509().subject_name());
    one.try_cmp(other).is_ok_and(std::cmp::Ordering::is_eq)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn building_leaves_what_validating_needs_and_both_together_take_no_more_than_there_is() {
        let mut budget = Budget::new();
        let built = (0..1000).filter(|_| budget.take_for_building()).count();
        assert_eq!((built, budget.used()), (160, 160));
        assert!(!budget.take(81) && budget.used() == 160);
        assert!(budget.take(79) && budget.used() == 239);
        assert!(!budget.take(2) && budget.take(1) && !budget.take(1));
        assert_eq!(budget.used(), 240);
    }
}
