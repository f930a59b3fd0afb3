//! Words for mail that was opened.

use super::{Means, Stop, Words};
use crate::{
    cert::Problem,
    identity::MakeFileError,
    mail::Address,
    segl::{
        BackUpError, Layer, PartError, Pkcs12Error, ReadError, ReadHead, ReadWarning,
        SignatureFault, SignerVerdict, TakeInError,
    },
};

/// Outside text that stands in a sentence: it begins no line of its own.
fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Words {
    /// Why a message could not be opened, and what to do.
    pub fn not_opened_mail(&self, cause: &ReadError) -> Stop {
        let (what, next) = match cause {
            ReadError::TooLarge { limit } => {
                let size = self.size(*limit as u64);
                (
                    self.with("read-too-large", &[("limit", size.into())]),
                    "read-next-smaller",
                )
            }
            ReadError::TooDeep | ReadError::TooManyParts => {
                (self.say("read-too-deep"), "read-next-simpler")
            }
            ReadError::Malformed(_) => (self.say("read-malformed"), "read-next-sender"),
            ReadError::NotMail => (self.say("read-not-mail"), "read-next-file"),
            ReadError::NoKey { .. } => (self.say("read-no-key"), "read-next-key"),
            ReadError::Closed => (self.say("read-closed"), "read-next-sender"),
            ReadError::KeyAway => (self.say("read-key-away"), "read-next-token"),
            ReadError::Unsupported(oid) => {
                let args = [("oid", oid.as_str().into())];
                (self.with("read-unsupported", &args), "read-next-method")
            }
        };
        Stop {
            what,
            next: self.say(next),
        }
    }

    /// A file that cannot be read, where a mail is expected.
    pub fn no_mail_file(&self) -> Stop {
        self.stop_meaning(
            "file-unreadable",
            &[],
            Means::Nothing,
            "next-choose-other-file",
        )
    }

    /// A part of a mail that was not saved.
    pub fn part_not_saved(&self, cause: &PartError) -> Stop {
        let stop = |what| self.stop_meaning(what, &[], Means::Nothing, "next-choose-other-file");
        match cause {
            PartError::Unreadable(cause) => self.not_opened_mail(cause),
            PartError::Exists(_) => stop("copy-exists"),
            PartError::Write { .. } => stop("copy-not-written"),
        }
    }

    /// Why a key file was not taken in.
    pub fn not_taken_in(&self, cause: &TakeInError) -> Stop {
        match cause {
            TakeInError::Read(_) => Stop {
                what: self.say("key-not-read"),
                next: self.say("next-it"),
            },
            TakeInError::File(cause) => self.key_file(cause),
            TakeInError::NoKey => Stop {
                what: self.say("key-file-no-key"),
                next: self.say("own-import-no-key-next"),
            },
            TakeInError::Key(cause) => self.key(cause, super::Means::Nothing),
        }
    }

    /// Why a key was not written to a file.
    pub fn not_backed_up(&self, cause: &BackUpError) -> Stop {
        let stop = |what: &str, next: &str| Stop {
            what: self.say(what),
            next: self.say(next),
        };
        match cause {
            BackUpError::Key(cause) => self.key(cause, super::Means::Nothing),
            BackUpError::NotKept => stop("own-not-kept", "next-it"),
            BackUpError::NoPassword => stop("own-no-password", "next-again"),
            BackUpError::Make(MakeFileError::Nul) => stop("password-nul", "password-next-nul"),
            BackUpError::Make(MakeFileError::Library(_)) => stop("own-not-made", "next-it"),
            BackUpError::Write(cause) => self.copy(cause),
        }
    }

    /// Why a key file could not be taken, and what to do.
    pub fn key_file(&self, cause: &Pkcs12Error) -> Stop {
        let (what, next) = match cause {
            Pkcs12Error::WrongPassword => (self.say("key-file-password"), "key-file-next-password"),
            Pkcs12Error::Broken(_) | Pkcs12Error::Damaged => {
                (self.say("key-file-broken"), "key-file-next-export")
            }
            Pkcs12Error::Unsupported(oid) => {
                let args = [("oid", oid.as_str().into())];
                (
                    self.with("key-file-unsupported", &args),
                    "key-file-next-export",
                )
            }
            Pkcs12Error::TooCostly => (self.say("key-file-costly"), "key-file-next-costly"),
            Pkcs12Error::NoKey => (self.say("key-file-no-key"), "key-file-next-export"),
            Pkcs12Error::NoCertificate => (
                self.say("key-file-no-certificate"),
                "key-file-next-certificate",
            ),
            Pkcs12Error::OtherCertificate => (
                self.say("key-file-other-certificate"),
                "key-file-next-certificate",
            ),
        };
        Stop {
            what,
            next: self.say(next),
        }
    }

    /// A layer of protection.
    pub fn layer(&self, layer: &Layer) -> String {
        match layer {
            Layer::Encrypted { cipher, .. } => {
                self.with("read-layer-encrypted", &[("cipher", cipher.name().into())])
            }
            Layer::Signed { signers, .. } => {
                self.with("read-layer-signed", &[("count", (*signers as u64).into())])
            }
            Layer::Compressed => self.say("read-layer-compressed"),
        }
    }

    /// What must be known of a mail, although it opened.
    pub fn read_warning(&self, warning: ReadWarning) -> String {
        self.say(match warning {
            ReadWarning::Unauthenticated => "read-warn-unauthenticated",
            ReadWarning::WeakCipher => "read-warn-weak-cipher",
            ReadWarning::PartNotOpened => "read-warn-part",
            ReadWarning::PartSigned => "read-warn-part-signed",
            ReadWarning::FromDiffers => "read-warn-from",
            ReadWarning::SignatureUnreadable => "read-warn-signature",
            ReadWarning::NoSigners => "read-warn-nobody",
            ReadWarning::SeveralFrom => "read-warn-several-from",
            ReadWarning::LegacyProtection => "read-warn-legacy",
            ReadWarning::TextFromHtml => "read-warn-html",
            ReadWarning::PartUnreadable => "read-warn-unreadable",
            ReadWarning::OtherProtection => "read-warn-other",
            ReadWarning::NameShowsAddress => "read-warn-name",
            ReadWarning::DateDiffers => "read-warn-date",
            ReadWarning::CertificatesOnly => "read-warn-certificates",
            ReadWarning::TextCut => "read-warn-cut",
        })
    }

    /// Who signed: the name in the certificate, which is what its issuer wrote, and the address where it is the sender's.
    /// That stands as it goes over the wire: there a domain that only looks like another one shows.
    pub fn signer_name(&self, signer: &SignerVerdict) -> String {
        let Some(certificate) = &signer.certificate else {
            return self.say("read-signer-unknown");
        };
        let facts = certificate.facts();
        let name = on_one_line(facts.common_name.as_ref().unwrap_or(&facts.subject));
        let wire =
            |given: &String| Address::parse(given).map_or_else(|_| given.clone(), |a| a.wire());
        match signer.address.as_ref().map(wire) {
            Some(address) if address != name => format!("{name} ({address})"),
            _ => name,
        }
    }

    /// What a signature on a mail with these fields is worth: one sentence, and one for each reason against it.
    pub fn signer(&self, signer: &SignerVerdict, head: &ReadHead) -> Vec<String> {
        let who = self.signer_name(signer);
        let key = if signer.is_good() {
            "read-signer-good"
        } else {
            "read-signer-bad"
        };
        let mut lines = vec![self.with(key, &[("who", who.into())])];
        lines.extend(
            signer
                .faults
                .iter()
                .map(|fault| self.signature_fault(fault)),
        );
        lines.extend(signer.problems.iter().map(|p| self.signer_problem(p)));
        if let Some(certificate) = &signer.certificate
            && signer.address.is_none()
        {
            let named = on_one_line(&certificate.facts().addresses.join(", "));
            lines.push(if named.is_empty() {
                self.say("read-signer-no-address")
            } else {
                let key = if head.from.trim().is_empty() {
                    "read-signer-no-sender"
                } else {
                    "read-signer-other"
                };
                self.with(key, &[("named", named.into())])
            });
        }
        if signer.is_ahead {
            lines.push(self.say("read-signer-ahead"));
        }
        lines
    }

    /// What is wrong with a signer's certificate. Most is said as of a recipient's; not what speaks of encrypting.
    fn signer_problem(&self, problem: &Problem) -> String {
        match problem {
            Problem::KeyUsage { .. } => self.say("read-signer-usage"),
            Problem::Expired {
                not_after,
                certificate: None,
            } => {
                let date = self.day(*not_after);
                self.with("read-signer-expired", &[("date", date.into())])
            }
            Problem::TestRoot { root } => {
                self.with("read-signer-test", &[("root", root.as_str().into())])
            }
            Problem::UnsupportedKey { presented } => {
                let args = [("presented", presented.as_str().into())];
                self.with("read-signer-unsupported", &args)
            }
            Problem::TooLarge { .. } | Problem::Malformed { .. } => {
                self.say("read-signer-malformed")
            }
            other => self.problem(other).sentence,
        }
    }

    fn signature_fault(&self, fault: &SignatureFault) -> String {
        match fault {
            SignatureFault::ContentChanged => self.say("read-fault-changed"),
            SignatureFault::Invalid => self.say("read-fault-invalid"),
            SignatureFault::NoCertificate => self.say("read-fault-no-certificate"),
            SignatureFault::OtherContentType | SignatureFault::Attributes => {
                self.say("read-fault-attributes")
            }
            SignatureFault::OtherCertificate => self.say("read-fault-other"),
            SignatureFault::WhileEncrypted => self.say("read-fault-while-encrypted"),
            SignatureFault::WeakDigest(name) => {
                self.with("read-fault-weak", &[("digest", (*name).into())])
            }
            SignatureFault::Unsupported(oid) => {
                self.with("read-fault-unsupported", &[("oid", oid.as_str().into())])
            }
        }
    }
}
