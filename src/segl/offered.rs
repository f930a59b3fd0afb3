//! What a file or a signed mail has to offer: certificates of other people, looked at and not kept yet.
//!
//! From a mail only what a signature covers that holds, and of that only what the signer means to be written to with:
//! the certificate that it prefers (RFC 8551 §2.5.3), else those of the same subject or address that can be encrypted to
//! (§2.5.3.1). Signing and encryption certificate are told apart by usage. Nothing is fetched and nothing is written.

use base64_simd::STANDARD;
use jiff::Timestamp;

use super::{
    Held, ReadMessage, Segl,
    imported::ImportError,
    opening::{SignerVerdict, read_message},
    readers::{Known, Learned},
};
use crate::{
    ber::{Ber, OID, SET, context},
    cert::{self, Certificate, Fingerprint, Problem, Subject},
    identity::Opener,
    mail::Address,
    smime::open::{Layer, Preference, Signer, Warning},
};

/// What was found.
#[derive(Debug)]
pub struct Offered {
    /// Whose it should be: the one sender of the mail that it came with.
    pub from: Option<Address>,
    /// Certificates of people, each once.
    pub certificates: Vec<Certificate>,
    /// Certificates of issuers: help to build paths, and no more trusted for it.
    pub(super) issuers: Vec<Certificate>,
    /// What the mail says of the program that it was written with.
    pub(super) learned: Vec<Learned>,
    /// The signer wants answers encrypted to a certificate that the mail does not carry.
    pub prefers_other: bool,
    /// How many certificates cannot be read.
    pub unreadable: usize,
}

/// One certificate, for an address.
#[derive(Debug)]
pub struct Offer {
    /// The certificate.
    pub certificate: Certificate,
    /// For whom it was judged; none where it names nobody and nobody was given.
    pub address: Option<Address>,
    /// What ties it to the address.
    pub tie: Tie,
    /// It cannot be encrypted to: it is for signing. Such a one is not kept.
    pub is_for_signing: bool,
    /// What else speaks against it. A pin lifts none of it.
    pub problems: Vec<Problem>,
}

/// What ties a certificate to an address, or could.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tie {
    /// It names the address, or a rule of the settings gives the address to it.
    Bound,
    /// The user pinned it.
    Pinned {
        /// When.
        at: Timestamp,
    },
    /// Nothing; the user may pin it.
    None,
    /// Nothing, and the user may not pin it.
    Refused(NoPin),
}

/// Why a certificate cannot be pinned to an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoPin {
    /// The firm's rules allow no pins.
    Policy,
    /// A rule of the firm's gives the address to somebody else.
    Rule,
    /// Nobody said to which address.
    NoAddress,
    /// Certificates of several people: which one is meant?
    Several,
    /// Nothing that can be encrypted to lacks a tie.
    Nothing,
}

impl Offered {
    /// The certificates of a file: DER, PEM or PKCS #7.
    pub fn of_file(octets: &[u8]) -> Result<Self, ImportError> {
        of_file(octets)
    }
}

impl Offer {
    /// Whether mail to the address would be encrypted to it.
    pub fn is_usable(&self) -> bool {
        self.problems.is_empty() && matches!(self.tie, Tie::Bound | Tie::Pinned { .. })
    }

    /// Whether the user is to be asked about a pin.
    pub fn is_pinnable(&self) -> bool {
        self.tie == Tie::None && !self.is_for_signing
    }
}

impl Segl {
    /// Looks into a file: certificates (DER, PEM, PKCS #7), or a signed mail. Keeps nothing. Blocks on disk and keyring.
    pub fn offered(&self, octets: &[u8], at: Timestamp) -> Result<Offered, ImportError> {
        // A mail may hold PEM as text, and what a stranger wrote into one is not what was signed: so mail first.
        if let Some(message) = as_mail(octets) {
            // Without keys what is only signed still opens; what is encrypted says that there is none.
            let held = self.held_keys().unwrap_or_default().keys;
            let keys: Vec<&dyn Opener> = held.iter().map(Held::opener).collect();
            let read = read_message(message, &keys, &self.trust, at)?;
            if !read.opened.layers.is_empty() {
                return of_mail(&read, &self.trust, at);
            }
            // Nobody vouches for certificates that are sent alone (RFC 8551 §3.8), nor does who sent them: as a file.
            if let ([part], true) = (
                read.opened.parts.as_slice(),
                read.opened.warnings.contains(&Warning::CertificatesOnly),
            ) {
                return of_file(&read.opened.content(part)?);
            }
        }
        of_file(octets)
    }

    /// Each certificate with what there is to say of it for this address, else for the mail's sender, else for the
    /// address that it names. Asks no network. Blocks on disk and keyring.
    pub fn offers(
        &self,
        offered: &Offered,
        address: Option<&Address>,
        at: Timestamp,
    ) -> Vec<Offer> {
        let given = address.or(offered.from.as_ref());
        let all = offered.certificates.iter();
        all.map(|c| self.offer(c, &offered.issuers, given, at))
            .collect()
    }

