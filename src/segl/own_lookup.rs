//! What must be known of the certificates that every mail rests on beside those of its recipients: the user's own, and
//! the archive's. Their issuers and revocation lists are fetched as for a recipient, or they would never be known to be
//! good, and mail would leave unsigned.

use jiff::Timestamp;

use super::Segl;
use crate::{
    cert::{self, Certificate, Problem, Subject},
    directory::{Answer, Found, Security, Source},
    keys::KeyError,
};

/// Under this name they stand among the answers of directories.
const SOURCE: &str = "own";

/// The certificates that mail rests on beside those of its recipients, each with what is above it.
#[derive(Debug, Clone, Default)]
pub struct OwnCertificates {
    leaves: Vec<Certificate>,
    above: Vec<Certificate>,
}

impl Segl {
    /// The certificates that mail rests on beside those of its recipients. Blocks on disk, keyring and tokens.
    pub fn rests_on(&self) -> Result<OwnCertificates, KeyError> {
        let held = self.held_keys()?.keys;
        let settings = &self.config.identity;
        let named = settings.archive.iter().chain(&settings.recovery);
        // A file that cannot be used stops the sending, and says so there.
        let octets = named.filter_map(|file| std::fs::read(file).ok());
        let named = octets.filter_map(|octets| cert::certificates(&octets).ok());
        let named = named.flatten().flatten();
        let own = held.iter().map(|one| one.certificate().clone());
        Ok(OwnCertificates {
            leaves: own.chain(named).collect(),
            above: held.iter().flat_map(|one| one.chain().to_vec()).collect(),
        })
    }

    /// Asks what is not known of these certificates, or no longer: issuers, revocation lists and responders, where the
    /// settings let them be asked. Answers all that speaks against them afterwards, for comparing.
    pub async fn look_up_own(&self, own: &OwnCertificates, at: Timestamp) -> Vec<Problem> {
        let all = own.leaves.iter().chain(&own.above);
        let found = all.map(|certificate| Found {
            der: certificate.der().to_vec(),
            source: Source {
                directory: SOURCE.to_owned(),
                entry: String::new(),
                security: Security::File,
                trust_binding: false,
            },
        });
        let answers = [Answer {
            found: found.collect(),
            failure: None,
            asked_at: at,
        }];
        let store = self.answers_store();
        self.fetch_issuers(&answers, store.as_deref(), at).await;
        self.fetch_lists(&answers, at).await;
        self.ask_responders(&answers, store.as_deref(), at).await;
        let judged = own.leaves.iter().flat_map(|leaf| {
            let examined = self.trust.examine(leaf, &own.above, at);
            self.trust.problems(&examined, Subject::Path, at)
        });
        judged.collect()
    }

    /// The same for a mail that is about to be decided on or sent. Keys that cannot be had are told by the sending.
    pub async fn prepare_own(&self, at: Timestamp) {
        if let Ok(own) = self.rests_on() {
            self.look_up_own(&own, at).await;
        }
    }
}
