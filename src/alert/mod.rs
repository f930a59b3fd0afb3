//! Alerts before sending: recipients who are probably not meant. Pure.
//!
//! An alert is no light and no refusal: it is shown once for exactly these recipients, and whoever sends says that they
//! are right. Each is rare by its rule, because one that comes every day is pressed away every day: a mail to people
//! whom one writes to raises none.

mod known;
mod likeness;
mod odd;

use std::collections::{BTreeMap, BTreeSet};

pub use known::{Known, Newness};
pub use likeness::Likeness;

use crate::mail::{Address, Kind as RecipientKind, Mailbox, Recipient};

/// What an alert is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A name that looks like one that is known, and is another.
    LookAlike,
    /// A domain that was never written to.
    FirstTimeDomain,
    /// Somebody who never stood together with the others.
    OddOneOut,
    /// Many people outside see each other's addresses.
    OpenRecipients,
}

/// What the firm wants to be alerted to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// Whether addresses are kept and suggested at all.
    pub suggestions: bool,
    /// Which alerts are shown.
    pub kinds: BTreeSet<Kind>,
    /// So many recipients outside may see each other.
    pub open_recipients: usize,
}

/// One alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Alert {
    /// These recipients' domain, or this one's address, looks like one that is known.
    LookAlike {
        /// Who.
        who: Vec<Mailbox>,
        /// The domain or address that it looks like.
        like: String,
        /// In which way.
        how: Likeness,
    },
    /// Nobody at these recipients' domain was ever written to.
    FirstTimeDomain {
        /// Who.
        who: Vec<Mailbox>,
        /// The domain, in Unicode.
        domain: String,
    },
    /// The others were written to together, and this one never with any of them.
    OddOneOut {
        /// Who.
        who: Mailbox,
        /// The others, as addresses are compared.
        others: Vec<String>,
        /// In how many mails they stood together.
        times: u32,
    },
    /// Recipients outside, of several domains, who will see each other.
    OpenRecipients {
        /// They.
        who: Vec<Address>,
        /// Of how many domains.
        domains: usize,
    },
}

impl Kind {
    /// All.
    pub const ALL: [Self; 4] = [
        Self::LookAlike,
        Self::FirstTimeDomain,
        Self::OddOneOut,
        Self::OpenRecipients,
    ];

    /// Its code in the settings and the record.
    pub fn code(self) -> &'static str {
        match self {
            Self::LookAlike => "look-alike",
            Self::FirstTimeDomain => "first-time-domain",
            Self::OddOneOut => "odd-one-out",
            Self::OpenRecipients => "open-recipients",
        }
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            suggestions: true,
            kinds: Kind::ALL.into(),
            open_recipients: 10,
        }
    }
}

impl Alert {
    /// What it is about.
    pub fn kind(&self) -> Kind {
        match self {
            Self::LookAlike { .. } => Kind::LookAlike,
            Self::FirstTimeDomain { .. } => Kind::FirstTimeDomain,
            Self::OddOneOut { .. } => Kind::OddOneOut,
            Self::OpenRecipients { .. } => Kind::OpenRecipients,
        }
    }

    /// Whether it speaks of this recipient.
    pub fn is_about(&self, address: &Address) -> bool {
        match self {
            Self::LookAlike { who, .. } | Self::FirstTimeDomain { who, .. } => {
                who.iter().any(|m| m.address == *address)
            }
            Self::OddOneOut { who, .. } => who.address == *address,
            Self::OpenRecipients { who, .. } => who.contains(address),
        }
    }
}

/// Everything that is to be said of these recipients, the gravest first. Of one recipient only the gravest is said.
pub fn alerts(recipients: &[Recipient], known: &Known, rules: &Rules) -> Vec<Alert> {
    let mut alerts = look_alikes(recipients, known);
    let is_told = |alerts: &[Alert], address: &Address| alerts.iter().any(|a| a.is_about(address));
    let mut new: BTreeMap<String, Vec<Mailbox>> = BTreeMap::new();
    for Recipient { mailbox, .. } in recipients {
        if known.newness(&mailbox.address) == Newness::Domain && !is_told(&alerts, &mailbox.address)
        {
            let domain = mailbox.address.domain_unicode();
            new.entry(domain).or_default().push(mailbox.clone());
        }
    }
    let first = |(domain, who)| Alert::FirstTimeDomain { who, domain };
    alerts.extend(new.into_iter().map(first));
    alerts.retain(|a| rules.kinds.contains(&a.kind()));
    if rules.kinds.contains(&Kind::OddOneOut) {
        let odd = odd::one_out(recipients, known).filter(|a| match a {
            Alert::OddOneOut { who, .. } => !is_told(&alerts, &who.address),
            _ => true,
        });
        alerts.extend(odd);
    }
    if rules.kinds.contains(&Kind::OpenRecipients) {
        alerts.extend(open(recipients, known, rules.open_recipients));
    }
    alerts
}

