//! A responder on loopback, and answers in whatever state a test wants: OpenSSL makes those that it can, and what no
//! honest responder would say is put together here.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::{Shutdown, TcpListener},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use jiff::{Timestamp, tz::TimeZone};
use openssl::{
    hash::{MessageDigest, hash},
    pkey::{PKey, Private},
    sign::Signer,
    x509::X509,
};

use crate::tools::tool;

/// A server that answers each question.
pub(super) struct Responder {
    pub(super) port: u16,
    asked: Arc<AtomicUsize>,
}

impl Responder {
    /// `answer` is given the body of the request, and gives the whole HTTP answer.
    pub(super) fn start(answer: impl Fn(&[u8]) -> Vec<u8> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        let serve = move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                count.fetch_add(1, Ordering::SeqCst);
                let mut request = Vec::new();
                let mut piece = [0; 4096];
                let body = loop {
                    match stream.read(&mut piece) {
                        Ok(0) | Err(_) => break None,
                        Ok(octets) => request.extend_from_slice(&piece[..octets]),
                    }
                    if let Some(body) = body(&request) {
                        break Some(body);
                    }
                };
                if let Some(body) = body {
                    // A client that breaks off has its right.
                    let _written = stream.write_all(&answer(&body));
                }
                let _shut = stream.shutdown(Shutdown::Write);
            }
        };
        // It ends with the process; a listener cannot be woken.
        let _served = thread::Builder::new()
            .name("responder".to_owned())
            .spawn(serve)
            .unwrap();
        Self { port, asked }
    }

    pub(super) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

