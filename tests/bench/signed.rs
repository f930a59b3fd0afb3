//! Signing and encrypting: one large message beside a pipe of OpenSSL's commands, and a thousand letters beside what the
//! primitives that they need cost by themselves in the same library.
//!
//! `cargo bench --no-default-features --features demo --bench signed [-- MEGABYTES]`; 100 MB unless told otherwise. Needs
//! `openssl` and `/usr/bin/time`. Prints medians; asserts nothing about time.
#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

#[path = "sealing.rs"]
mod sealing;

use std::{
    env,
    fs::{self, File},
    hint::black_box,
    io::{self, Read, Write},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use openssl::{
    encrypt::Encrypter,
    hash::MessageDigest,
    pkey::{PKey, Private},
    rsa::Padding,
    sha::sha256,
    sign::Signer as RsaSigner,
    symm::{Cipher, encrypt},
    x509::X509,
};
use sealing::{NOW, Outcome, READER, Run, judged, median, run, write_message};
use segl::{
    cert::{Certificate, EncryptionCertificate, SealingRules},
    demo::{Authority, KeyChoice, KeyKind, Leaf},
    identity::{SignatureScheme, SoftKey},
    smime::{OuterHeader, SealError, Signing, check, seal_entity, sign_entity},
};

const RUNS: usize = 5;
const LETTER_RUNS: usize = 15;
const LETTERS: usize = 1_000;
const LETTER: usize = 20_000;
/// Threads: as many as a desk has at least.
const THREADS: usize = 2;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = env::args().skip(1).filter(|a| a != "--bench").collect();
    if let [job, root, leaf, signer, key, input, output] = &arguments[..]
        && job == "sign"
    {
        let people = People::read([root, leaf, signer, key].map(Path::new))?;
        let mut output = File::create_new(output)?;
        people.send(&mut output, |out| {
            let mut input = File::open(input)?;
            let mut block = vec![0; 256 * 1024];
            loop {
                match input.read(&mut block)? {
                    0 => return Ok(()),
                    read => out.write_all(&block[..read])?,
                }
            }
        })?;
        return Ok(());
    }
    let megabytes = arguments.first().map_or(Ok(100), |a| a.parse())?;
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let root = Authority::root("Segl Benchmark")?;
    let rsa = |name: &str, address: &str| {
        let leaf = Leaf::mail(name, address).with_key(KeyChoice::Fresh(KeyKind::Rsa(2048)));
        root.issue(&leaf)
    };
    let leaf = rsa("Bo", READER)?;
    let signer = rsa("Anne", "anne@x.example")?;
    let file = |name: &str| folder.path().join(name);
    fs::write(file("root"), &root.certificate().der)?;
    fs::write(file("leaf"), &leaf.der)?;
    fs::write(file("leaf.pem"), leaf.pem())?;
    fs::write(file("signer"), &signer.der)?;
    fs::write(file("signer.pem"), signer.pem())?;
    fs::write(file("key"), signer.key_pem()?)?;
    write_message(&file("crlf"), megabytes * 1_000_000, "\r\n")?;
    large(folder.path(), megabytes)?;
    let people = People::read(
        ["root", "leaf", "signer", "key"]
            .map(file)
            .each_ref()
            .map(PathBuf::as_path),
    )?;
    letters(&people)
}

/// Who signs, and who reads.
struct People {
    key: PKey<Private>,
    signer: SoftKey,
    reader: EncryptionCertificate,
    outer: OuterHeader,
}

/// What sending a message can fail at.
#[derive(Debug)]
enum Fault {
    Seal(SealError),
    Read(io::Error),
}

impl From<SealError> for Fault {
    fn from(cause: SealError) -> Self {
        Self::Seal(cause)
    }
}

impl From<io::Error> for Fault {
    fn from(cause: io::Error) -> Self {
        Self::Read(cause)
    }
}

impl People {
    fn read([root, leaf, signer, key]: [&Path; 4]) -> Outcome<Self> {
        let certificate =
            Certificate::from_der(&fs::read(signer)?).map_err(|p| format!("{p:?}"))?;
        let key = PKey::private_key_from_pem(&fs::read(key)?)?;
        let outer = "From: anne@x.example\r\nTo: bo@y.example\r\nSubject: Sagen\r\n\
            Date: Tue, 2 Jun 2026 10:00:00 +0200\r\nMessage-ID: <1@x.example>\r\n";
        Ok(Self {
            signer: SoftKey::new(certificate, key.clone()).ok_or("another key")?,
            key,
            reader: judged(&fs::read(root)?, &fs::read(leaf)?)?,
            outer: OuterHeader::of(outer.as_bytes())?,
        })
    }

