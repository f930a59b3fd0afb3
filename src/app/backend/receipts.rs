//! Receipts, the backend's side.

use std::path::Path;

use tokio::runtime::Handle;

use super::{
    super::{receipts::ReceiptBackend, seam::Failed},
    Real, now,
};
use crate::{
    decide::Surface,
    mail::{self, Address},
    segl::{self, Way},
};

/// Octets of a receipt at most: what is larger was dropped to be attached.
const MAX_RECEIPT: u64 = 16 << 20;

impl ReceiptBackend for Real {
    fn ask_receipt(&self, address: &Address) -> Result<Vec<String>, Failed> {
        let segl = self.segl();
        let words = &self.words;
        let asking = segl.ask_receipt(address, None, Surface::Window, words, &Way::Submit, &now);
        let asked = Handle::current().block_on(asking);
        let asked = asked.map_err(|e| Self::trouble(&words.not_asked(address, &e), &e))?;
        Ok(words.asked(&asked))
    }

    fn take_receipt(&self, path: &Path) -> Option<Result<Vec<String>, Failed>> {
        let octets = segl::read_input(Some(path), MAX_RECEIPT).ok()?;
        let answer = mail::notification(&mail::fields::with_crlf(&octets))?;
        let segl = self.segl();
        // A mail like any other is taken for a receipt only where it names a request of ours.
        if answer.kind == mail::AnswerKind::Mail && !segl.was_asked(&answer) {
            return None;
        }
        let taken = Handle::current().block_on(segl.take_receipt(&octets, now()));
        Some(match taken {
            Ok(taken) => Ok(self.words.taken_receipt(&taken)),
            Err(e) => Err(Self::trouble(&self.words.receipt_fault(&e), &e)),
        })
    }
}
