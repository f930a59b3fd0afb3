//! `segl send`.

use std::{
    cell::{OnceCell, RefCell},
    path::{Path, PathBuf},
};

use futures_util::future::join;
use serde_json::{Value, json};

use super::{
    Session,
    args::{ClassArg, Recipients, Send as SendArgs},
    batch, files, json,
    output::{Exit, Failure, Output},
    pin,
};
use crate::{
    alert::Alert,
    config::Sender,
    content::Category,
    decide::{
        Approved, Assessments, Consent, Decision, Exposed, Reason, ReasonError, Refusal, Surface,
        Warning,
    },
    mail::{
        self, Address, Body, Class, Digest, Dismissed, Draft, DraftId, HandedOverError, Mailbox,
    },
    segl::{self, Ask, Book, Cancel, Outcome, Receipt, Segl, Sending, Way},
    words::Words,
};

/// Octets of a text, subject or reason from a file at most.
const MAX_TEXT: u64 = 64 << 20;
/// Where the command line takes recipients whom the others do not see.
const BCC: &str = "--bcc";
/// Octets of a message from a file at most.
const MAX_MESSAGE: u64 = 1 << 30;

/// Sends a message, or writes it to files.
pub(super) fn run(args: &SendArgs, session: &Session<'_>) -> Result<Exit, Failure> {
    if args.batch.is_some() {
        return batch::run(args, session);
    }
    let segl = session.segl()?;
    let out = session.out;
    let draft = draft(args, &segl, &out.words)?;
    let reason = reason(args, &segl, &out.words)?;
    if args.also_later && segl.config().standing.is_none() {
        let cause = segl::StandingError::NotAllowed;
        return Err(stopped("assessment", &out.words.not_assessed(&cause)));
    }
    let attempt = Attempt::new(args, session, &segl, reason);
    let alerts = attempt.alerts(&draft);
    let receipt = match attempt.send(&draft, &alerts)? {
        Sent::Receipt(receipt) => *receipt,
        Sent::Refused(exit) => return Ok(exit),
    };
    let receipt = match to_rest(args, &receipt) {
        // A part of those who were confirmed.
        Some(rest) => match attempt.send(&rest, &[])? {
            Sent::Receipt(second) => *second,
            Sent::Refused(exit) => return Ok(exit),
        },
        None => receipt,
    };
    let mut value = json::receipt(&receipt);
    value["alerts"] = rows(&alerts, &draft);
    out.result(&value, |words| words.receipt(&receipt));
    session.keep_retention(&segl);
    Ok(match receipt.outcome {
        Outcome::Sent | Outcome::Written => Exit::Good,
        Outcome::Partial | Outcome::Unconfirmed => Exit::MayHaveLeft,
        Outcome::Rejected | Outcome::NotSent => Exit::Not,
    })
}

/// With `--to-rest`: the draft for those whom the server accepted, after it refused others and nothing was sent.
fn to_rest(args: &SendArgs, receipt: &Receipt) -> Option<Draft> {
    if !args.to_rest || receipt.outcome != Outcome::Rejected {
        return None;
    }
    let told = receipt.deliveries.iter().flat_map(|d| &d.recipients);
    let refused: Vec<Address> = told
        .filter(|t| t.is_refused)
        .map(|t| t.recipient.mailbox.address.clone())
        .collect();
    let rest = receipt.rest.as_ref()?.only_for(|a| !refused.contains(a));
    (!refused.is_empty() && !rest.recipients().is_empty()).then_some(rest)
}

pub(super) enum Sent {
    Receipt(Box<Receipt>),
    Refused(Exit),
}

/// Who would be exposed, and everything that is said with it.
#[derive(Clone, Copy)]
struct Refused<'a> {
    exposed: &'a [Exposed],
    class: Class,
    refusal: Option<&'a Refusal>,
    alerts: &'a [Alert],
    draft: &'a Draft,
}

impl<'a> Refused<'a> {
    fn of(
        exposed: &'a [Exposed],
        class: Class,
        refusal: Option<&'a Refusal>,
        alerts: &'a [Alert],
        draft: &'a Draft,
    ) -> Self {
        Self {
            exposed,
            class,
            refusal,
            alerts,
            draft,
        }
    }
}

pub(super) struct Attempt<'a> {
    args: &'a SendArgs,
    session: &'a Session<'a>,
    segl: &'a Segl,
    reason: Option<Reason>,
    /// Whether a refusal is told by whoever asked, and not here.
    is_quiet: std::cell::Cell<bool>,
    /// Read once: with one row after the other, a book of ten thousand would be opened ten thousand times.
    book: OnceCell<RefCell<Book>>,
}

