//! Which trace lines of a mail that came in may be believed: those that the firm's own border hosts added, and no others.
//!
//! Whoever sends a mail can write any line into it, also one that names our host. What it cannot do is stand above the
//! line with which our border took the mail. So: from the top, lines by an own host, as long as the mail came from inside
//! the house; the first that says it came from outside is the border's, and everything below it is claimed.

use super::filed::{SeenHop, Witness};
use crate::mail::trace::Hop;

/// The lines of a mail that came in, each with who says it. `claimed` is the word that the others stand on.
pub fn witnessed(hops: Vec<Hop>, own_hosts: &[String], claimed: Witness) -> Vec<SeenHop> {
    let mut inside = true;
    hops.into_iter()
        .map(|hop| {
            let is_ours = inside && hop.by.as_deref().is_some_and(|by| is_own(by, own_hosts));
            let is_border = is_ours && !came_from_inside(&hop, own_hosts);
            inside = is_ours && !is_border;
            SeenHop {
                witness: if is_ours { Witness::Observed } else { claimed },
                is_border,
                hop,
            }
        })
        .collect()
}

/// Whether a name is one of the firm's border hosts.
pub fn is_own(name: &str, own_hosts: &[String]) -> bool {
    let name = name.trim_end_matches('.');
    own_hosts
        .iter()
        .any(|own| own.trim_end_matches('.').eq_ignore_ascii_case(name))
}

/// Whether our host had the mail from itself or another own host, by what it saw, not by the name that it was told:
/// anybody can greet with our name. Addresses inside a private network are no proof, because a router or proxy in front
/// of the border gives everybody one. Of the forms of the comment behind the name only `name [address]` and `[address]`
/// are taken, in which no word of the other side stands.
fn came_from_inside(hop: &Hop, own_hosts: &[String]) -> bool {
    let Some(seen) = &hop.seen_as else {
        // Handed over without a network: by the mail store, or a filter.
        return hop.from.is_none();
    };
    let Some((name, rest)) = seen.split_once('[') else {
        return false;
    };
    let (name, address) = (name.trim(), rest.strip_suffix(']').unwrap_or_default());
    let is_one_word = !name.contains([' ', '=', '(', ')']);
    if !is_one_word
        || ["helo", "ehlo"]
            .iter()
            .any(|w| name.eq_ignore_ascii_case(w))
    {
        return false;
    }
    let address = address.strip_prefix("IPv6:").unwrap_or(address);
    let address: Option<core::net::IpAddr> = address.parse().ok();
    address.is_some_and(|ip| ip.is_loopback() || is_own(name, own_hosts))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own() -> Vec<String> {
        ["mx.own.example", "store.own.example"]
            .map(str::to_owned)
            .to_vec()
    }

    /// One letter for each line: `B` the border's, `o` observed inside the house, `c` claimed.
    fn read(lines: &[&str], own: &[String]) -> String {
        let hops = lines.iter().map(|l| Hop::parse(l)).collect();
        let seen = witnessed(hops, own, Witness::Unverified);
        seen.iter()
            .map(|h| match (h.is_border, h.witness) {
                (true, Witness::Observed) => 'B',
                (false, Witness::Observed) => 'o',
                (_, _) => 'c',
            })
            .collect()
    }

    const TAKEN: &str = "from mx.them.example (mx.them.example [192.0.2.7]) (using TLSv1.3 with cipher X (256/256 bits)) by mx.own.example (Postfix) with ESMTPS id 1; 12 Nov 2026 14:02:00 +0100";
    const FORGED: &str = "from mx.them.example (mx.them.example [192.0.2.7]) by MX.own.example with ESMTPS id 0; 12 Nov 2026 14:02:00 +0100";
    const INSIDE: &str = "from mx.own.example (mx.own.example [10.0.0.4]) by store.own.example with ESMTPS id 2; 12 Nov 2026 14:02:00 +0100";
    const FILTER: &str = "from localhost (localhost [127.0.0.1]) by mx.own.example (Postfix) with ESMTP id 3; 12 Nov 2026 14:02:00 +0100";
    const STORE: &str = "by store.own.example with LMTP id 4; 12 Nov 2026 14:02:00 +0100";
    const THEIRS: &str =
        "from pc (pc [192.0.2.9]) by mx.them.example with ESMTPSA id 5; 12 Nov 2026 14:02:00 +0100";

    #[test]
    fn only_lines_above_and_at_the_border_are_observed() {
        let own = own();
        let rows: &[(&[&str], &str)] = &[
            (&[TAKEN, THEIRS], "Bc"),
            (&[STORE, INSIDE, FILTER, TAKEN, THEIRS], "oooBc"),
            // They put a line with our name below the border's.
            (&[TAKEN, FORGED, THEIRS], "Bcc"),
            (&[STORE, TAKEN, FORGED, FILTER, STORE], "oBccc"),
            // A line of somebody else stands on top: nothing below it is ours.
            (&[THEIRS, TAKEN], "cc"),
            (&[], ""),
        ];
        for (lines, wanted) in rows {
            assert_eq!(read(lines, &own), *wanted, "{lines:?}");
        }
        assert_eq!(read(&[TAKEN, THEIRS], &[]), "cc");
    }

    #[test]
    fn who_greets_with_our_name_is_still_outside() {
        let own = own();
        for from in [
            "from mx.own.example (unknown [192.0.2.66])",
            "from mx.own.example (evil.example [192.0.2.66])",
            "from mx.own.example ([192.0.2.66] helo=mx.own.example)",
            "from evil.example ([192.0.2.66] helo=127.0.0.1)",
            "from mx.own.example (10.0.0.9)",
            "from localhost",
            "from [127.0.0.1]",
            "from [192.0.2.66] (helo=[127.0.0.1])",
            "from unknown (HELO [127.0.0.1]) (192.0.2.66)",
            "from evil.example ([192.0.2.66] helo=[127.0.0.1])",
            "from evil.example (mx.own.example [127.0.0.1] (may be forged))",
            "from x (localhost 127.0.0.1)",
        ] {
            let line =
                format!("{from} by mx.own.example with ESMTP id 6; 12 Nov 2026 14:02:00 +0100");
            assert_eq!(read(&[&line, FORGED], &own), "Bc", "{from}");
        }
    }
}
