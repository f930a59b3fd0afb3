//! Several programs at once, programs that are killed, folders that cannot be written: with real processes.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use segl::disk::DiskError;
use segl::record::{Record, RecordError, SendLock, kept_head};

use super::{intent, key, note, now, open, recorded, send, verified};

/// This test binary again, as another program that runs [`child`].
fn start(dir: &Path, job: &str) -> Command {
    start_program(&std::env::current_exe().unwrap(), dir, job)
}

fn start_program(program: &Path, dir: &Path, job: &str) -> Command {
    let mut command = Command::new(program);
    command
        .args([
            "--exact",
            "record::processes::child",
            "--ignored",
            "--nocapture",
        ])
        .env("SEGL_CHILD_DIR", dir)
        .env("SEGL_CHILD_JOB", job)
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    command
}

#[test]
#[ignore = "what the tests below start as another program"]
fn child() {
    let dir = std::env::var_os("SEGL_CHILD_DIR").unwrap();
    let dir = Path::new(&dir);
    match std::env::var("SEGL_CHILD_JOB").unwrap().as_str() {
        "append" => {
            let record = open(dir);
            for number in 0..100 {
                record.append(note(&number.to_string()), now()).unwrap();
            }
        }
        "send" => {
            let record = open(dir);
            let lock = SendLock::acquire(dir).unwrap();
            record.recover(&lock, now()).unwrap();
            for number in 0_u64.. {
                let seq = send(&record, &lock, &format!("draft-{number}"), now());
                println!("recorded {}", seq + 2);
            }
        }
        "read-only" => {
            let refused =
                |error: RecordError| matches!(error, RecordError::Disk(DiskError::ReadOnly(_)));
            let key = key(dir);
            assert!(refused(Record::open(dir, &key, now()).err().unwrap()));
            let fresh = dir.join("fresh");
            assert!(refused(Record::open(&fresh, &key, now()).err().unwrap()));
            assert!(verified(dir).intact);
        }
        other => panic!("no job {other}"),
    }
    println!("job done");
}

fn finish(mut child: Child) {
    let mut told = String::new();
    std::io::Read::read_to_string(child.stdout.as_mut().unwrap(), &mut told).unwrap();
    assert!(
        child.wait().unwrap().success() && told.contains("job done"),
        "{told}"
    );
}

#[test]
fn four_programs_append_at_once_to_one_chain() {
    let dir = tempfile::tempdir().unwrap();
    key(dir.path());
    let programs: Vec<Child> = (0..4)
        .map(|_| start(dir.path(), "append").spawn().unwrap())
        .collect();
    programs.into_iter().for_each(finish);
    let found = verified(dir.path());
    assert_eq!((found.intact, found.records), (true, 401));
    assert_eq!(found.head, kept_head(dir.path()).unwrap());
}

#[test]
fn a_record_verifies_while_others_write_to_it() {
    let dir = tempfile::tempdir().unwrap();
    key(dir.path());
    drop(open(dir.path()));
    let mut program = start(dir.path(), "append").spawn().unwrap();
    let mut checks = 0;
    while program.try_wait().unwrap().is_none() || checks == 0 {
        assert!(verified(dir.path()).intact);
        checks += 1;
    }
    finish(program);
    assert_eq!(verified(dir.path()).records, 101);
}

#[test]
fn a_killed_program_leaves_a_whole_chain_and_what_it_was_told_is_recorded() {
    let dir = tempfile::tempdir().unwrap();
    key(dir.path());
    for round in 1..=8_u64 {
        let mut program = start(dir.path(), "send").spawn().unwrap();
        let mut lines = BufReader::new(program.stdout.take().unwrap()).lines();
        let told = (0..round * 3)
            .map(|_| next_recorded(&mut lines))
            .last()
            .unwrap();
        program.kill().unwrap();
        program.wait().unwrap();
        let found = verified(dir.path());
        assert!(found.intact, "{found:?}");
        assert!(
            found.head.unwrap().seq >= told,
            "{told} was recorded, {found:?}"
        );
        let record = open(dir.path());
        let lock = SendLock::try_acquire(dir.path()).unwrap().unwrap();
        assert!(record.open_deliveries().unwrap().len() <= 1);
        record.recover(&lock, now()).unwrap();
        assert!(record.open_deliveries().unwrap().is_empty());
        record
            .append_intent(&lock, intent(&format!("after-{round}"), 1), now())
            .unwrap();
        record.recover(&lock, now()).unwrap();
        assert_eq!(kept_head(dir.path()).unwrap(), Some(record.head().unwrap()));
    }
    assert!(verified(dir.path()).intact);
}

fn next_recorded(lines: &mut std::io::Lines<BufReader<ChildStdout>>) -> u64 {
    loop {
        let line = lines.next().unwrap().unwrap();
        if let Some(seq) = line.strip_prefix("recorded ") {
            return seq.parse().unwrap();
        }
    }
}

/// Root may write everywhere, so where the tests run as root the other program is somebody else.
#[cfg(unix)]
#[test]
fn a_read_only_folder_is_told_and_still_verifies() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
    use std::os::unix::process::CommandExt;
    let dir = recorded();
    let root = std::fs::metadata(dir.path()).unwrap().uid() == 0;
    let nobody = 65534;
    for entry in std::fs::read_dir(dir.path()).unwrap() {
        if root {
            chown(entry.unwrap().path(), Some(nobody), Some(nobody)).unwrap();
        }
    }
    let mode = |mode| std::fs::Permissions::from_mode(mode);
    std::fs::set_permissions(dir.path(), mode(if root { 0o555 } else { 0o500 })).unwrap();
    let own = tempfile::tempdir().unwrap();
    let mut command = start(dir.path(), "read-only");
    if root {
        // Where the tests lie may be root's alone; the other program needs a copy that it can reach.
        std::fs::set_permissions(own.path(), mode(0o755)).unwrap();
        let copy = own.path().join("it");
        // Not by this process: what is open for writing while another test forks cannot be run for a moment.
        let copied = Command::new("cp")
            .arg(std::env::current_exe().unwrap())
            .arg(&copy)
            .status();
        assert!(copied.unwrap().success());
        command = start_program(&copy, dir.path(), "read-only");
        command.uid(nobody).gid(nobody);
    }
    let program = command.spawn();
    let finished = program.map(finish);
    std::fs::set_permissions(dir.path(), mode(0o700)).unwrap();
    finished.unwrap();
}