impl<'a> Attempt<'a> {
    pub(super) fn new(
        args: &'a SendArgs,
        session: &'a Session<'a>,
        segl: &'a Segl,
        reason: Option<Reason>,
    ) -> Self {
        Self {
            args,
            session,
            segl,
            reason,
            is_quiet: std::cell::Cell::new(false),
            book: OnceCell::new(),
        }
    }

    pub(super) fn words(&self) -> &Words {
        &self.session.out.words
    }

    /// The files that go with every mail.
    pub(super) fn attached(&self) -> &[PathBuf] {
        &self.args.attach
    }

    /// A draft without recipients and text, with the sender's signature.
    pub(super) fn begin(&self, id: DraftId) -> Result<Draft, Failure> {
        let senders = &self.segl.config().senders;
        let sender = sender(self.args.from.as_deref(), senders, self.words())?;
        let mut draft = Draft::new(id, sender.mailbox.clone());
        sender.sign(&mut draft);
        Ok(draft)
    }

    /// The same as [`Self::send`], where one of many is refused: what came of all is told at the end.
    pub(super) fn send_quietly(&self, draft: &Draft, alerts: &[Alert]) -> Result<Sent, Failure> {
        self.is_quiet.set(true);
        self.send(draft, alerts)
    }

    /// What is to be said of the recipients, said on standard error. Where the book cannot be read, what the settings
    /// say of the firm's own domains still counts, as in the window.
    pub(super) fn alerts(&self, draft: &Draft) -> Vec<Alert> {
        let alerts = self.book().borrow().alerts(&draft.recipients());
        let words = &self.session.out.words;
        for alert in &alerts {
            let told = words.alert(alert, BCC);
            Output::note(&format!("{} {} {}", told.what, told.means, told.next));
        }
        alerts
    }

    fn book(&self) -> &RefCell<Book> {
        self.book.get_or_init(|| {
            let book = self.segl.book();
            RefCell::new(book.unwrap_or_else(|_unreadable| self.segl.empty_book()))
        })
    }

    fn send(&self, draft: &Draft, alerts: &[Alert]) -> Result<Sent, Failure> {
        let sent = self.send_as_decided(draft, alerts)?;
        if let Sent::Receipt(receipt) = &sent {
            // As the store's book: whom the server took it for is known from now on.
            let mut book = self.book().borrow_mut();
            let is_kept = book.rules.suggestions;
            for recipient in receipt.with(Outcome::Sent).filter(|_| is_kept) {
                book.known.add(&recipient.mailbox.address);
            }
        }
        Ok(sent)
    }

    fn send_as_decided(&self, draft: &Draft, alerts: &[Alert]) -> Result<Sent, Failure> {
        let words = &self.session.out.words;
        // Before anything is looked up: without key and record nothing can be sent.
        self.segl
            .vault()
            .map_err(|e| stopped("key", &words.key(&e, crate::words::Means::NothingSent)))?;
        let clock = super::CLOCK;
        let recipients = draft.recipients();
        let asking = self.segl.assess_all(&recipients, Ask::IfNotFresh, clock);
        let own = self.segl.prepare_own(super::now());
        let ((), found) = self.session.run(join(own, asking))?;
        if let Some(stop) = words.clock(super::clock_of(&found)) {
            Output::note(&format!("{} {}", stop.what, stop.next));
        }
        let class = self.segl.class(draft);
        let approved = match self.segl.decide(draft, class, &found, super::now()) {
            Decision::EndToEnd(approved)
            | Decision::InHouse(approved)
            | Decision::Assessed(approved) => approved,
            Decision::Empty => {
                return Err(stopped(
                    "no-recipients",
                    &words.not_sent(&segl::SendError::NoRecipients),
                ));
            }
            // Every assessment is there: what is pending would be a fault of this program, and never sends.
            Decision::Pending(_) => {
                return Err(Failure::new("pending", words.say("cli-pending"), ""));
            }
            Decision::Warn(warning) => match self.warned(warning, draft) {
                Ok(approved) => approved,
                Err(warning) => {
                    let refused = Refused::of(warning.exposed(), class, None, alerts, draft);
                    return Ok(self.refused(&refused, &found));
                }
            },
            Decision::Refuse(refusal) => match self.forbidden(refusal, draft) {
                Ok(approved) => approved,
                Err(refusal) => {
                    let refused =
                        Refused::of(refusal.refused(), class, Some(&refusal), alerts, draft);
                    return Ok(self.refused(&refused, &found));
                }
            },
        };
        if !alerts.is_empty() {
            if !self.args.confirm_addresses {
                return Ok(self.unconfirmed(alerts, draft));
            }
            self.note(alerts, draft)?;
        }
        let told = self.segl.told_by_subject(draft, &approved, &found);
        if !told.is_empty() && !self.args.confirm_subject {
            let failure = stopped("subject", &words.subject_tells(&told));
            return Err(Failure { exit: 1, ..failure });
        }
        let signs = self.segl.config().identity.sign_clear
            || approved
                .recipients()
                .iter()
                .any(|r| r.route().is_end_to_end());
        if signs {
            pin::open_signing(self.segl, &draft.from.address, &self.args.pin, words)?;
        }
        let way = self.args.to_eml.clone().map_or(Way::Submit, Way::Files);
        let cancel = Cancel::new();
        let sending = Sending {
            draft,
            approved,
            surface: Surface::CommandLine,
            way,
            watch: &mut |_, _, _| {},
            cancel: &cancel,
        };
        let sent = self.session.run(self.segl.send(sending, clock))?;
        let told = super::clock_of(&found).off().is_some();
        if let Some(stop) = words.clock(&self.segl.clock(clock())).filter(|_| !told) {
            Output::note(&format!("{} {}", stop.what, stop.next));
        }
        if let Some(aside) = self.segl.take_set_aside() {
            let stop = words.set_aside(&aside);
            Output::note(&format!("{} {}", stop.what, stop.next));
        }
        sent.map(|receipt| Sent::Receipt(Box::new(receipt)))
            .map_err(|cause| {
                let failure = stopped(super::code(&cause), &words.not_sent(&cause));
                if matches!(cause, segl::SendError::Changed(_)) {
                    Failure { exit: 1, ..failure }
                } else {
                    failure
                }
            })
    }

