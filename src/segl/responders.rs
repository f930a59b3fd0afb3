//! Responders are asked whether a certificate was revoked (RFC 6960) where no list of today tells.
//!
//! A question tells the responder, and everybody on the way, to whom one is about to write; a list tells nothing. So
//! lists go first, and what a responder said is kept for as long as it counts, in the store and not in a file: it names
//! the recipients. As for lists only certificates that lead to an anchor have a say; HTTP only, no redirects, no private
//! addresses; a host that does not answer is left alone for a while, so that it slows nobody. Never while a mail is read.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::time::timeout;
use url::Url;

use super::Segl;
use crate::{
    cert::{Certificate, RevocationUnknown},
    directory::Answer,
    net::{Http, HttpFault, Names, Vouched},
    revocation::ocsp::{Answered, MAX_ANSWER, Question},
    store::Store,
};

/// For one question, and for all of one address.
const DEADLINE: Duration = Duration::from_secs(4);
const DEADLINE_OF_ALL: Duration = Duration::from_secs(8);
/// Questions for one address at most.
const MAX_QUESTIONS: usize = 6;
/// Under this name the store keeps the answers.
const KEPT_AS: &str = "ocsp";
/// How long an answer is not asked for anew that does not say when the next one is due.
const WITHOUT_NEXT_UPDATE: SignedDuration = SignedDuration::from_hours(1);

/// An answer as the store keeps it.
#[derive(Serialize, Deserialize)]
struct Kept {
    host: String,
    der: Vec<u8>,
}

/// A certificate and whoever issued it.
type Link = (Certificate, Certificate);

impl Segl {
    /// Asks about those certificates of these answers of which nothing current is known.
    pub(super) async fn ask_responders(
        &self,
        answers: &[Answer],
        store: Option<&Store>,
        at: Timestamp,
    ) {
        let found = answers.iter().flat_map(|a| &a.found);
        let certificates: Vec<Certificate> = found
            .filter_map(|f| Certificate::from_der(&f.der).ok())
            .collect();
        for certificate in &certificates {
            for link in self.open_links(certificate, &certificates, at) {
                self.recall_answer(&link, &certificates, store, at);
            }
            for (unanswered, _) in self.trust.unanswered(certificate, &certificates, at) {
                self.note_rest(&unanswered, at);
            }
        }
        let lacks = |c: &Certificate| !self.open_links(c, &certificates, at).is_empty();
        if !certificates.iter().any(lacks) {
            return;
        }
        // One at a time: many recipients of one authority need the state of its own certificate once.
        let _turn = self.asking.lock().await;
        // What did not come in time is unknown, which is not good.
        let _late = timeout(DEADLINE_OF_ALL, self.ask_all(&certificates, store, at)).await;
    }

    async fn ask_all(&self, certificates: &[Certificate], store: Option<&Store>, at: Timestamp) {
        let mut left = MAX_QUESTIONS;
        for certificate in certificates {
            for link in self.open_links(certificate, certificates, at) {
                for url in self.responder_urls(&link.0, at) {
                    if left == 0 {
                        return;
                    }
                    left -= 1;
                    match self
                        .ask_responder(&url, &link, certificates, store, at)
                        .await
                    {
                        Ok(()) => break,
                        Err(why) => self.trust.responses().note(&link.0, why),
                    }
                }
            }
        }
    }

    /// The certificates of a path that have no current answer and name a responder that may be asked now.
    fn open_links(
        &self,
        certificate: &Certificate,
        beside: &[Certificate],
        at: Timestamp,
    ) -> Vec<Link> {
        let open = self.trust.unanswered(certificate, beside, at).into_iter();
        let is_young = |link: (&Certificate, &Certificate)| {
            let asked = self.trust.responses().endless_since(link);
            asked.is_some_and(|asked| {
                let age = at.duration_since(asked);
                !age.is_negative() && age < WITHOUT_NEXT_UPDATE
            })
        };
        open.filter(|(c, issuer)| !self.responder_urls(c, at).is_empty() && !is_young((c, issuer)))
            .collect()
    }

