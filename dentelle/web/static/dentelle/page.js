// The little the pages need beyond HTML and htmx. Nothing here is required to read or to act.
document.addEventListener("DOMContentLoaded", () => {
  document.querySelector("[data-focus]")?.focus();
  // openers are hidden until the script that makes them work is here
  document.querySelectorAll("[data-opens]").forEach((opener) => { opener.hidden = false; });
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens)?.showModal();

  const account = event.target.closest("[data-fill-login]");
  if (!account) return;
  document.querySelector("#id_username").value = account.dataset.fillLogin;
  document.querySelector("#id_password").value = account.dataset.fillPassword;
  document.querySelector("form button.btn-primary").focus();
});

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
    const box = document.querySelector("#recherche");
    if (!box) return;
    event.preventDefault();
    box.focus();
    box.select();
    return;
  }
  const writing = event.target.closest("input, textarea, select, [contenteditable]");
  if (writing || event.ctrlKey || event.metaKey || event.altKey) return;
  const overlay = document.querySelector("dialog[data-opened-by-key]");
  if (overlay && event.key === overlay.dataset.openedByKey && !overlay.open) {
    event.preventDefault();
    overlay.showModal();
  }
});

// What is folded away on screen is shown on paper, and folded again after.
window.addEventListener("beforeprint", () => {
  document.querySelectorAll("details.chart-data:not([open])").forEach((details) => {
    details.open = true;
    details.dataset.openedForPrint = "";
  });
});
window.addEventListener("afterprint", () => {
  document.querySelectorAll("details[data-opened-for-print]").forEach((details) => {
    details.open = false;
    delete details.dataset.openedForPrint;
  });
});

// A form marked data-keep loses nothing when the session ends or the server refuses it: what was sent stays in this tab
// until the page that follows a success, and comes back when the same form opens again by way of the login page.
const UNTOUCHED = new Set(["csrfmiddlewaretoken", "revision"]);
const kept = {
  key: (form) => `dentelle:${location.pathname}${location.search}#${form.id}`,
  write(form) {
    const values = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");
    try { sessionStorage.setItem(kept.key(form), JSON.stringify(values)); } catch { /* a full or closed store keeps nothing */ }
  },
  forget() {
    Object.keys(sessionStorage).filter((key) => key.startsWith("dentelle:")).forEach((key) => sessionStorage.removeItem(key));
  },
  restore(form) {
    const text = sessionStorage.getItem(kept.key(form));
    if (!text) return false;
    const given = new Map();
    for (const [name, value] of JSON.parse(text)) given.set(name, [...(given.get(name) ?? []), value]);
    const changed = [];
    for (const field of form.elements) {
      if (!field.name || UNTOUCHED.has(field.name) || field.type === "submit" || field.type === "file") continue;
      const values = given.get(field.name) ?? [];
      const before = [field.checked, field.value].join();
      if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
      else if (values.length) field.value = values.shift();
      if (before !== [field.checked, field.value].join()) changed.push(field);
    }
    // after htmx has begun to listen
    setTimeout(() => changed.forEach((field) => field.dispatchEvent(new Event("change", { bubbles: true }))), 0);
    return true;
  },
};

document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("form[data-keep]");
  const waiting = document.querySelector("[data-kept-waits]");
  if (waiting) return;
  // a page that answers the form itself shows it again, filled in by the server
  if (form && !form.hasAttribute("data-answered") && kept.restore(form)) {
    const note = document.createElement("p");
    note.className = "alert alert-info";
    note.setAttribute("role", "status");
    note.textContent = form.dataset.keep;
    form.before(note);
  }
  kept.forget();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  // by its attribute: a field may be called « method »
  if (event.defaultPrevented || form.getAttribute("method") !== "post") return;
  if (form.hasAttribute("data-leaves")) kept.forget();
  // a second click while the first is on its way would act twice
  if (form.dataset.sent !== undefined) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "";
  setTimeout(() => { delete form.dataset.sent; }, 8000);
  if (form.dataset.keep !== undefined) kept.write(form);
});

// the page comes back from the browser's memory: it may be sent again
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; });
});
