//! The demo in the terminal: the whole job on embedded servers, for machines without a display.
//!
//! Shows who is green and who is red, sends an encrypted message, opens what was delivered with a recipient's key, shows
//! the warning for somebody without a certificate, and verifies the record. Everything is invented, and gone at the end.

use std::sync::Arc;

use super::output::Output;
use crate::{
    decide::{Decision, Light, Surface},
    demo::{self, Demo, Person},
    mail::{Body, Draft, DraftId, Kind, Mailbox, Recipient},
    record,
    segl::{self, Ask, Cancel, Outcome, Receipt, Segl, Sending, Way, attach},
    words::{Lang, Words},
};

const TEXT: &str = "Rødgrød med fløde, æblegrød og øl på Ærø.\n";

/// Why the demo did not come to its end.
type Trouble = Box<dyn std::error::Error>;

/// Runs the demo in the terminal, and gives its exit code.
pub fn demo(lang: Lang) -> u8 {
    let words = Words::new(lang);
    match run(&words) {
        Ok(true) => 0,
        Ok(false) => 1,
        Err(trouble) => {
            Output::note(&words.with("demo-failed", &[("detail", trouble.to_string().into())]));
            2
        }
    }
}

fn run(words: &Words) -> Result<bool, Trouble> {
    say(&words.say("demo-begin"));
    let demo = Demo::start(super::now())?;
    let segl = Segl::open(demo.config()?, segl::account())?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;

    let people = &demo.world().people;
    let lights = runtime.block_on(table(&segl, people, words))?;
    let green: Vec<&Person> = people
        .iter()
        .filter(|p| p.wanted.light == "green")
        .collect();
    let receipt = runtime.block_on(send(&segl, &demo, &green))?;
    say(&format!("\n{}", words.receipt(&receipt)));

    let opened = opened(&demo, &green, words)?;
    let warned = runtime.block_on(warn(&segl, people, words))?;
    let verification = record::verify_folder(&segl.config().data, None)?;
    let count = i64::try_from(verification.records)?;
    let head = verification.head.map(|h| h.to_string()).unwrap_or_default();
    say(&format!(
        "\n{}",
        words.with(
            "log-intact",
            &[("count", count.into()), ("head", head.into())]
        )
    ));
    Ok(lights && receipt.outcome == Outcome::Sent && opened && warned && verification.intact)
}

/// Everybody, with light and reason. Answers whether each is as it should be.
async fn table(segl: &Segl, people: &[Person], words: &Words) -> Result<bool, Trouble> {
    let recipients = people
        .iter()
        .map(recipient)
        .collect::<Result<Vec<_>, _>>()?;
    let found = segl
        .assess_all(&recipients, Ask::IfNotFresh, super::CLOCK)
        .await;
    let mut as_wanted = true;
    for (person, recipient) in people.iter().zip(&recipients) {
        let assessment = found
            .get(&recipient.mailbox.address)
            .ok_or("an address was not assessed")?;
        let route = assessment.route(&segl.config().policy);
        as_wanted &= (route.light() == Light::Green) == (person.wanted.light == "green");
        say(&words.with(
            "cli-check-line",
            &[
                ("light", words.light(route.light()).into()),
                ("address", recipient.mailbox.to_string().into()),
                (
                    "sentence",
                    words.recipient(assessment, route).sentence.into(),
                ),
            ],
        ));
    }
    Ok(as_wanted)
}

async fn send(segl: &Segl, demo: &Demo, green: &[&Person]) -> Result<Receipt, Trouble> {
    let sender = segl.config().senders.first().ok_or("no sender")?;
    let mut draft = Draft::new(DraftId::random()?, sender.mailbox.clone());
    draft.to = green
        .iter()
        .map(|p| recipient(p).map(|r| r.mailbox))
        .collect::<Result<_, _>>()?;
    "BS-123/2026-EKS".clone_into(&mut draft.subject);
    draft.body = Body::Text(TEXT.to_owned());
    let file = demo.folder().join("Bilag 1 – æøå.txt");
    std::fs::write(&file, TEXT)?;
    draft.attachments.push(attach(&file)?);
    let found = segl
        .assess_all(&draft.recipients(), Ask::IfNotFresh, super::CLOCK)
        .await;
    let Decision::EndToEnd(approved) =
        segl.decide(&draft, segl.class(&draft), &found, super::now())
    else {
        return Err("not all green".into());
    };
    let cancel = Cancel::new();
    let sending = Sending {
        draft: &draft,
        approved,
        surface: Surface::CommandLine,
        way: Way::Submit,
        watch: &mut |_, _, _| {},
        cancel: &cancel,
    };
    Ok(segl.send(sending, super::CLOCK).await?)
}

/// Opens what the mail server kept with each recipient's key, and looks for the text.
fn opened(demo: &Demo, green: &[&Person], words: &Words) -> Result<bool, Trouble> {
    let kept = demo.mail().kept();
    let mut all = true;
    for person in green {
        let message = kept
            .iter()
            .find(|m| m.rcpt_to.contains(&person.address))
            .ok_or("a message is missing")?;
        for reader in &person.readers {
            let inside = demo::open(&message.data, reader)?;
            let holds = mail_parser::MessageParser::default()
                .parse(&inside)
                .and_then(|m| m.body_text(0).map(|t| t.contains(TEXT.trim_end())))
                .unwrap_or(false);
            all &= holds;
        }
        let key = if all {
            "demo-opened"
        } else {
            "demo-not-opened"
        };
        say(&words.with(key, &[("name", person.name.as_str().into())]));
    }
    let in_clear = kept
        .iter()
        .any(|m| String::from_utf8_lossy(&m.data).contains("Content-Type: text/plain"));
    Ok(all && !in_clear)
}

/// What would be said of a message to somebody without a certificate. Nothing is sent.
async fn warn(segl: &Segl, people: &[Person], words: &Words) -> Result<bool, Trouble> {
    let person = people
        .iter()
        .find(|p| p.wanted.status == "not-found")
        .ok_or("nobody without a certificate")?;
    let recipients = [recipient(person)?];
    let found = Arc::new(
        segl.assess_all(&recipients, Ask::IfNotFresh, super::CLOCK)
            .await,
    );
    let sender = segl.config().senders.first().ok_or("no sender")?;
    let mut draft = Draft::new(DraftId::random()?, sender.mailbox.clone());
    draft.to = vec![recipients[0].mailbox.clone()];
    let Decision::Warn(warning) = segl.decide(&draft, segl.class(&draft), &found, super::now())
    else {
        return Ok(false);
    };
    say(&format!(
        "\n{}",
        words.warning(warning.exposed(), warning.class())
    ));
    Ok(true)
}

fn recipient(person: &Person) -> Result<Recipient, Trouble> {
    let mailbox = Mailbox::parse(&format!("{} <{}>", person.name, person.address))?;
    Ok(Recipient {
        kind: Kind::To,
        mailbox,
    })
}

fn say(text: &str) {
    Output::octets(format!("{text}\n").as_bytes());
}
