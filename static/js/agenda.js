// The agenda: a card is dragged to another hour or person by the mouse. It only asks: the server's answer draws the day
// anew, or says in the dialog why not, and the card goes back. By keyboard and touch a card opens its short form.
"use strict";
{
  const SNAP = 15; // minutes; with Alt held, five
  const dialog = () => document.getElementById("move-dialog");
  const box = () => document.getElementById("move-box");
  let drag = null;

  const minutesOf = (wall) => Number(wall.slice(11, 13)) * 60 + Number(wall.slice(14, 16));
  const wallAt = (day, minutes) =>
    `${day}T${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
  const laneAt = (event) => document.elementFromPoint(event.clientX, event.clientY)?.closest(".lane");

  function begin(event) {
    const card = event.target.closest(".agenda-card[data-move]");
    if (!card || event.button !== 0 || event.pointerType === "touch" || !matchMedia("(min-width: 768px)").matches) return;
    drag = { card, lane: card.closest(".lane"), x: event.pageX, y: event.pageY, moving: false };
  }

  function lift() {
    drag.moving = true;
    drag.card.classList.add("dragged");
    drag.hint = document.createElement("span");
    drag.hint.className = "agenda-hint";
    drag.card.append(drag.hint);
    const grid = drag.card.closest(".agenda");
    drag.grid = grid;
    drag.slid = grid.scrollLeft;
    drag.day = grid.dataset.day;
    drag.perMinute = drag.lane.querySelector(".lane-cards").clientHeight / (grid.querySelectorAll(".agenda-hours li").length * 60);
    drag.long = minutesOf(drag.card.dataset.end) - minutesOf(drag.card.dataset.start);
    if (drag.long <= 0) drag.long += 24 * 60;
  }

  function follow(event) {
    if (!drag) return;
    const slid = drag.moving ? drag.grid.scrollLeft - drag.slid : 0;
    const dx = event.pageX - drag.x + slid, dy = event.pageY - drag.y;
    if (!drag.moving) {
      if (Math.hypot(dx, dy) < 5) return;
      lift();
    }
    event.preventDefault();
    scrollAtTheEdge(event);
    const snap = event.altKey ? 5 : SNAP;
    const began = minutesOf(drag.card.dataset.start);
    const wanted = Math.round((began + dy / drag.perMinute) / snap) * snap;
    drag.start = Math.abs(dy) < 4 ? began : Math.min(Math.max(wanted, 0), 24 * 60 - Math.min(drag.long, 24 * 60 - 5));
    drag.card.style.transform = `translate(${dx}px, ${dy}px)`;
    drag.hint.textContent = wallAt(drag.day, drag.start).slice(11);
    drag.over?.classList.remove("over");
    drag.over = laneAt(event);
    drag.over?.classList.add("over");
  }

  function scrollAtTheEdge({ clientX, clientY }) {
    const edge = drag.grid.getBoundingClientRect();
    if (clientY > innerHeight - 50) scrollBy({ top: 20, behavior: "instant" });
    else if (clientY < 110) scrollBy({ top: -20, behavior: "instant" });
    if (clientX > edge.right - 30) drag.grid.scrollLeft += 20;
    else if (clientX < edge.left + 60) drag.grid.scrollLeft -= 20;
  }

  function putBack(card) {
    if (!card) return;
    card.classList.remove("dragged", "waiting");
    card.removeAttribute("style");
    card.querySelector(".agenda-hint")?.remove();
  }

  let asked = null; // the card whose answer we wait for

  function drop(event) {
    if (!drag) return;
    const { card, lane, moving, start, long, day } = drag;
    const target = moving && (laneAt(event) ?? lane);
    drag.over?.classList.remove("over");
    drag = null;
    if (!moving) return;
    document.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => document.removeEventListener("click", swallow, { capture: true }));
    const people = card.dataset.delegates.split(" ").filter(Boolean);
    const mine = people.filter((one) => one !== lane.dataset.delegate);
    const delegates = target === lane ? people : [...new Set([...mine, target.dataset.delegate])].filter(Boolean);
    if (target === lane && wallAt(day, start) === card.dataset.start) return putBack(card);
    const end = Math.min(start + long, 24 * 60 - 1);
    const values = { local_start: wallAt(day, start), local_end: wallAt(day, end), status: card.dataset.status, version: card.dataset.version, delegates };
    if (card.dataset.tentative) values.tentative = "on";
    card.classList.add("waiting");
    asked = card;
    htmx.ajax("POST", card.dataset.move, { target: "#move-box", swap: "innerHTML", values });
  }

  function swallow(event) {
    event.preventDefault();
    event.stopPropagation();
  }

  function giveUp() {
    if (!drag) return;
    drag.over?.classList.remove("over");
    putBack(drag.card);
    drag = null;
  }

  document.addEventListener("pointerdown", begin);
  document.addEventListener("pointermove", follow);
  document.addEventListener("pointerup", drop);
  document.addEventListener("pointercancel", giveUp);
  document.addEventListener("dragstart", (event) => event.target.closest?.(".agenda-card") && event.preventDefault());
  document.addEventListener("keydown", (event) => event.key === "Escape" && giveUp());

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-ask]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      htmx.ajax("GET", link.getAttribute("href"), { target: "#move-box", swap: "innerHTML" });
    }
    if (event.target.closest("#move-box [data-leave]") && dialog().open) {
      event.preventDefault();
      dialog().close();
    }
  });

  // Whatever the answer is, it draws what is true; a style left on the card would be carried into the new page.
  document.addEventListener("htmx:beforeSwap", () => putBack(asked));

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id === "agenda" || event.detail.target?.id === "agenda") return settled();
    if (event.target !== box() || box().textContent.trim() === "") return;
    if (!dialog().open) dialog().showModal();
    box().querySelector(".error-summary, input:not([type=hidden]), h2")?.focus();
  });

  // The day is drawn anew: the focus goes to the card that moved, and an older toast makes room.
  function settled() {
    asked = null;
    if (dialog().open) dialog().close();
    const lines = [...document.querySelectorAll("[data-moved]")];
    for (const line of lines.slice(0, -1)) line.remove();
    const line = lines.at(-1);
    if (!line) return;
    document.querySelector(`[id^="card-${CSS.escape(line.dataset.moved)}-"] a`)?.focus({ preventScroll: true });
    leave(line);
  }

  function leave(line) {
    setTimeout(() => line.matches(":hover, :focus-within") ? leave(line) : line.remove(), 10000);
  }

  // Escape, "leave it" and a fault of the network put the card back. A colleague's change is then drawn by a fresh page.
  document.addEventListener("close", (event) => {
    if (event.target !== dialog()) return;
    const stale = box().querySelector("table");
    box().replaceChildren();
    putBack(asked);
    asked = null;
    if (stale) location.reload();
  }, true);
  for (const fault of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(fault, () => { putBack(asked); asked = null; });
  }
}
