//! The running demo: two directories, a mail server and a temporary profile with settings for them.
//!
//! The profile lies in a folder of its own that only its owner can read, and goes when the demo is dropped. It never
//! touches the user's settings, keys or records.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use tempfile::TempDir;

use super::DemoError;
use super::directory::{DirectoryOptions, DirectoryServer, Fault};
use super::mail::{MailOptions, MailServer};
use super::world::{Binding, Bound, World};
use crate::config::{Config, ConfigError, Paths};
use crate::disk::private_options;
use crate::mail::hex;

/// The settings file's name in the folder.
const SETTINGS: &str = "segl.toml";

/// A running demo. Dropping it stops the servers and removes the profile.
pub struct Demo {
    // The servers stop before the folder goes: fields are dropped in this order.
    directory: DirectoryServer,
    second_directory: DirectoryServer,
    mail: MailServer,
    world: World,
    folder: TempDir,
}

impl Demo {
    /// Makes the world as it is at `at`, starts the servers and writes the profile.
    pub fn start(at: Timestamp) -> Result<Self, DemoError> {
        Self::of(World::make(at)?)
    }

    /// The same for a world that was made already.
    pub fn of(world: World) -> Result<Self, DemoError> {
        let options = DirectoryOptions {
            base: Some("c=DK".to_owned()),
            ..DirectoryOptions::ldaps(world.servers.clone())
        };
        let directory = DirectoryServer::start(world.entries(), options.clone())?;
        let second_directory = DirectoryServer::start(Vec::new(), options)?;
        // The second directory is down for one address only: were it down for all, nobody could be said to have no
        // certificate, and every red would be the same red.
        second_directory.set_fault_for(world.unreachable_address(), Fault::StallOnSearch);
        let mail = MailServer::start(MailOptions::implicit_tls(world.servers.clone()))?;
        let folder = private_folder()?;
        let demo = Self {
            directory,
            second_directory,
            mail,
            world,
            folder,
        };
        demo.write_profile()?;
        Ok(demo)
    }

    /// The settings file.
    pub fn config_path(&self) -> PathBuf {
        self.folder.path().join(SETTINGS)
    }

    /// The profile, read as Segl reads settings. The demo's rules are its own: a machine's policy speaks of real mail.
    pub fn config(&self) -> Result<Config, ConfigError> {
        Self::config_at(self.folder())
    }

    /// The profile of a demo that another program runs in this folder.
    pub fn config_at(folder: &Path) -> Result<Config, ConfigError> {
        Config::load(&Paths {
            policy: folder.join("policy.toml"),
            policy_owner: 0,
            file: folder.join(SETTINGS),
            data: folder.join("data"),
        })
    }

    /// The folder of the profile.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Who there is, and what is wanted of each.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The directory that answers.
    pub fn directory(&self) -> &DirectoryServer {
        &self.directory
    }

    /// The directory that holds nobody, and says nothing of [`World::unreachable_address`].
    pub fn second_directory(&self) -> &DirectoryServer {
        &self.second_directory
    }

    /// The mail server, with what it was sent.
    pub fn mail(&self) -> &MailServer {
        &self.mail
    }

    fn write_profile(&self) -> Result<(), DemoError> {
        let folder = self.folder.path();
        let world = &self.world;
        for name in ["roots", "crls", "data"] {
            fs::create_dir(folder.join(name))?;
        }
        fs::write(folder.join("roots/servers.pem"), world.servers.root_pem())?;
        fs::write(folder.join("roots/demo.pem"), world.root_pem())?;
        fs::write(folder.join("roots/issuing.pem"), world.intermediate_pem())?;
        fs::write(folder.join("crls/issuing.crl"), &world.crl)?;
        fs::write(folder.join("crls/root.crl"), &world.root_crl)?;
        write_key(&folder.join("store.key"))?;
        fs::write(self.config_path(), self.settings())?;
        Ok(())
    }

    /// The settings, in the form that Segl documents. All values are ours and need no escapes.
    fn settings(&self) -> String {
        let world = &self.world;
        let bindings: Vec<_> = world.bindings.iter().map(binding_settings).collect();
        format!(
            r#"# Settings of Segl's demo. Everything here is invented and goes when the demo ends.
[[sender]]
name = "{name}"
address = "{address}"

[submission]
host = "127.0.0.1"
port = {port}
security = "implicit-tls"
auth = "none"
ca_file = "roots/servers.pem"

{first}
{second}
{bindings}
[trust]
anchors = ["roots/demo.pem"]
intermediates = ["roots/issuing.pem"]
crls = ["crls/*.crl"]

[network]
allow_private = true

# Invented domains stand in no DNS, and nothing of the demo goes out of this computer: nobody listens there.
[tls]
resolver = "127.0.0.1:9"

[policy]
fallback = "ask"
revocation = "require"

[data]
dir = "data"
key_file = "store.key"
"#,
            name = world.sender_name,
            address = world.sender_address,
            port = self.mail.port(),
            first = directory_settings("Demo", &self.directory),
            second = directory_settings("Demo 2", &self.second_directory),
            bindings = bindings.join("\n"),
        )
    }
}

fn directory_settings(name: &str, directory: &DirectoryServer) -> String {
    format!(
        r#"[[directory]]
name = "{name}"
url = "{url}"
base = "c=DK"
filter = "(mail={{address}})"
ca_file = "roots/servers.pem"
connect_timeout = "1s"
search_timeout = "1s"
"#,
        url = directory.url(),
    )
}

fn binding_settings(binding: &Binding) -> String {
    let subject = match &binding.subject {
        Bound::Address(address) => format!("address = \"{address}\""),
        Bound::Domain(domain) => format!("domain = \"{domain}\""),
    };
    let organisation = &binding.organisation;
    format!("[[binding]]\n{subject}\norganisation = \"{organisation}\"\n")
}

/// A new folder below the system's own for temporary files, which only its owner can enter.
fn private_folder() -> io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix("segl-demo-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o700));
    }
    builder.tempdir()
}

/// 32 random octets as hex, readable by the owner only from the moment the file is there.
fn write_key(path: &Path) -> Result<(), DemoError> {
    let mut key = [0; 32];
    openssl::rand::rand_bytes(&mut key)?;
    let mut file = private_options().write(true).create_new(true).open(path)?;
    file.write_all(hex(&key).as_bytes())?;
    Ok(())
}
