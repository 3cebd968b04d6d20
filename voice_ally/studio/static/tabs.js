// Tabs as the ARIA practices have them: arrow keys move, Home and End jump, the panel is reached
// by the tabulator key.

import { el } from "./dom.js";

/**
 * @template {string} Name
 */
export class Tabs {
  /**
   * @param {string} label
   * @param {{name: Name, title: string}[]} tabs
   * @param {(name: Name) => void} shown
   */
  constructor(label, tabs, shown) {
    this.shown = shown;
    this.names = tabs.map((one) => one.name);
    this.list = el("div", { class: "tabs", role: "tablist", "aria-label": label, onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event) });
    /** @type {Record<string, HTMLElement>} */
    this.panels = {};
    /** @type {Record<string, HTMLElement>} */
    this.tabs = {};
    /** @type {Record<string, HTMLElement>} */
    this.badges = {};
    for (const { name, title } of tabs) {
      const badge = (this.badges[name] = el("span", { class: "badge", hidden: true }));
      this.tabs[name] = el("button", {
        type: "button", role: "tab", id: `tab-${name}`, "aria-controls": `panel-${name}`, onclick: () => this.show(name),
      }, title, badge);
      this.panels[name] = el("div", {
        role: "tabpanel", class: `panel ${name.toLowerCase()}`, id: `panel-${name}`, "aria-labelledby": `tab-${name}`, tabindex: "0", hidden: true,
      });
      this.list.append(this.tabs[name]);
    }
    this.active = this.names[0];
  }

  /** @param {Name} name @param {boolean} [focus] */
  show(name, focus = false) {
    this.active = name;
    for (const one of this.names) {
      this.tabs[one].setAttribute("aria-selected", String(one === name));
      this.tabs[one].tabIndex = one === name ? 0 : -1;
      this.panels[one].hidden = one !== name;
    }
    if (focus) this.tabs[name].focus();
    this.tabs[name].scrollIntoView({ block: "nearest", inline: "nearest" });
    this.shown(name);
  }

  /** A small number on a tab. @param {Name} name @param {string} text "" hides it @param {string} [kind] */
  badge(name, text, kind = "") {
    const badge = this.badges[name];
    badge.textContent = text;
    badge.hidden = !text;
    badge.className = `badge ${kind}`;
  }

  #key(/** @type {KeyboardEvent} */ event) {
    const at = this.names.indexOf(this.active);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: this.names.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.show(this.names[(to + this.names.length) % this.names.length], true);
  }
}
