//! Every sentence that a user reads, in Danish and English.
//!
//! A finding or error goes through one exhaustive `match` to a key of the catalogue (`assets/i18n`, Fluent), so a new
//! variant does not compile until it has words. Where something failed, a sentence says what happened, what it means for
//! the message, and what to do. No code, abbreviation or English remains of an error that a lawyer reads.

mod book;
mod content;
mod finding;
mod format;
mod kept;
mod local;
mod others;
mod own;
mod own_mail;
mod problem;
mod reading;
mod receipts;
mod relay;
mod risk;
mod rule;
mod sealing;
mod send;
mod sign_in;
mod stop;
mod submission;
mod token;
mod told;
mod transport;
mod tunnel;
mod waiting;

use std::borrow::Cow;

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;

pub use book::{AlertWords, tail};
pub use finding::{FindingWords, Level};
pub use format::{grouped, look_at_zone};
pub use problem::ProblemWords;
pub use stop::{Means, Stop};

/// The languages of the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Danish.
    Da,
    /// English.
    En,
}

/// The catalogue's files, the same for each language.
const DANISH: &[&str] = &[
    include_str!("../../assets/i18n/da/segl.ftl"),
    include_str!("../../assets/i18n/da/window.ftl"),
    include_str!("../../assets/i18n/da/book.ftl"),
    include_str!("../../assets/i18n/da/lists.ftl"),
    include_str!("../../assets/i18n/da/options.ftl"),
    include_str!("../../assets/i18n/da/assistant.ftl"),
    include_str!("../../assets/i18n/da/writing.ftl"),
    include_str!("../../assets/i18n/da/limits.ftl"),
    include_str!("../../assets/i18n/da/reading.ftl"),
    include_str!("../../assets/i18n/da/own.ftl"),
    include_str!("../../assets/i18n/da/others.ftl"),
    include_str!("../../assets/i18n/da/relay.ftl"),
    include_str!("../../assets/i18n/da/content.ftl"),
    include_str!("../../assets/i18n/da/tunnel.ftl"),
    include_str!("../../assets/i18n/da/risk.ftl"),
    include_str!("../../assets/i18n/da/report.ftl"),
    include_str!("../../assets/i18n/da/transport.ftl"),
    include_str!("../../assets/i18n/da/receipts.ftl"),
];
const ENGLISH: &[&str] = &[
    include_str!("../../assets/i18n/en/segl.ftl"),
    include_str!("../../assets/i18n/en/window.ftl"),
    include_str!("../../assets/i18n/en/book.ftl"),
    include_str!("../../assets/i18n/en/lists.ftl"),
    include_str!("../../assets/i18n/en/options.ftl"),
    include_str!("../../assets/i18n/en/assistant.ftl"),
    include_str!("../../assets/i18n/en/writing.ftl"),
    include_str!("../../assets/i18n/en/limits.ftl"),
    include_str!("../../assets/i18n/en/reading.ftl"),
    include_str!("../../assets/i18n/en/own.ftl"),
    include_str!("../../assets/i18n/en/others.ftl"),
    include_str!("../../assets/i18n/en/relay.ftl"),
    include_str!("../../assets/i18n/en/content.ftl"),
    include_str!("../../assets/i18n/en/tunnel.ftl"),
    include_str!("../../assets/i18n/en/risk.ftl"),
    include_str!("../../assets/i18n/en/report.ftl"),
    include_str!("../../assets/i18n/en/transport.ftl"),
    include_str!("../../assets/i18n/en/receipts.ftl"),
];

/// The words of one language.
pub struct Words {
    lang: Lang,
    bundle: FluentBundle<FluentResource>,
}

/// What can stand in a sentence.
pub type Arg<'a> = FluentValue<'a>;

impl Lang {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Da, Self::En];

    /// From a locale such as `da_DK.UTF-8`; anything that is not Danish is English.
    pub fn of_locale(locale: &str) -> Self {
        let is_danish = locale
            .get(..2)
            .is_some_and(|l| l.eq_ignore_ascii_case("da"));
        let ends_there = locale[2.min(locale.len())..]
            .chars()
            .next()
            .is_none_or(|c| !c.is_alphabetic());
        if is_danish && ends_there {
            Self::Da
        } else {
            Self::En
        }
    }

    /// The language tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Da => "da",
            Self::En => "en",
        }
    }

    fn identifier(self) -> LanguageIdentifier {
        // Both tags are well-formed; a wrong one would only cost the plural rules.
        self.tag().parse().unwrap_or_default()
    }

    fn catalogue(self) -> &'static [&'static str] {
        match self {
            Self::Da => DANISH,
            Self::En => ENGLISH,
        }
    }
}

impl Words {
    /// The words of a language. The catalogue is part of the program; a test holds it complete and well-formed.
    pub fn new(lang: Lang) -> Self {
        let mut bundle = FluentBundle::new_concurrent(vec![lang.identifier()]);
        // Isolation marks are invisible characters: screen readers stumble over them, and a copied address breaks.
        bundle.set_use_isolating(false);
        for source in lang.catalogue() {
            let resource = match FluentResource::try_new((*source).to_owned()) {
                Ok(resource) | Err((resource, _)) => resource,
            };
            bundle.add_resource_overriding(resource);
        }
        Self { lang, bundle }
    }

    /// Which language.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// A text without arguments.
    pub fn say(&self, key: &str) -> String {
        self.with(key, &[])
    }

