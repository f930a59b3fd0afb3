//! DKIM: the signatures of RFC 8463's appendix, and own ones that hold, do not, or cover too little; keys in a signed zone.

use std::time::Duration;

use openssl::{
    pkey::{PKey, Private},
    sha::sha256,
    sign::Signer,
};
use segl::{
    dkim::{Checked, KeyProof, Verdict, verify},
    net::Validating,
};
use tokio::time::Instant;

use crate::{desk::now, transport::zone::Zone};

/// RFC 8463 appendix A.3.
const FOOTBALL: &str = "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;\r
 d=football.example.com; i=@football.example.com;\r
 q=dns/txt; s=brisbane; t=1528637909; h=from : to :\r
 subject : date : message-id : from : subject : date;\r
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r
 b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus\r
 Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==\r
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;\r
 d=football.example.com; i=@football.example.com;\r
 q=dns/txt; s=test; t=1528637909; h=from : to : subject :\r
 date : message-id : from : subject : date;\r
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r
 b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3\r
 DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz\r
 dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=\r
From: Joe SixPack <joe@football.example.com>\r
To: Suzie Q <suzie@shopping.example.net>\r
Subject: Is dinner ready?\r
Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r
Message-ID: <20030712040037.46341.5F8J@football.example.com>\r
\r
Hi.\r
\r
We lost the game.  Are you hungry yet?\r
\r
Joe.\r
";
const FOOTBALL_KEYS: &str = "\
brisbane._domainkey.football.example.com. IN TXT \"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\"
test._domainkey.football.example.com. IN TXT \"v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB\"";

async fn checked(zone: Option<&Zone>, message: &str) -> Vec<Checked> {
    let dns = zone.map(|z| Validating::new(Some(z.address()), Some(&z.anchor())).unwrap());
    let until = Instant::now() + Duration::from_secs(20);
    verify(message.as_bytes(), dns.as_ref(), until, now()).await
}

fn verdicts(all: &[Checked]) -> Vec<(Verdict, KeyProof)> {
    all.iter().map(|c| (c.verdict, c.key)).collect()
}

fn base64(octets: &[u8]) -> String {
    base64_simd::STANDARD.encode_to_string(octets)
}

/// A message whose fields and body are canonical already, signed with `tags` in the signature.
fn signed(key: &PKey<Private>, domain: &str, tags: &str, body: &str) -> String {
    let covered = body.len().min(
        tags.split("l=")
            .nth(1)
            .and_then(|l| l.split(';').next()?.trim().parse().ok())
            .unwrap_or(usize::MAX),
    );
    let hash = base64(&sha256(&body.as_bytes()[..covered]));
    let field = format!(
        "v=1; a=ed25519-sha256; c=relaxed/simple; d={domain}; s=one; {tags} h=from:subject; bh={hash}; b="
    );
    let field = field.replace("  ", " ");
    let from = format!("from:Klaus <klaus@{domain}>\r\n");
    let over = format!("{from}subject:Re: x\r\ndkim-signature:{field}");
    let mut signer = Signer::new_without_digest(key).unwrap();
    let value = signer
        .sign_oneshot_to_vec(&sha256(over.as_bytes()))
        .unwrap();
    format!(
        "Received: from a by b; x\r\nDKIM-Signature: {field}{}\r\nFrom: Klaus <klaus@{domain}>\r\nSubject:  Re:  x \r\n\r\n{body}",
        base64(&value)
    )
}

fn record(name: &str, key: &PKey<Private>, more: &str) -> String {
    let public = base64(&key.raw_public_key().unwrap());
    format!("one._domainkey.{name}. IN TXT \"v=DKIM1; k=ed25519;{more} p={public}\"\n")
}

#[tokio::test]
async fn the_signatures_of_the_standard_hold_and_nothing_else_does() {
    let Some(zone) = Zone::start(FOOTBALL_KEYS) else {
        return;
    };
    let good = (Verdict::Valid, KeyProof::Dnssec);
    let found = checked(Some(&zone), FOOTBALL).await;
    assert_eq!(verdicts(&found), [good, good]);
    assert!(
        found[0].vouches_for("football.example.com")
            && found[0].vouches_for("mx.football.example.com")
    );
    assert!(!found[0].vouches_for("example.com") && !found[0].vouches_for("xfootball.example.com"));
    for (from, to, wanted) in [
        ("hungry", "Hungry", Verdict::Body),
        ("Is dinner", "Is Dinner", Verdict::Broken),
        ("Joe SixPack", "Joe  SixPack", Verdict::Valid),
        (
            "From: Joe",
            "From: Eva <eva@x.example>\r\nFrom: Joe",
            Verdict::Malformed,
        ),
        ("a=ed25519-sha256", "a=rsa-sha1", Verdict::Unsupported),
        (
            "v=1; a=ed25519-sha256",
            "v=2; a=ed25519-sha256",
            Verdict::Malformed,
        ),
        ("s=brisbane", "s=nowhere", Verdict::NoKey),
        (
            "s=brisbane; t=1528637909;",
            "s=brisbane; t=1528637909; x=1528637910;",
            Verdict::Expired,
        ),
        ("s=brisbane", "s=test", Verdict::KeyUnusable),
        (
            "i=@football.example.com",
            "i=@other.example",
            Verdict::Malformed,
        ),
    ] {
        let found = checked(Some(&zone), &FOOTBALL.replacen(from, to, 1)).await;
        assert_eq!(found[0].verdict, wanted, "{from} -> {to}");
    }
    // Nobody to ask is not the same as no key.
    let alone = checked(None, FOOTBALL).await;
    assert_eq!(alone[0].verdict, Verdict::KeyUnknown);
    assert_eq!(alone[0].key, KeyProof::Unreachable);
}

