//! Messages made by OpenSSL's command.

use std::fs;

use super::{Bench, KeyKind, codes, problems};

const TEXT: &str = "Content-Type: text/plain; charset=utf-8\r\n\r\nKære Bo\r\n";

/// A mail around what OpenSSL wrote: its own fields, and a sender.
fn mail(bench: &Bench, made: &str, from: &str) -> String {
    let made = fs::read_to_string(bench.path(made)).expect("a message");
    format!("From: {from}@example.com\r\nTo: bo@example.com\r\nSubject: Hej\r\n{made}")
}

#[test]
fn what_openssl_encrypts_opens_with_every_kind_of_key_and_cipher() {
    let Some(bench) = Bench::new() else { return };
    fs::write(bench.path("text"), TEXT).unwrap();
    for (name, kind) in [
        ("rsa", KeyKind::Rsa),
        ("p256", KeyKind::Curve("P-256")),
        ("p384", KeyKind::Curve("P-384")),
        ("p521", KeyKind::Curve("P-521")),
    ] {
        bench.person(name, kind);
        let certificate = format!("{name}.pem");
        for (option, cipher, is_authenticated) in [
            ("-aes-128-cbc", "aes128-cbc", false),
            ("-aes-256-cbc", "aes256-cbc", false),
            ("-aes-256-gcm", "aes256-gcm", true),
            ("-des3", "3des-cbc", false),
        ] {
            // Triple DES is outdated, and its key wrap for curves was never much used: it is not read.
            if option == "-des3" && name != "rsa" {
                continue;
            }
            bench.openssl(&[
                "cms",
                "-encrypt",
                option,
                "-in",
                "text",
                "-out",
                "made",
                "-recip",
                &certificate,
            ]);
            fs::write(bench.path("mail"), mail(&bench, "made", "anne")).unwrap();
            let (value, exit) = bench.open(Some(&format!("{name}.both")), &[], "mail");
            assert_eq!(value["text"], "Kære Bo\n", "{name} {option}: {value}");
            let layer = &value["layers"][0];
            assert_eq!(layer["cipher"], cipher);
            assert_eq!(layer["authenticated"], is_authenticated);
            let way = if name == "rsa" { "rsa-pkcs1" } else { "ecdh" };
            assert_eq!(layer["key_management"], way, "{name}");
            // Whoever could alter it unseen is warned of; a tag that held is good.
            assert_eq!(
                codes(&value["warnings"]).contains(&"unauthenticated".to_owned()),
                !is_authenticated
            );
            assert_eq!(
                codes(&value["warnings"]).contains(&"weak-cipher".to_owned()),
                option == "-des3"
            );
            assert_eq!(exit, i32::from(!is_authenticated));
        }
    }
}

#[test]
fn oaep_streamed_and_key_identifiers_are_read() {
    let Some(bench) = Bench::new() else { return };
    bench.person("bo", KeyKind::Rsa);
    bench.person("eva", KeyKind::Curve("P-256"));
    fs::write(bench.path("text"), TEXT).unwrap();
    let oaep = [
        "-keyopt",
        "rsa_padding_mode:oaep",
        "-keyopt",
        "rsa_oaep_md:sha256",
    ];
    for more in [
        &oaep[..],
        &["-keyopt", "rsa_padding_mode:oaep"],
        &[
            "-keyopt",
            "rsa_padding_mode:oaep",
            "-keyopt",
            "rsa_oaep_label:53616731",
        ],
        &["-keyid"],
        &["-stream"],
    ] {
        let arguments = [
            &[
                "cms", "-encrypt", "-aes256", "-in", "text", "-out", "made", "-recip", "bo.pem",
            ][..],
            more,
        ];
        bench.openssl(&arguments.concat());
        fs::write(bench.path("mail"), mail(&bench, "made", "anne")).unwrap();
        let (value, _) = bench.open(Some("bo.both"), &[], "mail");
        assert_eq!(value["text"], "Kære Bo\n", "{more:?}: {value}");
    }
    // A key agreement has a form of its own for key identifiers.
    bench.openssl(&[
        "cms", "-encrypt", "-aes256", "-in", "text", "-out", "made", "-keyid", "-recip", "eva.pem",
    ]);
    fs::write(bench.path("mail"), mail(&bench, "made", "anne")).unwrap();
    let (value, _) = bench.open(Some("eva.both"), &[], "mail");
    assert_eq!(value["text"], "Kære Bo\n", "{value}");
}

