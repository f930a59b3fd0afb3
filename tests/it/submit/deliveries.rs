//! Several deliveries, refusals, cancelling, lost connections, and what a server cannot take.

use segl::{
    demo::mail::{Do, Fault, Size, Step as At},
    submit::Step,
};

use super::*;

async fn open(server: &MailServer) -> Session {
    Session::open(settings(server.port(), Security::ImplicitTls))
        .await
        .unwrap()
}

fn three() -> Vec<Transaction> {
    vec![
        transaction(&[BO], MESSAGE),
        transaction(&[MADS, BO], MESSAGE),
        transaction(&[MADS], MESSAGE),
    ]
}

#[tokio::test]
async fn every_recipient_of_every_delivery_is_accepted_before_the_first_data() {
    let server = start(implicit());
    let mut session = open(&server).await;
    for verified in verify(&mut session, three()).await {
        let delivered = deliver(&mut session, verified, MESSAGE).await;
        assert!(matches!(delivered, Delivered::Sent { .. }), "{delivered:?}");
    }
    let said = verbs(&server);
    let first_data = said.iter().position(|verb| verb == "DATA").unwrap();
    let rcpts = said[..first_data]
        .iter()
        .filter(|verb| *verb == "RCPT")
        .count();
    assert_eq!(rcpts, 4, "{said:?}");
    // The first transaction was left open: its sender is named once.
    let mails = said[..first_data]
        .iter()
        .filter(|verb| *verb == "MAIL")
        .count();
    assert_eq!(
        (mails, server.kept().len(), server.connections()),
        (3, 3, 1)
    );
    let to: Vec<_> = server.kept().into_iter().map(|kept| kept.rcpt_to).collect();
    assert_eq!(
        to,
        [
            vec![BO.to_owned()],
            vec![MADS.to_owned(), BO.to_owned()],
            vec![MADS.to_owned()]
        ]
    );
}

#[tokio::test]
async fn many_deliveries_are_verified_over_several_connections() {
    let server = start(implicit());
    let mut session = open(&server).await;
    let transactions = (0..20).map(|_| transaction(&[BO], MESSAGE)).collect();
    let verified = verify(&mut session, transactions).await;
    assert_eq!(verified.len(), 20);
    let said = server.transcript();
    assert_eq!(server.connections(), 3);
    for connection in 0..3 {
        let resets = said
            .iter()
            .filter(|line| line.connection == connection && line.text == "RSET");
        assert!(resets.count() <= 8);
    }
    assert!(!verbs(&server).contains(&"DATA".to_owned()));
}

#[tokio::test]
async fn one_refused_recipient_stops_all_deliveries_and_every_reply_is_told() {
    for code in [451, 550] {
        let server = start(
            implicit().with_fault(Fault::reply(At::Rcpt, code, "no\nsuch").for_address(MADS)),
        );
        let mut session = open(&server).await;
        let Verdict::Refused(replies) = session.verify(three()).await.unwrap() else {
            panic!("accepted");
        };
        let codes = |place: usize| {
            replies[place]
                .rcpt
                .iter()
                .map(segl::submit::Reply::code)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            (codes(0), codes(1), codes(2)),
            (vec![250], vec![code, 250], vec![code])
        );
        let (step, reply) = replies[1].refusal().unwrap();
        assert_eq!(
            (step, reply.code(), reply.text().as_str()),
            (Step::Rcpt, code, "no such")
        );
        assert!(replies[0].refusal().is_none());
        assert!(!verbs(&server).contains(&"DATA".to_owned()));
        assert!(server.kept().is_empty());

        // The session can be used again, and the transaction that would have stayed open is gone.
        server.set_faults(Vec::new());
        for verified in verify(&mut session, three()).await {
            let delivered = deliver(&mut session, verified, MESSAGE).await;
            assert!(matches!(delivered, Delivered::Sent { .. }), "{delivered:?}");
        }
        assert_eq!(server.kept().len(), 3);
    }
}

#[tokio::test]
async fn a_refused_sender_is_told_without_recipients() {
    let server = start(implicit().with_fault(Fault::reply(At::Mail, 550, "not you")));
    let Verdict::Refused(replies) = open(&server).await.verify(three()).await.unwrap() else {
        panic!("accepted");
    };
    assert!(
        replies
            .iter()
            .all(|replies| replies.mail.code() == 550 && replies.rcpt.is_empty())
    );
}

