//! `segl login` and `segl logout`: signing in to the mail server with a browser, or with a code on another device.

use serde_json::json;

use super::{
    Session,
    args::Login,
    output::{Exit, Failure, Output},
};
use crate::segl::{DeviceCode, Segl, SignIn, SignInError};

/// Signs in.
pub(super) fn login(args: &Login, session: &Session<'_>) -> Result<Exit, Failure> {
    let words = &session.out.words;
    let segl = session.segl()?;
    let sign_in = named(&segl, session)?;
    let done = session.run(async {
        if args.device {
            let show = |code: &DeviceCode| {
                let text = [
                    ("page", code.page.as_str().into()),
                    ("code", code.code.as_str().into()),
                ];
                Output::note(&words.with("sign-in-type-code", &text));
            };
            return sign_in.with_device(&show).await;
        }
        let open = |url: &str| {
            Output::note(&words.say("sign-in-open-browser"));
            Output::note(url);
            if !args.no_browser {
                // Where none comes up, the address stands above.
                let _opened = open::that_detached(url);
            }
        };
        sign_in.with_browser(&words.go_back_page(), &open).await
    })?;
    done.map_err(|e| failed(&e, session))?;
    session.out.result(&json!({ "signed_in": true }), |words| {
        words.say("sign-in-done")
    });
    Ok(Exit::Good)
}

/// Forgets the sign-in.
pub(super) fn logout(session: &Session<'_>) -> Result<Exit, Failure> {
    let segl = session.segl()?;
    let sign_in = named(&segl, session)?;
    session
        .run(sign_in.sign_out())?
        .map_err(|e| failed(&e, session))?;
    session.out.result(&json!({ "signed_in": false }), |words| {
        words.say("sign-in-out")
    });
    Ok(Exit::Good)
}

fn named<'a>(segl: &'a Segl, session: &Session<'_>) -> Result<&'a SignIn, Failure> {
    let words = &session.out.words;
    let sign_in = segl.sign_in().map(AsRef::as_ref);
    sign_in.ok_or_else(|| {
        Failure::new(
            "sign-in",
            words.say("sign-in-not-oauth"),
            words.say("next-settings"),
        )
    })
}

fn failed(cause: &SignInError, session: &Session<'_>) -> Failure {
    let stop = session.out.words.sign_in(cause);
    Failure::new("sign-in", stop.what, stop.next)
}
