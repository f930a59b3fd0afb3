//! The address book from outside: what was sent is in it, what was only typed is not; a register is imported whole or
//! not at all; where the policy is off, nothing is kept.

use std::fs;

use serde_json::Value;

use super::desk::Desk;

const KAREN: &str = "karen@advokat-eksempel.dk";

fn contacts(desk: &Desk) -> Vec<Value> {
    let listed = desk.segl(&["contacts", "list", "--json"]).json();
    listed["contacts"].as_array().unwrap().clone()
}

fn addresses(desk: &Desk) -> Vec<String> {
    let address = |c: &Value| c["address"].as_str().unwrap().to_owned();
    contacts(desk).iter().map(address).collect()
}

fn import(desk: &Desk, name: &str, text: &str) -> super::desk::Ran {
    fs::write(desk.path(name), text).unwrap();
    desk.segl(&["contacts", "import", "--json", name])
}

#[test]
fn who_was_written_to_is_in_the_book_and_who_was_only_looked_up_or_refused_is_not() {
    let desk = Desk::new();
    assert!(contacts(&desk).is_empty());
    assert_eq!(desk.segl(&["check", KAREN]).code, 0);
    let to_files = desk.send(&["--to", KAREN, "--to-eml", "out"]);
    assert_eq!(to_files.code, 0, "{to_files:?}");
    assert!(contacts(&desk).is_empty(), "neither was sent to anybody");
    let named = format!("Karen Holm <{KAREN}>");
    for _ in 0..2 {
        assert_eq!(desk.send(&["--to", &named]).code, 0);
    }
    let book = contacts(&desk);
    assert_eq!(book.len(), 1);
    assert_eq!(book[0]["address"], KAREN);
    assert_eq!(book[0]["name"], "Karen Holm");
    assert_eq!(book[0]["times"], 2);
    assert_eq!(book[0]["imported"], Value::Null);
}

#[test]
fn a_register_is_imported_and_comes_back_as_it_was_exported() {
    let desk = Desk::new();
    let table = "Fornavn;Efternavn;E-mailadresse;Firma\nBo;Berg;bo@kommune-eksempel.dk;Eksempelby\nEva;Ø;eva@ret-eksempel.dk;\n;;;\n";
    let done = import(&desk, "kontakter.csv", table);
    assert_eq!(done.code, 0, "{done:?}");
    let counts = done.json();
    assert_eq!(
        (&counts["new"], &counts["without_address"]),
        (&2.into(), &1.into())
    );
    let again = import(&desk, "kontakter.csv", table).json();
    assert_eq!((&again["new"], &again["same"]), (&0.into(), &2.into()));
    let exported = desk.segl(&["contacts", "export"]).stdout;
    assert_eq!(
        desk.segl(&["contacts", "forget", "BO@kommune-eksempel.dk"])
            .code,
        0
    );
    assert_eq!(
        desk.segl(&["contacts", "forget", "bo@kommune-eksempel.dk"])
            .code,
        1
    );
    assert_eq!(addresses(&desk), ["eva@ret-eksempel.dk"]);
    assert_eq!(import(&desk, "eksport.csv", &exported).json()["new"], 1);
    assert_eq!(addresses(&desk).len(), 2);
    let found = desk.segl(&["contacts", "list", "--json", "berg"]).json();
    assert_eq!(found["contacts"][0]["organisation"], "Eksempelby");
}

#[test]
fn a_wrong_register_names_row_column_and_value_and_imports_nothing() {
    let desk = Desk::new();
    let table = "Navn;E-mail\nBo;bo@kommune-eksempel.dk\nEva;eva at ret\n";
    fs::write(desk.path("kontakter.csv"), table).unwrap();
    let refused = desk.segl(&["contacts", "import", "kontakter.csv"]);
    assert_eq!((refused.code, refused.stdout.as_str()), (2, ""));
    for part in [
        "Row 3",
        "“E-mail”",
        "“eva at ret”",
        "nothing was imported",
        "Correct the file",
    ] {
        assert!(refused.stderr.contains(part), "{part}: {}", refused.stderr);
    }
    let columns = import(&desk, "kontakter.csv", "Navn;Telefon\nBo;12345678\n");
    let error = &columns.json()["error"];
    assert_eq!(error["code"], "register");
    let message = error["message"].as_str().unwrap();
    assert!(
        message.contains("Navn, Telefon") && message.contains("E-mail Address"),
        "{message}"
    );
    assert_eq!(import(&desk, "billede.csv", "\0\0PNG").code, 2);
    assert_eq!(
        desk.segl(&["contacts", "import", "findes-ikke.csv"]).code,
        2
    );
    assert!(contacts(&desk).is_empty());
}

