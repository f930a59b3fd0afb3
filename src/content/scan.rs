//! A text from its beginning to its end: blocks, the words in each, and the numbers. One pass, a bounded memory. Blocks of
//! a long text are looked at side by side, because somebody waits for the answer.

use std::{
    panic::resume_unwind,
    thread::{self, Builder},
};

use super::{
    Category,
    finding::{Because, Confidence, Gathered, Hit},
    list::{self, Label, Meaning, Word},
    number,
};

/// Octets that are looked at in one piece. What is remembered of a text is of one piece at most.
const BLOCK: usize = 128 * 1024;
/// Blocks that are looked at at once, where there are so many processors: further ones would wait for memory.
const AT_ONCE: usize = 4;
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
    let at_once = if text.len() > BLOCK {
        thread::available_parallelism().map_or(1, |n| n.get().min(AT_ONCE))
    } else {
        1
    };
    let mut blocks = blocks(text);
    loop {
        let some: Vec<&str> = blocks.by_ref().take(at_once).collect();
        if some.is_empty() {
            break;
        }
        for (block, hits) in some.iter().zip(side_by_side(&some)) {
            let mut at = 0;
            for hit in hits {
                line += newlines(&block[at..hit.start]);
                at = hit.start;
                gathered.take(hit, block, line);
            }
            line += newlines(&block[at..]);
        }
    }
}

/// The hits of each block.
fn side_by_side(blocks: &[&str]) -> Vec<Vec<Hit>> {
    let Some((own, others)) = blocks.split_first() else {
        return Vec::new();
    };
    thread::scope(|scope| {
        let begin = |block| {
            let named = Builder::new().name("segl-examine".to_owned());
            (block, named.spawn_scoped(scope, move || hits(block)))
        };
        let others: Vec<_> = others.iter().copied().map(begin).collect();
        let own = hits(own);
        let others = others.into_iter().map(|(block, thread)| match thread {
            Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
            // No thread to be had: it takes longer.
            Err(_busy) => hits(block),
        });
        std::iter::once(own).chain(others).collect()
    })
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
    let mut near: [Vec<&Word>; Category::ALL.len()] = std::array::from_fn(|_| Vec::new());
    let mut persons: Vec<(usize, usize)> = Vec::new();
    for word in words {
        match word.meaning {
            Meaning::Strong(c) | Meaning::Weak(c) | Meaning::Not(c) => near[c as usize].push(word),
            Meaning::Person => persons.push((word.start, word.end)),
            Meaning::Cover | Meaning::Label(_) => {}
        }
    }
    let mut hits = Vec::new();
    for (category, near) in Category::ALL.into_iter().zip(&near) {
        for (at, word) in near.iter().enumerate() {
            if let Some((confidence, because)) = weigh(near, at, &persons) {
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
const NEIGHBOURS: usize = 8;

/// How surely a word of a category speaks for it; `None` where it is no such word, or another speaks in its place.
fn weigh(near: &[&Word], at: usize, persons: &[(usize, usize)]) -> Option<(Confidence, Because)> {
    let word = near[at];
    let is_strong = match word.meaning {
        Meaning::Strong(_) => true,
        Meaning::Weak(_) => false,
        _ => return None,
    };
    let (mut others, mut taken_back) = (false, false);
    let from = at.saturating_sub(NEIGHBOURS);
    let to = near.len().min(at + NEIGHBOURS + 1);
    for other in near[from..at].iter().rev().chain(&near[at + 1..to]) {
        let apart = match apart((word.start, word.end), (other.start, other.end)) {
            Some(apart) => apart,
            // Two entries may match at one place (a word and its compound): that is one word, and the stronger speaks.
            None => match other.meaning {
                Meaning::Strong(_) if !is_strong => return None,
                Meaning::Not(_) => 0,
                _ => continue,
            },
        };
        match other.meaning {
            Meaning::Strong(_) | Meaning::Weak(_) => {
                others |= apart <= TOGETHER && other.stem != word.stem;
            }
            Meaning::Not(_) => taken_back |= apart <= TAKES_BACK,
            _ => {}
        }
    }
    let is_beside = !taken_back && !others && is_beside(word, persons);
    Some(match (is_strong, taken_back, others || is_beside) {
        (_, true, _) | (false, false, false) => (Confidence::Low, Because::Word),
        (true, false, true) => (Confidence::High, Because::Words),
        (true, false, false) => (Confidence::Medium, Because::Word),
        (false, false, true) => (Confidence::Medium, Because::Words),
    })
}

/// Octets between two words; `None` where they lie over each other.
fn apart(one: (usize, usize), other: (usize, usize)) -> Option<usize> {
    other
        .0
        .checked_sub(one.1)
        .or_else(|| one.0.checked_sub(other.1))
}

/// Whether a person is spoken of close by. Persons are sorted by where they begin.
fn is_beside(word: &Word, persons: &[(usize, usize)]) -> bool {
    let behind = persons.partition_point(|p| p.0 < word.start);
    let near = behind.checked_sub(1).into_iter().chain([behind]);
    near.filter_map(|at| persons.get(at))
        .filter_map(|person| apart((word.start, word.end), *person))
        .any(|apart| apart <= BESIDE)
}

/// The categories that are found likely or surely, for the tests of the detectors.
#[cfg(test)]
pub(super) fn found(text: &str) -> Vec<Category> {
    let hits = hits(text);
    let sure = hits.iter().filter(|h| h.confidence > Confidence::Low);
    sure.map(|h| h.category).collect()
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
    fn what_is_found_side_by_side_is_what_is_found_one_after_the_other() {
        let piece = "Hun er sygemeldt, CPR 070761-4285.\n\nIntet her, og intet der.\n";
        let text = piece.repeat(7 * BLOCK / piece.len());
        let blocks: Vec<&str> = blocks(&text).collect();
        assert!(blocks.len() > AT_ONCE);
        let alone: Vec<_> = blocks.iter().map(|block| hits(block)).collect();
        assert!(alone.iter().all(|hits| !hits.is_empty()));
        assert_eq!(side_by_side(&blocks), alone);
        let mut gathered = Gathered::default();
        gather(&text, &mut gathered);
        let found = gathered.findings(crate::content::Place::Text);
        assert_eq!(
            found.iter().map(|f| f.count).sum::<usize>(),
            alone.concat().len()
        );
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
