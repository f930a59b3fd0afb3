//! Debian's Thunderbird as a judge. It runs on a screen of its own that nobody looks at, and is asked through Marionette,
//! its remote control: JSON over TCP on 127.0.0.1 (`tests/thunderbird/actions.js` says what is asked). It sees no network.

mod column;
mod letters;

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{
    screen::{Running, Screen},
    tools::tool,
};

/// How long a start or a single step may take on a computer that does much else.
const PATIENCE: Duration = Duration::from_secs(150);

/// Nothing is asked of any network: every proxied request ends at a closed port, and no name is looked up.
const PREFERENCES: &str = r#"
user_pref("marionette.port", 0);
user_pref("app.update.enabled", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("extensions.update.enabled", false);
user_pref("mail.provider.suppress_dialog_on_startup", true);
user_pref("mail.shell.checkDefaultClient", false);
user_pref("mail.spotlight.firstRunDone", true);
user_pref("mailnews.database.global.indexer.enabled", false);
user_pref("mailnews.start_page.enabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("network.dns.disabled", true);
user_pref("network.proxy.type", 1);
user_pref("network.proxy.http", "127.0.0.1");
user_pref("network.proxy.http_port", 9);
user_pref("network.proxy.ssl", "127.0.0.1");
user_pref("network.proxy.ssl_port", 9);
user_pref("security.OCSP.enabled", 0);
user_pref("services.settings.server", "data:,");
user_pref("toolkit.telemetry.enabled", false);
"#;

/// A running Thunderbird with a profile of its own. It ends with the test.
struct Thunderbird {
    stream: BufReader<TcpStream>,
    calls: u64,
    /// Its own children follow it.
    _program: Running,
    /// And its home folder.
    screen: Screen,
}

/// What its user sees of a message.
#[derive(Debug, PartialEq, Eq)]
struct Shown {
    /// Of the lock: `ok`, `notok`; none where it shows none.
    encrypted: Option<String>,
    /// Of the seal: `ok`, `mismatch`, …; none where it shows none, as for a bad signature of a mail that is not encrypted.
    signed: Option<String>,
    /// The signature behind the seal: 0 is good, -1 none, all else bad.
    verdict: i64,
    subject: String,
    /// None where a page says that it cannot be decrypted.
    text: Option<String>,
    /// Names and octets of the attachments.
    files: Vec<(String, Vec<u8>)>,
}

/// A mail that it shall make, to one recipient.
struct Order<'a> {
    to: &'a str,
    subject: &'a str,
    text: &'a str,
    file: &'a Path,
    encrypted: bool,
    signed: bool,
}

impl Thunderbird {
    /// None, and a loud word, where it is not installed.
    fn start() -> Option<Self> {
        let mut program = tool("thunderbird")?;
        let screen = Screen::new()?;
        let profile = screen.home().join("profile");
        fs::create_dir(&profile).unwrap();
        fs::write(profile.join("user.js"), PREFERENCES).unwrap();
        let log = fs::File::create(screen.home().join("log")).unwrap();
        screen.dress(&mut program);
        program
            .env("LANG", "C.UTF-8")
            .env("DBUS_SESSION_BUS_ADDRESS", "disabled:")
            .args(["-marionette", "-remote-allow-system-access", "--no-remote"])
            .arg("-profile")
            .arg(&profile)
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log);
        let mut program = Running(program.spawn().unwrap());
        let stream = connected(&mut program.0, &profile, &screen.home().join("log"));
        let mut thunderbird = Self {
            stream: BufReader::new(stream),
            calls: 0,
            _program: program,
            screen,
        };
        thunderbird.greeted();
        Some(thunderbird)
    }

    fn greeted(&mut self) {
        let hello = self.received();
        assert_eq!(hello["marionetteProtocol"], 3, "{hello}");
        self.call("WebDriver:NewSession", &json!({}));
        self.call("Marionette:SetContext", &json!({ "value": "chrome" }));
        let patience = json!({ "script": 2_000 * PATIENCE.as_secs() });
        self.call("WebDriver:SetTimeouts", &patience);
    }

    /// One message of Marionette's: its length, a colon, JSON.
    fn received(&mut self) -> Value {
        let mut length = Vec::new();
        self.stream.read_until(b':', &mut length).unwrap();
        let length: usize = str::from_utf8(&length[..length.len() - 1])
            .unwrap()
            .parse()
            .unwrap();
        let mut octets = vec![0; length];
        self.stream.read_exact(&mut octets).unwrap();
        serde_json::from_slice(&octets).unwrap()
    }

    /// A command with its answer; an error of the command ends the test.
    fn call(&mut self, command: &str, parameters: &Value) -> Value {
        self.calls += 1;
        let octets = json!([0, self.calls, command, parameters]).to_string();
        let framed = format!("{}:{octets}", octets.len());
        self.stream.get_mut().write_all(framed.as_bytes()).unwrap();
        let mut answer = self.received();
        assert_eq!(answer[1], self.calls, "{answer}");
        assert!(answer[2].is_null(), "{command}: {}", answer[2]);
        answer[3].take()
    }

    /// Runs one of the actions.
    fn act(&mut self, action: &str, arguments: &Value) -> Value {
        let actions = include_str!("../../../thunderbird/actions.js");
        let script = format!(
            "const [given, resolve] = arguments;\n\
             (async () => {{\n{actions}\nreturn {action}(...given);\n}})().then(\n\
             value => resolve({{ value }}), error => resolve({{ error: `${{error}} ${{error.stack}}` }}));"
        );
        let parameters = json!({ "script": script, "args": [arguments] });
        let mut answer = self.call("WebDriver:ExecuteAsyncScript", &parameters);
        let error = &answer["value"]["error"];
        assert!(error.is_null(), "{action}({arguments}): {error}");
        answer["value"]["value"].take()
    }

    /// Trusts an issuer (DER) for mail.
    fn trust(&mut self, issuer: &[u8]) {
        let issuer = base64_simd::STANDARD.encode_to_string(issuer);
        self.act("trust", &json!([issuer]));
    }

    /// Its user is now whoever has the key of this file (PKCS #12), and knows nobody's certificate yet. False where it
    /// takes no such key.
    fn becomes(&mut self, key: &Path, password: &str) -> bool {
        let is_taken = self.act("become", &json!([key, password]));
        is_taken.as_bool().unwrap()
    }

    /// Its user writes from this address from now on, and signs and reads with the key.
    fn writes_as(&mut self, name: &str, address: &str) {
        self.act("writeAs", &json!([name, address]));
    }

    /// Opens a message, from a file of its own: what was shown under the same name before cannot be meant.
    fn shows(&mut self, message: &[u8]) -> Shown {
        let file = self.screen.home().join(format!("{}.eml", self.calls));
        fs::write(&file, message).unwrap();
        let mut shown = self.act("show", &json!([file]));
        fs::remove_file(file).unwrap();
        let text = |value: &mut Value| match value.take() {
            Value::String(text) => Some(text),
            _ => None,
        };
        let file = |file: &Value| {
            let octets = file["octets"].as_str().unwrap();
            let octets = base64_simd::STANDARD.decode_to_vec(octets).unwrap();
            (file["name"].as_str().unwrap().to_owned(), octets)
        };
        Shown {
            encrypted: text(&mut shown["encrypted"]),
            signed: text(&mut shown["signed"]),
            verdict: shown["verdict"].as_i64().unwrap(),
            subject: text(&mut shown["subject"]).unwrap_or_default(),
            text: text(&mut shown["text"]),
            files: shown["files"]
                .as_array()
                .unwrap()
                .iter()
                .map(file)
                .collect(),
        }
    }

    /// Writes a mail in its composer and sends it later: the octets as they lie in its outbox.
    fn writes(&mut self, order: &Order<'_>) -> Vec<u8> {
        let &Order {
            to,
            subject,
            text,
            file,
            encrypted,
            signed,
        } = order;
        let fields = json!([{
            "to": to, "subject": subject, "text": text, "file": file, "encrypted": encrypted, "signed": signed,
        }]);
        self.act("write", &fields);
        let outbox = fs::read(self.outbox()).unwrap();
        // Mailbox format: a line that begins with "From - " stands before each message.
        let last = memchr::memmem::rfind(&outbox, b"From - ").unwrap();
        let begin = memchr::memchr(b'\n', &outbox[last..]).unwrap();
        outbox[last + begin + 1..].to_vec()
    }

    fn outbox(&self) -> PathBuf {
        let folders = self.screen.home().join("profile/Mail/Local Folders");
        folders.join("Unsent Messages")
    }
}

/// Waits until Thunderbird listens: it writes the port, which it chooses, into its profile.
fn connected(child: &mut Child, profile: &Path, log: &Path) -> TcpStream {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let port = fs::read_to_string(profile.join("MarionetteActivePort"));
        let port = port.ok().and_then(|p| p.trim().parse::<u16>().ok());
        // What is read may be the beginning of a number that is just written.
        if let Some(Ok(stream)) = port.map(|p| TcpStream::connect(("127.0.0.1", p))) {
            stream.set_read_timeout(Some(3 * PATIENCE)).unwrap();
            return stream;
        }
        let ended = child.try_wait().unwrap();
        if ended.is_some() || Instant::now() > deadline {
            let log = fs::read(log).unwrap();
            panic!(
                "Thunderbird does not listen ({ended:?}): {}",
                String::from_utf8_lossy(&log)
            );
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}
