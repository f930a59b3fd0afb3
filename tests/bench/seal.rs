//! Sealing a large message, side by side with OpenSSL's streaming command on the same file and with the same cipher: wall
//! time, processor time and peak memory, each run in a process of its own that GNU time measures.
//!
//! `cargo bench --no-default-features --features demo --bench seal [-- SIZE…]`, sizes such as `1k 1M 100M 1G`; 100 MB
//! unless told otherwise. Needs `openssl` and `/usr/bin/time`. Prints medians, of memory the most, and what `openssl
//! speed` says that one processor could do; asserts nothing about time.
#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

#[path = "sealing.rs"]
mod sealing;

use std::{
    env,
    fs::{self, File},
    path::Path,
    process::Command,
    time::Duration,
};

use sealing::{Outcome, READER, Run, judged, median, run, write_message};
use segl::{
    cert::{ContentCipher, SealingRules},
    demo::{Authority, Leaf},
    smime::{inspect, seal_message},
};

const RUNS: usize = 7;
/// The ciphers by OpenSSL's names.
const CIPHERS: [(&str, ContentCipher); 2] = [
    ("aes-256-cbc", ContentCipher::Aes256Cbc),
    ("aes-256-gcm", ContentCipher::Aes256Gcm),
];

fn main() -> Outcome<()> {
    let arguments: Vec<String> = env::args().skip(1).filter(|a| a != "--bench").collect();
    if let [job, rest @ ..] = &arguments[..] {
        match (job.as_str(), rest) {
            ("seal", [cipher, root, leaf, input, output]) => {
                return seal(cipher, root, leaf, input, output);
            }
            ("self-check", [input]) => {
                let found = inspect(File::open(input)?)?;
                println!("{} octets, SHA-256 {}", found.octets, found.sha256);
                return Ok(());
            }
            _ => {}
        }
    }
    let sizes = if arguments.is_empty() {
        vec!["100M".to_owned()]
    } else {
        arguments
    };
    for size in &sizes {
        for (cipher, _) in CIPHERS {
            compare(size, cipher)?;
        }
    }
    limits()
}

/// Octets of a size such as `100M`.
fn octets(size: &str) -> Outcome<usize> {
    let (number, unit) = size.split_at(size.len().saturating_sub(1));
    let unit = match unit {
        "k" => 1_000,
        "M" => 1_000_000,
        "G" => 1_000_000_000,
        _ => return Err(format!("{size}: a size such as 1k, 100M or 1G was expected").into()),
    };
    Ok(number.parse::<usize>()? * unit)
}

/// What this hardware could do with one thread, and nothing but the primitive.
fn limits() -> Outcome<()> {
    for primitive in ["aes-256-cbc", "aes-256-gcm", "sha256"] {
        let mut speed = Command::new("openssl");
        speed.args([
            "speed", "-seconds", "2", "-bytes", "65536", "-evp", primitive,
        ]);
        let told = String::from_utf8(speed.output()?.stdout)?;
        let last = told.lines().last().unwrap_or_default();
        println!("openssl speed: {last}");
    }
    Ok(())
}

/// What `segl seal` does with certificates from files.
fn seal(cipher: &str, root: &str, leaf: &str, input: &str, output: &str) -> Outcome<()> {
    let reader = judged(&fs::read(root)?, &fs::read(leaf)?)?;
    let mut input = File::open(input)?;
    let mut output = File::create_new(output)?;
    let known = CIPHERS.iter().find(|(name, _)| *name == cipher);
    let (_, cipher) = known.ok_or("a cipher was expected")?;
    let rules = SealingRules {
        cipher: *cipher,
        ..SealingRules::default()
    };
    seal_message(&mut input, &mut output, &[&reader], rules)?;
    Ok(())
}

fn compare(size: &str, cipher: &str) -> Outcome<()> {
    let wanted = octets(size)?;
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let file = |name: &str| folder.path().join(name).display().to_string();
    let root = Authority::root("Segl Benchmark")?;
    let leaf = root.issue(&Leaf::mail("Bo", READER))?;
    fs::write(file("root"), &root.certificate().der)?;
    fs::write(file("leaf"), &leaf.der)?;
    fs::write(file("leaf.pem"), leaf.pem())?;
    write_message(Path::new(&file("crlf")), wanted, "\r\n")?;
    write_message(Path::new(&file("lf")), wanted, "\n")?;

    let own = env::current_exe()?.display().to_string();
    let out = file("out");
    let segl = |input: &str| {
        [
            &own,
            "seal",
            cipher,
            &file("root"),
            &file("leaf"),
            &file(input),
            &out,
        ]
        .map(str::to_owned)
    };
    let cipher_argument = format!("-{cipher}");
    let mut openssl: Vec<String> = [
        "openssl",
        "cms",
        "-encrypt",
        "-binary",
        "-stream",
        &cipher_argument,
    ]
    .map(str::to_owned)
    .into();
    openssl.extend(
        [
            "-outform",
            "SMIME",
            "-in",
            &file("crlf"),
            "-out",
            &out,
            &file("leaf.pem"),
        ]
        .map(str::to_owned),
    );
    let sealed = file("sealed");
    let rows: [(&str, Vec<String>); 4] = [
        ("openssl cms -encrypt -stream", openssl),
        ("segl, CRLF message", segl("crlf").into()),
        ("segl, LF message", segl("lf").into()),
        (
            "segl, self-check",
            [&own, "self-check", &sealed].map(str::to_owned).into(),
        ),
    ];
    run(&file("time"), &segl("crlf"))?;
    fs::rename(&out, &sealed)?;

    let mut runs: [Vec<Run>; 4] = Default::default();
    for _ in 0..RUNS {
        // In turn, so that what else this computer does hits all alike.
        for ((_, command), runs) in rows.iter().zip(&mut runs) {
            runs.push(run(&file("time"), command)?);
            if Path::new(&out).exists() {
                fs::remove_file(&out)?;
            }
        }
    }
    println!("{size}, {cipher}, medians of {RUNS} runs");
    println!(
        "{:30} {:>9} {:>11} {:>10} {:>7} {:>7}",
        "", "wall s", "processor s", "peak MB", "speed", "MB/s"
    );
    let reference = median(&runs[0], |r| r.wall.as_secs_f64());
    for ((name, _), runs) in rows.iter().zip(&runs) {
        let wall = median(runs, |r| r.wall.as_secs_f64());
        let processor = median(runs, |r| r.processor);
        let peak = runs.iter().map(|r| r.kilobytes).max().unwrap_or_default();
        let (peak, speed) = (Duration::from_millis(peak).as_secs_f64(), reference / wall);
        // A message has fewer octets than 2^52.
        #[expect(clippy::cast_precision_loss, reason = "said above")]
        let rate = wanted as f64 / wall / 1e6;
        println!("{name:30} {wall:9.3} {processor:11.2} {peak:10.1} {speed:6.2}x {rate:7.0}");
    }
    Ok(())
}
