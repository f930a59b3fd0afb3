//! Looking a recipient's organisation up: what the list says of the domain, and what its gateway's certificate is.

use futures_util::future::join_all;
use jiff::Timestamp;

use super::kept::InForce;
use crate::{
    cert::{Fingerprint, Gateway},
    decide::{Assessment, Judged, ListFacts, Remembered, Status, Tunnel},
    directory::{Answer, Failure, Found, Security, Source},
    mail::Address,
    segl::{Ask, Clock, Segl},
    store::Store,
    tunnel::{Details, Mode},
};

/// The name of a domain's gateway in certificates (RFC 3183 §2.1.1). It is no mailbox.
const CONFIDENTIALITY_AUTHORITY: &str = "domain-confidentiality-authority";
/// What a certificate's source is called that the list carries.
const LIST: &str = "tunnel list";

/// What the list says of one domain.
struct Listed {
    name: String,
    domain: String,
    details: Details,
    facts: ListFacts,
}

/// What was asked of one name.
struct Hit {
    name: Option<Address>,
    answers: Vec<Answer>,
    is_older: bool,
}

impl Segl {
    /// Adds the way through the organisation's gateway, where nobody is encrypted to yet and the list knows one.
    pub(in crate::segl) async fn with_tunnel(
        &self,
        assessment: Assessment,
        ask: Ask,
        clock: Clock<'_>,
    ) -> Assessment {
        if !assessment.may_tunnel() {
            return assessment;
        }
        self.refresh_tunnel_list(clock()).await;
        let address = assessment.address().clone();
        // A list that cannot be read lists nobody: red, and the status and doctor say why.
        let in_force = self.tunnel.in_force(&self.config).ok().flatten();
        let listed = in_force.and_then(|f| self.listed(&f, &address, clock()));
        let Some(listed) = listed else {
            return assessment;
        };
        let hits = self.ask_gateway(&listed, ask, clock).await;
        let store = self.answers_store();
        let all: Vec<Answer> = hits.iter().flat_map(|h| h.answers.clone()).collect();
        self.fetch_issuers(&all, store.as_deref(), clock()).await;
        self.fetch_lists(&all, clock()).await;
        self.ask_responders(&all, store.as_deref(), clock()).await;
        let names = self.names(&listed);
        let gateway = Gateway {
            domain: &listed.domain,
            names: &names,
            number: listed.details.number.as_ref(),
            sha256: listed.details.key(),
            address: &address,
        };
        let found = self.choose(hits, gateway, clock());
        let mut mailbox = listed.details.mailbox.clone();
        if mailbox.is_none() {
            let is_mailbox = |name: &&Address| name.local() != CONFIDENTIALITY_AUTHORITY;
            mailbox = found.under.as_ref().filter(is_mailbox).cloned();
        }
        let tunnel = Tunnel {
            mode: listed
                .details
                .mode
                .unwrap_or(self.config.tunnel.default_mode),
            mailbox,
            found_under: found.under,
            answered_at: Self::tunnel_answered(store.as_deref(), &listed.domain),
            organisation: listed.details.organisation,
            list: listed.facts,
            person: Status::NotFound,
            listed: listed.name,
            domain: listed.domain.clone(),
        };
        let remembered = gateway_remembered(store.as_deref(), &listed.domain);
        let is_used = found.judged.iter().any(|j| j.used().is_some());
        let assessment = assessment.with_tunnel(tunnel, found.judged, found.failures, remembered);
        self.hear_lists(&assessment);
        if is_used && found.is_older {
            assessment.from_older_answers()
        } else {
            assessment
        }
    }

    fn listed(&self, in_force: &InForce, address: &Address, at: Timestamp) -> Option<Listed> {
        let entry = in_force.list.find(address.domain())?;
        let kept = &in_force.kept;
        entry.details.holds_at(at).then(|| Listed {
            name: entry.listed.to_owned(),
            domain: entry.domain().to_owned(),
            details: entry.details.clone(),
            facts: ListFacts {
                sha256: kept.sha256,
                at: kept.from,
                is_old: kept.is_old(&self.config, at),
            },
        })
    }

    /// Under which names a gateway's certificate may stand, in the order in which they count.
    fn names(&self, listed: &Listed) -> Vec<Address> {
        let usual = self.config.tunnel.mailboxes.iter().map(String::as_str);
        let usual = std::iter::once(CONFIDENTIALITY_AUTHORITY).chain(usual);
        let usual =
            usual.filter_map(|name| Address::parse(&format!("{name}@{}", listed.domain)).ok());
        let mut names: Vec<Address> = Vec::new();
        for name in listed.details.mailbox.clone().into_iter().chain(usual) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// What the list carries, and what the directories hold under each name; all are asked at once.
    async fn ask_gateway(&self, listed: &Listed, ask: Ask, clock: Clock<'_>) -> Vec<Hit> {
        let carried = listed.details.certificate.as_ref().map(|der| Hit {
            name: None,
            answers: vec![carried(der, listed)],
            is_older: false,
        });
        let names = self.names(listed);
        let asking = names.iter().map(|name| async move {
            let (answers, is_older) = self.answers_for(name, ask, clock).await;
            Hit {
                name: Some(name.clone()),
                answers,
                is_older,
            }
        });
        carried.into_iter().chain(join_all(asking).await).collect()
    }

    /// The first name under which something usable is found; where there is none, all that was found, so that it can be
    /// seen why.
    fn choose(&self, hits: Vec<Hit>, gateway: Gateway<'_>, at: Timestamp) -> Chosen {
        let mut rest = Chosen::default();
        for hit in hits {
            let (judged, failures) = self.trust.judge_gateway(gateway, hit.answers, at);
            if judged.iter().any(|j| j.used().is_some()) {
                return Chosen {
                    under: hit.name,
                    judged,
                    failures,
                    is_older: hit.is_older,
                };
            }
            for one in judged {
                let known: &mut Vec<Judged> = &mut rest.judged;
                let is_known = |sha256: Fingerprint| known.iter().any(|k| k.sha256 == sha256);
                if !is_known(one.sha256) {
                    known.push(one);
                }
            }
            for failure in failures {
                let same = |f: &Failure| (&f.source, f.code) == (&failure.source, failure.code);
                if !rest.failures.iter().any(same) {
                    rest.failures.push(failure);
                }
            }
        }
        rest
    }
}

/// What is used of a gateway, or all that cannot be.
#[derive(Default)]
struct Chosen {
    under: Option<Address>,
    judged: Vec<Judged>,
    failures: Vec<Failure>,
    is_older: bool,
}

fn carried(der: &[u8], listed: &Listed) -> Answer {
    Answer {
        found: vec![Found {
            der: der.to_vec(),
            source: Source {
                directory: LIST.to_owned(),
                entry: listed.name.clone(),
                security: Security::File,
                trust_binding: false,
            },
        }],
        failure: None,
        asked_at: listed.facts.at,
    }
}

/// Under this name the store remembers which organisation a domain's gateway belonged to. No address is like it.
pub(in crate::segl) fn gateway_key(domain: &str) -> String {
    format!("@{domain}")
}

fn gateway_remembered(store: Option<&Store>, domain: &str) -> Option<Remembered> {
    let kept = store?.remembered::<Option<Remembered>>(&gateway_key(domain));
    kept.ok().flatten().flatten()
}

impl Tunnel {
    /// Whether it is known to whom the message goes where it travels inside another.
    pub(in crate::segl) fn wrapped_to(&self) -> Option<&Address> {
        self.mailbox.as_ref().filter(|_| self.mode == Mode::Wrapped)
    }
}
