//! Outside judges on every {content × key}: what each program opens is a table, which the README shows and each judge is
//! held to. Each cell is tried alone and beside readers with other kinds of keys, because some programs refuse a whole
//! message where one `RecipientInfo` is new to them.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use openssl::cms::CmsContentInfo;
use segl::cert::{ContentCipher, RsaPadding, SealingRules};

use super::{
    people::{self, Person},
    programs::{Folder, Gpgsm, Nss, PASSWORD, java, run},
    seal_by, structure,
};
use crate::tools::{judging_python, tool};

/// A way to encrypt, and how far each program opens it.
pub(super) struct Row {
    /// The content, and the key as the README calls them.
    pub(super) names: [&'static str; 2],
    /// Which of the people of each kind.
    pub(super) person: usize,
    cipher: ContentCipher,
    rsa: RsaPadding,
    opens: [Opens; JUDGES.len()],
}

/// In which messages a reader with such a key is served by a program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Opens {
    /// In none.
    No = 0,
    /// Where all readers have RSA keys.
    BesideRsa = 1,
    /// Where no reader has an ML-KEM key.
    BesideClassical = 3,
    /// In all.
    Yes = 5,
}

impl Opens {
    fn words(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::BesideRsa => "only beside RSA",
            Self::BesideClassical => "not beside ML-KEM",
            Self::Yes => "yes",
        }
    }
}

/// The other readers of the messages, among the people of each kind: RSA alone, with EC, with X25519, with ML-KEM, and
/// RSA with ML-KEM alone.
const BESIDE: [&[usize]; 5] = [
    &[0],
    &[0, 1, 2, 3],
    &[0, 1, 2, 3, 4],
    &[0, 1, 2, 3, 4, 5, 6],
    &[0, 5],
];

/// The judges, in the order of the columns. Debian 12 has all but the second, which is the library inside Segl.
const JUDGES: [&str; 6] = [
    "OpenSSL 3.0 command",
    "OpenSSL 3.6 library",
    "gpgsm 2.2",
    "NSS cmsutil 3.87",
    "BouncyCastle 1.72",
    "Thunderbird 153",
];
const OPENSSL: usize = 0;
const OPENSSL_3_6: usize = 1;
const GPGSM: usize = 2;
const NSS: usize = 3;
const BOUNCYCASTLE: usize = 4;

const KEYS: [(&str, usize, RsaPadding); 8] = [
    ("RSA, PKCS#1 v1.5", 0, RsaPadding::Pkcs1),
    ("RSA, OAEP SHA-256", 0, RsaPadding::OaepSha256),
    ("ECDH P-256", 1, RsaPadding::Pkcs1),
    ("ECDH P-384", 2, RsaPadding::Pkcs1),
    ("ECDH P-521", 3, RsaPadding::Pkcs1),
    ("X25519", 4, RsaPadding::Pkcs1),
    ("ML-KEM-768", 5, RsaPadding::Pkcs1),
    ("ML-KEM-1024", 6, RsaPadding::Pkcs1),
];
const CIPHERS: [(&str, ContentCipher); 2] = [
    ("AES-256-CBC", ContentCipher::Aes256Cbc),
    ("AES-256-GCM", ContentCipher::Aes256Gcm),
];

/// What each judge opens: by content, then by key, in the order above.
const TABLE: [[[Opens; JUDGES.len()]; 8]; 2] = {
    use Opens::{BesideClassical as C, BesideRsa as R, No as N, Yes as Y};
    [
        [
            [Y, Y, Y, R, Y, C],
            [Y, Y, N, N, Y, C],
            [Y, Y, N, N, Y, C],
            [Y, Y, N, N, Y, C],
            [Y, Y, N, N, Y, C],
            [N, N, N, N, N, N],
            [N, Y, N, N, N, N],
            [N, Y, N, N, N, N],
        ],
        [
            [Y, Y, N, N, Y, N],
            [Y, Y, N, N, Y, N],
            [Y, Y, N, N, N, N],
            [Y, Y, N, N, N, N],
            [Y, Y, N, N, N, N],
            [N, N, N, N, N, N],
            [N, Y, N, N, N, N],
            [N, Y, N, N, N, N],
        ],
    ]
};

fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for ((content, cipher), opens) in CIPHERS.into_iter().zip(TABLE) {
        for ((key, person, rsa), opens) in KEYS.into_iter().zip(opens) {
            rows.push(Row {
                names: [content, key],
                person,
                cipher,
                rsa,
                opens,
            });
        }
    }
    rows
}

