//! A program that dies while it sends leaves a draft that says so: whoever opens it again is asked, and nobody gets the
//! mail twice without a word.

use std::sync::{Arc, Mutex};

use segl::{
    decide::{Decision, Surface},
    demo::mail::{Do, Fault, Step},
    mail::{Body, Draft, DraftId, Mailbox},
    segl::{Ask, Cancel, Segl, Sending, Way},
};

use super::desk::{Desk, now};

fn draft(segl: &Segl) -> Draft {
    let from = segl.config().senders[0].mailbox.clone();
    let mut draft = Draft::new(DraftId::random().unwrap(), from);
    draft.to = vec![Mailbox::parse("karen@advokat-eksempel.dk").unwrap()];
    draft.body = Body::Text("Hej".to_owned());
    assert!(segl.save_draft(&draft, now()).unwrap());
    draft
}

/// What stands in the store of each draft: who may have it already.
fn doubtful(segl: &Segl) -> Vec<Option<usize>> {
    let drafts = segl.drafts().unwrap();
    let doubt = |d: Draft| d.again.map(|a| a.doubtful.len());
    drafts
        .into_iter()
        .map(|kept| doubt(kept.draft.unwrap()))
        .collect()
}

/// Sends a draft, and answers what stood in the store while its octets went, and whether it was sent.
async fn send(segl: &Arc<Segl>, draft: &Draft) -> (Vec<Option<usize>>, bool) {
    let found = segl
        .assess_all(&draft.recipients(), Ask::IfNotFresh, &now)
        .await;
    let Decision::EndToEnd(approved) = segl.decide(draft, segl.class(draft), &found, now()) else {
        panic!("not green")
    };
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (reader, kept) = (Arc::clone(segl), Arc::clone(&seen));
    let mut watch = move |_, _, _| *kept.lock().unwrap() = doubtful(&reader);
    let sending = Sending {
        draft,
        approved,
        surface: Surface::Window,
        way: Way::Submit,
        watch: &mut watch,
        cancel: &Cancel::new(),
    };
    let sent = segl.send(sending, &now).await.is_ok();
    let seen = seen.lock().unwrap().clone();
    (seen, sent)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kept_draft_is_in_doubt_while_it_leaves_and_no_longer() {
    let desk = Desk::new();
    let segl = Arc::new(Segl::open(desk.demo.config().unwrap(), "anne".to_owned()).unwrap());

    let first = draft(&segl);
    assert_eq!(doubtful(&segl), [None]);
    assert_eq!(send(&segl, &first).await, (vec![Some(1)], true));
    assert!(doubtful(&segl).is_empty(), "what was sent is no draft");

    let second = draft(&segl);
    let faults = vec![Fault::new(Step::Data, Do::Drop); 2];
    desk.demo.mail().set_faults(faults);
    let (_, sent) = send(&segl, &second).await;
    assert!(!sent);
    assert_eq!(doubtful(&segl), [None], "nothing was sent, nobody is asked");
}
