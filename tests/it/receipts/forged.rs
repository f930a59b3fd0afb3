//! Lines that somebody else wrote, and more of them than anybody reads.

use std::fmt::Write as _;

use segl::mail::{fields, trace};

use super::*;

fn witnesses(ran: &Ran) -> Vec<String> {
    let value = ran.json();
    let hops = value["legs"][0]["hops"].as_array().unwrap().clone();
    hops.iter()
        .map(|h| h["witness"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_line_in_our_name_below_the_border_is_claimed() {
    let desk = desk();
    let id = ask(&desk);
    // Taken without TLS, with a line in our name below it that says otherwise.
    let plain = TAKEN
        .replace(
            "\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))\r\n",
            "",
        )
        .replace("ESMTPS", "ESMTP");
    let ran = take(&desk, disposition(&id, &[&*plain, TAKEN, THEIRS].concat()));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(witnesses(&ran), ["observed", "claimed", "claimed"]);
    let summary = &ran.json()["summary"];
    assert_eq!(
        (&summary["witness"], &summary["encrypted"]),
        (&"observed".into(), &0.into())
    );
}

#[test]
fn without_own_hosts_and_inside_what_came_back_everything_is_claimed() {
    let desk = Desk::new();
    desk.edit("[tls]\n", "[tls]\ndeadline = \"1s\"\n");
    let id = ask(&desk);
    let ran = take(&desk, disposition(&id, &[TAKEN, THEIRS].concat()));
    assert_eq!(witnesses(&ran), ["claimed", "claimed"]);
    let other = super::desk();
    let id = ask(&other);
    let inside = disposition(&id, THEIRS).replace(
        "mx.privat.example (Postfix) with ESMTPS id 3",
        "mx.advokat-eksempel.dk with ESMTPS id 3",
    );
    let ran = take(&other, inside);
    assert_eq!(
        ran.json()["legs"][1]["hops"][0]["by"],
        "mx.advokat-eksempel.dk"
    );
    assert_eq!(ran.json()["legs"][1]["hops"][0]["witness"], "claimed");
    assert_eq!(ran.json()["summary"]["witness"], "claimed");
}

#[test]
fn thousands_of_lines_and_long_lines_are_counted_and_not_kept() {
    let mut many = TAKEN.to_owned();
    for i in 0..4000 {
        write!(many, "Received: from a{i} (a [192.0.2.3]) by b{i} with ESMTPS id {i}; Mon, 23 Nov 2026 14:00:00 +0100\r\n").unwrap();
    }
    let (hops, left_out) = trace::hops(&fields::fields(many.as_bytes()).0);
    assert_eq!(
        (hops.len(), left_out),
        (trace::HOPS_MAX, 4001 - trace::HOPS_MAX)
    );
    let desk = desk();
    let id = ask(&desk);
    let ran = take(&desk, disposition(&id, &many));
    assert_eq!(ran.code, 0);
    assert_eq!(ran.json()["legs"][0]["left_out"], 4001 - trace::HOPS_MAX);
    let filed = rows(&desk, "evidence").pop().unwrap();
    let legs = &filed["payload"]["content"]["legs"];
    assert!(legs[0]["hops"].as_array().unwrap().len() <= 50 && filed.to_string().len() < 100_000);
    let huge = format!(
        "Received: from {} by x.example; x\r\nReceived: {}\r\n",
        "(".repeat(200_000),
        "by \\(;".repeat(30_000)
    );
    let id = ask(&desk);
    let ran = take(&desk, disposition(&id, &[TAKEN, &huge].concat()));
    assert_eq!(witnesses(&ran), ["observed", "claimed", "claimed"]);
    assert!(ran.stdout.len() < 50_000);
    // What nobody writes is not read.
    let endless = format!("Received: from {} by x.example; x\r\n", "(".repeat(1 << 20));
    let ran = take(&desk, disposition(&id, &[TAKEN, &endless].concat()));
    assert_eq!(
        (ran.code, &ran.json()["error"]["code"]),
        (2, &"no-mail".into())
    );
}
