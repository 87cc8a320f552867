// What is typed in a calibration survives the end of a session: kept in this tab only, offered again, forgotten once saved.
(() => {
  const LEFT_OUT = new Set(["csrfmiddlewaretoken", "revision", "act"]);
  const stored = (key) => {
    try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; }
  };

  const restore = (form, fields) => {
    form.querySelectorAll("input[type=checkbox]").forEach((box) => { box.checked = false; });
    for (const [name, value] of fields) {
      for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
        if (field.type === "radio" || field.type === "checkbox") field.checked = field.value === value;
        else field.value = value;
      }
    }
    form.dispatchEvent(new Event("input", { bubbles: true }));
    document.querySelector("#contexte-calcul")?.dispatchEvent(new Event("change", { bubbles: true }));
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-select-all]").forEach((field) => {
      field.addEventListener("focus", () => field.select());
    });

    if (document.querySelector("[data-typing-kept]")) {
      Object.keys(sessionStorage).filter((key) => key.startsWith("calibrage:")).forEach((key) => sessionStorage.removeItem(key));
    }

    const form = document.querySelector("form[data-keeps-typing]");
    if (!form) return;
    const key = `calibrage:${form.dataset.keepsTyping}:${location.pathname}`;
    const before = stored(key);
    const notice = document.querySelector("#saisie-retrouvee");
    if (before && notice && !document.querySelector(".error-summary")) {
      notice.hidden = false;
      notice.querySelector("time").textContent = new Date(before.at).toLocaleString("fr-FR", { dateStyle: "short", timeStyle: "short" });
      notice.querySelector("[data-restore]").addEventListener("click", () => { restore(form, before.fields); notice.hidden = true; });
      notice.querySelector("[data-forget]").addEventListener("click", () => { sessionStorage.removeItem(key); notice.hidden = true; });
    }
    form.addEventListener("input", () => {
      const fields = [...new FormData(form)].filter(([name]) => !LEFT_OUT.has(name));
      sessionStorage.setItem(key, JSON.stringify({ at: Date.now(), fields }));
    });
  });
})();
