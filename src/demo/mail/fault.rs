//! How the mail server misbehaves: what it does, at which step of a session, and at which time it gets there.

/// A step of a submission session, in the order of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A connection is accepted; with implicit TLS this is before the handshake.
    Accept,
    /// The greeting; with implicit TLS it is inside TLS.
    Greeting,
    /// The reply to EHLO outside TLS.
    Ehlo,
    /// The reply to STARTTLS.
    StartTls,
    /// The TLS handshake.
    Handshake,
    /// The reply to EHLO inside TLS.
    EhloTls,
    /// The first reply to AUTH.
    Auth,
    /// The reply to MAIL.
    Mail,
    /// The reply to RCPT, of any recipient or of one ([`Fault::for_address`]).
    Rcpt,
    /// The reply to DATA.
    Data,
    /// After so many octets of a message have come (as they come, dots still doubled).
    Message(usize),
    /// After the final dot, before its reply. Unless the reply refuses it, the message is kept.
    Dot,
    /// After the reply to the final dot: between two deliveries.
    AfterMessage,
    /// The reply to RSET.
    Rset,
    /// The reply to QUIT.
    Quit,
}

/// What the server does instead of going on as it should.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Do {
    /// Replies this, one line for each line of the text. A code of 400 or more means that nothing was done; after
    /// 421, and where no reply belongs, the connection is closed.
    Reply(u16, String),
    /// Says nothing more, and keeps the connection open.
    Stall,
    /// Closes the connection, without a TLS close.
    Drop,
    /// Sends random octets and a line end instead of the reply.
    Garbage,
    /// Sends a line that never ends.
    EndlessLine,
    /// Replies as it should, with these octets after it in the same write.
    InjectAfterReply(Vec<u8>),
}

/// One fault: a step, what is done there, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub step: Step,
    /// What.
    pub action: Do,
    /// Only the n-th time that the step is reached, counted from 1 since the faults were set; always if `None`.
    pub nth: Option<usize>,
    /// For [`Step::Rcpt`]: only this recipient, compared without case. It also limits what `nth` counts.
    pub address: Option<String>,
}

impl Fault {
    /// A fault that happens each time.
    pub fn new(step: Step, action: Do) -> Self {
        Self {
            step,
            action,
            nth: None,
            address: None,
        }
    }

    /// A reply instead of the usual one.
    pub fn reply(step: Step, code: u16, text: &str) -> Self {
        Self::new(step, Do::Reply(code, text.to_owned()))
    }

    /// The same, the n-th time only, counted from 1.
    #[must_use]
    pub fn nth(mut self, nth: usize) -> Self {
        self.nth = Some(nth);
        self
    }

    /// The same, for one recipient only.
    #[must_use]
    pub fn for_address(mut self, address: &str) -> Self {
        self.address = Some(address.to_owned());
        self
    }
}

/// The faults in force, each with the number of times that its step was reached.
#[derive(Default)]
pub(super) struct Faults(Vec<(Fault, usize)>);

impl Faults {
    pub(super) fn new(faults: Vec<Fault>) -> Self {
        Self(faults.into_iter().map(|fault| (fault, 0)).collect())
    }

    /// Counts a step as reached, and gives the first fault that is due.
    pub(super) fn reach(&mut self, step: &Step, address: Option<&str>) -> Option<Do> {
        let mut due = None;
        for (fault, reached) in &mut self.0 {
            let meant = fault.address.as_deref().is_none_or(|wanted| {
                address.is_some_and(|address| wanted.eq_ignore_ascii_case(address))
            });
            if fault.step != *step || !meant {
                continue;
            }
            *reached += 1;
            if due.is_none() && fault.nth.is_none_or(|nth| nth == *reached) {
                due = Some(fault.action.clone());
            }
        }
        due
    }

    /// The next mark of octets inside a message at which a fault waits.
    pub(super) fn next_mark(&self, after: usize) -> Option<usize> {
        self.0
            .iter()
            .filter_map(|(fault, _)| match fault.step {
                Step::Message(mark) if mark > after => Some(mark),
                _ => None,
            })
            .min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nth_time_counts_only_what_the_fault_is_meant_for() {
        let mut faults = Faults::new(vec![
            Fault::reply(Step::Rcpt, 550, "no")
                .for_address("Bo@x.example")
                .nth(2),
        ]);
        let due: Vec<_> = [
            "anne@x.example",
            "bo@x.example",
            "anne@x.example",
            "bo@X.example",
        ]
        .map(|address| faults.reach(&Step::Rcpt, Some(address)).is_some())
        .into();
        assert_eq!(due, [false, false, false, true]);
        assert_eq!(faults.reach(&Step::Rcpt, Some("bo@x.example")), None);
    }

    #[test]
    fn marks_inside_a_message_come_in_order() {
        let mark = |octets| Fault::new(Step::Message(octets), Do::Drop);
        let faults = Faults::new(vec![mark(500), mark(20)]);
        assert_eq!(faults.next_mark(0), Some(20));
        assert_eq!(faults.next_mark(20), Some(500));
        assert_eq!(faults.next_mark(500), None);
    }
}
