//! The power is lost, and with it all that was not yet on the disk: at each moment at which the server has taken a mail,
//! around each sync, and at random moments with a random part of it kept. A kill alone does not test that.
//!
//! `SEGL_CRASHES` says at how many moments of each kind (each, if it is 0), `SEGL_SEED` at which.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
    sync::{Arc, Mutex},
};

use segl::{
    record::{Record, SendLock},
    segl::Segl,
};
use tempfile::TempDir;

use super::{
    super::desk::{now, run},
    disk::{Disk, Loss, Step, journaled, library, steps},
    *,
};

/// Moments of each kind in a usual run.
const CRASHES: usize = 40;
/// Moments after which a program goes on with what is left, in a usual run.
const GO_ON: usize = 5;

/// What is done while the power goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Work {
    /// The first mail of all, into a data folder that is not there yet.
    First,
    /// A batch of so many rows, after others.
    Batch(usize),
    /// The outbox.
    Outbox,
}

/// A run that was written down.
struct Written {
    desk: Desk,
    /// The folder as it was before.
    before: TempDir,
    steps: Vec<Step>,
    /// What the server took, and where the journal stood then.
    taken: Vec<(u64, Kept)>,
}

fn crashes() -> usize {
    let given = std::env::var("SEGL_CRASHES").ok();
    match given.and_then(|n| n.parse().ok()).unwrap_or(CRASHES) {
        0 => usize::MAX,
        count => count,
    }
}

/// A folder whose files need not reach a real disk.
fn room() -> TempDir {
    let shared = Path::new("/dev/shm");
    if shared.is_dir() {
        tempfile::tempdir_in(shared).unwrap()
    } else {
        tempfile::tempdir().unwrap()
    }
}

fn data(folder: &Path) -> PathBuf {
    folder.join("office/desk/data")
}

fn program(work: Work, desk: &Desk) -> Command {
    match work {
        Work::First => four_deliveries(desk),
        Work::Batch(_) => batch(desk, &desk.demo.config_path()),
        Work::Outbox => {
            let mut segl = command(desk.demo.folder());
            segl.arg("--config").arg(desk.demo.config_path());
            segl.args(["outbox", "send"]);
            segl
        }
    }
}

/// Does the work once, whole, and writes down what it does to its disk. `None` where there is no compiler.
fn written(work: Work, broken: &str) -> Option<Written> {
    let desk = Desk::new();
    let library = library(desk.demo.folder())?;
    desk.edit("dir = \"data\"", "dir = \"office/desk/data\"");
    match work {
        Work::First => {}
        Work::Batch(rows) => {
            write_batch(&desk, rows..rows + 2);
            assert_eq!(run(program(work, &desk), b"").code, 0);
            write_batch(&desk, 0..rows);
        }
        Work::Outbox => {
            let own = Segl::open(desk.demo.config().unwrap(), "anne".to_owned()).unwrap();
            for _ in 0..3 {
                super::kills::put(&own, &people(&desk));
            }
        }
    }
    let before = room();
    let mut medium = Disk::of(desk.demo.folder());
    medium.found(Loss::Nothing, before.path());
    let beside = room();
    let journal = beside.path().join("journal");
    fs::write(&journal, b"").unwrap();
    let taken = Arc::new(Mutex::new(Vec::new()));
    let (accepted, place) = (Arc::clone(&taken), journal.clone());
    desk.demo.mail().watch(move |kept| {
        let at = fs::metadata(&place).unwrap().len();
        accepted.lock().unwrap().push((at, kept.clone()));
    });
    let mut segl = program(work, &desk);
    journaled(&mut segl, &library, desk.demo.folder(), &journal, broken);
    let ended = segl.stdin(Stdio::null()).output().unwrap();
    assert!(ended.status.success(), "{ended:?}");
    desk.demo.mail().watch(|_| {});
    let steps = steps(&journal);
    for step in &steps {
        medium.go_on(step);
    }
    is_whole(&medium, desk.demo.folder());
    let taken = std::mem::take(&mut *taken.lock().unwrap());
    assert!(!taken.is_empty() && !steps.is_empty());
    Some(Written {
        desk,
        before,
        steps,
        taken,
    })
}

