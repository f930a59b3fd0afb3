//! Responders (RFC 6960): asked where no list of today tells, and believed only where everything fits.

mod clock;
mod corpus;
mod reach;
mod recorded;
mod responder;

use std::{
    fs,
    path::Path,
    sync::{Arc, OnceLock},
};

use const_oid::ObjectIdentifier;
use jiff::{SignedDuration, Timestamp};
use openssl::{hash::MessageDigest, x509::X509};
use segl::{
    cert::{self, Anchors, Certificate, RevocationPolicy, Rules, Subject},
    demo::{
        Authority, CrlSpec, ExtraExtension, Issued, KeyChoice, KeyKind, KeyUsage, Leaf, Signing,
    },
    revocation::{CrlFiles, Effort, Responses, ocsp::Answered},
};

use super::{
    desk::{Ran, command, now, run},
    issuers::said,
    tools::tool,
};
use responder::{Forged, GOOD, Indexed, Responder, hex, index, nonce_of, openssl};

const ANNE: &str = "anne@advokat-eksempel.dk";
const BO: &str = "bo@advokat-eksempel.dk";
const OCSP_SIGNING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.9");
const NO_CHECK: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.5");
const OPEN: &str = "[tls]\nresolver = \"127.0.0.1:9\"\n[network]\nallow_private = true";

/// A root, an issuer, two certificates that name a responder, and the responder's own; only the root's list is at hand.
struct Desk {
    folder: tempfile::TempDir,
    root: Authority,
    issuing: Authority,
    anne: Issued,
    bo: Issued,
}

fn hours(hours: i64) -> Timestamp {
    minutes(60 * hours)
}

fn minutes(minutes: i64) -> Timestamp {
    now()
        .checked_add(SignedDuration::from_mins(minutes))
        .unwrap()
}

fn desk(port: u16) -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let root = Authority::root("Eksempel rod-CA").unwrap();
    let issuing = root.intermediate("Eksempel udstedende-CA").unwrap();
    let issued = |name: &str, address: &str| {
        let leaf = Leaf {
            ocsp_urls: vec![format!("http://127.0.0.1:{port}/ocsp")],
            ..Leaf::mail(name, address)
        };
        issuing.issue(&leaf).unwrap()
    };
    let (anne, bo) = (issued("Anne Østergaard", ANNE), issued("Bo Ærlig", BO));
    let write = |name: &str, octets: &[u8]| fs::write(folder.path().join(name), octets).unwrap();
    write("root.cer", &root.certificate().der);
    write("root.pem", root.pem().as_bytes());
    write(
        "other.cer",
        &Authority::root("Anden rod").unwrap().certificate().der,
    );
    write("issuing.cer", &issuing.certificate().der);
    write("issuing.pem", issuing.pem().as_bytes());
    write(
        "issuing.key",
        issuing.certificate().key_pem().unwrap().as_bytes(),
    );
    write("anne.cer", &anne.der);
    write("anne.pem", anne.pem().as_bytes());
    write("bo.cer", &bo.der);
    write("root.crl", &root.crl(&CrlSpec::empty(hours(-1))).unwrap());
    Desk {
        folder,
        root,
        issuing,
        anne,
        bo,
    }
}

/// A responder's certificate.
fn delegate() -> Leaf {
    Leaf {
        common_name: Some("Eksempel svartjeneste".to_owned()),
        key: KeyChoice::Shared(1),
        key_usage: Some(vec![KeyUsage::DigitalSignature]),
        extended_key_usage: Some(vec![OCSP_SIGNING]),
        extensions: vec![ExtraExtension {
            oid: NO_CHECK,
            critical: false,
            der: vec![5, 0],
        }],
        ..Leaf::default()
    }
}

impl Desk {
    fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn check(&self, anchor: &str, more: &str, addresses: &[&str]) -> Ran {
        let settings = format!(
            "[certificates]\nfiles = [\"anne.cer\", \"bo.cer\"]\n\
             [trust]\nanchors = [\"{anchor}\"]\nintermediates = [\"issuing.cer\"]\ncrls = [\"*.crl\"]\n\
             [data]\ndir = \"data\"\nkey_file = \"store.key\"\n{more}\n"
        );
        let file = self.folder().join("segl.toml");
        fs::write(&file, settings).unwrap();
        let mut command = command(self.folder());
        command.arg("--config").arg(file);
        command.args(["check", "--json"]).args(addresses);
        run(command, b"")
    }

