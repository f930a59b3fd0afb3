//! Everything the user can ask for. A command owns its words and its keys; what it does stands in `update`.

use egui::{Key, Modifiers};

use super::book;
use crate::{
    decide::ReasonCode,
    mail::{Class, DraftId},
    words::Words,
};

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Command {
    /// Send, or whatever stands in the way of it.
    Send,
    /// The check is still running: no longer send when it is done. In the undo time: do not send.
    Undo,
    /// In the undo time: send at once.
    SendNow,
    /// Stop a message on its way out.
    StopSending,
    /// Look the selected recipient up again, else all that are not green.
    Recheck,
    /// Recipients could not be looked up: show the warning all the same.
    OtherOptions,
    /// Say why the mail cannot be sent.
    Explain,

    /// Open or close the details of the selected recipient.
    Details,
    /// Turn the selected recipient back into text.
    Edit,
    /// Remove what is selected.
    Remove,
    /// Copy what is known, for the IT department.
    CopyForIt,
    /// The organisation of a recipient is another one than before: ask whether that is right.
    AskOrganisation,
    /// It is right.
    ConfirmOrganisation,
    /// Copy a text that asks the recipient for a certificate.
    AskForCertificate,
    /// Read a certificate from a file.
    ImportCertificate,
    /// Turn typed text into recipients.
    CommitTyped,
    /// Show the row for copies, and go there.
    ShowCc,
    /// Show the row for hidden copies, and go there.
    ShowBcc,

    /// Choose files to attach.
    Attach,
    /// Attach the files on the clipboard.
    PasteFiles,
    /// Take the quoted text out.
    RemoveQuote,

    /// Back to the mail, without sending.
    Back,
    /// Send to those who get it encrypted, and keep the others as a draft.
    OnlyEncrypted,
    /// Send to all, some of them without encryption.
    SendToAll,
    /// Choose a reason.
    Choose(ReasonCode),
    /// What is accepted holds for later mail too, or does not.
    AlsoLater,
    /// Remove everybody who would get the mail without encryption.
    RemoveRed,

    /// The user looked: it was sent.
    WasSent,
    /// The user looked: it was not sent.
    WasNotSent,
    /// The draft to those whom the mail did not reach.
    CorrectRest,
    /// Go to what stands in the way.
    Correct,
    /// Send without those whom the mail server refuses, and keep them as a draft.
    SendToOthers,
    /// Sign in to the mail server again. Sends nothing.
    SignIn(super::signing_in::SignIn),
    /// Something about own keys. Sends nothing.
    Own(super::own_keys::Act),
    /// Save the mail as a file on the case.
    SaveToCase,
    /// Copy the receipt as text.
    CopyReceipt,

    /// A new mail in this window.
    NewMail,
    /// Save the draft now.
    SaveDraft,
    /// Close the window and keep the draft.
    Close,
    /// Close the window: the mail is sent.
    CloseReceipt,
    /// Close the window though the draft cannot be kept.
    CloseAnyway,
    /// Open a draft that was kept.
    OpenDraft(DraftId),
    /// Put a notice away.
    Dismiss,

    /// Try with invented recipients.
    Demo,
    /// Open the settings file.
    OpenSettings,
    /// Show the keys.
    Keys,
    /// Larger.
    ZoomIn,
    /// Smaller.
    ZoomOut,
    /// The usual size.
    ZoomReset,

    /// To the next thing that stands in the way of a green light.
    NextProblem,
    /// To the one before.
    PreviousProblem,
    /// Say where the mail stands.
    SayState,
    /// To the next area.
    NextArea,
    /// To the area before.
    PreviousArea,
    /// To the next place.
    Next,
    /// To the place before.
    Previous,
    /// Inside the place: one to the left or up.
    Left,
    /// Inside the place: one to the right or down.
    Right,
    /// Inside the place: the first.
    First,
    /// Inside the place: the last.
    Last,
    /// Leave what is open.
    Escape,
    /// Enter on a button that sends.
    EnterOnSend,
    /// Something about the address book.
    Book(book::Act),

    /// Open the window with drafts, outbox and send log.
    ShowLists,
    /// Open the window with the settings.
    ShowSettings,
    /// Show everything that can be done now.
    Commands,
    /// Take what is chosen in the list that is open: run the command, put in the suggestion or the template.
    RunChosen,
    /// In the lists.
    Lists(super::lists::Act),
    /// In the settings.
    Options(super::options::Act),
    /// In the first run.
    Assistant(super::assistant::Act),
    /// An aid for writing.
    Aid(super::aids::Act),
    /// Something about certificates of other people.
    Import(super::imports::Act),
    /// Open a window for a received mail.
    ShowReceived,
    /// In a received mail.
    Received(super::received::Act),
    /// The class of the mail.
    Class(super::class::Act),
    /// Something about receipts.
    Receipts(super::receipts::Act),
}

