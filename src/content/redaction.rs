//! A text with what was found in it replaced by its category: what the record keeps.

use std::borrow::Cow;

use super::{Category, finding::Confidence, scan};
use crate::mail::{cpr_length, digit_count};

/// What is taken out of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redaction {
    /// Numbers of people and accounts: for addresses and what servers answer, whose words are evidence.
    Numbers,
    /// Telling words too: for what somebody typed.
    Everything,
}

/// The text with each number or word that was found replaced by its category: `[cpr]`, `[health]`. Every ten digits that
/// begin with a date go, also where [`examine`](super::examine) would not call them a CPR number: too much rather than
/// too little.
pub fn redacted(text: &str, what: Redaction) -> Cow<'_, str> {
    let mut spans = numbers(text);
    let taken = |category: Category| match what {
        Redaction::Numbers => matches!(
            category,
            Category::Cpr | Category::Iban | Category::Account | Category::Passport
        ),
        Redaction::Everything => category.class().is_some(),
    };
    let hits = scan::hits(text).into_iter();
    let sure = hits.filter(|h| h.confidence > Confidence::Low && taken(h.category));
    spans.extend(sure.map(|h| (h.start, h.end, h.category)));
    if spans.is_empty() {
        return Cow::Borrowed(text);
    }
    spans.sort_by_key(|(start, end, category)| (*start, std::cmp::Reverse(*end), *category));
    let (mut kept, mut done) = (String::new(), 0);
    for (start, end, category) in spans {
        if start < done {
            // It lies over one that was taken out; what it has beyond that goes too.
            done = done.max(end);
            continue;
        }
        kept.push_str(&text[done..start]);
        kept.push('[');
        kept.push_str(category.code());
        kept.push(']');
        done = end;
    }
    kept.push_str(&text[done..]);
    Cow::Owned(kept)
}

fn numbers(text: &str) -> Vec<(usize, usize, Category)> {
    let (mut spans, mut at) = (Vec::new(), 0);
    while let Some(next) = text[at..].find(|c: char| c.is_ascii_digit()) {
        at += next;
        let Some(length) = cpr_length(&text[at..]) else {
            at += digit_count(&text[at..]);
            continue;
        };
        spans.push((at, at + length, Category::Cpr));
        at += length;
    }
    spans
}
