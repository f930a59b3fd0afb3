//! What a draft holds: its attachments are opened and everything is given to the detectors. Blocks while it reads: callers
//! run it beside what draws.

use std::{
    collections::BTreeMap,
    io::Read as _,
    sync::{Mutex, PoisonError},
};

use super::{Segl, attachment};
use crate::{
    content::{FileFindings, MAX_FILE, Suggestion, Unread, examine, examine_file},
    mail::{Attachment, Digest, Draft},
};

/// Files that are remembered at most: a draft has fewer.
const REMEMBERED: usize = 256;

/// What was found in files, by digest and name (which helps to tell what kind a file is). No text of theirs.
#[derive(Default)]
pub(super) struct Examined(Mutex<BTreeMap<(Digest, String), FileFindings>>);

impl Segl {
    /// What the detectors say of a draft. A file that is gone, or another one than was attached, is not examined.
    /// Takes as long as reading the files takes, once for each: what was found in them is remembered.
    pub fn examine_content(&self, draft: &Draft) -> Suggestion {
        let files: Vec<FileFindings> = draft.attachments.iter().map(|a| self.file(a)).collect();
        examine(draft, &files)
    }

    fn file(&self, attachment: &Attachment) -> FileFindings {
        let key = (attachment.sha256, attachment.name.clone());
        let shared = || {
            self.examined
                .0
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
        };
        if let Some(known) = shared().get(&key) {
            return known.clone();
        }
        let Some(octets) = octets(attachment) else {
            // It may be there again the next time.
            return FileFindings::unread(Unread::Unreadable);
        };
        let found = match octets {
            Octets::Whole(octets) => examine_file(&attachment.name, &octets),
            Octets::TooMany => FileFindings::unread(Unread::TooLarge),
        };
        let mut examined = shared();
        if examined.len() >= REMEMBERED {
            examined.clear();
        }
        examined.insert(key, found.clone());
        found
    }
}

enum Octets {
    Whole(Vec<u8>),
    TooMany,
}

/// The file that was attached; `None` where it cannot be read or is another one now.
fn octets(attachment: &Attachment) -> Option<Octets> {
    if attachment.size > MAX_FILE {
        return Some(Octets::TooMany);
    }
    let mut octets = Vec::new();
    let file = attachment::open(attachment).ok()?;
    file.take(MAX_FILE + 1).read_to_end(&mut octets).ok()?;
    (Digest::of(&octets) == attachment.sha256).then_some(Octets::Whole(octets))
}
