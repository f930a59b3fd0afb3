//! DNS answers that are validated here (RFC 4035 §5): whatever a server on the way says of them does not count.
//!
//! Every answer is one of three: proved by signatures up to the root, proved to lie where nothing is signed, or no answer
//! ([`DnsFault::Bogus`], a timeout, a failure). That there is nothing is an answer like any other, and is proved alike.

use std::{
    net::{IpAddr, SocketAddr},
    path::Path,
    sync::Arc,
    time::Duration,
};

use hickory_resolver::{
    TokioResolver,
    config::ResolveHosts,
    lookup::Lookup,
    net::{DnsError, NetError, NoRecords, runtime::TokioRuntimeProvider},
    proto::{
        dnssec::{Proof, TrustAnchors},
        op::ResponseCode,
        rr::{RData, RecordType},
    },
};
use tokio::time::{Instant, timeout_at};

use super::{
    DnsFault,
    dns::{absolute, host, only},
};

/// For one try of one question. How long all of it may take is whoever asks to say.
const TRY: Duration = Duration::from_millis(1500);
/// Records of one answer at most.
const RECORDS_MAX: usize = 200;

/// A DNS client that validates.
#[derive(Clone)]
pub struct Validating(TokioResolver);

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proved<T> {
    /// What there is; empty where there is nothing.
    pub values: Vec<T>,
    /// Signatures prove it up to the root. Else it is proved that nothing is signed there.
    pub is_secure: bool,
    /// The name is an alias of the one that has the values.
    pub is_alias: bool,
    /// There is such a name.
    pub exists: bool,
}

impl Validating {
    /// A client of one server, or of those that this computer uses; with the root keys of a file (DNSKEY records), or
    /// those that IANA publishes. Must be called where tokio runs.
    pub fn new(server: Option<SocketAddr>, anchor: Option<&Path>) -> Result<Self, DnsFault> {
        let no_server = |e: NetError| DnsFault::NoServer(e.to_string());
        let mut builder = match server {
            Some(server) => {
                TokioResolver::builder_with_config(only(server), TokioRuntimeProvider::default())
            }
            None => TokioResolver::builder_tokio().map_err(no_server)?,
        };
        let anchors = match anchor {
            None => TrustAnchors::default(),
            Some(file) => {
                let unusable = || DnsFault::Anchor(file.display().to_string());
                let anchors = TrustAnchors::from_file(file).map_err(|_unreadable| unusable())?;
                if anchors.is_empty() {
                    return Err(unusable());
                }
                anchors
            }
        };
        let options = builder.options_mut();
        options.timeout = TRY;
        options.attempts = 2;
        options.validate = true;
        options.edns0 = true;
        // A line in a file of this computer is no answer of DNS.
        options.use_hosts_file = ResolveHosts::Never;
        builder
            .with_trust_anchor(Arc::new(anchors))
            .build()
            .map(Self)
            .map_err(no_server)
    }

    /// The mail servers of a domain with their preference, best first; a name that is a single dot is empty.
    pub async fn exchangers(
        &self,
        domain: &str,
        until: Instant,
    ) -> Result<Proved<(u16, String)>, DnsFault> {
        let mut found = self
            .ask(domain, RecordType::MX, until, |data| match data {
                RData::MX(mx) => Some((mx.preference, host(&mx.exchange))),
                _ => None,
            })
            .await?;
        found.values.sort();
        found.values.dedup();
        Ok(found)
    }

    /// The texts at a name, the parts of each put together.
    pub async fn texts(&self, name: &str, until: Instant) -> Result<Proved<Vec<u8>>, DnsFault> {
        self.ask(name, RecordType::TXT, until, |data| match data {
            RData::TXT(txt) => Some(txt.txt_data.concat()),
            _ => None,
        })
        .await
    }

    /// The TLSA records at a name: usage, selector, matching type and octets as they stand there (RFC 6698 §2.1).
    pub async fn tlsa(
        &self,
        name: &str,
        until: Instant,
    ) -> Result<Proved<(u8, u8, u8, Vec<u8>)>, DnsFault> {
        self.ask(name, RecordType::TLSA, until, |data| match data {
            RData::TLSA(tlsa) => Some((
                tlsa.cert_usage.into(),
                tlsa.selector.into(),
                tlsa.matching.into(),
                tlsa.cert_data.clone(),
            )),
            _ => None,
        })
        .await
    }

