//! A text from its beginning to its end: blocks, the words in each, and the numbers. One pass, a bounded memory.

use super::{
    Category,
    finding::{Because, Confidence, Gathered, Hit},
    list::{self, Label, Meaning, Word},
    number,
};

/// Octets that are looked at in one piece. What is remembered of a text is of one piece at most.
const BLOCK: usize = 128 * 1024;
/// How far two words may stand apart and still be about one thing.
const TOGETHER: usize = 300;
/// How far a person may stand from a word that is about them.
const BESIDE: usize = 80;
/// How far a word that takes others back reaches.
const TAKES_BACK: usize = 160;

/// Looks through a text and gathers what it finds.
pub(super) fn gather(text: &str, gathered: &mut Gathered) {
    gather_from(text, 1, gathered);
}

/// The same for a text whose first line has this number.
pub(super) fn gather_from(text: &str, first: usize, gathered: &mut Gathered) {
    let mut line = first;
    for block in blocks(text) {
        let mut at = 0;
        for hit in hits(block) {
            line += newlines(&block[at..hit.start]);
            at = hit.start;
            gathered.take(hit, block, line);
        }
        line += newlines(&block[at..]);
    }
}

/// Everything in a piece of text, in the order of where it begins.
pub(super) fn hits(block: &str) -> Vec<Hit> {
    let folded = list::fold(block);
    let mut words = Vec::new();
    list::words(block, &folded, |word| words.push(word));
    words.sort_by_key(|w| (w.start, std::cmp::Reverse(w.end)));
    uncover(&mut words);
    let labels: Vec<(usize, usize, Label)> = words
        .iter()
        .filter_map(|w| match w.meaning {
            Meaning::Label(label) => Some((w.start, w.end, label)),
            _ => None,
        })
        .collect();
    let mut hits = spoken(&words);
    number::hits(block, &labels, &mut hits);
    hits.sort_by_key(|h| (h.start, h.end));
    hits
}

/// Pieces that end where a line or a word does.
fn blocks(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut cut = BLOCK.min(rest.len());
        while !rest.is_char_boundary(cut) {
            cut -= 1;
        }
        if cut < rest.len() {
            let near = cut.saturating_sub(4096);
            let near = (near..cut)
                .find(|at| rest.is_char_boundary(*at))
                .unwrap_or(cut);
            let tail = &rest[near..cut];
            let end = tail.rfind('\n').or_else(|| tail.rfind(' '));
            cut = end.map_or(cut, |end| near + end + 1);
        }
        let (block, after) = rest.split_at(cut);
        rest = after;
        Some(block)
    })
}

fn newlines(text: &str) -> usize {
    memchr::memchr_iter(b'\n', text.as_bytes()).count()
}

/// Takes out words that stand inside one that covers them. Sorted by their beginning, the longer first.
fn uncover(words: &mut Vec<Word>) {
    let mut covers: Vec<(usize, usize)> = words
        .iter()
        .filter(|w| w.meaning == Meaning::Cover)
        .map(|w| (w.start, w.end))
        .collect();
    if covers.is_empty() {
        return;
    }
    // Each end is the furthest so far, so that one look back is enough.
    let mut furthest = 0;
    for cover in &mut covers {
        furthest = furthest.max(cover.1);
        cover.1 = furthest;
    }
    words.retain(|word| {
        if matches!(word.meaning, Meaning::Label(_) | Meaning::Cover) {
            return true;
        }
        let before = covers.partition_point(|c| c.0 <= word.start);
        // The word may begin inside the cover and run on behind it ("stress testen").
        !(before > 0 && covers[before - 1].1 > word.start)
    });
}

