// A text box that offers records while one types: companies/pickers.py. The server draws the rows; each carries
// data-id and data-label. Arrow keys move, Enter takes, Esc closes; a typed change forgets what was picked.
(() => {
  const wait = 120;

  function start(box) {
    const input = box.querySelector("[role=combobox]");
    const list = box.querySelector("[role=listbox]");
    const hidden = box.querySelector("input[type=hidden]");
    if (!hidden) return;
    let timer = 0;
    let asked = 0;

    const rows = () => [...list.querySelectorAll("[data-id]")];
    const current = () => list.querySelector("[aria-selected=true]");

    function close() {
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    function mark(row) {
      rows().forEach((each, n) => {
        each.id ||= `${list.id}_${n}`;
        each.setAttribute("role", "option");
        each.setAttribute("aria-selected", String(each === row));
      });
      if (row) {
        input.setAttribute("aria-activedescendant", row.id);
        row.scrollIntoView({ block: "nearest" });
      }
    }

    function take(row) {
      input.value = row.dataset.label;
      hidden.value = row.dataset.id;
      close();
      hidden.dispatchEvent(new Event("change", { bubbles: true }));
    }

    async function ask() {
      const words = input.value.trim();
      if (words.length < 2) return close();
      const mine = ++asked;
      const answer = await fetch(`${box.dataset.pick}&q=${encodeURIComponent(words)}`, {
        headers: { "HX-Request": "true" },
      }).catch(() => null);
      if (!answer?.ok || mine !== asked) return;
      list.innerHTML = await answer.text();
      list.hidden = rows().length === 0;
      input.setAttribute("aria-expanded", String(!list.hidden));
      mark(rows()[0]);
    }

    input.addEventListener("input", () => {
      hidden.value = "";
      clearTimeout(timer);
      timer = setTimeout(ask, wait);
    });
    input.addEventListener("keydown", (event) => {
      if (list.hidden) return;
      const all = rows();
      const at = all.indexOf(current());
      if (event.key === "ArrowDown") mark(all[(at + 1) % all.length]);
      else if (event.key === "ArrowUp") mark(all[(at - 1 + all.length) % all.length]);
      else if (event.key === "Enter" && current()) take(current());
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
    });
    list.addEventListener("pointerdown", (event) => {
      const row = event.target.closest("[data-id]");
      event.preventDefault();
      if (row) take(row);
    });
    input.addEventListener("blur", close);
  }

  const startAll = (root) => root.querySelectorAll("[data-pick]").forEach(start);
  startAll(document);
  document.addEventListener("htmx:afterSettle", (event) => startAll(event.target));
})();
