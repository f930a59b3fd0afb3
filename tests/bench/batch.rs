//! Ten thousand protected letters in one `segl send --batch`: each to somebody else, encrypted to their own certificate
//! that the directory has, with a record of its own; killed in the middle and run again.
//!
//! `cargo bench --no-default-features --features demo --bench batch`; `SEGL_LETTERS` for another number. Linux: memory is
//! read from /proc. Directory and mail server run on the same computer, in the benchmark's own process.
#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark prints what it measured, or says what it lacks and ends"
)]

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    fs,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use segl::demo::{Demo, Entry, KeyChoice, Leaf, World};

const LETTERS: usize = 10_000;
/// Keys of recipients: making ten thousand would take longer than sending to them.
const KEYS: usize = 8;

#[expect(
    clippy::disallowed_methods,
    reason = "the program reads the clock, so its world is made for now"
)]
fn main() {
    // `cargo test` runs benches too, without this argument.
    if !std::env::args().any(|a| a == "--bench") {
        return;
    }
    let given = std::env::var("SEGL_LETTERS").ok();
    let letters = given.and_then(|n| n.parse().ok()).unwrap_or(LETTERS);
    let demo = Demo::of(World::with_shared_keys(Timestamp::now()).expect("a world")).expect("demo");
    let issuing = &demo.world().issuing;
    let (mut entries, mut list) = (Vec::new(), "to;navn;sag\n".to_owned());
    for n in 0..letters {
        let address = format!("klient-{n}@kunde-{}.example", n % 500);
        let leaf = Leaf::mail(&format!("Klient {n}"), &address);
        let leaf = leaf.with_key(KeyChoice::Shared(5000 + n % KEYS));
        let issued = issuing.issue(&leaf).expect("a certificate");
        let entry = Entry::new(&format!("cn=Klient {n},c=DK")).with("mail", &address);
        entries.push(entry.with("userCertificate;binary", issued.der));
        writeln!(list, "{address};Klient {n};{n}").expect("a line");
    }
    demo.directory().set_entries(entries);
    fs::write(demo.folder().join("list.csv"), list).expect("a list");
    let letter = format!(
        "Emne: Sag {{sag}}\n\nKære {{navn}}\n\n{}",
        "Brødtekst. ".repeat(100)
    );
    fs::write(demo.folder().join("letter.txt"), letter).expect("a letter");

    let begun = Instant::now();
    let mut first = start(&demo);
    let mut peak = 0;
    while demo.mail().taken() < letters / 2 {
        assert!(
            first.try_wait().expect("a process").is_none(),
            "it ended by itself"
        );
        peak = peak.max(resident(&first));
        thread::sleep(Duration::from_millis(20));
    }
    first.kill().expect("killed");
    first.wait().expect("ended");
    let half = begun.elapsed();
    let taken = demo.mail().taken();
    println!(
        "killed after {taken} letters: {:.1} s, {:.0} letters a second, at most {} MB resident",
        half.as_secs_f64(),
        rate(taken, half),
        peak / 1024
    );

    let begun = Instant::now();
    let mut second = start(&demo);
    while second.try_wait().expect("a process").is_none() {
        peak = peak.max(resident(&second));
        thread::sleep(Duration::from_millis(20));
    }
    let rest = begun.elapsed();
    let more = demo.mail().taken() - taken;
    println!(
        "run again: {more} letters: {:.1} s, {:.0} letters a second, at most {} MB resident",
        rest.as_secs_f64(),
        rate(more, rest),
        peak / 1024
    );
    let mut subjects = BTreeSet::new();
    for kept in demo.mail().kept() {
        let text = String::from_utf8_lossy(&kept.data);
        assert!(text.contains("enveloped-data"), "protected");
        let subject = text.lines().find(|l| l.starts_with("Subject: "));
        assert!(
            subjects.insert(subject.expect("a subject").to_owned()),
            "sent twice"
        );
    }
    let told = run(&demo, &arguments());
    let told: serde_json::Value = serde_json::from_str(&told).expect("JSON");
    let doubtful = &told["unconfirmed"];
    println!(
        "{} letters taken, none twice; in doubt: {doubtful}; already sent: {}",
        subjects.len(),
        told["already_sent"]
    );
    assert!(subjects.len() as u64 + doubtful.as_u64().expect("a number") >= letters as u64);
    assert_eq!(
        demo.mail().taken(),
        subjects.len(),
        "a third run sends nothing"
    );

    let begun = Instant::now();
    let verified = run(&demo, &["log", "verify", "--json"]);
    let took = begun.elapsed();
    let verified: serde_json::Value = serde_json::from_str(&verified).expect("JSON");
    assert_eq!(verified["intact"], true);
    let size =
        |name: &str| fs::metadata(demo.folder().join("data").join(name)).map_or(0, |m| m.len());
    println!(
        "record: {} rows, {} MB; store: {} MB; verified in {:.1} s",
        verified["records"],
        size("record.sqlite") >> 20,
        size("store.sqlite") >> 20,
        took.as_secs_f64()
    );
}

fn arguments() -> [&'static str; 7] {
    [
        "send",
        "--json",
        "--batch",
        "list.csv",
        "--template",
        "letter.txt",
        "--confirm-addresses",
    ]
}

fn segl(demo: &Demo) -> Command {
    let mut segl = Command::new(env!("CARGO_BIN_EXE_segl"));
    segl.env_clear()
        .env("HOME", demo.folder())
        .current_dir(demo.folder());
    segl.stdin(Stdio::null()).stderr(Stdio::null());
    segl.arg("--config").arg(demo.config_path());
    segl
}

fn start(demo: &Demo) -> Child {
    segl(demo)
        .args(arguments())
        .stdout(Stdio::null())
        .spawn()
        .expect("started")
}

fn run(demo: &Demo, arguments: &[&str]) -> String {
    let output = segl(demo).args(arguments).output().expect("run");
    String::from_utf8(output.stdout).expect("text")
}

fn rate(count: usize, took: Duration) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / took.as_secs_f64()
}

/// Kilobytes that it has, or had at most.
fn resident(child: &Child) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    let number = line.and_then(|l| l.split_whitespace().next()?.parse().ok());
    number.unwrap_or(0)
}
