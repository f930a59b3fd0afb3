//! Where a certificate says that revocation lists lie in a directory: a `directoryName`, as OCES2 has it for its partial
//! lists, or an LDAP URL (RFC 5280 §4.2.1.13, RFC 4516).

use der::{Decode as _, Encode as _};
use x509_cert::{
    certificate::TbsCertificate,
    ext::pkix::{
        CrlDistributionPoints,
        crl::dp::DistributionPoint,
        name::{DistributionPointName, GeneralName},
    },
    name::{Name, RdnSequence},
};

use super::name::rfc4514;

/// Octets of an entry's name at most.
const MAX_NAME: usize = 1024;

/// A directory's entry that holds revocation lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListEntry {
    /// The server, where an URL names one.
    pub server: Option<Server>,
    /// Distinguished name (RFC 4514).
    pub name: String,
}

/// A server that an LDAP URL names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Without case.
    pub host: String,
    /// The port, 389 where none is named.
    pub port: u16,
}

/// The entries that the distribution points name. A pointer that cannot be read is none: it is only ever a help.
pub(super) fn list_entries(tbs: &TbsCertificate) -> Vec<ListEntry> {
    let points = tbs.get_extension::<CrlDistributionPoints>().ok().flatten();
    let points = points.map(|(_, points)| points.0).unwrap_or_default();
    let mut entries: Vec<ListEntry> = Vec::new();
    for entry in points
        .iter()
        .flat_map(|point| of_point(point, tbs.issuer()))
    {
        if entry.name.len() <= MAX_NAME && !entries.contains(&entry) {
            entries.push(entry);
        }
    }
    entries
}

fn of_point(point: &DistributionPoint, issuer: &Name) -> Vec<ListEntry> {
    let whole = |name: &Name| ListEntry {
        server: None,
        name: rfc4514(name),
    };
    match &point.distribution_point {
        Some(DistributionPointName::FullName(names)) => {
            let entries = names.iter().filter_map(|name| match name {
                GeneralName::DirectoryName(name) => Some(whole(name)),
                GeneralName::UniformResourceIdentifier(url) => of_url(url.as_str()),
                _ => None,
            });
            entries.collect()
        }
        Some(DistributionPointName::NameRelativeToCRLIssuer(relative)) => {
            let complete = || {
                let mut rdns = RdnSequence::from_der(&issuer.to_der().ok()?).ok()?;
                rdns.push(relative.clone());
                Name::from_der(&rdns.to_der().ok()?).ok()
            };
            // Relative to another issuer is for indirect lists, which nobody was seen to keep in a directory.
            let is_own = point.crl_issuer.is_none();
            is_own.then(complete).flatten().iter().map(whole).collect()
        }
        None => Vec::new(),
    }
}

/// `ldap://[host[:port]]/name[?attribute[?base]]`. A filter, another scope or another attribute would be a search of
/// the certificate's choice, and is none of ours.
fn of_url(url: &str) -> Option<ListEntry> {
    let scheme = url.get(..7).filter(|s| s.eq_ignore_ascii_case("ldap://"))?;
    let (authority, rest) = url[scheme.len()..].split_once('/')?;
    let mut parts = rest.split('?');
    let name = percent_decoded(parts.next()?)?;
    let attribute = parts.next().unwrap_or_default().to_ascii_lowercase();
    let attribute = attribute.split(';').next().unwrap_or_default();
    let is_list = ["", "certificaterevocationlist", "authorityrevocationlist"].contains(&attribute);
    let scope = parts.next().unwrap_or_default();
    let is_base = scope.is_empty() || scope.eq_ignore_ascii_case("base");
    let filter = parts.next().unwrap_or_default();
    let is_any = filter.is_empty() || filter.eq_ignore_ascii_case("(objectClass=*)");
    if name.is_empty() || !is_list || !is_base || !is_any {
        return None;
    }
    let server = if authority.is_empty() {
        None
    } else {
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, port.parse().ok()?),
            _ => (authority, 389),
        };
        Some(Server {
            host: host.trim_matches(['[', ']']).to_ascii_lowercase(),
            port,
        })
    };
    Some(ListEntry { server, name })
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(octet) = rest.next() {
        if octet == b'%' {
            let digits = [rest.next()?, rest.next()?];
            let is_hex = digits.iter().all(u8::is_ascii_hexdigit);
            let digits = std::str::from_utf8(&digits).ok().filter(|_| is_hex)?;
            octets.push(u8::from_str_radix(digits, 16).ok()?);
        } else {
            octets.push(octet);
        }
    }
    String::from_utf8(octets).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ldap_url_names_one_entry_and_no_search() {
        let server = |host: &str, port| {
            let host = host.to_owned();
            Some(Server { host, port })
        };
        let rows = [
            ("ldap:///cn=CRL1,c=DK", None, "cn=CRL1,c=DK"),
            (
                "LDAP://Crl.example/cn=%C3%98st%2C%20CA,c=DK?certificateRevocationList;binary?base?(objectClass=*)",
                server("crl.example", 389),
                "cn=Øst, CA,c=DK",
            ),
            (
                "ldap://[::1]:3899/c=DK?authorityRevocationList",
                server("::1", 3899),
                "c=DK",
            ),
            ("ldap://[::1]/c=DK", server("::1", 389), "c=DK"),
        ];
        for (url, server, name) in rows {
            let name = name.to_owned();
            assert_eq!(of_url(url), Some(ListEntry { server, name }), "{url}");
        }
        for url in [
            "ldaps:///c=DK",
            "http://crl.example/c=DK",
            "ldap:///",
            "ldap://crl.example",
            "ldap:///c=DK?userCertificate",
            "ldap:///c=DK?certificateRevocationList?sub",
            "ldap:///c=DK?certificateRevocationList?base?(mail=anne@x.example)",
            "ldap:///c=%zz",
            "ldap:///c=%+1",
            "ldap:///c=%ff",
            "ldap://crl.example:x/c=DK",
        ] {
            assert_eq!(of_url(url), None, "{url}");
        }
    }
}
