//! Revocation lists, fetched from where certificates say that they lie (RFC 5280 §4.2.1.13), and kept in files.
//!
//! Only certificates that lead to an anchor have a say. Over HTTP: no redirects, no private addresses, and a list is read
//! as it comes and never held in memory. Over LDAP: from the directories that the settings name, and from no other server
//! that a certificate names, because nobody outside may choose where this computer knocks; at most what a directory may
//! deliver in one search, which partial lists are far below. A list is kept if it speaks of the certificate for which it
//! was fetched, was signed by somebody who may, is not from the future, and is newer than what is there; what it says is
//! judged like any other list. A host that does not answer is left alone for a while, so that it slows nobody.

use std::{
    fs::{self, File},
    io::{BufReader, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use jiff::Timestamp;
use tokio::time::timeout;
use url::Url;

use super::Segl;
use crate::{
    cert::{Certificate, ListEntry, Reading, RevocationUnknown},
    directory::Answer,
    disk::{self, Lock},
    mail::Digest,
    net::{Http, Names, Vouched},
    revocation::{Crl, MAX_OCTETS, kind_of},
};

/// For one list, and for all of one address.
const DEADLINE: Duration = Duration::from_secs(10);
const DEADLINE_OF_ALL: Duration = Duration::from_secs(15);
/// Lists that are fetched for one address at most.
const MAX_LISTS: usize = 6;
/// Fetched lists that are kept at most.
const MAX_FILES: usize = 100;

/// Where a list lies.
enum Place {
    Url(Url),
    /// In the entry of this name, of the directory of this number in the settings.
    Entry {
        directory: usize,
        name: String,
    },
}

impl Place {
    /// Under this name it rests.
    fn rests_as(&self) -> String {
        match self {
            Self::Url(url) => url.to_string(),
            Self::Entry { directory, name } => format!("list {directory} {name}"),
        }
    }
}

/// What is asked for: where it lies, and the certificate of which it is to speak, with whoever issued that.
struct Wanted {
    place: Place,
    certificate: Certificate,
    issuer: Certificate,
}

impl Segl {
    /// Fetches the lists that are missing or due for the certificates of these answers.
    pub(super) async fn fetch_lists(&self, answers: &[Answer], at: Timestamp) {
        let found = answers.iter().flat_map(|a| &a.found);
        let certificates: Vec<Certificate> = found
            .filter_map(|f| Certificate::from_der(&f.der).ok())
            .collect();
        let folder = self.lists_folder();
        self.find_fetched();
        let lacks = |c: &Certificate| !self.places(c, &certificates, at).is_empty();
        if !certificates.iter().any(lacks) {
            return;
        }
        // One at a time: many recipients of one authority need one list once.
        let _turn = self.fetching.lock().await;
        if disk::private_dir(&folder).is_err() {
            return;
        }
        // Another program is fetching: what it brings is here the next time.
        let Ok(Some(_lock)) = Lock::now(&folder.join("fetching.lock")) else {
            return;
        };
        // What did not come in time is unknown, which is not good.
        let _late = timeout(
            DEADLINE_OF_ALL,
            self.fetch_all_lists(&certificates, &folder, at),
        )
        .await;
    }

    async fn fetch_all_lists(&self, certificates: &[Certificate], folder: &Path, at: Timestamp) {
        let mut left = MAX_LISTS;
        for certificate in certificates {
            // A list may answer for several certificates, and a host that is silent rests: asked again each time.
            while left > 0 {
                let mut places = self.places(certificate, certificates, at).into_iter();
                let Some(wanted) = places.next() else { break };
                left -= 1;
                // Whatever it brings, it is not asked again at once.
                self.resting.begin(wanted.place.rests_as(), at);
                self.fetch_list(&wanted, folder, certificates, at).await;
            }
        }
    }

    /// Where lists lie that are not resting. URLs first: a whole list tells nobody for whom it is asked.
    fn places(
        &self,
        certificate: &Certificate,
        beside: &[Certificate],
        at: Timestamp,
    ) -> Vec<Wanted> {
        let open = self.trust.unanswered(certificate, beside, at);
        let wanted = |place, (certificate, issuer): &(Certificate, Certificate)| Wanted {
            place,
            certificate: certificate.clone(),
            issuer: issuer.clone(),
        };
        let urls = open.iter().flat_map(|link| {
            let urls = link.0.facts().crl_urls.iter();
            let urls = urls.filter_map(|url| Url::parse(url).ok());
            let urls = urls.filter(|url| {
                let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
                url.scheme() == "http" && !self.resting.holds(&host, at)
            });
            urls.map(move |url| wanted(Place::Url(url), link))
        });
        let entries = open.iter().flat_map(|link| {
            let places = link.0.facts().list_entries.iter();
            let places = places.flat_map(|entry| self.entries(entry));
            places.map(move |place| wanted(place, link))
        });
        urls.chain(entries)
            .filter(|wanted| !self.resting.holds(&wanted.place.rests_as(), at))
            .collect()
    }

    /// The same entry in each directory of the settings where it may lie.
    fn entries<'a>(&'a self, entry: &'a ListEntry) -> impl Iterator<Item = Place> + 'a {
        let directories = self.directories.iter().enumerate();
        directories
            .filter(|(_, asked)| asked.kept_as.is_some())
            .filter(|(_, asked)| {
                let named = entry.server.as_ref();
                named.is_none_or(|s| asked.directory.is_at(&s.host, s.port))
            })
            .map(|(directory, _)| Place::Entry {
                directory,
                name: entry.name.clone(),
            })
    }

    async fn fetch_list(
        &self,
        wanted: &Wanted,
        folder: &Path,
        beside: &[Certificate],
        at: Timestamp,
    ) {
        let part = folder.join("list.part");
        match &wanted.place {
            Place::Url(url) => {
                if self.fetch_url(url, &part, at).await {
                    let name = file_name(url.host_str().unwrap_or_default(), url.as_str());
                    let named = |list: &Crl| (!list.is_delta()).then(|| folder.join(&name));
                    self.keep_list(&part, named, wanted, beside, at);
                }
            }
            Place::Entry { directory, name } => {
                for list in self.fetch_entry(*directory, name).await {
                    // One entry may hold several lists, in any order.
                    let named = |list: &Crl| {
                        let place = format!("{name} {}", kind_of(list));
                        Some(folder.join(file_name("ldap", &place)))
                    };
                    if write_new(&part, &list).is_ok() {
                        self.keep_list(&part, named, wanted, beside, at);
                    }
                }
            }
        }
        // Gone already where the list was kept.
        let _gone = fs::remove_file(&part);
    }

    async fn fetch_entry(&self, directory: usize, name: &str) -> Vec<Vec<u8>> {
        let Some(asked) = self.directories.get(directory) else {
            return Vec::new();
        };
        // The directory has deadlines of its own, and is left alone by its own rule when it fails.
        let lists = timeout(DEADLINE, asked.directory.lists(name)).await;
        lists.unwrap_or_default()
    }

    /// Whether a whole answer lies in the file now.
    async fn fetch_url(&self, url: &Url, part: &Path, at: Timestamp) -> bool {
        let limit = usize::try_from(MAX_OCTETS).unwrap_or(usize::MAX);
        let http = Http::new(Names::System, self.reach(), DEADLINE, limit).with_dates(&self.dates);
        let Ok(mut file) = create(part) else {
            return false;
        };
        let came = http.get_into(url, &mut file).await;
        if came.is_err() {
            let host = url.host_str().unwrap_or_default();
            self.resting.begin(host.to_ascii_lowercase(), at);
        }
        matches!(came, Ok(200))
    }

    /// Keeps what was fetched in the file that `named` gives, if it counts for the certificate for which it was fetched.
    fn keep_list(
        &self,
        part: &Path,
        named: impl Fn(&Crl) -> Option<PathBuf>,
        wanted: &Wanted,
        beside: &[Certificate],
        at: Timestamp,
    ) {
        let read = |file: &Path| {
            Some(Arc::new(
                Crl::read(BufReader::new(File::open(file).ok()?)).ok()?,
            ))
        };
        let counts = |list: &Arc<Crl>| {
            let link = (&wanted.certificate, &wanted.issuer);
            self.trust.counts(list, link, beside, at)
        };
        let Some(new) = read(part) else { return };
        if let Err(why) = counts(&new) {
            // Signed by somebody who may, or it would not count for another reason: it is later than this computer's
            // clock shows. Kept it would stand in the way of every list that is made until then.
            if let RevocationUnknown::NotYet { this_update } = why {
                let issuer = &wanted.certificate.facts().issuer;
                self.dates
                    .hear(issuer, this_update, Reading::AtLeast, Vouched::Yes);
                self.trust.responses().note(&wanted.certificate, why);
            }
            return;
        }
        let Some(file) = named(&new) else { return };
        // Whoever stands on the way may hand out an old list again. One that would not be kept today is in nobody's way.
        let is_newer = read(&file)
            .filter(|old| counts(old).is_ok())
            .is_none_or(|old| new.this_update() > old.this_update());
        if is_newer && fs::rename(part, &file).is_ok() {
            self.trust.lists().add_fetched(file);
        }
    }

    fn lists_folder(&self) -> PathBuf {
        self.config.data.join("lists")
    }

    /// What earlier programs fetched. Read when it is needed.
    pub(super) fn find_fetched(&self) {
        let Ok(entries) = fs::read_dir(self.lists_folder()) else {
            return;
        };
        let mut files: Vec<PathBuf> = entries
            .filter_map(|e| Some(e.ok()?.path()))
            .filter(|p| p.extension().is_some_and(|e| e == "crl"))
            .collect();
        files.sort();
        for file in files.into_iter().take(MAX_FILES) {
            self.trust.lists().add_fetched(file);
        }
    }
}

fn create(file: &Path) -> std::io::Result<File> {
    disk::private_options()
        .write(true)
        .create(true)
        .truncate(true)
        .open(file)
}

fn write_new(file: &Path, octets: &[u8]) -> std::io::Result<()> {
    create(file)?.write_all(octets)
}

/// A file name that tells people the host, and is another one for another place.
fn file_name(host: &str, place: &str) -> String {
    let host: String = host
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
        .take(60)
        .collect();
    let digest = Digest::of(place.as_bytes()).to_string();
    format!("{host}-{}.crl", &digest[..16])
}