/// The journal has everything that was done: where nothing is lost, the disk is the one that is there.
fn is_whole(disk: &Disk, folder: &Path) {
    fn files(root: &Path, folder: &Path, all: &mut BTreeMap<PathBuf, Vec<u8>>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root).unwrap().to_owned();
            if path.is_dir() {
                files(root, &path, all);
            // The index of a write-ahead log is written through memory, and made again after a crash.
            } else if !name.to_string_lossy().ends_with("-shm") {
                all.insert(name, fs::read(path).unwrap());
            }
        }
    }
    let made = room();
    disk.found(Loss::Nothing, made.path());
    let (mut wanted, mut found) = (BTreeMap::new(), BTreeMap::new());
    files(folder, folder, &mut wanted);
    files(made.path(), made.path(), &mut found);
    let names = |all: &BTreeMap<PathBuf, Vec<u8>>| all.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&wanted), names(&found));
    assert!(wanted == found, "the journal misses writes");
}

impl Written {
    /// The letters that the server has after this step.
    fn taken_by(&self, step: usize) -> Vec<&Kept> {
        let end = self.steps[step].end;
        let by = self.taken.iter().filter(|(at, _)| *at <= end);
        by.map(|(_, kept)| kept).collect()
    }

    /// The steps after which the server took a mail.
    fn takings(&self) -> BTreeSet<usize> {
        let last = |at: &u64| self.steps.iter().rposition(|s| s.end <= *at);
        self.taken.iter().filter_map(|(at, _)| last(at)).collect()
    }

    /// The steps around each sync.
    fn syncs(&self) -> BTreeSet<usize> {
        let syncs = (0..self.steps.len()).filter(|n| self.steps[*n].is_sync());
        syncs.flat_map(|n| [n.saturating_sub(1), n]).collect()
    }

    /// Loses the power after each of these steps, and gives what is found to somebody.
    fn lose(
        &self,
        after: &BTreeSet<usize>,
        mut torn: Option<&mut Dice>,
        mut look: impl FnMut(usize, &Path),
    ) {
        // The journal names the folder of the run; the disk before it lies elsewhere.
        let mut disk = Disk::at(self.before.path(), self.desk.demo.folder());
        for (n, step) in self.steps.iter().enumerate() {
            disk.go_on(step);
            if after.contains(&n) {
                let found = room();
                let loss = torn.as_deref_mut().map_or(Loss::AllUnsynced, Loss::Some);
                disk.found(loss, found.path());
                look(n, found.path());
            }
        }
    }

    /// What is wrong after the power is back, as it is found and after recovery.
    fn wrong(&self, step: usize, found: &Path) -> Vec<String> {
        let data = data(found);
        let key = store_key(&self.desk, &self.real_data());
        let taken: Vec<Key> = self.taken_by(step).into_iter().map(key_of).collect();
        let earlier = self.earlier();
        let taken = [earlier, taken].concat();
        let mut wrong = faults(&taken, &data, &key);
        let recovered = Record::open(&data, &key, now()).and_then(|record| {
            let lock = SendLock::acquire(&data)?;
            record.recover(&lock, now())?;
            record.open_deliveries()
        });
        match recovered {
            Ok(open) if open.is_empty() => wrong.extend(faults(&taken, &data, &key)),
            other => wrong.push(format!("recovery: {other:?}")),
        }
        for line in &mut wrong {
            line.insert_str(0, &format!("after step {step} of {}: ", self.steps.len()));
        }
        wrong
    }

    /// What was taken before the run that was written down.
    fn earlier(&self) -> Vec<Key> {
        let all = self.desk.demo.mail().kept();
        let new: BTreeSet<Key> = self.taken.iter().map(|(_, kept)| key_of(kept)).collect();
        let first = all.iter().map(key_of).take_while(|key| !new.contains(key));
        first.collect()
    }

    fn real_data(&self) -> PathBuf {
        data(self.desk.demo.folder())
    }
}

