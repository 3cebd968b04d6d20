// Phrases: what is listened for where the cursor stands, how well many voices are understood, and
// the words that the dictionary does not know.

import { button, el, show } from "./dom.js";
import { gauge } from "./hear.js";
import { t } from "./texts.js";

/** @typedef {{text: string, group: string, line?: number}} Armed */
/** @typedef {{phrase: string, clean?: number, noise?: number, instead?: string, line?: number}} Row shares from 0 to 1 */

export class Phrases {
  /**
   * @param {HTMLElement} panel
   * @param {{rehearse: () => void, cancel: () => void, say: (text: string, line?: number) => void,
   *   play: (word: string, sounds: string) => void, keep: (word: string, sounds: string) => void}} to
   */
  constructor(panel, to) {
    this.to = to;
    this.running = false;
    this.button = button(t("phrases.rehearse"), () => (this.running ? to.cancel() : to.rehearse()), { icon: "speak" });
    this.bar = /** @type {HTMLProgressElement} */ (el("progress", { max: 1, value: 0, "aria-label": t("phrases.rehearse") }));
    this.count = el("span", { class: "small soft", role: "status" });
    this.progress = el("div", { class: "row", hidden: true }, el("div", { class: "grow" }, this.bar), this.count);
    this.note = el("p", { class: "small soft", role: "status" });
    this.results = el("div", {});
    this.unknown = el("div", {});
    this.armed = el("div", { class: "cards" });
    show(panel, el("div", { class: "row" }, this.button), this.progress, this.note, this.results, this.unknown,
      el("h2", {}, t("phrases.armed")), this.armed);
  }

  /** @param {Armed[]} armed */
  show(armed) {
    const groups = new globalThis.Map();
    for (const one of armed) groups.set(one.group, [...(groups.get(one.group) ?? []), one]);
    const titles = { answers: t("phrases.answers"), commands: t("phrases.commands"), dialogs: t("phrases.dialogs") };
    show(this.armed, armed.length === 0 && el("p", { class: "soft" }, t("phrases.none")),
      ...[...groups].map(([group, ones], index) => {
        const body = el("ul", { class: "cards" });
        // hundreds work everywhere: they are made when somebody looks
        const fill = () => body.childElementCount || body.append(...ones.map((/** @type {Armed} */ one) => this.#armed(one)));
        if (index === 0) fill();
        return el("details", { open: index === 0, ontoggle: fill }, el("summary", {}, `${titles[group] ?? group} (${ones.length})`), body);
      }));
  }

  #armed(/** @type {Armed} */ one) {
    return el("li", { class: "row" },
      button(`${t("phrases.say")}: ${one.text}`, () => this.to.say(one.text, one.line), { bare: true, class: "small quiet", icon: "microphone" }),
      el("span", { class: "grow" }, one.text));
  }

  /** @param {{word: string, sounds: string}[]} words */
  words(words) {
    show(this.unknown, words.length > 0 && el("h2", {}, t("phrases.words")), words.length > 0 && el("table", {},
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, t("phrases.word")), el("th", { scope: "col" }, t("phrases.sounds")), el("td", {}))),
      el("tbody", {}, ...words.map(({ word, sounds }) => {
        const field = /** @type {HTMLInputElement} */ (el("input", { class: "field mono", value: sounds, "aria-label": `${t("phrases.sounds")}: ${word}`, autocomplete: "off", spellcheck: "false" }));
        return el("tr", {}, el("th", { scope: "row" }, word), el("td", {}, field), el("td", {}, el("div", { class: "row" },
          button(`${t("phrases.play")}: ${word}`, () => this.to.play(word, field.value), { bare: true, class: "small", icon: "speak" }),
          button(t("phrases.keep"), () => this.to.keep(word, field.value), { class: "small", "aria-label": `${t("phrases.keep")}: ${word}` }))));
      }))));
  }

  /** @param {boolean} running @param {number} [done] @param {number} [total] */
  run(running, done = 0, total = 0) {
    this.running = running;
    this.button.querySelector("span").textContent = t(running ? "phrases.cancel" : "phrases.rehearse");
    this.progress.hidden = !running;
    this.bar.max = Math.max(total, 1);
    if (total) this.bar.value = done;
    else this.bar.removeAttribute("value");
    this.count.textContent = running && total ? t("phrases.progress", { done, total }) : "";
  }

  /** @param {string} text */
  say(text) {
    this.note.textContent = text;
  }

  /** @param {Row[]} rows the worst first */
  heard(rows) {
    const kind = (/** @type {number} */ share) => (share >= 0.9 ? "good" : share >= 0.6 ? "warn" : "bad");
    const cell = (/** @type {number | undefined} */ share) => el("td", { class: "number" }, share === undefined ? "–" : `${Math.round(share * 100)} %`,
      share === undefined ? null : gauge(share, `${Math.round(share * 100)} %`, kind(share)));
    show(this.results, rows.length > 0 && el("h2", {}, t("phrases.worst")), rows.length > 0 && el("table", {},
      el("thead", {}, el("tr", {}, ...["phrase", "clean", "noise", "mostly"].map((name) => el("th", { scope: "col" }, t(`phrases.${name}`))))),
      el("tbody", {}, ...rows.map((row) => el("tr", {},
        el("td", {}, el("button", { type: "button", class: "link", onclick: () => this.to.say(row.phrase, row.line) }, row.phrase)),
        cell(row.clean), cell(row.noise), el("td", { class: "soft" }, row.instead ?? ""))))));
  }
}
