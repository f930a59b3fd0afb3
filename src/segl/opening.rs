//! Reading mail that others made: opened with the user's keys, its signers judged. Asks no network.

use jiff::Timestamp;

use super::Trust;
use crate::{
    cert::{Certificate, Fingerprint, Problem, Subject},
    identity::{
        Opener,
        pkcs12::{Bundle, Pkcs12Error},
    },
    mail::Address,
    smime::open::{self, Layer, OpenError, Opened, SignatureFault, Signer, Warning},
};

/// A signing time this far ahead of the clock is no slip of two clocks.
const CLOCK_SLACK: jiff::SignedDuration = jiff::SignedDuration::from_hours(1);

/// A message that was opened, with a verdict on each signature.
pub struct ReadMessage {
    /// What was found.
    pub opened: Opened,
    /// One verdict for each of `opened.signers`, in their order.
    pub signers: Vec<SignerVerdict>,
}

/// What a mail that was opened is worth as a whole, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// A signature must not be relied on, or it is not clear who the sender is.
    Doubtful,
    /// Neither encrypted nor signed.
    Unprotected,
    /// Encrypted, and nobody vouches for what is inside. A signature around the encryption is no word on it: whoever
    /// signs there need not be able to read it.
    Encrypted,
    /// Signed by the sender, and not encrypted, or in a way that can be broken, or perhaps sent once more by others.
    Signed,
    /// Encrypted, and signed by the sender inside.
    EncryptedAndSigned,
}

impl ReadMessage {
    /// What it is worth. Never more than its weakest part: one bad signature beside a good one makes it doubtful.
    pub fn standing(&self) -> Standing {
        let layers = &self.opened.layers;
        let warnings = &self.opened.warnings;
        let is_unclear = [
            Warning::FromDiffers,
            Warning::SignatureUnreadable,
            Warning::NoSigners,
            Warning::SeveralFrom,
            Warning::NameShowsAddress,
        ]
        .iter()
        .any(|w| warnings.contains(w));
        let is_sound = |signer: &SignerVerdict| signer.is_good() || signer.is_only_around();
        if is_unclear || !self.signers.iter().all(is_sound) {
            return Standing::Doubtful;
        }
        let encrypted = layers
            .iter()
            .rposition(|l| matches!(l, Layer::Encrypted { .. }));
        let is_signed = self
            .signers
            .iter()
            .any(|s| encrypted.is_none_or(|at| s.layer > at));
        // An old mail that somebody sends once more is encrypted and signed as it ever was.
        let is_weak = [Warning::WeakCipher, Warning::DateDiffers]
            .iter()
            .any(|w| warnings.contains(w));
        match (encrypted.is_some(), is_signed) {
            (true, true) if !is_weak => Standing::EncryptedAndSigned,
            (_, true) => Standing::Signed,
            (true, false) => Standing::Encrypted,
            (false, false) => Standing::Unprotected,
        }
    }
}

/// What a signature is worth.
#[derive(Debug, Clone)]
pub struct SignerVerdict {
    /// Index of the layer that it signs.
    pub layer: usize,
    /// The signer's certificate, if the message carries it.
    pub certificate: Option<Certificate>,
    /// The certificate's address that is also the mail's From; none where it names another or none.
    pub address: Option<String>,
    /// When it says that it was signed.
    pub signed_at: Option<Timestamp>,
    /// Why the signature must not be believed.
    pub faults: Vec<SignatureFault>,
    /// What is wrong with the certificate: path, revocation, usage.
    pub problems: Vec<Problem>,
    /// The signing time lies in the future.
    pub is_ahead: bool,
}

impl SignerVerdict {
    /// Whether it vouches for the sender: the octets are those that were signed, by a certificate that is trusted and
    /// names the address in From.
    pub fn is_good(&self) -> bool {
        self.faults.is_empty()
            && self.problems.is_empty()
            && self.address.is_some()
            && !self.is_ahead
    }

    /// Whether all that is wrong with it is that it stands around an encryption, and so says nothing about the text.
    pub fn is_only_around(&self) -> bool {
        let mut inner = self.clone();
        inner
            .faults
            .retain(|fault| *fault != SignatureFault::WhileEncrypted);
        inner.faults.len() < self.faults.len() && inner.is_good()
    }
}

/// The keys of a key file: PKCS #12, or PEM with keys and certificates.
pub fn own_keys(octets: &[u8], password: &str) -> Result<Bundle, Pkcs12Error> {
    crate::identity::read_keys(octets, password)
}

/// Opens a message with any of `keys` and judges its signers by `trust` as of `at`.
pub fn read_message(
    message: Vec<u8>,
    keys: &[&dyn Opener],
    trust: &Trust,
    at: Timestamp,
) -> Result<ReadMessage, OpenError> {
    let mut opened = open::open(message, keys)?;
    let problems = problems(&opened, trust, at);
    let mut signers = verdicts(&opened, &problems, at);
    // A sender inside the mail is taken on the word of a signer who is trusted, never of one who only says so.
    if !signers.iter().any(SignerVerdict::is_good) && opened.nobody_vouches() {
        signers = verdicts(&opened, &problems, at);
    }
    Ok(ReadMessage { opened, signers })
}

/// Of a mail with more signers than anybody has, whoever wrote it chose what it costs to examine them.
const MAX_EXAMINED: usize = 16;

/// What speaks against the certificate of each signer.
fn problems(opened: &Opened, trust: &Trust, at: Timestamp) -> Vec<Vec<Problem>> {
    let mut known: Vec<(Fingerprint, Vec<Problem>)> = Vec::new();
    let mut judged = |(_, signer): &(usize, Signer)| {
        let Some(certificate) = &signer.certificate else {
            return Vec::new();
        };
        let sha256 = certificate.sha256();
        if let Some((_, problems)) = known.iter().find(|(known, _)| *known == sha256) {
            return problems.clone();
        }
        if known.len() == MAX_EXAMINED {
            return vec![Problem::PathNotExamined {
                issuer: certificate.facts().issuer.clone(),
                detail: format!("at most {MAX_EXAMINED} signers of a mail are examined"),
            }];
        }
        let examined = trust.examine(certificate, &opened.certificates, at);
        let problems = trust.problems(&examined, Subject::Sign, at);
        known.push((sha256, problems.clone()));
        problems
    };
    opened.signers.iter().map(&mut judged).collect()
}

fn verdicts(opened: &Opened, problems: &[Vec<Problem>], at: Timestamp) -> Vec<SignerVerdict> {
    let from = opened
        .head
        .from_address
        .as_deref()
        .and_then(|a| Address::parse(a).ok());
    let judged = |((layer, signer), problems): (&(usize, Signer), &Vec<Problem>)| {
        let names_from = |c: &&Certificate| from.as_ref().is_some_and(|from| c.names(from));
        SignerVerdict {
            layer: *layer,
            certificate: signer.certificate.clone(),
            address: signer
                .certificate
                .as_ref()
                .filter(names_from)
                .and(from.as_ref())
                .map(|from| from.given().to_owned()),
            signed_at: signer.signed_at,
            faults: signer.faults.clone(),
            problems: problems.clone(),
            is_ahead: signer.signed_at.is_some_and(|time| time > at + CLOCK_SLACK),
        }
    };
    opened.signers.iter().zip(problems).map(judged).collect()
}
