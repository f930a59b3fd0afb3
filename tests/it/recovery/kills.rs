//! `kill -9` at any point: after a random time, and at what the server sees, of single mails with four deliveries, of
//! batches and of the outbox. `SEGL_KILLS` says how many, `SEGL_SEED` which.

use std::{
    collections::BTreeMap,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use segl::{
    demo::mail::{Do, Fault, Step},
    mail::{Body, Draft, DraftId, Mailbox},
    segl::{Segl, Why},
};

use super::{super::desk::now, *};

/// Kills in a usual run: they take less than a minute.
const KILLS: usize = 200;
/// Nobody waits longer for a program that does nothing any more.
const PATIENCE: Duration = Duration::from_mins(2);

/// What is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Job {
    Single,
    Batch,
    Outbox,
}

/// When.
#[derive(Debug, Clone)]
enum Moment {
    /// So long after the start.
    After(Duration),
    /// When the server is at a step for the n-th time, and so much later.
    At(Step, usize, Duration),
}

/// How far the programs were that were killed.
#[derive(Debug, Default)]
struct Reached {
    tried: usize,
    hits: usize,
    at: BTreeMap<&'static str, usize>,
}

fn kills() -> usize {
    let given = std::env::var("SEGL_KILLS").ok();
    given.and_then(|n| n.parse().ok()).unwrap_or(KILLS)
}

fn moment(dice: &mut Dice, job: Job, whole: Duration) -> Moment {
    let deliveries = match job {
        Job::Single => 4,
        Job::Batch | Job::Outbox => 2,
    };
    let nth = dice.index(deliveries) + 1;
    let moment = Duration::from_micros(dice.below(15_000));
    match dice.below(7) {
        0 => Moment::At(Step::Rcpt, nth, moment),
        1 => Moment::At(Step::Message(1 + dice.index(2_000)), nth, moment),
        2 => Moment::At(Step::Dot, nth, moment),
        // The reply is on its way, and may be recorded or not.
        3 => Moment::At(Step::AfterMessage, nth, moment),
        _ => {
            let micros = u64::try_from(whole.as_micros()).unwrap();
            Moment::After(Duration::from_micros(dice.below(micros)))
        }
    }
}

/// How often the server was at a step.
fn count(desk: &Desk, step: &Step) -> usize {
    let verb = match step {
        Step::Rcpt => "RCPT",
        Step::Message(_) => "DATA",
        _ => return desk.demo.mail().taken(),
    };
    let lines = desk.demo.mail().transcript();
    lines.iter().filter(|l| l.text.starts_with(verb)).count()
}

fn quiet(mut segl: Command) -> Child {
    segl.stdin(Stdio::null()).stdout(Stdio::null());
    segl.stderr(Stdio::null()).spawn().unwrap()
}

/// Starts it and kills it then; `false` if it ended before.
fn killed(desk: &Desk, segl: Command, moment: &Moment) -> bool {
    let mut before = 0;
    if let Moment::At(step, nth, _) = moment {
        before = count(desk, step);
        let stalls = Fault::new(step.clone(), Do::Stall).nth(*nth);
        desk.demo.mail().set_faults(vec![stalls]);
    }
    let started = Instant::now();
    let mut child = quiet(segl);
    let is_there = || match moment {
        Moment::After(delay) => started.elapsed() >= *delay,
        Moment::At(step, nth, _) => count(desk, step) >= before + nth,
    };
    while !is_there() && child.try_wait().unwrap().is_none() {
        assert!(started.elapsed() < PATIENCE, "{moment:?}");
        thread::sleep(Duration::from_micros(500));
    }
    if let Moment::At(_, _, later) = moment {
        thread::sleep(*later);
    }
    let hit = child.try_wait().unwrap().is_none();
    child.kill().unwrap();
    child.wait().unwrap();
    desk.demo.mail().set_faults(Vec::new());
    hit
}

/// How far the newest sending is: the most that is known of one of its deliveries.
fn stage(before: &BTreeMap<Key, Said>, after: &BTreeMap<Key, Said>, taken: usize) -> &'static str {
    let new = after.iter().filter(|(key, _)| !before.contains_key(*key));
    let new: Vec<Said> = new.map(|(_, said)| *said).collect();
    let ended = |s: &&Said| matches!(s, Said::Ended(_));
    match (
        new.contains(&Said::Started),
        new.iter().filter(ended).count(),
    ) {
        _ if new.is_empty() => "1 before an intent",
        (true, _) if taken > 0 => "4 started, something taken",
        (true, _) => "3 started, nothing taken",
        (false, 0) => "2 intent alone",
        (false, ended) if ended < new.len() => "5 between two deliveries",
        (false, _) => "6 all ended",
    }
}

