// The keyboard: / and Ctrl+K search, m logs a meeting, ? shows the keys, j and k walk through [data-rows].
"use strict";
{
  const typing = (element) => element.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
  const rowsOf = (list) => [...(list.tBodies ? list.tBodies[0]?.rows ?? [] : list.children)];

  function openSearch(event) {
    const box = document.querySelector("[data-search]");
    if (!box) return;
    event.preventDefault();
    box.focus();
    box.select();
  }

  function walk(step) {
    const lists = [...document.querySelectorAll("[data-rows]")];
    const rows = lists.flatMap(rowsOf).filter((row) => row.offsetParent);
    if (!rows.length) return;
    const here = rows.findIndex((row) => row.matches("[aria-current=true]"));
    const next = rows[Math.min(Math.max(here + step, 0), rows.length - 1)];
    rows[here]?.removeAttribute("aria-current");
    next.setAttribute("aria-current", "true");
    (next.querySelector("[data-row-link], a, button") ?? next).focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  // A screen gives its own letter to a button or link inside a row: data-key="d".
  function pressInRow(letter) {
    const place = document.querySelector("[data-rows] [aria-current=true]");
    const button = place?.querySelector(`[data-key="${CSS.escape(letter)}"]`);
    button?.click();
    return Boolean(button);
  }

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") return openSearch(event);
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "/") openSearch(event);
    else if (event.key === "m") pressInRow("m") || document.querySelector("[data-log]")?.click();
    else if (event.key === "?") document.querySelector("#keys")?.showModal();
    else if (event.key === "j") walk(1);
    else if (event.key === "k") walk(-1);
    // What it puts under the cursor must not get the letter itself.
    else if (event.key.length === 1 && pressInRow(event.key)) event.preventDefault();
  });

  // <details class="menu"> opens by itself; it closes on Escape and on a click elsewhere.
  const closeMenus = (but) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== but) menu.open = false;
  };
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = event.target.closest?.("details.menu[open]");
    closeMenus();
    menu?.querySelector("summary").focus();
  });

  // <button data-open="id"> opens a <dialog>, [data-close] closes the one it is in.
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) document.getElementById(opener.dataset.open)?.showModal();
    if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
  });
}
