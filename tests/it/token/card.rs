//! A card for a desk: SoftHSM's token with a certificate of the desk's sender, behind a module that the tests can hinder.

use std::{fs, os::unix::fs::PermissionsExt as _, process::Command};

use segl::demo::{Issued, Key, KeyChoice, KeyKind, KeyUsage, Leaf};

use crate::{
    desk::{Desk, Ran, command, run},
    tools::tool,
};

/// SoftHSM as Debian installs it.
const REAL: &str = "/usr/lib/softhsm/libsofthsm2.so";
pub(super) const PIN: &str = "482915";
pub(super) const LABEL: &str = "Annes kort";

/// A desk whose settings name the module, and what is on the card.
pub(super) struct Card {
    pub(super) desk: Desk,
    pub(super) issued: Issued,
}

impl Card {
    /// None where SoftHSM is not installed, which is a failure in CI.
    pub(super) fn new(kind: KeyKind) -> Option<Self> {
        let mut tools = [tool("softhsm2-util")?, tool("pkcs11-tool")?, tool("cc")?];
        let [softhsm, _, compiler] = &mut tools;
        let desk = Desk::new();
        let world = desk.demo.world();
        let key = Key::generate(kind).unwrap();
        let mut leaf =
            Leaf::mail(&world.sender_name, &world.sender_address).with_key(KeyChoice::This(key));
        if !matches!(kind, KeyKind::Rsa(_)) {
            leaf.key_usage = Some(vec![KeyUsage::DigitalSignature, KeyUsage::KeyAgreement]);
        }
        let issued = world.issuing.issue(&leaf).unwrap();
        fs::create_dir(desk.path("tokens")).unwrap();
        let settings = format!(
            "directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n",
            desk.path("tokens").display()
        );
        fs::write(desk.path("softhsm2.conf"), settings).unwrap();
        let card = Self { desk, issued };
        card.ran(softhsm.args([
            "--init-token",
            "--free",
            "--label",
            LABEL,
            "--pin",
            PIN,
            "--so-pin",
            "73910482",
        ]));
        // The tool that everybody has for cards; SoftHSM's own imports no key for agreement.
        let der = card.issued.key.private_key_to_der().unwrap();
        fs::write(card.desk.path("key.der"), der).unwrap();
        let usages = match kind {
            KeyKind::Rsa(_) => ["--usage-sign", "--usage-decrypt"],
            _ => ["--usage-sign", "--usage-derive"],
        };
        card.put(
            &[
                &[
                    "--type",
                    "privkey",
                    "--id",
                    "01",
                    "--write-object",
                    "key.der",
                ],
                &usages[..],
            ]
            .concat(),
        );
        fs::remove_file(card.desk.path("key.der")).unwrap();
        let issuing = card.desk.demo.world().issuing.certificate().der.clone();
        for (der, id) in [(card.issued.der.clone(), "01"), (issuing, "02")] {
            fs::write(card.desk.path("put.cer"), der).unwrap();
            card.put(&["--type", "cert", "--id", id, "--write-object", "put.cer"]);
        }
        fs::create_dir(card.desk.path("hinder")).unwrap();
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/token/wrap.c");
        let folder = card.desk.path("hinder");
        card.ran(
            compiler
                .args(["-shared", "-fPIC", "-o", "module.so", source, "-ldl"])
                .args([
                    format!("-DFOLDER=\"{}\"", folder.display()),
                    format!("-DREAL=\"{REAL}\""),
                ]),
        );
        fs::write(card.desk.path("pin.txt"), format!("{PIN}\n")).unwrap();
        let text = fs::read_to_string(card.desk.demo.config_path()).unwrap();
        let module = card.desk.path("module.so");
        let named = format!("{text}\n[identity]\ntokens = [\"{}\"]\n", module.display());
        fs::write(card.desk.demo.config_path(), named).unwrap();
        Some(card)
    }

    /// Puts something on the card.
    fn put(&self, what: &[&str]) {
        let mut put = tool("pkcs11-tool").unwrap();
        let login = [
            "--module",
            REAL,
            "--login",
            "--pin",
            PIN,
            "--token-label",
            LABEL,
        ];
        self.ran(put.args(login).args(what));
    }

    fn ran(&self, command: &mut Command) {
        let command = command
            .env("SOFTHSM2_CONF", self.desk.path("softhsm2.conf"))
            .current_dir(self.desk.demo.folder());
        let output = command.output().unwrap();
        assert!(output.status.success(), "{command:?}: {output:?}");
    }

    /// `segl` at this desk, with the card in its reader.
    pub(super) fn command(&self) -> Command {
        let mut command = command(self.desk.demo.folder());
        command
            .env("SOFTHSM2_CONF", self.desk.path("softhsm2.conf"))
            .arg("--config")
            .arg(self.desk.demo.config_path());
        command
    }

    pub(super) fn segl(&self, arguments: &[&str]) -> Ran {
        let mut command = self.command();
        command.args(arguments);
        run(command, b"")
    }

    /// Sends a mail to files in a folder, with the PIN.
    pub(super) fn send(&self, folder: &str) -> Ran {
        self.segl(&[
            "send",
            "--json",
            "--to",
            super::KAREN,
            "--subject",
            "Prøve",
            "--body",
            "Rødgrød",
            "--pin-file",
            "pin.txt",
            "--to-eml",
            folder,
        ])
    }

    /// Sets what the module does, until it is [`free`](Self::free).
    pub(super) fn hinder(&self, how: &str) {
        fs::write(self.desk.path("hinder").join(how), "").unwrap();
    }

    pub(super) fn free(&self, how: &str) {
        fs::remove_file(self.desk.path("hinder").join(how)).unwrap();
    }

    /// How often a PIN was given to the card.
    pub(super) fn logins(&self) -> u64 {
        fs::metadata(self.desk.path("hinder/logins")).map_or(0, |m| m.len())
    }

    /// A file that only its owner may read.
    pub(super) fn write(&self, name: &str, text: &str) {
        fs::write(self.desk.path(name), text).unwrap();
        let mode = fs::Permissions::from_mode(0o600);
        fs::set_permissions(self.desk.path(name), mode).unwrap();
    }

    /// The one certificate that `cert list` or `test` shows.
    pub(super) fn shown(&self, verb: &str) -> (i32, serde_json::Value) {
        let ran = self.segl(&["cert", verb, "--json"]);
        (ran.code, ran.json()["certificates"][0].clone())
    }
}