    /// A host of lists or answers that is left alone because it did not answer is down, which is another thing than that
    /// there is none.
    fn note_rest(&self, certificate: &Certificate, at: Timestamp) {
        let facts = certificate.facts();
        let urls = facts.crl_urls.iter().chain(&facts.ocsp_urls);
        let hosts = urls
            .filter_map(|url| Url::parse(url).ok())
            .filter_map(|url| Some(url.host_str()?.to_ascii_lowercase()));
        for host in hosts.filter(|host| self.resting.holds(host, at)) {
            let why = RevocationUnknown::NoAnswer { host };
            self.trust.responses().note(certificate, why);
        }
    }

    fn responder_urls(&self, certificate: &Certificate, at: Timestamp) -> Vec<Url> {
        let urls = certificate.facts().ocsp_urls.iter();
        urls.filter_map(|url| Url::parse(url).ok())
            .filter(|url| {
                let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
                url.scheme() == "http"
                    && !self.resting.holds(&host, at)
                    && !self.resting.holds(&question_name(url, certificate), at)
            })
            .collect()
    }

    async fn ask_responder(
        &self,
        url: &Url,
        (certificate, issuer): &Link,
        beside: &[Certificate],
        store: Option<&Store>,
        at: Timestamp,
    ) -> Result<(), RevocationUnknown> {
        let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
        let unfit = |detail: String| RevocationUnknown::Unfit {
            host: host.clone(),
            detail,
        };
        let question = Question::new(certificate, issuer).map_err(|e| unfit(e.to_string()))?;
        // Whatever it says, the same is not asked again at once.
        self.resting.begin(question_name(url, certificate), at);
        let http =
            Http::new(Names::System, self.reach(), DEADLINE, MAX_ANSWER).with_dates(&self.dates);
        let came = http.post(url, "application/ocsp-request", question.der());
        let answer = match came.await {
            Ok(answer) if answer.status == 200 => answer,
            Err(fault @ HttpFault::TooLarge { .. }) => return Err(unfit(fault.to_string())),
            other => {
                // One that is in trouble is in trouble for everybody.
                if other.is_err() {
                    self.resting.begin(host.clone(), at);
                }
                return Err(RevocationUnknown::NoAnswer { host });
            }
        };
        let answered = Answered::read(&answer.body, &host)?;
        answered.fits(&question, at)?;
        let (said, reading) = (answered.produced_at(), answered.reading(&question));
        let heard = self
            .trust
            .hear(answered, (certificate, issuer), beside, at, at);
        // Signed by somebody who may, or it would be unknown for another reason.
        if matches!(heard, Ok(()) | Err(RevocationUnknown::NotYet { .. })) {
            self.dates.hear(&host, said, reading, Vouched::Yes);
        }
        heard?;
        if let Some(store) = store {
            let kept = Kept {
                host,
                der: answer.body.to_vec(),
            };
            // A store that cannot be written costs a question, not truth.
            let _kept = store.put_answer(KEPT_AS, &kept_for(certificate), at, &kept);
        }
        Ok(())
    }

    /// What an earlier program was told. It is judged anew; that it answered a question was seen when it came.
    fn recall_answer(
        &self,
        (certificate, issuer): &Link,
        beside: &[Certificate],
        store: Option<&Store>,
        at: Timestamp,
    ) {
        if self.trust.responses().holds(certificate) {
            return;
        }
        let answers = store.and_then(|s| s.answers::<Kept>(&kept_for(certificate)).ok());
        for kept in answers.unwrap_or_default() {
            if let Ok(answered) = Answered::read(&kept.answer.der, &kept.answer.host) {
                let link = (certificate, issuer);
                // What does not count any more is asked for anew.
                let _heard = self.trust.hear(answered, link, beside, kept.asked_at, at);
            }
        }
    }
}

fn question_name(url: &Url, certificate: &Certificate) -> String {
    format!("{url} {}", certificate.sha256())
}

fn kept_for(certificate: &Certificate) -> String {
    format!("ocsp:{}", certificate.sha256())
}
