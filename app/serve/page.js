// Tells Textual's terminal where its websocket is, and starts a new session when asked to.
"use strict";

const terminal = document.getElementById("terminal");
const scheme = location.protocol === "https:" ? "wss:" : "ws:";
terminal.dataset.sessionWebsocketUrl = `${scheme}//${location.host}/ws`;
document.getElementById("again").addEventListener("click", () => location.reload());

// The terminal has the focus as soon as its websocket is open (the class -loaded says so), and
// whenever the window has it.
function focusTerminal() {
  if (document.body.classList.contains("-loaded")) {
    document.querySelector(".xterm-helper-textarea")?.focus();
  }
}
new MutationObserver(focusTerminal).observe(document.body, { attributeFilter: ["class"] });
window.addEventListener("focus", focusTerminal);

// The session is kept by its page: leaving it by mistake asks first.
window.addEventListener("beforeunload", (event) => {
  if (document.body.classList.contains("-first-byte") && !document.body.classList.contains("-closed")) {
    event.preventDefault();
  }
});
