//! Commands of a submission session, parsed (RFC 5321 §4.1.1), and which parameters they may carry.

/// A command line, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Command {
    Ehlo,
    Helo,
    StartTls,
    Auth {
        mechanism: String,
        initial: Option<String>,
    },
    Mail {
        path: String,
        parameters: Vec<String>,
    },
    Rcpt {
        path: String,
        parameters: Vec<String>,
    },
    Data,
    Rset,
    Noop,
    Verify,
    Quit,
    /// A known verb with arguments that are not right: answered with 501.
    BadArguments,
    Unknown,
}

impl Command {
    pub(super) fn parse(line: &str) -> Self {
        let (verb, arguments) = line.split_once(' ').unwrap_or((line, ""));
        let bare = arguments.is_empty();
        match verb.to_ascii_uppercase().as_str() {
            "EHLO" if !bare => Self::Ehlo,
            "HELO" if !bare => Self::Helo,
            "STARTTLS" if bare => Self::StartTls,
            "AUTH" if !bare => {
                let (mechanism, initial) = match arguments.split_once(' ') {
                    Some((mechanism, initial)) => (mechanism, Some(initial.to_owned())),
                    None => (arguments, None),
                };
                Self::Auth {
                    mechanism: mechanism.to_ascii_uppercase(),
                    initial,
                }
            }
            "MAIL" => match path_and_parameters(arguments, "FROM:") {
                Some((path, parameters)) => Self::Mail { path, parameters },
                None => Self::BadArguments,
            },
            "RCPT" => match path_and_parameters(arguments, "TO:") {
                Some((path, parameters)) if !path.is_empty() => Self::Rcpt { path, parameters },
                _ => Self::BadArguments,
            },
            "DATA" if bare => Self::Data,
            "RSET" if bare => Self::Rset,
            "NOOP" => Self::Noop,
            "VRFY" => Self::Verify,
            "QUIT" if bare => Self::Quit,
            "EHLO" | "HELO" | "STARTTLS" | "AUTH" | "DATA" | "RSET" | "QUIT" => Self::BadArguments,
            _ => Self::Unknown,
        }
    }

    /// The line as the transcript keeps it: nothing that follows the mechanism of AUTH.
    pub(super) fn for_transcript(&self, line: &str) -> String {
        match self {
            Self::Auth { mechanism, initial } => match initial {
                Some(_) => format!("AUTH {mechanism} (credentials)"),
                None => format!("AUTH {mechanism}"),
            },
            _ => line.to_owned(),
        }
    }
}

/// `FROM:<path> PARAMETER…`; the path without its angle brackets, empty for `<>`.
fn path_and_parameters(arguments: &str, keyword: &str) -> Option<(String, Vec<String>)> {
    let (start, rest) = arguments.split_at_checked(keyword.len())?;
    if !start.eq_ignore_ascii_case(keyword) {
        return None;
    }
    let rest = rest.strip_prefix('<')?;
    let end = end_of_path(rest)?;
    let after = &rest[end + 1..];
    if !(after.is_empty() || after.starts_with(' ')) {
        return None;
    }
    let parameters = after.split_ascii_whitespace().map(str::to_owned).collect();
    Some((rest[..end].to_owned(), parameters))
}

/// Where the `>` stands that is in no quoted string.
fn end_of_path(text: &str) -> Option<usize> {
    let mut quoted = false;
    let mut octets = text.bytes().enumerate();
    while let Some((at, octet)) = octets.next() {
        match octet {
            b'"' => quoted = !quoted,
            b'\\' if quoted => {
                octets.next();
            }
            b'>' if !quoted => return Some(at),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_and_rcpt_give_path_and_parameters() {
        for (line, path, parameters) in [
            ("MAIL FROM:<a@b.example>", "a@b.example", &[][..]),
            ("mail from:<> SIZE=10", "", &["SIZE=10"]),
            (
                "MAIL FROM:<\"a> b\"@c.example> BODY=8BITMIME SMTPUTF8",
                "\"a> b\"@c.example",
                &["BODY=8BITMIME", "SMTPUTF8"],
            ),
        ] {
            let wanted = Command::Mail {
                path: path.to_owned(),
                parameters: parameters.iter().map(|text| (*text).to_owned()).collect(),
            };
            assert_eq!(Command::parse(line), wanted);
        }
    }

    #[test]
    fn what_is_not_right_is_told_from_what_is_not_known() {
        for line in [
            "MAIL FROM: <a@b.example>",
            "MAIL FROM:a@b.example",
            "MAIL FROM:<a@b.example>SIZE=1",
            "MAIL <a@b.example>",
            "RCPT TO:<>",
            "DATA now",
            "EHLO",
        ] {
            assert_eq!(Command::parse(line), Command::BadArguments, "{line}");
        }
        assert_eq!(Command::parse("ETRN a"), Command::Unknown);
        assert_eq!(Command::parse(""), Command::Unknown);
    }

    #[test]
    fn the_transcript_never_holds_credentials() {
        let line = "AUTH plain c2VjcmV0";
        assert_eq!(
            Command::parse(line).for_transcript(line),
            "AUTH PLAIN (credentials)"
        );
    }
}
