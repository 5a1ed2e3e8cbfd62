// Pictures, voice notes and cards on the log form. Each is on the device's disk before the form is sent, and follows by itself.
"use strict";
self.attachments = ({ form, user, capture, changed = () => null, filled = () => null }) => {
  const part = form.querySelector("[data-files]");
  const cards = form.querySelector("[data-card-part]");
  const words = part.dataset;
  const list = part.querySelector("[data-attached]");
  const record = part.querySelector("[data-record]");
  const LONGEST_SIDE = 1600;
  const LONGEST_VOICE = 10 * 60 * 1000;
  let recorder = null;

  function tell(text, beside = part) {
    const told = beside.querySelector("[data-told]");
    told.textContent = text;
    told.hidden = !text;
  }

  async function draw() {
    const files = await puente.filesOf(capture()).catch(() => []);
    part.dataset.n = files.length;
    list.replaceChildren(...files.map((file) => {
      const line = document.createElement("li");
      const name = document.createElement("div");
      const drop = document.createElement("button");
      name.className = "row-main";
      name.textContent = file.name;
      drop.type = "button";
      drop.className = "btn btn-sm btn-quiet";
      drop.textContent = "×";
      drop.setAttribute("aria-label", `${words.remove} ${file.name}`);
      drop.addEventListener("click", async () => { await puente.detach(file.id); await draw(); changed(); });
      if (file.blob.type.startsWith("image/")) line.append(picture(file.blob));
      line.append(name, drop);
      return line;
    }));
  }

  function picture(blob) {
    const shown = new Image();
    shown.className = "log-thumb";
    shown.alt = "";
    shown.src = URL.createObjectURL(blob);
    shown.onload = () => URL.revokeObjectURL(shown.src);
    return shown;
  }

  async function add(name, blob) {
    try {
      await puente.attach({ id: crypto.randomUUID(), user: user(), capture: capture(), name, blob });
      tell("");
      await draw();
      changed();
      return true;
    } catch {
      tell(words.full);
      return false;
    }
  }

  // Large enough to read a card, small enough for a bad network; where a picture was taken stays out of it.
  async function smaller(file) {
    const drawn = await createImageBitmap(file).catch(() => null);
    if (!drawn) return [file.name, file];
    const scale = Math.min(1, LONGEST_SIDE / Math.max(drawn.width, drawn.height));
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [Math.round(drawn.width * scale), Math.round(drawn.height * scale)];
    canvas.getContext("2d").drawImage(drawn, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", 0.85); });
    return blob ? [`${file.name.replace(/\.[^.]*$/, "")}.jpg`, blob] : [file.name, file];
  }

  part.addEventListener("change", async (event) => {
    const input = event.target;
    const files = [...(input.files ?? [])];
    if (!files.length) return;
    let kept = true;
    for (const file of files) kept = await add(...(file.type.startsWith("image/") ? await smaller(file) : [file.name, file])) && kept;
    // What could not be kept stays in the form, and goes with it.
    if (kept) input.value = "";
  });

  cards.addEventListener("change", async ({ target }) => {
    const [file] = target.files;
    target.value = "";
    if (!file) return;
    const asked = cards.dataset;
    tell(asked.reading, cards);
    const { readCard } = await import(asked.reader);
    const person = await readCard(file, asked).catch(() => null);
    tell(person ? "" : asked.unread, cards);
    if (person) filled(person);
    else await add(...await smaller(file));
  });

  async function start() {
    const sound = await navigator.mediaDevices.getUserMedia({ audio: true }).catch(() => null);
    if (!sound) return tell(words.silent);
    const parts = [];
    const began = Date.now();
    recorder = new MediaRecorder(sound);
    recorder.ondataavailable = ({ data }) => parts.push(data);
    recorder.onstop = async () => {
      const { mimeType } = recorder;
      const ending = mimeType.includes("mp4") ? "m4a" : mimeType.includes("ogg") ? "ogg" : "webm";
      for (const track of sound.getTracks()) track.stop();
      clearInterval(tick);
      recorder = null;
      record.textContent = words.record;
      record.setAttribute("aria-pressed", "false");
      const minute = new Date(began).toLocaleTimeString("sv").slice(0, 5).replace(":", ".");
      await add(`${words.voice} ${minute}.${ending}`, new Blob(parts, { type: mimeType.split(";")[0] }));
    };
    const clock = () => {
      const seconds = Math.floor((Date.now() - began) / 1000);
      record.textContent = `${words.stop} ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
      if (Date.now() - began > LONGEST_VOICE) recorder?.stop();
    };
    const tick = setInterval(clock, 500);
    recorder.start(1000);
    record.setAttribute("aria-pressed", "true");
    clock();
  }

  if (navigator.mediaDevices && self.MediaRecorder) {
    record.hidden = false;
    record.addEventListener("click", () => (recorder ? recorder.stop() : start()));
  }
  cards.querySelector("label").hidden = false;
  draw();
  return { draw, discard: async () => { await puente.discard(capture()); await draw(); } };
};