    /// The addresses of a host, of both kinds. Both must be had: one alone could hide the other.
    pub async fn addresses(&self, host: &str, until: Instant) -> Result<Proved<IpAddr>, DnsFault> {
        let of = |kind| {
            self.ask(host, kind, until, |data| match data {
                RData::A(a) => Some(IpAddr::V4(a.0)),
                RData::AAAA(a) => Some(IpAddr::V6(a.0)),
                _ => None,
            })
        };
        let (v4, v6) = tokio::join!(of(RecordType::A), of(RecordType::AAAA));
        // That the name is an alias is known from one of them. What is at its end is of no use to anybody here, and the
        // validator takes "an alias, and nothing of this kind behind it" for an answer that does not hold.
        let aliased = [&v4, &v6]
            .into_iter()
            .flatten()
            .find(|found| found.is_alias);
        if let Some(aliased) = aliased {
            return Ok(aliased.clone());
        }
        let (mut all, v6) = (v4?, v6?);
        all.values.extend(v6.values);
        Ok(Proved {
            values: all.values,
            is_secure: all.is_secure && v6.is_secure,
            is_alias: all.is_alias || v6.is_alias,
            exists: all.exists || v6.exists,
        })
    }

    async fn ask<T>(
        &self,
        name: &str,
        kind: RecordType,
        until: Instant,
        value: impl Fn(&RData) -> Option<T>,
    ) -> Result<Proved<T>, DnsFault> {
        let question = self.0.lookup(absolute(name)?, kind);
        match timeout_at(until, question).await {
            Err(_elapsed) => Err(DnsFault::Timeout),
            Ok(Ok(found)) => positive(&found, kind, value),
            Ok(Err(cause)) => negative(cause),
        }
    }
}

/// What was found. Of an answer that leads over an alias every step must be proved for it to be.
fn positive<T>(
    found: &Lookup,
    kind: RecordType,
    value: impl Fn(&RData) -> Option<T>,
) -> Result<Proved<T>, DnsFault> {
    let is_alias = |r: RecordType| r == RecordType::CNAME || r == RecordType::DNAME;
    let records = found.answers().iter();
    let counts: Vec<_> = records
        .filter(|r| r.record_type() == kind || is_alias(r.record_type()))
        .collect();
    if counts.len() > RECORDS_MAX {
        return Err(DnsFault::Failed("too many records".to_owned()));
    }
    let is_proved = |p: Proof| matches!(p, Proof::Secure | Proof::Insecure);
    if counts.iter().any(|r| !is_proved(r.proof)) {
        return Err(DnsFault::Bogus);
    }
    Ok(Proved {
        is_secure: counts.iter().all(|r| r.proof == Proof::Secure),
        is_alias: counts.iter().any(|r| is_alias(r.record_type())),
        values: counts.iter().filter_map(|r| value(&r.data)).collect(),
        exists: true,
    })
}

/// That there is nothing, where that is proved; else why that is not known.
fn negative<T>(cause: NetError) -> Result<Proved<T>, DnsFault> {
    let nothing = |is_secure, exists| {
        Ok(Proved {
            values: Vec::new(),
            is_secure,
            is_alias: false,
            exists,
        })
    };
    match cause {
        NetError::Timeout => Err(DnsFault::Timeout),
        NetError::Dns(DnsError::DnssecBogus) => Err(DnsFault::Bogus),
        // The validator lets this pass only where it is proved, or proved that nothing is signed. Which of the two is
        // told by the records that prove it. Without any there was no such answer: a chain of aliases without an end.
        NetError::Dns(DnsError::NoRecordsFound(NoRecords {
            response_code,
            authorities,
            ..
        })) => {
            if authorities.as_ref().is_none_or(|all| all.is_empty()) {
                return Err(DnsFault::Failed("nothing proves it".to_owned()));
            }
            let mut records = authorities.iter().flat_map(|all| all.iter());
            let is_secure = records.any(|r| r.proof == Proof::Secure);
            match response_code {
                ResponseCode::NoError => nothing(is_secure, true),
                ResponseCode::NXDomain => nothing(is_secure, false),
                other => Err(DnsFault::Failed(other.to_string())),
            }
        }
        NetError::Dns(DnsError::Nsec {
            proof, response, ..
        }) => match proof {
            Proof::Insecure => nothing(false, response.response_code != ResponseCode::NXDomain),
            _ => Err(DnsFault::Bogus),
        },
        other => Err(DnsFault::Failed(other.to_string())),
    }
}
