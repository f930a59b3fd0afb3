//! What leaves for a gateway, opened by OpenSSL with the gateway's key.

use std::fs;

use super::{COURT, TOWN, Tunnel, opened, standing::log_seq};

fn list() -> String {
    format!(
        "{TOWN};sikkerpost@{TOWN};wrapped;11223344\n{COURT};sikkermail@{COURT};direct;55667788\n"
    )
}

/// The header of a message, unfolded, and what follows.
fn parts(message: &str) -> (String, &str) {
    let (head, body) = message.split_once("\r\n\r\n").unwrap();
    (head.replace("\r\n ", " ").replace("\r\n\t", " "), body)
}

#[test]
fn direct_mail_goes_to_the_recipient_and_opens_with_the_gateways_key() {
    let tunnel = Tunnel::with(&list());
    let to = format!("dommer@{COURT}");
    let ran = tunnel.desk.send(&["--to", &to]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.json()["deliveries"][0]["route"], "tunnel");
    let kept = tunnel.desk.demo.mail().kept();
    assert_eq!((kept.len(), &kept[0].rcpt_to), (1, &vec![to.clone()]));
    let inner = opened(&kept[0].data, &tunnel.court);
    assert!(inner.contains(&format!("To: {to}")), "{inner}");
    let log = tunnel.segl(&["log", "list", "--json"]).stdout;
    let shown = tunnel
        .segl(&["log", "show", &log_seq(&log, "intent"), "--json"])
        .stdout;
    for wanted in [
        "\"route\":\"tunnel\"",
        "\"list_sha256\":\"",
        "\"mode\":\"direct\"",
        "\"binding\":\"domain\"",
    ] {
        assert!(shown.contains(wanted), "{wanted}: {shown}");
    }
    // It was sent through a gateway: the address itself never had a certificate that could vanish.
    assert_eq!(
        tunnel.told(&to),
        ("green".to_owned(), "tunnel".to_owned(), "usable".to_owned())
    );
}

