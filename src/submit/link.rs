//! One open connection to the mail server, signed in: mail transactions on it, one command at a time.

use std::{fmt::Display, pin::pin, time::Duration};

use lettre::transport::smtp::{
    client::AsyncSmtpConnection,
    commands::{Data, Quit, Rset},
};
use tokio::time::{sleep, timeout};

use crate::net::TlsFacts;

use super::{
    Cancel, EnvelopeReplies, Progress, Reply, ServerFacts, Step, SubmitError, Timeouts,
    Transaction,
    wire::{Follow, WireWatch},
};

/// An open connection.
pub(super) struct Link {
    pub(super) smtp: AsyncSmtpConnection,
    pub(super) wire: WireWatch,
    pub(super) timeouts: Timeouts,
    pub(super) facts: ServerFacts,
    pub(super) tls: TlsFacts,
    /// The transaction of which MAIL and every RCPT were accepted and nothing more was sent.
    pub(super) announced: Option<Transaction>,
    /// How often RSET was sent.
    pub(super) resets: usize,
}

/// How the transfer of a message ended.
pub(super) enum Transfer {
    /// The server has the whole message, and said what it does with it.
    Answered(Reply),
    /// The final dot was not handed over: the server must throw the rest away (RFC 5321 §4.1.1.4).
    Cut(SubmitError),
    /// The final dot was handed over, and nobody said what became of the message.
    Unanswered(SubmitError),
}

impl Link {
    /// MAIL, and RCPT for every recipient, whether others are refused or not. If all were accepted, the transaction
    /// stays open.
    pub(super) async fn announce(
        &mut self,
        transaction: &Transaction,
    ) -> Result<EnvelopeReplies, SubmitError> {
        transaction.fits(&self.facts)?;
        let mail = transaction.mail(&self.facts);
        let mut replies = EnvelopeReplies {
            mail: self.command(Step::Mail, mail).await?,
            rcpt: Vec::new(),
        };
        if replies.mail.is_success() {
            let rcpts: Vec<_> = transaction.rcpts(&self.facts).collect();
            for rcpt in rcpts {
                replies.rcpt.push(self.command(Step::Rcpt, rcpt).await?);
            }
        }
        if replies.refusal().is_none() {
            self.announced = Some(transaction.clone());
        }
        Ok(replies)
    }

    /// RSET: the transaction that was begun is no more.
    pub(super) async fn reset(&mut self) -> Result<(), SubmitError> {
        self.announced = None;
        self.resets += 1;
        let step = Step::Reset;
        let reply = self.command(step, Rset).await?;
        if reply.is_refusal() {
            return Err(SubmitError::Refused { step, reply });
        }
        Ok(())
    }

    /// DATA: 354, or a refusal. Whatever follows, the transaction is no longer open.
    pub(super) async fn data(&mut self) -> Result<Reply, SubmitError> {
        self.announced = None;
        let step = Step::Data;
        let reply = self.exchange(step, Data).await?;
        match reply.code() {
            354 => Ok(reply),
            _ if reply.is_refusal() => Ok(reply),
            code => Err(SubmitError::Unexpected { step, code }),
        }
    }

    /// Sends the message, its dots doubled, and the final dot, and reads the reply. `progress` is called whenever
    /// octets were taken.
    pub(super) async fn transfer(
        &mut self,
        transaction: &Transaction,
        message: &[u8],
        progress: &mut (dyn FnMut(Progress) + Send),
        cancel: &Cancel,
    ) -> Transfer {
        let mut wire = self.wire.begin_message(transaction.content());
        let result = self.send(message, &mut wire, progress, cancel).await;
        let sent = wire.now();
        self.wire.end_message();
        match result {
            Ok(reply) if reply.is_success() || reply.is_refusal() => Transfer::Answered(reply),
            Ok(reply) => Transfer::Unanswered(SubmitError::Unexpected {
                step: Step::FinalDot,
                code: reply.code(),
            }),
            Err(why) if sent.may_have_been_sent() => Transfer::Unanswered(why),
            Err(why) => Transfer::Cut(why),
        }
    }