/// A key with its modifiers. `ctrl` is Cmd on macOS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chord {
    /// Control, or Cmd on macOS.
    pub ctrl: bool,
    /// Shift.
    pub shift: bool,
    /// The key.
    pub key: Key,
}

pub(super) const fn plain(key: Key) -> Chord {
    Chord {
        ctrl: false,
        shift: false,
        key,
    }
}

const fn shift(key: Key) -> Chord {
    Chord {
        ctrl: false,
        shift: true,
        key,
    }
}

pub(super) const fn ctrl(key: Key) -> Chord {
    Chord {
        ctrl: true,
        shift: false,
        key,
    }
}

pub(super) const fn ctrl_shift(key: Key) -> Chord {
    Chord {
        ctrl: true,
        shift: true,
        key,
    }
}

impl Command {
    /// The keys that stand for it, where it has any.
    pub fn chord(&self) -> Option<Chord> {
        Some(match self {
            Self::Send | Self::SendNow => ctrl(Key::Enter),
            Self::SendToAll | Self::ConfirmOrganisation | Self::CloseAnyway => {
                ctrl_shift(Key::Enter)
            }
            Self::OnlyEncrypted => ctrl(Key::D),
            Self::Undo => ctrl(Key::Z),
            Self::Recheck => plain(Key::F5),
            Self::Details
            | Self::SignIn(super::signing_in::SignIn::Typed)
            | Self::Own(
                super::own_keys::Act::GivePin
                | super::own_keys::Act::TakeIn
                | super::own_keys::Act::Write,
            ) => plain(Key::Enter),
            Self::Edit => plain(Key::F2),
            Self::Remove => plain(Key::Delete),
            Self::RemoveRed => ctrl_shift(Key::Delete),
            Self::CopyForIt => ctrl_shift(Key::K),
            Self::AskForCertificate => ctrl(Key::M),
            Self::ImportCertificate => ctrl(Key::I),
            Self::CommitTyped => ctrl(Key::K),
            Self::ShowCc => ctrl_shift(Key::C),
            Self::ShowBcc => ctrl_shift(Key::B),
            Self::Attach => ctrl_shift(Key::A),
            Self::PasteFiles => ctrl(Key::V),
            Self::RemoveQuote => ctrl_shift(Key::Q),
            Self::Back | Self::Escape | Self::StopSending | Self::Dismiss | Self::CloseReceipt => {
                plain(Key::Escape)
            }
            Self::SaveToCase | Self::SaveDraft => ctrl(Key::S),
            Self::CopyReceipt => ctrl(Key::C),
            Self::NewMail => ctrl(Key::N),
            Self::Close => ctrl(Key::W),
            Self::Keys => plain(Key::F1),
            Self::ZoomIn => ctrl(Key::Plus),
            Self::ZoomOut => ctrl(Key::Minus),
            Self::ZoomReset => ctrl(Key::Num0),
            Self::NextProblem => plain(Key::F8),
            Self::PreviousProblem => shift(Key::F8),
            Self::SayState => plain(Key::F9),
            Self::NextArea => plain(Key::F6),
            Self::PreviousArea => shift(Key::F6),
            Self::Demo => plain(Key::Num2),
            Self::OpenSettings => plain(Key::Num3),
            Self::Choose(code) => match code {
                ReasonCode::NothingConfidential => plain(Key::Num1),
                ReasonCode::Assessed => plain(Key::Num2),
                ReasonCode::Urgent => plain(Key::Num3),
                ReasonCode::Other => plain(Key::Num4),
                ReasonCode::NotRequired => return None,
            },
            Self::AlsoLater => plain(Key::Num5),
            Self::Book(act) => return act.chord(),
            Self::ShowLists => ctrl(Key::O),
            Self::ShowSettings => ctrl(Key::Comma),
            Self::ShowReceived => ctrl_shift(Key::O),
            Self::Commands => ctrl_shift(Key::P),
            Self::Lists(act) => return act.chord(),
            Self::Options(act) => return act.chord(),
            Self::Assistant(act) => return act.chord(),
            Self::Aid(act) => return act.chord(),
            Self::Import(act) => return act.chord(),
            Self::Received(act) => return act.chord(),
            Self::Class(act) => return act.chord(),
            Self::Receipts(act) => return act.chord(),
            _ => return None,
        })
    }