    /// The one place on the command line where a warning is accepted: a reason was given for it.
    fn warned(&self, warning: Warning, draft: &Draft) -> Result<Approved, Box<Warning>> {
        if self.args.only_encrypted {
            return warning.only_encrypted();
        }
        let Some(reason) = &self.reason else {
            return Err(Box::new(warning));
        };
        let shown = self
            .session
            .out
            .words
            .warning(warning.exposed(), warning.class());
        let consent = Consent {
            reason: reason.clone(),
            who: self.segl.account().to_owned(),
            surface: Surface::CommandLine,
            at: super::now(),
            shown: Digest::of(shown.as_bytes()),
        };
        if self.args.also_later && warning.may_go_to_all() {
            self.keep_for_later(&warning, &consent);
        }
        warning.accept(&consent, draft.content_digest())
    }

    /// Where it cannot be kept, this mail goes all the same: the sender is told, and asked again the next time.
    fn keep_for_later(&self, warning: &Warning, consent: &Consent) {
        let config = self.segl.config();
        let Some(until) = config.standing.and_then(|d| consent.at.checked_add(d).ok()) else {
            return;
        };
        let made = warning.standing(consent, &config.policy, until);
        if let Err(cause) = self.segl.keep_standing(made, consent.at) {
            let stop = self.session.out.words.not_assessed(&cause);
            Output::note(&format!("{} {}", stop.what, stop.next));
        }
    }

    fn forbidden(&self, refusal: Refusal, draft: &Draft) -> Result<Approved, Box<Refusal>> {
        let noted = self
            .segl
            .note_refused(draft, &refusal, Surface::CommandLine, super::now());
        if let Err(cause) = noted {
            // Nothing is sent to them either way.
            let detail = [("detail", cause.to_string().into())];
            Output::note(&self.words().with("report-refused-not-recorded", &detail));
        }
        if self.args.only_encrypted {
            refusal.only_encrypted()
        } else {
            Err(Box::new(refusal))
        }
    }

    /// Nothing was sent: nobody said that the recipients are right.
    fn unconfirmed(&self, alerts: &[Alert], draft: &Draft) -> Sent {
        if self.is_quiet.get() {
            return Sent::Refused(Exit::Not);
        }
        let value = not_sent(&[], alerts, draft);
        self.session.out.result(&value, |words| {
            let stop = words.unconfirmed_addresses();
            format!("{} {}", stop.what, stop.next)
        });
        Sent::Refused(Exit::Not)
    }

