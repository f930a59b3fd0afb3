//! What a search is answered: the truth, or what the fault in force says.

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::mpsc::Sender;

use super::entry::Entry;
use super::message::{self, Response, SearchRequest, code};
use super::session::Out;
use super::{Fault, Shared};
use crate::demo::loopback::{lock, random_octets};

/// The attribute in which directories publish certificates.
const CERTIFICATE: &str = "userCertificate;binary";

/// What Active Directory calls the time.
const TIME: &str = "currentTime";

/// Answers one search. It ends when all is said, or when the connection ends and takes no more.
pub(super) async fn run(shared: Arc<Shared>, id: i64, search: SearchRequest, out: Sender<Out>) {
    if is_for_time(&search.base, &search.attributes) {
        let root = shared.options.time.map(root_entry);
        let found: Vec<&Entry> = root.iter().collect();
        say(&out, truth(id, &found, &search, code::SUCCESS)).await;
        return;
    }
    let entries = Arc::clone(&lock(&shared.entries));
    let (found, code) = find(&shared, &entries, &search);
    match shared.search_fault(&search.filter.to_string()) {
        None => {
            // Counted first: who has the answer must find it counted.
            lock(&shared.stats).answered += 1;
            say(&out, truth(id, &found, &search, code)).await;
        }
        Some(fault) => misbehave(fault, id, &found, &search, code, &out).await,
    }
}

/// Whether a search asks the directory itself for the time, and for nobody (RFC 4512 §5.1).
pub(super) fn is_for_time(base: &str, attributes: &[String]) -> bool {
    base.is_empty() && attributes == [TIME]
}

fn root_entry(time: Timestamp) -> Entry {
    Entry::new("").with(TIME, time.strftime("%Y%m%d%H%M%S.0Z").to_string())
}

/// The entries that match, no more than either side's limit, and the result code that goes with them.
fn find<'a>(shared: &Shared, entries: &'a [Entry], search: &SearchRequest) -> (Vec<&'a Entry>, u8) {
    let known_base = |base: &String| plain_dn(base) == plain_dn(&search.base);
    if !shared.options.base.as_ref().is_none_or(known_base) {
        return (Vec::new(), code::NO_SUCH_OBJECT);
    }
    let client_limit = (search.size_limit > 0).then_some(search.size_limit);
    let limits = [client_limit, shared.options.size_limit];
    let limit = limits.into_iter().flatten().min().unwrap_or(usize::MAX);
    let mut matching = entries
        .iter()
        .filter(|entry| search.filter.matches(entry) == Some(true));
    let found: Vec<_> = matching.by_ref().take(limit).collect();
    match matching.next() {
        Some(_more) => (found, code::SIZE_LIMIT_EXCEEDED),
        None => (found, code::SUCCESS),
    }
}

fn plain_dn(dn: &str) -> String {
    dn.to_lowercase().replace(", ", ",")
}

fn truth(id: i64, found: &[&Entry], search: &SearchRequest, code: u8) -> Vec<u8> {
    let mut octets = Vec::new();
    for entry in found {
        octets.extend(message::found(id, entry, search));
    }
    octets.extend(message::result(id, Response::Search, code, "", &[]));
    octets
}

async fn misbehave(
    fault: Fault,
    id: i64,
    found: &[&Entry],
    search: &SearchRequest,
    code: u8,
    out: &Sender<Out>,
) {
    let octets = match fault {
        Fault::StallOnSearch => return,
        Fault::EndlessEntries => return endless_entries(id, found, search, out).await,
        Fault::EndlessMessage => return endless_message(out).await,
        Fault::DropMidAnswer => {
            let mut octets = match found.first() {
                Some(entry) => message::found(id, entry, search),
                None => message::result(id, Response::Search, code, "", &[]),
            };
            octets.truncate(octets.len() / 2);
            if say(out, octets).await {
                // Where the connection is gone already, it need not be closed.
                let _ = out.send(Out::Close).await;
            }
            return;
        }
        Fault::Garbage => random_octets(512),
        Fault::EmptySequence => vec![0x30, 0],
        Fault::HugeLength => {
            let mut octets = vec![0x30, 0x84, 0x80, 0, 0, 0];
            octets.resize(1024, 0);
            octets
        }
        Fault::ManyEntries(count) => {
            let copies: Vec<_> = (0..count).map(|number| copy(found, number)).collect();
            truth(
                id,
                &copies.iter().collect::<Vec<_>>(),
                search,
                code::SUCCESS,
            )
        }
        Fault::ManyValues(count) => {
            let entry = with_values(found, count);
            truth(id, &[&entry], search, code::SUCCESS)
        }
        Fault::BigValue(length) => {
            let entry = Entry::new("cn=big,c=DK").with(CERTIFICATE, vec![0; length]);
            truth(id, &[&entry], search, code::SUCCESS)
        }
        Fault::ResultCode(code) => message::result(id, Response::Search, code, "as asked for", &[]),
        Fault::Referral(url) => {
            let mut octets = message::reference(id, &url);
            let end = message::result(id, Response::Search, code::REFERRAL, "", &[&url]);
            octets.extend(end);
            octets
        }
        Fault::AnswersForSomebodyElse(entries) => truth(
            id,
            &entries.iter().collect::<Vec<_>>(),
            search,
            code::SUCCESS,
        ),
        Fault::WrongMessageId => truth(id + 1000, found, search, code),
        // These are faults of connections; a search that gets this far is answered truly.
        Fault::RefuseConnections
        | Fault::CloseOnAccept
        | Fault::StallOnAccept
        | Fault::StartTlsRefused
        | Fault::StartTlsInjected(_)
        | Fault::BadCertificate(_)
        | Fault::TlsGarbage => truth(id, found, search, code),
    };
    say(out, octets).await;
}

async fn endless_entries(id: i64, found: &[&Entry], search: &SearchRequest, out: &Sender<Out>) {
    for number in 0.. {
        let octets = message::found(id, &copy(found, number), search);
        if !say(out, octets).await {
            return;
        }
    }
}

/// One entry whose length takes eight octets to write, and which goes on for as long as anybody reads.
async fn endless_message(out: &Sender<Out>) {
    let header = vec![0x30, 0x87, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    let mut going_on = say(out, header).await;
    while going_on {
        going_on = say(out, vec![0x04; 16 * 1024]).await;
    }
}

/// What was found, or somebody, under a name of its own.
fn copy(found: &[&Entry], number: usize) -> Entry {
    let mut entry = somebody(found);
    entry.dn = format!("uid={number},{}", entry.dn);
    entry
}

fn with_values(found: &[&Entry], count: usize) -> Entry {
    let mut entry = somebody(found);
    let genuine = entry.values(CERTIFICATE).next().map(<[u8]>::to_vec);
    let rest = (0..count).map(|number| number.to_be_bytes().to_vec());
    let values = genuine.into_iter().chain(rest).take(count).collect();
    entry.attributes = vec![(CERTIFICATE.to_owned(), values)];
    entry
}

fn somebody(found: &[&Entry]) -> Entry {
    match found.first() {
        Some(entry) => (*entry).clone(),
        None => Entry::new("cn=nobody,c=DK").with("cn", "nobody"),
    }
}

/// Whether it could be said.
async fn say(out: &Sender<Out>, octets: Vec<u8>) -> bool {
    out.send(Out::Octets(octets)).await.is_ok()
}