    /// A good answer to a question, to be bent.
    fn forged(&self, question: &[u8]) -> Forged {
        let issuer = X509::from_der(&self.issuing.certificate().der).unwrap();
        Forged {
            serial: self.anne.serial().to_vec(),
            state: GOOD.to_vec(),
            this_update: minutes(-10),
            next_update: Some(hours(1)),
            others: Vec::new(),
            produced_at: minutes(-10),
            nonce: Some(nonce_of(question)),
            extensions: Vec::new(),
            signer: issuer.clone(),
            issuer,
            digest: MessageDigest::sha1(),
            key: self.issuing.certificate().key.clone(),
            certificates: Vec::new(),
            signing: MessageDigest::sha256(),
        }
    }

    /// The same, signed by somebody else who brings a certificate along.
    fn forged_by(&self, question: &[u8], signer: &Issued) -> Forged {
        Forged {
            signer: X509::from_der(&signer.der).unwrap(),
            key: signer.key.clone(),
            certificates: vec![signer.der.clone()],
            ..self.forged(question)
        }
    }
}

/// What is told of one address: the first problem or nothing, and why its own revocation is unknown.
fn told(ran: &Ran, row: usize) -> (String, String) {
    let certificate = &ran.json()["recipients"][row]["certificates"][0];
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    (
        text(&certificate["problems"][0]["code"]),
        text(&certificate["revocation"][0]["unknown"]["why"]),
    )
}

/// A desk whose responder answers as `answer` says.
fn answering(
    answer: impl Fn(&Desk, &[u8]) -> Vec<u8> + Send + Sync + 'static,
) -> (Arc<Desk>, Responder) {
    let held: Arc<OnceLock<Arc<Desk>>> = Arc::default();
    let shared = Arc::clone(&held);
    let responder = Responder::start(move |question| {
        shared.get().map_or_else(Vec::new, |d| answer(d, question))
    });
    let desk = Arc::new(desk(responder.port));
    assert!(held.set(Arc::clone(&desk)).is_ok());
    (desk, responder)
}

#[test]
fn openssl_reads_the_question_and_its_answer_makes_a_recipient_green() {
    if tool("openssl").is_none() {
        return;
    }
    let (desk, responder) = answering(|desk, question| {
        fs::write(desk.folder().join("question.der"), question).unwrap();
        let by_issuer = [
            "-reqin",
            "question.der",
            "-rsigner",
            "issuing.pem",
            "-rkey",
            "issuing.key",
            "-nmin",
            "60",
        ];
        said(&openssl(desk.folder(), &by_issuer).unwrap())
    });
    index(
        desk.folder(),
        &[
            Indexed::Valid(desk.anne.serial()),
            Indexed::Revoked(desk.bo.serial()),
        ],
    );
    let ran = desk.check("root.cer", OPEN, &[ANNE, BO]);
    assert_eq!(told(&ran, 0), (String::new(), String::new()), "{ran:?}");
    assert_eq!(told(&ran, 1).0, "revoked", "{ran:?}");
    let json = ran.json();
    let revocation = &json["recipients"][0]["certificates"][0]["revocation"];
    assert_eq!(revocation[0]["state"], "good");
    assert_eq!(revocation[0]["sources"][0]["kind"], "ocsp");
    assert_eq!(revocation[0]["sources"][0]["name"], "127.0.0.1");
    assert_eq!(revocation[1]["sources"][0]["kind"], "list");
    assert_eq!(revocation[1]["sources"][0]["name"], "root.crl");
    let revoked = &json["recipients"][1]["certificates"][0];
    assert_eq!(revoked["problems"][0]["reason"], "keyCompromise");
    assert_eq!(revoked["problems"][0]["at"], "2026-02-01T00:00:00Z");
    assert_eq!(responder.asked(), 2);

    // The question as OpenSSL reads it: one serial number, SHA-1 names as RFC 5019 has them, and a nonce of 32 octets.
    let mut openssl = tool("openssl").unwrap();
    openssl
        .current_dir(desk.folder())
        .args(["ocsp", "-reqin", "question.der", "-req_text"]);
    let text = String::from_utf8(openssl.output().unwrap().stdout).unwrap();
    // Whichever was asked last: the two are asked side by side.
    let asked_of = |issued: &Issued| {
        let serial = hex(issued.serial());
        text.contains(&format!("Serial Number: {serial}"))
    };
    assert!(asked_of(&desk.anne) != asked_of(&desk.bo), "{text}");
    assert!(text.contains("Hash Algorithm: sha1"), "{text}");
    assert!(text.contains("OCSP Nonce"), "{text}");

    // Kept with its own validity: the next program does not ask again, and judges it anew.
    let again = desk.check("root.cer", OPEN, &[ANNE]);
    assert_eq!(told(&again, 0).0, "", "{again:?}");
    assert_eq!(responder.asked(), 2);
}

