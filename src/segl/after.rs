//! After a sending: the sender's copy, what is remembered of the recipients, and the draft for whoever does not have the
//! message yet. Trouble here is told in the receipt; it unsends nothing.

use std::{io::Write as _, path::Path};

use jiff::Timestamp;

use super::{
    Segl,
    drafts::{self, Write},
    message,
    receipt::{Outcome, Receipt, Remark},
    tunnel::gateway_key,
    vault::Vault,
};
use crate::{
    decide::{Assessments, Remembered},
    disk,
    mail::{Address, Again, Draft, Head},
};

impl Segl {
    pub(super) fn after(
        &self,
        draft: &Draft,
        head: &Head,
        receipt: &mut Receipt,
        vault: &Vault,
        found: &Assessments,
        at: Timestamp,
    ) {
        if receipt.may_have_been_sent() {
            self.keep_copies(draft, head, receipt, vault, at);
            remember(receipt, vault, found, at);
            self.learn(receipt, vault, at);
        }
        receipt.rest = rest(draft, head, receipt);
        if receipt.outcome != Outcome::Written {
            Self::keep_rest(draft, receipt, vault, at);
        }
    }

    fn keep_copies(
        &self,
        draft: &Draft,
        head: &Head,
        receipt: &mut Receipt,
        vault: &Vault,
        at: Timestamp,
    ) {
        let octets = match message::readable(draft, head) {
            Ok(octets) => octets,
            Err(cause) => {
                receipt.remarks.push(Remark::NoSentCopy(cause.to_string()));
                return;
            }
        };
        // A message that goes out in several sendings is one message: its first sending kept the copy.
        if draft.again.is_none()
            && let Err(cause) =
                vault
                    .store()
                    .save_sent(&head.message_id, at, &mut octets.as_slice())
        {
            receipt.remarks.push(Remark::NoSentCopy(cause.to_string()));
        }
        if let Some(folder) = self
            .config
            .copy_folder
            .as_deref()
            .filter(|_| draft.again.is_none())
            && let Err(cause) = write_copy(folder, &head.message_id, at, &octets)
        {
            receipt
                .remarks
                .push(Remark::NoReadableCopy(cause.to_string()));
        }
    }

    /// What was sent to everybody is no draft any more; what was not stays one, under the same name.
    fn keep_rest(draft: &Draft, receipt: &mut Receipt, vault: &Vault, at: Timestamp) {
        let kept = match &receipt.rest {
            None => vault
                .store()
                .delete_draft(draft.id.as_str())
                .map_err(|e| e.to_string()),
            // Nothing has left: what waited in the outbox waits on.
            Some(rest) if !receipt.may_have_been_sent() => {
                drafts::save_in_place(vault.store(), rest, at, Write::Usual)
                    .map_err(|e| e.to_string())
            }
            Some(rest) => drafts::save(vault.store(), rest, at).map_err(|e| e.to_string()),
        };
        if let Err(cause) = kept {
            receipt.remarks.push(Remark::NotRemembered(cause));
        }
    }
}

/// The draft for whoever does not have the message for certain.
fn rest(draft: &Draft, head: &Head, receipt: &Receipt) -> Option<Draft> {
    let addresses = |outcome| {
        receipt
            .with(outcome)
            .map(|r| r.mailbox.address.clone())
            .collect::<Vec<Address>>()
    };
    let doubtful = addresses(Outcome::Unconfirmed);
    let mut missing = addresses(Outcome::Rejected);
    missing.extend(addresses(Outcome::NotSent));
    missing.extend(receipt.left_out.iter().map(|r| r.mailbox.address.clone()));
    missing.extend(doubtful.iter().cloned());
    if missing.is_empty() {
        return None;
    }
    let mut rest = draft.only_for(|a| missing.contains(a));
    if receipt.may_have_been_sent() {
        rest.again = Some(Again {
            message_id: head.message_id.clone(),
            date: head.date,
            seq: receipt.record.seq,
            link: receipt.record.link,
            doubtful,
        });
    }
    Some(rest)
}

/// The organisation of each recipient whom the message was encrypted to.
fn remember(receipt: &mut Receipt, vault: &Vault, found: &Assessments, at: Timestamp) {
    let sent = receipt
        .deliveries
        .iter()
        .filter(|d| d.route.is_end_to_end() && d.outcome == Outcome::Sent);
    let addresses: Vec<Address> = sent
        .flat_map(|d| {
            d.recipients
                .iter()
                .map(|t| t.recipient.mailbox.address.clone())
        })
        .collect();
    for address in addresses {
        let Some(assessment) = found.get(&address) else {
            continue;
        };
        // What went through a gateway says which organisation the gateway belongs to, and nothing of the address: it
        // never had a certificate that could vanish.
        let through = assessment.tunnel().filter(|_| {
            let mut used = assessment.used();
            used.any(|c| c.binding().is_by_domain())
        });
        let key = through.map_or_else(|| address.key(), |t| gateway_key(&t.domain));
        let store = vault.store();
        let kept = store
            .remembered::<Option<Remembered>>(&key)
            .and_then(|before| {
                let before = before.flatten().and_then(|b| b.organisation);
                let now = assessment.organisation().cloned();
                let now = Some(Remembered {
                    organisation: now.map(|now| now.keeping_number_of(before.as_ref())),
                    at,
                });
                // Whether it is the same was decided before sending; what is remembered is only brought up to date.
                store.remember(&key, &now, |_| true)
            });
        if let Err(cause) = kept {
            receipt
                .remarks
                .push(Remark::NotRemembered(cause.to_string()));
            return;
        }
    }
}

/// A readable copy in the folder that the settings name: `20261122T140211Z-<identifier>.eml`, for this user only.
fn write_copy(
    folder: &Path,
    message_id: &str,
    at: Timestamp,
    octets: &[u8],
) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let identifier: String = message_id
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(32)
        .collect();
    let path = folder.join(format!(
        "{}-{identifier}.eml",
        at.strftime("%Y%m%dT%H%M%SZ")
    ));
    let mut file = disk::private_options()
        .write(true)
        .create_new(true)
        .open(path)?;
    file.write_all(octets)?;
    file.sync_all()
}