    fn offer(
        &self,
        certificate: &Certificate,
        issuers: &[Certificate],
        given: Option<&Address>,
        at: Timestamp,
    ) -> Offer {
        let named = certificate.facts().addresses.iter();
        let mut named = named.filter_map(|a| Address::parse(a).ok());
        let address = given.cloned().or_else(|| named.next());
        let vault = self.vault().ok();
        let known = address.as_ref().map_or_else(Known::default, |address| {
            self.known(vault.as_ref().map(|v| v.store()), address)
        });
        self.offer_to(certificate, issuers, address, &known, at)
    }

    /// The same, with what is kept of the address.
    pub(super) fn offer_to(
        &self,
        certificate: &Certificate,
        issuers: &[Certificate],
        address: Option<Address>,
        known: &Known,
        at: Timestamp,
    ) -> Offer {
        let verdict = address.as_ref().map(|address| {
            let judged = self
                .trust
                .judge_known(certificate, issuers, address, known, at);
            (address, judged)
        });
        let (tie, problems) = match verdict {
            None => {
                let examined = self.trust.examine(certificate, issuers, at);
                let problems = self.trust.problems(&examined, Subject::Encrypt, at);
                (Tie::Refused(NoPin::NoAddress), problems)
            }
            Some((_, Ok(usable))) => {
                let pinned = usable.binding().pinned_at();
                (
                    pinned.map_or(Tie::Bound, |at| Tie::Pinned { at }),
                    Vec::new(),
                )
            }
            Some((address, Err(mut problems))) => {
                let is_unbound = |p: &Problem| matches!(p, Problem::AddressMismatch { .. });
                let is_tied = !problems.iter().any(is_unbound);
                problems.retain(|p| !is_unbound(p));
                let pin = known.pins.iter().find(|p| p.sha256 == certificate.sha256());
                let tie = match pin {
                    Some(pin) if is_tied => Tie::Pinned { at: pin.at },
                    _ if is_tied => Tie::Bound,
                    _ if !self.config.allows_pins => Tie::Refused(NoPin::Policy),
                    _ if !self.trust.may_pin(certificate, address) => Tie::Refused(NoPin::Rule),
                    _ => Tie::None,
                };
                (tie, problems)
            }
        };
        Offer {
            certificate: certificate.clone(),
            tie,
            is_for_signing: is_for_signing(&problems),
            problems,
            address,
        }
    }
}

/// Whether usage forbids to encrypt to it.
fn is_for_signing(problems: &[Problem]) -> bool {
    let is_usage = |p: &Problem| {
        matches!(
            p,
            Problem::KeyUsage { .. }
                | Problem::ExtendedKeyUsage {
                    certificate: None,
                    ..
                }
        )
    };
    problems.iter().any(is_usage)
}

/// Whether octets may be certificates of people or a mail: what is none of these is for whoever reads key files.
pub fn is_offer(octets: &[u8]) -> bool {
    let found = cert::certificates(octets);
    found.is_ok_and(|found| found.iter().any(Result::is_ok)) || as_mail(octets).is_some()
}

/// The octets as a mail, if they look like one: a header, or a CMS structure with content that is wrapped into one.
fn as_mail(octets: &[u8]) -> Option<Vec<u8>> {
    const WRAP: &[u8] = b"Content-Type: application/pkcs7-mime\r\n\
        Content-Transfer-Encoding: binary\r\n\r\n";
    if octets.first() == Some(&0x30) {
        return is_message(octets).then(|| [WRAP, octets].concat());
    }
    let line = octets.split(|o| *o == b'\n').next().unwrap_or_default();
    let name = line.split(|o| *o == b':').next().unwrap_or_default();
    // RFC 5322 §2.2; or the line that mbox files begin a message with.
    let is_field = name.len() < line.len() && name.iter().all(|o| (33..=126).contains(o));
    (is_field && !name.is_empty()).then(|| octets.to_vec())
}

/// Whether a CMS structure is a message: encrypted, or signed by somebody. Certificates alone have no signers.
fn is_message(octets: &[u8]) -> bool {
    const SIGNED_DATA: &str = "1.2.840.113549.1.7.2";
    let signers = || {
        let mut info = Ber::new(octets).sequence("ContentInfo")?;
        let kind = info.value(OID, "a content type")?.oid()?;
        let explicit = info.value(context(0), "the content")?;
        if kind.to_string() != SIGNED_DATA {
            return Ok(true);
        }
        let mut fields = explicit.inside()?.sequence("SignedData")?;
        fields.any()?;
        fields.value(SET, "the digest algorithms")?;
        fields.sequence("the signed content")?;
        fields.optional(context(0))?;
        fields.optional(context(1))?;
        let infos = fields.value(SET, "SignerInfos")?;
        Ok::<_, crate::ber::BerError>(!infos.inside()?.is_empty())
    };
    signers().unwrap_or(false)
}