#[test]
fn a_signature_holds_only_over_what_was_signed_and_for_its_sender() {
    let Some(bench) = Bench::new() else { return };
    bench.person("anne", KeyKind::Rsa);
    bench.person("eva", KeyKind::Curve("P-256"));
    fs::write(bench.path("text"), TEXT).unwrap();
    for (who, more) in [
        ("anne", &[] as &[&str]),
        ("anne", &["-nodetach"]),
        ("anne", &["-md", "sha512"]),
        ("anne", &["-keyopt", "rsa_padding_mode:pss"]),
        ("anne", &["-keyid"]),
        ("anne", &["-noattr"]),
        ("eva", &[]),
        ("eva", &["-nodetach", "-stream"]),
    ] {
        bench.sign(who, more);
        let signed = mail(&bench, "made", who);
        fs::write(bench.path("mail"), &signed).unwrap();
        let (value, exit) = bench.open(None, &[], "mail");
        assert_eq!(
            (value["text"].as_str(), exit),
            (Some("Kære Bo\n"), 0),
            "{who} {more:?}: {value}"
        );
        assert_eq!(problems(&value, 0), [""; 0], "{who} {more:?}");

        fs::write(bench.path("mail"), mail(&bench, "made", "somebody")).unwrap();
        let (value, exit) = bench.open(None, &[], "mail");
        assert_eq!(
            (problems(&value, 0), exit),
            (vec!["from-mismatch".to_owned()], 1),
            "{who} {more:?}"
        );

        if signed.contains("Kære Bo") {
            fs::write(bench.path("mail"), signed.replace("Kære Bo", "Kære Ib")).unwrap();
            let (value, exit) = bench.open(None, &[], "mail");
            let found = problems(&value, 0);
            let changed = ["content-changed", "signature-invalid"];
            assert!(
                found.iter().any(|f| changed.contains(&f.as_str())) && exit == 1,
                "{found:?}"
            );
        }
    }
}

