//! How long 50 recipients take against a directory that is 50 ms of round trip away, TLS included.
//!
//! Twice: the library's directory alone, and the whole command `segl check` (a process of its own, an empty store, path
//! and revocation of every certificate). `cargo bench --bench directory`. Prints milliseconds and round trips; fails only if an answer is wrong. The embedded
//! directory holds every octet back for 25 ms each way; it cannot hold back the TCP handshake, which is the kernel's,
//! so that one round trip is added to what was measured.

#![expect(clippy::print_stdout, reason = "a benchmark says what it measured")]

use std::{
    error::Error,
    fs,
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use rustls_pki_types::CertificateDer;
use segl::{
    demo::{
        Authority, CrlSpec, DirectoryOptions, DirectoryServer, Entry, Leaf, ServerCertificates,
        TlsVersions,
        directory::{Fault, Security},
    },
    directory::{Answer, Directory as _, Freshness, LdapDirectory, Settings},
    mail::Address,
    net::Roots,
};
use tokio::task::JoinSet;

const RECIPIENTS: usize = 50;
const ROUND_TRIP: Duration = Duration::from_millis(50);
const RUNS: usize = 5;
const AT: Timestamp = Timestamp::constant(1_790_000_000, 0);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let certificates = Arc::new(ServerCertificates::make()?);
    let authority = Authority::root("Benchmark Root (TEST)")?;
    let mut entries = Vec::new();
    for number in 0..RECIPIENTS {
        let of = recipient(number);
        let issued = authority.issue(&Leaf::mail(&of, &of))?;
        let entry = Entry::new(&format!("cn={number},c=DK")).with("mail", &of);
        entries.push(entry.with("userCertificate;binary", issued.der));
    }
    println!("{RECIPIENTS} recipients, {ROUND_TRIP:?} of round trip, median of {RUNS}");
    for (name, versions) in [
        ("TLS 1.3", TlsVersions::Only13),
        ("TLS 1.2", TlsVersions::Only12),
    ] {
        let options = DirectoryOptions {
            security: Security::Ldaps(Arc::clone(&certificates)),
            versions,
            delay_each_way: ROUND_TRIP / 2,
            ..DirectoryOptions::default()
        };
        let server = DirectoryServer::start(entries.clone(), options)?;
        let (mut first, mut again) = (Vec::new(), Vec::new());
        for _ in 0..RUNS {
            let root = CertificateDer::from(certificates.root_der().to_vec());
            let directory = Arc::new(LdapDirectory::new(settings(&server.url(), root))?);
            first.push(look_up(&directory).await? + ROUND_TRIP);
            again.push(look_up(&directory).await?);
        }
        report(name, "from nothing", &mut first);
        report(name, "connection kept", &mut again);
        assert_eq!(server.stats().connections, RUNS, "one connection a run");
    }
    let mut commands = Vec::new();
    for _ in 0..RUNS {
        commands.push(check(&authority, &certificates, &entries)? + ROUND_TRIP);
    }
    report("segl check", "TLS 1.3, from nothing", &mut commands);
    hostile(&certificates, &entries).await
}

#[expect(
    clippy::disallowed_methods,
    reason = "the command reads the clock: its revocation list is of today"
)]
/// The command, with nothing kept from before, and all of its answers green.
fn check(
    authority: &Authority,
    certificates: &Arc<ServerCertificates>,
    entries: &[Entry],
) -> Result<Duration, Box<dyn Error>> {
    let options = DirectoryOptions {
        security: Security::Ldaps(Arc::clone(certificates)),
        delay_each_way: ROUND_TRIP / 2,
        ..DirectoryOptions::default()
    };
    let server = DirectoryServer::start(entries.to_vec(), options)?;
    let folder = tempfile::tempdir()?;
    let at = |name: &str| folder.path().join(name);
    fs::write(at("root.pem"), authority.pem())?;
    fs::write(at("servers.pem"), certificates.root_pem())?;
    let hour_ago = Timestamp::now() - jiff::SignedDuration::from_hours(1);
    fs::write(at("root.crl"), authority.crl(&CrlSpec::empty(hour_ago))?)?;
    let url = server.url();
    let settings = format!(
        "[[sender]]\naddress = \"anne@advokat-eksempel.dk\"\n\
         [[directory]]\nname = \"OCES\"\nurl = \"{url}\"\nbase = \"c=DK\"\nca_file = \"servers.pem\"\n\
         [trust]\nanchors = [\"root.pem\"]\ncrls = [\"root.crl\"]\n\
         [network]\nallow_private = true\n[policy]\nrevocation = \"require\"\n\
         [data]\ndir = \"data\"\nkey_file = \"key\"\n"
    );
    fs::write(at("segl.toml"), settings)?;
    let begun = Instant::now();
    let output = Command::new(env!("CARGO_BIN_EXE_segl"))
        .args(["check", "--json", "--config"])
        .arg(at("segl.toml"))
        .args((0..RECIPIENTS).map(recipient))
        .output()?;
    let taken = begun.elapsed();
    let told = String::from_utf8_lossy(&output.stdout);
    let green = told.matches("\"light\":\"green\"").count();
    assert_eq!(
        (output.status.code(), green),
        (Some(0), RECIPIENTS),
        "{output:?}"
    );
    Ok(taken)
}

