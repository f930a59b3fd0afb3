//! Assistive technology: reads the window through AT-SPI, as a screen reader does, and works it by actions alone. The
//! reading is done by libatspi (`tests/atspi/reader.py`), not by our own idea of the protocol.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{ChildStdin, ChildStdout, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use super::{
    screen::{PATIENCE, Running, Screen},
    tools::system_python,
};

/// Assistive technology.
pub(crate) struct Reader {
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
    heard: Vec<String>,
    _program: Running,
}

/// One thing that the window says it has.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) role: String,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) text: String,
    states: Vec<String>,
    actions: Vec<String>,
}

impl Node {
    pub(crate) fn is(&self, state: &str) -> bool {
        self.states.iter().any(|s| s == state)
    }

    /// Everything that it says of itself.
    fn says(&self, text: &str) -> bool {
        [&self.name, &self.text, &self.description]
            .iter()
            .any(|t| t.contains(text))
    }
}

impl Reader {
    /// Assistive technology on this screen, where it is installed.
    pub(crate) fn on(screen: &Screen) -> Option<Self> {
        let mut python = system_python(
            "gi.repository.Atspi",
            "python3-gi gir1.2-atspi-2.0 at-spi2-core",
        )?;
        screen.dress(&mut python);
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/atspi/reader.py");
        let mut child = python
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut reader = Self {
            orders: child.stdin.take().unwrap(),
            answers: BufReader::new(child.stdout.take().unwrap()),
            heard: Vec::new(),
            _program: Running(child),
        };
        assert_eq!(reader.answer(), "ready");
        Some(reader)
    }

    fn answer(&mut self) -> Value {
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        let mut answer: Value = serde_json::from_str(&line).unwrap();
        assert!(answer.get("error").is_none(), "{answer}");
        answer["ok"].take()
    }

    fn order(&mut self, order: &Value) -> Value {
        writeln!(self.orders, "{order}").unwrap();
        self.answer()
    }

    /// All that the window has now, in the order in which it is read.
    pub(crate) fn tree(&mut self) -> Vec<Node> {
        let text = |v: &Value| v.as_str().unwrap().to_owned();
        let texts = |v: &Value| v.as_array().unwrap().iter().map(text).collect();
        let tree = self.order(&json!({"do": "tree"}));
        let nodes = tree.as_array().unwrap().iter().map(|n| Node {
            role: text(&n["role"]),
            name: text(&n["name"]),
            description: text(&n["description"]),
            text: text(&n["text"]),
            states: texts(&n["states"]),
            actions: texts(&n["actions"]),
        });
        nodes.collect()
    }

    /// Waits for a node that is as it should be; the window may be late.
    pub(crate) fn wait_for(&mut self, what: &str, is_it: impl Fn(&Node) -> bool) -> Node {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let mut tree = self.tree();
            if let Some(index) = tree.iter().position(&is_it) {
                return tree.swap_remove(index);
            }
            let names: Vec<_> = tree.iter().map(|n| (&n.role, &n.name)).collect();
            assert!(Instant::now() < deadline, "{what}: {names:#?}");
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Something in the window says this.
    pub(crate) fn see(&mut self, text: &str) -> Node {
        self.wait_for(text, |n| n.says(text))
    }

    /// What has the focus is called so, from its beginning.
    pub(crate) fn see_focus(&mut self, name: &str) {
        self.wait_for(&format!("focus on {name}"), |n| {
            n.is("focused") && n.name.starts_with(name)
        });
    }

    /// Presses what begins with this name.
    pub(crate) fn press(&mut self, name: &str) {
        let node = self.wait_for(name, |n| {
            n.name.starts_with(name) && n.actions.contains(&"click".to_owned()) && n.role != "label"
        });
        let order = json!({"do": "press", "name": node.name});
        assert_eq!(self.order(&order), true, "{name}");
    }

    /// Gives the focus to what begins with this name.
    pub(crate) fn focus(&mut self, name: &str) {
        let node = self.wait_for(name, |n| n.name.starts_with(name) && n.is("focusable"));
        let order = json!({"do": "focus", "name": node.name});
        assert_eq!(self.order(&order), true, "{name}");
        self.see_focus(name);
    }

    /// Sets the text of a field.
    pub(crate) fn write(&mut self, name: &str, text: &str) {
        self.wait_for(name, |n| n.name == name && n.is("editable"));
        let order = json!({"do": "write", "name": name, "text": text});
        assert_eq!(self.order(&order), true, "{name}");
    }

    /// Waits until this was announced.
    pub(crate) fn hear(&mut self, text: &str) {
        let deadline = Instant::now() + PATIENCE;
        while !self.heard.iter().any(|h| h.contains(text)) {
            assert!(Instant::now() < deadline, "{text} in {:?}", self.heard);
            std::thread::sleep(Duration::from_millis(100));
            let said = self.order(&json!({"do": "said"}));
            let said = said.as_array().unwrap().iter();
            self.heard
                .extend(said.filter_map(Value::as_str).map(str::to_owned));
        }
        self.heard.clear();
    }

    /// What must hold on every screen: whatever takes the focus has a name, something has the focus, recipients begin
    /// with their light, and the window has a name.
    pub(crate) fn judge(&mut self, screen: &str) -> Vec<Node> {
        const LIGHTS: [&str; 8] = [
            "Grøn: ",
            "Rød: ",
            "Grå: ",
            "Kontrolleres: ",
            "Green: ",
            "Red: ",
            "Grey: ",
            "Checking: ",
        ];
        let tree = self.tree();
        assert!(tree.len() > 5, "{screen}: {tree:?}");
        for node in &tree {
            let takes = node.is("focusable") || node.role == "frame" || node.is("modal");
            assert!(!takes || !node.name.trim().is_empty(), "{screen}: {node:?}");
            // "3 af 7" stands at the end of recipients only.
            let is_recipient = node.role == "push button"
                && node.name.contains(" af ")
                && !node.description.is_empty();
            assert!(
                !is_recipient || LIGHTS.iter().any(|l| node.name.starts_with(l)),
                "{screen}: {node:?}"
            );
        }
        let focused = tree.iter().filter(|n| n.is("focused")).count();
        assert_eq!(focused, 1, "{screen}: {tree:#?}");
        tree
    }
}
