//! How connections are opened, shared, kept, given up and left alone.

use std::sync::atomic::{AtomicUsize, Ordering};

use segl::{
    demo::directory::{Asked, Fault},
    directory::{Bind, FailureCode},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};
use zeroize::Zeroizing;

use super::*;

const DN: &str = "cn=segl,c=DK";

fn code(answer: &Answer) -> Option<FailureCode> {
    answer.failure.as_ref().map(|failure| failure.code)
}

/// Looks up `a0@x.example` and so on, all at once, as a window does that asks for all recipients.
async fn find_all(
    directory: &Arc<LdapDirectory>,
    count: usize,
    freshness: Freshness,
) -> Vec<Answer> {
    let mut searches = JoinSet::new();
    for number in 0..count {
        let directory = Arc::clone(directory);
        let of = address(&format!("a{number}@x.example"));
        searches.spawn(async move { (number, directory.find(&of, AT, freshness).await) });
    }
    let mut answers = searches.join_all().await;
    answers.sort_by_key(|(number, _)| *number);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

#[tokio::test]
async fn many_first_lookups_share_one_connection_and_are_each_answered_with_their_own() {
    let certificates: Vec<_> = (0..100)
        .map(|n| certificate(&format!("a{n}@x.example")))
        .collect();
    let entries = certificates
        .iter()
        .enumerate()
        .map(|(n, der)| entry(&format!("a{n}@x.example"), &[der]));
    let server = start(entries.collect(), ldaps());
    let directory = Arc::new(directory(settings(&server.url())));
    for round in 1..=2 {
        let answers = find_all(&directory, 100, Freshness::Recent).await;
        for (answer, der) in answers.iter().zip(&certificates) {
            assert_eq!(ders(answer), [der.as_slice()]);
            assert_eq!(code(answer), None);
        }
        assert_eq!(server.stats().connections, 1, "round {round}");
    }
}

#[tokio::test]
async fn a_directory_that_failed_is_left_alone_until_it_is_asked_for_by_hand() {
    let server = start(Vec::new(), ldaps());
    server.set_fault(Fault::CloseOnAccept).unwrap();
    let directory = Arc::new(directory(settings(&server.url())));
    for _ in 0..3 {
        assert_eq!(
            code(&find(&*directory, "a@x.example").await),
            Some(FailureCode::Tls)
        );
    }
    assert_eq!(server.stats().connections, 1);
    // Asked for by hand, and by many at once: one attempt for all of them.
    let answers = find_all(&directory, 20, Freshness::Now).await;
    assert!(
        answers
            .iter()
            .all(|answer| code(answer) == Some(FailureCode::Tls))
    );
    assert_eq!(server.stats().connections, 2);

    server.set_fault(None).unwrap();
    assert!(is_none(&find_now(&*directory, "a@x.example").await));
    assert!(is_none(&find(&*directory, "b@x.example").await));
    assert_eq!(server.stats().connections, 3);
}

#[tokio::test]
async fn a_directory_that_falls_silent_slows_nobody_a_second_time() {
    let server = start(Vec::new(), ldaps());
    let mut settings = settings(&server.url());
    settings.search_timeout = Duration::from_secs(2);
    let directory = Arc::new(directory(settings));
    assert!(is_none(&find(&*directory, "a@x.example").await));
    server.set_fault(Fault::StallOnSearch).unwrap();
    for _ in 0..3 {
        assert_eq!(
            code(&find(&*directory, "a@x.example").await),
            Some(FailureCode::Timeout)
        );
    }
    assert_eq!(
        server.stats().filters().len(),
        2,
        "the other two were not sent"
    );
}

#[tokio::test]
async fn a_bind_goes_through_tls_and_a_refused_one_is_not_tried_again() {
    for options in [ldaps(), start_tls()] {
        let options = DirectoryOptions {
            credentials: Some((DN.to_owned(), "right".to_owned())),
            ..options
        };
        let anne = certificate("anne@x.example");
        let server = start(vec![entry("anne@x.example", &[&anne])], options.clone());
        let fetched = Arc::new(AtomicUsize::new(0));
        let with = |password: &'static str| {
            let mut settings = settings(&server.url());
            settings.start_tls = server.url().starts_with("ldap:");
            let fetched = Arc::clone(&fetched);
            let fetch = move || {
                fetched.fetch_add(1, Ordering::SeqCst);
                match password {
                    "locked" => Err("the keyring is locked".into()),
                    _ => Ok(Zeroizing::new(password.to_owned())),
                }
            };
            let (dn, password) = (DN.to_owned(), Arc::new(fetch) as _);
            settings.bind = Some(Bind { dn, password });
            directory(settings)
        };
        let right = with("right");
        assert_eq!(
            ders(&find(&right, "anne@x.example").await),
            [anne.as_slice()]
        );
        assert_eq!(
            ders(&find(&right, "anne@x.example").await),
            [anne.as_slice()]
        );
        assert_eq!(fetched.load(Ordering::SeqCst), 1, "once a connection");
        for refused in ["wrong", "", "locked"] {
            let refused = with(refused);
            for _ in 0..2 {
                let answer = find(&refused, "anne@x.example").await;
                assert_eq!(code(&answer), Some(FailureCode::Refused));
            }
        }
        let stats = server.stats();
        let binds: Vec<_> = stats
            .binds()
            .into_iter()
            .map(|b| (b.inside_tls, b.request.clone()))
            .collect();
        let bind = |accepted| Asked::SimpleBind {
            dn: DN.to_owned(),
            accepted,
        };
        assert_eq!(binds, [(true, bind(true)), (true, bind(false))]);
    }
}

