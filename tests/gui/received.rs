//! A received mail in its window: what it is worth stands and is said first, its text can be copied and not changed, its
//! files are saved where the user says. The mails are made by OpenSSL and opened by Segl.

use std::{path::PathBuf, sync::Arc};

use base64_simd::STANDARD as BASE64;
use egui::{Event as Input, Key, Modifiers};
use openssl::{
    cms::{CMSOptions, CmsContentInfo},
    pkey::{PKey, Private},
    stack::Stack,
    symm::Cipher,
    x509::X509,
};
use segl::{
    app::{
        assistant::Secret,
        command::Command,
        keeping,
        look::{Shape, Tone},
        message::{Event, Job, Message},
        own_keys,
        page::{Page, Show},
        place::{Place, Spot as Where},
        received::{Act, Ask, Mail, NotOpened, Origin, Received, Remedy, Spot, Stage, Told},
        report::{Step, Trouble},
        setup::{Opening, Source},
        state::Ask as Question,
        theme::Theme,
    },
    cert::RevocationPolicy,
    keys::PinTries,
    segl::{Opener, ReadMessage, ReadWarning, SoftKey, Standing, Trust, own_keys, read_message},
    words::{Lang, Words},
};

use crate::{options::own::place, people::*, support::*};

const NONE: Modifiers = Modifiers::NONE;
const CTRL: Modifiers = Modifiers {
    ctrl: true,
    command: true,
    ..Modifiers::NONE
};

const BO: &str = "bo@advokat-eksempel.dk";

/// The fields that stand outside.
fn outside(subject: &str) -> String {
    let date = start().strftime("%a, %d %b %Y %H:%M:%S +0000");
    format!(
        "From: Anne Holm <{ANNE}>\r\nTo: Bo Lund <{BO}>\r\nSubject: {subject}\r\nDate: {date}\r\n"
    )
}

/// Text and a file, with the header inside as RFC 9788 has it; `subject` is what stands outside.
fn entity(lang: Lang, told: &str) -> String {
    let (subject, text) = match lang {
        Lang::Da => (
            "=?utf-8?q?Afh=C3=B8ring_den_3=2E_december?=",
            "Kære Bo\r\n\r\nVedhæftet er rapporten. Afhøringen er den 3. december kl. 10.\r\n\r\nVenlig hilsen\r\nAnne Holm",
        ),
        Lang::En => (
            "Hearing on 3 December",
            "Dear Bo\r\n\r\nThe report is attached. The hearing is on 3 December at 10.\r\n\r\nKind regards\r\nAnne Holm",
        ),
    };
    format!(
        "{}HP-Outer: Subject: {told}\r\nContent-Type: multipart/mixed; boundary=b; hp=cipher\r\n\r\n\
         --b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n\
         --b\r\nContent-Type: application/pdf\r\n\
         Content-Disposition: attachment; filename=\"rapport.pdf.exe\"\r\n\r\nabc\r\n--b--\r\n",
        outside(subject)
    )
}

fn mime(kind: &str, der: &[u8]) -> String {
    let text = BASE64.encode_to_string(der);
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(64)
        .map(|l| str::from_utf8(l).unwrap())
        .collect();
    format!(
        "Content-Type: application/pkcs7-mime; smime-type={kind}; name=smime.p7m\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{}\r\n",
        lines.join("\r\n")
    )
}

fn signed(entity: &str, who: &(X509, PKey<Private>)) -> String {
    // Without attributes there is no signing time, which would be that of the test.
    let flags = CMSOptions::BINARY | CMSOptions::NOATTR;
    let made = CmsContentInfo::sign(
        Some(&who.0),
        Some(&who.1),
        None,
        Some(entity.as_bytes()),
        flags,
    );
    mime("signed-data", &made.unwrap().to_der().unwrap())
}

fn encrypted(entity: &str, to: &X509) -> String {
    let mut readers = Stack::new().unwrap();
    readers.push(to.clone()).unwrap();
    let (cipher, flags) = (Cipher::aes_256_cbc(), CMSOptions::BINARY);
    let made = CmsContentInfo::encrypt(&readers, entity.as_bytes(), cipher, flags);
    mime("enveloped-data", &made.unwrap().to_der().unwrap())
}

