//! One mail transaction (RFC 5321 §3.3): an envelope and the message that belongs to it.

use lettre::transport::smtp::{
    commands::{Mail, Rcpt},
    extension::{MailBodyParameter, MailParameter, RcptParameter},
};

use crate::mail::Address;

use super::{Content, ServerFacts, SubmitError};

/// Sender and recipients of a transaction; never without recipients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    mail_from: Address,
    rcpt_to: Vec<Address>,
}

/// What is to be submitted at one time: an envelope, and a message known by size and digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transaction {
    envelope: Envelope,
    content: Content,
    requires_tls: bool,
    envelope_id: Option<String>,
}

impl Envelope {
    /// An envelope. Fails without recipients.
    pub fn new(mail_from: Address, rcpt_to: Vec<Address>) -> Result<Self, SubmitError> {
        if rcpt_to.is_empty() {
            return Err(SubmitError::NoRecipients);
        }
        Ok(Self { mail_from, rcpt_to })
    }

    /// The sender.
    pub fn mail_from(&self) -> &Address {
        &self.mail_from
    }

    /// The recipients, in the order in which replies are told.
    pub fn rcpt_to(&self) -> &[Address] {
        &self.rcpt_to
    }

    fn utf8_addresses(&self) -> usize {
        let all = std::iter::once(&self.mail_from).chain(&self.rcpt_to);
        all.filter(|address| address.needs_smtputf8()).count()
    }
}

impl Transaction {
    /// Examines the complete message. Nothing is kept of it but size, digest and what it asks of a server.
    pub fn new(envelope: Envelope, message: &[u8]) -> Result<Self, SubmitError> {
        let content = Content::of(message)?;
        Ok(Self {
            envelope,
            content,
            requires_tls: false,
            envelope_id: None,
        })
    }

    /// The same, to be delivered over verified TLS hop by hop or not at all (REQUIRETLS, RFC 8689 §2). A server that does
    /// not offer it gets nothing of it. A bounce holds the header fields only, where the server lets one say so.
    #[must_use]
    pub fn requiring_tls(mut self) -> Self {
        self.requires_tls = true;
        self
    }

    /// The same with delivery status notifications asked for (RFC 3461): of success, failure and delay, with the header
    /// alone, and with this envelope identifier, by which the answer names it. A server that does not offer DSN is asked
    /// for none. The identifier is printable ASCII.
    #[must_use]
    pub fn asking_for_status(mut self, envelope_id: &str) -> Self {
        self.envelope_id = Some(envelope_id.to_owned());
        self
    }

    /// The envelope identifier, where notifications are asked for.
    pub fn envelope_id(&self) -> Option<&str> {
        self.envelope_id.as_deref()
    }

    /// Whether it requires TLS on the whole way.
    pub fn requires_tls(&self) -> bool {
        self.requires_tls
    }

    /// Sender and recipients.
    pub fn envelope(&self) -> &Envelope {
        &self.envelope
    }

    /// Size and digest of the message.
    pub fn content(&self) -> &Content {
        &self.content
    }

    /// Fails unless the message is, octet for octet, the one that was examined.
    pub(super) fn expect(&self, message: &[u8]) -> Result<(), SubmitError> {
        if Content::of(message)? == self.content {
            Ok(())
        } else {
            Err(SubmitError::Changed)
        }
    }

    /// Fails if the server cannot take this transaction; asked before anything of it is sent.
    pub(super) fn fits(&self, server: &ServerFacts) -> Result<(), SubmitError> {
        let size = self.content.size();
        if let Some(limit) = server.size().filter(|limit| size > *limit) {
            return Err(SubmitError::TooLarge { size, limit });
        }
        if self.needs_smtputf8() && !server.smtputf8() {
            return Err(SubmitError::NeedsSmtpUtf8 {
                addresses: self.envelope.utf8_addresses(),
            });
        }
        if self.content.eight_bit && !server.eight_bit_mime() {
            return Err(SubmitError::NeedsEightBitMime);
        }
        if self.requires_tls && !server.requiretls() {
            return Err(SubmitError::NoRequireTls);
        }
        Ok(())
    }

