//! The hostile SMTP scripts of the "NO STARTTLS" study (`SEGL_CORPORA`, folder `no-starttls-fake-server`), with the lines
//! that inject switched on: each is reported, none is waited for beyond the deadline, and none hears AUTH or MAIL.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    thread,
};

use segl::net::{Knock, Observed, Observer, Reach};

use super::*;
use crate::submit::{Script, scripts};

/// What came of a script, by its place.
fn expected(name: &str) -> &'static [&'static str] {
    match name {
        "Buffering/B_1.ron" => &["injected"],
        _ if name.starts_with("T_") => &["tls with faults"],
        _ => &[],
    }
}

fn word(observed: &Observed) -> &'static str {
    match observed {
        Observed::Unreachable => "unreachable",
        Observed::Private => "private",
        Observed::Refused => "refused",
        Observed::Stalled => "stalled",
        Observed::Broken => "broken",
        Observed::NoStarttls => "no STARTTLS",
        Observed::StarttlsRefused => "STARTTLS refused",
        Observed::Injected => "injected",
        Observed::HandshakeFailed => "no handshake",
        Observed::Tls(tls) if tls.faults.is_empty() => "tls",
        Observed::Tls(_) => "tls with faults",
    }
}

#[tokio::test]
async fn every_hostile_script_is_reported_and_hears_nothing_but_ehlo_and_starttls() {
    let Some(corpora) = std::env::var_os("SEGL_CORPORA") else {
        // Unlike a tool, the corpus cannot be installed: whoever has it names it.
        eprintln!(
            "SKIPPED a test: SEGL_CORPORA is not set, so no hostile SMTP script was knocked at"
        );
        return;
    };
    let mut found: Vec<PathBuf> = Vec::new();
    scripts(
        &Path::new(&corpora).join("no-starttls-fake-server"),
        &mut found,
    );
    found.sort();
    assert!(found.len() >= 58, "{} scripts", found.len());
    let observer = Observer::new(&crate::submit::roots()).unwrap();
    let mut words = std::collections::BTreeMap::<&str, usize>::new();
    let mut tls = Vec::new();
    for path in &found {
        let name = path
            .to_str()
            .unwrap()
            .rsplit("/smtp/")
            .next()
            .unwrap()
            .to_owned();
        let script = Script::parse(&std::fs::read_to_string(path).unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let serving = thread::Builder::new()
            .name("fake".to_owned())
            .spawn(move || script.serve(listener.accept().unwrap().0))
            .unwrap();
        let knock = Knock {
            host: "localhost",
            addresses: &["127.0.0.1".parse().unwrap()],
            port,
            reach: Reach::Anywhere,
            at: crate::desk::now(),
            until: tokio::time::Instant::now() + IMPATIENT,
        };
        let came = observer.knock(knock).await;
        let (clear, inside) = serving.join().unwrap();
        for said in &clear {
            let harmless = ["EHLO [127.0.0.1]", "STARTTLS", "QUIT", "(TLS)"];
            assert!(harmless.contains(&said.as_str()), "{name}: {said}");
        }
        assert!(
            inside.iter().all(|said| said == "QUIT"),
            "{name}: {inside:?}"
        );
        let word = word(&came);
        let expected = expected(&name);
        assert!(
            expected.is_empty() || expected.contains(&word),
            "{name}: {word}"
        );
        *words.entry(word).or_default() += 1;
        if word == "tls" {
            tls.push(name);
        }
    }
    eprintln!("{} hostile scripts: {words:?}", found.len());
    // Scripts whose servers do nothing wrong show that the rest did not fail for another reason.
    for healthy in [
        "setup.ron",
        "others/greeting/220.ron",
        "others/starttls/220.ron",
    ] {
        assert!(tls.contains(&healthy.to_owned()), "{healthy}: {tls:?}");
    }
    for hostile in [
        "others/starttls/454.ron",
        "others/ehlo/250-all-no-starttls.ron",
    ] {
        assert!(!tls.contains(&hostile.to_owned()), "{hostile}");
    }
}