    /// Signs, then encrypts, as a mail is made.
    fn send(
        &self,
        output: &mut (dyn Write + Send),
        entity: impl FnOnce(&mut dyn Write) -> Result<(), io::Error>,
    ) -> Outcome<()> {
        let rules = SealingRules::default();
        seal_entity(output, &self.outer, &[&self.reader], rules, |out| {
            self.sign(out, entity)
        })
        .map_err(told)
    }

    fn sign(
        &self,
        output: &mut dyn Write,
        entity: impl FnOnce(&mut dyn Write) -> Result<(), io::Error>,
    ) -> Result<(), Fault> {
        let signing = Signing {
            signer: &self.signer,
            scheme: SignatureScheme::RsaPkcs1Sha256,
            chain: &[],
            reading: None,
            at: NOW,
        };
        sign_entity(output, &signing, |out| entity(out).map_err(Fault::from))
    }
}

fn told(fault: Fault) -> Box<dyn std::error::Error> {
    match fault {
        Fault::Seal(cause) => cause.into(),
        Fault::Read(cause) => cause.into(),
    }
}

/// One message beside `openssl cms -sign | openssl cms -encrypt`.
fn large(folder: &Path, megabytes: usize) -> Outcome<()> {
    let file = |name: &str| folder.join(name).display().to_string();
    let own = env::current_exe()?.display().to_string();
    let out = file("out");
    let segl = [
        &own,
        "sign",
        &file("root"),
        &file("leaf"),
        &file("signer"),
        &file("key"),
        &file("crlf"),
        &out,
    ];
    let pipe = format!(
        "openssl cms -sign -binary -stream -md sha256 -in {} -signer {} -inkey {} | \
         openssl cms -encrypt -binary -stream -aes-256-cbc -outform SMIME -out {out} {}",
        file("crlf"),
        file("signer.pem"),
        file("key"),
        file("leaf.pem"),
    );
    let rows = [
        (
            "openssl cms -sign | -encrypt",
            vec!["sh".to_owned(), "-c".to_owned(), pipe],
        ),
        (
            "segl, signed and encrypted",
            segl.map(str::to_owned).to_vec(),
        ),
    ];
    let mut runs: [Vec<Run>; 2] = Default::default();
    for _ in 0..RUNS {
        // In turn, so that what else this computer does hits both alike.
        for ((_, command), runs) in rows.iter().zip(&mut runs) {
            runs.push(run(&file("time"), command)?);
            fs::remove_file(&out)?;
        }
    }
    println!("{megabytes} MB, RSA 2048, medians of {RUNS} runs");
    println!(
        "{:30} {:>9} {:>11} {:>10}",
        "", "wall s", "processor s", "peak MB"
    );
    for ((name, _), runs) in rows.iter().zip(&runs) {
        let wall = median(runs, |r| r.wall.as_secs_f64());
        let processor = median(runs, |r| r.processor);
        let peak = runs.iter().map(|r| r.kilobytes).max().unwrap_or_default();
        let peak = Duration::from_millis(peak).as_secs_f64();
        println!("{name:30} {wall:9.3} {processor:11.2} {peak:10.1}");
    }
    Ok(())
}

/// What a thing took.
#[derive(Clone, Copy, Default)]
struct Took {
    wall: Duration,
    /// Of all threads together: other work on this computer does not count.
    processor: Duration,
}

/// Processor time of the calling thread, as Linux counts it.
fn processor() -> Outcome<Duration> {
    let told = fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds = told.split(' ').next().unwrap_or_default().parse()?;
    Ok(Duration::from_nanos(nanoseconds))
}

/// What is measured: its name, the thing, and how many thousands of it are done in one go. Of what is short there are
/// more, because Linux counts processor time in steps of 4 ms.
type Row<'a> = (&'static str, u32, Box<dyn Fn() -> Outcome<()> + Sync + 'a>);
const SHORT: u32 = 10;

/// Does a thing a thousand times on all threads together.
fn timed((_, thousands, each): &Row<'_>) -> Outcome<Took> {
    let begin = Instant::now();
    let times = LETTERS / THREADS * usize::try_from(*thousands)?;
    let share = || -> Outcome<Duration> {
        let begin = processor()?;
        (0..times).try_for_each(|_| each())?;
        Ok(processor()?.saturating_sub(begin))
    };
    thread::scope(|scope| {
        let share = || share().map_err(|e| e.to_string());
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(share)).collect();
        let mut took = Took::default();
        for thread in threads {
            took.processor += thread.join().map_err(|_panic| "a thread ended early")??;
        }
        took.wall = begin.elapsed() / *thousands;
        took.processor /= *thousands;
        Outcome::Ok(took)
    })
}

