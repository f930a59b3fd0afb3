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
        let files: Vec<FileFindings> = draft
            .attachments
            .iter()
            .map(|a| self.examined.file(a))
            .collect();
        examine(draft, &files)
    }
}

impl Examined {
    fn file(&self, attachment: &Attachment) -> FileFindings {
        let key = (attachment.sha256, attachment.name.clone());
        let shared = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::{Category, Place};

    fn attached(folder: &std::path::Path, name: &str, octets: &[u8]) -> Attachment {
        let path = folder.join(name);
        std::fs::write(&path, octets).unwrap();
        attachment::attach(&path).unwrap()
    }

    #[test]
    fn a_file_is_read_once_and_one_that_changed_is_not_examined() {
        let folder = tempfile::tempdir().unwrap();
        let file = attached(folder.path(), "brev.txt", b"CPR 070761-4285");
        let examined = Examined::default();
        let found = examined.file(&file);
        assert_eq!(found.findings[0].category, Category::Cpr);
        assert_eq!(found.findings[0].place, Place::File(1));
        // Remembered: the file is not opened again.
        std::fs::remove_file(&file.path).unwrap();
        assert_eq!(examined.file(&file), found);

        let other = attached(folder.path(), "andet.txt", b"intet");
        std::fs::write(&other.path, b"CPR 070761-4285").unwrap();
        let unread = FileFindings::unread(Unread::Unreadable);
        assert_eq!(examined.file(&other), unread);
        // It is looked at again once it is what was attached.
        std::fs::write(&other.path, b"intet").unwrap();
        assert_eq!(examined.file(&other), FileFindings::default());
        let large = Attachment {
            size: MAX_FILE + 1,
            ..other
        };
        assert_eq!(
            Examined::default().file(&large).not_examined,
            [Unread::TooLarge]
        );
    }
}