impl Row {
    pub(super) fn person(&self) -> &'static Person {
        &people::of_each_kind()[self.person]
    }

    fn rules(&self) -> SealingRules {
        SealingRules {
            cipher: self.cipher,
            rsa: self.rsa,
        }
    }
}

/// The rows, each with a message to its person beside each of these.
fn cells() -> &'static [(Row, [Vec<u8>; BESIDE.len()])] {
    static CELLS: LazyLock<Vec<(Row, [Vec<u8>; BESIDE.len()])>> = LazyLock::new(|| {
        let everybody: Vec<_> = people::of_each_kind().iter().map(Person::judged).collect();
        let everybody: Vec<_> = everybody.iter().collect();
        let sealed = |row: Row| {
            let to = |others: &[usize]| {
                let mut readers: Vec<_> = others.iter().map(|&n| everybody[n]).collect();
                if !others.contains(&row.person) {
                    readers.push(everybody[row.person]);
                }
                seal_by(row.rules(), MESSAGE, &readers).unwrap().0
            };
            let messages = BESIDE.map(to);
            (row, messages)
        };
        rows().into_iter().map(sealed).collect()
    });
    &CELLS
}

const MESSAGE: &[u8] =
    "To: a@y.example\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nRødgrød med fløde\r\n"
        .as_bytes();
const ENTITY: &[u8] =
    "Content-Type: text/plain; charset=utf-8\r\n\r\nRødgrød med fløde\r\n".as_bytes();

/// Lets a judge try each row's messages, and holds it to its column. What it opens is the entity or nothing.
pub(super) fn judge(column: usize, mut open: impl FnMut(&Row, &[u8]) -> Option<Vec<u8>>) {
    let mut wrong = Vec::new();
    for (row, messages) in cells() {
        for (n, message) in messages.iter().enumerate() {
            let opened = open(row, message);
            let told = format!("{:?} beside {:?}: {opened:?}", row.names, BESIDE[n]);
            match (n < row.opens[column] as usize, opened.as_deref()) {
                (true, Some(ENTITY)) | (false, None) => {}
                (false, Some(ENTITY)) => {
                    let judge = JUDGES[column];
                    eprintln!("NEWS: {judge} opens more than the table says: {told}");
                }
                _ => wrong.push(told),
            }
        }
    }
    assert!(wrong.is_empty(), "{}: {wrong:#?}", JUDGES[column]);
}

fn read(path: &Path) -> Option<Vec<u8>> {
    let octets = fs::read(path).ok()?;
    fs::remove_file(path).unwrap();
    Some(octets)
}

#[test]
fn the_openssl_command_opens_its_column() {
    let Some(_) = tool("openssl") else { return };
    let folder = Folder::new();
    let out = folder.path("out");
    judge(OPENSSL, |row, message| {
        let message = folder.file("message.eml", message);
        let person = row.person();
        let key = folder.file("key", &person.key().private_key_to_pem_pkcs8().unwrap());
        let certificate = folder.file("certificate", &person.x509().to_pem().unwrap());
        let mut openssl = tool("openssl").unwrap();
        openssl
            .args(["cms", "-decrypt", "-inform", "SMIME", "-in"])
            .arg(message);
        openssl
            .arg("-inkey")
            .arg(key)
            .arg("-recip")
            .arg(certificate);
        let succeeded = run(openssl.arg("-out").arg(&out), "").status.success();
        read(&out).filter(|_| succeeded)
    });
}

#[test]
fn the_openssl_library_opens_its_column() {
    judge(OPENSSL_3_6, |row, message| {
        let person = row.person();
        let cms = CmsContentInfo::smime_read_cms(message).unwrap();
        cms.decrypt(person.key(), &person.x509()).ok()
    });
}

#[test]
fn gpgsm_opens_its_column() {
    let (Some(_), Some(_)) = (tool("gpgsm"), tool("gpgconf")) else {
        return;
    };
    let folder = Folder::new();
    let programs: Vec<_> = people::of_each_kind()
        .iter()
        .enumerate()
        .map(|(n, person)| {
            let gpgsm = Gpgsm::new(&folder, &format!("home{n}"));
            // Keys of newer kinds are refused here, and then nothing opens.
            gpgsm.import_key(&folder, person);
            gpgsm.import(&folder, person.der());
            gpgsm
        })
        .collect();
    let out = folder.path("out");
    judge(GPGSM, |row, message| {
        let structure = folder.file("message.p7m", &structure(message));
        let mut gpgsm = programs[row.person].command();
        gpgsm.arg("--output").arg(&out).arg("--decrypt");
        let output = run(gpgsm.arg(structure), PASSWORD);
        let status = String::from_utf8_lossy(&output.stdout);
        read(&out).filter(|_| status.contains("DECRYPTION_OKAY"))
    });
}

