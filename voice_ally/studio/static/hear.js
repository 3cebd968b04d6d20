// Hear: what the real listener makes of a voice, or of a recording. Nothing is kept.

import { button, el, show, svg } from "./dom.js";
import { number, t } from "./texts.js";

/** @typedef {{text: string, meaning: string, probability: number, decision: "act" | "confirm" | "ignore",
 *   runner_up?: {meaning: string, probability: number}, note?: string}} Utterance probabilities from 0 to 1 */

const MOST = 30;

/** A bar. @param {number} value 0 to 1 @param {string} label @param {string} [kind] */
export function gauge(value, label, kind = "") {
  const width = Math.round(Math.min(Math.max(value, 0), 1) * 1000) / 10;
  return svg("svg", { class: `gauge ${kind}`, viewBox: "0 0 100 10", preserveAspectRatio: "none", role: "img", "aria-label": label },
    svg("rect", { width, height: 10 }));
}

export class Hearing {
  /**
   * @param {HTMLElement} panel
   * @param {{start: () => void, stop: () => void, recording: (file: File) => void}} to
   */
  constructor(panel, to) {
    this.isOn = false;
    this.toggle = button(t("hear.start"), () => (this.isOn ? to.stop() : to.start()), { icon: "microphone", class: "main" });
    this.note = el("p", { class: "small soft", role: "status" });
    this.bar = svg("rect", { height: 10, width: 0 });
    this.level = svg("svg", { class: "gauge", viewBox: "0 0 100 10", preserveAspectRatio: "none", role: "img", "aria-label": t("hear.level") }, this.bar);
    this.target = el("p", { class: "target", hidden: true });
    const file = /** @type {HTMLInputElement} */ (el("input", { type: "file", accept: "audio/*,.flac,.wav,.ogg,.opus,.mp3", hidden: true, onchange: () => {
      if (file.files?.[0]) to.recording(file.files[0]);
      file.value = "";
    } }));
    const drop = el("div", { class: "drop",
      ondragover: (/** @type {Event} */ event) => { event.preventDefault(); drop.classList.add("over"); },
      ondragleave: () => drop.classList.remove("over"),
      ondrop: (/** @type {DragEvent} */ event) => {
        event.preventDefault();
        drop.classList.remove("over");
        const dropped = event.dataTransfer?.files[0];
        if (dropped) to.recording(dropped);
      } }, `${t("hear.drop")} `, el("button", { type: "button", class: "link", onclick: () => file.click() }, t("hear.choose")), ".", file);
    this.list = el("ol", { class: "cards", "aria-live": "polite" });
    this.empty = el("div", { class: "empty" }, el("strong", {}, t("hear.empty")), t("hear.empty.more"));
    show(panel, el("div", { class: "row" }, this.toggle, el("div", { class: "grow" }, this.level)), this.note, this.target, this.list, this.empty, drop);
    this.level.classList.add("level");
    this.on(false);
  }

  /** @param {boolean} isOn */
  on(isOn) {
    this.isOn = isOn;
    this.toggle.querySelector("span").textContent = t(isOn ? "hear.stop" : "hear.start");
    this.toggle.querySelector("use").setAttribute("href", isOn ? "#icon-stop" : "#icon-microphone");
    this.toggle.setAttribute("aria-pressed", String(isOn));
    this.level.classList.toggle("visually-hidden", !isOn);
    if (!isOn) this.loudness(0);
  }

  /** @param {string} text */
  say(text) {
    this.note.textContent = text;
  }

  /** Which phrase is to be said now. @param {string} text "" for none */
  aim(text) {
    this.target.hidden = !text;
    show(this.target, text && el("span", { class: "soft" }, `${t("hear.target")} `), text && el("strong", {}, text));
  }

  /** @param {number} level 0 to 1 */
  loudness(level) {
    this.bar.setAttribute("width", String(Math.round(level * 100)));
  }

  /** @param {Utterance} heard */
  add(heard) {
    this.empty.hidden = true;
    const kind = { act: "good", confirm: "warn", ignore: "bad" }[heard.decision];
    const percent = Math.round(heard.probability * 100);
    this.list.prepend(el("li", { class: "card heard" },
      el("strong", {}, heard.text ? t("quote", { text: heard.text }) : (heard.note ?? t("hear.nothing"))),
      el("span", { class: `mark ${kind}` }, t(`hear.${heard.decision}`)),
      el("span", { class: "small" }, heard.meaning || (heard.text ? t("hear.nothing") : "")),
      el("span", { class: "small soft" }, t("hear.sure", { n: number(percent) })),
      gauge(heard.probability, t("hear.sure", { n: percent }), kind),
      heard.runner_up && el("span", { class: "small soft more" }, t("hear.runner", { text: heard.runner_up.meaning, n: Math.round(heard.runner_up.probability * 100) })),
      heard.text && heard.note ? el("span", { class: "small soft more" }, heard.note) : null));
    while (this.list.children.length > MOST) this.list.lastElementChild?.remove();
  }
}
