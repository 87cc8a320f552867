// Keys of the list: j and k move, Enter opens, / goes to the words. The list reads and works without them.
(() => {
  const rows = () => [...document.querySelectorAll("[data-keyboard-list] [data-row]")];
  const openers = () => rows().map((row) => row.querySelector("[data-open]")).filter(Boolean);

  document.addEventListener("keydown", (event) => {
    const writing = event.target.closest("input, textarea, select, dialog, [contenteditable]");
    if (writing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/") {
      const words = document.querySelector("#id_q");
      if (!words) return;
      event.preventDefault();
      words.focus();
      words.select();
      return;
    }
    if (event.key !== "j" && event.key !== "k") return;
    const links = openers();
    if (!links.length) return;
    event.preventDefault();
    const here = links.indexOf(document.activeElement);
    const next = here < 0 ? 0 : here + (event.key === "j" ? 1 : -1);
    links[Math.max(0, Math.min(links.length - 1, next))].focus();
  });
})();