#[tokio::test]
async fn only_start_tls_is_ever_sent_in_clear_where_tls_is_wanted() {
    let server = start(Vec::new(), start_tls());
    let mut settings = settings(&server.url());
    settings.start_tls = true;
    assert!(is_none(&find(&directory(settings), "anne@x.example").await));
    for seen in server.stats().requests {
        assert_eq!(seen.inside_tls, seen.request != Asked::StartTls, "{seen:?}");
    }
}

/// Reads one search of a connection in clear. Its id is the octet behind the lengths, which are short here.
async fn search_id(stream: &mut TcpStream) -> u8 {
    let mut request = [0; 1024];
    let length = stream.read(&mut request).await.unwrap();
    let id = request[..length]
        .windows(2)
        .position(|w| w == [2, 1])
        .expect("a message id");
    request[id + 2]
}

async fn say_none(stream: &mut TcpStream, id: u8) {
    let done = [0x30, 12, 2, 1, id, 0x65, 7, 0x0a, 1, 0, 4, 0, 4, 0];
    stream.write_all(&done).await.unwrap();
}

#[tokio::test]
async fn a_kept_connection_that_is_dead_is_replaced_once_and_a_new_one_is_not() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut settings = settings(&format!("ldap://{}", listener.local_addr().unwrap()));
    settings.allow_plaintext = true;
    let directory = Arc::new(directory(settings));
    let serve = async {
        let (mut first, _) = listener.accept().await.unwrap();
        // A search, and on each new connection the question what time it is there.
        for _ in 0..2 {
            let id = search_id(&mut first).await;
            say_none(&mut first, id).await;
        }
        // The next search meets a connection that looks open, and ends as soon as it is used.
        search_id(&mut first).await;
        drop(first);
        let (mut second, _) = listener.accept().await.unwrap();
        for _ in 0..2 {
            let id = search_id(&mut second).await;
            say_none(&mut second, id).await;
        }
        // So does the third; and the new connection for it ends too.
        search_id(&mut second).await;
        drop(second);
        let (mut third, _) = listener.accept().await.unwrap();
        search_id(&mut third).await;
    };
    let ask = async {
        assert!(is_none(&find(&*directory, "a@x.example").await));
        assert!(is_none(&find(&*directory, "b@x.example").await));
        assert_eq!(
            code(&find(&*directory, "c@x.example").await),
            Some(FailureCode::Unreachable)
        );
    };
    tokio::join!(ask, serve);
}
