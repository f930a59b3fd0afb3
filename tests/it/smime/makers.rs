//! The other direction: what outside programs make, Segl opens and verifies. What each of them makes is a table, which
//! the README shows.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use segl::demo::{Issued, KeyChoice, KeyKind, Leaf};
use serde_json::Value;
use x509_cert::ext::pkix::KeyUsages;

use super::{
    people::Person,
    programs::{Folder, Gpgsm, Nss, PASSWORD, java, run},
    with_structure,
};
use crate::{
    desk::Desk,
    opening::{codes, problems},
    own::import,
    tools::tool,
};

/// Who makes mail, and whether each encrypts to an RSA key, to an EC key, signs with an RSA key, and with an EC key. All
/// that is made, Segl must read. Thunderbird's letters stand in `thunderbird::letters`.
const MAKERS: [(&str, [bool; 4]); 5] = [
    ("OpenSSL 3.0 command", [true; 4]),
    ("gpgsm 2.2", [true, false, true, false]),
    ("NSS cmsutil 3.87", [true, false, true, true]),
    ("BouncyCastle 1.72", [true; 4]),
    ("Thunderbird 153", [true; 4]),
];
const OPENSSL: usize = 0;
const GPGSM: usize = 1;
const NSS: usize = 2;
const BOUNCYCASTLE: usize = 3;

pub(super) const ANNE: &str = "anne@advokat-eksempel.dk";
pub(super) const KAREN: &str = "karen@advokat-eksempel.dk";

const ENTITY: &str = "Content-Type: text/plain; charset=utf-8\r\n\r\nKære Anne\r\n";

/// A certificate with a key of this kind, for signing and reading.
pub(super) fn issue(desk: &Desk, name: &str, address: &str, kind: KeyKind) -> Issued {
    let leaf = Leaf::mail(name, address);
    let leaf = match kind {
        KeyKind::Rsa(_) => leaf.with_key(KeyChoice::Shared(2000)),
        _ => leaf
            .with_key(KeyChoice::Fresh(kind))
            .with_key_usage(&[KeyUsages::DigitalSignature, KeyUsages::KeyAgreement]),
    };
    desk.demo.world().issuing.issue(&leaf).unwrap()
}

/// That `segl open` tells of encryption in this way (none where it is none), and of a good signature of Karen's.
pub(super) fn is_protected(mail: &Value, way: Option<&str>, is_signed: bool) {
    let layers = mail["layers"].as_array().unwrap();
    let kinds: Vec<_> = layers.iter().filter_map(|l| l["kind"].as_str()).collect();
    let wanted = [way.map(|_| "encrypted"), is_signed.then_some("signed")];
    let wanted: Vec<_> = wanted.into_iter().flatten().collect();
    assert_eq!(kinds, wanted, "{mail}");
    if let Some(way) = way {
        assert_eq!(layers[0]["key_management"], way, "{mail}");
    }
    let signers = mail["signers"].as_array().unwrap();
    assert_eq!(signers.len(), usize::from(is_signed), "{mail}");
    if is_signed {
        assert_eq!(problems(mail, 0), [""; 0], "{mail}");
        assert_eq!(signers[0]["address"], KAREN);
    }
    // They encrypt in CBC mode: without a signature somebody on the way could have altered it.
    let warned: &[&str] = if is_signed { &[] } else { &["unauthenticated"] };
    assert_eq!(codes(&mail["warnings"]), warned, "{mail}");
}

/// Karen, who writes, and Anne, whose desk it is, with a key of one kind each.
struct Pair {
    desk: Desk,
    folder: Folder,
    karen: Person,
    anne: Person,
    way: &'static str,
}

impl Pair {
    fn new(kind: KeyKind) -> Self {
        let desk = Desk::new();
        let anne = issue(&desk, "Anne", ANNE, kind);
        let karen = issue(&desk, "Karen", KAREN, kind);
        import(&desk, &anne);
        let world = desk.demo.world();
        let (anne, karen) = (
            Person::of(world, ANNE, &anne),
            Person::of(world, KAREN, &karen),
        );
        Self {
            desk,
            folder: Folder::new(),
            karen,
            anne,
            way: match kind {
                KeyKind::Rsa(_) => "rsa-pkcs1",
                _ => "ecdh",
            },
        }
    }

    fn authorities(&self) -> [&[u8]; 2] {
        let world = self.desk.demo.world();
        [
            &world.root.certificate().der,
            &world.issuing.certificate().der,
        ]
    }

    fn opened(&self, mail: &[u8]) -> (Value, i32) {
        fs::write(self.desk.path("made.eml"), mail).unwrap();
        let ran = self.desk.segl(&["open", "--json", "made.eml"]);
        (ran.json(), ran.code)
    }