/// Memory while everybody is looked up in a directory that would send for ever.
async fn hostile(
    certificates: &Arc<ServerCertificates>,
    entries: &[Entry],
) -> Result<(), Box<dyn Error>> {
    let faults = [
        Fault::EndlessEntries,
        Fault::EndlessMessage,
        Fault::HugeLength,
    ];
    for fault in faults {
        let options = DirectoryOptions {
            security: Security::Ldaps(Arc::clone(certificates)),
            ..DirectoryOptions::default()
        };
        let server = DirectoryServer::start(entries.to_vec(), options)?;
        server.set_fault(fault.clone())?;
        let root = CertificateDer::from(certificates.root_der().to_vec());
        let directory = Arc::new(LdapDirectory::new(settings(&server.url(), root))?);
        let before = peak_memory();
        let answers = ask_all(&directory).await?;
        let after = peak_memory();
        let failed = answers
            .iter()
            .filter(|answer| answer.failure.is_some())
            .count();
        println!(
            "{fault:?}: {failed} of {RECIPIENTS} failed, peak memory {before} before, {after} after (both sides)"
        );
    }
    Ok(())
}

/// The most that this process ever held, as Linux tells it.
fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.unwrap_or("unknown").trim().to_owned()
}

/// Looks up everybody at once, and makes sure that everybody was found.
async fn look_up(directory: &Arc<LdapDirectory>) -> Result<Duration, Box<dyn Error>> {
    let begun = Instant::now();
    let answers = ask_all(directory).await?;
    let taken = begun.elapsed();
    let is_right = |answer: &Answer| answer.found.len() == 1 && answer.failure.is_none();
    assert!(answers.iter().all(is_right), "an answer is wrong");
    Ok(taken)
}

async fn ask_all(directory: &Arc<LdapDirectory>) -> Result<Vec<Answer>, Box<dyn Error>> {
    let mut searches = JoinSet::new();
    for number in 0..RECIPIENTS {
        let directory = Arc::clone(directory);
        let of = Address::parse(&recipient(number))?;
        searches.spawn(async move { directory.find(&of, AT, Freshness::Recent).await });
    }
    Ok(searches.join_all().await)
}

fn report(tls: &str, what: &str, runs: &mut [Duration]) {
    runs.sort_unstable();
    let median = runs[runs.len() / 2];
    let trips = median.as_secs_f64() / ROUND_TRIP.as_secs_f64();
    println!(
        "{tls}, {what}: {} ms, {trips:.1} round trips",
        median.as_millis()
    );
}

fn recipient(number: usize) -> String {
    format!("recipient{number}@advokat-eksempel.dk")
}

fn settings(url: &str, root: CertificateDer<'static>) -> Settings {
    Settings {
        name: "OCES".to_owned(),
        url: url.to_owned(),
        base: "c=DK".to_owned(),
        filter: "(mail={address})".to_owned(),
        attributes: vec!["userCertificate;binary".to_owned()],
        roots: Roots::Only(vec![root]),
        start_tls: false,
        allow_plaintext: false,
        bind: None,
        trust_binding: false,
        connect_timeout: Duration::from_secs(10),
        search_timeout: Duration::from_secs(10),
        size_limit: 50,
    }
}