fn of_file(octets: &[u8]) -> Result<Offered, ImportError> {
    let found = cert::certificates(octets)?;
    let count = found.len();
    let readable: Vec<Certificate> = found.into_iter().flatten().collect();
    let unreadable = count - readable.len();
    if readable.is_empty() {
        return Err(ImportError::None);
    }
    let (issuers, certificates) = parted(readable);
    Ok(Offered {
        from: None,
        certificates,
        issuers,
        learned: Vec::new(),
        prefers_other: false,
        unreadable,
    })
}

/// Issuers, and people; each once.
fn parted(all: Vec<Certificate>) -> (Vec<Certificate>, Vec<Certificate>) {
    let mut seen = std::collections::HashSet::new();
    all.into_iter()
        .filter(|c| seen.insert(c.sha256()))
        .partition(|c| c.facts().is_ca && c.facts().addresses.is_empty())
}

fn of_mail(
    read: &ReadMessage,
    trust: &super::Trust,
    at: Timestamp,
) -> Result<Offered, ImportError> {
    let opened = &read.opened;
    let all = opened.signers.iter().zip(&read.signers);
    let holding: Vec<(&(usize, Signer), &SignerVerdict)> = all
        .filter(|(_, verdict)| verdict.faults.is_empty())
        .collect();
    let Some(innermost) = holding.iter().map(|((layer, _), _)| *layer).max() else {
        let faults = read.signers.iter().flat_map(|s| s.faults.clone()).collect();
        return Err(ImportError::Unverified(faults));
    };
    // Who signs outside the sender's own signature (a list, a gateway) is not whom one writes to.
    let senders: Vec<_> = holding
        .iter()
        .filter(|(_, verdict)| verdict.address.is_some())
        .collect();
    let meant = if senders.is_empty() {
        let inner = holding.iter().filter(|((layer, _), _)| *layer == innermost);
        inner.collect()
    } else {
        senders
    };
    let (issuers, carried) = parted(opened.certificates.clone());
    let mut offered = Offered {
        from: opened
            .head
            .from_address
            .as_deref()
            .and_then(|a| Address::parse(a).ok()),
        certificates: Vec::new(),
        issuers,
        learned: Vec::new(),
        prefers_other: false,
        unreadable: 0,
    };
    for ((layer, signer), verdict) in meant {
        let Some(own) = &signer.certificate else {
            continue;
        };
        let readers = match &signer.preference {
            Preference::Carried(one) => vec![one.clone()],
            Preference::Elsewhere => {
                offered.prefers_other = true;
                Vec::new()
            }
            Preference::None => carried
                .iter()
                .filter(|c| is_pair(own, c) && can_read(c, &offered.issuers, trust, at))
                .cloned()
                .collect(),
        };
        if verdict.is_good() {
            let is_cipher = is_cipher(read, *layer);
            let by = own.sha256();
            let learn = |c: &Certificate| learned((c.sha256(), by), signer, is_cipher, at);
            offered.learned.extend(readers.iter().filter_map(learn));
        }
        offered.certificates.extend(readers);
        // Shown beside the other of its pair.
        offered.certificates.push(own.clone());
    }
    let mut seen = std::collections::HashSet::new();
    offered.certificates.retain(|c| seen.insert(c.sha256()));
    Ok(offered)
}

/// Whether two certificates are one person's: the same subject, or an address in common.
fn is_pair(own: &Certificate, other: &Certificate) -> bool {
    let (own, other) = (own.facts(), other.facts());
    let is_in_both = |a: &String| {
        let address = Address::parse(a).ok();
        let mut others = other
            .addresses
            .iter()
            .filter_map(|o| Address::parse(o).ok());
        address.is_some_and(|address| others.any(|o| o == address))
    };
    own.subject == other.subject || own.addresses.iter().any(is_in_both)
}

fn can_read(
    certificate: &Certificate,
    issuers: &[Certificate],
    trust: &super::Trust,
    at: Timestamp,
) -> bool {
    let examined = trust.examine(certificate, issuers, at);
    !is_for_signing(&trust.problems(&examined, Subject::Encrypt, at))
}

/// Whether the mail was encrypted around this signature with its header inside, as RFC 9788 has it.
fn is_cipher(read: &ReadMessage, layer: usize) -> bool {
    let is_encrypted = |l: &Layer| matches!(l, Layer::Encrypted { .. });
    let around = read.opened.layers.iter().rposition(is_encrypted);
    let protection = read.opened.head.protection;
    around.is_some_and(|at| at < layer) && protection.is_some_and(|p| p.is_cipher && p.is_signed)
}

/// Without the time of signing nobody could tell what is newer, so nothing is learned.
fn learned(
    (sha256, by): (Fingerprint, Fingerprint),
    signer: &Signer,
    shows_hidden_subject: bool,
    at: Timestamp,
) -> Option<Learned> {
    let capabilities = signer.capabilities.as_ref();
    Some(Learned {
        sha256,
        signer: by,
        signed_at: signer.signed_at?,
        at,
        capabilities: capabilities.map(|der| STANDARD.encode_to_string(der)),
        shows_hidden_subject,
    })
}