/// How a responder answers at this desk.
type Answer = fn(&Desk, &[u8]) -> Vec<u8>;

fn is(answer: Answer, wanted: (&str, &str), what: &str) {
    let (desk, responder) = answering(answer);
    let ran = desk.check("root.cer", OPEN, &[ANNE]);
    let (code, why) = told(&ran, 0);
    assert_eq!((&*code, &*why), wanted, "{what}: {ran:?}");
    assert_eq!(ran.code, i32::from(!code.is_empty()), "{what}");
    assert_eq!(responder.asked(), 1, "{what}");
}

const UNKNOWN: &str = "revocation-unknown";

#[test]
fn an_answer_that_fits_is_good() {
    let rows: [(&str, Answer); 9] = [
        ("beside one about another that is over", |d, q| {
            let others = vec![(d.bo.serial().to_vec(), hours(-72), Some(hours(-48)))];
            said(
                &Forged {
                    others,
                    ..d.forged(q)
                }
                .der(),
            )
        }),
        (
            "made in advance, beside one about another without a next update",
            |d, q| {
                let (nonce, others) = (None, vec![(d.bo.serial().to_vec(), hours(-1), None)]);
                said(
                    &Forged {
                        others,
                        nonce,
                        ..d.forged(q)
                    }
                    .der(),
                )
            },
        ),
        ("by the issuer", |d, q| said(&d.forged(q).der())),
        ("made in advance, without a nonce", |d, q| {
            let nonce = None;
            said(
                &Forged {
                    nonce,
                    ..d.forged(q)
                }
                .der(),
            )
        }),
        ("without a next update, with the nonce", |d, q| {
            let next_update = None;
            said(
                &Forged {
                    next_update,
                    ..d.forged(q)
                }
                .der(),
            )
        }),
        ("names by SHA-256", |d, q| {
            let digest = MessageDigest::sha256();
            said(
                &Forged {
                    digest,
                    ..d.forged(q)
                }
                .der(),
            )
        }),
        ("by a responder of the issuer", |d, q| {
            let signer = d.issuing.issue(&delegate()).unwrap();
            said(&d.forged_by(q, &signer).der())
        }),
        ("by a responder that nobody can revoke", |d, q| {
            let extensions = Vec::new();
            let signer = d
                .issuing
                .issue(&Leaf {
                    extensions,
                    ..delegate()
                })
                .unwrap();
            said(&d.forged_by(q, &signer).der())
        }),
        ("by somebody whose clock is two minutes ahead", |d, q| {
            let (this_update, produced_at) = (minutes(2), minutes(2));
            said(
                &Forged {
                    this_update,
                    produced_at,
                    ..d.forged(q)
                }
                .der(),
            )
        }),
    ];
    for (what, answer) in rows {
        is(answer, ("", ""), what);
    }
}