fn key(who: &(X509, PKey<Private>)) -> Vec<SoftKey> {
    let pem = [
        who.1.private_key_to_pem_pkcs8().unwrap(),
        who.0.to_pem().unwrap(),
    ];
    own_keys(&pem.concat(), "").unwrap().keys
}

/// What the page shows of a message.
fn opened(message: String, lang: Lang) -> Box<Mail> {
    Box::new(Mail::of(read(message), &Words::new(lang)))
}

/// The message, read with Bo's key.
fn read(message: String) -> ReadMessage {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("root.pem");
    std::fs::write(&root, root_pem()).unwrap();
    let mut trust = Trust::empty(RevocationPolicy::WhenAvailable);
    trust.replace_anchors(&[root]).unwrap();
    let keys = key(&signer("Bo Lund", BO));
    let openers: Vec<&dyn Opener> = keys.iter().map(|key| key as _).collect();
    read_message(message.into(), &openers, &trust, start()).unwrap()
}

/// Encrypted to Bo, signed inside by Anne, the subject hidden.
fn good(lang: Lang) -> Box<Mail> {
    let inside = signed(&entity(lang, "[...]"), &signer("Anne Holm", ANNE));
    let bo = signer("Bo Lund", BO).0;
    opened(outside("[...]") + &encrypted(&inside, &bo), lang)
}

/// Signed by somebody else than its sender.
fn doubtful(lang: Lang) -> Box<Mail> {
    let inside = signed(&entity(lang, "[...]"), &signer("Eva Borger", EVA));
    let bo = signer("Bo Lund", BO).0;
    opened(outside("[...]") + &encrypted(&inside, &bo), lang)
}

fn no_key(lang: Lang, remedy: Remedy) -> Box<NotOpened> {
    let words = Words::new(lang);
    Box::new(NotOpened {
        trouble: Trouble {
            todo: words.say("read-next-key-file"),
            steps: vec![Step::CopyForIt],
            detail: "encrypted to others".to_owned(),
            ..trouble_of(&words.say("read-no-key"))
        },
        remedy,
        kept: None,
        is_locked: false,
        card: None,
    })
}

/// A window that was told to open a file.
fn window(lang: Lang) -> Desk {
    let mut desk = Desk::new(lang);
    let opening = Opening {
        received: Some(Source::File("/post/brev.eml".into())),
        ..Opening::default()
    };
    let now = desk.now;
    desk.jobs = keeping::open(&mut desk.state, opening, now);
    desk
}

fn with(lang: Lang, mail: Box<Mail>) -> Desk {
    let mut desk = window(lang);
    desk.hear(Event::Received(Told::Opened(1, mail)));
    desk
}

fn shown(desk: &Desk) -> &Received {
    match &desk.state.page {
        Page::Received(shown) => shown,
        _ => panic!("no received mail"),
    }
}

fn asks(desk: &mut Desk) -> Vec<Ask> {
    let jobs = desk.take().into_iter();
    let asks = jobs.filter_map(|job| match job {
        Job::Received(ask) => Some(ask),
        _ => None,
    });
    asks.collect()
}

#[test]
fn a_mail_that_is_encrypted_and_signed_inside_is_green_and_that_is_said_first() {
    let mut desk = with(Lang::En, good(Lang::En));
    let mail = shown(&desk).mail().unwrap();
    assert_eq!((mail.tone, mail.shape), (Tone::Green, Shape::Closed));
    assert_eq!(mail.reasons, [""; 0]);
    assert_eq!(mail.subject, "Hearing on 3 December");
    assert_eq!(mail.fields[0].outside, "Outside it says: [...]");
    assert!(
        mail.head[0].contains("covered by the signature"),
        "{:?}",
        mail.head
    );
    assert!(
        mail.text.starts_with("Dear Bo\n\nThe report"),
        "{:?}",
        *mail.text
    );
    // The ending that counts is the one that is read.
    assert_eq!(mail.files[0].name, "rapport_pdf.exe");
    desk.wait(3_000);
    let said =
        "Green: Encrypted, and signed by Anne Holm (holm@politi-eksempel.dk). The signature holds.";
    assert_eq!(desk.state.voice.newest(), said);
    assert_eq!(desk.state.focus, Place::Received(Spot::Verdict));
    assert!(!format!("{:?}", shown(&desk)).contains("Dear"));
}

