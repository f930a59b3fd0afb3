//! A connection against a directory that is written by hand, octet for octet.

mod open;

use std::time::Duration;

use proptest::prelude::*;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex},
    time::sleep,
};

use super::{
    ber::{self, ENUMERATED, OCTET_STRING, SEQUENCE, SET, put},
    message::{Outbound, message_of, outbound},
    *,
};

/// Long enough for every machine: what is waited for this long fails the test.
const PATIENCE: Duration = Duration::from_mins(1);
const ENTRY: u8 = 0x64;
const DONE: u8 = 0x65;
const REFERENCE: u8 = 0x73;

async fn connection(idle: Duration) -> (Arc<LdapConnection>, DuplexStream) {
    let (ours, directory) = duplex(64 << 10);
    let connection = LdapConnection::start(ours, idle).await.unwrap();
    (Arc::new(connection), directory)
}

async fn search(connection: &LdapConnection, deadline: Duration) -> Reply {
    let attributes = ["userCertificate;binary".to_owned()];
    let query = Query {
        base: "c=DK",
        is_entry: false,
        filter: "(mail=anne@x.dk)",
        attributes: &attributes,
        size_limit: 50,
        deadline,
    };
    connection.search(&query).await
}

/// The next request, as the directory reads it.
async fn request(directory: &mut DuplexStream) -> Outbound {
    let mut message = Vec::new();
    loop {
        if let Some(length) = ber::announced(&message).unwrap()
            && message.len() == length
        {
            return outbound(&message).unwrap();
        }
        message.push(directory.read_u8().await.unwrap());
    }
}

async fn asked_id(directory: &mut DuplexStream) -> i32 {
    match request(directory).await {
        Outbound::Search(id) => id,
        other => panic!("{other:?} and not a search"),
    }
}

fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    put(&mut out, tag, content);
    out
}

fn entry(id: i32, values: &[&[u8]]) -> Vec<u8> {
    let values: Vec<u8> = values
        .iter()
        .flat_map(|v| element(OCTET_STRING, v))
        .collect();
    let attribute = [
        element(OCTET_STRING, b"userCertificate;binary"),
        element(SET, &values),
    ];
    let list = element(SEQUENCE, &element(SEQUENCE, &attribute.concat()));
    message_of(
        id,
        ENTRY,
        &[element(OCTET_STRING, b"cn=Anne,c=DK"), list].concat(),
    )
}

fn done(id: i32, code: u8) -> Vec<u8> {
    message_of(id, DONE, &result(code))
}

fn result(code: u8) -> Vec<u8> {
    let texts = [
        element(ENUMERATED, &[code]),
        element(4, b""),
        element(4, b"read by nobody"),
    ];
    texts.concat()
}

/// Sequences in each other, this deep.
fn nested(depth: u32) -> Vec<u8> {
    (0..depth)
        .rev()
        .flat_map(|inside| {
            let [a, b, c, d] = (6 * inside).to_be_bytes();
            [SEQUENCE, 0x84, a, b, c, d]
        })
        .collect()
}

/// What a search ends with that is answered with these octets, made for its message id.
async fn answered(octets: impl FnOnce(i32) -> Vec<u8>) -> (Reply, Arc<LdapConnection>) {
    let (connection, mut directory) = connection(PATIENCE).await;
    let serve = async {
        let id = asked_id(&mut directory).await;
        // The relay may end the connection before all is written: then it has seen enough.
        let _enough = directory.write_all(&octets(id)).await;
        directory
    };
    let (reply, _directory) = tokio::join!(search(&connection, PATIENCE), serve);
    (reply, connection)
}

#[tokio::test]
async fn all_entries_and_values_arrive_in_their_order_however_the_octets_are_cut() {
    let (connection, mut directory) = connection(PATIENCE).await;
    let serve = async {
        let id = asked_id(&mut directory).await;
        let answer = [
            entry(id, &[b"\xff1", b"2"]),
            entry(id, &[b"3"]),
            done(id, 4),
        ];
        for octet in answer.concat() {
            directory.write_u8(octet).await.unwrap();
        }
    };
    let (reply, ()) = tokio::join!(search(&connection, PATIENCE), serve);
    let values: Vec<_> = reply
        .entries
        .iter()
        .map(|e| e.attributes[0].1.clone())
        .collect();
    assert_eq!(
        values,
        [vec![b"\xff1".to_vec(), b"2".to_vec()], vec![b"3".to_vec()]]
    );
    assert_eq!(reply.entries[0].dn, "cn=Anne,c=DK");
    assert!(matches!(reply.end, ReplyEnd::Result(4)), "{:?}", reply.end);
    assert_eq!((reply.cut, reply.has_reference), (None, false));
}

