//! Where the keyboard focus can be. The focus is a value of the state, and egui follows it: it is never none.
//!
//! Every place is stable while the thing it stands for exists: a chip is named by its address, a file by its path.

use std::path::PathBuf;

use super::command::Command;
use crate::mail::Kind;

/// One place of the window that takes the keyboard focus.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Place {
    /// The picker of the sender.
    From,
    /// A recipient: the row, and the chip's key.
    Chip(Kind, String),
    /// The field at the end of a row of recipients.
    Field(Kind),
    /// The subject.
    Subject,
    /// The user's own line above a formatted body.
    Own,
    /// The text.
    Body,
    /// An attachment.
    File(PathBuf),
    /// The list of reasons in the warning.
    Reasons,
    /// The text of a reason.
    ReasonText,
    /// The password of the mail server, a PIN, or the password of a key file.
    Password,
    /// A password, typed once more.
    PasswordAgain,
    /// A text to be read with the arrow keys: the list in a dialog.
    Reading,
    /// The field to search all commands.
    Search,
    /// A button.
    Button(Spot, Command),
    /// In the lists.
    Lists(super::lists::Spot),
    /// In the settings.
    Options(super::options::Spot),
    /// In the first run.
    Assistant(super::assistant::Spot),
    /// In the aids for writing.
    Aid(super::aids::Spot),
    /// In a received mail.
    Received(super::received::Spot),
}

/// Where a button stands. The same command may be offered at several spots.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Spot {
    /// The strips at the top of the window.
    Strip,
    /// The details of a recipient.
    Details,
    /// The row of attachments.
    Files,
    /// The report of a failure.
    Trouble,
    /// Area 4: the sentence and the button.
    Foot,
    /// A dialog.
    Dialog,
    /// The receipt.
    Receipt,
    /// The list of all commands: a row, not a button.
    Listed,
    /// The first window without settings.
    Welcome,
    /// A page of its own: lists, settings, first run.
    Page,
    /// The aids for writing, above the text.
    Aids,
    /// The line with the mail's class, below the subject.
    Class,
}

/// The areas that F6 goes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Area {
    /// Sender, recipients, subject.
    Head,
    /// The text.
    Text,
    /// Attachments.
    Files,
    /// Sentence and button.
    Foot,
}

/// What kind of thing has the focus: decides which keys it takes for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    /// A text of one line.
    Line,
    /// A text of one line, with nothing in it, at the end of a row of recipients.
    EmptyField,
    /// The field at the end of a row of recipients, with text.
    Field,
    /// The same with suggestions below it, none of them chosen.
    Suggesting,
    /// The same with one of them chosen by an arrow.
    Suggested,
    /// A text of many lines.
    Text,
    /// A recipient.
    Chip,
    /// An attachment.
    File,
    /// A list where arrows choose: senders, reasons.
    Choice,
    /// A text to read: arrows scroll.
    Reading,
    /// A row of a table: arrows go to the next one, letters find one.
    Row,
    /// A list, or a row of one: arrows choose, Enter takes.
    List,
    /// A text of one line above a list: up and down choose in the list, Enter takes.
    Search,
    /// A button that Enter presses.
    Button,
    /// A button that sends: Enter does not press it.
    Sender,
}

impl Place {
    /// The widget's identifier.
    pub fn id(&self) -> egui::Id {
        egui::Id::unique(self)
    }

    /// The area it belongs to, in the composer.
    pub fn area(&self) -> Area {
        match self {
            Self::Own | Self::Body | Self::Aid(_) | Self::Button(Spot::Aids, _) => Area::Text,
            Self::File(_) | Self::Button(Spot::Files, _) => Area::Files,
            Self::Button(Spot::Foot | Spot::Trouble, _) => Area::Foot,
            _ => Area::Head,
        }
    }
}

impl On {
    /// Whether arrows, Home and End go from one thing to the next in it.
    pub fn is_walked(self) -> bool {
        matches!(
            self,
            Self::Chip | Self::File | Self::Choice | Self::Reading | Self::Row | Self::List
        )
    }

    /// Whether typed characters belong to it.
    pub fn takes_text(self) -> bool {
        matches!(
            self,
            Self::Line
                | Self::EmptyField
                | Self::Field
                | Self::Suggesting
                | Self::Suggested
                | Self::Text
                | Self::Search
        )
    }
}
