//! `segl contacts`: the confirmed addresses that the window suggests and measures new ones against.

use serde_json::{Value, json};

use super::{
    Session,
    args::Contacts,
    now,
    output::{Exit, Failure, Output},
};
use crate::{
    book::{self, Contact},
    segl::BookError,
    words::{Words, visible},
};

pub(super) fn run(verb: &Contacts, session: &Session<'_>) -> Result<Exit, Failure> {
    let out = session.out;
    let segl = session.segl()?;
    let failed = |cause: BookError| failed(&cause, &out.words);
    match verb {
        Contacts::Import { file } => {
            let done = segl.import_contacts(file, now()).map_err(failed)?;
            let value = json!({
                "new": done.new,
                "changed": done.changed,
                "same": done.same,
                "without_address": done.without,
            });
            out.result(&value, |words| words.imported(&done));
            Ok(Exit::Good)
        }
        Contacts::List { text } => {
            let book = segl.book().map_err(failed)?;
            let all = book.index.contacts();
            let shown = match text {
                Some(text) => book.index.find(text, all.len()),
                None => all.iter().collect(),
            };
            let values: Vec<Value> = shown.iter().map(|c| value(c)).collect();
            out.result(&json!({ "contacts": values }), |words| lines(&shown, words));
            Ok(Exit::Good)
        }
        Contacts::Forget { address } => {
            let mailbox = super::mailbox(address, &out.words)?;
            let was_there = segl.forget_contact(&mailbox.address).map_err(failed)?;
            out.result(&json!({ "forgotten": was_there }), |words| {
                let key = if was_there {
                    "book-forgotten"
                } else {
                    "book-not-there"
                };
                words.with(key, &[("address", address.as_str().into())])
            });
            Ok(if was_there { Exit::Good } else { Exit::Not })
        }
        Contacts::Export => {
            let book = segl.book().map_err(failed)?;
            let octets = book::write(book.index.contacts())
                .map_err(|e| Failure::new("output", e.to_string(), ""))?;
            Output::octets(&octets);
            Ok(Exit::Good)
        }
    }
}

fn value(contact: &Contact) -> Value {
    json!({
        "address": contact.mailbox.address.given(),
        "name": contact.mailbox.name,
        "organisation": contact.organisation,
        "imported": contact.imported.map(|t| t.to_string()),
        "written": contact.written.map(|t| t.to_string()),
        "times": contact.times,
    })
}

fn lines(contacts: &[&Contact], words: &Words) -> String {
    if contacts.is_empty() {
        return words.say("book-none");
    }
    let line = |contact: &&Contact| {
        let when = match contact.written {
            Some(at) => words.with("book-written", &[("when", words.day(at).into())]),
            None => words.say("book-never-written"),
        };
        let organisation = contact.organisation.iter().map(|o| visible(o));
        let parts = organisation.chain([when]);
        let mailbox = visible(&contact.mailbox.to_string());
        format!("{mailbox}  {}", parts.collect::<Vec<_>>().join(", "))
    };
    contacts.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn failed(cause: &BookError, words: &Words) -> Failure {
    let stop = words.book(cause);
    let code = match cause {
        BookError::Off => return Failure::refused("off", stop.what, stop.next),
        BookError::Key(_) => "key",
        BookError::Store(_) => "store",
        BookError::Record(_) => "record",
        BookError::Read(_) => "file-unreadable",
        BookError::File(_) => "register",
    };
    Failure::new(code, stop.what, stop.next)
}
