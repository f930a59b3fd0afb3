//! A directory that misbehaves, in every way that the embedded one knows: the kind of failure is exact, the next
//! directory is not touched, and when the fault is over the same directory answers again.

use segl::{
    demo::{
        Presented,
        directory::{Fault, Security as Offered},
    },
    directory::FailureCode,
};

use super::*;

const ANNE: &str = "anne@x.example";

/// What an answer comes to: certificates, and the failure beside them.
type Outcome = (usize, Option<FailureCode>);

fn outcome(answer: &Answer) -> Outcome {
    (answer.found.len(), answer.failure.as_ref().map(|f| f.code))
}

/// Asks a healthy directory, one with the fault, and then that one again without it.
async fn meets(fault: Fault, options: DirectoryOptions, adjust: impl Fn(&mut Settings)) -> Outcome {
    let anne = certificate(ANNE);
    let bo = certificate("bo@x.example");
    let server = start(vec![entry(ANNE, &[&anne])], options.clone());
    let other = start(vec![entry(ANNE, &[&bo])], ldaps());
    let mut settings = settings(&server.url());
    settings.start_tls = matches!(options.security, Offered::StartTls(_));
    settings.allow_plaintext = matches!(options.security, Offered::Plain);
    adjust(&mut settings);
    let (faulty, healthy) = (
        directory(settings),
        directory(super::settings(&other.url())),
    );

    server.set_fault(fault.clone()).unwrap();
    let (answer, untouched) = tokio::join!(find(&faulty, ANNE), find(&healthy, ANNE));
    assert_eq!(ders(&untouched), [bo.as_slice()], "{fault:?}");
    assert_eq!(untouched.failure, None, "{fault:?}");
    if let Some(failure) = &answer.failure {
        assert_eq!(failure.source, "OCES", "{fault:?}");
        assert!(
            !failure.message.contains("anne"),
            "{fault:?}: {}",
            failure.message
        );
    }

    server.set_fault(None).unwrap();
    let after = find_now(&faulty, ANNE).await;
    assert_eq!(ders(&after), [anne.as_slice()], "after {fault:?}");
    assert_eq!(after.failure, None, "after {fault:?}");
    outcome(&answer)
}

fn as_it_is(_: &mut Settings) {}

fn hasty(settings: &mut Settings) {
    let short = Duration::from_secs(2);
    (settings.connect_timeout, settings.search_timeout) = (short, short);
}

#[tokio::test]
async fn what_is_wrong_with_an_answer_is_told_and_what_is_right_in_it_is_kept() {
    use FailureCode::{Partial, Protocol, Refused, Unreachable};
    let somebody = entry("bo@x.example", &[&certificate("bo@x.example")]);
    let rows: [(Fault, Outcome); 24] = [
        (Fault::DropMidAnswer, (0, Some(Unreachable))),
        (Fault::Garbage, (0, Some(Protocol))),
        (Fault::EmptySequence, (0, Some(Protocol))),
        (Fault::HugeLength, (0, Some(Protocol))),
        (Fault::EndlessMessage, (0, Some(Protocol))),
        (Fault::EndlessEntries, (1, Some(Partial))),
        (Fault::ManyEntries(50), (1, None)),
        (Fault::ManyEntries(51), (1, Some(Partial))),
        (Fault::ManyValues(50), (50, None)),
        (Fault::ManyValues(51), (50, Some(Partial))),
        (Fault::ManyValues(100_000), (0, Some(Protocol))),
        (Fault::BigValue(1 << 20), (1, None)),
        (Fault::BigValue((1 << 20) + 1), (0, Some(Protocol))),
        (Fault::BigValue(5 << 20), (0, Some(Protocol))),
        (Fault::ResultCode(1), (0, Some(Refused))),
        (Fault::ResultCode(3), (0, Some(Partial))),
        (Fault::ResultCode(4), (0, Some(Partial))),
        (Fault::ResultCode(11), (0, Some(Partial))),
        (Fault::ResultCode(32), (0, Some(Refused))),
        (Fault::ResultCode(51), (0, Some(Refused))),
        (Fault::ResultCode(53), (0, Some(Refused))),
        (
            Fault::Referral("ldap://127.0.0.1:1/".to_owned()),
            (0, Some(Partial)),
        ),
        (
            Fault::AnswersForSomebodyElse(vec![somebody]),
            (0, Some(Protocol)),
        ),
        (Fault::WrongMessageId, (0, Some(Protocol))),
    ];
    for (fault, wanted) in rows {
        let presented = meets(fault.clone(), ldaps(), as_it_is).await;
        assert_eq!(presented, wanted, "{fault:?}");
    }
}

#[tokio::test]
async fn a_directory_that_cannot_be_reached_or_says_nothing_is_no_directory_that_has_none() {
    use FailureCode::{Timeout, Unreachable};
    for fault in [Fault::RefuseConnections, Fault::CloseOnAccept] {
        let presented = meets(fault.clone(), DirectoryOptions::default(), as_it_is).await;
        assert_eq!(presented, (0, Some(Unreachable)), "{fault:?}");
    }
    let stalled = tokio::join!(
        meets(Fault::StallOnAccept, ldaps(), hasty),
        meets(Fault::StallOnAccept, start_tls(), hasty),
        meets(Fault::StallOnSearch, ldaps(), hasty),
        meets(Fault::StallOnSearch, start_tls(), hasty),
    );
    let wanted = (0, Some(Timeout));
    assert_eq!(stalled, (wanted, wanted, wanted, wanted));
}

#[tokio::test]
async fn without_verified_tls_there_is_no_answer() {
    let bad = [
        Presented::Expired,
        Presented::WrongName,
        Presented::Untrusted,
    ];
    for fault in bad
        .map(Fault::BadCertificate)
        .into_iter()
        .chain([Fault::TlsGarbage])
    {
        for options in [ldaps(), start_tls()] {
            let presented = meets(fault.clone(), options, as_it_is).await;
            assert_eq!(presented, (0, Some(FailureCode::Tls)), "{fault:?}");
        }
    }
    // The connection ends where TLS should have begun.
    let presented = meets(Fault::CloseOnAccept, ldaps(), as_it_is).await;
    assert_eq!(presented, (0, Some(FailureCode::Tls)));
    let injected = b"\x30\x0c\x02\x01\x01\x65\x07\x0a\x01\x00\x04\x00\x04\x00".to_vec();
    for fault in [Fault::StartTlsRefused, Fault::StartTlsInjected(injected)] {
        let presented = meets(fault.clone(), start_tls(), as_it_is).await;
        assert_eq!(presented, (0, Some(FailureCode::Tls)), "{fault:?}");
    }
}

#[tokio::test]
async fn a_search_that_ends_badly_leaves_the_others_on_its_connection_alone() {
    let (anne, bo) = (certificate(ANNE), certificate("bo@x.example"));
    let entries = vec![entry(ANNE, &[&anne]), entry("bo@x.example", &[&bo])];
    let server = start(entries, ldaps());
    server.set_fault_for("bo@", Fault::EndlessEntries);
    let directory = directory(settings(&server.url()));
    let (of_anne, of_bo) = tokio::join!(find(&directory, ANNE), find(&directory, "bo@x.example"));
    assert_eq!(outcome(&of_anne), (1, None));
    assert_eq!(outcome(&of_bo), (1, Some(FailureCode::Partial)));
    assert_eq!(server.stats().connections, 1);
}
