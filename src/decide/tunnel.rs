//! The way through the gateway of the recipient's organisation, where the tunnel list knows one.
//!
//! It comes after person and organisation, and is no way around a warning: where the address had a certificate of its
//! own that is gone, or certificates of another organisation turned up, nothing is sent through a gateway until somebody
//! has looked.

use jiff::Timestamp;

use super::assessment::{Assessment, Judged, Remembered, Status};
use crate::{
    cert::Problem,
    directory::Failure,
    mail::{Address, Digest},
    tunnel::Mode,
};

/// What the tunnel list says of an address's domain, and what was found of its gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tunnel {
    /// The name as listed: the domain, or a wildcard above it.
    pub listed: String,
    /// The domain whose gateway it is.
    pub domain: String,
    /// The organisation's name, as the list has it.
    pub organisation: Option<String>,
    /// How the message travels.
    pub mode: Mode,
    /// The gateway's mailbox: the list's, or the one under which its certificate was found. None where nothing was
    /// found, or where the name is one for certificates and not for mail.
    pub mailbox: Option<Address>,
    /// The name under which the certificate was found; none where the list carries it, or nothing was found.
    pub found_under: Option<Address>,
    /// Where the list is from.
    pub list: ListFacts,
    /// When an answer came back through this gateway, if one did: until then nobody knows that it works.
    pub answered_at: Option<Timestamp>,
    /// What the look-up of the recipient's own certificate came to.
    pub person: Status,
}

/// The list that a [`Tunnel`] rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListFacts {
    /// SHA-256 of its octets.
    pub sha256: Digest,
    /// From when it is: signed, fetched or written then.
    pub at: Timestamp,
    /// Whether that is longer ago than the settings want.
    pub is_old: bool,
}

impl Assessment {
    /// Whether the tunnel list is asked: nobody is encrypted to yet, and nothing was found that somebody must see first.
    pub fn may_tunnel(&self) -> bool {
        let must_be_seen = |problem: &Problem| {
            matches!(
                problem,
                Problem::OrganisationChanged { .. } | Problem::OrganisationConflict { .. }
            )
        };
        let mut problems = self.certificates().iter().flat_map(Judged::problems);
        self.used().next().is_none() && self.vanished().is_none() && !problems.any(must_be_seen)
    }

    /// Adds what was found of the gateway of the address's domain. Its certificates are weighed against each other, and
    /// against the organisation that this gateway had before, like those of an address. Nothing changes where
    /// [`may_tunnel`](Self::may_tunnel) says no.
    #[must_use]
    pub fn with_tunnel(
        mut self,
        mut tunnel: Tunnel,
        certificates: Vec<Judged>,
        failures: Vec<Failure>,
        remembered: Option<Remembered>,
    ) -> Self {
        if !self.may_tunnel() {
            return self;
        }
        tunnel.person = self.status();
        let (address, at) = (self.address().clone(), self.at());
        let mut gateway = Self::new(address, certificates, failures, remembered, at);
        // A gateway that takes mail at its mailbox only, and has none: what is sent otherwise nobody could read.
        if tunnel.mode == Mode::Wrapped && tunnel.mailbox.is_none() {
            gateway.set_all_aside();
        }
        self.take_gateway(gateway, tunnel);
        self
    }
}
