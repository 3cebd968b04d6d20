// What stands in the editor besides the text: signs in its gutter, messages under their lines, and
// the line that is lit.

import * as cm from "./vendor/codemirror.js";
import { el, icon } from "./dom.js";
import { t } from "./texts.js";

/** @typedef {{label?: string, to?: string, text?: string, changes?: object[]}} Fix to: the words that it puts in;
 *   text: the whole text then; changes: the places */
/** @typedef {{line: number, column?: number, end_line?: number, end_column?: number, code: string,
 *   severity: string, message: string, mend?: string, fixes?: Fix[]}} Problem lines and
 *   columns count from 1 */

export const setLit = cm.StateEffect.define();

/** What a fix's button says. @param {Fix} fix */
export function fixLabel(fix) {
  return fix.label ?? t("fix.to", { text: fix.to ?? "" });
}

export class Mark extends cm.GutterMarker {
  constructor(kind, picture, label) {
    super();
    Object.assign(this, { kind, picture, label });
  }

  eq(/** @type {Mark} */ other) {
    return other.kind === this.kind;
  }

  toDOM() {
    return el("span", { class: `use ${this.kind}`, title: this.label }, drawn(this.picture));
  }
}

/** An icon whose shape is copied, since a shadow root does not see the page's sprite. */
function drawn(name) {
  const picture = icon(name);
  const shape = document.querySelector(`#icon-${name}`);
  picture.setAttribute("viewBox", shape?.getAttribute("viewBox") ?? "0 0 16 16");
  picture.replaceChildren(...[...(shape?.childNodes ?? [])].map((one) => one.cloneNode(true)));
  return picture;
}

class Note extends cm.WidgetType {
  constructor(/** @type {Problem} */ problem, to) {
    super();
    this.problem = problem;
    this.to = to;
  }

  eq(/** @type {Note} */ other) {
    return JSON.stringify(other.problem) === JSON.stringify(this.problem);
  }

  toDOM() {
    const { severity, message, mend, fixes = [] } = this.problem;
    // a margin would not be measured: the gutter beside it would slip
    return el("div", { class: "note-line" }, el("div", { class: `note ${severity === "error" ? "error" : "warning"}` },
      el("span", { class: "says" }, el("b", {}, severity === "error" ? t("problem.error") : t("problem.warning")), " ", message,
        mend && !message.includes(mend) ? el("span", { class: "mend" }, " ", mend) : null),
      ...fixes.map((fix, index) => el("button", { type: "button", class: "fix", onclick: () => this.to.fix(this.problem, index) }, fixLabel(fix)))));
  }

  ignoreEvent() {
    return true;
  }
}

/** @param {Problem[]} problems */
export function notesOf(problems, state, to) {
  const made = problems.map((one) => {
    const line = state.doc.line(Math.min(Math.max(one.line, 1), state.doc.lines));
    return cm.Decoration.widget({ widget: new Note(one, to), block: true, side: 1 }).range(line.to);
  });
  return cm.Decoration.set(made, true);
}

export const litLine = cm.StateField.define({
  create: () => cm.Decoration.none,
  update(value, transaction) {
    for (const effect of transaction.effects)
      if (effect.is(setLit)) {
        const { doc } = transaction.state;
        if (!effect.value || effect.value > doc.lines) return cm.Decoration.none;
        return cm.Decoration.set([cm.Decoration.line({ class: "cm-lit" }).range(doc.line(effect.value).from)]);
      }
    return value.map(transaction.changes);
  },
  provide: (field) => cm.EditorView.decorations.from(field),
});