    /// The MAIL command.
    pub(super) fn mail(&self, server: &ServerFacts) -> Mail {
        let mut parameters = Vec::new();
        if server.offers("SIZE") {
            parameters.push(MailParameter::Size(self.content.size));
        }
        if self.content.eight_bit {
            parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        if self.needs_smtputf8() {
            parameters.push(MailParameter::SmtpUtfEight);
        }
        if self.requires_tls {
            parameters.push(MailParameter::Other {
                keyword: "REQUIRETLS".to_owned(),
                value: None,
            });
        }
        let mut with = |keyword: &str, value: &str| {
            parameters.push(MailParameter::Other {
                keyword: keyword.to_owned(),
                value: Some(value.to_owned()),
            });
        };
        // RFC 8689 §5: what bounces must not come back whole over a way that nobody vouches for.
        if server.dsn() && (self.requires_tls || self.envelope_id.is_some()) {
            with("RET", "HDRS");
        }
        if let (true, Some(id)) = (server.dsn(), &self.envelope_id) {
            with("ENVID", id);
        }
        Mail::new(Some(wire(&self.envelope.mail_from)), parameters)
    }

    /// The RCPT commands, in the envelope's order.
    pub(super) fn rcpts(&self, server: &ServerFacts) -> impl Iterator<Item = Rcpt> + '_ {
        let asks = server.dsn() && self.envelope_id.is_some();
        let recipients = self.envelope.rcpt_to.iter();
        recipients.map(move |address| Rcpt::new(wire(address), notify(address, asks)))
    }

    fn needs_smtputf8(&self) -> bool {
        self.content.utf8_header || self.envelope.utf8_addresses() > 0
    }
}

/// What RCPT asks for (RFC 3461 §4.1, §4.2). The original recipient is left out where it is not ASCII: that form
/// (RFC 6533) is taken by few.
fn notify(address: &Address, asks: bool) -> Vec<RcptParameter> {
    let with = |keyword: &str, value: String| RcptParameter::Other {
        keyword: keyword.to_owned(),
        value: Some(value),
    };
    if !asks {
        return Vec::new();
    }
    let mut parameters = vec![with("NOTIFY", "SUCCESS,FAILURE,DELAY".to_owned())];
    if !address.needs_smtputf8() {
        // lettre writes values as xtext.
        parameters.push(with("ORCPT", format!("rfc822;{}", address.wire())));
    }
    parameters
}

