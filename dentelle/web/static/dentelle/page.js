// The little the pages need beyond HTML and htmx. Nothing here is required to read or to act.
document.addEventListener("DOMContentLoaded", () => {
  document.querySelector("[data-focus]")?.focus();
  document.querySelectorAll("[data-select-all]").forEach((field) => {
    field.addEventListener("focus", () => field.select());
  });
  // on a phone each menu is one line drawn sideways: where one is is in sight
  document.querySelectorAll(".site-nav [aria-current]").forEach((here) => {
    here.parentElement.scrollLeft = here.offsetLeft - here.parentElement.clientWidth / 3;
  });
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
  // a list with its own box keeps the key for it
  if (event.key === "/" && !document.querySelector("#id_q")) {
    const box = document.querySelector("#recherche");
    if (!box) return;
    event.preventDefault();
    box.focus();
    box.select();
    return;
  }
  const overlay = document.querySelector("dialog[data-opened-by-key]");
  if (overlay && event.key === overlay.dataset.openedByKey && !overlay.open) {
    event.preventDefault();
    overlay.showModal();
  }
});

// Answers are gone through with the arrows, from the box and back to it; Enter opens the one in hand.
document.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const hits = [...document.querySelectorAll("#reponses [data-hit]")];
  const box = document.querySelector("#recherche");
  const here = hits.indexOf(document.activeElement);
  if (!hits.length || (here < 0 && document.activeElement !== box)) return;
  const next = here + (event.key === "ArrowDown" ? 1 : -1);
  if (here < 0 && event.key === "ArrowUp") return;
  event.preventDefault();
  (next < 0 ? box : hits[Math.min(next, hits.length - 1)]).focus();
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

document.addEventListener("submit", (event) => {
  const form = event.target;
  // by its attribute: a field may be called « method »
  if (event.defaultPrevented || form.getAttribute("method") !== "post") return;
  // a second click while the first is on its way would act twice
  if (form.dataset.sent !== undefined) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "";
  setTimeout(() => { delete form.dataset.sent; }, 8000);
});

// the page comes back from the browser's memory: it may be sent again
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; });
});