#[test]
fn what_nobody_vouches_for_is_never_green() {
    let lang = Lang::En;
    let anne = signer("Anne Holm", ANNE);
    let bo = signer("Bo Lund", BO).0;
    let text = entity(lang, "[...]");
    let sealed = outside("[...]") + &encrypted(&text, &bo);
    let around = outside("[...]") + &signed(&encrypted(&text, &bo), &anne);
    let alone = outside("x") + &signed(&text, &anne);
    for (message, tone, shape, verdict, reason) in [
        (
            sealed,
            Tone::House,
            Shape::Question,
            "Encrypted, but not signed",
            "Do not act on it alone",
        ),
        // Whoever signs around the encryption need not be able to read what is inside.
        (
            around,
            Tone::House,
            Shape::Question,
            "around the encryption",
            "Do not act on it alone",
        ),
        (
            alone,
            Tone::House,
            Shape::Tick,
            "The mail is not encrypted",
            "",
        ),
        (
            outside("x") + "\r\nHej",
            Tone::House,
            Shape::Open,
            "Neither encrypted nor signed",
            "",
        ),
        // Segl does not read OpenPGP: that it is not encrypted would be as wrong as that it is.
        (
            outside("x") + "\r\n-----BEGIN PGP MESSAGE-----\r\n",
            Tone::House,
            Shape::Open,
            "cannot tell whether this mail is protected",
            "such as OpenPGP",
        ),
        (
            outside("[...]").replace("Anne Holm", "\"eva@mail-eksempel.dk\"")
                + &encrypted(&signed(&text, &anne), &bo),
            Tone::Red,
            Shape::NoEntry,
            "Do not rely",
            "looks like an address",
        ),
    ] {
        let mail = opened(message, lang);
        assert_eq!((mail.tone, mail.shape), (tone, shape), "{verdict}");
        assert!(mail.verdict.contains(verdict), "{}", mail.verdict);
        assert!(
            mail.reasons.join(" ").contains(reason),
            "{:?}",
            mail.reasons
        );
    }
    // The same letter on another day is as well encrypted and signed as it was.
    let mut again = read(outside("[...]") + &encrypted(&signed(&text, &anne), &bo));
    assert_eq!(again.standing(), Standing::EncryptedAndSigned);
    again.opened.warnings.push(ReadWarning::DateDiffers);
    assert_eq!(again.standing(), Standing::Signed);
    let mail = Mail::of(again, &Words::new(lang));
    assert_eq!(mail.tone, Tone::House);
    assert!(
        mail.reasons[0].contains("an old mail"),
        "{:?}",
        mail.reasons
    );
    let mail = doubtful(lang);
    assert_eq!((mail.tone, mail.shape), (Tone::Red, Shape::NoEntry));
    assert_eq!(mail.verdict, "Do not rely on this mail.");
    let why = mail.reasons.join(" ");
    assert!(
        why.contains("is for eva@mail-eksempel.dk, not for the sender"),
        "{why}"
    );
    // Every red thing has a next step.
    assert!(why.ends_with("before you do what it says."), "{why}");
    assert!(
        !mail.head.iter().any(|l| l.contains("covered by")),
        "{:?}",
        mail.head
    );
}

#[test]
fn a_text_that_hides_or_reorders_is_cleaned_and_a_huge_one_is_shown_by_its_beginning() {
    let lang = Lang::En;
    let hidden = outside("x") + "Content-Type: text/plain; charset=utf-8\r\n\r\na\u{202E}b";
    let mail = opened(hidden, lang);
    assert_eq!(&*mail.text, "ab");
    assert_eq!(
        mail.reasons,
        ["1 hidden character was taken out of the text."]
    );
    let huge = outside("x") + "\r\n" + &"Line after line.\r\n".repeat(100_000);
    let mail = opened(huge, lang);
    assert!(mail.text.len() < 100_000 && mail.text.ends_with("line."));
    assert!(
        mail.reasons[0].contains("Only its beginning"),
        "{:?}",
        mail.reasons
    );
    assert_eq!(mail.files.len(), 1);
    assert_eq!(mail.files[0].size, 1_800_000);
}

