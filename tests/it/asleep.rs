//! The laptop is closed while a mail is sent: the process stands still (SIGSTOP) until the server has given up, and goes
//! on (SIGCONT). Nothing is called sent that was not, and nothing is lost.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::{Ipv4Addr, Shutdown, TcpListener, TcpStream},
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use segl::{
    demo::mail::{Do, Fault, Step},
    segl::Segl,
};

use super::{
    desk::Desk,
    reader::Reader,
    screen::{Running, Screen, wait_until},
};

const KAREN: &str = "karen@advokat-eksempel.dk";

/// Stands before the mail server, and takes no more of a message than this.
struct Narrow {
    port: u16,
    taken: Arc<AtomicUsize>,
    is_over: Arc<AtomicBool>,
}

/// So much is taken: the handshake, the envelope, and a piece of the message.
const TAKEN: usize = 300_000;

impl Narrow {
    fn before(server: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let (taken, is_over) = (Arc::<AtomicUsize>::default(), Arc::<AtomicBool>::default());
        let (counted, over) = (Arc::clone(&taken), Arc::clone(&is_over));
        thread("narrow", move || {
            while let Ok((client, _)) = listener.accept() {
                let server = TcpStream::connect((Ipv4Addr::LOCALHOST, server)).unwrap();
                let (counted, over) = (Arc::clone(&counted), Arc::clone(&over));
                thread("carry", move || carry(client, server, &counted, &over));
            }
        });
        Self {
            port,
            taken,
            is_over,
        }
    }

    fn is_stuck(&self) -> bool {
        self.taken.load(Ordering::Relaxed) >= TAKEN
    }

    /// The server has waited long enough.
    fn give_up(&self) {
        self.is_over.store(true, Ordering::Relaxed);
    }
}

fn thread(name: &str, run: impl FnOnce() + Send + 'static) -> JoinHandle<()> {
    let thread = std::thread::Builder::new().name(name.to_owned());
    thread.spawn(run).unwrap()
}

fn carry(mut client: TcpStream, mut server: TcpStream, taken: &AtomicUsize, over: &AtomicBool) {
    let (mut back, mut out) = (server.try_clone().unwrap(), client.try_clone().unwrap());
    let answers = thread("answers", move || {
        // Until either side ends it.
        let _copied = std::io::copy(&mut back, &mut out);
    });
    let mut chunk = vec![0; 16 * 1024];
    let mut passed = 0;
    while passed < TAKEN {
        let length = client.read(&mut chunk).unwrap_or(0);
        if length == 0 || server.write_all(&chunk[..length]).is_err() {
            break;
        }
        passed += length;
        taken.fetch_max(passed, Ordering::Relaxed);
    }
    while passed >= TAKEN && !over.load(Ordering::Relaxed) {
        std::thread::sleep(Duration::from_millis(20));
    }
    for stream in [&client, &server] {
        // It may be gone already.
        let _closed = stream.shutdown(Shutdown::Both);
    }
    answers.join().unwrap();
}

/// Closes the lid of the process, or opens it.
fn signal(name: &str, window: &Running) {
    let pid = window.0.id().to_string();
    let done = Command::new("sh")
        .args(["-c", "kill -s \"$1\" \"$2\"", "sh", name, &pid])
        .status();
    assert!(done.unwrap().success(), "{name}");
}

fn state(window: &Running) -> String {
    let stat = fs::read_to_string(format!("/proc/{}/stat", window.0.id())).unwrap_or_default();
    let after = stat.rsplit_once(") ").map_or("", |(_, after)| after);
    after.chars().take(1).collect()
}

/// Stands still, at this moment and until the server has given up.
fn sleeps(window: &Running, meanwhile: impl FnOnce()) {
    signal("STOP", window);
    wait_until("it stands still", || state(window) == "T");
    meanwhile();
    // The connection ends while nobody looks.
    std::thread::sleep(Duration::from_millis(500));
    signal("CONT", window);
}

/// A window with a mail to Karen, of which the hold is over.
fn sending(desk: &Desk, screen: &Screen, reader: &mut Reader, more: &[&str]) -> Running {
    let config = desk.demo.config_path();
    let mail = [
        "--config",
        config.to_str().unwrap(),
        "--to",
        KAREN,
        "--subject",
        "Replik",
    ];
    let window = screen.open(&[&mail[..], more].concat());
    reader.see("Grøn: karen");
    reader.focus("Mailens tekst");
    reader.write("Mailens tekst", "Her er replikken.");
    reader.press("Send krypteret");
    reader.press("Send nu");
    window
}