    /// Opens a mail that says "Kære Anne", and nothing else.
    fn reads(&self, mail: &[u8], is_encrypted: bool, is_signed: bool) {
        let (opened, code) = self.opened(mail);
        is_protected(&opened, is_encrypted.then_some(self.way), is_signed);
        assert_eq!(opened["text"], "Kære Anne\n", "{opened}");
        assert_eq!(code, i32::from(!is_signed), "{opened}");
    }
}

/// An entity of a CMS structure.
fn entity(smime_type: &str, structure: &[u8]) -> Vec<u8> {
    let head = format!(
        "Content-Type: application/pkcs7-mime; smime-type={smime_type}; name=smime.p7m\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n"
    );
    with_structure(head.as_bytes(), structure)
}

fn mail(entity: &[u8]) -> Vec<u8> {
    let head =
        format!("From: Karen <{KAREN}>\r\nTo: {ANNE}\r\nSubject: S\r\nMIME-Version: 1.0\r\n");
    [head.as_bytes(), entity].concat()
}

/// One program, which encrypts a file to Anne and signs one as Karen: the CMS structures, where it does.
trait Maker {
    fn encrypted(&self, pair: &Pair, content: &Path) -> Option<Vec<u8>>;
    fn signed(&self, pair: &Pair, content: &Path) -> Option<Vec<u8>>;
}

/// Holds a program to its row, and Segl to what it makes.
fn judge<M: Maker>(row: usize, program: impl Fn(&Pair) -> M) {
    let (name, makes) = MAKERS[row];
    for (n, kind) in [KeyKind::Rsa(2048), KeyKind::P256].into_iter().enumerate() {
        let pair = Pair::new(kind);
        let program = program(&pair);
        let is_new = |is_made: bool, column: usize| {
            assert!(is_made || !makes[column], "{name} makes nothing: {kind:?}");
            if is_made && !makes[column] {
                eprintln!("NEWS: {name} makes more than the table says: column {column}");
            }
        };
        let plain = pair.folder.file("plain", ENTITY.as_bytes());
        let encrypted = program.encrypted(&pair, &plain);
        is_new(encrypted.is_some(), n);
        let signed = program.signed(&pair, &plain);
        is_new(signed.is_some(), 2 + n);

        if let Some(structure) = &encrypted {
            pair.reads(&mail(&entity("enveloped-data", structure)), true, false);
        }
        let Some(structure) = signed else { continue };
        let inner = entity("signed-data", &structure);
        pair.reads(&mail(&inner), false, true);
        if encrypted.is_some() {
            let inner = pair.folder.file("inner", &inner);
            let both = program.encrypted(&pair, &inner).unwrap();
            pair.reads(&mail(&entity("enveloped-data", &both)), true, true);
        }

        let mut altered = structure;
        let at = memchr::memmem::find(&altered, b"Anne\r\n").expect("the text in clear");
        altered[at] = b'a';
        let (opened, code) = pair.opened(&mail(&entity("signed-data", &altered)));
        let found = problems(&opened, 0);
        let changed = ["content-changed", "signature-invalid"];
        assert!(
            found.iter().any(|f| changed.contains(&f.as_str())) && code == 1,
            "{name}: {opened}"
        );
    }
}

/// Certificate (DER) and key (PKCS#8) of a person.
fn files(folder: &Folder, person: &Person) -> [PathBuf; 2] {
    let key = person.key().private_key_to_pkcs8().unwrap();
    [
        folder.file("certificate", person.der()),
        folder.file("key", &key),
    ]
}

fn made(command: &mut Command, input: &str, out: &Path) -> Option<Vec<u8>> {
    let _none_yet = fs::remove_file(out);
    let done = run(command, input);
    if !done.status.success() {
        eprintln!("{command:?}: {}", String::from_utf8_lossy(&done.stderr));
        return None;
    }
    Some(fs::read(out).unwrap())
}

struct OpenSsl;

impl OpenSsl {
    fn cms(pair: &Pair, content: &Path, arguments: &[&str], person: &Person) -> Option<Vec<u8>> {
        let out = pair.folder.path("out");
        let pem = pair
            .folder
            .file("certificate", &person.x509().to_pem().unwrap());
        let key = person.key().private_key_to_pem_pkcs8().unwrap();
        let key = pair.folder.file("key", &key);
        let mut openssl = tool("openssl").unwrap();
        openssl.arg("cms").args(arguments).arg(pem);
        if arguments[0] == "-sign" {
            openssl.arg("-inkey").arg(key);
        }
        openssl.args(["-binary", "-outform", "DER", "-in"]);
        openssl.arg(content).arg("-out").arg(&out);
        made(&mut openssl, "", &out)
    }
}

impl Maker for OpenSsl {
    fn encrypted(&self, pair: &Pair, content: &Path) -> Option<Vec<u8>> {
        let arguments = ["-encrypt", "-aes-256-cbc", "-recip"];
        Self::cms(pair, content, &arguments, &pair.anne)
    }

    fn signed(&self, pair: &Pair, content: &Path) -> Option<Vec<u8>> {
        let arguments = ["-sign", "-nodetach", "-signer"];
        Self::cms(pair, content, &arguments, &pair.karen)
    }
}

