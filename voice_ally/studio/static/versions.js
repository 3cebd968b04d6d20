// History: every save is a version; compare it with the text now, or bring it back.

import { button, el, show } from "./dom.js";
import { compare } from "./editor.js";
import { moment, t } from "./texts.js";

/** @typedef {{id: string, when: number, note?: string}} Version when: seconds since 1970 */

export class Versions {
  /**
   * @param {HTMLElement} panel
   * @param {{text: (id: string) => Promise<string>, now: () => string, restore: (text: string) => void, readOnly: () => boolean}} to
   */
  constructor(panel, to) {
    this.to = to;
    this.panel = panel;
    this.view = el("div", {});
    this.list = el("ol", { class: "cards versions" });
    this.empty = el("div", { class: "empty" }, el("strong", {}, t("history.none")), t("history.none.more"));
    show(panel, this.empty, this.list, this.view);
  }

  /** @param {Version[]} versions the newest first */
  show(versions) {
    this.empty.hidden = versions.length > 0;
    this.view.replaceChildren();
    show(this.list, ...versions.map((version) => {
      const when = moment(version.when);
      return el("li", { class: "card" },
        el("div", {}, el("strong", {}, when), version.note ? el("span", { class: "small soft" }, ` ${version.note}`) : null),
        el("div", { class: "row" },
          button(t("history.compare"), () => this.#compare(version), { class: "small", "aria-label": `${t("history.compare")}: ${when}` }),
          !this.to.readOnly() && button(t("history.restore"), async () => this.to.restore(await this.to.text(version.id)), { class: "small", "aria-label": `${t("history.restore")}: ${when}` })));
    }));
  }

  async #compare(/** @type {Version} */ version) {
    const text = await this.to.text(version.id);
    const then = t("history.then", { when: moment(version.when) });
    const box = el("div", {});
    show(this.view, el("h2", {}, text === this.to.now() ? t("history.same") : `${then} · ${t("history.now")}`), box);
    compare(box, text, this.to.now(), [then, t("history.now")]);
    this.view.scrollIntoView({ block: "nearest" });
  }
}
