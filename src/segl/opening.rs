//! Reading mail that others made: opened with the user's keys, its signers judged. Asks no network.

use jiff::Timestamp;

use super::Trust;
use crate::{
    cert::{Certificate, Problem, Subject},
    identity::{
        Opener,
        pkcs12::{Bundle, Pkcs12Error},
    },
    mail::Address,
    smime::open::{self, OpenError, Opened, SignatureFault, Signer},
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
    let mut signers = verdicts(&opened, trust, at);
    // A sender inside the mail is taken on the word of a signer who is trusted, never of one who only says so.
    if !signers.iter().any(SignerVerdict::is_good) && opened.nobody_vouches() {
        signers = verdicts(&opened, trust, at);
    }
    Ok(ReadMessage { opened, signers })
}

fn verdicts(opened: &Opened, trust: &Trust, at: Timestamp) -> Vec<SignerVerdict> {
    let from = opened
        .head
        .from_address
        .as_deref()
        .and_then(|a| Address::parse(a).ok());
    let judged = |(layer, signer): &(usize, Signer)| {
        let problems = signer
            .certificate
            .as_ref()
            .map_or_else(Vec::new, |certificate| {
                let examined = trust.examine(certificate, &opened.certificates, at);
                trust.problems(&examined, Subject::Sign, at)
            });
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
            problems,
            is_ahead: signer.signed_at.is_some_and(|time| time > at + CLOCK_SLACK),
        }
    };
    opened.signers.iter().map(judged).collect()
}
