//! From Segl over a real MTA that offers DSN, and its own success notification back.

use super::*;
use crate::{desk, submit::exim::Exim};

fn segl(desk: &Desk, arguments: &[&str]) -> Ran {
    let mut command = desk::command(desk.demo.folder());
    command
        .env("SEGL_SMTP_PASSWORD", "hemmeligt")
        .arg("--config")
        .arg(desk.demo.config_path())
        .args(arguments);
    desk::run(command, b"")
}

#[test]
fn the_notification_of_a_real_mta_is_filed_with_the_request_that_it_answers() {
    let Some(exim) = Exim::start() else { return };
    let desk = Desk::new();
    fs::write(desk.path("exim.pem"), Exim::root_pem()).unwrap();
    let port = desk.demo.mail().address().port();
    desk.edit(
        &format!("port = {port}"),
        &format!("port = {}", exim.implicit_tls),
    );
    desk.edit(
        "auth = \"none\"\nca_file = \"roots/servers.pem\"",
        "auth = \"password\"\nusername = \"anne\"\npassword_env = \"SEGL_SMTP_PASSWORD\"\nca_file = \"exim.pem\"",
    );
    desk.edit(
        "[tls]\n",
        "[tls]\nown_hosts = [\"mail.exim-eksempel.dk\"]\ndeadline = \"1s\"\n",
    );
    let ran = segl(&desk, &["tls", "ask", "--json", "bo@firma-eksempel.dk"]);
    assert_eq!(ran.code, 0, "{ran:?} {}", exim.log());
    let asked = ran.json();
    assert_eq!(asked["request"]["asks"]["status"], true);
    exim.wait(|exim| exim.delivered("bo").len() == 1 && exim.delivered("anne").len() == 1);
    let request = String::from_utf8(exim.delivered("bo").remove(0)).unwrap();
    assert!(
        request.contains("Disposition-Notification-To: <anne@advokat-eksempel.dk>\r\n"),
        "{request}"
    );
    let notification = exim.delivered("anne").remove(0);
    let taken = take(&desk, &notification);
    let said = String::from_utf8_lossy(&notification).into_owned();
    assert_eq!(taken.code, 0, "{taken:?}\n{said}");
    let value = taken.json();
    assert_eq!(
        (&value["kind"], &value["action"]),
        (&"delivery".into(), &"delivered".into()),
        "{said}"
    );
    assert_eq!(value["reporting"], "mail.exim-eksempel.dk");
    assert_eq!(value["request"]["token"], asked["request"]["token"]);
    assert_eq!(value["recipients"][0]["recipient"], "bo@firma-eksempel.dk");
    // It tells of the hop from this computer, inside what came back: claimed, over TLS.
    let back = &value["legs"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(back["direction"], "to-them", "{value}");
    assert_eq!(
        (&back["hops"][0]["witness"], &back["hops"][0]["encrypted"]),
        (&"claimed".into(), &true.into())
    );
}
