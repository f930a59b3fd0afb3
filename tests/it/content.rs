//! How well the detectors find what they are for: precision and recall on a labelled corpus that was made for it. Nothing
//! in it is about a real person: numbers are drawn by a fixed seed, names and places are invented.
//!
//! `tuned.txt` and half of what is generated was looked at while the words were chosen. `held_out.txt` and the other half
//! were not: their figures are the honest ones. The table stands in `packaging/docs/detectors.md`; `SEGL_RENEW=1` writes it anew.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

use segl::content::{Category, Confidence, Place, examine_text};

const TUNED: &str = include_str!("content/tuned.txt");
const HELD_OUT: &str = include_str!("content/held_out.txt");

/// A text, and the categories that a reader finds in it.
struct Labelled {
    text: String,
    wanted: Vec<Category>,
}

/// Of one category: found and right, found and wrong, missed.
#[derive(Default, Clone, Copy)]
struct Counted {
    right: usize,
    wrong: usize,
    missed: usize,
}

impl Counted {
    fn precision(self) -> Option<f64> {
        share(self.right, self.right + self.wrong)
    }

    fn recall(self) -> Option<f64> {
        share(self.right, self.right + self.missed)
    }
}

fn share(part: usize, whole: usize) -> Option<f64> {
    let number = |n: usize| f64::from(u32::try_from(n).unwrap());
    (whole > 0).then(|| number(part) / number(whole))
}

fn written(list: &str) -> Vec<Labelled> {
    let mut all = Vec::new();
    for block in list.split("\n##").map(|b| b.trim_start_matches("##")) {
        let (head, text) = block.split_once('\n').unwrap();
        let wanted = head
            .split_whitespace()
            .map(|code| Category::parse(code).unwrap());
        all.push(Labelled {
            text: text.to_owned(),
            wanted: wanted.collect(),
        });
    }
    assert!(all.len() > 100);
    all
}

/// Numbers that look random and are always the same.
struct Scattered(u64);

impl Scattered {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn one_of<'a>(&mut self, of: &[&'a str]) -> &'a str {
        let at = self.below(of.len() as u64);
        of[usize::try_from(at).unwrap()]
    }

    fn digits(&mut self, count: u32) -> String {
        (0..count)
            .map(|_| char::from_digit(u32::try_from(self.below(10)).unwrap(), 10).unwrap())
            .collect()
    }

    fn date(&mut self) -> String {
        format!(
            "{:02}{:02}{:02}",
            self.below(28) + 1,
            self.below(12) + 1,
            self.below(100)
        )
    }

    /// With right check digit, or, as for some born in later years, without.
    fn cpr(&mut self, separator: &str) -> String {
        let is_checked = self.below(10) > 0;
        loop {
            let number = format!("{}{}", self.date(), self.digits(4));
            let (serial, year): (u32, u32) =
                (number[6..].parse().unwrap(), number[4..6].parse().unwrap());
            let is_dead = (5..=8).contains(&(serial / 1000)) && year >= 58;
            let weights = [4, 3, 2, 7, 6, 5, 4, 3, 2, 1];
            let sum: u32 = number
                .chars()
                .zip(weights)
                .map(|(c, w)| c.to_digit(10).unwrap() * w)
                .sum();
            if !is_dead && (!is_checked || sum.is_multiple_of(11)) {
                return format!("{}{separator}{}", &number[..6], &number[6..]);
            }
        }
    }

    fn iban(&mut self) -> String {
        let account = self.digits(14);
        let value: u128 = format!("{account}132000").parse().unwrap();
        let check = 98 - value % 97;
        let bare = format!("DK{check:02}{account}");
        if self.below(2) == 0 {
            return bare;
        }
        let groups: Vec<&str> = (0..bare.len())
            .step_by(4)
            .map(|at| &bare[at..(at + 4).min(bare.len())])
            .collect();
        groups.join(" ")
    }
}

const CARRIERS: [&str; 10] = [
    "Kære Bo\n\nTak for din henvendelse af i går.",
    "Hej Karen, jeg vender tilbage efter weekenden.",
    "Vi har gennemgået bilagene og har ingen bemærkninger.",
    "Dear Sir, please find our answer below.",
    "Mødet holdes på vores kontor, Eksempelvej 12, 8000 Aarhus C.",
    "Ring gerne på 86 12 34 56 mellem kl. 9 og 15.",
    "Vi beder om svar senest den 14. december 2026.",
    "The meeting is moved to Thursday at 10.30.",
    "Prisen er 12.450,00 kr. ekskl. moms.",
    "Venlig hilsen\nAnne Eksempel\nAdvokatsekretær",
];

