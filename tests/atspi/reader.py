"""A screen reader's eyes and hands, through libatspi: what a window says of itself, what it announces, and what can be
done to it by assistive technology alone. Never by keys or pointer.

One JSON object a line on standard input, one answer a line on standard output:
  {"do": "tree"}                          every node that can be reached from the window
  {"do": "press", "name": ..}             the default action of the node with this name
  {"do": "focus", "name": ..}             the focus goes there
  {"do": "write", "name": .., "text": ..} the text of the field is this
  {"do": "said"}                          what was announced since the last time
"""

import json
import sys
import threading
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, Gio, GLib

STATES = ["FOCUSABLE", "FOCUSED", "SHOWING", "CHECKED", "EDITABLE", "MODAL", "ENABLED"]
EDITABLE = {"entry", "text", "password text"}
said = []


def switch_on():
    """Programs build their trees only where somebody reads them."""
    bus = Gio.bus_get_sync(Gio.BusType.SESSION)
    for key in ("IsEnabled", "ScreenReaderEnabled"):
        value = GLib.Variant("(ssv)", ("org.a11y.Status", key, GLib.Variant("b", True)))
        bus.call_sync("org.a11y.Bus", "/org/a11y/bus", "org.freedesktop.DBus.Properties", "Set", value, None, 0, -1, None)


def windows():
    desktop = Atspi.get_desktop(0)
    desktop.clear_cache()
    for index in range(desktop.get_child_count()):
        application = desktop.get_child_at_index(index)
        if application and "segl" in (application.get_name() or "").lower():
            application.clear_cache()
            yield from (application.get_child_at_index(i) for i in range(application.get_child_count()))


def walk(node, depth=0):
    if node is None:
        return
    yield node, depth
    for index in range(node.get_child_count()):
        yield from walk(node.get_child_at_index(index), depth + 1)


def text_of(node):
    """libatspi remembers that a label had a text after it has become empty."""
    try:
        return Atspi.Text.get_text(node.get_text_iface(), 0, -1) if node.get_text_iface() else ""
    except GLib.Error:
        return ""


def told(node, depth):
    states = node.get_state_set()
    action = node.get_action_iface()
    return {
        "role": node.get_role_name(),
        "name": node.get_name() or "",
        "description": node.get_description() or "",
        "text": text_of(node),
        "states": [s.lower() for s in STATES if states.contains(getattr(Atspi.StateType, s))],
        "actions": [action.get_action_name(i) for i in range(action.get_n_actions())] if action else [],
        "writable": node.get_editable_text_iface() is not None,
        "depth": depth,
    }


def nodes():
    for window in windows():
        yield from walk(window)


def tree():
    """A window that changes while it is read is read once more."""
    for attempt in range(20):
        try:
            return [told(node, depth) for node, depth in nodes()]
        except GLib.Error:
            if attempt == 19:
                raise
            time.sleep(0.1)


def find(name, wanted=lambda node: True):
    for node, _ in nodes():
        if node.get_name() == name and wanted(node):
            return node
    raise LookupError("nothing is called " + name)


def do(order):
    match order["do"]:
        case "tree":
            return tree()
        case "press":
            return find(order["name"], lambda n: n.get_action_iface()).get_action_iface().do_action(0)
        case "focus":
            return find(order["name"], lambda n: n.get_state_set().contains(Atspi.StateType.FOCUSABLE)).grab_focus()
        case "write":
            field = find(order["name"], lambda n: n.get_editable_text_iface())
            return Atspi.EditableText.set_text_contents(field.get_editable_text_iface(), order["text"])
        case "said":
            heard = list(said)
            said.clear()
            return heard
    raise LookupError("no such order")


def answer(line):
    try:
        reply = {"ok": do(json.loads(line))}
    except Exception as error:  # whatever it was, the test says it
        reply = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(reply), flush=True)
    return False


def hear():
    for line in sys.stdin:
        GLib.idle_add(answer, line)
    GLib.idle_add(Atspi.event_quit)


switch_on()
listener = Atspi.EventListener.new(lambda event: said.append(event.any_data))
listener.register("object:announcement")
threading.Thread(target=hear, name="orders", daemon=True).start()
print(json.dumps({"ok": "ready"}), flush=True)
Atspi.event_main()