#[test]
fn an_answer_of_the_wrong_time_question_or_certificate_is_never_good() {
    let rows: [(&str, Answer, &str); 10] = [
        (
            "past its next update",
            |d, q| {
                let (this_update, next_update) = (hours(-3), Some(hours(-1)));
                said(
                    &Forged {
                        this_update,
                        next_update,
                        ..d.forged(q)
                    }
                    .der(),
                )
            },
            "stale",
        ),
        (
            "neither nonce nor next update",
            |d, q| {
                let (nonce, next_update) = (None, None);
                said(
                    &Forged {
                        next_update,
                        nonce,
                        ..d.forged(q)
                    }
                    .der(),
                )
            },
            "unfit",
        ),
        (
            "from the future",
            |d, q| {
                let this_update = hours(2);
                let next_update = Some(hours(4));
                said(
                    &Forged {
                        this_update,
                        next_update,
                        ..d.forged(q)
                    }
                    .der(),
                )
            },
            "not-yet",
        ),
        (
            "another nonce",
            |d, q| {
                let nonce = Some(vec![7; 32]);
                said(
                    &Forged {
                        nonce,
                        ..d.forged(q)
                    }
                    .der(),
                )
            },
            "unfit",
        ),
        (
            "a part of the nonce",
            |d, q| {
                let nonce = Some(nonce_of(q)[..31].to_vec());
                said(
                    &Forged {
                        nonce,
                        ..d.forged(q)
                    }
                    .der(),
                )
            },
            "unfit",
        ),
        (
            "another serial number",
            |d, q| {
                let serial = d.bo.serial().to_vec();
                said(
                    &Forged {
                        serial,
                        ..d.forged(q)
                    }
                    .der(),
                )
            },
            "unfit",
        ),
        (
            "another issuer",
            |d, q| {
                let issuer = X509::from_der(&d.root.certificate().der).unwrap();
                said(
                    &Forged {
                        issuer,
                        ..d.forged(q)
                    }
                    .der(),
                )
            },
            "unfit",
        ),
        (
            "an issuer of that name with another key",
            |d, q| {
                let other = Authority::root("Eksempel udstedende-CA").unwrap();
                let issuer = X509::from_der(&other.certificate().der).unwrap();
                said(
                    &Forged {
                        issuer,
                        ..d.forged(q)
                    }
                    .der(),
                )
            },
            "unfit",
        ),
        (
            "does not know the certificate",
            |d, q| {
                let state = vec![0x82, 0];
                said(
                    &Forged {
                        state,
                        ..d.forged(q)
                    }
                    .der(),
                )
            },
            "not-known",
        ),
        (
            "a critical extension that nobody knows",
            |d, q| {
                // SEQUENCE { OID 1.2.3, TRUE, OCTET STRING NULL }
                let extensions = vec![0x30, 11, 6, 2, 0x2a, 3, 1, 1, 0xff, 4, 2, 5, 0];
                said(
                    &Forged {
                        extensions,
                        ..d.forged(q)
                    }
                    .der(),
                )
            },
            "unfit",
        ),
    ];
    for (what, answer, why) in rows {
        is(answer, (UNKNOWN, why), what);
    }
}

#[test]
fn a_responder_with_a_short_key_or_a_certificate_signed_with_a_broken_digest_is_never_good() {
    let rows: [(&str, Answer); 2] = [
        ("RSA 1024", |d, q| {
            let short = delegate().with_key(KeyChoice::Fresh(KeyKind::Rsa(1024)));
            said(&d.forged_by(q, &d.issuing.issue(&short).unwrap()).der())
        }),
        ("SHA-1", |d, q| {
            let signing = Some(Signing::Sha1);
            let broken = Leaf {
                signing,
                ..delegate()
            };
            said(&d.forged_by(q, &d.issuing.issue(&broken).unwrap()).der())
        }),
    ];
    for (what, answer) in rows {
        is(answer, (UNKNOWN, "weak-signer"), what);
    }
}

