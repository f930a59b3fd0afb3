//! Words for the first run's mail to oneself: what it shows, and what it does not.

use super::{Stop, Words, stop::Means};
use crate::{
    mail::Address,
    segl::{Outcome, OwnMail, OwnMailError, Receipt},
};

impl Words {
    /// The mail itself.
    pub fn own_mail(&self) -> OwnMail {
        OwnMail {
            subject: self.say("own-mail-subject"),
            text: self.say("own-mail-text"),
        }
    }

    /// What a mail to oneself has shown.
    pub fn own_mail_shown(&self, address: &Address) -> String {
        self.with("own-mail-shown", &[("address", address.given().into())])
    }

    /// Why it showed nothing.
    pub fn own_mail_failed(&self, cause: &OwnMailError) -> Stop {
        match cause {
            OwnMailError::OneTime(_)
            | OwnMailError::NotGood
            | OwnMailError::NotOpened(_)
            | OwnMailError::Differs => self.stop("own-mail-not-opened", &[], "next-it"),
            OwnMailError::NotSent(cause) => self.not_sent(cause),
            OwnMailError::NotTaken(receipt) => self.own_mail_not_taken(receipt),
        }
    }

    fn own_mail_not_taken(&self, receipt: &Receipt) -> Stop {
        if receipt.outcome == Outcome::Unconfirmed {
            return self.stop_meaning("own-mail-unconfirmed", &[], Means::Nothing, "next-again");
        }
        let replies = receipt.deliveries.iter().filter_map(|d| d.reply.clone());
        let reply = replies.collect::<Vec<_>>().join(", ");
        self.stop("own-mail-refused", &[("reply", reply.into())], "next-it")
    }
}
