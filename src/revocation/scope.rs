//! Which certificates a list speaks of, and for which reasons (RFC 5280 §6.3.3 b and d).

use der::{Decode as _, Encode as _};
use openssl::x509::X509Name;
use x509_cert::{
    ext::pkix::{
        CrlDistributionPoints,
        crl::dp::{DistributionPoint, ReasonFlags, Reasons},
        name::{DistributionPointName, GeneralName, GeneralNames},
    },
    name::{Name, RdnSequence},
};

use super::crl::{Crl, same};
use crate::{cert::Certificate, mail::Digest};

/// Reasons of revocation, as bits (RFC 5280 §4.2.1.13).
pub(super) type Mask = u16;

/// Every reason. The first bit of ReasonFlags is unused.
pub(super) const ALL: Mask = (1 << 8) - 1;

/// Where a certificate says that it can be looked up.
pub(super) enum Point {
    /// As it says.
    Named(Box<DistributionPoint>),
    /// Nowhere in particular: any list of its issuer (RFC 5280 §6.3.3, the last paragraph).
    Implied,
}

/// What a list is to a certificate at one of its points.
pub(super) enum Concern {
    /// The list of somebody else.
    Other,
    /// A list of the right issuer that does not speak of this certificate, and why.
    Outside(String),
    /// It speaks of the certificate, for these reasons.
    Covers(Mask),
}

/// Tells lists apart that lie in one place: by whose they are, of which certificates they speak, and whether they only
/// change another.
pub fn kind_of(list: &Crl) -> Digest {
    let issuer = list.issuer().to_der().unwrap_or_default();
    let scope = list.scope.as_ref().and_then(|s| s.point.to_der().ok());
    // DER says itself where it ends.
    let parts = [
        issuer,
        scope.unwrap_or_default(),
        vec![u8::from(list.is_delta())],
    ];
    Digest::of(&parts.concat())
}

/// The points of a certificate, and the implied one.
pub(super) fn points(certificate: &Certificate) -> Vec<Point> {
    let tbs = certificate.parsed().tbs_certificate();
    let named = tbs
        .get_extension::<CrlDistributionPoints>()
        .ok()
        .flatten()
        .map(|(_, points)| points.0)
        .unwrap_or_default();
    let named = named.into_iter().map(|p| Point::Named(Box::new(p)));
    named.chain([Point::Implied]).collect()
}

/// What `list` is to `certificate` at `point`.
pub(super) fn concern(point: &Point, list: &Crl, certificate: &Certificate) -> Concern {
    let x509 = certificate.x509();
    let scope = list.scope.as_ref().map(|s| &s.point);
    let named = match point {
        Point::Named(named) => Some(named),
        Point::Implied => None,
    };
    match named.and_then(|p| p.crl_issuer.as_ref()) {
        Some(issuers) => {
            if !directories(issuers).iter().any(|n| same(n, list.issuer())) {
                return Concern::Other;
            }
            if !scope.is_some_and(|s| s.indirect_crl) {
                return outside("a list that is not indirect, of another issuer");
            }
        }
        None if !same(list.issuer(), x509.issuer_name()) => return Concern::Other,
        None => {}
    }
    let of_point = named.and_then(|p| p.reasons).map_or(ALL, mask);
    let Some(scope) = scope else {
        return Concern::Covers(of_point);
    };
    let is_ca = certificate.facts().is_ca;
    if scope.only_contains_attribute_certs {
        return outside("a list of attribute certificates");
    }
    if (scope.only_contains_user_certs && is_ca) || (scope.only_contains_ca_certs && !is_ca) {
        return outside("a list for the other kind of certificates");
    }
    if let Some(of_list) = &scope.distribution_point
        && !meets(of_list, list, named.map(|p| &**p), certificate)
    {
        return outside("a partial list that is not the one the certificate names");
    }
    let of_list = scope.only_some_reasons.map_or(ALL, mask);
    Concern::Covers(of_point & of_list)
}

fn outside(detail: &str) -> Concern {
    Concern::Outside(detail.to_owned())
}

fn mask(reasons: ReasonFlags) -> Mask {
    let all = [
        Reasons::KeyCompromise,
        Reasons::CaCompromise,
        Reasons::AffiliationChanged,
        Reasons::Superseded,
        Reasons::CessationOfOperation,
        Reasons::CertificateHold,
        Reasons::PrivilegeWithdrawn,
        Reasons::AaCompromise,
    ];
    let set = all
        .iter()
        .enumerate()
        .filter(|(_, r)| reasons.contains(**r));
    set.fold(0, |mask, (bit, _)| mask | 1 << bit)
}

/// RFC 5280 §6.3.3 b 2 i: a name of the list's point is a name of the certificate's.
fn meets(
    of_list: &DistributionPointName,
    list: &Crl,
    point: Option<&DistributionPoint>,
    certificate: &Certificate,
) -> bool {
    let list_names = full_names(of_list, &[list.issuer().to_der().unwrap_or_default()]);
    let own_issuer = certificate
        .x509()
        .issuer_name()
        .to_der()
        .unwrap_or_default();
    let own_names = match point {
        None => vec![directory_name(&own_issuer)]
            .into_iter()
            .flatten()
            .collect(),
        Some(point) => match (&point.distribution_point, &point.crl_issuer) {
            (Some(name), Some(issuers)) => full_names(name, &directory_ders(issuers)),
            (Some(name), None) => full_names(name, &[own_issuer]),
            (None, Some(issuers)) => issuers.clone(),
            (None, None) => Vec::new(),
        },
    };
    own_names
        .iter()
        .any(|own| list_names.iter().any(|other| is_same_name(own, other)))
}

/// The names of a point; one that is relative to an issuer is completed.
fn full_names(name: &DistributionPointName, issuers: &[Vec<u8>]) -> GeneralNames {
    match name {
        DistributionPointName::FullName(names) => names.clone(),
        DistributionPointName::NameRelativeToCRLIssuer(relative) => issuers
            .iter()
            .filter_map(|der| {
                let mut rdns = RdnSequence::from_der(der).ok()?;
                rdns.push(relative.clone());
                directory_name(&rdns.to_der().ok()?)
            })
            .collect(),
    }
}

fn directory_name(der: &[u8]) -> Option<GeneralName> {
    Name::from_der(der).ok().map(GeneralName::DirectoryName)
}

fn directory_ders(names: &GeneralNames) -> Vec<Vec<u8>> {
    let directories = names.iter().filter_map(|n| match n {
        GeneralName::DirectoryName(name) => name.to_der().ok(),
        _ => None,
    });
    directories.collect()
}

fn directories(names: &GeneralNames) -> Vec<X509Name> {
    let ders = directory_ders(names);
    ders.iter()
        .filter_map(|d| X509Name::from_der(d).ok())
        .collect()
}

fn is_same_name(one: &GeneralName, other: &GeneralName) -> bool {
    if let (GeneralName::DirectoryName(_), GeneralName::DirectoryName(_)) = (one, other) {
        let both = [vec![one.clone()], vec![other.clone()]];
        let [one, other] = both.map(|n| directories(&n));
        return one.iter().any(|a| other.iter().any(|b| same(a, b)));
    }
    one.to_der()
        .is_ok_and(|a| other.to_der().is_ok_and(|b| a == b))
}