/// An address as it goes over the wire, the domain as an A-label.
fn wire(address: &Address) -> lettre::Address {
    // "Dangerous" is an unchecked address; ours was parsed, by stricter rules than lettre's, which refuse local parts
    // that RFC 5321 allows.
    lettre::Address::new_dangerous(address.local(), address.domain())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::submit::reply::RawReply;

    fn transaction(from: &str, to: &[&str], message: &str) -> Transaction {
        let parse = |text: &str| Address::parse(text).unwrap();
        let to = to.iter().map(|text| parse(text)).collect();
        Transaction::new(Envelope::new(parse(from), to).unwrap(), message.as_bytes()).unwrap()
    }

    fn server(extensions: &[&str]) -> ServerFacts {
        let lines = std::iter::once(&"mail.example").chain(extensions);
        ServerFacts::of(&RawReply {
            code: 250,
            lines: lines.map(|line| line.as_bytes().to_vec()).collect(),
        })
    }

    #[test]
    fn an_envelope_has_recipients() {
        let from = Address::parse("anne@advokat-eksempel.dk").unwrap();
        assert!(matches!(
            Envelope::new(from, Vec::new()),
            Err(SubmitError::NoRecipients)
        ));
    }

    #[test]
    fn addresses_go_over_the_wire_with_a_labels() {
        let transaction = transaction(
            "anne@advokat-eksempel.dk",
            &["Bo@Æblehaven.example", "\"bo holm\"@x.example"],
            "A: b\r\n\r\nc\r\n",
        );
        let full = server(&["SIZE 1000", "8BITMIME", "SMTPUTF8"]);
        let rcpts: Vec<_> = transaction
            .rcpts(&full)
            .map(|rcpt| rcpt.to_string())
            .collect();
        assert_eq!(
            rcpts,
            [
                "RCPT TO:<Bo@xn--blehaven-i0a.example>\r\n",
                "RCPT TO:<\"bo holm\"@x.example>\r\n"
            ]
        );
        assert_eq!(
            transaction.mail(&full).to_string(),
            "MAIL FROM:<anne@advokat-eksempel.dk> SIZE=11\r\n"
        );
        assert_eq!(
            transaction.mail(&server(&[])).to_string(),
            "MAIL FROM:<anne@advokat-eksempel.dk>\r\n"
        );
    }

    #[test]
    fn a_mail_that_requires_tls_says_so_to_a_server_that_offers_it_and_goes_to_no_other() {
        let message = "A: b\r\n\r\nc\r\n";
        let requiring = transaction("a@x.example", &["b@x.example"], message).requiring_tls();
        let command = |extensions: &[&str]| requiring.mail(&server(extensions)).to_string();
        assert_eq!(
            command(&["REQUIRETLS"]),
            "MAIL FROM:<a@x.example> REQUIRETLS\r\n"
        );
        assert_eq!(
            command(&["REQUIRETLS", "DSN"]),
            "MAIL FROM:<a@x.example> REQUIRETLS RET=HDRS\r\n"
        );
        assert!(requiring.fits(&server(&["REQUIRETLS"])).is_ok());
        let refused = requiring.fits(&server(&["DSN"]));
        assert!(matches!(refused, Err(SubmitError::NoRequireTls)));
    }

    #[test]
    fn notifications_are_asked_for_where_they_are_offered_and_nowhere_else() {
        let to = ["bo+sag=7@x.example", "bø@x.example"];
        let asking =
            transaction("a@x.example", &to, "A: b\r\n\r\nc\r\n").asking_for_status("f00=1");
        let said = |extensions: &[&str]| {
            let server = server(extensions);
            let mail = asking.mail(&server).to_string();
            let rcpts = asking.rcpts(&server).map(|r| r.to_string());
            std::iter::once(mail).chain(rcpts).collect::<Vec<_>>()
        };
        assert_eq!(
            said(&["SMTPUTF8", "DSN"]),
            [
                "MAIL FROM:<a@x.example> SMTPUTF8 RET=HDRS ENVID=f00+3D1\r\n",
                "RCPT TO:<bo+sag=7@x.example> NOTIFY=SUCCESS,FAILURE,DELAY \
                 ORCPT=rfc822;bo+2Bsag+3D7@x.example\r\n",
                "RCPT TO:<bø@x.example> NOTIFY=SUCCESS,FAILURE,DELAY\r\n"
            ]
        );
        assert_eq!(
            said(&["SMTPUTF8"]),
            [
                "MAIL FROM:<a@x.example> SMTPUTF8\r\n",
                "RCPT TO:<bo+sag=7@x.example>\r\n",
                "RCPT TO:<bø@x.example>\r\n"
            ]
        );
    }

    #[test]
    fn what_a_server_cannot_take_is_found_before_anything_is_sent() {
        let plain = transaction("a@x.example", &["b@x.example"], "A: b\r\n\r\nc\r\n");
        let utf8 = transaction("a@x.example", &["æ@x.example"], "A: b\r\n\r\nc\r\n");
        let header = transaction("a@x.example", &["b@x.example"], "A: æ\r\n\r\nc\r\n");
        let body = transaction("a@x.example", &["b@x.example"], "A: b\r\n\r\næ\r\n");
        assert!(plain.fits(&server(&["SIZE 11"])).is_ok());
        assert!(matches!(
            plain.fits(&server(&["SIZE 10"])),
            Err(SubmitError::TooLarge {
                size: 11,
                limit: 10
            })
        ));
        assert!(matches!(
            utf8.fits(&server(&["8BITMIME"])),
            Err(SubmitError::NeedsSmtpUtf8 { addresses: 1 })
        ));
        assert!(matches!(
            header.fits(&server(&["8BITMIME"])),
            Err(SubmitError::NeedsSmtpUtf8 { addresses: 0 })
        ));
        assert!(matches!(
            body.fits(&server(&["SMTPUTF8"])),
            Err(SubmitError::NeedsEightBitMime)
        ));
        let full = server(&["8BITMIME", "SMTPUTF8"]);
        assert!(header.fits(&full).is_ok() && body.fits(&full).is_ok());
        assert!(
            header
                .mail(&full)
                .to_string()
                .ends_with("> BODY=8BITMIME SMTPUTF8\r\n")
        );
        assert!(utf8.mail(&full).to_string().ends_with("> SMTPUTF8\r\n"));
    }
}
