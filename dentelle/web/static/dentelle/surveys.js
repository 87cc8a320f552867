// Hides the questions a given answer does not ask; without this script they all show, and the server leaves the others out.
(() => {
  const form = document.querySelector("form[data-branches]");
  if (!form) return;
  const answers = (name) => {
    const data = new FormData(form);
    return data.getAll(name);
  };
  const refresh = () => {
    for (const box of form.querySelectorAll("[data-when]")) {
      const known = form.querySelector(`[name="${box.dataset.when}"]`);
      if (!known) continue;
      const wanted = box.dataset.values.split(" ");
      box.hidden = !answers(box.dataset.when).some((value) => wanted.includes(value));
    }
  };
  form.addEventListener("change", refresh);
  refresh();

  // What is sent as one types and never answered (a network that drops, a page left too soon) may be kept all the same: told to
  // the server, it is not taken for the words of somebody else. An answer empties the list.
  form.addEventListener("htmx:beforeRequest", () => {
    const sent = form.elements.namedItem("sent");
    if (!sent) return;
    const typed = new URLSearchParams([...new FormData(form)].filter(([name]) => name.startsWith("q-"))).toString();
    sent.value = JSON.stringify([...JSON.parse(sent.value || "[]"), typed].slice(-5));
  });
})();
