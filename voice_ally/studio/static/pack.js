// The list of a pack's dialogs.

import { button, el, show } from "./dom.js";
import { t } from "./texts.js";

/** @typedef {{name: string, title: string, for: string, triggers: string[], bundled: boolean,
 *   errors: number, warnings: number, unsaved: boolean, kind?: string}} Entry */

export class PackList {
  /**
   * @param {HTMLElement} aside
   * @param {{open: (name: string) => void, create: () => void}} to
   */
  constructor(aside, to) {
    this.to = to;
    /** @type {Entry[]} */
    this.entries = [];
    this.current = "";
    this.filter = /** @type {HTMLInputElement} */ (el("input", { class: "field", type: "search", placeholder: t("pack.filter"), "aria-label": t("pack.filter"), oninput: () => this.#draw() }));
    this.nav = el("nav", { "aria-label": t("pack.label") });
    this.toggle = button(t("pack.list"), () => this.unfold(!aside.classList.contains("open")), { icon: "list", class: "only-narrow", "aria-expanded": "false" });
    this.aside = aside;
    show(aside, el("header", {}, this.toggle,
      el("div", { class: "stack narrow-hides cards" }, button(t("pack.new"), () => to.create(), { icon: "plus" }), this.filter)), this.nav);
  }

  /** On a narrow page. @param {boolean} open */
  unfold(open) {
    this.aside.classList.toggle("open", open);
    this.toggle.setAttribute("aria-expanded", String(open));
  }

  /** @param {Entry[]} entries */
  show(entries) {
    this.entries = entries;
    this.#draw();
  }

  /** @param {string} name */
  mark(name) {
    this.current = name;
    this.#draw();
  }

  focus() {
    this.unfold(true);
    const at = this.nav.querySelector("[aria-current]") ?? this.nav.querySelector("button");
    if (at instanceof HTMLElement) at.focus();
  }

  #draw() {
    const had = document.activeElement?.getAttribute("data-name");
    const words = this.filter.value.toLowerCase().trim();
    const fits = (/** @type {Entry} */ one) => !words || [one.title, one.name, ...one.triggers].some((text) => text.toLowerCase().includes(words));
    const shown = this.entries.filter(fits);
    const group = (/** @type {string} */ title, /** @type {Entry[]} */ entries) => entries.length === 0 ? [] :
      [el("h2", { id: `group-${title}` }, title), el("ul", { "aria-labelledby": `group-${title}` }, ...entries.map((one) => el("li", {}, this.#entry(one))))];
    show(this.nav, ...group(t("pack.yours"), shown.filter((one) => !one.bundled)), ...group(t("pack.bundled"), shown.filter((one) => one.bundled)),
      shown.length === 0 && el("p", { class: "empty" }, t("pack.none")));
    if (had) /** @type {HTMLElement | null} */ (this.nav.querySelector(`[data-name="${CSS.escape(had)}"]`))?.focus();
  }

  #entry(/** @type {Entry} */ one) {
    const about = one.kind === "phrases" ? t("pack.phrases") : [t(`pack.for.${one.for || "either"}`), one.triggers[0] && t("quote", { text: one.triggers[0] })].filter(Boolean).join(" · ");
    return el("button", { type: "button", class: "entry", "data-name": one.name, "aria-current": one.name === this.current ? "true" : null, title: one.triggers.join("\n"), onclick: () => {
      this.unfold(false);
      this.to.open(one.name);
    } },
    el("span", { class: "title" }, one.title || one.name),
    el("span", { class: "marks" },
      one.unsaved && el("span", { class: "mark unsaved" }, t("pack.unsaved")),
      one.errors > 0 && el("span", { class: "mark bad", title: t("pack.errors", { n: one.errors }) }, el("span", { "aria-hidden": "true" }, String(one.errors)), el("span", { class: "visually-hidden" }, t("pack.errors", { n: one.errors }))),
      one.errors === 0 && one.warnings > 0 && el("span", { class: "mark warn", title: t("pack.warnings", { n: one.warnings }) }, el("span", { "aria-hidden": "true" }, String(one.warnings)), el("span", { class: "visually-hidden" }, t("pack.warnings", { n: one.warnings })))),
    el("span", { class: "about" }, about));
  }
}
