// Try: the talk with the dialog as a chat.
//
// Rules: what was said before an edit stays; only what became different is drawn anew. Nothing is
// timed here: waits are jumped over by the server.

import { button, el, show } from "./dom.js";
import { t } from "./texts.js";

/** @typedef {{who: "ally" | "you" | "event", text: string, line?: number}} Turn line counts from 1 */
/** @typedef {{turns: Turn[], answers: string[], asking: boolean, ended: boolean, started: boolean, note?: string}} Talk */

export class Chat {
  /**
   * @param {HTMLElement} panel
   * @param {{start: () => void, say: (text: string) => void, silence: () => void, undo: () => void,
   *   save: () => void, follow: (line: number) => void, hear: (text: string, line: number) => void}} to
   */
  constructor(panel, to) {
    this.to = to;
    this.log = el("div", { class: "chat", role: "log", "aria-live": "polite", "aria-label": t("try.log"), tabindex: "0" });
    this.field = /** @type {HTMLInputElement} */ (el("input", { class: "field", type: "text", "aria-label": t("try.field"), placeholder: t("try.placeholder"), autocomplete: "off" }));
    this.chips = el("div", { class: "chips", role: "group", "aria-label": t("try.quick") });
    this.note = el("p", { class: "small soft", role: "status" });
    this.begin = button(t("try.start"), () => to.start(), { class: "main", icon: "play" });
    this.again = button(t("try.again"), () => to.start(), { icon: "again", class: "small" });
    this.undo = button(t("try.undo"), () => to.undo(), { class: "small" });
    this.keep = button(t("try.save"), () => to.save(), { class: "small" });
    this.reply = el("div", { class: "reply" }, this.note, this.chips,
      el("form", { onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        const text = this.field.value.trim();
        this.field.value = "";
        if (text) to.say(text);
        else to.silence();
      } }, this.field, el("button", { class: "button", type: "submit" }, t("try.send"))));
    this.tests = el("div", { class: "tests" });
    show(panel, el("div", { class: "head row" }, this.begin, this.again, this.undo, el("span", { class: "grow" }), this.keep),
      this.log, this.reply, this.tests);
    this.draw({ turns: [], answers: [], asking: false, ended: false, started: false });
  }

  /** @param {Talk} talk */
  draw(talk) {
    const drawn = /** @type {HTMLElement[]} */ ([...this.log.children].filter((one) => one.hasAttribute("data-turn")));
    const keys = talk.turns.map((turn) => JSON.stringify(turn));
    let same = 0;
    while (same < drawn.length && same < keys.length && drawn[same].dataset.turn === keys[same]) same++;
    for (const old of [...this.log.children].slice(same)) old.remove();
    talk.turns.slice(same).forEach((turn, index) => this.log.append(this.#turn(turn, keys[same + index])));
    if (!talk.started)
      this.log.append(el("div", { class: "empty" }, el("strong", {}, t("try.empty")), t("try.empty.more")));
    const live = talk.started && !talk.ended;
    this.begin.hidden = talk.started;
    for (const one of [this.again, this.undo, this.keep]) one.hidden = !talk.started;
    this.reply.hidden = !talk.started;
    this.note.textContent = talk.note ?? (talk.ended ? t("try.ended") : talk.asking ? t("try.asking") : "");
    this.field.disabled = !live;
    this.reply.querySelector("form").hidden = !live;
    show(this.chips,
      ...(live ? talk.answers : []).map((text) => el("button", { type: "button", class: "chip answer", onclick: () => this.to.say(text) }, text)),
      live && el("button", { type: "button", class: "chip", onclick: () => this.to.silence() }, t("try.silence")),
      live && el("button", { type: "button", class: "chip", onclick: () => this.to.say(t("try.stop.word")) }, t("try.stop")));
    this.log.scrollTop = this.log.scrollHeight;
  }

  #turn(/** @type {Turn} */ turn, /** @type {string} */ key) {
    const who = { ally: t("try.ally"), you: t("try.you"), event: "" }[turn.who];
    const kind = turn.who === "event" ? "event" : `bubble ${turn.who}${turn.text ? "" : " nothing"}`;
    const made = el("div", { class: kind, "data-turn": key },
      who && el("span", { class: "visually-hidden" }, `${who}: `), turn.text || t("try.nothing"));
    if (turn.line) {
      made.title = t("try.follow");
      made.addEventListener("click", () => this.to.follow(/** @type {number} */ (turn.line)));
    }
    return made;
  }
}
