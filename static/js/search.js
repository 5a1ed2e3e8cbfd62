// The search box on top answers while one types. Arrow keys move, Enter opens, Esc closes; without a choice Enter
// sends the form. The server draws the answers: templates/companies/_answers.html.
"use strict";
{
  const wait = 150;

  for (const input of document.querySelectorAll("[data-search][role=combobox]")) {
    const list = document.getElementById(input.getAttribute("aria-controls"));
    let timer = 0;
    let asked = 0;
    const rows = () => [...list.querySelectorAll("[role=option]")];
    const current = () => list.querySelector("[aria-selected=true]");

    function close() {
      clearTimeout(timer);
      asked++;
      list.replaceChildren();
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    function mark(row) {
      for (const each of rows()) each.setAttribute("aria-selected", String(each === row));
      input.setAttribute("aria-activedescendant", row.id);
      row.scrollIntoView({ block: "nearest" });
    }

    async function ask() {
      const words = input.value.trim();
      if (words.length < 2) return close();
      const mine = ++asked;
      const answer = await fetch(`/search/?box=1&q=${encodeURIComponent(words)}`, {
        headers: { "HX-Request": "true" },
      }).catch(() => null);
      if (mine !== asked) return;
      if (!answer?.ok || answer.redirected) return close();
      const text = await answer.text();
      if (mine !== asked) return;
      list.innerHTML = text;
      rows().forEach((row, n) => { row.id = `${list.id}-${n}`; });
      input.removeAttribute("aria-activedescendant");
      input.setAttribute("aria-expanded", "true");
    }

    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, wait);
    });
    input.addEventListener("keydown", (event) => {
      const all = rows();
      if (!all.length || event.isComposing) return;
      const at = all.indexOf(current());
      if (event.key === "ArrowDown") mark(all[(at + 1) % all.length]);
      else if (event.key === "ArrowUp") mark(all[at < 1 ? all.length - 1 : at - 1]);
      else if (event.key === "Enter" && current()) current().click();
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
    });
    // The box keeps the focus, so that the answers are still there when the click arrives.
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("mousedown", (event) => event.preventDefault());
    input.addEventListener("blur", close);
  }
}
