// Now, the agenda, the log form and the queue out of what this device keeps; the address after # says which.
"use strict";
{
  const main = document.getElementById("main");
  const words = main.dataset;
  const view = document.getElementById("view");
  const told = document.getElementById("told");
  const state = document.getElementById("state");
  let signedOut = false;
  let news = "";
  let drawing = 0;
  // The address that the open form was begun for.
  let begun = "";

  function el(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else made.setAttribute(name, value);
    }
    made.append(...children);
    return made;
  }

  const form = logForm({ words, el, saved: () => { news = words.kept; location.hash = "queue"; send(); } });
  const dayIn = (zone) => new Intl.DateTimeFormat("sv", { timeZone: zone }).format(new Date());

  function tell(text) {
    told.textContent = text;
    told.hidden = !text;
  }

  // The last asking wins: one that read the device for longer would empty a form that somebody has begun to fill.
  async function draw() {
    const mine = ++drawing;
    const kept = await puente.kept();
    const queue = kept ? await puente.queue(kept.user) : [];
    const files = kept ? (await puente.files(kept.user)).filter((file) => file.ready) : [];
    if (mine !== drawing) return;
    const [name, key, n] = (location.hash.slice(1) || (location.pathname === "/meetings/new/" ? "log" : "now")).split("/");
    for (const link of main.querySelectorAll(".tabs a")) {
      link.toggleAttribute("aria-current", link.hash === `#${name}`);
      if (link.hash === `#${name}`) link.setAttribute("aria-current", "page");
    }
    status(kept, [...queue, ...files]);
    if (!kept) return view.replaceChildren(el("p", { class: "empty" }, words.nothing));
    if (name === "log") {
      if (!document.getElementById("log").hidden && begun === location.hash) return;
      view.replaceChildren();
      begun = location.hash;
      const plan = kept.appointments.find(({ id }) => `${id}` === key) ?? null;
      return form.begin(kept, { plan, mend: key === "mend" ? queue.find((entry) => `${entry.n}` === n) ?? null : null });
    }
    form.close();
    if (name === "queue") view.replaceChildren(waiting(queue, files));
    else if (name === "agenda") view.replaceChildren(...days(kept, kept.appointments, queue));
    else {
      const today = kept.appointments.filter((plan) => plan.start.slice(0, 10) === dayIn(plan.zone));
      view.replaceChildren(...(today.length ? days(kept, today, queue) : [el("p", { class: "empty" }, words.nobody)]));
    }
  }

  function status(kept, queue) {
    state.replaceChildren(kept ? `${kept.mission.name} · ${words.asof} ${new Date(kept.fetched).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" })}` : "");
    if (queue.length) state.append(" · ", el("a", { href: "#queue" }, `${queue.length} ${words.n}`));
    if (signedOut && queue.length) state.append(" · ", words.signedout, " ", el("a", { href: "/login/?next=/now/" }, words.signin));
  }

  function days(kept, plans, queue) {
    const groups = new Map();
    for (const plan of plans) groups.set(plan.start.slice(0, 10), [...(groups.get(plan.start.slice(0, 10)) ?? []), plan]);
    return [...groups].map(([day, rows]) => el("section", { class: "section" },
      el("div", { class: "section-head" }, el("h2", {}, new Date(`${day}T12:00`).toLocaleDateString(document.documentElement.lang, { weekday: "long", day: "numeric", month: "long" }))),
      el("ol", { class: "rows" }, ...rows.map((plan) => row(kept, plan, queue)))));
  }

  function row(kept, plan, queue) {
    const logged = queue.some(({ fields }) => fields.some(([name, value]) => name === "appointment" && value === `${plan.id}`));
    const side = el("div", { class: "row-side floor-taps" });
    if (logged) side.append(el("span", { class: "pill ok" }, words.here));
    else if (["proposed", "confirmed", "moved", "held"].includes(plan.status)) {
      const tap = (outcome, label) => el("button", { type: "button", class: "btn", onclick: async () => {
        await form.tap(kept, plan, outcome).then(() => tell(words.kept), () => tell(words.full));
        await draw();
        send();
      } }, label);
      side.append(el("a", { class: "btn btn-primary", href: `#log/${plan.id}` }, words.log));
      if (plan.status !== "held") side.append(tap("no_show", words.no_show), tap("rescheduled", words.moved));
    }
    const about = [plan.people.map(({ name }) => name).join(", "), plan.place, plan.purpose, plan.ours.join(", ")].filter(Boolean);
    return el("li", { class: "floor-row" }, el("span", { class: "programme-time" }, `${plan.start.slice(11)}–${plan.end.slice(11)}`),
      el("div", { class: "row-main" }, el("span", { class: "row-title" }, plan.name), ...about.map((line) => el("div", { class: "row-sub" }, line)), ...briefing(plan.brief)), side);
  }

  // What to know before, folded; a device that was filled by an older version has none.
  function briefing(brief) {
    const parts = [["avoid", brief?.avoid ? [brief.avoid] : []], ["who", brief?.people ?? []], ["history", brief?.history ?? []], ["promises", brief?.promises ?? []]].filter(([, lines]) => lines.length);
    if (!parts.length && !brief?.facts?.length) return [];
    return [el("details", { class: "floor-brief" }, el("summary", {}, words.briefing), ...(brief.facts?.length ? [el("div", { class: "row-sub" }, brief.facts.join(" · "))] : []),
      ...parts.flatMap(([name, lines]) => [el("strong", { class: "row-sub" }, words[name]), el("ul", { class: "row-sub" }, ...lines.map((line) => el("li", {}, line)))]))];
  }

  function waiting(queue, files) {
    if (!queue.length && !files.length) return el("p", { class: "empty" }, words.none);
    return el("ul", { class: "rows" }, ...files.map(attached), ...queue.map((entry) => {
      const said = Object.fromEntries(entry.fields);
      const side = el("div", { class: "row-side" });
      if (entry.state === "refused") {
        side.append(el("a", { class: "btn btn-sm btn-primary", href: `#log/mend/${entry.n}` }, words.mend),
          el("button", { type: "button", class: "btn btn-sm btn-quiet", onclick: async () => { if (confirm(words.sure)) { await puente.drop(entry.n); await puente.discard(entry.id); } draw(); } }, words.drop));
      } else side.append(el("span", { class: "pill" }, words.waiting));
      return el("li", {}, el("div", { class: "row-main" }, el("span", { class: "row-title" }, entry.label || said.person || said.new_company || said.note || words.log),
        el("div", { class: "row-sub" }, (said.happened_at ?? "").replace("T", " ")), ...(entry.reason ? [el("p", { class: "error-words" }, entry.reason)] : [])), side);
    }));
  }

  function attached(file) {
    const drop = async () => { if (confirm(words.surefile)) await puente.detach(file.id); draw(); };
    return el("li", {}, el("div", { class: "row-main" }, el("span", { class: "row-title" }, file.name), el("div", { class: "row-sub" }, words.picture),
      ...(file.reason ? [el("p", { class: "error-words" }, file.reason)] : [])),
    el("div", { class: "row-side" }, el("span", { class: "pill" }, words.waiting), el("button", { type: "button", class: "btn btn-sm btn-quiet", onclick: drop }, words.drop)));
  }

  async function send() {
    signedOut = await puente.send() === "signed out";
    await redraw();
  }

  // Never under the hands of somebody who types.
  async function redraw() {
    if (document.getElementById("log").hidden) return draw();
    const kept = await puente.kept();
    status(kept, kept ? await puente.waiting(kept.user) : []);
  }

  window.addEventListener("hashchange", () => {
    tell(news);
    news = "";
    draw();
  });
  window.addEventListener("online", send);
  new BroadcastChannel("puente").onmessage = redraw;
  setInterval(send, 5_000);
  navigator.serviceWorker?.register("/service-worker.js").catch(() => null);
  draw().then(send);
}