#[tokio::test]
async fn searches_share_a_connection_and_get_their_own_answers() {
    let (connection, mut directory) = connection(PATIENCE).await;
    let serve = async {
        let (one, other) = (
            asked_id(&mut directory).await,
            asked_id(&mut directory).await,
        );
        // Turned round, and into each other.
        let turns = [
            entry(other, &[b"other"]),
            entry(one, &[b"one"]),
            done(other, 0),
            done(one, 0),
        ];
        directory.write_all(&turns.concat()).await.unwrap();
    };
    let (one, other, ()) = tokio::join!(
        search(&connection, PATIENCE),
        search(&connection, PATIENCE),
        serve
    );
    assert_eq!(one.entries[0].attributes[0].1, [b"one"]);
    assert_eq!(other.entries[0].attributes[0].1, [b"other"]);
    assert!(connection.is_open());
}

#[tokio::test]
async fn what_no_directory_may_send_ends_the_connection_and_says_why() {
    type Octets = fn(i32) -> Vec<u8>;
    let not_ldap: [(&str, Octets); 9] = [
        ("an empty sequence, on which ldap3 panics", |_| {
            vec![0x30, 0]
        }),
        ("an indefinite length", |_| vec![0x30, 0x80, 2, 1, 1]),
        ("text", |_| b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()),
        ("zeros", |_| vec![0; 64]),
        ("a length of eight octets", |_| {
            vec![0x30, 0x88, 0, 0, 0, 0, 0, 0, 0, 9]
        }),
        ("a bind response", |id| message_of(id, 0x61, &result(0))),
        ("an intermediate response", |id| message_of(id, 0x79, b"")),
        ("sequences in each other, deeper than a stack", |id| {
            message_of(id, ENTRY, &nested(500_000))
        }),
        ("a search result without a code", |id| {
            message_of(id, DONE, b"")
        }),
    ];
    for (what, octets) in not_ldap {
        let (reply, connection) = answered(octets).await;
        let is_so = matches!(
            reply.end,
            ReplyEnd::Fault(LdapFault::Violation(Violation::NotLdap(_)))
        );
        assert!(is_so, "{what}: {:?}", reply.end);
        assert!(!connection.is_open(), "{what}");
    }
    let (reply, _) = answered(|_| vec![0x30, 0x84, 0x80, 0, 0, 0, 2, 1, 1]).await;
    let ReplyEnd::Fault(LdapFault::Violation(Violation::TooLarge { presented, .. })) = reply.end
    else {
        panic!("{:?}", reply.end)
    };
    assert_eq!(presented, 1 << 31);
    for (what, octets) in [
        ("another id", (|id| done(id + 1, 0)) as Octets),
        ("a search that is over", |id| {
            [entry(id + 1, &[]), done(id, 0)].concat()
        }),
    ] {
        let (reply, _) = answered(octets).await;
        let is_so = matches!(
            reply.end,
            ReplyEnd::Fault(LdapFault::Violation(Violation::Unasked))
        );
        assert!(is_so, "{what}: {:?}", reply.end);
    }
}

#[tokio::test]
async fn one_search_is_answered_with_4_mib_at_most() {
    let megabyte = vec![b'x'; 1 << 20];
    let (reply, connection) = answered(|id| entry(id, &[&megabyte]).repeat(5)).await;
    let is_so = matches!(
        reply.end,
        ReplyEnd::Fault(LdapFault::Violation(Violation::TooMuch { .. }))
    );
    assert!(is_so, "{:?}", reply.end);
    assert_eq!(reply.entries.len(), 3, "what came before is kept");
    assert!(!connection.is_open());
}

#[tokio::test]
async fn limits_are_told_and_the_connection_stays() {
    let many: Vec<&[u8]> = vec![b"v"; 51];
    let (reply, connection) = answered(|id| [entry(id, &many), done(id, 0)].concat()).await;
    assert_eq!(reply.cut, Some(Cut::Values));
    assert_eq!(reply.entries[0].attributes[0].1.len(), 50);
    assert!(matches!(reply.end, ReplyEnd::Result(0)) && connection.is_open());

    let large = vec![b'x'; (1 << 20) + 1];
    let (reply, connection) =
        answered(|id| [entry(id, &[&large, b"v"]), done(id, 0)].concat()).await;
    assert_eq!(reply.cut, Some(Cut::ValueSize));
    assert_eq!(reply.entries[0].attributes[0].1, [b"v"]);
    assert!(matches!(reply.end, ReplyEnd::Result(0)) && connection.is_open());

    let (reply, connection) = answered(|id| entry(id, &[b"v"]).repeat(51)).await;
    assert_eq!(reply.cut, Some(Cut::Entries));
    assert_eq!(reply.entries.len(), 50);
    assert!(matches!(reply.end, ReplyEnd::Cut) && connection.is_open());
}

