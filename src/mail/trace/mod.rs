//! Trace fields (RFC 5321 §4.4): what each mail server on the way of a message wrote down, hop by hop.
//!
//! Reads what the usual mail servers write of TLS: the protocol (`ESMTPS` and its like, RFC 3848, RFC 6531), the clause
//! of RFC 8314 §4.3, and the comments of Postfix, Exim, Sendmail, Exchange, Gmail, OpenSMTPD and others. Every line is
//! what its writer says, and anybody can write one: who may be believed is not decided here. Linear in the octets.

mod clause;
mod lex;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use clause::{TlsClause, Weakness};

use super::fields::Field;
use lex::{Token, tokens};

/// Lines that are read of one header; more are counted. The newest stand first.
pub const HOPS_MAX: usize = 200;
/// Octets of a line that are read.
const LINE_MAX: usize = 4000;
/// Octets of a name or protocol.
const WORD_MAX: usize = 255;

/// One `Received` field.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Hop {
    /// Who handed the message over, by the name that they gave themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The same as the writer saw them: the comment behind the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen_as: Option<String>,
    /// Who took it, and wrote this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// By which protocol, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<String>,
    /// Whether the protocol says that it went over TLS.
    pub over_tls: bool,
    /// Whether the protocol says that the sender signed in.
    pub signed_in: bool,
    /// What is said of TLS beside the protocol.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls: Option<TlsClause>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// The line itself, unfolded.
    pub text: String,
}

/// The hops of a header, newest first, and how many were left out.
pub fn hops(fields: &[Field<'_>]) -> (Vec<Hop>, usize) {
    let lines = fields.iter().filter(|f| f.is("received"));
    let count = lines.clone().count();
    let hops: Vec<Hop> = lines
        .take(HOPS_MAX)
        .map(|f| Hop::parse(&f.unfolded(LINE_MAX)))
        .collect();
    let left_out = count - hops.len();
    (hops, left_out)
}

impl Hop {
    /// Reads the value of one field, on one line.
    pub fn parse(text: &str) -> Self {
        let text = &text[..text.floor_char_boundary(LINE_MAX)];
        let (tokens, date) = tokens(text);
        let mut hop = Self {
            at: date.or_else(|| lex::loose_date(text)).and_then(lex::date),
            text: text.to_owned(),
            ..Self::default()
        };
        let mut rest = tokens.as_slice();
        while let [first, behind @ ..] = rest {
            rest = behind;
            match first {
                Token::Comment(comment) => hop.comment(comment),
                Token::Word(word) => rest = hop.clause(word, behind),
            }
        }
        if let Some(with) = &hop.with {
            let (over_tls, signed_in, cipher) = clause::protocol(with);
            hop.over_tls |= over_tls;
            hop.signed_in = signed_in;
            if let (Some(cipher), None) = (cipher, &hop.tls) {
                hop.tls = Some(TlsClause::of_cipher(cipher));
            }
        }
        hop
    }

    /// Whether it says that the message travelled over TLS.
    pub fn is_encrypted(&self) -> bool {
        self.over_tls || self.tls.is_some()
    }

    /// Why the encryption that it speaks of is worth little.
    pub fn weakness(&self) -> Option<Weakness> {
        self.tls.as_ref().and_then(TlsClause::weakness)
    }

    /// Takes one clause that begins with this word; gives what stands behind.
    fn clause<'t, 'a>(&mut self, word: &str, behind: &'t [Token<'a>]) -> &'t [Token<'a>] {
        let is = |name: &str| word.eq_ignore_ascii_case(name);
        let value = match behind {
            [Token::Word(value), ..] => cut(value),
            _ => return behind,
        };
        let rest = &behind[1..];
        if is("from") && self.from.is_none() {
            self.from = Some(value);
            if let [Token::Comment(seen), ..] = rest
                && TlsClause::of_comment(seen).is_none()
            {
                self.seen_as = Some(cut(seen));
                return &rest[1..];
            }
        } else if is("by") && self.by.is_none() {
            self.by = Some(value);
        } else if is("with") && self.with.is_none() {
            self.with = Some(value);
        } else if is("tls") {
            // RFC 8314 §4.3; Exim has the version in a comment before it.
            self.say(TlsClause::of_cipher(&value));
        } else if is("over") && value.eq_ignore_ascii_case("tls") {
            // Exchange: "over TLS secured channel with Microsoft SMTPSVC".
            self.over_tls = true;
        } else if !["id", "for", "via"].iter().any(|name| is(name)) {
            return behind;
        }
        rest
    }

    fn comment(&mut self, comment: &str) {
        if let Some(found) = TlsClause::of_comment(comment) {
            self.say(found);
        }
    }

    /// What is said first stands.
    fn say(&mut self, found: TlsClause) {
        match &mut self.tls {
            None => self.tls = Some(found),
            Some(known) => known.complete(found),
        }
    }
}

fn cut(text: &str) -> String {
    text[..text.floor_char_boundary(WORD_MAX)].to_owned()
}

#[cfg(test)]
mod tests;
