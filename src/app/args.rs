//! The arguments of `segl-desktop`. Other programs open a filled composer with them; nothing is sent without the user.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use clap::{
    Parser,
    builder::{OsStringValueParser, TypedValueParser as _},
};

use super::{
    another::Another,
    mailto,
    page::Show,
    setup::{Fields, Opening, Source},
    theme::Theme,
};
use crate::mail::DraftId;

/// Write a mail, see for each recipient whether it can be encrypted, and send it.
///
/// Arguments can be seen by other users of this computer: what is confidential comes by --draft or --body-file.
#[derive(Debug, Parser)]
#[command(name = "segl-desktop", version, after_help = EXAMPLES)]
pub struct Args {
    /// Try with invented recipients; no mail leaves this computer
    #[arg(long)]
    pub demo: bool,
    /// Open this draft (RFC 5322 message, Bcc allowed); - reads standard input
    #[arg(long, value_name = "FILE")]
    pub draft: Option<PathBuf>,
    /// Send the draft as if Ctrl+Enter had been pressed: after the undo time, if everybody gets it encrypted
    #[arg(
        long,
        requires = "draft",
        conflicts_with_all = ["handed", "to", "cc", "bcc", "subject", "body_file", "attach", "show"]
    )]
    pub quick: bool,
    /// Open this received mail (.eml or .p7m) to be read; - reads standard input
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["draft", "handed", "to", "cc", "bcc", "subject", "body_file", "attach", "show"]
    )]
    pub open: Option<PathBuf>,
    /// Recipients, several with comma
    #[arg(long, value_name = "ADDRESSES")]
    pub to: Vec<String>,
    /// Copies
    #[arg(long, value_name = "ADDRESSES")]
    pub cc: Vec<String>,
    /// Copies that no other recipient sees
    #[arg(long, value_name = "ADDRESSES")]
    pub bcc: Vec<String>,
    /// The subject
    #[arg(long)]
    pub subject: Option<String>,
    /// Take the text from this file; - reads standard input
    #[arg(long, value_name = "FILE")]
    pub body_file: Option<PathBuf>,
    /// Attach this file
    #[arg(long, value_name = "FILE")]
    pub attach: Vec<PathBuf>,
    /// The language; else that of the system
    #[arg(long, value_name = "da|en", value_parser = lang)]
    pub lang: Option<crate::words::Lang>,
    /// The settings file
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The colours; else those chosen in the settings
    #[arg(long, value_enum)]
    pub theme: Option<Theme>,
    /// What the window shows: a mail, or drafts, outbox, send log, settings, a received mail
    #[arg(long, value_enum, default_value_t = Show::Mail)]
    pub show: Show,
    /// Open this draft that is kept
    #[arg(long, hide = true, value_name = "ID", value_parser = draft_id)]
    pub open_draft: Option<DraftId>,
    /// Go through the outbox without a window, as long as something waits
    #[arg(long, hide = true)]
    pub outbox_runner: bool,
    /// A further window of the demo that runs in this folder
    #[arg(long, hide = true, value_name = "FOLDER")]
    pub demo_at: Option<PathBuf>,
    /// A mailto: link, or the file of a received mail to be read, as a file manager gives it
    #[arg(value_name = "mailto:… | FILE", value_parser = OsStringValueParser::new().try_map(handed))]
    pub handed: Option<Handed>,
}

/// What another program hands over.
#[derive(Debug, Clone)]
pub enum Handed {
    /// A mail to write.
    Link(Box<Opening>),
    /// A received mail.
    Mail(PathBuf),
}

/// The endings of files that hold a received mail.
pub(super) const MAIL_FILES: &[&str] = &["eml", "p7m", "p7s"];

const EXAMPLES: &str = "\
Examples:
  segl-desktop --demo
  segl-desktop --to 'Retten i Eksempelby <post@ret-eksempel.dk>' --attach replik.pdf
  segl-desktop --draft brev.eml
  segl-desktop --quick --draft brev.eml
  segl-desktop --open modtaget.eml
  segl-desktop modtaget.eml
  segl-desktop 'mailto:post@ret-eksempel.dk?subject=BS-123'";

fn lang(text: &str) -> Result<crate::words::Lang, String> {
    let known = crate::words::Lang::ALL
        .into_iter()
        .find(|l| l.tag() == text);
    known.ok_or_else(|| "da or en".to_owned())
}

fn draft_id(text: &str) -> Result<DraftId, String> {
    DraftId::parse(text).ok_or_else(|| "not a draft".to_owned())
}

/// A file is known by its ending: a mistyped link must not become a file that is not there.
fn handed(given: OsString) -> Result<Handed, String> {
    let link = given.to_str().and_then(mailto::parse);
    if let Some(link) = link {
        return Ok(Handed::Link(Box::new(link)));
    }
    let path = PathBuf::from(given);
    let is_mail = |end: &&str| {
        path.extension()
            .is_some_and(|e| e.eq_ignore_ascii_case(end))
    };
    if MAIL_FILES.iter().any(is_mail) {
        return Ok(Handed::Mail(path));
    }
    Err("neither a mailto: link nor a file of a mail (.eml, .p7m)".to_owned())
}