fn drafts(desk: &Desk) -> Vec<segl::mail::Draft> {
    let segl = Segl::open(desk.demo.config().unwrap(), "anne".to_owned()).unwrap();
    let kept = segl.drafts().unwrap();
    kept.into_iter().map(|k| k.draft.unwrap()).collect()
}

/// What the log says of the only mail.
fn outcome(desk: &Desk) -> String {
    let listed = desk.segl(&["log", "list", "--json"]).json();
    let rows = listed.as_array().unwrap().clone();
    let mut outcomes = rows.iter().filter_map(|r| r["outcome"].as_str());
    outcomes.next_back().unwrap_or("none").to_owned()
}

#[test]
fn asleep_in_the_middle_of_a_mail_nothing_is_called_sent_and_the_mail_is_there_to_be_sent_again() {
    let Some(screen) = Screen::with_bus() else {
        return;
    };
    let Some(mut reader) = Reader::on(&screen) else {
        return;
    };
    let desk = Desk::new();
    let port = desk.demo.mail().port();
    let narrow = Narrow::before(port);
    desk.edit(
        &format!("port = {port}"),
        &format!("port = {}", narrow.port),
    );
    // More than all buffers between here and there hold.
    let file = desk.path("bundt.pdf");
    let octets: Vec<u8> = (0..20_000_000_u32)
        .map(|i| (i ^ i >> 9).to_le_bytes()[0])
        .collect();
    fs::write(&file, octets).unwrap();
    let window = sending(
        &desk,
        &screen,
        &mut reader,
        &["--attach", file.to_str().unwrap()],
    );
    wait_until("the server has a part of it", || narrow.is_stuck());
    sleeps(&window, || narrow.give_up());

    let sentence = reader.see("Intet er sendt");
    screen.keep("asleep-data.png");
    reader.judge("after the sleep");
    let said = format!(
        "{} {} {}",
        sentence.name, sentence.text, sentence.description
    );
    assert!(said.contains("igen") || said.contains("udbakken"), "{said}");
    assert!(desk.demo.mail().kept().is_empty());
    assert!(!reader.tree().iter().any(|n| n.name.contains("Afleveret")));
    assert_ne!(outcome(&desk), "sent");
    // Segl tries again by itself, and the mail can be taken back.
    let waiting = desk.segl(&["outbox", "list", "--json"]).json();
    assert_eq!(waiting["outbox"].as_array().unwrap().len(), 1, "{waiting}");
    reader.press("Tilbage til kladde");
    reader.see_focus("Mailens tekst");
    wait_until("it is a draft again", || drafts(&desk).len() == 1);
    let draft = drafts(&desk).remove(0);
    assert_eq!(draft.subject, "Replik");
    assert_eq!(draft.attachments.len(), 1);
    assert!(draft.again.as_ref().is_none_or(|a| a.doubtful.is_empty()));
}

#[test]
fn asleep_after_the_last_octet_it_is_called_perhaps_sent_and_neither_sent_nor_lost() {
    let Some(screen) = Screen::with_bus() else {
        return;
    };
    let Some(mut reader) = Reader::on(&screen) else {
        return;
    };
    let desk = Desk::new();
    let mail = desk.demo.mail();
    mail.set_faults(vec![Fault::new(Step::Dot, Do::Stall)]);
    let window = sending(&desk, &screen, &mut reader, &[]);
    wait_until("the server has all of it", || mail.kept().len() == 1);
    sleeps(&window, || mail.refuse_connections().unwrap());

    reader.see("Mailen er måske sendt");
    reader.see("Send den ikke igen, før du har set efter");
    screen.keep("asleep-dot.png");
    let tree = reader.judge("after the sleep");
    for choice in ["Den blev sendt", "Den blev ikke sendt"] {
        assert!(tree.iter().any(|n| n.name.starts_with(choice)), "{tree:#?}");
    }
    assert!(!tree.iter().any(|n| n.name.contains("Afleveret til jeres")));
    assert_eq!(outcome(&desk), "unconfirmed");
    let drafts = drafts(&desk);
    let again = drafts.iter().find_map(|d| d.again.as_ref());
    assert_eq!(again.map(|a| a.doubtful.len()), Some(1));
}

#[test]
fn asleep_while_the_server_waits_patiently_the_mail_is_sent_once() {
    let Some(screen) = Screen::with_bus() else {
        return;
    };
    let Some(mut reader) = Reader::on(&screen) else {
        return;
    };
    let desk = Desk::new();
    let window = sending(&desk, &screen, &mut reader, &[]);
    sleeps(&window, || std::thread::sleep(Duration::from_secs(2)));
    reader.hear("Sendt krypteret til 1 modtager");
    assert_eq!(desk.demo.mail().kept().len(), 1);
    assert_eq!(outcome(&desk), "sent");
}
