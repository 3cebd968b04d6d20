// The frame of the page: its places and its keys.

import { button, el, show } from "./dom.js";
import { language, t } from "./texts.js";
import { Tabs } from "./tabs.js";
import { keys } from "./windows.js";

export const TABS = /** @type {const} */ (["Problems", "Map", "Try", "Hear", "Phrases", "History"]);

export class Page {
  /**
   * @param {{save: () => void, shown: (tab: string) => void, list: () => void, text: () => void}} to
   */
  constructor(to) {
    document.documentElement.lang = language;
    this.tabs = new Tabs(t("tabs.label"), TABS.map((name) => ({ name, title: t(`tab.${name}`) })), to.shown);
    this.where = el("p", { class: "where grow" });
    this.state = el("span", { class: "small soft", role: "status" });
    this.save = /** @type {HTMLButtonElement} */ (button(t("save.do"), to.save, { class: "main", icon: "save", "aria-keyshortcuts": "Control+S" }));
    this.bars = el("div", { class: "bars", role: "status" });
    this.pack = el("aside", { class: "pack", "aria-label": t("pack.label") });
    this.title = el("h2", {});
    this.text = el("main", { class: "text", "aria-label": t("editor.label") }, el("header", {}, this.title));
    this.facts = el("span", { class: "facts", role: "status" });
    this.lineButtons = el("span", { class: "row" });
    this.lineBar = el("div", { class: "line-bar" }, this.lineButtons, this.facts);
    this.live = el("p", { class: "visually-hidden", role: "status" });
    this.toasts = el("div", { class: "toast", role: "status" });
    const studio = el("div", { class: "studio" },
      el("header", { class: "top" }, el("h1", {}, el("img", { src: "icon.svg", alt: "" }), "Voice Ally Studio"), this.where, this.state, this.save,
        button(t("more.keys"), () => keys(), { quiet: true, class: "small" })),
      this.bars, this.pack, this.text,
      el("section", { class: "tools", "aria-label": t("tabs.label") }, this.tabs.list, ...TABS.map((name) => this.tabs.panels[name])));
    show(/** @type {Element} */ (document.querySelector("#app")), studio, this.live, this.toasts);
    this.save.disabled = true;
    addEventListener("keydown", (event) => this.#key(event, to));
  }

  /** Beneath the editor, once it stands. */
  finish() {
    this.text.append(this.lineBar);
  }

  /** One short sentence that goes away. @param {string} text */
  toast(text) {
    clearTimeout(this.timer);
    this.toasts.textContent = text;
    this.timer = setTimeout(() => this.toasts.replaceChildren(), 5000);
  }

  /**
   * A bar over everything that stays until it is shown anew.
   * @param {string} id @param {null | {text: string, bad?: boolean, actions?: [string, () => void][]}} what
   */
  bar(id, what) {
    const old = this.bars.querySelector(`[data-bar="${id}"]`);
    if (!what) return old?.remove();
    const made = el("div", { class: `bar ${what.bad ? "bad" : ""}`, "data-bar": id }, el("span", { class: "says" }, what.text),
      ...(what.actions ?? []).map(([label, act]) => button(label, act, { class: "small" })));
    if (old) old.replaceWith(made);
    else this.bars.append(made);
    return undefined;
  }

  #key(/** @type {KeyboardEvent} */ event, to) {
    const isSave = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "s";
    if (isSave) event.preventDefault();
    if (document.querySelector("dialog[open]")) return;
    if (isSave) {
      to.save();
    } else if (event.altKey && !event.ctrlKey && /^Digit\d$/.test(event.code)) {
      const digit = Number(event.code.slice(5));
      if (digit === 0) to.text();
      else if (digit === 9) to.list();
      else if (TABS[digit - 1]) this.tabs.show(TABS[digit - 1], true);
      else return;
      event.preventDefault();
    } else if (event.key === "?" && !(event.composedPath()[0] instanceof HTMLElement && /** @type {HTMLElement} */ (event.composedPath()[0]).matches("input, textarea, [contenteditable=true]"))) {
      keys();
    }
  }
}