    async fn send(
        &mut self,
        message: &[u8],
        wire: &mut Follow,
        progress: &mut (dyn FnMut(Progress) + Send),
        cancel: &Cancel,
    ) -> Result<Reply, SubmitError> {
        // lettre ends the last line by itself.
        let body = message.strip_suffix(b"\r\n").unwrap_or(message);
        let mut sending = pin!(self.smtp.message(body));
        loop {
            let now = wire.now();
            progress(now);
            let limit = match now.step() {
                Step::FinalDot => self.timeouts.final_dot,
                _ => self.timeouts.block,
            };
            // In this order: whoever cancels before the dot is heard before more is written; and whatever was written
            // is news at once, so that `now` is never older than the last octets when cancelling is looked at again.
            // Each limit runs anew from the last octets that were taken.
            tokio::select! {
                biased;
                () = cancel.wanted(), if !now.may_have_been_sent() => return Err(SubmitError::Cancelled),
                _lettres_view = &mut sending => {
                    progress(wire.now());
                    return self.wire.answer(wire.now().step());
                }
                () = wire.news() => {}
                () = sleep(limit) => return Err(SubmitError::Timeout { step: now.step() }),
            }
        }
    }

    /// QUIT. Whatever is answered, or nothing, changes nothing any more.
    pub(super) async fn quit(mut self) {
        let limit = self.timeouts.command.min(Duration::from_secs(5));
        let _whatever = timeout(limit, self.smtp.command(Quit)).await;
    }

    /// A command with its reply: success or a refusal.
    async fn command(&mut self, step: Step, command: impl Display) -> Result<Reply, SubmitError> {
        let reply = self.exchange(step, command).await?;
        if reply.is_success() || reply.is_refusal() {
            return Ok(reply);
        }
        Err(SubmitError::Unexpected {
            step,
            code: reply.code(),
        })
    }