fn text_of(screen: &Screen) -> String {
    match &screen.state().state.page {
        Page::Received(shown) => shown.mail().unwrap().text.to_string(),
        _ => panic!("no received mail"),
    }
}

#[test]
fn the_text_is_marked_and_copied_by_keys_and_cannot_be_changed() {
    let mut screen = open(with(Lang::En, good(Lang::En)));
    let name = screen.focused().unwrap();
    assert!(name.starts_with("Green: Encrypted"), "{name}");
    screen.press(Key::Tab, NONE);
    assert!(
        screen
            .focused()
            .unwrap()
            .contains("covered by the signature")
    );
    screen.press(Key::Tab, NONE);
    assert_eq!(screen.focused().unwrap(), "Text of the mail");
    let text = text_of(&screen);
    screen.press(Key::A, CTRL);
    screen.event(Input::Copy);
    screen.step();
    let copied = screen
        .output()
        .platform_output
        .commands
        .iter()
        .any(|c| matches!(c, egui::OutputCommand::CopyText(copied) if *copied == text));
    assert!(copied);
    screen.text("x");
    screen.press(Key::Backspace, NONE);
    screen.event(Input::Paste("y".to_owned()));
    screen.run_ok();
    assert_eq!(text_of(&screen), text);
    // Nothing of it becomes a draft.
    screen.pass(3_000);
    assert!(!screen.jobs().iter().any(|j| matches!(j, Job::SaveDraft(_))));
}

#[test]
fn a_file_is_saved_by_its_button_or_by_ctrl_s_and_asks_where() {
    let mut desk = with(Lang::En, good(Lang::En));
    asks(&mut desk);
    desk.run(Command::Received(Act::SaveFile(0)));
    assert!(matches!(&asks(&mut desk)[..], [Ask::Save(_, 1, name)] if name == "rapport_pdf.exe"));
    desk.run(Command::Received(Act::Save));
    assert!(matches!(&asks(&mut desk)[..], [Ask::Save(_, 1, _)]));
    desk.hear(Event::Received(Told::Saved("/sag/rapport_pdf.exe".into())));
    desk.wait(3_000);
    assert!(
        desk.state
            .voice
            .newest()
            .starts_with("Saved as /sag/rapport_pdf.exe")
    );
    let mut none = with(Lang::En, opened(outside("x") + "\r\nHej", Lang::En));
    asks(&mut none);
    none.run(Command::Received(Act::Save));
    assert!(asks(&mut none).is_empty());
}

#[test]
fn a_mail_without_a_key_is_tried_again_with_a_key_file_and_its_password() {
    let mut desk = window(Lang::En);
    assert!(matches!(
        &asks(&mut desk)[..],
        [Ask::Open(1, Origin::Source(_), None)]
    ));
    desk.hear(Event::Received(Told::NotOpened(
        1,
        no_key(Lang::En, Remedy::Key),
    )));
    assert_eq!(desk.state.focus, Place::Received(Spot::Verdict));
    desk.wait(3_000);
    assert!(
        desk.state
            .voice
            .newest()
            .contains("none of your keys opens it")
    );
    desk.run(Command::Received(Act::KeyFile));
    assert!(matches!(&asks(&mut desk)[..], [Ask::PickKey(1, _)]));
    let path = PathBuf::from("/noegler/bo.p12");
    let locked = || no_key(Lang::En, Remedy::Key);
    desk.hear(Event::Received(Told::Locked(
        1,
        path.clone(),
        false,
        locked(),
    )));
    let Some(Question::Received(unlock)) = desk.state.dialog.as_mut().map(|d| &mut d.ask) else {
        panic!("no question")
    };
    assert!(!unlock.is_again);
    *unlock.secret.0 = "forkert".to_owned();
    assert_eq!(desk.state.focus, Place::Password);
    desk.wait(500);
    desk.run(Command::Received(Act::Unlock));
    let asked = asks(&mut desk);
    assert!(
        matches!(&asked[..], [Ask::Open(2, _, Some(key))] if key.path == path && *key.secret.0 == "forkert"),
        "{asked:?}"
    );
    // It was wrong, and is asked for once more; leaving the question leaves the page that says why.
    desk.hear(Event::Received(Told::Locked(2, path, true, locked())));
    assert!(
        matches!(&desk.state.dialog, Some(d) if matches!(&d.ask, Question::Received(u) if u.is_again))
    );
    desk.wait(500);
    desk.run(Command::Escape);
    assert!(matches!(shown(&desk).stage, Stage::Closed(_)) && desk.state.dialog.is_none());
    assert_eq!(format!("{:?}", Secret::default()), "Secret");
}

