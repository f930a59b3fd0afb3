//! The tokens that a sign-in server gave and that still count: what a mail server asks it about.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use super::token;
use crate::demo::loopback::lock;

/// Tokens that count. Clones are the same set.
#[derive(Clone, Default)]
pub struct IssuedTokens(Arc<Mutex<Sets>>);

#[derive(Default)]
struct Sets {
    access: BTreeSet<String>,
    refresh: BTreeSet<String>,
    /// Refresh tokens that were replaced.
    used: BTreeSet<String>,
}

impl IssuedTokens {
    /// Whether an access token counts.
    pub fn accepts(&self, token: &str) -> bool {
        lock(&self.0).access.contains(token)
    }

    /// No access token counts any more, as after their time; refresh tokens do.
    pub fn expire_access(&self) {
        lock(&self.0).access.clear();
    }

    /// Nothing counts any more.
    pub fn revoke_all(&self) {
        *lock(&self.0) = Sets::default();
    }

    /// Every token that was ever given out and counts: a test looks for them where they must not be.
    pub fn all(&self) -> Vec<String> {
        let sets = lock(&self.0);
        sets.access.iter().chain(&sets.refresh).cloned().collect()
    }

    pub(super) fn issue_access(&self) -> String {
        let issued = token();
        lock(&self.0).access.insert(issued.clone());
        issued
    }

    pub(super) fn issue_refresh(&self) -> String {
        let issued = token();
        lock(&self.0).refresh.insert(issued.clone());
        issued
    }

    /// Uses a refresh token up. One that was used before was copied: then nothing counts any more.
    pub(super) fn replace_refresh(&self, shown: &str) -> bool {
        let mut sets = lock(&self.0);
        if sets.refresh.remove(shown) {
            sets.used.insert(shown.to_owned());
            return true;
        }
        if sets.used.contains(shown) {
            *sets = Sets::default();
        }
        false
    }
}
