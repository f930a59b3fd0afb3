//! A whole draft: its subject, text, quoted reply, files and recipients.

use super::{
    Finding, NotExamined, Place, Suggestion, Unread,
    file::{self, FileFindings},
    finding::{Because, Confidence, Gathered, Hit},
    text::clean,
};
use crate::{
    content::{Category, scan},
    mail::{
        Address, Body, Draft, cpr_length, digit_count,
        prose::{self, Part},
    },
};

/// What the detectors say of a draft whose files were examined with [`examine_file`](super::examine_file), one answer
/// for each attachment in the draft's order. A file without an answer is not examined.
pub fn examine(draft: &Draft, files: &[FileFindings]) -> Suggestion {
    let mut findings = text(Place::Subject, &draft.subject);
    let mut not_examined = Vec::new();
    match &draft.body {
        Body::Text(body) => findings.extend(written(body)),
        Body::HandedOver {
            own,
            entity,
            preview,
        } => {
            findings.extend(written(&format!("{own}\n{preview}")));
            // Its parts, which the preview does not show: pictures, hidden text, files inside.
            let inside = file::examine_file("text.eml", entity);
            let is_new = |f: &Finding| !findings.iter().any(|old| old.category == f.category);
            let more: Vec<Finding> = inside.findings.into_iter().filter(is_new).collect();
            findings.extend(more.into_iter().map(|f| Finding {
                place: Place::Text,
                ..f
            }));
            let why = inside.not_examined.into_iter();
            not_examined.extend(why.map(|why| NotExamined { file: 0, why }));
        }
    }
    for (at, attachment) in draft.attachments.iter().enumerate() {
        let number = at + 1;
        findings.extend(name(Place::FileName(number), &attachment.name));
        let Some(examined) = files.get(at) else {
            not_examined.push(NotExamined {
                file: number,
                why: Unread::Unreadable,
            });
            continue;
        };
        findings.extend(examined.findings.iter().map(|f| Finding {
            place: Place::File(number),
            ..f.clone()
        }));
        let why = examined.not_examined.iter();
        not_examined.extend(why.map(|why| NotExamined {
            file: number,
            why: *why,
        }));
    }
    for (at, mailbox) in draft.mailboxes().enumerate() {
        findings.extend(recipient(at + 1, &mailbox.address));
    }
    Suggestion::of(findings, not_examined)
}

/// What stands in a text of one place: a subject, a reason.
pub fn text(place: Place, text: &str) -> Vec<Finding> {
    let mut gathered = Gathered::default();
    scan::gather(&clean(text), &mut gathered);
    let mut findings = gathered.findings(place);
    findings.retain(|f| f.confidence > Confidence::Low);
    findings
}

/// A name: what divides its words is read as a space as well.
fn name(place: Place, name: &str) -> Vec<Finding> {
    let mut gathered = Gathered::default();
    file::gather_name(name, &mut gathered);
    gathered.findings(place)
}

/// A text with what it quotes: each run of lines by itself, with the lines of the whole text.
fn written(body: &str) -> Vec<Finding> {
    let (mut own, mut quoted) = (Gathered::default(), Gathered::default());
    let mut run: Option<(usize, usize, bool, usize)> = None;
    let mut line = 0;
    let mut flush = |run: Option<(usize, usize, bool, usize)>| {
        if let Some((start, end, is_quoted, first)) = run {
            let gathered = if is_quoted { &mut quoted } else { &mut own };
            scan::gather_from(&clean(&body[start..end]), first, gathered);
        }
    };
    for (range, part) in prose::lines(body) {
        line += 1;
        let is_quoted = part == Part::Quoted;
        match &mut run {
            Some((_, end, was, _)) if *was == is_quoted => *end = range.end,
            _ => flush(run.replace((range.start, range.end, is_quoted, line))),
        }
    }
    flush(run);
    let mut findings = own.findings(Place::Text);
    findings.extend(quoted.findings(Place::QuotedReply));
    findings
}