#[test]
fn wrapped_mail_is_one_message_to_the_gateways_mailbox_with_the_whole_message_inside() {
    let tunnel = Tunnel::with(&list());
    let (one, two, dommer) = (
        format!("en@{TOWN}"),
        format!("to@{TOWN}"),
        format!("dommer@{COURT}"),
    );
    let ran = tunnel.desk.send(&[
        "--to",
        &one,
        "--cc",
        &two,
        "--to",
        &dommer,
        "--to",
        "karen@advokat-eksempel.dk",
    ]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let deliveries = ran.json()["deliveries"].as_array().unwrap().clone();
    let routes: Vec<_> = deliveries
        .iter()
        .map(|d| d["route"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(routes, ["person", "tunnel", "tunnel"]);
    let kept = tunnel.desk.demo.mail().kept();
    let mailbox = format!("sikkerpost@{TOWN}");
    let outer = kept
        .iter()
        .find(|k| k.rcpt_to == [mailbox.clone()])
        .unwrap();
    let message = String::from_utf8(outer.data.clone()).unwrap();
    let (head, _) = parts(&message);
    assert!(
        head.contains(&format!("To: {mailbox}")) && head.contains("Subject: [...]"),
        "{head}"
    );
    // Nothing outside tells whom it is for, or what about.
    for told in ["en@", "to@", "dommer@", "karen@", "Reply-To", "Cc", "Pr"] {
        assert!(!head.contains(told), "{told}: {head}");
    }
    let payload = opened(&outer.data, &tunnel.town);
    let (root, inner) = parts(&payload);
    assert!(
        root.contains("Content-Type: message/rfc822; hp=\"cipher\""),
        "{root}"
    );
    for line in head.lines().filter(|l| {
        ["From:", "To:", "Subject:", "Date:"]
            .iter()
            .any(|f| l.starts_with(f))
    }) {
        assert!(root.lines().any(|l| l == line), "{line}: {root}");
    }
    let (inner_head, body) = parts(inner);
    for field in [
        format!("To: {one}, {dommer}, karen@advokat-eksempel.dk"),
        format!("Cc: {two}"),
        "Reply-To: ".to_owned(),
        "Subject: =?utf-8?".to_owned(),
        format!("Message-ID: {}", ran.json()["message_id"].as_str().unwrap()),
    ] {
        assert!(
            inner_head.to_lowercase().contains(&field.to_lowercase()),
            "{field}: {inner_head}"
        );
    }
    assert!(!inner_head.contains("Bcc") && !body.is_empty());
    let id = |head: &str| {
        head.lines()
            .find(|l| l.starts_with("Message-ID"))
            .map(str::to_owned)
    };
    assert_ne!(
        id(&head),
        id(&inner_head),
        "another message has another name"
    );
    // The log has a line for each of them, and the record the mailbox that it really went to.
    let log = tunnel.segl(&["log", "list", "--json"]).stdout;
    let shown = tunnel
        .segl(&["log", "show", &log_seq(&log, "intent"), "--json"])
        .stdout;
    assert!(
        shown.contains(&format!("\"wrapped_to\":\"{mailbox}\"")),
        "{shown}"
    );
    assert!(shown.contains(&one) && shown.contains(&two), "{shown}");
}

#[test]
fn a_blind_recipient_of_a_wrapped_domain_stands_in_nobody_elses_message() {
    let tunnel = Tunnel::with(&list());
    let (open, blind) = (format!("aaben@{TOWN}"), format!("blind@{TOWN}"));
    let ran = tunnel.desk.send(&["--to", &open, "--bcc", &blind]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let kept = tunnel.desk.demo.mail().kept();
    assert_eq!(kept.len(), 2);
    let inside: Vec<String> = kept.iter().map(|k| opened(&k.data, &tunnel.town)).collect();
    assert!(
        inside[0].contains(&open) && !inside[0].contains(&blind),
        "{}",
        inside[0]
    );
    // A gateway delivers to whom the fields name: its own message names the blind recipient alone.
    assert!(
        inside[1].contains(&blind) && !inside[1].contains(&open),
        "{}",
        inside[1]
    );
}

#[test]
fn a_refused_mailbox_is_told_of_all_who_are_inside_and_nothing_leaves() {
    use segl::demo::mail::{Fault, Step};
    let tunnel = Tunnel::with(&list());
    let mailbox = format!("sikkerpost@{TOWN}");
    let refused = Fault::reply(Step::Rcpt, 550, "no such mailbox").for_address(&mailbox);
    tunnel.desk.demo.mail().set_faults(vec![refused]);
    let ran = tunnel
        .desk
        .send(&["--to", &format!("en@{TOWN}"), "--to", &format!("to@{TOWN}")]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let told = &ran.json()["deliveries"][0]["recipients"];
    for recipient in told.as_array().unwrap() {
        assert!(
            recipient["reply"].as_str().unwrap().starts_with("550"),
            "{told}"
        );
    }
    assert!(tunnel.desk.demo.mail().kept().is_empty());
}

#[test]
fn wrapped_mail_that_is_signed_holds_as_a_whole_in_segl_and_openssl() {
    let tunnel = Tunnel::with(&list());
    let world = tunnel.desk.demo.world();
    let leaf = segl::demo::Leaf::mail("Anne", &world.sender_address)
        .with_key(segl::demo::KeyChoice::Shared(1106));
    let own = world.issuing.issue(&leaf).unwrap();
    let certificate = openssl::x509::X509::from_der(&own.der).unwrap();
    let pem = [
        own.key.private_key_to_pem_pkcs8().unwrap(),
        certificate.to_pem().unwrap(),
    ]
    .concat();
    tunnel.write("anne.pem", pem);
    let imported = tunnel.segl(&["cert", "import", "anne.pem"]);
    assert_eq!(imported.code, 0, "{imported:?}");
    let ran = tunnel.desk.send(&["--to", &format!("en@{TOWN}")]);
    assert_eq!(
        (ran.code, &ran.json()["deliveries"][0]["signed"]),
        (0, &true.into()),
        "{ran:?}"
    );
    let kept = tunnel.desk.demo.mail().kept();
    let payload = opened(&kept[0].data, &tunnel.town);
    assert!(
        payload.starts_with("Content-Type: multipart/signed"),
        "{payload}"
    );
    assert!(
        payload.contains("message/rfc822") && payload.contains("hp=\"cipher\""),
        "{payload}"
    );
    fs::write(tunnel.desk.path("signed.eml"), &payload).unwrap();
    let Some(mut openssl) = crate::tools::tool("openssl") else {
        return;
    };
    let verified = openssl
        .args([
            "cms",
            "-verify",
            "-in",
            "signed.eml",
            "-CAfile",
            "roots/demo.pem",
            "-certfile",
            "roots/issuing.pem",
            "-purpose",
            "any",
            "-partial_chain",
        ])
        .current_dir(tunnel.desk.demo.folder())
        .output()
        .unwrap();
    assert!(
        verified.status.success(),
        "{}",
        String::from_utf8_lossy(&verified.stderr)
    );
    // As the gateway's own Segl would open it.
    let gateway = openssl::x509::X509::from_der(&tunnel.town.der).unwrap();
    let key = [
        tunnel.town.key.private_key_to_pem_pkcs8().unwrap(),
        gateway.to_pem().unwrap(),
    ]
    .concat();
    tunnel.write("gateway.pem", key);
    tunnel.write("outer.eml", &kept[0].data);
    let read = tunnel.segl(&["open", "--json", "--key", "gateway.pem", "outer.eml"]);
    let read = read.json();
    assert_eq!(read["layers"].as_array().unwrap().len(), 2, "{read}");
    assert_eq!(
        read["signers"][0]["problems"].as_array().map(Vec::len),
        Some(0),
        "{read}"
    );
}

fn signs(tunnel: &Tunnel) {
    let world = tunnel.desk.demo.world();
    let leaf = segl::demo::Leaf::mail("Anne", &world.sender_address)
        .with_key(segl::demo::KeyChoice::Shared(1106));
    crate::own::import(&tunnel.desk, &world.issuing.issue(&leaf).unwrap());
}

#[test]
fn from_the_firms_main_mailbox_the_sender_stands_inside_only_and_signs_there() {
    let tunnel = Tunnel::new();
    tunnel.settings(
        "list = \"tunnel.csv\"\nmain_mailbox = \"Advokaterne <post@advokat-eksempel.dk>\"",
    );
    tunnel.write("tunnel.csv", list());
    signs(&tunnel);
    let ran = tunnel.desk.send(&["--to", &format!("en@{TOWN}")]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.json()["deliveries"][0]["signed"], true, "{ran:?}");
    let kept = tunnel.desk.demo.mail().kept();
    // Bounces reach whoever sent it.
    let anne = &tunnel.desk.demo.world().sender_address;
    assert_eq!(kept[0].mail_from, *anne);
    let message = String::from_utf8(kept[0].data.clone()).unwrap();
    let (head, _) = parts(&message);
    assert!(head.contains("<post@advokat-eksempel.dk>"), "{head}");
    assert!(!head.contains(anne.as_str()), "{head}");
    let payload = opened(&kept[0].data, &tunnel.town);
    let (root, inner) = parts(&payload);
    assert!(root.contains("message/rfc822; hp=\"cipher\""), "{root}");
    let (inner_head, _) = parts(inner);
    assert!(inner_head.contains(anne.as_str()), "{inner_head}");
    assert!(inner_head.contains("multipart/signed"), "{inner_head}");
    tunnel.write("inner.eml", inner);
    let verified = tunnel.segl(&["open", "--json", "inner.eml"]).json();
    assert_eq!(
        verified["signers"][0]["address"],
        anne.as_str(),
        "{verified}"
    );
    let problems = verified["signers"][0]["problems"].as_array();
    assert_eq!(problems.map(Vec::len), Some(0), "{verified}");
    let Some(mut openssl) = crate::tools::tool("openssl") else {
        return;
    };
    let arguments = [
        "cms",
        "-verify",
        "-in",
        "inner.eml",
        "-CAfile",
        "roots/demo.pem",
        "-certfile",
        "roots/issuing.pem",
        "-purpose",
        "any",
        "-partial_chain",
    ];
    let folder = tunnel.desk.demo.folder();
    let verified = openssl
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(verified.status.success(), "{verified:?}");
}

/// What is signed is 7-bit, and the fields inside are not.
#[test]
fn wrapped_mail_to_an_address_that_is_not_ascii_is_signed_too() {
    let tunnel = Tunnel::with(&list());
    signs(&tunnel);
    let to = format!("bjørn@{TOWN}");
    let ran = tunnel.desk.send(&["--to", &to]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.json()["deliveries"][0]["signed"], true, "{ran:?}");
    let kept = tunnel.desk.demo.mail().kept();
    assert_eq!(kept[0].rcpt_to, [format!("sikkerpost@{TOWN}")]);
    let payload = opened(&kept[0].data, &tunnel.town);
    assert!(payload.is_ascii(), "what is signed is 7-bit: {payload}");
    fs::write(tunnel.desk.path("signed.eml"), &payload).unwrap();
    let judged = READ_SIGNED.replace("TO", &to);
    assert_eq!(python(&tunnel, &judged), "good", "{payload}");
}

/// Python's own mail package, of what OpenSSL found the signature of good.
const READ_SIGNED: &str = r#"
import email, email.policy, subprocess, sys
run = subprocess.run(["openssl", "cms", "-verify", "-in", "signed.eml", "-out", "inside.eml", "-CAfile",
    "roots/demo.pem", "-certfile", "roots/issuing.pem", "-purpose", "any", "-partial_chain"], capture_output=True)
assert run.returncode == 0, run.stderr
root = email.message_from_bytes(open("inside.eml", "rb").read(), policy=email.policy.default)
assert root["Content-Type"].startswith('message/global; hp="cipher"'), root["Content-Type"]
assert root["Subject"] == "[...]" and root["From"] and root["To"] and root["Date"]
import base64
octets = root.as_bytes().split(b"\n\n", 1)[1]
inner = email.message_from_bytes(base64.b64decode(octets), policy=email.policy.default.clone(utf8=True))
assert inner["To"] == "TO", inner["To"]
assert "Rødgrød med fløde" in inner.get_body().get_content()
print("good")
"#;

/// The same of what OpenSSL decrypted with the gateway's key.
const READ_WRAPPED: &str = r#"
import email, email.policy, subprocess
run = subprocess.run(["openssl", "cms", "-decrypt", "-in", "outer.eml", "-inkey", "gateway.pem", "-recip",
    "gateway.pem", "-out", "inside.eml"], capture_output=True)
assert run.returncode == 0, run.stderr
outer = email.message_from_bytes(open("outer.eml", "rb").read(), policy=email.policy.default)
root = email.message_from_bytes(open("inside.eml", "rb").read(), policy=email.policy.default)
assert root.get_content_type() == "message/rfc822" and root.get_param("hp") == "cipher"
for field in ["From", "To", "Subject", "Date"]:
    assert root[field] == outer[field], field
assert outer["To"] == "sikkerpost@TOWN" and outer["Subject"] == "[...]"
[inner] = root.get_payload()
assert inner["To"] == "en@TOWN" and inner["Cc"] == "to@TOWN", inner.items()
assert inner["Reply-To"] and inner["Reply-To"] == outer["From"], inner.items()
assert inner["Subject"] == "Prøve" and inner["Message-ID"] != outer["Message-ID"]
assert inner["Bcc"] is None
body = inner.get_body(("plain",)).get_content()
assert "Rødgrød med fløde" in body, body
[file] = inner.iter_attachments()
assert file.get_filename() == "bilag.txt" and file.get_content().decode().strip() == "blåbær", file
print("good")
"#;

/// What Python says in the desk's folder; `good` where there is none.
fn python(tunnel: &Tunnel, script: &str) -> String {
    if crate::tools::tool("openssl").is_none() {
        return "good".to_owned();
    }
    let Some(mut python) = crate::tools::tool("python3") else {
        return "good".to_owned();
    };
    let ran = python
        .args(["-c", script])
        .current_dir(tunnel.desk.demo.folder())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&ran.stdout).trim().to_owned();
    format!("{told}{}", String::from_utf8_lossy(&ran.stderr))
}

#[test]
fn python_and_openssl_read_what_travels_inside_and_who_it_is_for() {
    let tunnel = Tunnel::with(&list());
    tunnel.write("bilag.txt", "blåbær\n");
    let (to, cc) = (format!("en@{TOWN}"), format!("to@{TOWN}"));
    let ran = tunnel
        .desk
        .send(&["--to", &to, "--cc", &cc, "--attach", "bilag.txt"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let kept = tunnel.desk.demo.mail().kept();
    tunnel.write("outer.eml", &kept[0].data);
    let gateway = openssl::x509::X509::from_der(&tunnel.town.der).unwrap();
    let key = tunnel.town.key.private_key_to_pem_pkcs8().unwrap();
    tunnel.write("gateway.pem", [key, gateway.to_pem().unwrap()].concat());
    assert_eq!(python(&tunnel, &READ_WRAPPED.replace("TOWN", TOWN)), "good");
}