#[tokio::test]
async fn a_recipient_refused_later_gets_no_message_and_nobody_is_left_out_silently() {
    let server = start(implicit());
    let mut session = open(&server).await;
    let mut verified = verify(&mut session, three()).await.into_iter();
    let mut next = || verified.next().unwrap();
    assert!(matches!(
        deliver(&mut session, next(), MESSAGE).await,
        Delivered::Sent { .. }
    ));
    server.set_faults(vec![
        Fault::reply(At::Rcpt, 452, "full").for_address(BO).nth(1),
    ]);
    let second = deliver(&mut session, next(), MESSAGE).await;
    assert!(!second.may_have_been_sent());
    let Delivered::Rejected {
        step: Step::Rcpt,
        reply,
        envelope,
    } = second
    else {
        panic!("{second:?}");
    };
    assert_eq!(reply.code(), 452);
    assert_eq!(
        envelope
            .rcpt
            .iter()
            .map(segl::submit::Reply::code)
            .collect::<Vec<_>>(),
        [250, 452]
    );
    assert!(matches!(
        deliver(&mut session, next(), MESSAGE).await,
        Delivered::Sent { .. }
    ));
    assert_eq!(server.kept().len(), 2);
}

#[tokio::test]
async fn a_connection_lost_between_deliveries_is_opened_again() {
    for (at, action) in [
        (At::AfterMessage, Do::Drop),
        (At::AfterMessage, Do::Reply(421, "bye".to_owned())),
        // Octets out of turn: this connection's replies can be trusted no more.
        (At::Dot, Do::InjectAfterReply(b"250 odd\r\n".to_vec())),
    ] {
        let server = start(
            implicit()
                .with_password("anne", PASSWORD)
                .with_fault(Fault::new(at, action.clone()).nth(1)),
        );
        let settings = with_password(settings(server.port(), Security::ImplicitTls), PASSWORD);
        let mut session = Session::open(settings).await.unwrap();
        for verified in verify(&mut session, three()).await {
            let delivered = deliver(&mut session, verified, MESSAGE).await;
            assert!(
                matches!(delivered, Delivered::Sent { .. }),
                "{action:?}: {delivered:?}"
            );
        }
        assert_eq!(server.kept().len(), 3);
        assert!(server.kept().iter().all(|kept| kept.user.is_some()));
        assert!(server.connections() <= 2);
    }
}

#[tokio::test]
async fn a_server_that_is_gone_between_deliveries_means_not_sent() {
    let server = start(implicit());
    let mut session = open(&server).await;
    let mut verified = verify(&mut session, three()).await.into_iter();
    let first = deliver(&mut session, verified.next().unwrap(), MESSAGE).await;
    assert!(matches!(first, Delivered::Sent { .. }));
    server.refuse_connections().unwrap();
    for verified in verified {
        let delivered = deliver(&mut session, verified, MESSAGE).await;
        assert!(
            matches!(
                delivered,
                Delivered::NotSent {
                    why: SubmitError::Connect(_)
                }
            ),
            "{delivered:?}"
        );
    }
    assert_eq!(server.kept().len(), 1);
}

#[tokio::test]
async fn a_lost_connection_before_data_is_tried_once_more_and_not_twice() {
    for (nth, is_sent) in [(Some(1), true), (None, false)] {
        let mut fault = Fault::new(At::Data, Do::Drop);
        fault.nth = nth;
        let server = start(implicit().with_fault(fault));
        let delivered = submit(settings(server.port(), Security::ImplicitTls), MESSAGE)
            .await
            .unwrap();
        assert_eq!(matches!(delivered, Delivered::Sent { .. }), is_sent);
        if !is_sent {
            let lost = matches!(
                delivered,
                Delivered::NotSent {
                    why: SubmitError::Dropped {
                        step: Step::Data,
                        ..
                    }
                }
            );
            assert!(lost, "{delivered:?}");
        }
        assert_eq!(
            (server.kept().len(), server.connections()),
            (usize::from(is_sent), 2)
        );
    }
}

