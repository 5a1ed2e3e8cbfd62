// A vCard or MECARD out of a picture of its QR code, on the device itself.
const DIRECTLY = 1000;

export async function readCard(file, { qr, vcard }) {
  const { decodeQR } = await import(qr);
  const drawn = await createImageBitmap(file);
  // Large pictures are read at a smaller size first: quicker, and less noise.
  for (const side of [DIRECTLY, 2 * DIRECTLY, 600]) {
    const text = decoded(decodeQR, drawn, side);
    if (text) return text.startsWith("MECARD:") ? fromMecard(text) : fromVcard((await import(vcard)).default, text);
  }
  return null;
}

// Cards say UTF-8 or nothing; the norm's own default is Latin.
function written(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

function decoded(decodeQR, drawn, side) {
  const scale = Math.min(1, side / Math.max(drawn.width, drawn.height));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.round(drawn.width * scale), Math.round(drawn.height * scale)];
  const brush = canvas.getContext("2d", { willReadFrequently: true });
  brush.drawImage(drawn, 0, 0, canvas.width, canvas.height);
  try {
    return decodeQR(brush.getImageData(0, 0, canvas.width, canvas.height), { textDecoder: written });
  } catch {
    return "";
  }
}

// vCard 2.1 names a kind of number without saying that it is one.
const BARE = /;(WORK|HOME|CELL|VOICE|INTERNET|PREF|FAX|MSG|PAGER|QUOTED-PRINTABLE)(?=[;:])/gi;

function fromVcard(ICAL, text) {
  if (!/^\s*BEGIN:VCARD/i.test(text)) return null;
  const parsed = ICAL.parse(text.trim().replace(BARE, ";TYPE=$1"));
  const [, properties] = parsed[0] === "vcard" ? parsed : parsed[0];
  const first = (name) => properties.find(([own]) => own === name)?.[3];
  const plain = (value) => [value ?? ""].flat(2).filter(Boolean).join(" ").trim();
  const [family, given, more] = [first("n")].flat();
  return finished({
    person: plain(first("fn")) || plain([given, more, family]),
    new_company: plain([first("org")].flat()[0]),
    title: plain(first("title")),
    email: plain(first("email")).replace(/^mailto:/i, ""),
    phone: plain(first("tel")).replace(/^tel:/i, ""),
  });
}

// MECARD:N:Paz,Inés;ORG:Kallpa;TEL:+51…;EMAIL:…;;
function fromMecard(text) {
  const values = new Map(text.slice(7).split(/(?<!\\);/).map((part) => [part.split(":")[0].toUpperCase(), part.slice(part.indexOf(":") + 1).replace(/\\(.)/g, "$1")]));
  return finished({
    person: (values.get("N") ?? "").split(",").reverse().join(" ").trim(),
    new_company: values.get("ORG") ?? "",
    title: values.get("TITLE") ?? "",
    email: values.get("EMAIL") ?? "",
    phone: values.get("TEL") ?? "",
  });
}

function finished(person) {
  return person.person || person.email || person.new_company ? person : null;
}
