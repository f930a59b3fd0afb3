use super::*;

const TABLE: &str = "\u{feff}# a comment\r\ndomain;mailbox;mode;cvr;organisation;valid_from;cert_sha256\r\n\
    eksempelby.dk;sikkerpost@eksempelby.dk;wrapped;29188858;Eksempelby Kommune;2019-01-01;\r\n\
    \r\n*.ret-eksempel.dk;;direct;;\"Retten; Eksempelby\";;\r\nÆRØ-eksempel.dk;;;;;;\r\n";

fn list(text: &str) -> List {
    read(text.as_bytes())
        .unwrap_or_else(|e| panic!("{e}: {text}"))
        .list
}

fn details(list: &List, domain: &str) -> Details {
    list.find(domain)
        .unwrap_or_else(|| panic!("{domain}"))
        .details
        .clone()
}

#[test]
fn a_table_is_read_with_each_separator_with_names_or_without() {
    let with_names = list(TABLE);
    let town = details(&with_names, "eksempelby.dk");
    assert_eq!(
        town.mailbox
            .as_ref()
            .map(crate::mail::Address::wire)
            .as_deref(),
        Some("sikkerpost@eksempelby.dk")
    );
    assert_eq!(
        (town.mode, town.number.as_ref().and_then(|n| n.cvr())),
        (Some(Mode::Wrapped), Some("29188858"))
    );
    assert_eq!(town.organisation.as_deref(), Some("Eksempelby Kommune"));
    assert_eq!(
        town.valid_from.map(|d| d.to_string()).as_deref(),
        Some("2019-01-01")
    );
    let court = details(&with_names, "post.ret-eksempel.dk");
    assert_eq!(
        (court.mode, court.organisation.as_deref()),
        (Some(Mode::Direct), Some("Retten; Eksempelby"))
    );
    assert!(
        with_names.find("xn--r-eksempel-c6a6q.dk").is_some()
            || with_names
                .find(&idna::domain_to_ascii_strict("ærø-eksempel.dk").unwrap())
                .is_some()
    );
    let row =
        "eksempelby.dk;sikkerpost@eksempelby.dk;wrapped;29188858;Eksempelby Kommune;2019-01-01";
    for separator in [";", ",", "\t"] {
        let text = row.replace(';', separator);
        assert_eq!(details(&list(&text), "eksempelby.dk"), town, "{text}");
        let named = format!(
            "Domain{separator}mailbox{separator}mode{separator}cvr{separator}organisation{separator}valid_from\n{text}\n"
        );
        assert_eq!(details(&list(&named), "eksempelby.dk"), town, "{named}");
    }
    assert_eq!(list("sep=;\r\na.dk;b@a.dk\r\n").len(), 1);
    let moved = list("cvr;domain\n29188858;eksempelby.dk\n");
    assert_eq!(details(&moved, "eksempelby.dk").number, town.number);
}

#[test]
fn json_and_one_domain_a_line_are_read() {
    assert_eq!(list("a.dk\r\n# b.dk\r\n  B.dk \r\n").len(), 2);
    let json =
        r#"["a.dk", {"domain": "b.dk", "mode": "wrapped", "cvr": "29188858", "mailbox": null}]"#;
    let found = list(json);
    assert_eq!(
        (found.len(), details(&found, "b.dk").mode),
        (2, Some(Mode::Wrapped))
    );
}

#[test]
fn a_domain_is_looked_up_exactly_and_a_wildcard_only_where_the_list_has_one() {
    let list = list("a.dk\nb.dk\n*.b.dk\n*.deep.b.dk;;wrapped\n*.c.dk\n");
    for (domain, wanted) in [
        ("a.dk", Some("a.dk")),
        ("x.a.dk", None),
        ("xa.dk", None),
        ("b.dk", Some("b.dk")),
        ("x.b.dk", Some("*.b.dk")),
        ("x.y.b.dk", Some("*.b.dk")),
        ("x.deep.b.dk", Some("*.deep.b.dk")),
        ("deep.b.dk", Some("*.b.dk")),
        // A wildcard does not speak of the domain that it stands before.
        ("c.dk", None),
        ("x.c.dk", Some("*.c.dk")),
        ("*.c.dk", Some("*.c.dk")),
        ("", None),
        (".", None),
    ] {
        assert_eq!(list.find(domain).map(|e| e.listed), wanted, "{domain}");
    }
    assert_eq!(
        list.find("x.b.dk")
            .map(|e| e.domain().to_owned())
            .as_deref(),
        Some("b.dk")
    );
}

