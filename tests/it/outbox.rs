//! The outbox: what waits is sent once, and never to somebody who would be exposed; nothing is lost.

use std::{
    process::Stdio,
    sync::atomic::{AtomicI64, Ordering},
    time::{Duration, Instant},
};

use jiff::{SignedDuration, Timestamp};
use segl::{
    demo::{
        directory,
        mail::{Do, Fault, Step},
    },
    mail::{Body, Draft, DraftId, Mailbox},
    record::{Filter, Log},
    segl::{CameTo, Cancel, Segl, Tried, Waiting, Which, Why},
};

use super::desk::{Desk, command, now};

const KAREN: &str = "karen@advokat-eksempel.dk";
const BO: &str = "bo@advokat-eksempel.dk";
/// Has no certificate.
const KLAUS: &str = "klaus@privat.example";

fn segl(desk: &Desk) -> Segl {
    Segl::open(desk.demo.config().unwrap(), "anne".to_owned()).unwrap()
}

fn draft(segl: &Segl, to: &str) -> Draft {
    let from = segl.config().senders[0].mailbox.clone();
    let mut draft = Draft::new(DraftId::random().unwrap(), from);
    draft.to = vec![Mailbox::parse(to).unwrap()];
    draft.body = Body::Text("Rødgrød".to_owned());
    draft
}

/// Puts a mail into the outbox, as after a send to a server that was out of reach.
fn put(segl: &Segl, to: &str) -> Draft {
    let draft = draft(segl, to);
    assert!(segl.save_draft(&draft, now()).unwrap());
    segl.put_in_outbox(&draft, Why::Unreachable, now()).unwrap();
    draft
}

/// A clock that a test moves.
#[derive(Default)]
struct Ahead(AtomicI64);

impl Ahead {
    fn now(&self) -> Timestamp {
        now() + SignedDuration::from_mins(self.0.load(Ordering::Relaxed))
    }

    fn go(&self, minutes: i64) {
        self.0.fetch_add(minutes, Ordering::Relaxed);
    }

    async fn run(&self, segl: &Segl, which: Which) -> Vec<Tried> {
        let (cancel, clock) = (Cancel::new(), || self.now());
        let tried = segl.run_outbox(&which, &cancel, &clock).await.unwrap();
        tried.expect("nobody else runs")
    }
}

/// How the only mail that was tried waits.
fn waits(tried: &[Tried]) -> &Waiting {
    match tried {
        [
            Tried {
                came_to: CameTo::Waits(waiting, _),
                ..
            },
        ] => waiting,
        other => panic!("{other:?}"),
    }
}

fn is_sent(tried: &[Tried]) -> bool {
    matches!(tried, [t] if matches!(t.came_to, CameTo::Sent(_)))
}