    /// The record says which alerts were confirmed, before anything leaves.
    fn note(&self, alerts: &[Alert], draft: &Draft) -> Result<(), Failure> {
        let mut codes: Vec<&str> = alerts.iter().map(|a| a.kind().code()).collect();
        codes.dedup();
        let noted = self
            .segl
            .note_alerts(draft.id.as_str(), &codes, super::now());
        noted.map_err(|cause| stopped("book", &self.session.out.words.book(&cause)))
    }

    /// Nothing was sent: somebody is exposed and nobody accepted it, or policy refuses.
    fn refused(&self, refused: &Refused<'_>, found: &Assessments) -> Sent {
        let Refused {
            exposed,
            class,
            refusal,
            alerts,
            draft,
        } = *refused;
        let policy = &self.segl.config().policy;
        let rows: Vec<Value> = exposed
            .iter()
            .filter_map(|e| {
                let assessment = found.get(&e.recipient.mailbox.address)?;
                let mut row = json::assessment(&e.recipient.mailbox, assessment, policy);
                json::exposure(&mut row, e);
                Some(row)
            })
            .collect();
        if self.is_quiet.get() {
            return Sent::Refused(Exit::Not);
        }
        let mut value = not_sent(&rows, alerts, draft);
        value["class"] = class.code().into();
        let found = self.segl.examine_content(draft);
        let codes: Vec<_> = found.categories().into_iter().map(Category::code).collect();
        value["categories"] = codes.into();
        value["not_examined"] = found.not_examined.len().into();
        self.session.out.result(&value, |words| {
            let stop = match refusal {
                Some(refusal) => words.refused(refusal.why()),
                None => words.needs_consent(),
            };
            let mut lines = vec![words.warning(exposed, class)];
            lines.extend(words.suggestion(&found));
            lines.extend(words.not_examined(&found.not_examined));
            lines.push(format!("\n{} {}", stop.what, stop.next));
            lines.join("\n")
        });
        Sent::Refused(Exit::Not)
    }
}

/// The result where nothing was sent because somebody has to say something first.
fn not_sent(exposed: &[Value], alerts: &[Alert], draft: &Draft) -> Value {
    json!({
        "message_id": null, "outcome": "refused", "record": null, "deliveries": [], "exposed": exposed,
        "alerts": rows(alerts, draft),
    })
}

fn rows(alerts: &[Alert], draft: &Draft) -> Value {
    let recipients = draft.recipients();
    let rows = alerts.iter().map(|a| json::alert(a, &recipients));
    rows.collect()
}

pub(super) fn stopped(code: &str, stop: &crate::words::Stop) -> Failure {
    Failure::new(code, stop.what.clone(), stop.next.clone())
}

fn draft(args: &SendArgs, segl: &Segl, words: &Words) -> Result<Draft, Failure> {
    let id = DraftId::random().map_err(|e| Failure::new("random", e.to_string(), ""))?;
    let senders = &segl.config().senders;
    let mut draft = match &args.eml {
        Some(file) => from_message(file, id, args, senders, words)?,
        None => from_arguments(id, args, senders, words)?,
    };
    for path in &args.attach {
        let attachment =
            segl::attach(path).map_err(|e| stopped("attachment", &words.not_attached(&e)))?;
        draft.attachments.push(attachment);
    }
    for code in &args.dismiss {
        if Category::parse(code).is_none() {
            let args = [("code", code.as_str().into())];
            return Err(Failure::new(
                "category",
                words.with("cli-no-category", &args),
                "",
            ));
        }
    }
    // The mail is as it will be: whatever there is of it is meant.
    let all = |category: &String| Dismissed {
        category: category.clone(),
        up_to: usize::MAX,
    };
    draft.dismissed = args.dismiss.iter().map(all).collect();
    draft.class = args.class.map(|class| match class {
        ClassArg::Ordinary => Class::Ordinary,
        ClassArg::Confidential => Class::Confidential,
        ClassArg::Sensitive => Class::Sensitive,
    });
    if let Some(text) = &args.reply_to {
        draft.reply_to = Some(super::mailbox(text, words)?);
    }
    if draft.recipients().is_empty() {
        return Err(stopped(
            "no-recipients",
            &words.not_sent(&segl::SendError::NoRecipients),
        ));
    }
    Ok(draft)
}

