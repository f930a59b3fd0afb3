//! Candidate paths from a certificate to an anchor (RFC 4158), shortest first, at a cost that is counted.
//!
//! OpenSSL builds one path and never goes back: beside a cross-certificate that leads nowhere, a good path is not
//! found. So paths are built here, by name, key identifier and signature, and each is then handed to OpenSSL to be
//! validated. A pool comes from outside: what it may cost is a number of signatures and steps, never a time.

use std::collections::{HashMap, VecDeque};

use super::certificate::{Certificate, Fingerprint};

/// Certificates between leaf and anchor at most.
pub(super) const MAX_DEPTH: usize = 10;
/// Signatures that are verified for one certificate at most, building and validating together.
pub(super) const MAX_SIGNATURES: usize = 240;
/// Of those, what is kept for validating what was found.
const FOR_VALIDATION: usize = 80;
/// Of those, for one certificate: many strangers under its issuer's name must not use up what its issuer needs.
const MAX_TRIES: usize = 24;
/// Pairs of certificate and possible issuer that are looked at.
const MAX_STEPS: usize = 4000;

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

/// A search from one leaf.
pub(super) struct Search<'a> {
    /// The leaf, then the anchors, then the pool, each once.
    certificates: Vec<&'a Certificate>,
    /// Those up to here, from 1 on, are anchors.
    anchors_end: usize,
    by_subject: HashMap<u32, Vec<usize>>,
    queue: VecDeque<Vec<usize>>,
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
        let mut seen = std::collections::HashSet::new();
        certificates.extend(anchors.iter().filter(|c| seen.insert(c.sha256())));
        let anchors_end = certificates.len();
        seen.insert(leaf.sha256());
        certificates.extend(pool.iter().filter(|c| seen.insert(c.sha256())));
        let mut by_subject: HashMap<u32, Vec<usize>> = HashMap::new();
        for (index, certificate) in certificates.iter().enumerate().skip(1) {
            let hash = certificate.x509().subject_name_hash();
            by_subject.entry(hash).or_default().push(index);
        }
        Self {
            certificates,
            anchors_end,
            by_subject,
            queue: VecDeque::from([vec![0]]),
            verified: HashMap::new(),
            steps: 0,
            longest: vec![0],
            gave_up: false,
        }
    }

    /// The next shortest path, leaf first, anchor last: each certificate is signed by the next.
    pub(super) fn next(&mut self, budget: &mut Budget) -> Option<Vec<&'a Certificate>> {
        while let Some(path) = self.queue.pop_front() {
            if self.is_whole(&path) {
                return Some(self.named(&path));
            }
            if path.len() <= MAX_DEPTH + 1 {
                self.extend(&path, budget);
            }
            if path.len() > self.longest.len() {
                self.longest = path;
            }
        }
        None
    }

    /// Where no path reaches an anchor: the longest one, and every certificate that claims to have issued its last.
    pub(super) fn longest(&self) -> (Vec<&'a Certificate>, Vec<&'a Certificate>) {
        let issuers = self.issuers(&self.longest);
        (self.named(&self.longest), self.named(&issuers))
    }

    /// Whether something was left unseen because it would have cost too much.
    pub(super) fn gave_up(&self) -> bool {
        self.gave_up
    }

    fn is_whole(&self, path: &[usize]) -> bool {
        let is_anchor = |index: usize| (1..self.anchors_end).contains(&index);
        match path {
            // A certificate that is itself pinned needs nobody above it.
            [0] => (1..self.anchors_end).any(|a| self.certificates[a] == self.certificates[0]),
            [.., last] => is_anchor(*last),
            [] => false,
        }
    }

    fn named(&self, path: &[usize]) -> Vec<&'a Certificate> {
        path.iter().map(|i| self.certificates[*i]).collect()
    }

    fn extend(&mut self, path: &[usize], budget: &mut Budget) {
        let Some(&last) = path.last() else { return };
        let mut tries = 0;
        for issuer in self.issuers(path) {
            if self.steps == MAX_STEPS {
                self.gave_up = true;
                self.queue.clear();
                return;
            }
            self.steps += 1;
            let before = budget.used();
            let is_anchor = issuer < self.anchors_end;
            let verdict = if tries < MAX_TRIES || is_anchor {
                self.is_signed_by(last, issuer, budget)
            } else {
                None
            };
            tries += budget.used() - before;
            match verdict {
                Some(true) => {
                    let mut longer = path.to_vec();
                    longer.push(issuer);
                    self.queue.push_back(longer);
                }
                Some(false) => {}
                None => self.gave_up = true,
            }
        }
    }

    /// Who may have issued the last of a path: anchors first, then those whose key identifier fits.
    fn issuers(&self, path: &[usize]) -> Vec<usize> {
        let Some(&last) = path.last() else {
            return Vec::new();
        };
        let child = self.certificates[last].x509();
        let alike = self.by_subject.get(&child.issuer_name_hash());
        let mut found: Vec<usize> = alike
            .into_iter()
            .flatten()
            .copied()
            .filter(|i| {
                let issuer = self.certificates[*i].x509();
                let order = child.issuer_name().try_cmp(issuer.subject_name());
                order.is_ok_and(std::cmp::Ordering::is_eq) && !self.repeats(path, *i)
            })
            .collect();
        found.sort_by_key(|i| {
            let fits = match (
                child.authority_key_id(),
                self.certificates[*i].x509().subject_key_id(),
            ) {
                (Some(a), Some(s)) => a.as_slice() == s.as_slice(),
                _ => false,
            };
            (*i >= self.anchors_end, !fits, *i)
        });
        found
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
        if !budget.take_for_building() {
            return None;
        }
        let key = self.certificates[issuer].x509().public_key();
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
