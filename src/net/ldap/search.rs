//! One search: the query, and all that came for it before it ended or was cut.

use std::time::Duration;

use ldap3::{
    Scope, SearchOptions, SearchStream,
    asn1::{PL, StructureTag},
};
use tokio::time::{Instant, timeout, timeout_at};

use super::{
    LdapConnection,
    fault::{LdapFault, Violation},
};

/// Values of one attribute at most.
const MAX_VALUES: usize = 50;
/// Octets of one value at most.
const MAX_VALUE: usize = 1 << 20;
/// How long the directory is given to take the word that a search is no longer wanted.
const ABANDON: Duration = Duration::from_secs(1);

/// What to search for.
#[derive(Debug, Clone)]
pub struct Query<'a> {
    /// Distinguished name (RFC 4514) where the search begins.
    pub base: &'a str,
    /// The entry of that name alone, and nothing below it.
    pub is_entry: bool,
    /// Filter (RFC 4515), every value in it escaped.
    pub filter: &'a str,
    /// Attributes to deliver.
    pub attributes: &'a [String],
    /// Entries taken at most; the directory is told, and held to it.
    pub size_limit: u16,
    /// How long the whole search may take; the directory is told, in whole seconds.
    pub deadline: Duration,
}

/// All that came for one search.
#[derive(Debug)]
pub struct Reply {
    /// Entries, in the order they came.
    pub entries: Vec<LdapEntry>,
    /// Whether a reference to another server came. It was not followed.
    pub has_reference: bool,
    /// The first of Segl's own limits that was met.
    pub cut: Option<Cut>,
    /// How the search ended.
    pub end: ReplyEnd,
}

/// How a search ended.
#[derive(Debug)]
pub enum ReplyEnd {
    /// The directory ended it, with this result code (RFC 4511 §4.1.9).
    Result(u32),
    /// Segl ended it at a limit.
    Cut,
    /// There is no end: the connection or the deadline failed.
    Fault(LdapFault),
}

/// A limit of Segl's on what one search delivers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// More entries than were asked for.
    Entries,
    /// More than 50 values of an attribute.
    Values,
    /// A value of more than 1 MiB.
    ValueSize,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LdapEntry {
    /// Distinguished name as delivered; what is not UTF-8 in it is replaced.
    pub dn: String,
    /// Attribute descriptions as delivered, with their values.
    pub attributes: Vec<(String, Vec<Vec<u8>>)>,
}

impl LdapConnection {
    /// Searches. What came before a failure is kept beside it.
    pub async fn search(&self, query: &Query<'_>) -> Reply {
        let deadline = Instant::now() + query.deadline;
        let mut reply = Reply {
            entries: Vec::new(),
            has_reference: false,
            cut: None,
            end: ReplyEnd::Fault(LdapFault::Timeout),
        };
        let mut ldap = self.ldap.clone();
        let seconds = query.deadline.as_secs().max(1);
        let options = SearchOptions::new()
            .sizelimit(i32::from(query.size_limit))
            .timelimit(i32::try_from(seconds).unwrap_or(i32::MAX));
        let scope = if query.is_entry {
            Scope::Base
        } else {
            Scope::Subtree
        };
        let begin = ldap.with_search_options(options).streaming_search(
            query.base,
            scope,
            query.filter,
            query.attributes,
        );
        let mut stream = match timeout_at(deadline, begin).await {
            Ok(Ok(stream)) => stream,
            Ok(Err(_gave_up)) => {
                reply.end = ReplyEnd::Fault(self.link.fault());
                return reply;
            }
            Err(_elapsed) => return reply,
        };
        let entries = usize::from(query.size_limit);
        if let Ok(end) = timeout_at(deadline, self.collect(&mut stream, entries, &mut reply)).await
        {
            reply.end = end;
        }
        if !matches!(reply.end, ReplyEnd::Result(_)) {
            let id = stream.ldap_handle().last_id();
            // The search is over for us either way: what still comes for it is dropped by the relay, and counted.
            let _courtesy = timeout(ABANDON, ldap.abandon(id)).await;
        }
        reply
    }

    /// ldap3 says only that it gave up; the connection knows why.
    async fn collect<'a>(
        &self,
        stream: &mut SearchStream<'a, String, &'a [String]>,
        max_entries: usize,
        reply: &mut Reply,
    ) -> ReplyEnd {
        loop {
            match stream.next().await {
                Ok(Some(item)) if item.is_ref() => reply.has_reference = true,
                Ok(Some(_)) if reply.entries.len() == max_entries => {
                    reply.cut.get_or_insert(Cut::Entries);
                    return ReplyEnd::Cut;
                }
                Ok(Some(item)) => {
                    let Some((entry, cut)) = read_entry(item.0) else {
                        let odd = Violation::NotLdap("an entry of another shape");
                        return ReplyEnd::Fault(odd.into());
                    };
                    reply.cut = reply.cut.or(cut);
                    reply.entries.push(entry);
                }
                Ok(None) => return ReplyEnd::Result(stream.finish().await.rc),
                Err(_gave_up) => return ReplyEnd::Fault(self.link.fault()),
            }
        }
    }
}

/// Reads an entry. ldap3's own reading (`SearchEntry`) panics on a name that is not UTF-8, keeps the last of two
/// attributes with the same name, and mixes the order of values.
fn read_entry(entry: StructureTag) -> Option<(LdapEntry, Option<Cut>)> {
    let mut cut = None;
    let [dn, list] = <[_; 2]>::try_from(entry.expect_constructed()?).ok()?;
    let mut attributes = Vec::new();
    for attribute in list.expect_constructed()? {
        let [name, values] = <[_; 2]>::try_from(attribute.expect_constructed()?).ok()?;
        let mut kept = Vec::new();
        for value in values.expect_constructed()? {
            let value = value.expect_primitive()?;
            if value.len() > MAX_VALUE {
                cut = cut.or(Some(Cut::ValueSize));
            } else if kept.len() == MAX_VALUES {
                cut = cut.or(Some(Cut::Values));
            } else {
                kept.push(value);
            }
        }
        attributes.push((text(name)?, kept));
    }
    Some((
        LdapEntry {
            dn: text(dn)?,
            attributes,
        },
        cut,
    ))
}

fn text(tag: StructureTag) -> Option<String> {
    match tag.payload {
        PL::P(octets) => Some(String::from_utf8_lossy(&octets).into_owned()),
        PL::C(_) => None,
    }
}