fn body(request: &[u8]) -> Option<Vec<u8>> {
    let end = request.windows(4).position(|w| w == b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(&request[..end]).to_lowercase();
    assert!(head.starts_with("post "), "{head}");
    assert!(
        head.contains("content-type: application/ocsp-request"),
        "{head}"
    );
    let length = head.split("content-length: ").nth(1)?;
    let length: usize = length.lines().next()?.parse().unwrap();
    (request.len() - end >= length).then(|| request[end..].to_vec())
}

/// A serial number as OpenSSL writes it.
pub(super) fn hex(serial: &[u8]) -> String {
    let number = openssl::bn::BigNum::from_slice(serial).unwrap();
    number.to_hex_str().unwrap().to_string()
}

/// What stands in an OpenSSL index for a certificate.
pub(super) enum Indexed<'a> {
    Valid(&'a [u8]),
    Revoked(&'a [u8]),
}

/// Files of an authority that answers with `openssl ocsp`.
pub(super) fn index(folder: &Path, rows: &[Indexed<'_>]) {
    let lines = rows.iter().map(|row| match row {
        Indexed::Valid(serial) => format!("V\t400101000000Z\t\t{}\tunknown\t/CN=x\n", hex(serial)),
        Indexed::Revoked(serial) => format!(
            "R\t400101000000Z\t260201000000Z,keyCompromise\t{}\tunknown\t/CN=x\n",
            hex(serial)
        ),
    });
    fs::write(folder.join("index.txt"), lines.collect::<String>()).unwrap();
}

/// `openssl ocsp` with these arguments makes an answer in `folder`; nothing where it is not installed.
pub(super) fn openssl(folder: &Path, arguments: &[&str]) -> Option<Vec<u8>> {
    let mut openssl = tool("openssl")?;
    openssl.current_dir(folder).arg("ocsp").args(arguments);
    openssl.args([
        "-index",
        "index.txt",
        "-CA",
        "issuing.pem",
        "-respout",
        "answer.der",
    ]);
    let output = openssl.output().unwrap();
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    Some(fs::read(folder.join("answer.der")).unwrap_or_else(|e| panic!("{e}: {words}")))
}

fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let mut out = vec![tag];
    match u16::try_from(content.len()).unwrap() {
        short @ 0..=0x7f => out.push(short.to_be_bytes()[1]),
        long => {
            out.push(0x82);
            out.extend(long.to_be_bytes());
        }
    }
    [out, content].concat()
}

/// An answer as no honest responder makes it, in a good shape until a test bends it.
pub(super) struct Forged {
    pub(super) serial: Vec<u8>,
    /// DER of a CertStatus.
    pub(super) state: Vec<u8>,
    pub(super) this_update: Timestamp,
    pub(super) next_update: Option<Timestamp>,
    /// Other certificates of the issuer that it speaks of, before this one: number, this update, next update.
    pub(super) others: Vec<(Vec<u8>, Timestamp, Option<Timestamp>)>,
    pub(super) produced_at: Timestamp,
    pub(super) nonce: Option<Vec<u8>>,
    /// DER of further extensions.
    pub(super) extensions: Vec<u8>,
    /// Who is said to be the issuer of the certificate.
    pub(super) issuer: X509,
    pub(super) digest: MessageDigest,
    /// Who says that he signs, and who does.
    pub(super) signer: X509,
    pub(super) key: PKey<Private>,
    pub(super) certificates: Vec<Vec<u8>>,
    pub(super) signing: MessageDigest,
}

pub(super) const GOOD: &[u8] = &[0x80, 0];

/// The nonce of a question of Segl's: the last 32 octets, which the tests of the question hold.
pub(super) fn nonce_of(question: &[u8]) -> Vec<u8> {
    question[question.len() - 32..].to_vec()
}

fn oid(digest: MessageDigest) -> Vec<u8> {
    let nid = digest.type_();
    let oid = nid.object_octets();
    tlv(0x30, &[&tlv(6, &[&oid]), &[5, 0]])
}

trait ObjectOctets {
    fn object_octets(&self) -> Vec<u8>;
}

impl ObjectOctets for openssl::nid::Nid {
    fn object_octets(&self) -> Vec<u8> {
        match *self {
            openssl::nid::Nid::SHA1 => vec![0x2b, 0x0e, 3, 2, 0x1a],
            openssl::nid::Nid::SHA256 => vec![0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1],
            openssl::nid::Nid::SHA384 => vec![0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2],
            other => panic!("{other:?}"),
        }
    }
}

fn time(at: Timestamp) -> Vec<u8> {
    let text = at
        .to_zoned(TimeZone::UTC)
        .strftime("%Y%m%d%H%M%SZ")
        .to_string();
    tlv(0x18, &[text.as_bytes()])
}

/// The key in its BIT STRING: what the key hash is of.
fn key_octets(certificate: &X509) -> Vec<u8> {
    use x509_cert::der::Decode as _;
    let der = certificate.to_der().unwrap();
    let parsed = x509_cert::Certificate::from_der(&der).unwrap();
    let info = parsed.tbs_certificate().subject_public_key_info();
    info.subject_public_key.raw_bytes().to_vec()
}

impl Forged {
    pub(super) fn der(&self) -> Vec<u8> {
        let name = self.issuer.subject_name().to_der().unwrap();
        let digest = |octets: &[u8]| hash(self.digest, octets).unwrap().to_vec();
        let single = |serial: &[u8], state: &[u8], this: Timestamp, next: Option<Timestamp>| {
            let id = tlv(
                0x30,
                &[
                    &oid(self.digest),
                    &tlv(4, &[&digest(&name)]),
                    &tlv(4, &[&digest(&key_octets(&self.issuer))]),
                    &tlv(2, &[serial]),
                ],
            );
            let next = next.map(|at| tlv(0xa0, &[&time(at)]));
            tlv(0x30, &[&id, state, &time(this), &next.unwrap_or_default()])
        };
        let others = self.others.iter();
        let others = others.map(|(serial, this, next)| single(serial, GOOD, *this, *next));
        let own = single(
            &self.serial,
            &self.state,
            self.this_update,
            self.next_update,
        );
        let singles: Vec<u8> = others.chain([own]).collect::<Vec<_>>().concat();
        let nonce = self.nonce.as_ref().map(|nonce| {
            let oid = tlv(6, &[&[0x2b, 6, 1, 5, 5, 7, 0x30, 1, 2]]);
            tlv(0x30, &[&oid, &tlv(4, &[&tlv(4, &[nonce])])])
        });
        let extensions = [nonce.unwrap_or_default(), self.extensions.clone()].concat();
        let extensions = if extensions.is_empty() {
            extensions
        } else {
            tlv(0xa1, &[&tlv(0x30, &[&extensions])])
        };
        let responder = self.signer.subject_name().to_der().unwrap();
        let data = tlv(
            0x30,
            &[
                &tlv(0xa1, &[&responder]),
                &time(self.produced_at),
                &tlv(0x30, &[&singles]),
                &extensions,
            ],
        );
        let mut signer = Signer::new(self.signing, &self.key).unwrap();
        let signature = signer.sign_oneshot_to_vec(&data).unwrap();
        let mut rsa = vec![0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1];
        rsa.push(if self.signing == MessageDigest::sha1() {
            5
        } else {
            11
        });
        let algorithm = tlv(0x30, &[&tlv(6, &[&rsa]), &[5, 0]]);
        let certificates = if self.certificates.is_empty() {
            Vec::new()
        } else {
            tlv(0xa0, &[&tlv(0x30, &[&self.certificates.concat()])])
        };
        let basic = tlv(
            0x30,
            &[
                &data,
                &algorithm,
                &tlv(3, &[&[0], &signature]),
                &certificates,
            ],
        );
        let kind = tlv(6, &[&[0x2b, 6, 1, 5, 5, 7, 0x30, 1, 1]]);
        let bytes = tlv(0x30, &[&kind, &tlv(4, &[&basic])]);
        tlv(0x30, &[&[0x0a, 1, 0], &tlv(0xa0, &[&bytes])])
    }
}
