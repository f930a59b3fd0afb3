//! Words for the settings in force: what each is for, and where its value comes from.

use super::Words;
use crate::config::Origin;

impl Words {
    /// Where a value comes from.
    pub fn origin(&self, origin: Origin) -> String {
        self.say(match origin {
            Origin::Policy => "origin-policy",
            Origin::File => "origin-file",
            Origin::Default => "origin-default",
        })
    }

    /// What a key of the settings is for. A key without words shows as itself.
    pub fn rule(&self, key: &str) -> String {
        let word = match key {
            "sender" => "rule-sender",
            "submission.host" | "submission.port" => "rule-server",
            "submission.security" => "rule-server-security",
            "submission.auth" | "submission.username" => "rule-server-sign-in",
            "submission.password_env" | "submission.token_command" => "rule-server-secret",
            "submission.ca_file" => "rule-server-roots",
            "submission.profile" => "rule-server-profile",
            "directory" => "rule-directory",
            "binding" => "rule-binding",
            "certificates.files" => "rule-files",
            "certificates.kinds" | "certificates.policies" => "rule-filter",
            "trust.anchors" => "rule-anchors",
            "trust.intermediates" => "rule-intermediates",
            "trust.crls" => "rule-crls",
            "content.cipher" => "rule-cipher",
            "content.rsa" => "rule-rsa",
            "content.subject" => "rule-subject",
            "tunnel.list" | "tunnel.url" | "tunnel.ca_file" => "rule-tunnel-list",
            "tunnel.signer" => "rule-tunnel-signer",
            "tunnel.default_mode" => "rule-tunnel-mode",
            "tunnel.main_mailbox" => "rule-tunnel-main-mailbox",
            "tunnel.max_age" => "rule-tunnel-age",
            "tunnel.mailboxes" => "rule-tunnel-mailboxes",
            "network.allow_private" => "rule-private",
            "policy.fallback" => "rule-fallback",
            "policy.internal_domains" => "rule-internal",
            "policy.revocation" => "rule-revocation",
            "policy.require_reason" => "rule-reason",
            "policy.allow_test_roots" => "rule-test-roots",
            "policy.pins" => "rule-pins",
            "policy.directory_fresh" => "rule-fresh",
            "policy.directory_stale" => "rule-stale",
            "policy.directory_negative" => "rule-negative",
            "policy.hold" => "rule-hold",
            "policy.locked" => "rule-locked",
            "record.retention" => "rule-retention",
            "data.dir" | "data.key_file" => "rule-data",
            "copy.folder" => "rule-copy",
            _ if key.starts_with("texts.") => "rule-texts",
            _ => return String::new(),
        };
        self.say(word)
    }
}