/// What the words say.
fn spoken(words: &[Word]) -> Vec<Hit> {
    let mut hits = Vec::new();
    for category in Category::ALL {
        let of = |word: &&Word| match word.meaning {
            Meaning::Strong(c) | Meaning::Weak(c) | Meaning::Not(c) => c == category,
            Meaning::Person => true,
            Meaning::Cover | Meaning::Label(_) => false,
        };
        let near: Vec<&Word> = words.iter().filter(of).collect();
        for (at, word) in near.iter().enumerate() {
            if let Some((confidence, because)) = weigh(&near, at) {
                hits.push(Hit {
                    start: word.start,
                    end: word.end,
                    category,
                    confidence,
                    because,
                });
            }
        }
    }
    hits
}

/// Words that are looked at on each side of one, so that a text of nothing else still takes linear time.
const NEIGHBOURS: usize = 24;

fn weigh(near: &[&Word], at: usize) -> Option<(Confidence, Because)> {
    let word = near[at];
    let is_strong = match word.meaning {
        Meaning::Strong(_) => true,
        Meaning::Weak(_) => false,
        _ => return None,
    };
    let (mut others, mut persons, mut taken_back) = (0, false, false);
    let from = at.saturating_sub(NEIGHBOURS);
    let to = near.len().min(at + NEIGHBOURS + 1);
    for other in &near[from..to] {
        // Two entries may match at the same place (a word and its compound): that is one word.
        let apart = if other.end <= word.start {
            word.start - other.end
        } else if other.start >= word.end {
            other.start - word.end
        } else {
            match other.meaning {
                Meaning::Not(_) => taken_back = true,
                // The stronger of two at one place speaks; of equal ones the first.
                Meaning::Strong(_) if !is_strong => return None,
                _ => {}
            }
            continue;
        };
        match other.meaning {
            Meaning::Strong(_) | Meaning::Weak(_) => {
                others += usize::from(apart <= TOGETHER && other.stem != word.stem);
            }
            Meaning::Person => persons |= apart <= BESIDE,
            Meaning::Not(_) => taken_back |= apart <= TAKES_BACK,
            Meaning::Cover | Meaning::Label(_) => {}
        }
    }
    Some(match (is_strong, taken_back, others, persons) {
        (true, false, 1.., _) | (true, false, _, true) => (Confidence::High, Because::Words),
        (true, false, 0, false) => (Confidence::Medium, Because::Word),
        (false, false, 1.., _) | (false, false, _, true) => (Confidence::Medium, Because::Words),
        (_, true, ..) => (Confidence::Low, Because::Word),
        (false, ..) => (Confidence::Low, Because::Word),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_put_together_are_the_text_and_none_is_empty() {
        let text = "ærø 010270-1234\n".repeat(30_000);
        let blocks: Vec<&str> = blocks(&text).collect();
        assert!(blocks.len() > 2 && blocks.iter().all(|b| !b.is_empty() && b.len() <= BLOCK));
        assert_eq!(blocks.concat(), text);
        let without_space = "é".repeat(400_000);
        assert_eq!(
            super::blocks(&without_space).collect::<String>(),
            without_space
        );
    }

    #[test]
    fn a_line_is_counted_across_blocks() {
        let mut text = "intet her\n".repeat(40_000);
        text.push_str("CPR 070761-4285\n");
        let mut gathered = Gathered::default();
        gather(&text, &mut gathered);
        let found = gathered.findings(crate::content::Place::Text);
        assert_eq!((found[0].category, found[0].line), (Category::Cpr, 40_001));
    }

    #[test]
    fn one_weak_word_is_nothing_and_two_or_a_person_are_something() {
        let class = |text: &str| {
            let hits = hits(text);
            hits.iter()
                .filter(|h| h.category == Category::Health)
                .map(|h| h.confidence)
                .max()
        };
        assert_eq!(class("Mødet er på et hospital."), Some(Confidence::Low));
        assert_eq!(
            class("Patienten er indlagt på et hospital."),
            Some(Confidence::High)
        );
        assert_eq!(
            class("Lægen gav ham medicin mod det."),
            Some(Confidence::Medium)
        );
        assert_eq!(class("Vi ses på onsdag."), None);
    }
}