/// One for each domain, and one for each address at a domain that is known.
fn look_alikes(recipients: &[Recipient], known: &Known) -> Vec<Alert> {
    let mut alerts: Vec<Alert> = Vec::new();
    for Recipient { mailbox, .. } in recipients {
        let Some((found, how)) = known.look_alike(&mailbox.address) else {
            continue;
        };
        let same = alerts.iter_mut().find_map(|alert| match alert {
            Alert::LookAlike { who, like, .. }
                if *like == found && who[0].address.domain() == mailbox.address.domain() =>
            {
                Some(who)
            }
            _ => None,
        });
        match same {
            Some(who) => who.push(mailbox.clone()),
            None => alerts.push(Alert::LookAlike {
                who: vec![mailbox.clone()],
                like: found,
                how,
            }),
        }
    }
    alerts
}

fn open(recipients: &[Recipient], known: &Known, most: usize) -> Option<Alert> {
    let who: Vec<Address> = recipients
        .iter()
        .filter(|r| r.kind != RecipientKind::Bcc && !known.is_own(&r.mailbox.address))
        .map(|r| r.mailbox.address.clone())
        .collect();
    let domains = who
        .iter()
        .map(Address::domain)
        .collect::<BTreeSet<_>>()
        .len();
    (who.len() > most && domains > 1).then_some(Alert::OpenRecipients { who, domains })
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::book::{Circle, Contact};

    fn at() -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    /// Twelve people are known, and three of them were written to together four times.
    fn known() -> Known {
        let more = (0..9).map(|i| format!("p{i}@firma{i}-eksempel.dk"));
        let all: Vec<String> = [
            "karen@ret-eksempel.dk",
            "holm@politi-eksempel.dk",
            "bo@kommune-eksempel.dk",
        ]
        .map(str::to_owned)
        .into_iter()
        .chain(more)
        .collect();
        let contacts: Vec<Contact> = all
            .iter()
            .map(|a| Contact::written(None, &Mailbox::parse(a).unwrap(), at()))
            .collect();
        let circle = |members: &[&str], times| {
            let mut members: Vec<String> = members.iter().map(|m| (*m).to_owned()).collect();
            members.sort();
            Circle {
                members,
                times,
                at: at(),
            }
        };
        let circles = vec![
            circle(
                &[
                    "karen@ret-eksempel.dk",
                    "holm@politi-eksempel.dk",
                    "bo@kommune-eksempel.dk",
                ],
                2,
            ),
            circle(&["karen@ret-eksempel.dk", "holm@politi-eksempel.dk"], 1),
            circle(&["p1@firma1-eksempel.dk", "p2@firma2-eksempel.dk"], 1),
        ];
        Known::new(&contacts, circles, vec!["advokat-eksempel.dk".to_owned()])
    }

    fn to(addresses: &[&str]) -> Vec<Recipient> {
        let recipient = |a: &&str| Recipient {
            kind: RecipientKind::To,
            mailbox: Mailbox::parse(a).unwrap(),
        };
        addresses.iter().map(recipient).collect()
    }

    fn kinds(addresses: &[&str]) -> Vec<Kind> {
        let alerts = alerts(&to(addresses), &known(), &Rules::default());
        alerts.iter().map(Alert::kind).collect()
    }

    #[test]
    fn mail_to_people_whom_one_writes_to_raises_nothing() {
        for addresses in [
            &["karen@ret-eksempel.dk"][..],
            &[
                "KAREN@RET-eksempel.dk",
                "holm@politi-eksempel.dk",
                "bo@kommune-eksempel.dk",
            ],
            // Somebody new at a domain that is known, and a colleague.
            &["dommer@ret-eksempel.dk", "ny@advokat-eksempel.dk"],
            &["x@post.ret-eksempel.dk"],
            &[],
        ] {
            assert_eq!(kinds(addresses), [], "{addresses:?}");
        }
    }

    #[test]
    fn a_domain_is_told_once_for_all_who_are_there() {
        let alerts = alerts(
            &to(&[
                "a@ny-fremmed.example",
                "b@ny-fremmed.example",
                "c@anden-fremmed.example",
            ]),
            &known(),
            &Rules::default(),
        );
        let told: Vec<_> = alerts
            .iter()
            .map(|a| match a {
                Alert::FirstTimeDomain { who, domain } => (who.len(), domain.as_str()),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(
            told,
            [(1, "anden-fremmed.example"), (2, "ny-fremmed.example")]
        );
    }

    #[test]
    fn of_one_recipient_only_the_gravest_is_said() {
        assert_eq!(kinds(&["karen@ret-eksempel.com"]), [Kind::LookAlike]);
        let odd = [
            "karen@ret-eksempel.dk",
            "holm@politi-eksempel.dk",
            "x@ny-fremmed.example",
        ];
        assert_eq!(kinds(&odd), [Kind::FirstTimeDomain]);
    }

    #[test]
    fn a_book_of_a_few_people_does_not_call_everybody_new() {
        let mailbox = Mailbox::parse("karen@ret-eksempel.dk").unwrap();
        let young = Known::new(
            &[Contact::written(None, &mailbox, at())],
            Vec::new(),
            vec!["advokat-eksempel.dk".to_owned()],
        );
        let kinds = |address: &str| {
            let alerts = alerts(&to(&[address]), &young, &Rules::default());
            alerts.iter().map(Alert::kind).collect::<Vec<_>>()
        };
        assert_eq!(kinds("x@ny-fremmed.example"), []);
        assert_eq!(kinds("karen@ret-eksempel.com"), [Kind::LookAlike]);
        assert_eq!(kinds("post@advokat-eksemple.dk"), [Kind::LookAlike]);
    }

    #[test]
    fn the_one_who_never_stood_with_the_others_is_told_and_nobody_else() {
        let three = |x: &'static str| ["karen@ret-eksempel.dk", "holm@politi-eksempel.dk", x];
        // Known, but never with these: odd. With them before, or a colleague: not.
        assert_eq!(kinds(&three("p1@firma1-eksempel.dk")), [Kind::OddOneOut]);
        assert_eq!(kinds(&three("bo@kommune-eksempel.dk")), []);
        assert_eq!(kinds(&three("ny@advokat-eksempel.dk")), []);
        // The others stood together only twice: that is no habit.
        let twice = [
            "karen@ret-eksempel.dk",
            "bo@kommune-eksempel.dk",
            "p1@firma1-eksempel.dk",
        ];
        assert_eq!(kinds(&twice), []);
        // Two people are no circle with somebody outside it.
        assert_eq!(
            kinds(&["karen@ret-eksempel.dk", "p1@firma1-eksempel.dk"]),
            []
        );
    }

    #[test]
    fn more_than_ten_outside_who_see_each_other_are_told_unless_they_are_hidden_or_of_one_firm() {
        let many: Vec<String> = (0..11)
            .map(|i| format!("p{i}@firma{}-eksempel.dk", i % 9))
            .collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(kinds(&many), [Kind::OpenRecipients]);
        assert_eq!(kinds(&many[..10]), []);
        let mut hidden = to(&many);
        hidden[0].kind = RecipientKind::Bcc;
        assert!(alerts(&hidden, &known(), &Rules::default()).is_empty());
        let firm: Vec<String> = (0..30).map(|i| format!("q{i}@ret-eksempel.dk")).collect();
        let firm: Vec<&str> = firm.iter().map(String::as_str).collect();
        assert_eq!(kinds(&firm), []);
    }

    #[test]
    fn what_the_firm_has_switched_off_is_not_said() {
        for off in Kind::ALL {
            let mut rules = Rules::default();
            rules.kinds.remove(&off);
            let many: Vec<String> = (0..11)
                .map(|i| format!("p{i}@firma{}-eksempel.dk", i % 9))
                .collect();
            let mut all: Vec<&str> = many.iter().map(String::as_str).collect();
            all.extend(["karen@ret-eksempel.com", "x@ny-fremmed.example"]);
            let found = alerts(&to(&all), &known(), &rules);
            assert!(found.iter().all(|a| a.kind() != off), "{off:?}");
            assert!(!found.is_empty(), "{off:?}");
        }
    }
}