/// Texts around one number each, with what it is. The two halves have different words around the number.
fn generated(seed: u64, is_tuned: bool) -> Vec<Labelled> {
    let mut s = Scattered(seed);
    let mut all = Vec::new();
    for _ in 0..30 {
        let separator = s.one_of(&["-", "-", "-", " ", ""]);
        let cpr = s.cpr(separator);
        let bare = s.cpr("-");
        let (iban, account) = (s.iban(), format!("{} {}", s.digits(4), s.digits(10)));
        let (date, ten) = (s.date(), s.digits(4));
        let like = format!("{date}{ten}");
        let clock = format!("{:02}{:02}", s.below(24), s.below(60));
        let case = format!("BS-{}/202{}-KBH", s.digits(5), s.below(7));
        let police = format!("0700-{}-{}-2{}", s.digits(5), s.digits(5), s.below(7));
        let mut wanted: Vec<(String, Vec<Category>)> = if is_tuned {
            vec![
                (format!("Klienten har cpr-nr. {cpr}."), vec![Category::Cpr]),
                (
                    format!("Jens Prøve, {bare}, Testvej 3"),
                    vec![Category::Cpr],
                ),
                (format!("Betales til {iban}"), vec![Category::Iban]),
                (
                    format!("Reg.nr. og kontonr.: {account}"),
                    vec![Category::Account],
                ),
                (format!("Rettens sag {case}"), vec![Category::CaseNumber]),
                (format!("P-nr. {like}"), vec![]),
                (format!("Fakturanr. {like} af i dag"), vec![]),
                (format!("Den {date} kl. {clock}"), vec![]),
                (format!("Ordre {like} er afsendt"), vec![]),
            ]
        } else {
            vec![
                (format!("Min CPR er {cpr}, hilsen Ida"), vec![Category::Cpr]),
                (
                    format!("Vedr. {bare}: afgørelse vedlægges"),
                    vec![Category::Cpr],
                ),
                (format!("Our bank details: {iban}"), vec![Category::Iban]),
                (
                    format!("Sæt pengene ind på konto {account}"),
                    vec![Category::Account],
                ),
                (format!("Politiet: {police}"), vec![Category::CaseNumber]),
                (format!("Produktionsenhed {like}"), vec![]),
                (format!("Invoice no. {like}"), vec![]),
                (format!("Logget {date} {clock}"), vec![]),
                (format!("Tracking number {like}"), vec![]),
            ]
        };
        for (line, wanted) in wanted.drain(..) {
            let text = format!("{}\n{line}\n{}", s.one_of(&CARRIERS), s.one_of(&CARRIERS));
            all.push(Labelled { text, wanted });
        }
    }
    all
}

fn measured(corpus: &[Labelled]) -> BTreeMap<Category, Counted> {
    let mut counted: BTreeMap<Category, Counted> = BTreeMap::new();
    for labelled in corpus {
        let found = examine_text(Place::Text, &labelled.text);
        assert!(found.iter().all(|f| f.confidence > Confidence::Low));
        for category in Category::ALL {
            let is_found = found.iter().any(|f| f.category == category);
            let of = counted.entry(category).or_default();
            match (is_found, labelled.wanted.contains(&category)) {
                (true, true) => of.right += 1,
                (true, false) => of.wrong += 1,
                (false, true) => of.missed += 1,
                (false, false) => {}
            }
            if is_found != labelled.wanted.contains(&category)
                && std::env::var_os("SEGL_SHOW").is_some()
            {
                println!(
                    "{} {}: {}",
                    if is_found { "WRONG" } else { "MISSED" },
                    category.code(),
                    labelled.text.replace('\n', " / ")
                );
            }
        }
    }
    counted
}