#[test]
fn an_answer_of_somebody_who_may_not_sign_it_is_never_good() {
    let wrong = "wrong-responder";
    let rows: [(&str, Answer, &str); 10] = [
        (
            "the root, which did not issue it",
            |d, q| said(&d.forged_by(q, d.root.certificate()).der()),
            wrong,
        ),
        (
            "a responder of another authority",
            |d, q| {
                let other = Authority::root("Eksempel udstedende-CA").unwrap();
                said(&d.forged_by(q, &other.issue(&delegate()).unwrap()).der())
            },
            wrong,
        ),
        (
            "a responder of the root",
            |d, q| said(&d.forged_by(q, &d.root.issue(&delegate()).unwrap()).der()),
            wrong,
        ),
        (
            "another person of the issuer",
            |d, q| said(&d.forged_by(q, &d.bo).der()),
            wrong,
        ),
        (
            "a responder whose key is not for signing",
            |d, q| {
                let key_usage = Some(vec![KeyUsage::KeyEncipherment]);
                let signer = d
                    .issuing
                    .issue(&Leaf {
                        key_usage,
                        ..delegate()
                    })
                    .unwrap();
                said(&d.forged_by(q, &signer).der())
            },
            wrong,
        ),
        (
            "a responder whose certificate has ended",
            |d, q| {
                let signer = delegate().valid(hours(-48), hours(-24));
                let signer = d.issuing.issue(&signer).unwrap();
                said(&d.forged_by(q, &signer).der())
            },
            wrong,
        ),
        (
            "a responder that could be revoked, and nobody knows",
            |d, q| {
                let signer = Leaf {
                    extensions: Vec::new(),
                    crl_urls: vec!["http://crl.example/issuing.crl".to_owned()],
                    ..delegate()
                };
                said(&d.forged_by(q, &d.issuing.issue(&signer).unwrap()).der())
            },
            wrong,
        ),
        (
            "a signature that does not hold",
            |d, q| {
                let mut der = d.forged(q).der();
                *der.last_mut().unwrap() ^= 1;
                said(&der)
            },
            wrong,
        ),
        (
            "the key of the issuer under another name",
            |d, q| {
                let signer = X509::from_der(&d.root.certificate().der).unwrap();
                said(
                    &Forged {
                        signer,
                        ..d.forged(q)
                    }
                    .der(),
                )
            },
            wrong,
        ),
        (
            "SHA-1",
            |d, q| {
                let signing = MessageDigest::sha1();
                said(
                    &Forged {
                        signing,
                        ..d.forged(q)
                    }
                    .der(),
                )
            },
            wrong,
        ),
    ];
    for (what, answer, why) in rows {
        is(answer, (UNKNOWN, why), what);
    }
}

#[test]
fn what_is_no_answer_is_never_good() {
    let rows: [(&str, Answer, &str); 12] = [
        ("tryLater", |_, _| said(&[0x30, 3, 0x0a, 1, 3]), "declined"),
        (
            "unauthorized",
            |_, _| said(&[0x30, 3, 0x0a, 1, 6]),
            "declined",
        ),
        (
            "an unknown status",
            |_, _| said(&[0x30, 3, 0x0a, 1, 99]),
            "declined",
        ),
        (
            "success without an answer",
            |_, _| said(&[0x30, 3, 0x0a, 1, 0]),
            "unfit",
        ),
        ("cut", |d, q| said(&d.forged(q).der()[..200]), "unfit"),
        (
            "longer",
            |d, q| said(&[d.forged(q).der(), vec![0]].concat()),
            "unfit",
        ),
        (
            "nested without end",
            |_, _| said(&[0x30, 0x80].repeat(20_000)),
            "unfit",
        ),
        ("too large", |_, _| said(&vec![0x30; 70_000]), "unfit"),
        (
            "an error",
            |_, _| b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n".to_vec(),
            "no-answer",
        ),
        (
            "a redirect",
            |_, _| {
                b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n"
                    .to_vec()
            },
            "no-answer",
        ),
        ("no HTTP", |d, q| d.forged(q).der(), "no-answer"),
        ("nothing", |_, _| Vec::new(), "no-answer"),
    ];
    for (what, answer, why) in rows {
        is(answer, (UNKNOWN, why), what);
    }
}

