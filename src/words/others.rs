//! Words for other people's certificates: what was offered, what ties each to an address, why it cannot be pinned.

use super::{Means, Stop, Words, grouped};
use crate::{
    cert::{Certificate, ContentCipher},
    mail::Address,
    segl::{Learned, NoPin, Offer, Offered, Other, ReaderError, Tie},
};

impl Words {
    /// One certificate that was offered: what it is, for whom, and every problem; a line each.
    pub fn offer(&self, offer: &Offer) -> Vec<String> {
        let mut lines = vec![self.somebodys(&offer.certificate)];
        if offer.is_for_signing {
            lines.push(self.say("others-for-signing"));
        } else {
            lines.extend(self.for_whom(offer));
        }
        lines
    }

    /// A certificate that was taken in: what it is, whom it is used for, and what is known of its reader; a line each.
    pub fn other(&self, other: &Other) -> Vec<String> {
        let mut lines = vec![self.somebodys(&other.certificate)];
        for offer in &other.offers {
            let about = self.for_whom(offer).into_iter();
            let new: Vec<String> = about.filter(|line| !lines.contains(line)).collect();
            lines.extend(new);
        }
        lines.extend(other.learned.iter().map(|(from, l)| self.learned(from, l)));
        lines
    }

    fn somebodys(&self, certificate: &Certificate) -> String {
        let facts = certificate.facts();
        let sha256 = grouped(&certificate.sha256().to_string());
        let args = [
            ("subject", facts.subject.as_str().into()),
            ("senders", self.named(certificate).into()),
            ("to", self.day(facts.not_after).into()),
            ("fingerprint", sha256.into()),
        ];
        self.with("own-certificate", &args)
    }

    fn for_whom(&self, offer: &Offer) -> Vec<String> {
        let mut lines = vec![self.tie(offer)];
        if let Tie::Refused(why) = offer.tie {
            lines.extend(self.no_pin_here(offer, why));
        }
        lines.extend(offer.problems.iter().map(|p| self.problem(p).sentence));
        if offer.is_usable() {
            lines.push(self.say("others-usable"));
        }
        lines
    }

    /// What else there is to say of what was offered.
    pub fn offered(&self, offered: &Offered) -> Vec<String> {
        let mut lines = Vec::new();
        if offered.prefers_other {
            lines.push(self.say("others-prefers-other"));
        }
        if offered.unreadable > 0 {
            let count = i64::try_from(offered.unreadable).unwrap_or(i64::MAX);
            lines.push(self.with("others-unreadable", &[("count", count.into())]));
        }
        lines
    }

    /// What a signed mail said of the program that reads what is encrypted to a certificate.
    fn learned(&self, from: &Address, learned: &Learned) -> String {
        let opens = learned.opens().unwrap_or_default();
        let mut what = Vec::new();
        match opens.preferred_cipher() {
            Some(ContentCipher::Aes256Gcm) => what.push("learned-gcm"),
            Some(ContentCipher::Aes256Cbc) => what.push("learned-cbc"),
            None => {}
        }
        what.extend(opens.opens_oaep_sha256().then_some("learned-oaep"));
        what.extend(learned.shows_hidden_subject.then_some("learned-subject"));
        if what.is_empty() {
            what.push("learned-nothing");
        }
        let what: Vec<String> = what.into_iter().map(|key| self.say(key)).collect();
        let args = [
            ("address", from.given().into()),
            ("at", self.day(learned.signed_at).into()),
            ("what", self.listed(&what).into()),
        ];
        self.with("others-list-learned", &args)
    }

    /// The addresses that a certificate names.
    pub fn named(&self, certificate: &Certificate) -> String {
        let named = &certificate.facts().addresses;
        if named.is_empty() {
            self.say("others-names-none")
        } else {
            named.join(", ")
        }
    }

    /// Whose a certificate is, with the organisation where it names one.
    pub fn belongs_to(&self, certificate: &Certificate) -> String {
        let facts = certificate.facts();
        let name = facts.common_name.as_ref().unwrap_or(&facts.subject);
        match &facts.organisation {
            Some(organisation) => self.with(
                "others-organisation",
                &[
                    ("name", name.as_str().into()),
                    ("organisation", organisation.label().into()),
                ],
            ),
            None => name.clone(),
        }
    }

    /// What ties a certificate to the address, or that nothing does and what it names instead.
    pub fn tie(&self, offer: &Offer) -> String {
        let certificate = &offer.certificate;
        let who = || ("who", self.belongs_to(certificate).into());
        let Some(address) = &offer.address else {
            return self.with("others-no-address", &[who()]);
        };
        let to = ("address", address.given().into());
        let named = || ("named", self.named(certificate).into());
        match offer.tie {
            Tie::Bound if certificate.names(address) => self.with("others-for", &[to]),
            Tie::Bound => self.with("others-for-bound", &[to]),
            Tie::Pinned { at } => {
                let at = ("at", self.day(at).into());
                self.with("others-for-pinned", &[to, at, named()])
            }
            Tie::None | Tie::Refused(_) => self.with("others-not-tied", &[to, named(), who()]),
        }
    }

    fn no_pin_here(&self, offer: &Offer, why: NoPin) -> Option<String> {
        let address = offer.address.as_ref()?;
        Some(match why {
            NoPin::Policy => self.say("others-refused-policy"),
            NoPin::Rule => self.with(
                "others-refused-rule",
                &[("address", address.given().into())],
            ),
            NoPin::NoAddress | NoPin::Several | NoPin::Nothing => return None,
        })
    }

    /// Why nothing was pinned.
    pub fn no_pin(&self, why: NoPin) -> Stop {
        let (what, next) = match why {
            NoPin::Policy => ("unpinned-policy", "next-it"),
            NoPin::Rule => ("unpinned-rule", "next-it"),
            NoPin::NoAddress => ("unpinned-address", "unpinned-next-address"),
            NoPin::Several => ("unpinned-several", "unpinned-next-single"),
            NoPin::Nothing => ("unpinned-nothing", "unpinned-next-without"),
        };
        Stop {
            what: self.say(what),
            next: self.say(next),
        }
    }

    /// What is known of readers cannot be read or changed.
    pub fn readers(&self, cause: &ReaderError) -> Stop {
        match cause {
            ReaderError::Key(cause) => self.key(cause, Means::Nothing),
            ReaderError::Store(cause) => self.store(cause, Means::Nothing),
            ReaderError::NotKept => {
                self.stop_meaning("readers-not-kept", &[], Means::Nothing, "next-it")
            }
            ReaderError::Record(_) => {
                self.stop_meaning("import-not-kept", &[], Means::Nothing, "next-it")
            }
        }
    }
}