/// Intents and outcomes in the record.
fn rows(segl: &Segl) -> (usize, Vec<String>) {
    let vault = segl.vault().unwrap();
    vault.record(now()).unwrap();
    let log = Log::open(vault.folder(), Some(vault.key())).unwrap();
    let rows = log.list(&Filter::default()).unwrap();
    let outcomes = rows.iter().filter_map(|r| r.outcome.clone()).collect();
    (rows.iter().filter(|r| r.kind == "intent").count(), outcomes)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_waits_while_the_server_is_down_and_leaves_once_when_it_is_back() {
    let desk = Desk::new();
    let (segl, clock) = (segl(&desk), Ahead::default());
    let mail = put(&segl, KAREN);
    assert!(
        segl.drafts().unwrap().is_empty(),
        "it is no draft meanwhile"
    );
    assert!(
        clock.run(&segl, Which::Due).await.is_empty(),
        "not due at once"
    );

    desk.demo.mail().refuse_connections().unwrap();
    for (ahead, next) in [(1, 2), (2, 5), (5, 10)] {
        clock.go(ahead);
        let tried = clock.run(&segl, Which::Due).await;
        let waiting = waits(&tried);
        assert_eq!(waiting.why, Why::Unreachable);
        let wait = waiting.next.unwrap().duration_since(clock.now());
        assert_eq!((wait.as_secs() + 30) / 60, next);
    }

    desk.demo.mail().accept_connections().unwrap();
    clock.go(10);
    let tried = clock.run(&segl, Which::Due).await;
    assert!(is_sent(&tried) && tried[0].draft.id == mail.id, "{tried:?}");
    assert!(segl.outbox().unwrap().is_empty() && segl.drafts().unwrap().is_empty());
    assert!(clock.run(&segl, Which::All).await.is_empty());
    assert_eq!(desk.demo.mail().kept().len(), 1);
    assert_eq!(rows(&segl), (1, vec!["sent".to_owned()]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_server_is_tried_again_and_one_that_refuses_is_not() {
    let desk = Desk::new();
    let (segl, clock) = (segl(&desk), Ahead::default());
    put(&segl, KAREN);
    for (reply, why) in [
        (451, Why::Busy { reply: 451 }),
        (550, Why::Rejected { reply: 550 }),
    ] {
        for step in [Step::Mail, Step::Rcpt, Step::Data] {
            let fault = Fault::reply(step.clone(), reply, "no");
            desk.demo.mail().set_faults(vec![fault]);
            let tried = clock.run(&segl, Which::All).await;
            let waiting = waits(&tried);
            assert_eq!(waiting.why, why, "{step:?}");
            assert_eq!(waiting.needs_answer(), reply == 550);
            assert_eq!(segl.outbox().unwrap().len(), 1);
        }
    }
    clock.go(60);
    assert!(clock.run(&segl, Which::Due).await.is_empty());
    desk.demo.mail().set_faults(Vec::new());
    assert!(is_sent(&clock.run(&segl, Which::All).await));
    assert_eq!(desk.demo.mail().kept().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_that_answers_green_lets_the_mail_leave() {
    let desk = Desk::new();
    let (segl, clock) = (segl(&desk), Ahead::default());
    let fault = directory::Fault::RefuseConnections;
    desk.demo.directory().set_fault(fault).unwrap();
    put(&segl, KAREN);
    let tried = clock.run(&segl, Which::All).await;
    let waiting = waits(&tried);
    assert!(matches!(&waiting.why, Why::Directory { who, .. } if who == &[KAREN]));
    assert!(!waiting.needs_answer());
    desk.demo.directory().set_fault(None).unwrap();
    clock.go(60);
    assert!(is_sent(&clock.run(&segl, Which::All).await));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_that_comes_back_red_keeps_the_mail_and_asks() {
    let desk = Desk::new();
    let (segl, clock) = (segl(&desk), Ahead::default());
    let fault = directory::Fault::RefuseConnections;
    desk.demo.directory().set_fault(fault).unwrap();
    let mail = put(&segl, KLAUS);
    assert!(!waits(&clock.run(&segl, Which::All).await).needs_answer());
    desk.demo.directory().set_fault(None).unwrap();
    clock.go(60);
    let tried = clock.run(&segl, Which::All).await;
    assert!(matches!(waits(&tried).why, Why::Exposed { .. }));
    assert!(waits(&tried).needs_answer());
    clock.go(60 * 24);
    assert!(clock.run(&segl, Which::Due).await.is_empty());
    assert!(desk.demo.mail().kept().is_empty());
    assert_eq!(rows(&segl).0, 0, "nothing was even begun");
    assert_eq!(segl.outbox().unwrap()[0].draft, mail);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_policy_refuses_waits_for_an_answer_too() {
    let desk = Desk::new();
    desk.edit("fallback = \"ask\"", "fallback = \"forbid\"");
    let (segl, clock) = (segl(&desk), Ahead::default());
    put(&segl, KLAUS);
    let tried = clock.run(&segl, Which::All).await;
    assert!(matches!(waits(&tried).why, Why::Forbidden { .. }));
    assert!(waits(&tried).needs_answer());
    assert!(desk.demo.mail().kept().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_that_run_at_once_send_it_once() {
    let desk = Desk::new();
    let (one, two) = (segl(&desk), segl(&desk));
    for _ in 0..3 {
        put(&one, KAREN);
    }
    let cancel = Cancel::new();
    let (a, b) = tokio::join!(
        one.run_outbox(&Which::All, &cancel, &now),
        two.run_outbox(&Which::All, &cancel, &now)
    );
    let tried = |t: Option<Vec<Tried>>| t.map_or(0, |t| t.len());
    assert_eq!(tried(a.unwrap()) + tried(b.unwrap()), 3);
    assert_eq!(desk.demo.mail().kept().len(), 3);
    assert_eq!(rows(&one).0, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_may_have_left_becomes_a_draft_in_doubt_and_is_not_tried_again() {
    let desk = Desk::new();
    let (segl, clock) = (segl(&desk), Ahead::default());
    let mail = put(&segl, KAREN);
    let fault = Fault::new(Step::Dot, Do::Drop);
    desk.demo.mail().set_faults(vec![fault]);
    let tried = clock.run(&segl, Which::All).await;
    assert!(matches!(tried[0].came_to, CameTo::Draft(_)), "{tried:?}");
    desk.demo.mail().set_faults(Vec::new());
    clock.go(60 * 24);
    assert!(clock.run(&segl, Which::All).await.is_empty());
    let drafts = segl.drafts().unwrap();
    let kept = drafts[0].draft.as_ref().unwrap();
    assert!(kept.id == mail.id && kept.is_in_doubt());
    let again = segl.put_in_outbox(kept, Why::Unreachable, now());
    assert!(again.is_err(), "first somebody looks");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_a_window_takes_is_left_alone_and_leaves_the_outbox() {
    let desk = Desk::new();
    let (runner, window, clock) = (segl(&desk), segl(&desk), Ahead::default());
    let (first, second) = (put(&runner, KAREN), put(&runner, BO));
    let taken = window.take_draft(&first.id, now()).unwrap();
    assert_eq!(taken.as_ref(), Some(&first));
    let elsewhere = runner.take_draft(&first.id, now()).unwrap();
    assert_eq!(elsewhere, None, "it is open in another window");
    assert!(!runner.back_to_draft(&first.id, now()).unwrap());
    assert!(is_sent(&clock.run(&runner, Which::All).await));
    let kept = desk.demo.mail().kept();
    assert_eq!(
        kept.iter().flat_map(|m| &m.rcpt_to).collect::<Vec<_>>(),
        [BO]
    );
    assert_eq!(runner.take_draft(&second.id, now()).unwrap(), None);

    let third = put(&runner, BO);
    assert!(runner.back_to_draft(&third.id, now()).unwrap());
    assert!(runner.outbox().unwrap().is_empty());
    let drafts = runner.drafts().unwrap();
    let open = |id: &DraftId| drafts.iter().find(|k| k.id == *id).map(|k| k.is_open);
    assert_eq!(
        (open(&first.id), open(&third.id)),
        (Some(true), Some(false))
    );
    assert!(!runner.discard_draft(&first.id).unwrap(), "it is open");
    assert!(runner.discard_draft(&third.id).unwrap());
}

#[test]
fn an_older_copy_that_comes_late_does_not_take_a_mail_out_of_the_outbox() {
    let desk = Desk::new();
    let segl = segl(&desk);
    let mail = put(&segl, KAREN);
    assert!(segl.save_draft(&mail, now()).unwrap());
    assert_eq!(segl.outbox().unwrap().len(), 1);
}

#[test]
fn only_a_draft_that_a_crash_left_is_taken_at_the_start() {
    let desk = Desk::new();
    let (crashed, closed) = (segl(&desk), segl(&desk));
    let (lost, kept) = (draft(&crashed, KAREN), draft(&closed, BO));
    crashed.save_draft(&lost, now()).unwrap();
    closed.save_draft(&kept, now()).unwrap();
    let next = segl(&desk);
    assert!(
        next.take_crashed_drafts().unwrap().is_empty(),
        "both are open"
    );
    drop(closed);
    // A program that dies cannot say that it does: its lock goes, its mark stays.
    let lock = format!("data/draft-{}.lock", lost.id);
    let mark = std::fs::read(desk.path(&lock)).unwrap();
    assert_eq!(mark.len(), 1);
    drop(crashed);
    std::fs::write(desk.path(&lock), mark).unwrap();
    let taken = next.take_crashed_drafts().unwrap();
    assert_eq!(taken, [lost]);
    assert_eq!(next.take_draft(&kept.id, now()).unwrap(), Some(kept));
}

#[test]
fn a_kill_while_the_outbox_is_sent_loses_nothing_and_sends_nothing_twice() {
    const KILLS: usize = 8;
    let desk = Desk::new();
    let own = segl(&desk);
    let mut mails = vec![put(&own, KAREN).id];
    assert_eq!(desk.segl(&["outbox", "send"]).code, 0);
    let whole = desk.demo.mail().transcript().len();
    let mut killed = 0;
    for i in 0..KILLS {
        mails.push(put(&own, KAREN).id);
        let wanted = desk.demo.mail().transcript().len() + 1 + i * whole / KILLS;
        let mut segl = command(desk.demo.folder());
        segl.arg("--config").arg(desk.demo.config_path());
        segl.args(["outbox", "send"]);
        segl.stdin(Stdio::null()).stdout(Stdio::null());
        let mut child = segl.stderr(Stdio::null()).spawn().unwrap();
        let deadline = Instant::now() + Duration::from_mins(1);
        while desk.demo.mail().transcript().len() < wanted
            && child.try_wait().unwrap().is_none()
            && Instant::now() < deadline
        {
            std::thread::yield_now();
        }
        if child.try_wait().unwrap().is_none() {
            child.kill().unwrap();
            killed += 1;
        }
        child.wait().unwrap();
        // Whoever comes next goes on with what is left.
        let next = desk.segl(&["outbox", "send", "--json"]);
        assert_eq!(next.code, 0, "{next:?}");
    }
    assert!(killed * 2 >= KILLS, "{killed} kills hit a running program");
    assert!(own.outbox().unwrap().is_empty());
    assert_eq!(desk.segl(&["log", "verify"]).code, 0);

    let drafts = own.drafts().unwrap().into_iter();
    let drafts: Vec<Draft> = drafts.map(|k| k.draft.unwrap()).collect();
    assert!(drafts.iter().all(Draft::is_in_doubt));
    let vault = own.vault().unwrap();
    let log = Log::open(vault.folder(), Some(vault.key())).unwrap();
    let sendings = log.sendings().unwrap();
    let kept = desk.demo.mail().kept();
    for id in mails {
        let intents = sendings.iter().filter_map(|s| s.intent.as_ref());
        let names: Vec<&str> = intents
            .filter(|i| i.draft == id.as_str())
            .map(|i| i.message_id.as_str())
            .collect();
        let taken = kept.iter().filter(|m| {
            let text = String::from_utf8_lossy(&m.data);
            names.iter().any(|name| text.contains(name))
        });
        let taken = taken.count();
        assert!(taken <= 1, "taken twice");
        assert!(taken == 1 || drafts.iter().any(|d| d.id == id), "lost");
    }
}

#[test]
fn the_command_line_lists_what_waits_and_sends_it() {
    let desk = Desk::new();
    let own = segl(&desk);
    let mail = put(&own, KAREN);
    put(&own, KLAUS);
    let listed = &desk.segl(&["outbox", "list", "--json"]).json()["outbox"][0];
    assert_eq!(listed["draft"], mail.id.as_str());
    assert_eq!(
        (&listed["why"], &listed["to"][0]),
        (&"unreachable".into(), &KAREN.into())
    );
    let text = desk.segl(&["outbox", "list"]).stdout;
    assert!(
        text.contains(KAREN) && text.contains("cannot be reached"),
        "{text}"
    );
    let sent = desk.segl(&["outbox", "send", "--json"]);
    assert_eq!(sent.code, 1, "one needs an answer");
    let tried = &sent.json()["tried"];
    assert_eq!(tried[0]["outcome"], "sent");
    assert_eq!(
        (&tried[1]["outcome"], &tried[1]["why"]),
        (&"needs-answer".into(), &"exposed".into())
    );
    assert_eq!(desk.demo.mail().kept().len(), 1);
}

#[test]
fn the_log_has_a_line_for_each_recipient_and_the_mail_can_be_read_again() {
    let desk = Desk::new();
    let sent = desk.send(&[
        "--to",
        KAREN,
        "--bcc",
        KLAUS,
        "--accept-fallback",
        "assessed",
    ]);
    assert_eq!(sent.code, 0, "{sent:?}");
    let own = segl(&desk);
    let log = own.log(now()).unwrap();
    let of = |to: &str| {
        let mut details = log.iter().filter_map(|l| l.detail.as_ref());
        details.find(|d| d.to == to).unwrap()
    };
    let (karen, klaus) = (of(KAREN), of(KLAUS));
    assert!(karen.reason.is_none() && karen.route.unwrap().is_end_to_end());
    assert_eq!(klaus.reason.as_ref().unwrap().0, "assessed");
    assert!(!klaus.route.unwrap().is_end_to_end());
    assert!(karen.reply.as_ref().unwrap().starts_with("250"));
    let mail = own.read_sent(&karen.message_id).unwrap();
    assert_eq!(
        (&*mail.subject, mail.text.trim_end()),
        ("Prøve", "Rødgrød med fløde")
    );
    let file = desk.path("sendelog.json");
    own.export_log(log[0].seq, &file).unwrap();
    assert_eq!(desk.segl(&["log", "verify", "sendelog.json"]).code, 0);
    assert!(
        own.export_log(log[0].seq, &file).is_err(),
        "never over a file"
    );
}

#[test]
#[cfg(feature = "gui")]
fn without_a_window_the_program_sends_what_waits_and_ends_when_the_rest_needs_an_answer() {
    let desk = Desk::new();
    let own = segl(&desk);
    let before = now() - SignedDuration::from_mins(10);
    for to in [KAREN, KLAUS] {
        let mail = draft(&own, to);
        own.put_in_outbox(&mail, Why::Unreachable, before).unwrap();
    }
    let mut runner = std::process::Command::new(env!("CARGO_BIN_EXE_segl-desktop"));
    runner.env_clear().env("HOME", desk.demo.folder());
    runner.arg("--outbox-runner").arg("--config");
    runner.arg(desk.demo.config_path()).stdin(Stdio::null());
    let mut child = runner.spawn().unwrap();
    let deadline = Instant::now() + Duration::from_mins(1);
    while child.try_wait().unwrap().is_none() && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(20));
    }
    let ended = child.try_wait().unwrap();
    if ended.is_none() {
        child.kill().unwrap();
    }
    assert!(ended.is_some_and(|status| status.success()), "{ended:?}");
    assert_eq!(desk.demo.mail().kept().len(), 1);
    let left = own.outbox().unwrap();
    assert!(left.len() == 1 && left[0].waiting.needs_answer());
}
