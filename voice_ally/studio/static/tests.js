// The pack's conversations, each with a green or red mark.

import { button, el, show } from "./dom.js";
import { t } from "./texts.js";

/** @typedef {{name: string, ok: boolean | null, difference?: string}} Test */

export class Tests {
  /** @param {Element} place @param {{run: () => void}} to */
  constructor(place, to) {
    this.list = el("ul", {});
    this.summary = el("summary", {}, t("tests.title"));
    show(place, el("details", {}, this.summary, el("div", { class: "cards" }, el("div", { class: "row" }, button(t("tests.run"), to.run, { class: "small", icon: "play" })), this.list)));
    this.show([]);
  }

  /** @param {Test[]} tests */
  show(tests) {
    const bad = tests.filter((one) => one.ok === false).length;
    show(this.summary, `${t("tests.title")} (${tests.length})`, bad > 0 && el("span", { class: "mark bad" }, `${bad} ${t("tests.bad")}`));
    show(this.list, tests.length === 0 && el("li", { class: "small soft" }, t("tests.none")), ...tests.map((one) => el("li", { class: "row" },
      el("span", { class: "mono" }, one.name),
      one.ok !== null && el("span", { class: `mark ${one.ok ? "good" : "bad"}` }, t(one.ok ? "tests.good" : "tests.bad")),
      one.difference && el("pre", { class: "small" }, one.difference))));
  }
}
