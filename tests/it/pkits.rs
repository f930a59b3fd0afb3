//! NIST's Public Key Interoperability Test Suite: every case through the command, through the library with all of the
//! suite's certificates as one pool, and through `openssl verify` as a second judge.
//!
//! The suite's data comes from the PyPI package `cryptography-vectors`; `tests/run.sh` puts it into `target/pkits`.
//! `SEGL_PKITS` names another folder that holds `certs` and `crls`. The table of cases is `pkits.txt`.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use const_oid::ObjectIdentifier;
use jiff::Timestamp;
use segl::{
    cert::{Anchors, Certificate, PolicyInputs, RevocationPolicy, Rules, Subject, paths, problems},
    revocation::CrlFiles,
};

use super::{
    desk::{command, run},
    tools::tool,
};

const CASES: &str = include_str!("pkits.txt");
/// Most of the suite's certificates end with 2030.
const AT: &str = "2026-11-22T00:00:00Z";
const ANCHOR: &str = "TrustAnchorRootCertificate";

/// Where `openssl verify` says something else than the suite and Segl, and why.
const OPENSSL_DIFFERS: &[(&str, &str)] = &[
    ("4.1.4", "OpenSSL knows DSA, Segl does not"),
    (
        "4.14.30",
        "the list of an indirect issuer speaks of that issuer itself: OpenSSL takes no list of a list's signer",
    ),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Valid,
    Invalid,
    /// The suite says valid, and Segl does not know the algorithm.
    Dsa,
}

#[derive(Debug)]
struct Case {
    number: &'static str,
    title: &'static str,
    wanted: Wanted,
    leaf: &'static str,
    intermediates: Vec<&'static str>,
    lists: Vec<&'static str>,
    arguments: Vec<&'static str>,
}

fn cases() -> Vec<Case> {
    let rows = CASES
        .lines()
        .filter(|l| !l.is_empty() && !l.starts_with('#'));
    let cases: Vec<Case> = rows
        .map(|row| {
            let fields: Vec<&str> = row.split('|').map(str::trim).collect();
            let [number, title, wanted, leaf, intermediates, lists, arguments] = fields[..] else {
                panic!("seven fields: {row}");
            };
            let wanted = match wanted {
                "valid" => Wanted::Valid,
                "invalid" => Wanted::Invalid,
                "not supported: DSA" => Wanted::Dsa,
                other => panic!("{other}: {row}"),
            };
            Case {
                number,
                title,
                wanted,
                leaf,
                intermediates: intermediates.split_whitespace().collect(),
                lists: lists.split_whitespace().collect(),
                arguments: arguments.split_whitespace().collect(),
            }
        })
        .collect();
    assert_eq!(cases.len(), 247, "no case is lost silently");
    assert_eq!(
        cases.iter().filter(|c| c.wanted == Wanted::Invalid).count(),
        134
    );
    cases
}

/// The suite's data. Without it a loud word and `None`; in CI a failure.
fn suite() -> Option<PathBuf> {
    let given = std::env::var_os("SEGL_PKITS").map(PathBuf::from);
    let made = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pkits");
    let folder = given.unwrap_or(made);
    if folder.join("certs").is_dir() && folder.join("crls").is_dir() {
        return Some(folder);
    }
    assert!(
        std::env::var_os("CI").is_none(),
        "NIST PKITS is not in {}, and CI skips nothing",
        folder.display()
    );
    eprintln!(
        "SKIPPED a test: NIST PKITS is not in {} (tests/run.sh puts it there)",
        folder.display()
    );
    None
}

fn certificate(suite: &Path, name: &str) -> PathBuf {
    suite.join("certs").join(format!("{name}.crt"))
}

fn list(suite: &Path, name: &str) -> PathBuf {
    suite.join("crls").join(format!("{name}.crl"))
}

/// Runs every case on all processors and collects what is not as wanted.
fn on_every_case<T: Send>(cases: &[Case], run: impl Fn(&Case) -> Option<T> + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let threads = thread::available_parallelism().map_or(2, usize::from);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    let mut found = Vec::new();
                    while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                        found.extend(run(case));
                    }
                    found
                })
            })
            .collect();
        workers
            .into_iter()
            .flat_map(|w| w.join().unwrap())
            .collect()
    })
}