#[test]
fn three_layers_are_told_in_their_order() {
    let Some(bench) = Bench::new() else { return };
    bench.person("anne", KeyKind::Rsa);
    bench.person("bo", KeyKind::Rsa);
    fs::write(bench.path("text"), TEXT).unwrap();
    let sign = ["cms", "-sign", "-signer", "anne.pem", "-inkey", "anne.key"];
    bench.openssl(&[&sign[..], &["-in", "text", "-out", "one"]].concat());
    bench.openssl(&[
        "cms", "-encrypt", "-aes256", "-in", "one", "-out", "two", "-recip", "bo.pem",
    ]);
    bench.openssl(&[&sign[..], &["-nodetach", "-in", "two", "-out", "three"]].concat());
    fs::write(bench.path("mail"), mail(&bench, "three", "anne")).unwrap();
    let (value, exit) = bench.open(Some("bo.both"), &[], "mail");
    let kinds: Vec<_> = value["layers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|l| &l["kind"])
        .collect();
    assert_eq!(kinds, ["signed", "encrypted", "signed"], "{value}");
    assert_eq!(
        (value["text"].as_str(), exit),
        (Some("Kære Bo\n"), 0),
        "{value}"
    );
}

#[test]
fn without_the_key_nothing_is_shown_and_the_reason_is_told() {
    let Some(bench) = Bench::new() else { return };
    bench.person("bo", KeyKind::Rsa);
    bench.person("eva", KeyKind::Rsa);
    fs::write(bench.path("text"), TEXT).unwrap();
    bench.openssl(&[
        "cms", "-encrypt", "-aes256", "-in", "text", "-out", "made", "-recip", "bo.pem",
    ]);
    fs::write(bench.path("mail"), mail(&bench, "made", "anne")).unwrap();
    for key in [None, Some("eva.both")] {
        let (value, exit) = bench.open(key, &[], "mail");
        assert_eq!(
            (value["error"]["code"].as_str(), exit),
            (Some("no-key"), 1),
            "{value}"
        );
    }
    let cut = mail(&bench, "made", "anne");
    let cut = &cut[..cut.len() - 200];
    fs::write(bench.path("mail"), cut).unwrap();
    let (value, exit) = bench.open(Some("bo.both"), &[], "mail");
    assert!(value["error"]["code"].is_string() && exit == 1, "{value}");
}

#[test]
fn an_altered_octet_of_an_authenticated_message_shows_nothing_of_it() {
    let Some(bench) = Bench::new() else { return };
    bench.person("bo", KeyKind::Rsa);
    fs::write(bench.path("text"), TEXT.repeat(50)).unwrap();
    bench.openssl(&[
        "cms",
        "-encrypt",
        "-aes-256-gcm",
        "-in",
        "text",
        "-outform",
        "DER",
        "-out",
        "made",
        "-recip",
        "bo.pem",
    ]);
    let der = fs::read(bench.path("made")).unwrap();
    let head = "From: anne@example.com\r\nContent-Type: application/pkcs7-mime; smime-type=authEnveloped-data\r\n\
        Content-Transfer-Encoding: base64\r\n\r\n";
    let write = |der: &[u8]| {
        fs::write(
            bench.path("mail"),
            format!("{head}{}", base64_simd::STANDARD.encode_to_string(der)),
        )
        .unwrap();
    };
    write(&der);
    assert_eq!(bench.open(Some("bo.both"), &[], "mail").1, 0);
    // In the content, and in the tag at its end.
    for at in [der.len() - 600, der.len() - 3] {
        let mut altered = der.clone();
        altered[at] ^= 1;
        write(&altered);
        let (value, exit) = bench.open(Some("bo.both"), &[], "mail");
        assert_eq!(
            (value["error"]["code"].as_str(), exit),
            (Some("cannot-be-opened"), 1),
            "{value}"
        );
    }
    // A tag of four octets can be forged by trying: whoever cuts it is refused before any key is used.
    let mut short = der.clone();
    let tag_at = short.len() - 18;
    assert_eq!(short[tag_at..tag_at + 2], [4, 16]);
    short.truncate(tag_at + 2 + 4);
    short[tag_at + 1] = 4;
    write(&short);
    let (value, exit) = bench.open(Some("bo.both"), &[], "mail");
    assert_eq!(
        (value["error"]["code"].as_str(), exit),
        (Some("malformed"), 1),
        "{value}"
    );
}

#[test]
fn a_part_is_saved_only_where_the_user_says_and_never_over_a_file() {
    let Some(bench) = Bench::new() else { return };
    let mail = "From: a@example.com\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHej\r\n--b\r\n\
        Content-Type: application/pdf\r\nContent-Disposition: attachment; filename=\"../../x.pdf.exe\"\r\n\
        Content-Transfer-Encoding: base64\r\n\r\nYWJj\r\n--b--\r\n";
    fs::write(bench.path("mail"), mail).unwrap();
    let (value, exit) = bench.open(None, &[], "mail");
    assert_eq!(exit, 0, "{value}");
    assert_eq!(value["parts"][1]["name"], "x_pdf.exe");
    assert_eq!(value["parts"][1]["size"], 3);
    let target = bench.path("saved").display().to_string();
    let save = |number: &str| {
        std::process::Command::new(env!("CARGO_BIN_EXE_segl"))
            .env_clear()
            .env("HOME", bench.path(""))
            .args(["open", "--part", number, "--out", &target])
            .arg(bench.path("mail"))
            .output()
            .unwrap()
            .status
            .code()
    };
    assert_eq!(save("2"), Some(0));
    assert_eq!(fs::read(&target).unwrap(), b"abc");
    assert_eq!(save("1"), Some(2));
    assert_eq!(fs::read(&target).unwrap(), b"abc");
    assert_eq!(save("9"), Some(1));
}

#[test]
fn lines_that_were_broken_for_the_way_are_shown_whole() {
    let Some(bench) = Bench::new() else { return };
    let text =
        "En linje \r\nmed fortsættelse\r\n From her\r\n> citat \r\n> mere\r\n-- \r\nAnne\r\n";
    for (parameters, wanted) in [
        (
            "; format=flowed",
            "En linje med fortsættelse\nFrom her\n> citat \n> mere\n-- \nAnne\n",
        ),
        (
            "; Format=Flowed; DelSp=Yes",
            "En linjemed fortsættelse\nFrom her\n> citat \n> mere\n-- \nAnne\n",
        ),
        ("", &*text.replace("\r\n", "\n")),
    ] {
        let mail = format!(
            "From: a@example.com\r\nContent-Type: text/plain; charset=utf-8{parameters}\r\n\r\n{text}"
        );
        fs::write(bench.path("mail"), mail).unwrap();
        let (value, _) = bench.open(None, &[], "mail");
        assert_eq!(value["text"], wanted, "{parameters}");
    }
}

#[test]
fn an_encrypted_part_beside_others_is_never_decrypted() {
    let Some(bench) = Bench::new() else { return };
    bench.person("bo", KeyKind::Rsa);
    fs::write(
        bench.path("text"),
        "Content-Type: text/plain\r\n\r\nHEMMELIGT\r\n",
    )
    .unwrap();
    bench.openssl(&[
        "cms", "-encrypt", "-aes256", "-in", "text", "-out", "made", "-recip", "bo.pem",
    ]);
    let inner = fs::read_to_string(bench.path("made")).unwrap();
    for kind in ["mixed", "alternative", "related"] {
        let mail = format!(
            "From: m@example.com\r\nContent-Type: multipart/{kind}; boundary=b\r\n\r\n--b\r\n\
            Content-Type: text/html\r\n\r\n<img src=\"http://x.example/\r\n--b\r\n{inner}\r\n--b\r\n\
            Content-Type: text/html\r\n\r\n\">\r\n--b--\r\n"
        );
        fs::write(bench.path("mail"), mail).unwrap();
        let (value, exit) = bench.open(Some("bo.both"), &[], "mail");
        assert_eq!(exit, 1);
        assert!(
            codes(&value["warnings"]).contains(&"part-not-opened".to_owned()),
            "{value}"
        );
        assert!(!value.to_string().contains("HEMMELIGT"), "{value}");
    }
}