    /// The key of its words in the catalogue, for commands that are shown.
    fn key(&self) -> Option<&'static str> {
        Some(match self {
            Self::Send => "do-send",
            Self::Undo => "do-undo",
            Self::SendNow => "do-send-now",
            Self::StopSending => "do-stop",
            Self::Recheck => "do-recheck",
            Self::OtherOptions => "do-other-options",
            Self::Explain => "do-explain",
            Self::Details => "do-details",
            Self::Edit => "do-edit",
            Self::Remove => "do-remove",
            Self::CopyForIt => "do-copy-for-it",
            Self::AskOrganisation => "do-ask-organisation",
            Self::ConfirmOrganisation => "do-confirm-organisation",
            Self::AskForCertificate => "do-ask-certificate",
            Self::ImportCertificate => "do-import",
            Self::CommitTyped => "do-commit",
            Self::ShowCc => "do-cc",
            Self::ShowBcc => "do-bcc",
            Self::Attach => "do-attach",
            Self::PasteFiles => "do-paste",
            Self::RemoveQuote => "do-remove-quote",
            Self::Back => "do-back",
            Self::OnlyEncrypted => "do-only-encrypted",
            Self::SendToAll => "do-send-to-all",
            Self::Choose(_) => "do-choose",
            Self::AlsoLater => "do-also-later",
            Self::RemoveRed => "do-remove-red",
            Self::WasSent => "do-was-sent",
            Self::WasNotSent => "do-was-not-sent",
            Self::CorrectRest => "do-correct-rest",
            Self::Correct => "do-correct",
            Self::SendToOthers => "do-send-to-others",
            Self::SignIn(_) => "do-sign-in-again",
            Self::Own(act) => act.key(),
            Self::SaveToCase => "do-save-to-case",
            Self::CopyReceipt => "do-copy-receipt",
            Self::NewMail => "do-new-mail",
            Self::SaveDraft => "do-save-draft",
            Self::Close | Self::CloseReceipt => "do-close",
            Self::CloseAnyway => "do-close-anyway",
            Self::OpenDraft(_) => "do-open-draft",
            Self::Dismiss => "do-dismiss",
            Self::Demo => "do-demo",
            Self::OpenSettings => "do-open-settings",
            Self::Keys => "do-keys",
            Self::ZoomIn => "do-zoom-in",
            Self::ZoomOut => "do-zoom-out",
            Self::ZoomReset => "do-zoom-reset",
            Self::NextProblem => "do-next-problem",
            Self::PreviousProblem => "do-previous-problem",
            Self::SayState => "do-say-state",
            Self::NextArea => "do-next-area",
            Self::PreviousArea => "do-previous-area",
            Self::Escape => "do-escape",
            Self::Book(act) => act.key(),
            Self::ShowLists => "do-show-lists",
            Self::ShowSettings => "do-show-settings",
            Self::ShowReceived => "do-read-received",
            Self::Commands => "do-commands",
            Self::Lists(act) => return act.key(),
            Self::Options(act) => return act.key(),
            Self::Assistant(act) => return act.key(),
            Self::Aid(act) => act.key(),
            Self::Received(act) => return act.key(),
            Self::Import(act) => act.key(),
            Self::Class(act) => act.key(),
            Self::Receipts(act) => act.key(),
            Self::Next
            | Self::Previous
            | Self::Left
            | Self::Right
            | Self::First
            | Self::Last
            | Self::RunChosen
            | Self::EnterOnSend => return None,
        })
    }

    /// What it does, in words.
    pub fn text(&self, words: &Words) -> String {
        self.key().map_or_else(String::new, |key| words.say(key))
    }

    /// Whether it makes a mail leave: such a button is never pressed by Enter.
    pub fn sends(&self) -> bool {
        if let Self::Lists(act) = self {
            return act.sends();
        }
        matches!(
            self,
            Self::Send
                | Self::SendNow
                | Self::OnlyEncrypted
                | Self::SendToAll
                | Self::SendToOthers
                | Self::ConfirmOrganisation
                | Self::CloseAnyway
                | Self::WasSent
                | Self::WasNotSent
                | Self::Book(book::Act::Confirm)
                | Self::Import(super::imports::Act::Pin)
                | Self::Receipts(super::receipts::Act::Ask)
        )
    }

    /// The commands on the list of keys, in its order.
    pub fn on_key_list() -> Vec<Self> {
        vec![
            Self::Send,
            Self::Undo,
            Self::Escape,
            Self::NextProblem,
            Self::PreviousProblem,
            Self::SayState,
            Self::NextArea,
            Self::PreviousArea,
            Self::Recheck,
            Self::CommitTyped,
            Self::Details,
            Self::Edit,
            Self::Remove,
            Self::ShowCc,
            Self::ShowBcc,
            Self::Attach,
            Self::PasteFiles,
            Self::AskForCertificate,
            Self::ImportCertificate,
            Self::Book(book::Act::Import),
            Self::CopyForIt,
            Self::RemoveQuote,
            Self::Class(super::class::Act::Set(Class::Ordinary)),
            Self::Class(super::class::Act::Set(Class::Confidential)),
            Self::Class(super::class::Act::Set(Class::Sensitive)),
            Self::Aid(super::aids::Act::NextWord),
            Self::Aid(super::aids::Act::Templates),
            Self::Aid(super::aids::Act::MoveSubject),
            Self::OnlyEncrypted,
            Self::SendToAll,
            Self::Receipts(super::receipts::Act::Propose),
            Self::SaveDraft,
            Self::NewMail,
            Self::ShowLists,
            Self::ShowReceived,
            Self::ShowSettings,
            Self::Commands,
            Self::Close,
            Self::ZoomIn,
            Self::ZoomOut,
            Self::ZoomReset,
            Self::Keys,
        ]
    }
}

impl Chord {
    /// Whether these keys are pressed. Alt is part of no chord: Ctrl+Alt types characters on many layouts.
    pub fn is(self, key: Key, modifiers: Modifiers) -> bool {
        self.key == key
            && self.ctrl == modifiers.command
            && self.shift == modifiers.shift
            && !modifiers.alt
    }

    /// The keys as they are printed on the keyboard: `Ctrl+Skift+Enter`.
    pub fn text(self, words: &Words) -> String {
        let mut text = String::new();
        if self.ctrl {
            text.push_str(if cfg!(target_os = "macos") {
                "Cmd+"
            } else {
                "Ctrl+"
            });
        }
        if self.shift {
            text.push_str(&words.say("keys-shift"));
            text.push('+');
        }
        match self.key {
            Key::Delete => text.push_str(&words.say("keys-delete")),
            Key::Escape => text.push_str("Esc"),
            Key::Plus => text.push('+'),
            Key::Minus => text.push('-'),
            key => text.push_str(key.name()),
        }
        text
    }
}
