use super::*;

/// Line → by, with, version, cipher, verify, weakness.
type Row<'a> = (
    &'a str,
    Option<&'a str>,
    Option<&'a str>,
    Option<&'a str>,
    Option<&'a str>,
    Option<&'a str>,
    Option<&'a str>,
);

#[test]
fn what_the_usual_mail_servers_write_is_read() {
    let rows: &[Row<'_>] = &[
        // Exim
        (
            "from [192.0.2.1] (helo=pc) by mail.example with esmtps  (TLS1.2) tls TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384 (Exim 4.94.2) (envelope-from <a@x.example>) id 1; Thu, 12 Nov 2026 14:02:00 +0100",
            Some("mail.example"),
            Some("esmtps"),
            Some("TLSv1.2"),
            Some("TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384"),
            None,
            None,
        ),
        (
            "from x ([192.0.2.1]) by mail.example with esmtps (TLSv1.2:ECDHE-RSA-AES256-GCM-SHA384:256) (Exim 4.80) id 1; Thu, 12 Nov 2026 14:02:00 +0100",
            Some("mail.example"),
            Some("esmtps"),
            Some("TLSv1.2"),
            Some("ECDHE-RSA-AES256-GCM-SHA384"),
            None,
            None,
        ),
        (
            "from x by mail.example with esmtps (TLS-1.0:DHE_RSA_ARCFOUR_SHA1:24) (Exim 4.69) id 1; Thu, 12 Nov 2026 14:02:00 +0100",
            Some("mail.example"),
            Some("esmtps"),
            Some("TLSv1"),
            Some("DHE_RSA_ARCFOUR_SHA1"),
            None,
            Some("old-version"),
        ),
        (
            "from x by mail.example with esmtp (Cipher TLSv1:DES-CBC3-SHA:168) (Exim 3.36) id 1; Thu, 12 Nov 2026 14:02:00 +0100",
            Some("mail.example"),
            Some("esmtp"),
            Some("TLSv1"),
            Some("DES-CBC3-SHA"),
            None,
            Some("old-version"),
        ),
        // Sendmail, Proofpoint
        (
            "from mx (mx.x.example [192.0.2.1]) by mail.example (8.16.1/8.16.1) with ESMTPS id 2 (version=TLSv1.2 cipher=ECDHE-RSA-AES256-GCM-SHA384 bits=256 verify=NO) for <a@x.example>; Thu, 12 Nov 2026 14:02:00 +0100",
            Some("mail.example"),
            Some("ESMTPS"),
            Some("TLSv1.2"),
            Some("ECDHE-RSA-AES256-GCM-SHA384"),
            Some("NO"),
            None,
        ),
        // Exchange
        (
            "from A.prod.outlook.example (2603:10a6::1) by B.prod.outlook.example (2603:10a6::2) with Microsoft SMTP Server (version=TLS1_2, cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id 15.20.4930.15; Thu, 12 Nov 2026 13:02:00 +0000",
            Some("B.prod.outlook.example"),
            Some("Microsoft"),
            Some("TLSv1.2"),
            Some("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"),
            None,
            None,
        ),
        (
            "from A.prod.outlook.example ([fe80::1]) by A.prod.outlook.example ([fe80::1%4]) with mapi id 15.20.4930.15; Thu, 12 Nov 2026 13:02:00 +0000",
            Some("A.prod.outlook.example"),
            Some("mapi"),
            None,
            None,
            None,
            None,
        ),
        (
            "from ex ([192.0.2.1]) by mail.example over TLS secured channel with Microsoft SMTPSVC(8.5.9600.16384); Thu, 12 Nov 2026 14:02:00 +0100",
            Some("mail.example"),
            Some("Microsoft"),
            None,
            None,
            None,
            None,
        ),
        // Gmail
        (
            "from mail-x.google.example (mail-x.google.example. [192.0.2.1]) by mx.google.example with ESMTPS id 1 for <a@x.example> (version=TLS1_3 cipher=TLS_AES_128_GCM_SHA256 bits=128/128); Thu, 12 Nov 2026 05:02:00 -0800 (PST)",
            Some("mx.google.example"),
            Some("ESMTPS"),
            Some("TLSv1.3"),
            Some("TLS_AES_128_GCM_SHA256"),
            None,
            None,
        ),
        (
            "by 2002:a05:6402:1::1 with SMTP id 1; Thu, 12 Nov 2026 05:02:00 -0800 (PST)",
            Some("2002:a05:6402:1::1"),
            Some("SMTP"),
            None,
            None,
            None,
            None,
        ),
        // Amazon SES
        (
            "from a8-50.smtp-out.amazonses.example (a8-50.smtp-out.amazonses.example [192.0.2.1]) by inbound-smtp.eu-west-1.amazonaws.example with SMTP id abc for a@x.example; Thu, 12 Nov 2026 13:02:00 +0000 (UTC)",
            Some("inbound-smtp.eu-west-1.amazonaws.example"),
            Some("SMTP"),
            None,
            None,
            None,
            None,
        ),
        // Cisco, Courier, qmail, mox, UTF-8 (RFC 6531), a sender that signed in with a phone
        (
            "from x by mail.example with ESMTP/TLS/DHE-RSA-AES256-SHA; 12 Nov 2026 14:02:00 +0100",
            Some("mail.example"),
            Some("ESMTP/TLS/DHE-RSA-AES256-SHA"),
            None,
            Some("DHE-RSA-AES256-SHA"),
            None,
            None,
        ),
        (
            "from x (x [192.0.2.1]) (TLS: TLSv1/SSLv3, 168bits,DES-CBC3-SHA) by mail.example with esmtp; Thu, 12 Nov 2026 14:02:00 +0100",
            Some("mail.example"),
            Some("esmtp"),
            Some("TLSv1"),
            Some("DES-CBC3-SHA"),
            None,
            Some("old-version"),
        ),
        (
            "from unknown (HELO x) (192.0.2.1) by mail.example with (DHE-RSA-AES256-SHA encrypted) SMTP; 12 Nov 2026 13:02:00 -0000",
            Some("mail.example"),
            None,
            None,
            Some("DHE-RSA-AES256-SHA"),
            None,
            None,
        ),
        (
            "from x by mail.example via tcp with UTF8SMTPS (requiretls) id 1 (TLS1.3 TLS_AES_128_GCM_SHA256) for <a@x.example>; 12 Nov 2026 14:02:00 +0100",
            Some("mail.example"),
            Some("UTF8SMTPS"),
            Some("TLSv1.3"),
            Some("TLS_AES_128_GCM_SHA256"),
            None,
            None,
        ),
        (
            "from x by mail.example with LMTPS id 1 (using SSLv3 with cipher RC4-MD5 (128/128 bits)); Thu, 12 Nov 2026 14:02:00 +0100",
            Some("mail.example"),
            Some("LMTPS"),
            Some("SSLv3"),
            Some("RC4-MD5"),
            None,
            Some("old-version"),
        ),
        (
            "from x by mail.example with ESMTPS id 1 (using TLSv1.2 with cipher NULL-SHA256 (0/0 bits)); Thu, 12 Nov 2026 14:02:00 +0100",
            Some("mail.example"),
            Some("ESMTPS"),
            Some("TLSv1.2"),
            Some("NULL-SHA256"),
            None,
            Some("cipher"),
        ),
    ];
    for (line, by, with, version, cipher, verify, weakness) in rows {
        let hop = Hop::parse(line);
        assert_eq!(hop.by.as_deref(), *by, "{line}");
        assert_eq!(hop.with.as_deref(), *with, "{line}");
        let tls = hop.tls.clone().unwrap_or_default();
        assert_eq!(tls.version.as_deref(), *version, "{line}");
        assert_eq!(tls.cipher.as_deref(), *cipher, "{line}");
        assert_eq!(tls.verify.as_deref(), *verify, "{line}");
        assert_eq!(hop.weakness().map(Weakness::code), *weakness, "{line}");
        assert_eq!(
            hop.at,
            Some("2026-11-12T13:02:00Z".parse().unwrap()),
            "{line}"
        );
        let says = version.is_some() || cipher.is_some();
        let by_name = with.is_some_and(|w| w.to_ascii_uppercase().ends_with("TPS"));
        assert_eq!(
            hop.is_encrypted(),
            says || by_name || line.contains("over TLS"),
            "{line}"
        );
    }
}

