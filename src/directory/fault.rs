//! How faults of the connection, result codes and limits become the kinds of failure of the contract.

use jiff::Timestamp;

use super::answer::FailureCode;
use crate::net::{ConnectError, Cut, LdapFault, TlsFault};

/// A failure that no directory's name is on yet. The detail is for IT, and holds no address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) code: FailureCode,
    pub(super) detail: String,
    /// When the certificate begins that the directory showed, where it is not valid yet.
    pub(super) begins: Option<Timestamp>,
}

impl Fault {
    pub(super) fn new(code: FailureCode, detail: &str) -> Self {
        Self {
            code,
            detail: detail.to_owned(),
            begins: None,
        }
    }

    /// A failure with the words of an error and of everything that led to it.
    pub(super) fn of(code: FailureCode, error: &dyn std::error::Error) -> Self {
        let mut detail = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            detail = format!("{detail}: {cause}");
            source = cause.source();
        }
        let begins = None;
        Self {
            code,
            detail,
            begins,
        }
    }

    /// What an LDAP result (RFC 4511 §4.1.9) other than success says. Success without entries is the only "has none".
    pub(super) fn of_result(result: u32) -> Option<Self> {
        use FailureCode::{Partial, Refused};
        let (code, name) = match result {
            0 => return None,
            // There is more, or it is elsewhere: what came is true, and not all.
            3 => (Partial, "timeLimitExceeded"),
            4 => (Partial, "sizeLimitExceeded"),
            10 => (Partial, "referral, which was not followed"),
            11 => (Partial, "adminLimitExceeded"),
            8 => (Refused, "strongerAuthRequired"),
            13 => (Refused, "confidentialityRequired"),
            32 => (Refused, "noSuchObject: the search base is not there"),
            34 => (Refused, "invalidDNSyntax: the search base is not a name"),
            49 => (Refused, "invalidCredentials"),
            50 => (Refused, "insufficientAccessRights"),
            51 => (Refused, "busy"),
            52 => (Refused, "unavailable"),
            53 => (Refused, "unwillingToPerform"),
            _ => (Refused, "the search was not carried out"),
        };
        let detail = format!("the directory answered with LDAP result {result}: {name}");
        Some(Self::new(code, &detail))
    }

    /// What a limit of Segl's says: more of the same is held, or something that is no certificate.
    pub(super) fn of_cut(cut: Cut) -> Self {
        match cut {
            Cut::Entries => Self::new(
                FailureCode::Partial,
                "the directory delivered more entries than the size limit",
            ),
            Cut::Values => Self::new(
                FailureCode::Partial,
                "the directory delivered more values of an attribute than are read",
            ),
            Cut::ValueSize => Self::new(
                FailureCode::Protocol,
                "the directory delivered a value too large for a certificate",
            ),
        }
    }
}

impl From<LdapFault> for Fault {
    fn from(fault: LdapFault) -> Self {
        let code = match &fault {
            LdapFault::Timeout
            | LdapFault::Connect(ConnectError::Timeout { .. })
            | LdapFault::Tls(TlsFault::Timeout) => FailureCode::Timeout,
            LdapFault::Connect(
                ConnectError::Unresolved { .. } | ConnectError::Unreachable { .. },
            )
            | LdapFault::Lost(_) => FailureCode::Unreachable,
            // Octets put before the handshake are an attack on TLS, whoever notices them first: we or the handshake.
            LdapFault::Tls(_) | LdapFault::StartTlsRefused(_) | LdapFault::Injected => {
                FailureCode::Tls
            }
            LdapFault::BindRefused(_) | LdapFault::EmptyPassword | LdapFault::BindInClear => {
                FailureCode::Refused
            }
            LdapFault::Violation(_) | LdapFault::Library(_) => FailureCode::Protocol,
        };
        let begins = match &fault {
            LdapFault::Tls(TlsFault::NotYetValid { not_before }) => Some(*not_before),
            _ => None,
        };
        Self {
            begins,
            ..Self::of(code, &fault)
        }
    }
}
