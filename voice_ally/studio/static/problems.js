// The list of problems; the same messages stand at their lines in the text.

import { button, el, show } from "./dom.js";
import { fixLabel } from "./editor_marks.js";
import { t } from "./texts.js";

/** @typedef {import("./editor_marks.js").Problem & {file?: string}} Problem */

export class Problems {
  /**
   * @param {HTMLElement} panel
   * @param {{follow: (line: number, column?: number) => void, fix: (problem: Problem, index: number) => void, open: (name: string) => void}} to
   */
  constructor(panel, to) {
    this.to = to;
    this.list = el("ol", { class: "cards" });
    this.unused = el("p", { class: "small soft" }, t("problems.unused"));
    this.empty = el("div", { class: "empty" });
    show(panel, this.unused, this.list, this.empty);
    this.show([]);
  }

  /** @param {Problem[]} problems @param {boolean} [checked] */
  show(problems, checked = false) {
    this.empty.hidden = problems.length > 0;
    show(this.empty, ...(checked ? [el("strong", {}, t("problems.none")), t("problems.none.more")] : [t("problems.checking")]));
    this.unused.hidden = !problems.some((one) => one.severity === "error");
    const order = [...problems].sort((a, b) => Number(b.severity === "error") - Number(a.severity === "error") || a.line - b.line);
    show(this.list, ...order.map((one) => {
      const isError = one.severity === "error";
      return el("li", { class: `card ${isError ? "error" : "warning"}` },
        el("div", { class: "head" },
          el("button", { type: "button", class: "link", onclick: () => this.to.follow(one.line, one.column) }, t("problems.line", { line: one.line })),
          el("span", { class: `mark ${isError ? "bad" : "warn"}` }, t(isError ? "problem.error" : "problem.warning").replace(".", "")),
          el("span", { class: "small soft mono" }, one.code)),
        el("p", {}, one.message),
        one.mend && !one.message.includes(one.mend) ? el("p", { class: "small soft" }, one.mend) : null,
        one.fixes?.length ? el("div", { class: "row" }, ...one.fixes.map((fix, index) => button(fixLabel(fix), () => this.to.fix(one, index), { class: "small" }))) : null);
    }));
  }
}