#[test]
fn every_case_of_pkits_is_judged_by_the_command_as_the_suite_says() {
    let cases = cases();
    let Some(suite) = suite() else { return };
    let home = tempfile::tempdir().unwrap();
    let wrong = on_every_case(&cases, |case| {
        let mut command = command(home.path());
        command.args(["cert", "check", "--json", "--purpose", "path"]);
        command.args(["--revocation", "require", "--at", AT, "--anchor"]);
        command.arg(certificate(&suite, ANCHOR));
        for name in &case.intermediates {
            command.arg("--intermediate").arg(certificate(&suite, name));
        }
        for name in &case.lists {
            command.arg("--crl").arg(list(&suite, name));
        }
        command.args(&case.arguments);
        command.arg(certificate(&suite, case.leaf));
        let ran = run(command, b"");
        let wanted = i32::from(case.wanted != Wanted::Valid);
        (ran.code != wanted).then(|| {
            format!(
                "{} {} ({:?}): {} {}{}",
                case.number, case.title, case.wanted, ran.code, ran.stdout, ran.stderr
            )
        })
    });
    for case in cases.iter().filter(|c| c.wanted == Wanted::Dsa) {
        println!("{} {}: not supported: DSA", case.number, case.title);
    }
    assert!(
        wrong.is_empty(),
        "{} cases:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn every_case_of_pkits_holds_with_the_whole_suite_as_one_pool() {
    let cases = cases();
    let Some(suite) = suite() else { return };
    let files = |folder: &str| {
        let mut files: Vec<PathBuf> = fs::read_dir(suite.join(folder))
            .unwrap()
            .map(|e| e.unwrap().path())
            .collect();
        files.sort();
        files
    };
    let read = |file: &Path| Certificate::from_der(&fs::read(file).unwrap());
    let pool: Vec<Certificate> = files("certs").iter().filter_map(|f| read(f).ok()).collect();
    assert!(pool.len() > 390, "{}", pool.len());
    let anchors = Anchors::new(vec![read(&certificate(&suite, ANCHOR)).unwrap()]);
    let lists = CrlFiles::new(files("crls"));
    let at: Timestamp = AT.parse().unwrap();
    let rules = Rules {
        revocation: RevocationPolicy::Require,
        allow_test_roots: false,
        bindings: Vec::new(),
    };
    let wrong = on_every_case(&cases, |case| {
        let Ok(leaf) = read(&certificate(&suite, case.leaf)) else {
            return (case.wanted == Wanted::Valid)
                .then(|| format!("{} cannot be read", case.number));
        };
        let policy = policy(&case.arguments);
        let found = paths(&leaf, &pool, &anchors, &policy, at);
        assert!(found[0].signatures() < 100, "{}", case.number);
        let judged: Vec<_> = found
            .iter()
            .map(|path| {
                problems(
                    path,
                    &lists.answers(path, &pool, at),
                    Subject::Path,
                    &rules,
                    at,
                )
            })
            .collect();
        let is_valid = judged.iter().any(Vec::is_empty);
        (is_valid != (case.wanted == Wanted::Valid)).then(|| {
            format!(
                "{} {} ({:?}): {judged:?}",
                case.number, case.title, case.wanted
            )
        })
    });
    assert!(
        wrong.is_empty(),
        "{} cases:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

fn policy(arguments: &[&str]) -> PolicyInputs {
    let mut policy = PolicyInputs::default();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match *argument {
            "--policy" => policy
                .acceptable
                .push(ObjectIdentifier::new(rest.next().unwrap()).unwrap()),
            "--explicit-policy" => policy.explicit = true,
            "--inhibit-mapping" => policy.inhibit_mapping = true,
            "--inhibit-any" => policy.inhibit_any = true,
            other => panic!("{other}"),
        }
    }
    policy
}

#[test]
fn openssl_verify_differs_from_the_suite_only_where_the_reason_is_known() {
    let cases = cases();
    let Some(suite) = suite() else { return };
    if tool("openssl").is_none() {
        return;
    }
    let at: Timestamp = AT.parse().unwrap();
    let seconds = at.as_second().to_string();
    // Signers of lists are looked for below roots in a file, which is PEM.
    let folder = tempfile::tempdir().unwrap();
    let anchor = folder.path().join("anchor.pem");
    let mut convert = tool("openssl").unwrap();
    convert.args(["x509", "-inform", "DER", "-in"]);
    convert
        .arg(certificate(&suite, ANCHOR))
        .arg("-out")
        .arg(&anchor);
    assert!(convert.status().unwrap().success());
    let mut differs = on_every_case(&cases, |case| {
        let mut command = tool("openssl").unwrap();
        command.args([
            "verify",
            "-attime",
            &seconds,
            "-no-CApath",
            "-no-CAstore",
            "-CAfile",
        ]);
        command.arg(&anchor);
        if !case.arguments.contains(&"--policy") {
            command.args(["-policy", "anyPolicy"]);
        }
        command.args([
            "-crl_check_all",
            "-extended_crl",
            "-use_deltas",
            "-policy_check",
        ]);
        for name in &case.intermediates {
            command.arg("-untrusted").arg(certificate(&suite, name));
        }
        for name in &case.lists {
            command.arg("-CRLfile").arg(list(&suite, name));
        }
        for argument in &case.arguments {
            command.arg(match *argument {
                "--policy" => "-policy",
                "--explicit-policy" => "-explicit_policy",
                "--inhibit-mapping" => "-inhibit_map",
                "--inhibit-any" => "-inhibit_any",
                oid => oid,
            });
        }
        command.arg(certificate(&suite, case.leaf));
        let says = command.output().unwrap().status.success();
        let differs = says != (case.wanted == Wanted::Valid);
        differs.then_some((case.number, case.title, says))
    });
    differs.sort_unstable();
    for (number, title, says) in &differs {
        let reason = OPENSSL_DIFFERS.iter().find(|(n, _)| n == number);
        let says = if *says { "valid" } else { "invalid" };
        println!(
            "{number} {title}: openssl says {says}: {}",
            reason.map_or("?", |(_, why)| why)
        );
    }
    let found: Vec<_> = differs.iter().map(|(number, ..)| *number).collect();
    let mut known: Vec<_> = OPENSSL_DIFFERS.iter().map(|(number, _)| *number).collect();
    known.sort_unstable();
    assert_eq!(found, known, "{differs:?}");
}