/// The part before the `@`. Ten digits that begin with a date need nothing else here: nobody is called so by chance.
fn recipient(number: usize, address: &Address) -> Vec<Finding> {
    let local = address.local();
    let mut gathered = Gathered::default();
    file::gather_name(local, &mut gathered);
    let mut at = 0;
    while let Some(next) = local[at..].find(|c: char| c.is_ascii_digit()) {
        at += next;
        let Some(length) = cpr_length(&local[at..]) else {
            at += digit_count(&local[at..]);
            continue;
        };
        let hit = Hit {
            start: at,
            end: at + length,
            category: Category::Cpr,
            confidence: Confidence::Medium,
            because: Because::Form,
        };
        gathered.take(hit, local, 1);
        at += length;
    }
    gathered.findings(Place::Recipient(number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::{Attachment, Class, Digest, DraftId, Mailbox};

    fn draft(subject: &str, body: &str) -> Draft {
        let from = Mailbox::parse("anne@advokat-eksempel.dk").unwrap();
        Draft {
            subject: subject.to_owned(),
            body: Body::Text(body.to_owned()),
            ..Draft::new(DraftId::random().unwrap(), from)
        }
    }

    #[test]
    fn an_ordinary_mail_suggests_nothing() {
        let body =
            "Kære Bo\n\nVi ses på onsdag kl. 14 på Sygehusvej 4. Ring på 33 12 34 56.\n\nAnne";
        let found = examine(&draft("Møde på onsdag", body), &[]);
        assert_eq!(found, Suggestion::default());
    }

    #[test]
    fn each_place_is_told_and_the_highest_class_is_suggested() {
        let body = "Se vedhæftet.\n\nDen 3. nov. skrev Bo:\n> CPR 070761-4285\n> Hun er sygemeldt.";
        let mut draft = draft("Sag om forældremyndighed", body);
        draft.to = vec![Mailbox::parse("x0707614285@x.example").unwrap()];
        draft.attachments = vec![Attachment {
            path: "a".into(),
            name: "skizofreni_070761-4285.pdf".to_owned(),
            media_type: "application/pdf".to_owned(),
            size: 1,
            sha256: Digest::of(b"a"),
        }];
        let found = examine(&draft, &[]);
        assert_eq!(found.class, Some(Class::Sensitive));
        let places: Vec<_> = found
            .findings
            .iter()
            .map(|f| (f.category, f.place, f.line))
            .collect();
        assert_eq!(
            places,
            [
                (Category::Health, Place::QuotedReply, 5),
                (Category::Health, Place::FileName(1), 1),
                (Category::Family, Place::Subject, 1),
                (Category::Cpr, Place::QuotedReply, 4),
                (Category::Cpr, Place::FileName(1), 1),
                (Category::Cpr, Place::Recipient(1), 1),
            ]
        );
        let missing = NotExamined {
            file: 1,
            why: Unread::Unreadable,
        };
        assert_eq!(found.not_examined, [missing]);
        let reasons: Vec<_> = found.reasons().map(|f| f.category).collect();
        assert_eq!(reasons, [Category::Health; 2]);
    }

    #[test]
    fn a_formatted_text_is_examined_with_the_parts_that_its_preview_does_not_show() {
        let entity = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\
            Content-Type: text/html; charset=utf-8\r\n\r\n<p>Hej</p>\r\n--b\r\n\
            Content-Type: text/plain; name=a.txt\r\nContent-Disposition: attachment\r\n\r\n\
            Diagnosen er skizofreni.\r\n--b--\r\n";
        let mut draft = draft("Hej", "");
        draft.body = Body::HandedOver {
            own: String::new(),
            entity: entity.to_vec(),
            preview: "Hej".to_owned(),
        };
        let found = examine(&draft, &[]);
        assert_eq!(found.class, Some(Class::Sensitive));
        assert_eq!(found.findings[0].place, Place::Text);
    }

    #[test]
    fn nothing_that_was_found_can_be_recorded() {
        let found = examine(&draft("CPR 070761-4285", "diabetes og skilsmisse"), &[]);
        let json = serde_json::to_string(&found).unwrap();
        for secret in ["0707", "4285", "diabetes", "skilsmisse"] {
            assert!(!json.contains(secret), "{json}");
        }
        assert!(json.contains("\"cpr\"") && json.contains("\"health\""));
    }
}