#[tokio::test]
async fn a_signature_counts_only_with_the_whole_body_and_a_key_that_stands() {
    let key = PKey::generate_ed25519().unwrap();
    let records = [
        record("whole.example", &key, ""),
        record("tried.example", &key, " t=y;"),
        record("strict.example", &key, " t=s;"),
        record("web.example", &key, " s=web;"),
        record("plain.unsigned", &key, ""),
        "one._domainkey.gone.example. IN TXT \"v=DKIM1; p=\"\n".to_owned(),
    ]
    .concat();
    let Some(zone) = Zone::start(records.trim_end()) else {
        return;
    };
    let body = "Modtaget.\r\n";
    for (domain, tags, body, wanted) in [
        (
            "whole.example",
            "",
            body,
            (Verdict::Valid, KeyProof::Dnssec),
        ),
        (
            "whole.example",
            "l=11;",
            body,
            (Verdict::Valid, KeyProof::Dnssec),
        ),
        (
            "whole.example",
            "l=5;",
            body,
            (Verdict::Partial, KeyProof::Dnssec),
        ),
        (
            "whole.example",
            "l=0;",
            body,
            (Verdict::Partial, KeyProof::Dnssec),
        ),
        (
            "whole.example",
            "i=@mx.whole.example;",
            body,
            (Verdict::Valid, KeyProof::Dnssec),
        ),
        (
            "strict.example",
            "i=@mx.strict.example;",
            body,
            (Verdict::KeyUnusable, KeyProof::Dnssec),
        ),
        (
            "tried.example",
            "",
            body,
            (Verdict::Testing, KeyProof::Dnssec),
        ),
        (
            "web.example",
            "",
            body,
            (Verdict::KeyUnusable, KeyProof::Dnssec),
        ),
        (
            "plain.unsigned",
            "",
            body,
            (Verdict::Valid, KeyProof::Plain),
        ),
        ("gone.example", "", body, (Verdict::NoKey, KeyProof::Dnssec)),
        (
            "absent.example",
            "",
            body,
            (Verdict::NoKey, KeyProof::Absent),
        ),
    ] {
        let message = signed(&key, domain, tags, body);
        let found = checked(Some(&zone), &message).await;
        assert_eq!(verdicts(&found), [wanted], "{domain} {tags}");
        assert_eq!(
            found[0].vouches_for(domain),
            wanted.0 == Verdict::Valid,
            "{domain} {tags}"
        );
    }
    // What somebody adds behind a partial signature does not make it whole, and behind a whole one breaks it.
    let more = signed(&key, "whole.example", "l=11;", body) + "Received: forged\r\n";
    assert_eq!(
        checked(Some(&zone), &more).await[0].verdict,
        Verdict::Partial
    );
    let more = signed(&key, "whole.example", "", body) + "x\r\n";
    assert_eq!(checked(Some(&zone), &more).await[0].verdict, Verdict::Body);
    // Empty lines at the end are no part of the body.
    let more = signed(&key, "whole.example", "", body) + "\r\n\r\n";
    assert_eq!(checked(Some(&zone), &more).await[0].verdict, Verdict::Valid);
}

#[tokio::test]
async fn a_key_whose_dns_signatures_are_broken_is_not_known() {
    let key = PKey::generate_ed25519().unwrap();
    let public = base64(&key.raw_public_key().unwrap());
    let other = base64(&[7; 32]);
    let records = record("whole.example", &key, "");
    let Some(zone) = Zone::start_with(records.trim_end(), |zone| zone.replace(&public, &other))
    else {
        return;
    };
    let found = checked(Some(&zone), &signed(&key, "whole.example", "", "x\r\n")).await;
    assert_eq!(verdicts(&found), [(Verdict::KeyUnknown, KeyProof::Bogus)]);
}
