//! A receipt as the window shows it: one row for each recipient, in the draft's order.

use super::report::{self, Delivered, Receipt, RecordEntry};
use crate::{
    cert::Organisation,
    mail::Draft,
    segl::{self, Delivery, Outcome, Told},
};

/// The window's receipt.
pub(super) fn receipt(draft: &Draft, receipt: &segl::Receipt) -> Receipt {
    let mut deliveries: Vec<Delivered> = receipt
        .deliveries
        .iter()
        .flat_map(|delivery| {
            delivery
                .recipients
                .iter()
                .map(|told| delivered(receipt, delivery, told))
        })
        .collect();
    let order: Vec<_> = draft
        .recipients()
        .into_iter()
        .map(|r| r.mailbox.address)
        .collect();
    deliveries.sort_by_key(|d| order.iter().position(|a| *a == d.recipient.mailbox.address));
    let unrecorded = receipt
        .remarks
        .iter()
        .any(|r| matches!(r, segl::Remark::NotRecorded(_)));
    let record = RecordEntry {
        seq: receipt.record.seq,
        link: receipt.record.link.to_string(),
    };
    Receipt {
        draft: draft.id.clone(),
        message_id: receipt.message_id.clone(),
        at: receipt.at,
        deliveries,
        left_out: receipt.left_out.clone(),
        record: (!unrecorded).then_some(record),
        again: receipt.rest.as_ref().and_then(|rest| rest.again.clone()),
    }
}

fn delivered(receipt: &segl::Receipt, delivery: &Delivery, told: &Told) -> Delivered {
    let consent = receipt
        .consents
        .iter()
        .find(|c| c.recipient == told.recipient);
    let reply = told
        .reply
        .as_ref()
        .filter(|_| told.is_refused)
        .or(delivery.reply.as_ref());
    Delivered {
        recipient: told.recipient.clone(),
        route: delivery.route,
        is_signed: delivery.is_signed,
        organisation: told.organisation.as_ref().map(Organisation::label),
        outcome: match delivery.outcome {
            Outcome::Sent | Outcome::Written | Outcome::Partial => report::Outcome::Sent,
            Outcome::Unconfirmed => report::Outcome::Unconfirmed,
            Outcome::Rejected | Outcome::NotSent => report::Outcome::Rejected,
        },
        reply: reply.cloned().unwrap_or_default(),
        tls: delivery.tls_name().unwrap_or_default(),
        reason: consent
            .filter(|_| !delivery.route.is_end_to_end())
            .map(|c| c.consent.reason.clone()),
    }
}