/// The medians of several runs, in turn, so that what else this computer does hits all alike.
fn medians(rows: &[Row<'_>]) -> Outcome<Vec<Took>> {
    let mut all = vec![Vec::new(); rows.len()];
    for _ in 0..LETTER_RUNS {
        for (row, all) in rows.iter().zip(&mut all) {
            all.push(timed(row)?);
        }
    }
    let middle = |took: &[Took], of: fn(&Took) -> Duration| {
        let mut sorted: Vec<Duration> = took.iter().map(of).collect();
        sorted.sort_unstable();
        sorted[LETTER_RUNS / 2]
    };
    let both = |took: Vec<Took>| Took {
        wall: middle(&took, |t| t.wall),
        processor: middle(&took, |t| t.processor),
    };
    Ok(all.into_iter().map(both).collect())
}

/// A thousand letters, and their primitives alone.
fn letters(people: &People) -> Outcome<()> {
    let head = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n";
    let line = format!("{}\r\n", "Vedlagt er sagens akter. ".repeat(3));
    let letter = format!("{head}{}", line.repeat(LETTER / line.len()));
    let signed_and_sealed = || -> Outcome<Vec<u8>> {
        let mut octets = Vec::with_capacity(2 * LETTER);
        people.send(&mut octets, |out| out.write_all(letter.as_bytes()))?;
        Ok(octets)
    };
    // What is encrypted is the letter with its signature around it.
    let mut signed = Vec::new();
    people
        .sign(&mut signed, |out| out.write_all(letter.as_bytes()))
        .map_err(told)?;
    let public = X509::from_der(people.reader.certificate().der())?.public_key()?;
    let rows: [Row<'_>; 7] = [
        (
            "signed and encrypted",
            1,
            Box::new(|| signed_and_sealed().map(drop)),
        ),
        (
            "the same, and checked",
            1,
            Box::new(|| {
                let octets = signed_and_sealed()?;
                check(
                    octets.as_slice(),
                    &[&people.reader],
                    &people.outer,
                    SealingRules::default(),
                )?;
                Ok(())
            }),
        ),
        (
            "RSA 2048 private",
            1,
            Box::new(|| {
                let mut rsa = RsaSigner::new(MessageDigest::sha256(), &people.key)?;
                rsa.update(b"")?;
                black_box(rsa.sign_to_vec()?);
                Ok(())
            }),
        ),
        (
            "RSA 2048 public, encrypting",
            SHORT,
            Box::new(|| {
                let mut encrypter = Encrypter::new(&public)?;
                encrypter.set_rsa_padding(Padding::PKCS1)?;
                let mut out = vec![0; encrypter.encrypt_len(&[7; 32])?];
                black_box(encrypter.encrypt(&[7; 32], &mut out)?);
                Ok(())
            }),
        ),
        (
            "RSA 2048 public, verifying",
            SHORT,
            Box::new(|| {
                let mut encrypter = Encrypter::new(&public)?;
                encrypter.set_rsa_padding(Padding::NONE)?;
                let mut out = vec![0; 256];
                black_box(encrypter.encrypt(&[7; 256], &mut out)?);
                Ok(())
            }),
        ),
        (
            "SHA-256",
            SHORT,
            Box::new(|| {
                black_box(sha256(letter.as_bytes()));
                Ok(())
            }),
        ),
        (
            "AES-256-CBC",
            SHORT,
            Box::new(|| {
                black_box(encrypt(
                    Cipher::aes_256_cbc(),
                    &[7; 32],
                    Some(&[9; 16]),
                    &signed,
                )?);
                Ok(())
            }),
        ),
    ];
    let measured = medians(&rows)?;
    println!(
        "{LETTERS} letters of {} octets, {} with their signatures, RSA 2048, {THREADS} threads, one process; medians of {LETTER_RUNS}",
        letter.len(),
        signed.len()
    );
    println!("{:30} {:>9} {:>11}", "", "wall s", "processor s");
    for ((name, ..), took) in rows.iter().zip(&measured) {
        let (wall, processor) = (took.wall.as_secs_f64(), took.processor.as_secs_f64());
        println!("{name:30} {wall:9.3} {processor:11.3}");
    }
    let primitives = |names: &[&str]| {
        let chosen = rows.iter().zip(&measured);
        let chosen = chosen.filter(|((name, ..), _)| names.contains(name));
        chosen.fold([0.0; 2], |[wall, processor], (_, took)| {
            [
                wall + took.wall.as_secs_f64(),
                processor + took.processor.as_secs_f64(),
            ]
        })
    };
    let needed = [
        "RSA 2048 private",
        "RSA 2048 public, encrypting",
        "SHA-256",
        "AES-256-CBC",
    ];
    let verified = [&needed[..], &["RSA 2048 public, verifying"]].concat();
    let whole = measured[0];
    for (what, names) in [
        ("primitives needed", &needed[..]),
        ("and the own signature verified", &verified),
    ] {
        let [wall, processor] = primitives(names);
        println!(
            "{what:30} {wall:9.3} {processor:11.3}: {:.0} % and {:.0} % of the whole",
            100.0 * wall / whole.wall.as_secs_f64(),
            100.0 * processor / whole.processor.as_secs_f64()
        );
    }
    Ok(())
}