    /// A text with arguments. A key that is not in the catalogue shows as itself, which a test rules out.
    pub fn with(&self, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|m| m.value()) else {
            return format!("⟨{key}⟩");
        };
        let mut arguments = FluentArgs::with_capacity(args.len());
        for (name, value) in args {
            arguments.set(*name, shown(value.clone()));
        }
        let mut errors = Vec::new();
        self.bundle
            .format_pattern(pattern, Some(&arguments), &mut errors)
            .into_owned()
    }

    /// Whether the catalogue has this key.
    pub fn has(&self, key: &str) -> bool {
        self.bundle.has_message(key)
    }
}

/// Outside text is shown with its control and bidirectional characters as escapes, everywhere.
fn shown(value: Arg<'_>) -> Arg<'_> {
    match value {
        FluentValue::String(text) => FluentValue::String(Cow::Owned(visible(&text))),
        other => other,
    }
}

/// A text with control characters, invisible characters and bidirectional overrides made visible.
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c != '\n' && crate::mail::is_forbidden(c) {
            let hex = format!("{:04X}", u32::from(c));
            out.extend(["\\u{", hex.as_str(), "}"]);
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use fluent_syntax::{ast, parser};

    use super::*;

    /// Each key with the variables that it uses.
    fn keys(lang: Lang) -> BTreeMap<String, BTreeSet<String>> {
        let mut keys = BTreeMap::new();
        for source in lang.catalogue() {
            let resource =
                parser::parse(*source).unwrap_or_else(|(_, errors)| panic!("{lang:?}: {errors:?}"));
            for entry in resource.body {
                if let ast::Entry::Message(message) = entry {
                    let text = format!("{:?}", message.value);
                    let variables = text
                        .split("VariableReference { id: Identifier { name: \"")
                        .skip(1);
                    let names = variables
                        .filter_map(|v| v.split('"').next())
                        .map(str::to_owned)
                        .collect();
                    assert_eq!(
                        keys.insert(message.id.name.to_owned(), names),
                        None,
                        "{lang:?}: {} twice",
                        message.id.name
                    );
                }
            }
        }
        keys
    }

    #[test]
    fn both_languages_have_the_same_keys_with_the_same_variables() {
        let (da, en) = (keys(Lang::Da), keys(Lang::En));
        assert!(da.len() > 40);
        let only = |a: &BTreeMap<String, _>, b: &BTreeMap<String, _>| {
            a.keys()
                .filter(|k| !b.contains_key(*k))
                .cloned()
                .collect::<Vec<_>>()
        };
        assert_eq!((only(&da, &en), only(&en, &da)), (vec![], vec![]));
        for (key, variables) in &da {
            assert_eq!(variables, &en[key], "{key}");
        }
    }

    /// String literals of the source that look like a key: `word-expired`.
    fn literals() -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut files = vec![std::path::PathBuf::from(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/src"
        ))];
        while let Some(path) = files.pop() {
            if path.is_dir() {
                files.extend(std::fs::read_dir(&path).unwrap().map(|e| e.unwrap().path()));
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap();
            let is_key = |t: &&str| {
                t.contains('-')
                    && t.bytes()
                        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            };
            found.extend(source.split('"').filter(is_key).map(str::to_owned));
        }
        found
    }

    #[test]
    fn every_key_that_the_program_names_is_in_the_catalogue_and_none_is_dead() {
        let keys = keys(Lang::Da);
        let named = literals();
        let families: BTreeSet<&str> = keys.keys().filter_map(|k| k.split('-').next()).collect();
        // Codes of the contract and attribute names look like keys too; a key's first word is its family.
        let missing: Vec<_> = named
            .iter()
            .filter(|n| {
                n.split('-').next().is_some_and(|f| families.contains(f)) && !keys.contains_key(*n)
            })
            .filter(|n| !CODES.contains(&n.as_str()))
            .collect();
        assert_eq!(
            missing,
            Vec::<&String>::new(),
            "named, but not in the catalogue"
        );
        let dead: Vec<_> = keys.keys().filter(|k| !named.contains(*k)).collect();
        assert_eq!(
            dead,
            Vec::<&String>::new(),
            "in the catalogue, but not named"
        );
    }

    /// Codes of the contract that begin like a key.
    const CODES: &[&str] = &[
        "delivery-status",
        "ask-for-certificate",
        "file-unwritable",
        "first-refresh-token",
        "first-run",
        "first-time-domain",
        "found-not-sent",
        "found-sent",
        "key-away",
        "key-exchange",
        "key-file",
        "key-unknown",
        "key-unusable",
        "key-usage",
        "look-alike",
        "organisation-changed",
        "organisation-conflict",
        "outbox-in-use",
        "own-key",
        "revocation-unknown",
        "server-digest",
        "server-signature",
        "set-aside",
        "settings-not-in-this-version",
        "sign-in",
        "signature-invalid",
        "signature-unreadable",
        "test-root",
        "tls-evidence",
        "tls-evidence-exported",
        "receipt-request",
        "tls-receipt",
        "tls-receipt-request",
    ];

    #[test]
    fn outside_text_cannot_hide_anything_in_a_sentence() {
        assert_eq!(visible("a\u{202E}b\u{0}"), "a\\u{202E}b\\u{0000}");
    }

    #[test]
    fn a_locale_that_only_begins_like_danish_is_not_danish() {
        assert_eq!(Lang::of_locale("da_DK.UTF-8"), Lang::Da);
        assert_eq!(Lang::of_locale("da"), Lang::Da);
        assert_eq!(Lang::of_locale("dav_KE"), Lang::En);
        assert_eq!(Lang::of_locale(""), Lang::En);
    }
}
