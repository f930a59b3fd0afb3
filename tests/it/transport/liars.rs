//! DNS between Segl and the zone that lies, leaves out, cuts off or keeps silent: nothing of that is ever "no DANE".

use std::{
    net::{SocketAddr, UdpSocket},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
};

use segl::tls::{Dane, MailRoute};

use super::*;

const RECORDS: &str = "\
x.example. IN MX 10 mx.x.example.
mx.x.example. IN A 192.0.2.1
_25._tcp.mx.x.example. IN TLSA 3 1 1 aa00000000000000000000000000000000000000000000000000000000000000";
/// The number of TLSA in a question.
const TLSA: u8 = 52;
/// Where the question begins.
const HEAD: usize = 12;

/// What is done to answers about TLSA.
#[derive(Debug, Clone, Copy)]
enum Lie {
    /// None comes.
    Silence,
    /// There is nothing, says an answer without proof.
    Nothing,
    /// There is no such name, says an answer without proof.
    NoName,
    /// The server could not say.
    Failure,
    /// Half of the octets.
    Half,
    /// Cut off, to be asked for over TCP, where nobody listens.
    Truncated,
    /// All answers without signatures, with the flag that says that they were verified.
    Stripped,
}

/// Stands between, until it is dropped.
struct Between {
    stop: Arc<AtomicBool>,
    address: SocketAddr,
    thread: Option<JoinHandle<()>>,
}

impl Between {
    fn start(zone: SocketAddr, lie: Lie) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let address = socket.local_addr().unwrap();
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let carry = move || {
            let mut question = [0; 4096];
            while let Ok((length, from)) = socket.recv_from(&mut question) {
                if stopped.load(Ordering::SeqCst) {
                    return;
                }
                if let Some(answer) = answer(&question[..length], zone, lie) {
                    let _gone = socket.send_to(&answer, from);
                }
            }
        };
        let thread = thread::Builder::new().name("liar".to_owned()).spawn(carry);
        Self {
            stop,
            address,
            thread: Some(thread.unwrap()),
        }
    }
}

impl Drop for Between {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        let waking = UdpSocket::bind("127.0.0.1:0").unwrap();
        let _woken = waking.send_to(&[0], self.address);
        let _ended = self.thread.take().unwrap().join();
    }
}

/// Where the question ends, and its type.
fn question(octets: &[u8]) -> (usize, u8) {
    let mut end = HEAD;
    while octets[end] != 0 {
        end += usize::from(octets[end]) + 1;
    }
    (end + 5, octets[end + 2])
}

fn asked(octets: &[u8], zone: SocketAddr) -> Vec<u8> {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_read_timeout(Some(PATIENT)).unwrap();
    socket.send_to(octets, zone).unwrap();
    let mut answer = vec![0; 8192];
    let length = socket.recv(&mut answer).unwrap();
    answer.truncate(length);
    answer
}

fn answer(octets: &[u8], zone: SocketAddr, lie: Lie) -> Option<Vec<u8>> {
    let (end, kind) = question(octets);
    if let Lie::Stripped = lie {
        let mut bare = octets[..end].to_vec();
        bare[10..HEAD].copy_from_slice(&[0, 0]);
        let mut answer = asked(&bare, zone);
        answer[3] |= 0x20;
        return Some(answer);
    }
    if kind != TLSA {
        return Some(asked(octets, zone));
    }
    // An answer with the question and no record.
    let empty = |code: u8| {
        let mut answer = octets[..end].to_vec();
        answer[2..4].copy_from_slice(&[0x85, 0x80 | code]);
        answer[6..HEAD].copy_from_slice(&[0; 6]);
        Some(answer)
    };
    match lie {
        Lie::Silence | Lie::Stripped => None,
        Lie::Nothing => empty(0),
        Lie::Failure => empty(2),
        Lie::NoName => empty(3),
        Lie::Half => {
            let whole = asked(octets, zone);
            Some(whole[..whole.len() / 2].to_vec())
        }
        Lie::Truncated => {
            let mut answer = empty(0)?;
            answer[2] |= 2;
            Some(answer)
        }
    }
}

#[tokio::test]
async fn no_lie_of_dns_makes_dane_that_is_there_look_absent() {
    let Some(zone) = Zone::start(RECORDS) else {
        return;
    };
    let honest = Settings {
        probe: false,
        ..settings(&zone, 25)
    };
    let found = examine(honest.clone(), "x.example").await;
    assert_eq!(found.mx[0].dane, Dane::Published);
    for lie in [
        Lie::Silence,
        Lie::Nothing,
        Lie::NoName,
        Lie::Failure,
        Lie::Half,
        Lie::Truncated,
        Lie::Stripped,
    ] {
        let between = Between::start(zone.address(), lie);
        let settings = Settings {
            resolver: Some(between.address),
            deadline: Duration::from_secs(4),
            ..honest.clone()
        };
        let found = examine(settings, "x.example").await;
        assert_eq!(found.level(), Level::Unknown, "{lie:?}");
        match found.mx.first() {
            Some(mx) => assert!(matches!(mx.dane, Dane::Unchecked { .. }), "{lie:?}: {mx:?}"),
            None => assert!(
                matches!(found.route, MailRoute::Unchecked { .. }),
                "{lie:?}: {:?}",
                found.route
            ),
        }
    }
}