#[test]
fn a_responder_is_told_only_of_verified_certificates_that_no_list_speaks_of() {
    let (desk, responder) = answering(|d, q| said(&d.forged(q).der()));
    let untrusted = desk.check("other.cer", OPEN, &[ANNE]);
    assert_eq!(told(&untrusted, 0).0, "untrusted-issuer");
    let inside = desk.check("root.cer", "", &[ANNE]);
    assert_eq!(
        told(&inside, 0),
        (UNKNOWN.to_owned(), "no-answer".to_owned())
    );
    let list = desk.issuing.crl(&CrlSpec::empty(hours(-1))).unwrap();
    fs::write(desk.folder().join("issuing.crl"), list).unwrap();
    let listed = desk.check("root.cer", OPEN, &[ANNE]);
    assert_eq!(told(&listed, 0).0, "", "{listed:?}");
    assert_eq!(responder.asked(), 0);
    // A list that is over says nothing of today: then the responder is asked.
    let over = CrlSpec {
        next_update: Some(hours(-30)),
        ..CrlSpec::empty(hours(-60))
    };
    fs::write(
        desk.folder().join("issuing.crl"),
        desk.issuing.crl(&over).unwrap(),
    )
    .unwrap();
    let asked = desk.check("root.cer", OPEN, &[ANNE]);
    assert_eq!(
        (told(&asked, 0).0.as_str(), responder.asked()),
        ("", 1),
        "{asked:?}"
    );
    // "Revoked" is final, whatever else says "good".
    let revoked = CrlSpec::empty(hours(-1)).with_revoked(desk.anne.serial(), hours(-5));
    fs::write(
        desk.folder().join("issuing.crl"),
        desk.issuing.crl(&revoked).unwrap(),
    )
    .unwrap();
    assert_eq!(told(&desk.check("root.cer", OPEN, &[ANNE]), 0).0, "revoked");
}

#[test]
fn a_responder_that_is_silent_is_left_alone() {
    let (desk, responder) = answering(|_, _| Vec::new());
    let ran = desk.check("root.cer", OPEN, &[ANNE, BO]);
    for row in 0..2 {
        assert_eq!(told(&ran, row).0, UNKNOWN, "{ran:?}");
    }
    assert_eq!(responder.asked(), 1, "for two certificates");
}

#[test]
fn an_answer_counts_until_its_next_update_or_as_long_as_policy_says() {
    let desk = desk(1);
    let certificate = |der: &[u8]| Certificate::from_der(der).unwrap();
    let [root, issuing, anne] = [
        &desk.root.certificate().der,
        &desk.issuing.certificate().der,
        &desk.anne.der,
    ]
    .map(|der| certificate(der));
    let (begin, end) = (hours(0), hours(1));
    let der = Forged {
        this_update: begin,
        next_update: Some(end),
        ..desk.forged(&[0; 32])
    }
    .der();
    let responses = Responses::default();
    let keep = |der: &[u8]| {
        let answered = Answered::read(der, "ocsp.example").unwrap();
        responses.keep((&anne, &issuing), answered, begin);
    };
    // Older, beside something newer about somebody else: that makes it no newer.
    let beside = Forged {
        this_update: hours(-40),
        next_update: Some(hours(-20)),
        others: vec![(desk.bo.serial().to_vec(), minutes(1), None)],
        ..desk.forged(&[0; 32])
    };
    keep(&beside.der());
    assert_eq!(responses.endless_since((&anne, &issuing)), None);
    keep(&der);
    let lists = CrlFiles::new(vec![desk.folder().join("root.crl")]);
    let pool = [issuing.clone()];
    let problems = |policy: RevocationPolicy, at: Timestamp| {
        let path = cert::path(&anne, &pool, &Anchors::new(vec![root.clone()]), at);
        let answers = lists.answers_with(&responses, &path, &pool, &Effort::default(), at);
        let rules = Rules {
            revocation: policy,
            allow_test_roots: false,
            bindings: Vec::new(),
        };
        cert::problems(&path, &answers, Subject::Path, &rules, at)
    };
    let grace = RevocationPolicy::Grace(SignedDuration::from_hours(24));
    let rows = [
        (RevocationPolicy::Require, minutes(59), true),
        (RevocationPolicy::Require, minutes(61), false),
        (grace, hours(23), true),
        (grace, hours(25), false),
        // A clock that was set back: nobody knows how old anything is.
        (grace, minutes(-10), false),
        (RevocationPolicy::WhenAvailable, hours(25), true),
    ];
    for (policy, at, is_good) in rows {
        let found = problems(policy, at);
        assert_eq!(found.is_empty(), is_good, "{policy:?} {at}: {found:?}");
    }
    // Whoever stands on the way hands out an older answer again: it does not take the place of the newer.
    let old = Forged {
        this_update: hours(-40),
        next_update: Some(hours(-20)),
        ..desk.forged(&[0; 32])
    };
    keep(&old.der());
    assert_eq!(problems(RevocationPolicy::Require, minutes(59)), []);
}