impl Maker for Gpgsm {
    fn encrypted(&self, pair: &Pair, content: &Path) -> Option<Vec<u8>> {
        let out = pair.folder.path("out");
        let mut gpgsm = self.command();
        gpgsm.args(["--recipient", ANNE, "--output"]).arg(&out);
        made(gpgsm.arg("--encrypt").arg(content), "", &out)
    }

    fn signed(&self, pair: &Pair, content: &Path) -> Option<Vec<u8>> {
        let out = pair.folder.path("out");
        let mut gpgsm = self.command();
        // Left to itself it signs with SHA-1 where the own certificate's issuer signs with RSASSA-PSS, as that of OCES3
        // does, and Segl rightly tells of a weak digest.
        gpgsm.args(["--digest-algo", "SHA256", "--local-user", KAREN]);
        gpgsm.arg("--output").arg(&out);
        made(gpgsm.arg("--sign").arg(content), PASSWORD, &out)
    }
}

impl Maker for Nss {
    fn encrypted(&self, pair: &Pair, content: &Path) -> Option<Vec<u8>> {
        let out = pair.folder.path("out");
        let mut cmsutil = self.tool("cmsutil");
        cmsutil.args(["-E", "-r", ANNE, "-i"]).arg(content);
        made(cmsutil.arg("-o").arg(&out), "", &out)
    }

    fn signed(&self, pair: &Pair, content: &Path) -> Option<Vec<u8>> {
        let out = pair.folder.path("out");
        let mut cmsutil = self.tool("cmsutil");
        cmsutil.args(["-S", "-G", "-H", "SHA256", "-N", "karen", "-i"]);
        made(cmsutil.arg(content).arg("-o").arg(&out), "", &out)
    }
}

/// Runs `tests/java/Make.java`.
struct BouncyCastle<'a>(&'a dyn Fn() -> Command);

impl BouncyCastle<'_> {
    fn make(&self, what: &str, pair: &Pair, content: &Path, person: &Person) -> Option<Vec<u8>> {
        let out = pair.folder.path("out");
        let mut java = (self.0)();
        java.arg(what).arg(content);
        java.args(files(&pair.folder, person)).arg(&out);
        made(&mut java, "", &out)
    }
}

impl Maker for BouncyCastle<'_> {
    fn encrypted(&self, pair: &Pair, content: &Path) -> Option<Vec<u8>> {
        self.make("encrypt", pair, content, &pair.anne)
    }

    fn signed(&self, pair: &Pair, content: &Path) -> Option<Vec<u8>> {
        self.make("sign", pair, content, &pair.karen)
    }
}

#[test]
fn segl_reads_what_the_openssl_command_makes() {
    let Some(_) = tool("openssl") else { return };
    judge(OPENSSL, |_| OpenSsl);
}

#[test]
fn segl_reads_what_gpgsm_makes() {
    let (Some(_), Some(_)) = (tool("gpgsm"), tool("gpgconf")) else {
        return;
    };
    judge(GPGSM, |pair| {
        let gpgsm = Gpgsm::new(&pair.folder, "home");
        let [root, issuing] = pair.authorities();
        gpgsm.trust(&pair.folder, root);
        gpgsm.import(&pair.folder, issuing);
        gpgsm.import(&pair.folder, pair.anne.der());
        // A key that is new to it is refused here, and then it makes nothing.
        gpgsm.import_key(&pair.folder, &pair.karen);
        gpgsm.import(&pair.folder, pair.karen.der());
        gpgsm
    });
}

#[test]
fn segl_reads_what_nss_makes() {
    let (Some(_), Some(_), Some(_)) = (tool("certutil"), tool("pk12util"), tool("cmsutil")) else {
        return;
    };
    judge(NSS, |pair| {
        let nss = Nss::new(&pair.folder, "database");
        let [root, issuing] = pair.authorities();
        nss.import(&pair.folder, "root", root, "C,C,C");
        nss.import(&pair.folder, "issuing", issuing, ",,");
        nss.import(&pair.folder, "anne", pair.anne.der(), ",,");
        nss.import_key(&pair.folder, "karen", &pair.karen);
        nss
    });
}

#[test]
fn segl_reads_what_bouncycastle_makes() {
    let folder = Folder::new();
    let Some(java) = java(&folder, "Make") else {
        return;
    };
    judge(BOUNCYCASTLE, |_| BouncyCastle(&java));
}

#[test]
fn the_readme_shows_who_makes_what() {
    let mut table = String::from(
        "| made by | encrypted to RSA | encrypted to EC | signed with RSA | signed with EC |\n|---|---|---|---|---|\n",
    );
    for (name, makes) in MAKERS {
        let words = makes.map(|m| if m { "read" } else { "not made" });
        writeln!(table, "| {name} | {} |", words.join(" | ")).unwrap();
    }
    println!("{table}");
    super::is_in_the_readme(&table);
}
