//! Receipts that a domain was asked for: the request, the answers of real and hostile mail servers, and what is filed.

mod corpora;
mod forged;
mod real;
mod sending;
mod signed;

use std::{fs, path::PathBuf};

use serde_json::Value;

use crate::desk::{Desk, Ran};

/// Somebody without a certificate.
const KLAUS: &str = "klaus@privat.example";
/// A line of our own border's, for mail that came from outside over TLS 1.3.
const TAKEN: &str = "Received: from mx.privat.example (mx.privat.example [192.0.2.7])\r\n\
    \t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))\r\n\
    \tby mx.advokat-eksempel.dk (Postfix) with ESMTPS id 1; Mon, 23 Nov 2026 14:02:00 +0100\r\n";
/// A line of theirs.
const THEIRS: &str = "Received: from pc (pc [192.0.2.9]) by mx.privat.example (Postfix) with ESMTPSA id 2;\r\n\
    \tMon, 23 Nov 2026 14:01:59 +0100\r\n";

/// A desk that knows its border host.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.edit(
        "[tls]\n",
        "[tls]\nown_hosts = [\"mx.advokat-eksempel.dk\"]\ndeadline = \"1s\"\n",
    );
    desk
}

/// Asks, and gives the message identifier without angle brackets.
fn ask(desk: &Desk) -> String {
    let ran = desk.segl(&["tls", "ask", "--json", KLAUS]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let id = ran.json()["message_id"].as_str().unwrap().to_owned();
    id.trim_matches(['<', '>']).to_owned()
}

/// A receipt of Klaus's mail program for this message, with these lines on top.
fn disposition(id: &str, lines: &str) -> String {
    format!(
        "{lines}From: Klaus <{KLAUS}>\r\nTo: anne@advokat-eksempel.dk\r\n\
         Date: Mon, 23 Nov 2026 14:01:58 +0100\r\nSubject: Read\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=disposition-notification; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nRead.\r\n\
         --b\r\nContent-Type: message/disposition-notification\r\n\r\n\
         Reporting-UA: pc.privat.example; Mail 1\r\nFinal-Recipient: rfc822;{KLAUS}\r\n\
         Original-Message-ID: <{id}>\r\n\
         Disposition: manual-action/MDN-sent-manually; displayed\r\n\r\n\
         --b\r\nContent-Type: text/rfc822-headers\r\n\r\n\
         Received: from mx.advokat-eksempel.dk (mx.advokat-eksempel.dk [192.0.2.1])\r\n\
         \t(using TLSv1.2 with cipher ECDHE-RSA-AES256-GCM-SHA384 (256/256 bits))\r\n\
         \tby mx.privat.example (Postfix) with ESMTPS id 3; Mon, 23 Nov 2026 14:01:00 +0100\r\n\
         Message-ID: <{id}>\r\nSubject: x\r\n\r\n--b--\r\n"
    )
}

/// Gives the file to `segl tls receipt`.
fn take(desk: &Desk, octets: impl AsRef<[u8]>) -> Ran {
    let file = file(desk);
    fs::write(&file, octets).unwrap();
    desk.segl(&["tls", "receipt", "--json", file.to_str().unwrap()])
}

fn file(desk: &Desk) -> PathBuf {
    desk.path("answer.eml")
}

/// The rows of the record of this kind, with what they say.
fn rows(desk: &Desk, kind: &str) -> Vec<Value> {
    let ran = desk.segl(&["log", "list", "--json"]);
    if ran.code == 2 && !desk.path("data/record.sqlite").exists() {
        return Vec::new();
    }
    let listed = ran.json();
    let of_kind = listed
        .as_array()
        .unwrap()
        .iter()
        .filter(|r| r["kind"] == kind);
    of_kind
        .map(|r| {
            desk.segl(&["log", "show", "--json", &r["seq"].to_string()])
                .json()
        })
        .collect()
}