impl Args {
    /// How further windows are started: with the same settings, language and colours.
    pub fn another(&self) -> Another {
        let mut common: Vec<OsString> = Vec::new();
        if let Some(config) = &self.config {
            common.extend(["--config".into(), config.clone().into_os_string()]);
        }
        if let Some(folder) = &self.demo_at {
            common.extend(["--demo-at".into(), folder.clone().into_os_string()]);
        }
        if let Some(lang) = self.lang {
            common.extend(["--lang".into(), lang.tag().into()]);
        }
        if let Some(theme) = self.theme {
            common.extend(["--theme".into(), theme.name().into()]);
        }
        Another::with(common)
    }

    /// What the window opens with: a link first, and the other arguments beside it.
    pub fn opening(&self) -> Opening {
        let (link, mail) = match &self.handed {
            Some(Handed::Link(link)) => (Some(link), None),
            Some(Handed::Mail(mail)) => (None, Some(mail)),
            None => (None, None),
        };
        let mut opening = link.map(|link| (**link).clone()).unwrap_or_default();
        let fields = &mut opening.fields;
        fields.to.extend(self.to.iter().cloned());
        fields.cc.extend(self.cc.iter().cloned());
        fields.bcc.extend(self.bcc.iter().cloned());
        let Fields { subject, .. } = fields;
        *subject = self
            .subject
            .as_deref()
            .map(mailto::one_line)
            .or(subject.take());
        opening.show = self.show;
        opening.kept.clone_from(&self.open_draft);
        opening.received = mail.or(self.open.as_ref()).map(|m| source(m));
        opening.draft = self.draft.as_deref().map(source);
        opening.body_file = self.body_file.as_deref().map(source);
        opening.attach.clone_from(&self.attach);
        // A link cannot say it: it is no part of what a link is read into, and the argument takes no link beside it.
        opening.is_quick = self.quick && self.handed.is_none() && opening.draft.is_some();
        opening
    }
}

fn source(path: &Path) -> Source {
    if path.as_os_str() == "-" {
        Source::Stdin
    } else {
        Source::File(path.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_and_arguments_fill_one_composer() {
        let args = Args::try_parse_from([
            "segl-desktop",
            "--to",
            "Bo <bo@y.example>",
            "--attach",
            "replik.pdf",
            "--draft",
            "-",
            "--lang",
            "da",
            "mailto:anne@x.example?subject=Sag",
        ])
        .unwrap();
        let opening = args.opening();
        assert_eq!(opening.fields.to, ["anne@x.example", "Bo <bo@y.example>"]);
        assert_eq!(opening.fields.subject.as_deref(), Some("Sag"));
        assert_eq!(opening.draft, Some(Source::Stdin));
        assert_eq!(opening.attach, [PathBuf::from("replik.pdf")]);
    }

    #[test]
    #[cfg(unix)]
    fn every_example_in_the_help_is_understood() {
        let examples: Vec<_> = EXAMPLES.lines().skip(1).collect();
        assert!(!examples.is_empty());
        for example in examples {
            let words = std::process::Command::new("sh")
                .args(["-c", &format!("printf '%s\\0' {example}")])
                .output()
                .unwrap();
            let text = String::from_utf8(words.stdout).unwrap();
            let args = Args::try_parse_from(text.trim_end_matches('\0').split('\0')).unwrap();
            assert!(args.demo || !args.opening().is_empty(), "{example}");
        }
    }

    #[test]
    fn quick_takes_a_draft_and_no_link_and_nothing_beside_it() {
        let parse = |arguments: &[&str]| {
            Args::try_parse_from([&["segl-desktop"], arguments].concat()).map(|a| a.opening())
        };
        assert!(parse(&["--quick", "--draft", "-"]).unwrap().is_quick);
        assert!(!parse(&["--draft", "-"]).unwrap().is_quick);
        for wrong in [
            &["--quick"][..],
            &["--quick", "mailto:a@x.example"],
            &["--quick", "--draft", "-", "mailto:a@x.example"],
            &["--quick", "--draft", "-", "--to", "a@x.example"],
            &["--quick", "--draft", "-", "--attach", "x.pdf"],
            &["--quick", "--draft", "-", "--show", "drafts"],
        ] {
            assert!(parse(wrong).is_err(), "{wrong:?}");
        }
        for link in [
            "mailto:a@x.example?quick=1",
            "mailto:a@x.example?--quick&draft=x",
        ] {
            assert!(!parse(&[link]).unwrap().is_quick, "{link}");
        }
    }

    #[test]
    fn a_file_manager_hands_over_a_received_mail_by_its_path_alone() {
        let parse = |arguments: &[&str]| {
            Args::try_parse_from([&["segl-desktop"], arguments].concat()).map(|a| a.opening())
        };
        for name in ["/post/Re: mail.eml", "brev.EML", "smime.p7m"] {
            let opening = parse(&[name]).unwrap();
            assert_eq!(opening.received, Some(Source::File(name.into())));
        }
        for wrong in ["brev.docx", "anne@x.example", "https://x.example/brev"] {
            assert!(parse(&[wrong]).is_err(), "{wrong}");
        }
        assert!(parse(&["--open", "a.eml", "b.eml"]).is_err());
    }

    #[test]
    fn no_argument_opens_nothing() {
        assert!(
            Args::try_parse_from(["segl-desktop"])
                .unwrap()
                .opening()
                .is_empty()
        );
        assert!(Args::try_parse_from(["segl-desktop", "anne@x.example"]).is_err());
        assert!(Args::try_parse_from(["segl-desktop", "--lang", "de"]).is_err());
    }

    #[test]
    fn the_arguments_are_well_formed() {
        use clap::CommandFactory as _;
        Args::command().debug_assert();
    }
}
