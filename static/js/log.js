// "Log a meeting": the capture id, the draft kept in this browser for this person, and the keyboard of the who box.
"use strict";
{
  const form = document.getElementById("log");
  const savedId = form?.dataset.saved ?? document.querySelector("[data-saved]")?.dataset.saved;
  const WEEK = 7 * 24 * 3600 * 1000;
  // A draft never goes by these: they belong to the page, or to a button.
  const OWN = new Set(["csrfmiddlewaretoken", "pick", "drop", "find", "save", "next"]);
  const WORTH = new Set(["note", "contact", "company", "person", "new_company", "p1-text"]);
  const prefix = "puente.draft.";
  const done = "puente.saved";

  // Once stored, the draft goes, and the browser's back button must not send its id again with other words.
  if (savedId) {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(prefix) && readDraft(key)?.id === savedId) localStorage.removeItem(key);
    }
    sessionStorage.setItem(done, savedId);
    // What was photographed or recorded follows the words.
    puente.ready(savedId).then(() => puente.send()).catch(() => null);
  }

  function readDraft(key) {
    try {
      const draft = JSON.parse(localStorage.getItem(key));
      return draft && Date.now() - draft.at < WEEK ? draft : null;
    } catch {
      return null;
    }
  }

  if (form) start();

  function start() {
    const key = prefix + form.dataset.user;
    const note = document.getElementById("log-draft");
    const id = form.elements.capture_id;
    const fresh = () => { if (window.crypto?.randomUUID) id.value = crypto.randomUUID(); };
    let timer = 0;
    const files = attachments({
      form,
      user: () => Number(form.dataset.user),
      capture: () => id.value,
      changed: later,
      filled: (person) => ask({ ...person, gave_details: "on", pick: "card" }),
    });

    const draft = readDraft(key);
    if (!("bound" in form.dataset)) {
      fresh();
      if (draft && "prefilled" in form.dataset) offer();
      else if (draft) restore(draft);
    }
    window.addEventListener("pageshow", (event) => {
      if (!event.persisted || id.value !== sessionStorage.getItem(done)) return;
      form.reset();
      fresh();
    });

    // What was typed before the scripts came is looked for too.
    document.addEventListener("DOMContentLoaded", () => {
      const box = document.getElementById("id_who");
      if (box?.value.trim() && !("bound" in form.dataset)) htmx.trigger(box, "ask");
    });

    // A tap on an answer ends the asking: what came for the box later would take the tapped button off the page, and
    // with it the place of its own answer.
    form.addEventListener("htmx:beforeRequest", (event) => {
      const boxes = [...form.querySelectorAll("#id_who, #id_new_company")];
      if (!boxes.includes(event.target)) for (const box of boxes) htmx.trigger(box, "htmx:abort");
      else if (form.querySelector("button.htmx-request")) event.preventDefault();
    });
    form.addEventListener("input", later);
    form.addEventListener("change", later);
    form.addEventListener("htmx:afterSwap", later);
    document.addEventListener("visibilitychange", () => { if (timer) keep(); });
    form.addEventListener("submit", () => keep());

    function later() {
      clearTimeout(timer);
      timer = setTimeout(keep, 300);
    }

    function keep() {
      clearTimeout(timer);
      timer = 0;
      const fields = [...new FormData(form)].filter(([name, value]) => !OWN.has(name) && typeof value === "string");
      // A tap on a chip alone is nothing that anybody would miss.
      const attached = Number(form.querySelector("[data-files]").dataset.n);
      if (!attached && !fields.some(([name, value]) => WORTH.has(name) && value.trim())) return localStorage.removeItem(key);
      localStorage.setItem(key, JSON.stringify({ id: id.value, at: Date.now(), fields }));
    }

    function show(name) {
      note.hidden = false;
      for (const line of note.querySelectorAll("[data-draft]")) line.hidden = line.dataset.draft !== name;
      note.querySelector("[data-draft-do=continue]").hidden = name !== "waiting";
    }

    function offer() {
      show("waiting");
    }

    async function restore(kept) {
      const fields = kept.fields.filter(([name]) => !OWN.has(name));
      await redraw(fields);
      fill(fields);
      files.draw();
      show("restored");
    }

    // Whom it was about is drawn by the server, which also says what one may still see.
    async function redraw(fields) {
      const body = new URLSearchParams(fields);
      const headers = { "HX-Request": "true", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
      const answer = await fetch(form.dataset.who, { method: "POST", body, headers }).catch(() => null);
      if (!answer?.ok || answer.status !== 200) return;
      const parts = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const name of ["log-who", "log-lead"]) {
        const part = parts.getElementById(name);
        if (!part) continue;
        document.getElementById(name).replaceWith(part);
        htmx.process(part);
      }
    }

    // As if all of it had been typed, and the button of the box pressed.
    async function ask(more) {
      const typed = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !(name in more));
      await redraw([...typed, ...Object.entries(more).filter(([, value]) => value)]);
      later();
    }

    function fill(fields) {
      const values = new Map();
      for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value]);
      for (const element of form.elements) {
        if (!element.name || OWN.has(element.name) || element.type === "hidden" && element.name !== "capture_id") continue;
        const wanted = values.get(element.name);
        if (element.type === "radio" || element.type === "checkbox") {
          if (wanted || element.type === "checkbox") element.checked = wanted?.includes(element.value) ?? false;
        } else if (wanted) element.value = wanted[0];
      }
    }

    note.addEventListener("click", (event) => {
      const what = event.target.closest("[data-draft-do]")?.dataset.draftDo;
      if (what === "continue") restore(readDraft(key));
      if (what !== "discard") return;
      clearTimeout(timer);
      files.discard();
      localStorage.removeItem(key);
      note.hidden = true;
      if (!("prefilled" in form.dataset)) location.assign(form.action);
    });
    window.addEventListener("pagehide", () => { if (timer) keep(); });

    document.addEventListener("keydown", (event) => {
      const { target } = event;
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && target.form === form) {
        event.preventDefault();
        form.querySelector("[data-save]").click();
        return;
      }
      if (target.form !== form) return;
      const rows = [...form.querySelectorAll(".answer, .log-add")];
      const box = target.matches("#id_who, #id_new_company");
      if (event.key === "ArrowDown" && (box || rows.includes(target))) move(rows, rows.indexOf(target) + 1);
      else if (event.key === "ArrowUp" && rows.includes(target)) move(rows, rows.indexOf(target) - 1);
      else if (event.key === "Enter" && target.matches("input")) {
        // Enter in a box takes the first answer; it never saves half a form.
        event.preventDefault();
        if (target.id === "id_who" && target.value.trim()) rows[0]?.click();
      } else return;
      event.preventDefault();
    });

    function move(rows, to) {
      if (to < 0) return form.querySelector("#id_who, #id_new_company")?.focus();
      rows[Math.min(to, rows.length - 1)]?.focus();
    }
  }
}