#[test]
fn a_mail_whose_key_is_in_a_closed_card_asks_for_the_pin_and_is_tried_again_after_it() {
    let mut desk = window(Lang::En);
    let told = |tries| {
        let mut closed = no_key(Lang::En, Remedy::Again);
        closed.card = Some(place(tries, false));
        closed
    };
    desk.hear(Event::Received(Told::NotOpened(1, told(PinTries::Fine))));
    desk.take();
    let ask = Command::Own(own_keys::Act::AskPin);
    let button = Place::Button(Where::Page, ask.clone());
    // It is the first thing after what is said.
    let mut screen = open(desk);
    screen.press(Key::Tab, NONE);
    assert_eq!(screen.state().state.focus, button);
    let mut desk = window(Lang::En);
    desk.hear(Event::Received(Told::NotOpened(1, told(PinTries::Fine))));
    desk.take();
    desk.run(ask.clone());
    assert_eq!(desk.state.focus, Place::Password);
    desk.wait(500);
    let Some(Question::OwnKeys(own_keys::Question::Pin { typed, .. })) =
        desk.state.dialog.as_mut().map(|d| &mut d.ask)
    else {
        panic!("the PIN is asked for")
    };
    typed.0.push_str("482915");
    desk.run(Command::Own(own_keys::Act::GivePin));
    assert!(matches!(
        desk.take()[..],
        [Job::OwnKeys(own_keys::Task::Open(_, Some(_)))]
    ));
    // Wrong or right, it is asked again how the card stands: the last try is told before it is typed.
    let wrong = Box::new(no_key(Lang::En, Remedy::Again).trouble);
    desk.hear(Event::OwnKeys(own_keys::Told::Opened(
        Err(wrong),
        Vec::new(),
    )));
    assert!(matches!(&asks(&mut desk)[..], [Ask::Open(2, _, None)]));
    assert!(desk.state.trouble.is_some());
    desk.hear(Event::Received(Told::NotOpened(2, told(PinTries::Last))));
    desk.run(ask);
    assert!(matches!(
        desk.state.dialog.as_ref().map(|d| &d.ask),
        Some(Question::OwnKeys(own_keys::Question::Pin { place, .. })) if place.is_in_doubt()
    ));
    desk.wait(500);
    desk.run(Command::Back);
    desk.hear(Event::OwnKeys(own_keys::Told::Opened(Ok(()), Vec::new())));
    assert!(matches!(&asks(&mut desk)[..], [Ask::Open(3, _, None)]));
    desk.hear(Event::Received(Told::Opened(3, good(Lang::En))));
    assert_eq!(desk.state.focus, Place::Received(Spot::Verdict));
    // Where no mail waits for a card, nothing is opened anew.
    desk.hear(Event::OwnKeys(own_keys::Told::Opened(Ok(()), Vec::new())));
    assert!(asks(&mut desk).is_empty());
}

#[test]
fn home_and_end_show_the_beginning_and_the_end_of_a_long_mail() {
    let long = outside("x") + "\r\n" + &"Line after line.\r\n".repeat(300);
    let mut screen = open(with(Lang::En, opened(long, Lang::En)));
    screen.press(Key::End, NONE);
    screen.step();
    let end = screen.state().state.reading;
    assert!(end > 3_000.0, "{end}");
    screen.press(Key::ArrowUp, NONE);
    screen.step();
    assert!((end - 100.0..end).contains(&screen.state().state.reading));
    screen.press(Key::Home, NONE);
    screen.step();
    assert!(screen.state().state.reading < 1.0);
}

