// What is left of a text as one types it (textarea[data-limit]). Nothing is cut: the server refuses what is too long, and keeps it.
(() => {
  const PAUSE = 1000; // a screen reader hears what is left once one stops typing
  const number = new Intl.NumberFormat("fr-FR");
  const timers = new WeakMap();
  // as the server counts: without the blanks around, an end of line being two characters
  const lengthOf = (text) => [...text.trim().replace(/\r?\n/g, "\r\n")].length;
  const counted = (count) => `${number.format(count)} caractère${count > 1 ? "s" : ""}`;
  const told = (left) => {
    if (left < 0) return `${counted(-left)} de trop\u00a0: raccourcissez avant d’enregistrer.`;
    return left ? `Il en reste ${number.format(left)}.` : "Il n’en reste aucun.";
  };

  const show = (area) => {
    const left = Number(area.dataset.limit) - lengthOf(area.value);
    const shown = document.getElementById(`${area.id}-limit`)?.querySelector("[data-left]");
    if (!shown) return;
    shown.textContent = told(left);
    shown.classList.toggle("is-over", left < 0);
    return told(left);
  };

  document.addEventListener("input", (event) => {
    const area = event.target;
    if (!area.matches?.("textarea[data-limit]")) return;
    const words = show(area);
    clearTimeout(timers.get(area));
    timers.set(area, setTimeout(() => {
      const heard = document.getElementById(`${area.id}-left`);
      if (heard && words) heard.textContent = words;
    }, PAUSE));
  });
  document.addEventListener("DOMContentLoaded", () => {
    for (const area of document.querySelectorAll("textarea[data-limit]")) if (area.value) show(area);
  });
})();