#[tokio::test]
async fn a_reference_to_another_server_is_noted_and_nothing_more() {
    let (reply, _) = answered(|id| {
        let place = element(OCTET_STRING, b"ldap://elsewhere.example");
        [message_of(id, REFERENCE, &place), done(id, 0)].concat()
    })
    .await;
    assert!(reply.has_reference && reply.entries.is_empty());
    assert!(matches!(reply.end, ReplyEnd::Result(0)));
}

#[tokio::test]
async fn a_search_past_its_deadline_is_abandoned_and_its_late_answer_dropped() {
    let (connection, mut directory) = connection(PATIENCE).await;
    let late = search(&connection, Duration::from_millis(20)).await;
    assert!(
        matches!(late.end, ReplyEnd::Fault(LdapFault::Timeout)),
        "{:?}",
        late.end
    );
    let first = asked_id(&mut directory).await;
    assert_eq!(request(&mut directory).await, Outbound::Abandon(first));
    let serve = async {
        let second = asked_id(&mut directory).await;
        let turns = [
            entry(first, &[b"late"]),
            entry(second, &[b"right"]),
            done(second, 0),
        ];
        directory.write_all(&turns.concat()).await.unwrap();
    };
    let (reply, ()) = tokio::join!(search(&connection, PATIENCE), serve);
    assert_eq!(reply.entries.len(), 1);
    assert_eq!(reply.entries[0].attributes[0].1, [b"right"]);
    assert!(connection.is_open());
}

#[tokio::test]
async fn what_came_before_the_connection_broke_is_kept() {
    let (connection, mut directory) = connection(PATIENCE).await;
    let serve = async move {
        let id = asked_id(&mut directory).await;
        let half = &entry(id, &[b"second"])[..20];
        directory
            .write_all(&[&entry(id, &[b"first"]), half].concat())
            .await
            .unwrap();
    };
    let (reply, ()) = tokio::join!(search(&connection, PATIENCE), serve);
    assert_eq!(reply.entries.len(), 1);
    assert!(
        matches!(reply.end, ReplyEnd::Fault(LdapFault::Lost(_))),
        "{:?}",
        reply.end
    );
}

#[tokio::test]
async fn a_notice_of_disconnection_ends_the_connection_like_its_end_does() {
    let (reply, connection) = answered(|_| message_of(0, 0x78, &result(52))).await;
    assert!(
        matches!(reply.end, ReplyEnd::Fault(LdapFault::Lost(_))),
        "{:?}",
        reply.end
    );
    assert!(!connection.is_open());
}

#[tokio::test]
async fn a_connection_says_goodbye_when_it_is_not_used_and_when_it_is_dropped() {
    let (idle, mut directory) = connection(Duration::from_millis(20)).await;
    assert_eq!(request(&mut directory).await, Outbound::Other);
    assert_eq!(directory.read(&mut [0]).await.unwrap(), 0);
    assert!(!idle.is_open());
    let reply = search(&idle, PATIENCE).await;
    assert!(
        matches!(reply.end, ReplyEnd::Fault(LdapFault::Lost(_))),
        "{:?}",
        reply.end
    );

    let (dropped, mut directory) = connection(PATIENCE).await;
    drop(dropped);
    assert_eq!(request(&mut directory).await, Outbound::Other);
    assert_eq!(directory.read(&mut [0]).await.unwrap(), 0);
}

/// An answer of every kind of message, bent: octets replaced, cut out or put in.
fn bent_answer() -> impl Strategy<Value = Vec<u8>> {
    let place = element(OCTET_STRING, b"ldap://elsewhere.example");
    let answer = [
        entry(1, &[b"\xff1", b"2"]),
        message_of(1, REFERENCE, &place),
        entry(1, &[]),
        done(1, 0),
    ]
    .concat();
    let bend = (
        any::<prop::sample::Index>(),
        0..3_usize,
        prop::collection::vec(any::<u8>(), 0..3),
    );
    prop::collection::vec(bend, 1..4).prop_map(move |bends| {
        let mut octets = answer.clone();
        for (at, cut, put) in bends {
            let from = at.index(octets.len());
            let to = octets.len().min(from + cut);
            octets.splice(from..to, put);
        }
        octets
    })
}

proptest! {
    #[test]
    fn no_answer_makes_ldap3_panic(octets in bent_answer()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let end = runtime.block_on(async {
            let (connection, mut directory) = connection(PATIENCE).await;
            let serve = async move {
                asked_id(&mut directory).await;
                // The relay may have seen enough before all is written.
                let _enough = directory.write_all(&octets).await;
                // Time for ldap3 to fall over what came, before the end of the stream becomes the reason.
                sleep(Duration::from_millis(5)).await;
            };
            tokio::join!(search(&connection, PATIENCE), serve).0.end
        });
        // It ends with a result, or for a reason that is the directory's; never because the library gave up.
        let is_told = matches!(
            end,
            ReplyEnd::Result(_) | ReplyEnd::Fault(LdapFault::Violation(_) | LdapFault::Lost(_))
        );
        prop_assert!(is_told, "{end:?}");
    }
}