#[test]
fn only_the_last_mail_that_was_chosen_is_shown() {
    let mut desk = window(Lang::En);
    desk.step(Message::Dropped(vec!["/post/andet.eml".into()]));
    assert!(
        asks(&mut desk)
            .iter()
            .any(|a| matches!(a, Ask::Open(2, ..)))
    );
    desk.hear(Event::Received(Told::Opened(1, good(Lang::En))));
    assert!(matches!(shown(&desk).stage, Stage::Opening));
    desk.hear(Event::Received(Told::NotOpened(
        2,
        no_key(Lang::En, Remedy::None),
    )));
    assert!(matches!(shown(&desk).stage, Stage::Closed(_)));
    // What came on standard input is opened again from memory.
    let mut piped = no_key(Lang::En, Remedy::Key);
    piped.kept = Some(Arc::new(b"mail".to_vec()));
    desk.hear(Event::Received(Told::NotOpened(2, piped)));
    desk.take();
    desk.run(Command::Received(Act::Again));
    assert!(
        matches!(&asks(&mut desk)[..], [Ask::Open(3, Origin::Octets(of), None)] if **of == b"mail")
    );
}

#[test]
fn a_key_file_that_is_dropped_is_tried_and_a_mail_that_is_shown_no_more_is_overwritten_elsewhere() {
    let mut desk = window(Lang::En);
    desk.hear(Event::Received(Told::NotOpened(
        1,
        no_key(Lang::En, Remedy::Key),
    )));
    desk.take();
    desk.step(Message::Dropped(vec!["/noegler/bo.P12".into()]));
    assert!(matches!(
        &asks(&mut desk)[..],
        [Ask::Open(2, Origin::Source(_), Some(_))]
    ));
    desk.hear(Event::Received(Told::Opened(2, good(Lang::En))));
    desk.step(Message::Dropped(vec!["/post/andet.eml".into()]));
    assert!(matches!(
        &asks(&mut desk)[..],
        [Ask::Forget(_), Ask::Open(3, _, None)]
    ));
}

#[test]
fn a_reader_that_breaks_leaves_a_page_that_says_so() {
    let mut desk = window(Lang::En);
    desk.hear(Event::Failed(Box::new(
        no_key(Lang::En, Remedy::None).trouble,
    )));
    assert!(matches!(shown(&desk).stage, Stage::Closed(_)));
}

#[test]
fn a_window_without_a_mail_asks_for_one_and_every_window_leads_there() {
    let mut desk = Desk::new(Lang::En);
    desk.run(Command::ShowReceived);
    assert!(
        desk.take()
            .iter()
            .any(|j| matches!(j, Job::Open(Show::Received)))
    );
    let opening = Opening {
        show: Show::Received,
        ..Opening::default()
    };
    let now = desk.now;
    desk.jobs = keeping::open(&mut desk.state, opening, now);
    assert_eq!(
        desk.state.focus,
        Place::Button(Where::Page, Command::Received(Act::Pick))
    );
    let mut screen = open(desk);
    screen.press(Key::Enter, NONE);
    assert!(
        screen
            .jobs()
            .iter()
            .any(|j| matches!(j, Job::Received(Ask::Pick)))
    );
}

fn picture(lang: Lang, theme: Theme, told: Told) -> Desk {
    let mut setup = setup(lang);
    setup.theme = theme;
    let mut desk = Desk::with(setup);
    let opening = Opening {
        received: Some(Source::File("/post/brev.eml".into())),
        ..Opening::default()
    };
    let now = desk.now;
    desk.jobs = keeping::open(&mut desk.state, opening, now);
    desk.hear(Event::Received(told));
    desk.wait(3_000);
    desk.take();
    desk
}

/// Certificates are made anew for each run, and their fingerprints with them.
fn without_fingerprints(mut mail: Box<Mail>) -> Box<Mail> {
    mail.protection.truncate(2);
    mail
}

pub(crate) fn good_picture(lang: Lang, theme: Theme) -> Desk {
    picture(
        lang,
        theme,
        Told::Opened(1, without_fingerprints(good(lang))),
    )
}

pub(crate) fn doubtful_picture(lang: Lang, theme: Theme) -> Desk {
    picture(
        lang,
        theme,
        Told::Opened(1, without_fingerprints(doubtful(lang))),
    )
}

pub(crate) fn closed_picture(lang: Lang, theme: Theme) -> Desk {
    picture(lang, theme, Told::NotOpened(1, no_key(lang, Remedy::Key)))
}
