// The board: a card moves by dragging, by [ and ] while it has the focus, and by its menu. The server's answer decides:
// it re-draws both columns' figures and the card, or says in the dialog why not, and the card goes back. On the board
// by next step a move asks for the day of the step; no card can be put where its step would be late or none.
"use strict";
{
  const dialog = document.getElementById("move-dialog");
  const box = document.getElementById("move-box");
  let pending = null; // where the dragged card came from

  const bySteps = () => document.getElementById("board")?.dataset.by === "step";
  const lists = () => [...document.querySelectorAll("#board .board-cards")];

  function putBack() {
    if (!pending) return;
    const { card, from, before } = pending;
    pending = null;
    card.classList.remove("moving");
    if (card.isConnected) from.insertBefore(card, before?.isConnected ? before : null);
  }

  const show = (address) => htmx.ajax("GET", address, { target: "#move-box", swap: "innerHTML" });

  function ask(card, column) {
    card.classList.add("moving");
    if (bySteps()) return show(`${card.dataset.url}step/?column=${column}`);
    const stage = column;
    htmx.ajax("POST", card.querySelector("[data-move]").getAttribute("href"), {
      target: "#move-box",
      swap: "innerHTML",
      values: { stage, version: card.dataset.version, seen_stage: card.dataset.stage },
    });
  }

  function start(list) {
    new Sortable(list, {
      group: { name: "board", put: !("takesNone" in list.dataset) },
      sort: false,
      draggable: ".board-card",
      delay: 180,
      delayOnTouchOnly: true,
      forceFallback: true,
      fallbackTolerance: 4,
      scrollSensitivity: 80,
      onStart: ({ item }) => { pending = { card: item, from: item.parentElement, before: item.nextElementSibling }; },
      onEnd: ({ item, from, to }) => {
        if (from === to) return putBack();
        ask(item, to.dataset.column);
      },
    });
  }

  function step(card, by) {
    const all = lists().filter((list) => list === card.parentElement || !("takesNone" in list.dataset));
    const to = all[all.indexOf(card.parentElement) + by];
    if (!to) return;
    pending = { card, from: card.parentElement, before: card.nextElementSibling };
    ask(card, to.dataset.column);
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || dialog.open) return;
    const by = { "[": -1, "]": 1 }[event.key];
    const card = by && event.target.closest(".board-card");
    if (!card) return;
    event.preventDefault();
    step(card, by);
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-move], [data-plan]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      show(link.getAttribute("href"));
    }
    const leave = event.target.closest("#move-box [data-leave]");
    if (leave) {
      event.preventDefault();
      dialog.close();
      if (leave.dataset.leave === "refresh") location.reload();
    }
  });

  box.addEventListener("htmx:afterSwap", () => {
    if (box.textContent.trim() === "") return;
    if (!dialog.open) dialog.showModal();
    box.querySelector("[autofocus], .error-summary, input:not([type=hidden]), select, textarea, a")?.focus();
  });

  // Escape, "Leave it" and a fault of the network all put the card back.
  dialog.addEventListener("close", () => {
    box.replaceChildren();
    putBack();
  });
  for (const fault of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(fault, () => dialog.open ? dialog.close() : putBack());
  }

  document.addEventListener("moved", (event) => {
    pending = null;
    if (dialog.open) dialog.close();
    const card = document.getElementById(`card-${event.detail.lead}`);
    card?.querySelector(".row-title").focus({ preventScroll: true });
    card?.scrollIntoView({ block: "nearest", inline: "nearest" });
    const lines = [...document.querySelectorAll("[data-moved]")];
    for (const line of lines.slice(0, -1)) line.remove();
    if (lines.length) leave(lines.at(-1));
  });

  function leave(line) {
    setTimeout(() => line.matches(":hover, :focus-within") ? leave(line) : line.remove(), 10000);
  }

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll(".board-cards").forEach(start));
}