/// Two hundred good lines around one.
fn among_good(line: &[u8]) -> Vec<u8> {
    let mut octets: Vec<u8> = (0..100)
        .flat_map(|n| format!("g{n}.dk;;;;;;\n").into_bytes())
        .collect();
    octets.extend_from_slice(line);
    octets.push(b'\n');
    octets.extend((100..200).flat_map(|n| format!("g{n}.dk;;;;;;\n").into_bytes()));
    octets
}

#[test]
fn a_wrong_line_is_told_with_its_number_and_is_never_an_entry() {
    let long = format!("{}.dk", "x".repeat(1 << 20));
    let rows: Vec<(&[u8], FaultKind)> = vec![
        (b"not a domain;;;;;;", FaultKind::Domain),
        (b"<html><body>502</body></html>", FaultKind::Domain),
        (b"dk;;;;;;", FaultKind::Domain),
        (b"*;;;;;;", FaultKind::Domain),
        (b"*.dk;;;;;;", FaultKind::Domain),
        (b"a.*.dk;;;;;;", FaultKind::Domain),
        (b"post@a.dk;;;;;;", FaultKind::Domain),
        (b"127.0.0.1;;;;;;", FaultKind::Domain),
        (
            "eks\u{435}mpelby.dk;;;;;;".as_bytes(),
            FaultKind::LooksAlike,
        ),
        (
            "eksempel\u{202e}by.dk;;;;;;".as_bytes(),
            FaultKind::Forbidden,
        ),
        (
            "eksempel\u{200b}by.dk;;;;;;".as_bytes(),
            FaultKind::Forbidden,
        ),
        (b"eksem\0pelby.dk;;;;;;", FaultKind::Forbidden),
        (b"eksem\x1b[31mpelby.dk;;;;;;", FaultKind::Forbidden),
        (b"eksem\rpelby.dk;;;;;;", FaultKind::Forbidden),
        (b"eksempelb\xff.dk;;;;;;", FaultKind::NotText),
        (long.as_bytes(), FaultKind::TooLong),
        (b"a.dk;;;;;;;;x", FaultKind::Fields),
        (b"a.dk;\"b@a.dk;;;;;", FaultKind::Fields),
        (b"a.dk;b;;;;;", FaultKind::Mailbox),
        (b"a.dk;b@c.dk;;;;;", FaultKind::MailboxElsewhere),
        (b"a.dk;b@x.a.dk;;;;;", FaultKind::MailboxElsewhere),
        (b"*.a.dk;b@xa.dk;;;;;", FaultKind::MailboxElsewhere),
        (b"a.dk;;both;;;;", FaultKind::Mode),
        (b"a.dk;;;2918885;;;", FaultKind::Number),
        (b"a.dk;;;;;tomorrow;", FaultKind::Day),
        (b"a.dk;;;;;2026-02-30;", FaultKind::Day),
        (b"a.dk;;;;;;abc", FaultKind::Fingerprint),
        (b"a.dk;;;;;;;bm8=", FaultKind::Certificate),
    ];
    for (line, wanted) in rows {
        let shown = String::from_utf8_lossy(&line[..line.len().min(60)]).into_owned();
        let found = read(&among_good(line)).unwrap_or_else(|e| panic!("{e}: {shown}"));
        assert_eq!((found.list.len(), found.fault_count), (200, 1), "{shown}");
        let fault = &found.faults[0];
        assert_eq!((fault.number, fault.why), (101, wanted), "{shown}");
        assert!(fault.value.chars().count() <= 60);
    }
}

