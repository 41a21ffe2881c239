// @ts-check
// Where a reply comes from: paste, drop, a file, a sample. Each way ends in one call of `take`.

import { h } from "../draw/dom.js";
import { size } from "../words/format.js";

/** @typedef {{ text: string, bytes?: Uint8Array, sample?: string, status?: number }} Taken `bytes` only where they are not UTF-8; `status`: of HTTP, where it is known */
/** @typedef {{ id: string, file: string, group: string, synthetic: boolean, title: Record<string, string>, origin: Record<string, string> }} Sample */

/** Beyond this a text area stops being usable; the package itself refuses more than 8 MiB unless told otherwise. */
export const LARGEST_FILE = 16 * 1024 * 1024;
export const GROUPS = ["ecs", "bdrc", "cloudcontrol", "other"];

/** A file's text; its bytes too where they are not UTF-8, so that the package can say where. @param {Uint8Array} bytes @returns {Taken} */
export function decode(bytes) {
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return { text: new TextDecoder("utf-8").decode(bytes), bytes };
  }
}

/** @param {File} file @param {import("../words/text.js").Text} t @param {import("../words/text.js").Language} language @returns {Promise<Taken>} */
export async function readFile(file, t, language) {
  if (file.size > LARGEST_FILE) {
    throw new Error(t("raw.file.large", { name: file.name, size: size(file.size, language), limit: size(LARGEST_FILE, language) }));
  }
  try {
    return decode(new Uint8Array(await file.arrayBuffer()));
  } catch (error) {
    throw new Error(t("raw.file.failed", { name: file.name, message: /** @type {Error} */ (error).message }));
  }
}

/** @returns {Promise<Sample[]>} */
export async function loadSamples() {
  return JSON.parse(new TextDecoder().decode(await get("samples/index.json")));
}

/** @param {Sample} sample @returns {Promise<Taken>} */
export async function readSample(sample) {
  return { ...decode(await get(`samples/${sample.file}`)), sample: sample.id };
}

/** From the page itself where it is all in one file. @param {string} path @returns {Promise<Uint8Array>} */
async function get(path) {
  const inside = document.getElementById("samples-inside");
  if (inside) return new TextEncoder().encode(JSON.parse(inside.textContent ?? "")[path]);
  const response = await fetch(new URL(path, document.baseURI));
  if (!response.ok) throw new Error(`HTTP ${response.status} ${path}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** The samples by API, each a button. @param {Sample[]} samples @param {import("../words/text.js").Text} t @param {import("../words/text.js").Language} language @param {number} level of the headings @param {(sample: Sample) => void} pick */
export function sampleList(samples, t, language, level, pick) {
  return h("div", { class: "sample-groups" }, GROUPS.map((group) => h("section", null,
    h(`h${level}`, null, t(`group.${group}`)),
    h("ul", null, samples.filter((sample) => sample.group === group).map((sample) => h("li", null,
      h("button", { type: "button", class: "sample", "data-sample": sample.id, on: { click: () => pick(sample) } },
        h("span", { class: "sample-title" }, sample.title[language], sample.synthetic && h("span", { class: "tag" }, t("samples.synthetic"))),
        h("span", { class: "sample-origin" }, sample.origin[language]))))))));
}

/**
 * Pasting outside the text area, and dropping anywhere.
 * @param {HTMLElement} veil shown while something hovers over the page
 * @param {(taken: Taken) => void} take @param {(file: File) => void} takeFile
 */
export function listen(veil, take, takeFile) {
  /** A drag that began on this page moves its own text; only what comes from outside is a reply. */
  let ours = false;
  let depth = 0;
  const hide = () => { depth = 0; veil.hidden = true; };
  const readable = (/** @type {DragEvent} */ event) => !ours && ["Files", "text/plain"].some((type) => event.dataTransfer?.types.includes(type));

  addEventListener("dragstart", () => { ours = true; });
  addEventListener("dragend", () => { ours = false; });
  addEventListener("dragenter", (event) => {
    if (!readable(event)) return;
    event.preventDefault();
    depth++;
    veil.hidden = false;
  });
  addEventListener("dragleave", (event) => { if (readable(event) && --depth <= 0) hide(); });
  addEventListener("dragover", (event) => {
    if (!readable(event)) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = "copy";
  });
  addEventListener("drop", (event) => {
    if (!readable(event)) return;
    event.preventDefault();
    hide();
    const [file] = event.dataTransfer?.files ?? [];
    if (file) return takeFile(file);
    const text = event.dataTransfer?.getData("text/plain");
    if (text) take({ text });
  });

  addEventListener("paste", (event) => {
    if (/** @type {Element} */ (event.target).closest?.("textarea, input, [contenteditable]")) return;
    const [file] = event.clipboardData?.files ?? [];
    if (file) return takeFile(file);
    const text = event.clipboardData?.getData("text/plain");
    if (text) take({ text });
  });
}