    /// A command with its reply, of any code but 421.
    async fn exchange(&mut self, step: Step, command: impl Display) -> Result<Reply, SubmitError> {
        let limit = self.timeouts.command;
        // What lettre makes of the reply is not looked at: its errors repeat the server's text.
        if timeout(limit, self.smtp.command(command)).await.is_err() {
            return Err(SubmitError::Timeout { step });
        }
        let reply = self.wire.answer(step)?;
        if reply.is_closing() {
            return Err(SubmitError::Refused { step, reply });
        }
        Ok(reply)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use lettre::transport::smtp::extension::ClientId;
    use proptest::prelude::*;

    use super::*;
    use crate::{
        mail::Address,
        submit::{
            Envelope, Malformed,
            frail::{Frail, Then},
            wire::Wire,
        },
    };

    async fn link(frail: Frail) -> Link {
        let (wire, watch) = Wire::new(frail);
        let wire = Box::new(wire);
        Link {
            smtp: AsyncSmtpConnection::connect_with_transport(wire, &ClientId::default())
                .await
                .unwrap(),
            wire: watch,
            timeouts: Timeouts {
                block: Duration::from_millis(2),
                final_dot: Duration::from_millis(2),
                ..Timeouts::default()
            },
            facts: ServerFacts::default(),
            tls: TlsFacts {
                version: String::new(),
                cipher: String::new(),
                chain_sha256: Vec::new(),
            },
            announced: None,
            resets: 0,
        }
    }

    fn transaction(message: &[u8]) -> Transaction {
        let address = |text| Address::parse(text).unwrap();
        let to = vec![address("bo@firma-eksempel.dk")];
        let envelope = Envelope::new(address("anne@advokat-eksempel.dk"), to).unwrap();
        Transaction::new(envelope, message).unwrap()
    }

    /// What must go over the wire, told in another way than the code does.
    fn on_the_wire(message: &str) -> String {
        let lines = message.split_inclusive("\r\n");
        let stuffed = lines.map(|line| match line.strip_prefix('.') {
            Some(rest) => format!("..{rest}"),
            None => line.to_owned(),
        });
        stuffed.chain([".\r\n".to_owned()]).collect()
    }

    /// Transfers a message over a connection that takes `budget` octets of it.
    fn transfer(
        message: &str,
        pieces: Vec<usize>,
        budget: usize,
        then: Then,
        replies: &str,
    ) -> (Transfer, String) {
        let taken = Arc::new(Mutex::new(Vec::new()));
        let frail = Frail {
            pieces,
            budget,
            then,
            taken: Arc::clone(&taken),
            replies: replies.as_bytes().to_vec(),
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        let result = runtime.block_on(async {
            let transaction = transaction(message.as_bytes());
            let mut link = link(frail).await;
            let cancel = Cancel::new();
            let mut progress = |_| {};
            let transfer = link.transfer(&transaction, message.as_bytes(), &mut progress, &cancel);
            transfer.await
        });
        let taken = String::from_utf8(taken.lock().unwrap().clone()).unwrap();
        (result, taken)
    }

    const MESSAGE: &str = "A: b\r\n\r\n.\r\n..c\r\nd.\r\n.\r\n";

    #[test]
    fn unconfirmed_begins_with_the_first_octet_of_the_final_dot() {
        let whole = on_the_wire(MESSAGE);
        let dot = whole.len() - 3;
        for budget in 0..=whole.len() {
            for then in [Then::Fails, Then::Stalls] {
                let (result, taken) = transfer(MESSAGE, vec![1], budget, then, "");
                assert_eq!(taken, whole[..budget]);
                let may_have_been_sent = budget > dot;
                let step = if may_have_been_sent {
                    Step::FinalDot
                } else {
                    Step::Content
                };
                match (result, may_have_been_sent) {
                    (Transfer::Unanswered(why), true) | (Transfer::Cut(why), false) => match why {
                        SubmitError::Dropped { step: found, .. } => {
                            assert_eq!(found, step);
                            assert!(then == Then::Fails || budget == whole.len());
                        }
                        SubmitError::Timeout { step: found } => {
                            assert_eq!((found, then), (step, Then::Stalls));
                        }
                        other => panic!("{other:?}"),
                    },
                    (Transfer::Answered(_) | Transfer::Unanswered(_) | Transfer::Cut(_), _) => {
                        panic!("the wrong end with {budget} octets taken")
                    }
                }
            }
        }
    }

    #[test]
    fn replies_to_the_final_dot_are_told_apart() {
        let end = |replies: &str| transfer(MESSAGE, vec![9], usize::MAX, Then::Fails, replies).0;
        assert!(matches!(end("250 ok\r\n"), Transfer::Answered(reply) if reply.code() == 250));
        assert!(matches!(end("554 no\r\n"), Transfer::Answered(reply) if reply.code() == 554));
        assert!(matches!(end("421 no\r\n"), Transfer::Answered(reply) if reply.code() == 421));
        // What came with it is not part of it.
        assert!(
            matches!(end("250 ok\r\n421 bye\r\n"), Transfer::Answered(reply) if reply.code() == 250)
        );
        assert!(matches!(
            end("354 more\r\n"),
            Transfer::Unanswered(SubmitError::Unexpected {
                step: Step::FinalDot,
                code: 354
            })
        ));
        assert!(matches!(
            end("250-ok\r\n"),
            Transfer::Unanswered(SubmitError::Dropped {
                step: Step::FinalDot,
                ..
            })
        ));
        assert!(matches!(
            end("ok\r\n"),
            Transfer::Unanswered(SubmitError::NotSmtp {
                step: Step::FinalDot,
                what: Malformed::NoCode
            })
        ));
    }

    #[tokio::test]
    async fn a_reply_that_came_before_its_command_is_not_taken_for_its_reply() {
        let frail = Frail {
            pieces: vec![9],
            budget: usize::MAX,
            then: Then::Fails,
            taken: Arc::default(),
            replies: b"354 go\r\n250 taken\r\n".to_vec(),
        };
        let mut link = link(frail).await;
        assert!(matches!(link.data().await, Ok(reply) if reply.code() == 354));
        let transaction = transaction(MESSAGE.as_bytes());
        let cancel = Cancel::new();
        let mut progress = |_| {};
        let transfer = link.transfer(&transaction, MESSAGE.as_bytes(), &mut progress, &cancel);
        assert!(matches!(
            transfer.await,
            Transfer::Cut(SubmitError::NotSmtp {
                what: Malformed::OutOfTurn { octets: 11 },
                ..
            })
        ));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_message_in_any_pieces_goes_whole_or_is_not_called_sent(
            lines in proptest::collection::vec("[.a-c]{0,5}", 1..12),
            pieces in proptest::collection::vec(0usize..7, 1..6).prop_filter("none", |p| p.iter().any(|p| *p > 0)),
            cut in any::<proptest::sample::Index>(),
        ) {
            let message: String = lines.iter().flat_map(|line| [line, "\r\n"]).collect();
            let whole = on_the_wire(&message);
            let budget = cut.index(whole.len() + 1);
            let (result, taken) = transfer(&message, pieces, budget, Then::Fails, "250 ok\r\n");
            prop_assert_eq!(&taken, &whole[..budget]);
            match result {
                Transfer::Answered(_) => prop_assert_eq!(budget, whole.len()),
                Transfer::Unanswered(_) => prop_assert!(budget > whole.len() - 3),
                Transfer::Cut(_) => prop_assert!(budget <= whole.len() - 3),
            }
        }
    }
}
