//! Which parts of a line are words that a dictionary can judge.
//!
//! Left out: addresses, web addresses and file names, whatever holds a digit (case numbers), units after a number,
//! capitals of up to five letters (abbreviations), single letters, and what is longer than any word.

use std::ops::Range;

/// Capitals up to here are an abbreviation.
const ABBREVIATION: usize = 5;
/// Letters of a unit after a number: 12 mm, 35 MB, 400 kr.
const UNIT: usize = 3;
/// Letters of a word at most: the longest of Danish law has some fifty.
const LONGEST: usize = 64;

/// The words of a line, as octets from its beginning.
pub fn words(line: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut after_number = false;
    for chunk in chunks(line) {
        let text = &line[chunk.clone()];
        if is_address(text) {
            after_number = false;
            continue;
        }
        let has_digit = text.contains(|c: char| c.is_ascii_digit());
        if !has_digit {
            for word in runs(text) {
                let (word, range) = (
                    &text[word.clone()],
                    chunk.start + word.start..chunk.start + word.end,
                );
                if is_word(word) && !(after_number && word.chars().count() <= UNIT) {
                    found.push(range);
                }
            }
        }
        after_number = has_digit && text.chars().all(|c| !c.is_alphabetic());
    }
    found
}

/// What stands between blanks.
fn chunks(line: &str) -> impl Iterator<Item = Range<usize>> {
    let base = line.as_ptr() as usize;
    line.split_whitespace().map(move |chunk| {
        let start = chunk.as_ptr() as usize - base;
        start..start + chunk.len()
    })
}

/// Mail and web addresses, paths and file names.
fn is_address(chunk: &str) -> bool {
    let inner = chunk.trim_matches(|c: char| !c.is_alphanumeric());
    let is_between_letters = |(at, _)| {
        let (before, after) = (&inner[..at], &inner[at + 1..]);
        let last = before.chars().next_back();
        // “A.D.” is no name of a file; “replik.pdf” and “retten.dk” are.
        before.chars().count() > 1
            && last.is_some_and(char::is_alphanumeric)
            && after.starts_with(|c: char| c.is_alphanumeric() && !c.is_uppercase())
    };
    chunk.contains('@')
        || chunk.contains("://")
        || chunk.contains('\\')
        || inner.starts_with("www.")
        || chunk.starts_with('/')
        || inner.match_indices('.').any(is_between_letters)
}

/// Letters, with apostrophes and hyphens between them.
fn runs(chunk: &str) -> impl Iterator<Item = Range<usize>> {
    let mut rest = chunk.char_indices().peekable();
    std::iter::from_fn(move || {
        let (start, _) = rest.find(|(_, c)| c.is_alphabetic())?;
        let mut end = chunk[start..]
            .chars()
            .next()
            .map_or(start, |c| start + c.len_utf8());
        while let Some((at, c)) = rest.peek().copied() {
            let is_joint = matches!(c, '-' | '\'' | '’' | '\u{ad}')
                && chunk[at + c.len_utf8()..].starts_with(char::is_alphabetic);
            if !(c.is_alphabetic() || is_joint) {
                break;
            }
            end = at + c.len_utf8();
            rest.next();
        }
        Some(start..end)
    })
}

fn is_word(word: &str) -> bool {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let is_capitals = word.chars().all(|c| !c.is_lowercase());
    letters > 1 && letters <= LONGEST && !(is_capitals && letters <= ABBREVIATION)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(line: &str) -> Vec<&str> {
        words(line).into_iter().map(|w| &line[w]).collect()
    }

    #[test]
    fn a_line_gives_its_words_and_no_address_number_unit_or_abbreviation() {
        let table: &[(&str, &[&str])] = &[
            ("Kære ret,", &["Kære", "ret"]),
            ("Skriv til post@ret-eksempel.dk nu", &["Skriv", "til", "nu"]),
            ("se https://ret-eksempel.dk/sag", &["se"]),
            ("se www.ret-eksempel.dk.", &["se"]),
            ("replik.pdf og bilag.docx, tak", &["og", "tak"]),
            ("sag BS-123/2026-EKS", &["sag"]),
            ("12 km og 35 MB i 2026", &["og"]),
            ("12 kilometer", &["kilometer"]),
            ("CVR og EU, men KRYPTERET", &["og", "men", "KRYPTERET"]),
            ("A4-ark og A5", &["og"]),
            ("e-mail’en er Anne's", &["e-mail’en", "er", "Anne's"]),
            ("(»citat«) -streg- ", &["citat", "streg"]),
            ("og/eller", &["og", "eller"]),
            ("Slut.Ny sætning", &["Slut", "Ny", "sætning"]),
            (r"C:\sag\fil", &[]),
            ("a b c", &[]),
            ("", &[]),
        ];
        for (line, wanted) in table {
            assert_eq!(found(line), *wanted, "{line}");
        }
    }

    #[test]
    fn any_text_is_cut_at_letters() {
        for line in ["æ", "é\u{301}x", "ø-", "'", "日本語 テスト", "👩‍⚖️ dommer"]
        {
            for word in words(line) {
                assert!(line.get(word).is_some(), "{line}");
            }
        }
    }
}
