//! The transport to a recipient's domain on loopback: a signed zone in nsd, mail servers on 127.0.0.x, a policy host.

mod cli;
mod corpus;
mod dns;
mod judge;
mod liars;
mod policy;
mod servers;
mod shown;
pub(crate) mod zone;

use std::{path::PathBuf, time::Duration};

use segl::{
    net::Reach,
    tls::{Examiner, Findings, Level, NoteCode, Settings},
};
use servers::{Made, Manner, Places, Server};
use tempfile::TempDir;
use zone::Zone;

/// Long enough for a loaded computer.
const PATIENT: Duration = Duration::from_secs(20);
/// For servers that never come to an end.
const IMPATIENT: Duration = Duration::from_millis(1500);

fn settings(zone: &Zone, smtp_port: u16) -> Settings {
    Settings {
        deadline: PATIENT,
        probe: true,
        resolver: Some(zone.address()),
        root_anchor: Some(zone.anchor()),
        smtp_port,
        sts_port: 1,
        ca_file: None,
        reach: Reach::Anywhere,
    }
}

async fn examine(settings: Settings, domain: &str) -> Findings {
    let examiner = Examiner::open(settings).unwrap();
    examiner.examine(domain, crate::desk::now()).await
}

fn codes(findings: &Findings) -> Vec<NoteCode> {
    findings.notes().iter().map(|n| n.code).collect()
}

/// A file with the roots that count.
fn roots(roots: &[&Made]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("roots.pem");
    let pem: String = roots.iter().map(|r| r.pem()).collect();
    std::fs::write(&file, pem).unwrap();
    (folder, file)
}