#[test]
fn nss_opens_its_column() {
    let (Some(_), Some(_), Some(_)) = (tool("certutil"), tool("pk12util"), tool("cmsutil")) else {
        return;
    };
    let folder = Folder::new();
    let programs: Vec<_> = people::of_each_kind()
        .iter()
        .enumerate()
        .map(|(n, person)| {
            let nss = Nss::new(&folder, &format!("database{n}"));
            nss.import_key(&folder, "pkcs12", person);
            nss
        })
        .collect();
    let out = folder.path("out");
    judge(NSS, |row, message| {
        let structure = folder.file("message.p7m", &structure(message));
        let mut cmsutil = programs[row.person].tool("cmsutil");
        cmsutil.arg("-D").arg("-i").arg(structure);
        let succeeded = run(cmsutil.arg("-o").arg(&out), "").status.success();
        read(&out).filter(|_| succeeded)
    });
}

/// Writes each row's messages with certificate and key to files, and a list of them for a program that opens all in
/// one run. `with` stands behind each name.
fn list(folder: &Folder, with: impl Fn(&Row) -> Option<&'static str>) -> PathBuf {
    let mut list = String::new();
    for (n, (row, messages)) in cells().iter().enumerate() {
        let person = row.person();
        let key = folder.file(
            &format!("key{n}"),
            &person.key().private_key_to_pkcs8().unwrap(),
        );
        let certificate = folder.file(&format!("certificate{n}"), person.der());
        for (which, message) in messages.iter().enumerate() {
            let name = format!("{n}-{which}");
            let octets = structure(message);
            let message = folder.file(&format!("message{name}"), &octets);
            let files = [message, certificate.clone(), key.clone()];
            let files = files.iter().map(|f| f.display().to_string());
            let fields = [name].into_iter();
            let fields = fields.chain(with(row).map(str::to_owned)).chain(files);
            list += &(fields.collect::<Vec<_>>().join("\t") + "\n");
        }
    }
    folder.file("list", list.as_bytes())
}

#[test]
fn bouncycastle_opens_its_column() {
    let folder = Folder::new();
    let Some(java) = java(&folder, "Matrix") else {
        return;
    };
    let out = folder.folder("out");
    let list = list(&folder, |row| {
        Some(match row.cipher {
            ContentCipher::Aes256Cbc => "false",
            ContentCipher::Aes256Gcm => "true",
        })
    });
    let output = run(java().arg(list).arg(&out), "");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    eprintln!("{errors}");
    let mut n = 0;
    judge(BOUNCYCASTLE, |_, _| {
        n += 1;
        let (row, message) = ((n - 1) / BESIDE.len(), (n - 1) % BESIDE.len());
        read(&out.join(format!("{row}-{message}")))
    });
}

/// No outside judge reads X25519 yet, and only OpenSSL ML-KEM: this is a reader of our own, from the RFCs, with other
/// people's primitives (`tests/python/open_cms.py`).
#[test]
fn x25519_and_ml_kem_open_by_the_letter_of_their_rfcs() {
    let Some(mut python) = judging_python() else {
        return;
    };
    let folder = Folder::new();
    let out = folder.folder("out");
    let list = list(&folder, |_| None);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/open_cms.py");
    let output = run(python.arg(script).arg(list).arg(&out), "");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let mut opened = 0;
    for (n, (row, _)) in cells().iter().enumerate() {
        for which in 0..BESIDE.len() {
            let found = read(&out.join(format!("{n}-{which}")));
            if row.person >= 4 {
                assert!(
                    found.as_deref() == Some(ENTITY),
                    "{:?}: {errors}",
                    row.names
                );
                opened += 1;
            } else {
                assert!(found.is_none(), "{:?}", row.names);
            }
        }
    }
    assert_eq!(opened, 6 * BESIDE.len());
}

#[test]
fn the_readme_shows_the_table() {
    let mut table = String::new();
    writeln!(table, "| content | key | {} |", JUDGES.join(" | ")).unwrap();
    writeln!(table, "|---|---|{}", "---|".repeat(JUDGES.len())).unwrap();
    for row in rows() {
        let [content, key] = row.names;
        let words = row.opens.map(Opens::words);
        writeln!(table, "| {content} | {key} | {} |", words.join(" | ")).unwrap();
    }
    println!("{table}");
    super::is_in_the_readme(&table);
}
