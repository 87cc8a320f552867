// What is typed in a form marked data-keep stays in this tab until it is saved: the end of a session, a refusal or a closed
// page lose nothing. It is offered again when the same form opens, to the same person, and forgotten once saved.
(() => {
  const LEFT_OUT = new Set(["csrfmiddlewaretoken", "form_key", "revision", "act"]);
  const PREFIX = "dentelle:";
  const SENT = "dentelle-sent";
  const keyOf = (form) => `${PREFIX}${document.body.dataset.user}:${form.dataset.keep}`;
  // a full or closed store keeps nothing, and breaks nothing
  const attempt = (act) => { try { return act(); } catch { return null; } };
  const kept = (key) => attempt(() => JSON.parse(sessionStorage.getItem(key)));
  const forget = (key) => attempt(() => sessionStorage.removeItem(key));
  const write = (form) => {
    const fields = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !LEFT_OUT.has(name));
    attempt(() => sessionStorage.setItem(keyOf(form), JSON.stringify({ at: Date.now(), fields })));
  };

  // what settles the work of other forms warns (data-unsent: how their data-keep begins) while something of them is not sent
  const warn = () => document.querySelectorAll("[data-unsent]").forEach((notice) => {
    const begins = `${PREFIX}${document.body.dataset.user}:${notice.dataset.unsent}`;
    notice.hidden = !attempt(() => Object.keys(sessionStorage).some((key) => key.startsWith(begins)));
  });

  // every value is in place before the first event: what the page asks at that event must already carry them all
  const fill = (form, fields) => {
    const given = new Map();
    for (const [name, value] of fields) given.set(name, [...(given.get(name) ?? []), value]);
    const changed = [];
    for (const field of [...form.elements]) {
      if (!field.name || LEFT_OUT.has(field.name) || ["submit", "file"].includes(field.type)) continue;
      const values = given.get(field.name) ?? [];
      const before = [field.checked, field.value].join();
      if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
      else if (values.length) field.value = values.shift();
      if (before !== [field.checked, field.value].join()) changed.push(field);
    }
    for (const [name, values] of given) if (!form.elements.namedItem(name)) values.forEach((value) => stand_in(form, name, value));
    for (const field of changed) {
      for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
    }
  };

  // a field the server draws only once it knows the first ones: its value waits, and is sent with the others
  const stand_in = (form, name, value) => {
    const waiting = Object.assign(document.createElement("input"), { type: "hidden", name, value });
    waiting.dataset.standsIn = "";
    form.append(waiting);
  };

  const offer = (form, before) => {
    const notice = document.querySelector("#saisie-gardee")?.content.firstElementChild.cloneNode(true);
    if (!notice) return;
    notice.querySelector("time").textContent = new Date(before.at).toLocaleString("fr-FR", { dateStyle: "short", timeStyle: "short" });
    notice.querySelector("[data-restore]").addEventListener("click", () => {
      notice.remove();
      fill(form, before.fields);
    });
    notice.querySelector("[data-forget]").addEventListener("click", () => {
      notice.remove();
      forget(keyOf(form));
      warn();
    });
    const folded = form.closest("details");
    if (folded) folded.open = true;
    form.before(notice);
  };

  // Fields the server draws again (data-redrawn): an answer older than what was typed in them since is not shown, it is asked
  // again; and what was unfolded stays unfolded.
  const redrawn = (event) => event.target.closest?.("[data-redrawn]");
  document.addEventListener("input", (event) => { if (redrawn(event)) redrawn(event).dataset.typed = ""; });
  document.addEventListener("htmx:beforeRequest", (event) => { delete event.detail.elt.dataset.typed; });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const part = event.target;
    if (part.dataset.redrawn === undefined) return;
    if (part.dataset.typed !== undefined) {
      event.detail.shouldSwap = false;
      // once this request is over: asked now, it would be taken for the one that ends
      setTimeout(() => htmx.trigger(part, "redraw"));
      return;
    }
    // by a name of their own: htmx copies what bears an id, and a copied « details » is refused by the content policy
    const unfolded = [...part.querySelectorAll("details[open][data-unfolds]")].map((details) => details.dataset.unfolds);
    part.addEventListener("htmx:afterSwap", () => {
      for (const name of unfolded) part.querySelector(`details[data-unfolds="${CSS.escape(name)}"]`)?.setAttribute("open", "");
      for (const waiting of document.querySelectorAll("[data-stands-in]")) {
        if (waiting.form.querySelectorAll(`[name="${CSS.escape(waiting.name)}"]:not([data-stands-in])`).length) waiting.remove();
      }
    }, { once: true });
  });

  document.addEventListener("DOMContentLoaded", () => {
    const sent = attempt(() => sessionStorage.getItem(SENT));
    forget(SENT);
    // the login page and the pages of a failure say nothing of what was sent
    if (document.querySelector("[data-kept-waits]")) return;
    const forms = [...document.querySelectorAll("form[data-keep]")];
    // saved: the page says so, or it is another page
    const saved = document.querySelector(".messages .alert-success");
    if (sent && (saved || !forms.some((form) => keyOf(form) === sent))) forget(sent);
    for (const form of forms) {
      const before = kept(keyOf(form));
      if (before && !form.hasAttribute("data-answered")) offer(form, before);
      form.addEventListener("input", () => { write(form); warn(); });
    }
    warn();
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.hasAttribute("data-leaves")) {
      attempt(() => Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX)).forEach(forget));
    }
    if (event.defaultPrevented || form.dataset.keep === undefined) return;
    write(form);
    attempt(() => sessionStorage.setItem(SENT, keyOf(form)));
  });
})();