#[tokio::test]
async fn cancelling_works_until_the_final_dot_and_not_after() {
    // So much that no socket takes it at once: there is time to cancel.
    let message = [large(), large(), large(), large()].concat();
    for after_the_dot in [false, true] {
        let server = start(implicit());
        let mut session = open(&server).await;
        let verified = verify(&mut session, vec![transaction(&[BO], &message)])
            .await
            .pop()
            .unwrap();
        let cancel = Cancel::new();
        let mut last = None;
        let mut progress = |now: segl::submit::Progress| {
            assert!(now.written <= now.total && last <= Some(now.written));
            last = Some(now.written);
            if now.may_have_been_sent() == after_the_dot && now.written > 0 {
                cancel.stop();
            }
        };
        let delivered = session
            .deliver(verified, &message, &mut progress, &cancel)
            .await;
        if after_the_dot {
            assert!(matches!(delivered, Delivered::Sent { .. }), "{delivered:?}");
            assert_eq!(server.kept()[0].data, message);
        } else {
            assert!(
                matches!(
                    delivered,
                    Delivered::NotSent {
                        why: SubmitError::Cancelled
                    }
                ),
                "{delivered:?}"
            );
            assert!(server.kept().is_empty());
        }
    }
}

#[tokio::test]
async fn cancelling_beforehand_sends_nothing() {
    let server = start(implicit());
    let mut session = open(&server).await;
    let verified = verify(&mut session, vec![transaction(&[BO], MESSAGE)])
        .await
        .pop()
        .unwrap();
    let cancel = Cancel::new();
    cancel.stop();
    let delivered = session
        .deliver(verified, MESSAGE, &mut |_| {}, &cancel)
        .await;
    assert!(matches!(
        delivered,
        Delivered::NotSent {
            why: SubmitError::Cancelled
        }
    ));
    assert!(!verbs(&server).contains(&"DATA".to_owned()));
}

#[tokio::test]
async fn other_octets_than_those_verified_are_not_sent() {
    let server = start(implicit());
    let mut session = open(&server).await;
    for other in [
        &b"Subject: y\r\n\r\n.\r\n..two\r\nlast.\r\n"[..],
        b"short\r\n",
        b"bare\n.\nlf\r\n",
    ] {
        let verified = verify(&mut session, vec![transaction(&[BO], MESSAGE)])
            .await
            .pop()
            .unwrap();
        let delivered = deliver(&mut session, verified, other).await;
        assert!(matches!(
            delivered,
            Delivered::NotSent {
                why: SubmitError::Changed | SubmitError::Content(_)
            }
        ));
    }
    assert!(!verbs(&server).contains(&"DATA".to_owned()));
}

#[tokio::test]
async fn what_the_server_cannot_take_is_told_before_anything_is_sent() {
    let mut options = implicit();
    options.size = Size::Announced(1000);
    options.smtp_utf8 = false;
    let server = start(options);
    let mut session = open(&server).await;
    let too_large = [b"A: b\r\n\r\n".to_vec(), b"c\r\n".repeat(400)].concat();
    let found = session
        .verify(vec![
            transaction(&[BO], MESSAGE),
            transaction(&[BO], &too_large),
        ])
        .await
        .err();
    assert!(
        matches!(
            found,
            Some(SubmitError::TooLarge {
                size: 1208,
                limit: 1000
            })
        ),
        "{found:?}"
    );
    let found = session
        .verify(vec![transaction(&[BO, "søren@firma-eksempel.dk"], MESSAGE)])
        .await
        .err();
    assert!(
        matches!(found, Some(SubmitError::NeedsSmtpUtf8 { addresses: 1 })),
        "{found:?}"
    );
    assert_eq!(verbs(&server), ["EHLO"]);
}

#[tokio::test]
async fn smtputf8_and_8bitmime_are_asked_for_where_needed() {
    let server = start(implicit());
    let mut session = open(&server).await;
    let message = "Subject: x\r\n\r\næøå\r\n".as_bytes();
    let sent = vec![transaction(&["søren@ærø-eksempel.dk"], message)];
    for verified in verify(&mut session, sent).await {
        assert!(matches!(
            deliver(&mut session, verified, message).await,
            Delivered::Sent { .. }
        ));
    }
    let kept = server.kept().pop().unwrap();
    assert_eq!(kept.rcpt_to, ["søren@xn--r-eksempel-c6a1t.dk".to_owned()]);
    assert!(kept.parameters.contains(&"SMTPUTF8".to_owned()));
    assert!(kept.parameters.contains(&"BODY=8BITMIME".to_owned()));
    assert_eq!(kept.data, message);
}

#[tokio::test]
async fn a_size_that_was_not_announced_is_a_rejection() {
    let mut options = implicit();
    options.size = Size::Silent(5);
    let server = start(options);
    let delivered = submit(settings(server.port(), Security::ImplicitTls), MESSAGE)
        .await
        .unwrap();
    assert!(matches!(
        delivered,
        Delivered::Rejected { step: Step::FinalDot, reply, .. } if reply.code() == 552
    ));
    assert!(server.kept().is_empty());
}