#[test]
fn where_suggestions_are_off_nothing_is_kept_imported_or_told() {
    let desk = Desk::new();
    assert_eq!(
        import(&desk, "en.csv", "name,email\nBo,bo@kommune-eksempel.dk\n").code,
        0
    );
    desk.edit("[policy]", "[policy]\nsuggestions = false");
    assert_eq!(desk.send(&["--to", KAREN]).code, 0);
    assert!(contacts(&desk).is_empty());
    let refused = import(&desk, "to.csv", "name,email\nEva,eva@ret-eksempel.dk\n");
    assert_eq!(refused.code, 1);
    assert_eq!(refused.json()["error"]["code"], "off");
    desk.edit("suggestions = false", "suggestions = true");
    assert_eq!(
        addresses(&desk),
        ["bo@kommune-eksempel.dk"],
        "what was imported before is still there"
    );
}

#[test]
fn the_book_holds_no_plain_text_on_disk() {
    let desk = Desk::new();
    let table = "name,email,company\nKanariefugl,kanarie@fugl-eksempel.dk,Kanarieri\n";
    assert_eq!(import(&desk, "fugle.csv", table).code, 0);
    fs::remove_file(desk.path("fugle.csv")).unwrap();
    let mut folders = vec![desk.demo.folder().to_owned()];
    let mut looked = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            looked += 1;
            let octets = fs::read(&path).unwrap();
            for word in ["anariefugl", "fugl-eksempel", "anarieri"] {
                let found = memchr::memmem::find(&octets, word.as_bytes());
                assert_eq!(found, None, "{word} in {}", path.display());
            }
        }
    }
    assert!(looked > 3, "the walk itself works");
}

fn is_new_and_green(person: &segl::demo::Person) -> bool {
    person.wanted.light == "green" && !person.address.ends_with("@advokat-eksempel.dk")
}

#[test]
fn a_recipient_who_may_not_be_meant_is_told_and_nothing_is_sent_until_somebody_confirms_it() {
    let desk = Desk::new();
    // Enough people are known for somebody new to be worth a word.
    let known: Vec<String> = (0..11)
        .map(|i| format!("P{i},p{i}@firma{i}-eksempel.dk\n"))
        .collect();
    let known = known.concat();
    assert_eq!(
        import(&desk, "kendte.csv", &format!("name,email\n{known}")).code,
        0
    );
    let world = desk.demo.world();
    let new = &world
        .people
        .iter()
        .find(|person| is_new_and_green(person))
        .unwrap()
        .address;

    let refused = desk.send(&["--to", new]);
    assert_eq!(refused.code, 1, "{refused:?}");
    let json = refused.json();
    assert_eq!(
        (&json["outcome"], &json["record"]),
        (&"refused".into(), &Value::Null)
    );
    assert_eq!(
        json["alerts"][0]["code"], "first-time-domain",
        "{refused:?}"
    );
    assert_eq!(json["alerts"][0]["addresses"], serde_json::json!([new]));
    assert!(refused.stderr.contains(new), "{refused:?}");
    assert!(desk.demo.mail().kept().is_empty(), "nothing has left");

    // Files are no way around it, and nor is a text that somebody reads.
    assert_eq!(desk.send(&["--to", new, "--to-eml", "out"]).code, 1);
    let read = desk.segl(&["--lang", "en", "send", "--to", new, "--body", "x"]);
    assert!(read.stdout.contains("--confirm-addresses"), "{read:?}");

    let sent = desk.send(&["--to", new, "--confirm-addresses"]);
    assert_eq!(sent.code, 0, "{sent:?}");
    assert_eq!(sent.json()["alerts"][0]["code"], "first-time-domain");
    assert_eq!(desk.demo.mail().kept().len(), 1);
    let log = desk.segl(&["log", "list", "--json"]).stdout;
    assert_eq!(log.matches("\"note\"").count(), 1, "{log}");

    // Whoever was written to is known: a script that always writes to the same people needs no flag.
    let again = desk.send(&["--to", new]);
    assert_eq!(again.code, 0, "{again:?}");
    assert_eq!(again.json()["alerts"], serde_json::json!([]));
    assert_eq!(again.stderr, "");
}

#[test]
fn alerts_that_the_firm_switched_off_stop_no_script() {
    let desk = Desk::new();
    let known: Vec<String> = (0..11)
        .map(|i| format!("P{i},p{i}@firma{i}-eksempel.dk\n"))
        .collect();
    let known = known.concat();
    assert_eq!(
        import(&desk, "kendte.csv", &format!("name,email\n{known}")).code,
        0
    );
    desk.edit("[policy]", "[policy]\nalerts = []");
    let world = desk.demo.world();
    let new = world
        .people
        .iter()
        .find(|person| is_new_and_green(person))
        .unwrap();
    let sent = desk.send(&["--to", &new.address]);
    assert_eq!(sent.code, 0, "{sent:?}");
    assert_eq!(sent.json()["alerts"], serde_json::json!([]));
}