fn from_arguments(
    id: DraftId,
    args: &SendArgs,
    senders: &[Sender],
    words: &Words,
) -> Result<Draft, Failure> {
    let sender = sender(args.from.as_deref(), senders, words)?;
    let mut draft = Draft::new(id, sender.mailbox.clone());
    sender.sign(&mut draft);
    set_recipients(&mut draft, &args.recipients, words)?;
    draft.subject = match (&args.subject, &args.subject_file) {
        (Some(subject), _) => subject.clone(),
        (None, Some(file)) => text(file, words)?.trim_end_matches(['\r', '\n']).to_owned(),
        (None, None) => String::new(),
    };
    draft.body = Body::Text(match (&args.body, &args.body_file) {
        (Some(body), _) => body.clone(),
        (None, Some(file)) => text(file, words)?,
        (None, None) => String::new(),
    });
    if let Some(given) = &args.in_reply_to {
        let id = mail::message_id(given).ok_or_else(|| {
            let args = [("id", given.as_str().into())];
            let what = words.with("cli-bad-message-id", &args);
            Failure::new("message-id", what, words.say("next-message-id"))
        })?;
        draft.references = vec![id.clone()];
        draft.in_reply_to = Some(id);
    }
    Ok(draft)
}

fn from_message(
    file: &Path,
    id: DraftId,
    args: &SendArgs,
    senders: &[Sender],
    words: &Words,
) -> Result<Draft, Failure> {
    let octets = files::read(file, MAX_MESSAGE, words)?;
    let message = mail::handed_over(&octets).map_err(|cause| {
        let shown = ("file", file.display().to_string().into());
        let what = match cause {
            HandedOverError::AlreadyProtected(_) => words.with("cli-eml-protected", &[shown]),
            HandedOverError::FieldTwice(name) => {
                words.with("cli-eml-field-twice", &[shown, ("field", name.into())])
            }
            _ => words.with("cli-eml-unreadable", &[shown]),
        };
        Failure::new("eml", what, "")
    })?;
    let named = message.from.as_ref().map(|m| m.address.given().to_owned());
    let sender = sender(args.from.as_deref().or(named.as_deref()), senders, words)?;
    let (mut draft, bad) = message.into_draft(id, sender.mailbox.clone());
    sender.sign(&mut draft);
    set_recipients(&mut draft, &args.recipients, words)?;
    match bad.first() {
        // A recipient of the file that is replaced by an argument does not count.
        Some(bad) if args.recipients.is_empty() => Err(super::bad_address(bad, words)),
        _ => Ok(draft),
    }
}

/// Recipients that are given replace those that were there.
fn set_recipients(draft: &mut Draft, given: &Recipients, words: &Words) -> Result<(), Failure> {
    if given.is_empty() {
        return Ok(());
    }
    (draft.to, draft.cc, draft.bcc) = (
        list(&given.to, words)?,
        list(&given.cc, words)?,
        list(&given.bcc, words)?,
    );
    Ok(())
}

impl Recipients {
    fn is_empty(&self) -> bool {
        self.to.is_empty() && self.cc.is_empty() && self.bcc.is_empty()
    }
}

fn list(texts: &[String], words: &Words) -> Result<Vec<Mailbox>, Failure> {
    let parsed = texts.iter().flat_map(|text| mail::parse_list(text));
    parsed
        .collect::<Result<Vec<_>, _>>()
        .map_err(|bad| super::bad_address(&bad, words))
}

fn sender<'a>(
    named: Option<&str>,
    senders: &'a [Sender],
    words: &Words,
) -> Result<&'a Sender, Failure> {
    let unknown = || stopped("sender", &words.not_sent(&segl::SendError::UnknownSender));
    match named {
        None => senders.first().ok_or_else(unknown),
        Some(text) => {
            let wanted = super::mailbox(text, words)?.address;
            senders
                .iter()
                .find(|s| s.mailbox.address == wanted || s.author().address == wanted)
                .ok_or_else(unknown)
        }
    }
}

pub(super) fn reason(
    args: &SendArgs,
    segl: &Segl,
    words: &Words,
) -> Result<Option<Reason>, Failure> {
    let typed = match (&args.accept_fallback, &args.reason_file) {
        (Some(text), _) => text.clone(),
        (None, Some(file)) => text(file, words)?,
        (None, None) => return Ok(None),
    };
    let is_required = segl.config().policy.require_reason;
    Reason::parse(&typed, is_required)
        .map(Some)
        .map_err(|cause| {
            let key = match cause {
                ReasonError::Missing => "cli-reason-missing",
                ReasonError::TextMissing => "cli-reason-text-missing",
            };
            Failure::new("reason", words.say(key), words.say("next-reason"))
        })
}

fn text(file: &Path, words: &Words) -> Result<String, Failure> {
    let octets = files::read(file, MAX_TEXT, words)?;
    let text =
        str::from_utf8(&octets).map_err(|_not_text| files::unreadable(file, &"UTF-8", words))?;
    Ok(files::unmarked(text).to_owned())
}
