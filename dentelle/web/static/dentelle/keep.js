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

  const fill = (form, fields) => {
    const given = new Map();
    for (const [name, value] of fields) given.set(name, [...(given.get(name) ?? []), value]);
    for (const field of form.elements) {
      if (!field.name || LEFT_OUT.has(field.name) || ["submit", "file"].includes(field.type)) continue;
      const values = given.get(field.name) ?? [];
      const before = [field.checked, field.value].join();
      if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
      else if (values.length) field.value = values.shift();
      if (before === [field.checked, field.value].join()) continue;
      for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
    }
  };

  const offer = (form, before) => {
    const notice = document.querySelector("#saisie-gardee")?.content.firstElementChild.cloneNode(true);
    if (!notice) return;
    notice.querySelector("time").textContent = new Date(before.at).toLocaleString("fr-FR", { dateStyle: "short", timeStyle: "short" });
    notice.querySelector("[data-restore]").addEventListener("click", () => {
      notice.remove();
      fill(form, before.fields);
      // fields the server draws from the first ones come a moment later
      document.body.addEventListener("htmx:afterSettle", () => fill(form, before.fields), { once: true });
    });
    notice.querySelector("[data-forget]").addEventListener("click", () => { notice.remove(); forget(keyOf(form)); });
    form.before(notice);
  };

  document.addEventListener("DOMContentLoaded", () => {
    const sent = attempt(() => sessionStorage.getItem(SENT));
    forget(SENT);
    // the login page and the pages of a failure say nothing of what was sent
    if (document.querySelector("[data-kept-waits]")) return;
    const forms = [...document.querySelectorAll("form[data-keep]")];
    if (sent && !forms.some((form) => keyOf(form) === sent)) forget(sent);
    for (const form of forms) {
      const before = kept(keyOf(form));
      if (before && !form.hasAttribute("data-answered")) offer(form, before);
      form.addEventListener("input", () => write(form));
    }
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
