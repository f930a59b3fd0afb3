//! An issuer that nobody delivered is fetched from where a certificate says that it lies (caIssuers, RFC 5280 §4.2.2.1).
//!
//! The certificate that says so leads to no anchor yet, so its word counts for nothing: only hosts that the settings name
//! are asked (`network.ca_hosts`), over HTTP, without redirects. What comes is no more trusted than what a directory
//! delivers. Never while a mail is read.

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use base64_simd::STANDARD;
use jiff::{SignedDuration, Timestamp};
use tokio::time::timeout;
use url::Url;

use super::Segl;
use crate::{
    cert::{self, Certificate},
    directory::Answer,
    net::{Http, Names, Reach},
    store::Store,
};

/// Under this name the store keeps what was fetched.
const FACT: &str = "fetched-issuers";
/// Fetches for one address at most.
const MAX_FETCHES: usize = 4;
/// For one fetch, and for all of one address.
const DEADLINE: Duration = Duration::from_secs(4);
const DEADLINE_OF_ALL: Duration = Duration::from_secs(8);
/// Octets of an answer at most: a certificate or a small bundle.
const OCTETS: usize = 256 << 10;
/// How long a host is left alone that did not answer, and an URL that brought nothing.
const REST: SignedDuration = SignedDuration::from_mins(5);

/// Hosts that did not answer and URLs that brought nothing, and when.
#[derive(Default)]
pub(super) struct Resting(Mutex<HashMap<String, Timestamp>>);

impl Resting {
    pub(super) fn holds(&self, name: &str, at: Timestamp) -> bool {
        let resting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        resting.get(name).is_some_and(|since| {
            let age = at.duration_since(*since);
            // From the future: the clock was set back, and nobody knows how long it has been.
            !age.is_negative() && age < REST
        })
    }

    pub(super) fn begin(&self, name: String, at: Timestamp) {
        let mut resting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        resting.retain(|_, since| at.duration_since(*since) < REST);
        resting.insert(name, at);
    }
}

impl Segl {
    /// Fetches the issuers that the certificates of these answers lack.
    pub(super) async fn fetch_issuers(
        &self,
        answers: &[Answer],
        store: Option<&Store>,
        at: Timestamp,
    ) {
        if self.config.ca_hosts.is_empty() {
            return;
        }
        if let Some(store) = store {
            self.recall_issuers(store);
        }
        let found = answers.iter().flat_map(|a| &a.found);
        let certificates: Vec<Certificate> = found
            .filter_map(|f| Certificate::from_der(&f.der).ok())
            .collect();
        let before = self.trust.fetched().len();
        // What did not come in time comes at the next look; until then the certificate has no path.
        let _late = timeout(DEADLINE_OF_ALL, self.fetch_all(&certificates, at)).await;
        let is_more = self.trust.fetched().len() > before;
        if let Some(store) = store.filter(|_| is_more) {
            self.remember_issuers(store, at);
        }
    }

    async fn fetch_all(&self, certificates: &[Certificate], at: Timestamp) {
        let mut left = MAX_FETCHES;
        let mut asked = HashSet::new();
        for certificate in certificates {
            // One issuer above the other, as far as the fetches go.
            while left > 0 {
                let urls = self.trust.missing(certificate, certificates, at);
                let mut urls = urls.iter().filter_map(|url| self.allowed(url, at));
                let Some(url) = urls.find(|url| asked.insert(url.to_string())) else {
                    break;
                };
                left -= 1;
                self.fetch(&url, at).await;
            }
        }
    }

    fn allowed(&self, url: &str, at: Timestamp) -> Option<Url> {
        let url = Url::parse(url).ok()?;
        let host = url.host_str()?.to_ascii_lowercase();
        let is_named = self.config.ca_hosts.contains(&host);
        let rests = self.resting.holds(&host, at) || self.resting.holds(url.as_str(), at);
        (url.scheme() == "http" && is_named && !rests).then_some(url)
    }

    /// Whether what a certificate names may lie inside the house.
    pub(super) fn reach(&self) -> Reach {
        if self.config.allow_private {
            Reach::Anywhere
        } else {
            Reach::Public
        }
    }

    async fn fetch(&self, url: &Url, at: Timestamp) {
        let http = Http::new(Names::System, self.reach(), DEADLINE, OCTETS).with_dates(&self.dates);
        let Ok(answer) = http.get(url).await else {
            let host = url.host_str().unwrap_or_default();
            self.resting.begin(host.to_ascii_lowercase(), at);
            return;
        };
        let read = (answer.status == 200).then(|| cert::certificates(&answer.body));
        let issuers: Vec<Certificate> = read
            .and_then(Result::ok)
            .unwrap_or_default()
            .into_iter()
            .flatten()
            .filter(|c| c.facts().is_ca)
            .take(MAX_FETCHES)
            .collect();
        if issuers.is_empty() {
            self.resting.begin(url.to_string(), at);
        }
        self.trust.keep_issuers(issuers);
    }

    /// What was fetched by an earlier program. A store that cannot be read costs a fetch, not truth.
    fn recall_issuers(&self, store: &Store) {
        if !self.trust.fetched().is_empty() {
            return;
        }
        let Some(fact) = store.fact(FACT).ok().flatten() else {
            return;
        };
        let texts: Vec<String> = serde_json::from_str(&fact.value).unwrap_or_default();
        let ders = texts.iter().filter_map(|t| STANDARD.decode_to_vec(t).ok());
        let issuers = ders.filter_map(|der| Certificate::from_der(&der).ok());
        self.trust.keep_issuers(issuers.collect());
    }

    fn remember_issuers(&self, store: &Store, at: Timestamp) {
        let texts: Vec<String> = self
            .trust
            .fetched()
            .iter()
            .map(|c| STANDARD.encode_to_string(c.der()))
            .collect();
        if let Ok(json) = serde_json::to_string(&texts) {
            let _kept = store.set_fact(FACT, &json, at);
        }
    }
}