fn both() -> [(&'static str, Vec<Labelled>); 2] {
    let with = |list, seed, is_tuned| {
        let mut all = written(list);
        all.extend(generated(seed, is_tuned));
        all
    };
    [
        ("tuned", with(TUNED, 20_261_122, true)),
        ("held out", with(HELD_OUT, 7_071_964, false)),
    ]
}

fn table(corpora: &[(&str, Vec<Labelled>)]) -> String {
    let mut out = String::new();
    let percent =
        |share: Option<f64>| share.map_or("–".to_owned(), |s| format!("{:.0} %", s * 100.0));
    for (name, corpus) in corpora {
        let empty = corpus.iter().filter(|l| l.wanted.is_empty()).count();
        let _ = writeln!(
            out,
            "### {name}: {} texts, {empty} of them with nothing in them\n",
            corpus.len()
        );
        out.push_str("| category | in so many | found | wrongly | precision | recall |\n|---|---|---|---|---|---|\n");
        let mut sum = Counted::default();
        for (category, of) in measured(corpus) {
            sum = Counted {
                right: sum.right + of.right,
                wrong: sum.wrong + of.wrong,
                missed: sum.missed + of.missed,
            };
            let _ = writeln!(
                out,
                "| {} | {} | {} | {} | {} | {} |",
                category.code(),
                of.right + of.missed,
                of.right,
                of.wrong,
                percent(of.precision()),
                percent(of.recall())
            );
        }
        let _ = writeln!(
            out,
            "| all | {} | {} | {} | {} | {} |\n",
            sum.right + sum.missed,
            sum.right,
            sum.wrong,
            percent(sum.precision()),
            percent(sum.recall())
        );
    }
    out
}

/// Of the held-out half: what was measured when these words and weights were chosen. Less is a step back.
const FLOORS: [(Category, f64, f64); 17] = [
    (Category::Cpr, 1.00, 1.00),
    (Category::Cvr, 1.00, 1.00),
    (Category::Iban, 1.00, 1.00),
    (Category::Account, 1.00, 1.00),
    (Category::Passport, 1.00, 1.00),
    (Category::CaseNumber, 1.00, 1.00),
    (Category::Secrecy, 1.00, 1.00),
    (Category::Family, 0.33, 0.11),
    (Category::Social, 1.00, 1.00),
    (Category::Health, 1.00, 0.38),
    (Category::Genetic, 1.00, 0.50),
    (Category::Ethnicity, 1.00, 0.66),
    (Category::Politics, 0.00, 0.00),
    (Category::Religion, 1.00, 0.75),
    (Category::Union, 1.00, 0.50),
    (Category::Sexuality, 1.00, 0.66),
    (Category::Offence, 1.00, 0.40),
];

#[test]
fn the_detectors_find_as_much_and_as_rightly_as_was_measured() {
    let [_, (_, held_out)] = both();
    let counted = measured(&held_out);
    let mut below = Vec::new();
    for (category, precision, recall) in FLOORS {
        let of = counted[&category];
        // A category that finds nothing has no precision, and is below its floor.
        let (p, r) = (of.precision().unwrap_or(0.0), of.recall().unwrap_or(0.0));
        if p < precision || r < recall {
            below.push(format!(
                "{}: precision {p:.2}, recall {r:.2}",
                category.code()
            ));
        }
    }
    assert_eq!(below, Vec::<String>::new());
}

#[test]
fn no_text_without_anything_in_it_suggests_a_class_more_than_one_time_in_fifty() {
    for (name, corpus) in both() {
        let empty: Vec<&Labelled> = corpus.iter().filter(|l| l.wanted.is_empty()).collect();
        let is_raised = |l: &&&Labelled| {
            let found = examine_text(Place::Text, &l.text);
            found.iter().any(|f| f.category.class().is_some())
        };
        let raised = empty.iter().filter(is_raised).count();
        assert!(
            empty.len() > 100 && raised * 50 <= empty.len(),
            "{name}: {raised} of {}",
            empty.len()
        );
    }
}

#[test]
fn the_table_in_the_docs_is_what_is_measured() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging/docs/detectors.md");
    let page = fs::read_to_string(&path).unwrap();
    let (head, _) = page.split_once("<!-- measured -->").unwrap();
    let now = format!("{head}<!-- measured -->\n\n{}", table(&both()).trim_end());
    if std::env::var_os("SEGL_RENEW").is_some() {
        fs::write(&path, format!("{now}\n")).unwrap();
    }
    assert_eq!(page.trim_end(), now, "SEGL_RENEW=1 writes it anew");
}