/// One desk, killed so often; each next run does what recovery there is.
fn worker(job: Job, kills: usize, mut dice: Dice) -> Reached {
    let desk = Desk::new();
    let data = desk.path("data");
    let rows = kills * 4 + 3;
    let config = desk.demo.config_path();
    let own = Segl::open(desk.demo.config().unwrap(), "anne".to_owned()).unwrap();
    let started = || match job {
        Job::Single => four_deliveries(&desk),
        Job::Batch => batch(&desk, &config),
        Job::Outbox => {
            put(&own, &people(&desk));
            let mut segl = command(desk.demo.folder());
            segl.arg("--config").arg(&config).args(["outbox", "send"]);
            segl
        }
    };
    // Once in peace, to know how long it takes.
    write_batch(&desk, rows..rows + 3);
    let begun = Instant::now();
    assert!(quiet(started()).wait().unwrap().success());
    let mut whole = begun.elapsed();
    write_batch(&desk, 0..rows);
    let key = store_key(&desk, &data);
    let mut reached = Reached::default();
    let mut before = said(&data, &key).unwrap();
    while reached.hits < kills && reached.tried < kills * 3 {
        let when = moment(&mut dice, job, whole);
        let taken = desk.demo.mail().taken();
        reached.tried += 1;
        let begun = Instant::now();
        let hit = killed(&desk, started(), &when);
        if !hit {
            // The first run was slower than later ones are.
            whole = whole.min(begun.elapsed());
        }
        let kept = desk.demo.mail().kept();
        let keys: Vec<Key> = kept.iter().map(key_of).collect();
        let found = faults(&keys, &data, &key);
        assert!(found.is_empty(), "{job:?} {when:?}: {found:#?}");
        let after = said(&data, &key).unwrap();
        if hit {
            reached.hits += 1;
            let stage = stage(&before, &after, kept.len() - taken);
            *reached.at.entry(stage).or_default() += 1;
        }
        before = after;
    }
    // The last run goes on with what the killed ones left.
    quiet(started()).wait().unwrap();
    let kept = desk.demo.mail().kept();
    let keys: Vec<Key> = kept.iter().map(key_of).collect();
    let found = faults(&keys, &data, &key);
    assert!(found.is_empty(), "{job:?} at the end: {found:#?}");
    let said = said(&data, &key).unwrap();
    let open = said.values().filter(|s| !matches!(s, Said::Ended(_)));
    assert_eq!(open.count(), 0, "recovery closed what was open");
    match job {
        Job::Single => {}
        Job::Batch => all_rows_once(&desk, rows, &kept),
        Job::Outbox => {
            once(&kept);
            assert!(own.outbox().unwrap().is_empty());
        }
    }
    reached
}

/// Nobody has a letter twice, though each run began the same batch anew; who has none is told.
fn all_rows_once(desk: &Desk, rows: usize, kept: &[Kept]) {
    let once = once(kept);
    let ran = super::super::desk::run(batch(desk, &desk.demo.config_path()), b"");
    let told = ran.json();
    let told = told["rows"].as_array().unwrap();
    assert_eq!(told.len(), rows);
    assert_eq!(desk.demo.mail().taken(), kept.len(), "all was sent before");
    for (n, row) in told.iter().enumerate() {
        let has = once
            .iter()
            .filter(|(s, _)| *s == format!("Sag {n}"))
            .count();
        match row["outcome"].as_str().unwrap() {
            "already-sent" => assert_eq!(has, 2, "{row}"),
            "unconfirmed" => {}
            other => panic!("{other}: {row}"),
        }
    }
}

/// Puts a mail with two deliveries into the outbox.
pub(super) fn put(segl: &Segl, [to, bcc, ..]: &[String; 4]) {
    let from = segl.config().senders[0].mailbox.clone();
    let mut draft = Draft::new(DraftId::random().unwrap(), from);
    draft.to = vec![Mailbox::parse(to).unwrap()];
    draft.bcc = vec![Mailbox::parse(bcc).unwrap()];
    draft.subject = draft.id.as_str().to_owned();
    draft.body = Body::Text("Rødgrød".to_owned());
    assert!(segl.save_draft(&draft, now()).unwrap());
    segl.put_in_outbox(&draft, Why::Unreachable, now()).unwrap();
}

#[test]
fn a_kill_at_any_point_leaves_nothing_sent_and_unrecorded_nothing_sent_twice_and_a_whole_chain() {
    let mut dice = Dice::new("kills");
    let each = kills().div_ceil(4);
    let begun = Instant::now();
    let jobs = [Job::Single, Job::Batch, Job::Outbox, Job::Single];
    let reached: Vec<Reached> = thread::scope(|scope| {
        let started = jobs.map(|job| {
            let dice = Dice(dice.next());
            scope.spawn(move || worker(job, each, dice))
        });
        started.map(|w| w.join().unwrap()).into()
    });
    let mut all = Reached::default();
    for one in reached {
        all.tried += one.tried;
        all.hits += one.hits;
        for (stage, count) in one.at {
            *all.at.entry(stage).or_default() += count;
        }
    }
    println!("kills: {all:?} in {:.0} s", begun.elapsed().as_secs_f64());
    assert!(all.hits * 4 >= kills() * 3, "the kills hit: {all:?}");
    assert!(
        all.at.keys().any(|s| s.starts_with('3')) && all.at.keys().any(|s| s.starts_with('4')),
        "mails were on their way: {all:?}"
    );
}

#[test]
fn several_segls_at_once_send_all_of_their_messages_into_one_record() {
    let desk = Desk::new();
    let children: Vec<Child> = (0..4).map(|_| quiet(four_deliveries(&desk))).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let kept = desk.demo.mail().kept();
    assert_eq!(kept.len(), 16);
    let keys: Vec<Key> = kept.iter().map(key_of).collect();
    let data = desk.path("data");
    let key = store_key(&desk, &data);
    assert_eq!(faults(&keys, &data, &key), [""; 0]);
    let said = said(&data, &key).unwrap();
    let sent = Said::Ended(DeliveryOutcome::Sent);
    assert_eq!(said.values().filter(|s| **s == sent).count(), 16);
}