#[test]
fn a_list_that_nobody_can_be_sure_of_is_broken_as_a_whole() {
    let is = |text: &[u8]| read(text).map(|r| r.list.len()).unwrap_err();
    assert_eq!(is(b""), Broken::Empty);
    assert_eq!(is(b"# nothing\n\n"), Broken::Empty);
    assert_eq!(is(b"domain;mode\n"), Broken::Empty);
    assert_eq!(is(b"[]"), Broken::Empty);
    assert_eq!(is(b"\xff\xfea\0.\0d\0k\0"), Broken::NotText);
    assert_eq!(
        is(b"domain;fingerprint\na.dk;x\n"),
        Broken::Columns {
            found: vec!["fingerprint".to_owned()]
        }
    );
    assert_eq!(
        is(b"domain;mode;domain\na.dk;;b.dk\n"),
        Broken::Columns {
            found: vec!["domain".to_owned()]
        }
    );
    let twice = Broken::Contradiction {
        domain: "a.dk".to_owned(),
        number: 2,
    };
    assert_eq!(is(b"a.dk;;direct\nA.DK;;wrapped\n"), twice);
    assert_eq!(read(b"a.dk;;direct\nA.dk;;direct\n").unwrap().list.len(), 1);
    assert!(matches!(is(b"[\"a.dk\""), Broken::Json { .. }));
    assert!(matches!(
        is(b"a.dk\nb\n"),
        Broken::TooManyFaults {
            count: 1,
            all: 2,
            ..
        }
    ));
    // An unknown name in an object is a key that might have mattered.
    let other = is(br#"[{"domain": "a.dk", "key": "x"}]"#);
    assert!(
        matches!(
            other,
            Broken::TooManyFaults {
                unit: Unit::Item,
                ..
            }
        ),
        "{other:?}"
    );
    let garbage: Vec<u8> = (0..1_000_000_u32)
        .flat_map(|n| [(n % 251) as u8, b'\n'])
        .collect();
    assert!(matches!(is(&garbage), Broken::TooManyFaults { .. }));
}

#[test]
fn an_entry_holds_from_the_beginning_of_its_day() {
    let entry = details(&list("a.dk;;;;;2026-03-01;\n"), "a.dk");
    for (at, holds) in [
        ("2026-02-28T23:59:59Z", false),
        ("2026-03-01T00:00:00Z", true),
    ] {
        assert_eq!(entry.holds_at(at.parse().unwrap()), holds, "{at}");
    }
}

fn reasons(before: &str, after: &str) -> Vec<Reason> {
    let own = ["advokat-eksempel.dk".to_owned()];
    review(Some(&list(before)), &list(after), &own).reasons()
}

#[test]
fn what_changes_who_reads_a_mail_waits_for_somebody() {
    let before = "a.dk;p@a.dk;direct;29188858;A;;\nb.dk\nc.dk\nd.dk\n*.e.dk;;wrapped\n";
    let rest = "b.dk\nc.dk\nd.dk\n*.e.dk;;wrapped\n";
    assert_eq!(reasons(before, before), []);
    assert_eq!(reasons(before, &format!("{before}new.dk\n")), []);
    // A name for people decides nothing.
    assert_eq!(
        reasons(before, &format!("a.dk;p@a.dk;direct;29188858;B;;\n{rest}")),
        []
    );
    let key = format!("a.dk;p@a.dk;direct;29188858;A;;{}\n{rest}", "ab".repeat(32));
    for changed in [
        format!("a.dk;q@a.dk;direct;29188858;A;;\n{rest}"),
        format!("a.dk;p@a.dk;wrapped;29188858;A;;\n{rest}"),
        format!("a.dk;p@a.dk;direct;21987913;A;;\n{rest}"),
        format!("a.dk;p@a.dk;direct;;A;;\n{rest}"),
        key,
        // Said of one name below a wildcard, which spoke of it before.
        format!("{before}x.e.dk;;direct\n"),
    ] {
        assert_eq!(reasons(before, &changed), [Reason::Changes], "{changed}");
    }
    assert_eq!(
        reasons(before, &format!("{before}advokat-eksempel.dk\n")),
        [Reason::Own]
    );
    assert_eq!(
        reasons(before, &format!("{before}*.advokat-eksempel.dk\n")),
        [Reason::Own]
    );
    // One of five is a fifth, and no more.
    let without = |n: usize| {
        let rest: Vec<&str> = before.lines().skip(1 + n).collect();
        rest.join("\n") + "\n"
    };
    assert_eq!(reasons(before, &without(0)), []);
    assert_eq!(reasons(before, &without(1)), [Reason::Shrinks]);
    // Others in their place do not make up for those that are gone.
    assert_eq!(
        reasons(before, &format!("{}x.dk\ny.dk\nz.dk\n", without(1))),
        [Reason::Shrinks]
    );
}

#[test]
fn the_first_list_waits_only_where_it_names_the_firm_itself() {
    let own = ["advokat-eksempel.dk".to_owned()];
    assert_eq!(review(None, &list("a.dk\n"), &own).reasons(), []);
    let first = review(None, &list("a.dk\nadvokat-eksempel.dk\n"), &own);
    assert_eq!(
        (first.reasons(), first.own),
        (vec![Reason::Own], own.to_vec())
    );
}

#[test]
fn a_list_that_nobody_vouches_for_tells_membership_only() {
    let bare = list(TABLE).membership_only();
    assert_eq!((bare.len(), bare.keys()), (3, 0));
    assert!(bare.entries().all(|e| *e.details == Details::default()));
    assert!(bare.find("x.ret-eksempel.dk").is_some());
}

#[test]
fn a_million_lines_of_garbage_homographs_and_control_characters_are_no_list_and_hide_no_good_one() {
    const LINES: usize = 1_000_000;
    let bad = [
        // Cyrillic letters in a Latin name; the same as an A-label; a dotless i.
        "eks\u{435}mpelby.dk",
        "xn--eksmpelby-5fg.dk",
        "v\u{131}borg.dk",
        // What turns and hides text, an escape, a bell.
        "eksempelby.dk\u{202e}kd.ybrednA",
        "eksempel\u{200b}by.dk",
        "\u{1b}[2Jeksempelby.dk",
        "eksempelby.dk\u{7};;",
        "\u{0}\u{1}\u{2}\u{3}",
        // Not names.
        "=cmd|'/c calc'!A1",
        "<script>alert(1)</script>",
        "a..b.dk;\"\"\"\"\"",
        "-.-;-.-;-.-",
    ];
    let mut octets = Vec::with_capacity(LINES * 32);
    for n in 0..LINES {
        octets.extend_from_slice(bad[n % bad.len()].as_bytes());
        if n % 7 == 0 {
            octets.extend_from_slice(&[0xff, 0xfe, u8::try_from(n % 251).unwrap()]);
        }
        octets.push(b'\n');
    }
    // The first line decides nothing about columns.
    let broken = read(&octets).unwrap_err();
    let Broken::TooManyFaults {
        count, all, first, ..
    } = broken
    else {
        panic!("{broken:?}");
    };
    assert!(all > LINES / 2 && count == all, "{count} of {all}");
    assert!(first.len() <= 50, "told are the first, not all");
    assert!(first.iter().all(|f| f.value.len() < 1_000));
    // Among good ones, as few as are tolerated: none of them is an entry.
    let mut mixed = Vec::new();
    for n in 0..20_000 {
        mixed.extend_from_slice(format!("by-{n}.example\n").as_bytes());
        if n % 150 == 0 {
            mixed.extend_from_slice(bad[(n / 150) % bad.len()].as_bytes());
            mixed.push(b'\n');
        }
    }
    let taken = read(&mixed).unwrap();
    assert_eq!(taken.list.len(), 20_000);
    assert!(taken.fault_count > 100);
    let is_good = |e: Entry<'_>| e.listed.starts_with("by-") && e.listed.ends_with(".example");
    assert!(taken.list.entries().all(is_good));
}
