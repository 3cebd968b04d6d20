// The bar beneath the text: hear the line of the cursor, or say its phrase; how long it sounds and
// how easily it is read.

import { button, el, show } from "./dom.js";
import { number, t } from "./texts.js";

/** @typedef {import("./place.js").Words} Words */
/** @typedef {{seconds?: number, words?: number, level?: number}} Facts level: years at school after
 *   which it is read with ease */

const EASY_YEARS = 4;
const PLAIN_YEARS = 7;

/** @param {number} years at school */
function ease(years) {
  return t(years <= EASY_YEARS ? "line.easy" : years <= PLAIN_YEARS ? "line.plain" : "line.hard", { n: years });
}

export class Line {
  /**
   * @param {HTMLElement} buttons @param {HTMLElement} facts
   * @param {{use: (words: Words) => void, facts: (text: string) => Promise<Facts>}} to
   */
  constructor(buttons, facts, to) {
    this.buttons = buttons;
    this.out = facts;
    this.to = to;
    this.shown = "";
  }

  /** @param {Words[]} words of the line */
  show(words) {
    const key = JSON.stringify(words.map((one) => [one.kind, one.text]));
    if (key === this.shown) return;
    this.shown = key;
    this.out.textContent = words.length ? "" : t("line.none");
    show(this.buttons, ...words.slice(0, 3).map((one) => button(
      words.length > 1 ? `${t(one.kind === "said" ? "line.hear" : "line.say")}: ${one.text.slice(0, 24)}` : t(one.kind === "said" ? "line.hear" : "line.say"),
      () => this.to.use(one), { icon: one.kind === "said" ? "speak" : "microphone", class: "small" })));
    clearTimeout(this.timer);
    const said = words.filter((one) => one.kind === "said").map((one) => one.text).join(" ");
    if (said) this.timer = setTimeout(() => this.#facts(key, said), 400);
  }

  async #facts(/** @type {string} */ key, /** @type {string} */ said) {
    const facts = await this.to.facts(said).catch(() => ({}));
    if (key !== this.shown) return;
    this.out.textContent = [
      facts.seconds ? t("line.seconds", { n: number(facts.seconds) }) : "",
      facts.words ? t("line.words", { n: facts.words }) : "",
      facts.level ? ease(facts.level) : "",
    ].filter(Boolean).join(" · ");
  }
}
