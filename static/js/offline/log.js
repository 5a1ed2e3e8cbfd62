// The log form without a network: whom one met, out of what this device keeps, and what is put into the queue.
"use strict";
self.logForm = ({ words, el, saved }) => {
  const form = document.getElementById("log");
  const fault = document.getElementById("log-error");
  const find = document.getElementById("find");
  const added = document.getElementById("new");
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  let kept, entry, chosen, appointment, saving, id;
  const files = attachments({ form, user: () => kept?.user, capture: () => id ?? "", filled: card });

  // By the clocks of the city of the day, as the server would prefill it.
  function where() {
    const wall = (zone) => new Intl.DateTimeFormat("sv", { timeZone: zone, dateStyle: "short", timeStyle: "short" }).format(new Date()).replace(" ", "T");
    const stop = kept.stops.find(({ zone, from, to }) => wall(zone).slice(0, 10) >= from && wall(zone).slice(0, 10) <= to);
    const zone = appointment?.zone ?? stop?.zone ?? kept.zone;
    return { zone, happened_at: wall(zone), place: appointment?.place.slice(0, 200) || stop?.city || "" };
  }

  function begin(mission, { plan = null, mend = null } = {}) {
    [kept, appointment, entry] = [mission, plan, mend];
    form.reset();
    id = mend?.id ?? crypto.randomUUID();
    files.draw();
    chosen = [];
    added.hidden = true;
    fault.hidden = true;
    if (plan) chosen = [...plan.people.map((one) => ({ kind: "contact", ...one })), { kind: "company", id: plan.company, name: plan.name }];
    if (mend) fill(mend);
    draw();
    form.hidden = false;
    if (!plan && !mend) find.focus();
    else if (mend?.reason) tell(mend.reason);
  }

  function fill(old) {
    const values = new Map();
    for (const [name, value] of old.fields) values.set(name, [...(values.get(name) ?? []), value]);
    for (const field of form.elements) {
      const wanted = values.get(field.name);
      if (["radio", "checkbox"].includes(field.type)) field.checked = wanted?.includes(field.value) ?? false;
      else if (field.name && wanted) field.value = wanted[0];
    }
    added.hidden = !values.has("is_new");
    appointment = kept.appointments.find(({ id }) => String(id) === values.get("appointment")?.[0]) ?? null;
    const named = (kind, list, id) => ({ kind, id: Number(id), name: list.find((one) => one.id === Number(id))?.name ?? `${id}` });
    chosen = [
      ...(values.get("contact") ?? []).map((id) => named("contact", kept.people, id)),
      ...(values.get("company") ?? []).map((id) => named("company", kept.companies, id)),
    ];
  }

  function draw() {
    document.getElementById("chosen").replaceChildren(...chosen.map((one) => el("li", {},
      el("div", { class: "row-main" }, el("span", { class: "row-title" }, one.name)),
      el("button", { type: "button", class: "btn btn-sm btn-quiet", "aria-label": `${words.remove} ${one.name}`, onclick: () => remove(one) }, "×"))));
    const typed = plain(find.value.trim());
    const rows = typed.length < 2 ? [] : [
      ...kept.people.filter((one) => plain(one.name).includes(typed)).map((one) => ({ kind: "contact", ...one, beside: kept.companies.find(({ id }) => id === one.company)?.name ?? "" })),
      ...kept.companies.filter((one) => plain(one.name).includes(typed)).map((one) => ({ kind: "company", ...one, beside: "" })),
    ].slice(0, 12);
    const lines = rows.map((one) => el("li", {}, el("button", { type: "button", class: "answer", onclick: () => pick(one) },
      el("span", {}, el("span", { class: "row-title" }, one.name), el("span", { class: "row-sub" }, ` ${one.beside}`)))));
    if (typed && added.hidden) lines.push(el("li", {}, el("button", { type: "button", class: "answer", onclick: add }, `${words.new}: ${find.value.trim()}`)));
    document.getElementById("found").replaceChildren(...lines);
    document.getElementById("new_company").parentElement.hidden = chosen.some(({ kind }) => kind === "company");
  }

  function pick(one) {
    const company = one.kind === "contact" && kept.companies.find(({ id }) => id === one.company);
    if (one.kind === "company") chosen = chosen.filter(({ kind }) => kind !== "company");
    if (!chosen.some(({ kind, id }) => kind === one.kind && id === one.id)) chosen.push(one);
    if (company && !chosen.some(({ kind }) => kind === "company")) chosen.push({ kind: "company", ...company });
    find.value = "";
    draw();
    find.focus();
  }

  function remove(one) {
    chosen = chosen.filter((other) => other !== one);
    if (one.kind === "company") appointment = null;
    draw();
    find.focus();
  }

  function add() {
    added.hidden = false;
    form.elements.person.value = find.value.trim();
    find.value = "";
    draw();
    const company = document.getElementById("new_company");
    (company.parentElement.hidden ? form.elements.note : company).focus();
  }

  function card(person) {
    added.hidden = false;
    for (const [name, value] of Object.entries(person)) form.elements[name].value = value;
    form.elements.gave_details.checked = true;
    draw();
  }

  function tell(text) {
    fault.textContent = text;
    fault.hidden = false;
    fault.focus();
  }

  function said() {
    const own = new FormData(form);
    const fields = [...own].filter(([, value]) => typeof value === "string" && value !== "");
    const names = new Set([...fields.map(([name]) => name), ...[...form.elements].map(({ name }) => name), "contact", "company", "appointment", "is_new"]);
    // What another form had said, and this one does not ask, stays.
    fields.push(...(entry?.fields ?? []).filter(([name]) => !names.has(name)));
    for (const one of chosen) fields.push([one.kind, `${one.id}`]);
    if (appointment) fields.push(["appointment", `${appointment.id}`]);
    if (!added.hidden) fields.push(["is_new", "1"]);
    if (!entry) fields.push(["mission", `${kept.mission.id}`], ...Object.entries(where()));
    return fields;
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { elements } = form;
    const company = chosen.some(({ kind }) => kind === "company");
    if (!chosen.length && added.hidden) return tell(words.whom);
    if (!company && !elements.new_company.value.trim()) return tell(words.whichcompany);
    if (elements["p1-promised"].checked && !elements["p1-due"].value && !elements["p1-day"].value) return tell(words.bywhen);
    if (saving) return;
    saving = true;
    const label = [...chosen.map(({ name }) => name), elements.person.value, elements.new_company.value].filter(Boolean).join(", ");
    try {
      await puente.add({ id, user: kept.user, fields: said(), label });
      form.hidden = true;
      saved();
    } catch {
      tell(words.full);
    } finally {
      saving = false;
    }
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.matches("textarea, button")) return;
    event.preventDefault();
    if (event.target === find) document.querySelector("#found button")?.click();
  });
  find.addEventListener("input", draw);

  // One tap on the programme: logged as it would be by the form.
  async function tap(mission, plan, outcome) {
    [kept, appointment] = [mission, plan];
    const fields = [["kind", "meeting"], ["outcome", outcome], ["company", `${plan.company}`], ["appointment", `${plan.id}`], ["mission", `${mission.mission.id}`], ...Object.entries(where())];
    fields.push(...plan.people.map(({ id }) => ["contact", `${id}`]));
    await puente.add({ id: crypto.randomUUID(), user: mission.user, fields, label: plan.name });
  }

  return { begin, tap, close: () => { form.hidden = true; } };
};
