//! `segl config effective`.

use serde_json::json;

use super::output::{Exit, Output};
use crate::config::Config;

/// Each value in force with its source.
pub(super) fn show(config: &Config, out: &Output) -> Exit {
    let values: Vec<_> = config
        .effective
        .values()
        .iter()
        .map(|(key, value, origin)| {
            json!({ "key": key, "value": value, "source": origin, "locked": config.effective.is_locked(key) })
        })
        .collect();
    out.result(&json!({ "values": values }), |words| {
        let lines = config
            .effective
            .values()
            .iter()
            .map(|(key, value, origin)| {
                format!(
                    "{key} = {}   ({})",
                    value.to_string().replace('\n', " "),
                    words.origin(*origin)
                )
            });
        lines.collect::<Vec<_>>().join("\n")
    });
    Exit::Good
}