/// So many of them, at random.
fn some(all: &BTreeSet<usize>, count: usize, dice: &mut Dice) -> BTreeSet<usize> {
    let mut rest: Vec<usize> = all.iter().copied().collect();
    while rest.len() > count {
        rest.swap_remove(dice.index(rest.len()));
    }
    rest.into_iter().collect()
}

/// Loses the power during this work, everywhere, and goes on afterwards.
fn holds(work: Work) {
    let mut dice = Dice::new(&format!("power, {work:?}"));
    let Some(written) = written(work, "") else {
        return;
    };
    let count = crashes();
    let takings = written.takings();
    let syncs = some(&written.syncs(), count, &mut dice);
    let clean = takings.union(&syncs).copied().collect();
    let mut wrong = Vec::new();
    written.lose(&clean, None, |n, found| {
        wrong.extend(written.wrong(n, found));
    });
    assert!(wrong.is_empty(), "{work:?}: {wrong:#?}");
    let all = (0..written.steps.len()).collect();
    let torn = some(&all, count, &mut dice);
    let torn: BTreeSet<usize> = torn.union(&takings).copied().collect();
    written.lose(&torn, Some(&mut dice), |n, found| {
        wrong.extend(written.wrong(n, found));
    });
    assert!(wrong.is_empty(), "{work:?}, a part kept: {wrong:#?}");
    println!(
        "power, {work:?}: {} steps, {} syncs, {} mails taken; lost after {} steps, and after {} with a part kept",
        written.steps.len(),
        written.steps.iter().filter(|s| s.is_sync()).count(),
        written.taken.len(),
        clean.len(),
        torn.len(),
    );
    if work == Work::First {
        return;
    }
    let again = if count == CRASHES { GO_ON } else { count };
    let again = some(&takings, again, &mut dice);
    written.lose(&again, None, |n, found| goes_on(work, &written, n, found));
}

/// The same program run again where the power was lost sends nothing that the server has.
fn goes_on(work: Work, written: &Written, step: usize, found: &Path) {
    let had: BTreeSet<Key> = written.taken_by(step).into_iter().map(letter_of).collect();
    let mail = written.desk.demo.mail();
    let before = mail.taken();
    let mut segl = command(found);
    segl.arg("--config").arg(found.join("segl.toml"));
    match work {
        Work::Outbox => segl.args(["outbox", "send"]),
        _ => segl.args(program(work, &written.desk).get_args().skip(2)),
    };
    let ran = run(segl, b"");
    let new = mail.kept().split_off(before);
    for letter in new.iter().map(letter_of) {
        assert!(!had.contains(&letter), "{step}: {letter:?} twice: {ran:?}");
    }
    let mut segl = command(found);
    segl.arg("--config").arg(found.join("segl.toml"));
    segl.args(["log", "verify"]);
    assert_eq!(run(segl, b"").code, 0, "after step {step}");
}

#[test]
fn what_was_sent_first_of_all_is_recorded_whatever_the_disk_loses() {
    holds(Work::First);
}

#[test]
fn a_batch_whose_power_is_lost_is_recorded_and_goes_on_and_sends_nothing_twice() {
    holds(Work::Batch(6));
}

#[test]
fn an_outbox_whose_power_is_lost_sends_nothing_twice() {
    holds(Work::Outbox);
}

#[test]
fn a_disk_that_lies_about_syncs_loses_what_was_sent_so_this_test_can_fail() {
    for (work, broken) in [
        (Work::First, "sync"),
        (Work::Batch(2), "sync"),
        // SQLite's synchronous = NORMAL: FULL is not for nothing.
        (Work::Batch(2), "wal"),
        // Names that are not synced.
        (Work::First, "folders"),
    ] {
        let Some(written) = written(work, broken) else {
            return;
        };
        let mut wrong = Vec::new();
        written.lose(&written.takings(), None, |n, found| {
            wrong.extend(written.wrong(n, found));
        });
        assert!(
            wrong
                .iter()
                .any(|w| w.contains("sent, and the record says None") || w.contains("no record")),
            "{work:?} with {broken} lost nothing: {wrong:#?}"
        );
    }
}