#[test]
fn what_the_other_side_wrote_of_itself_is_no_word_of_the_writer() {
    for line in [
        "from x (using [192.0.2.1]) by mail.example with ESMTP id 1; 12 Nov 2026 14:02:00 +0100",
        "from version=TLSv1.3 (x [192.0.2.1]) by mail.example with ESMTP id 1; 12 Nov 2026 14:02:00 +0100",
        "from x ([192.0.2.1] helo=TLSv1.3) by mail.example with esmtp id 1; 12 Nov 2026 14:02:00 +0100",
        "from x (x [192.0.2.1]) (Client CN \"using TLSv1.3 with cipher A\", Issuer \"(version=TLSv1.3)\" (not verified)) by mail.example with ESMTP id 1; 12 Nov 2026 14:02:00 +0100",
    ] {
        let hop = Hop::parse(line);
        assert!(!hop.is_encrypted(), "{line}: {hop:?}");
        assert_eq!(hop.by.as_deref(), Some("mail.example"), "{line}");
    }
}

#[test]
fn nesting_quotes_and_lines_without_an_end_are_read_in_one_pass() {
    let deep = format!(
        "from x {}y{} by mail.example; x",
        "(".repeat(1500),
        ")".repeat(1500)
    );
    assert_eq!(Hop::parse(&deep).by.as_deref(), Some("mail.example"));
    let open = format!(
        "from x {} by mail.example; 12 Nov 2026 14:02:00 +0100",
        "(".repeat(1500)
    );
    let hop = Hop::parse(&open);
    assert_eq!(hop.by, None);
    assert_eq!(hop.at, Some("2026-11-12T13:02:00Z".parse().unwrap()));
    let escaped = Hop::parse("from x (a\\) by forged.example (b) c) by mail.example; x");
    assert_eq!(escaped.by.as_deref(), Some("mail.example"));
    let long = Hop::parse(&format!("from {} by mail.example", "x".repeat(1 << 20)));
    assert!(long.text.len() <= LINE_MAX && long.from.is_some_and(|f| f.len() <= WORD_MAX));
    for odd in [
        "",
        ";",
        "(",
        ")",
        "\\",
        "(\\",
        "from",
        "from by",
        "by (",
        "æ(ø;å",
        "with with with",
    ] {
        let _read = Hop::parse(odd);
    }
}

#[test]
fn a_keyword_that_is_a_name_is_a_name() {
    let hop = Hop::parse("from by by with with id id id for for; x");
    assert_eq!(
        (hop.from.as_deref(), hop.by.as_deref(), hop.with.as_deref()),
        (Some("by"), Some("with"), Some("id"))
    );
}

proptest::proptest! {
    #[test]
    fn whatever_stands_in_a_line_it_is_read(text in "[ -~æ\t]{0,200}", odd in ".{0,80}") {
        for line in [&text, &odd, &format!("from {text} ({odd}) by {odd}; {text}")] {
            let hop = Hop::parse(line);
            proptest::prop_assert!(hop.text.len() <= LINE_MAX);
        }
    }

    #[test]
    fn whatever_octets_a_mail_has_its_fields_are_read(octets: Vec<u8>) {
        let clean = crate::mail::fields::with_crlf(&octets);
        let (fields, body) = crate::mail::fields::fields(&clean);
        let length: usize = fields.iter().map(|f| f.whole.len()).sum();
        proptest::prop_assert!(length + body.len() <= clean.len());
        let _read = hops(&fields);
        let _read = crate::mail::notification(&clean);
    }
}
