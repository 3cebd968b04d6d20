// The text of a dialog: highlighting, problems at their line with a button that fixes them, a
// gutter from which a line is heard or a phrase is said.
//
// Rules: the text is the truth, and every change of a person is told at once. The editor lives in
// a shadow root, where CodeMirror needs no style element that a content security policy forbids.

import * as cm from "./vendor/codemirror.js";
import { el } from "./dom.js";
import { cached, completion, explanation } from "./editor_help.js";
import { litLine, Mark, notesOf, setLit } from "./editor_marks.js";
import { theme } from "./editor_theme.js";
import { stepAt, wordsOf } from "./place.js";
import { t } from "./texts.js";

/** @typedef {import("./editor_marks.js").Problem} Problem */
/** @typedef {import("./place.js").Words} Words */

const setProblems = cm.StateEffect.define();
const fromServer = cm.Annotation.define();

/**
 * @param {{
 *   changed: (text: string) => void,
 *   moved: (line: number, step: string | null) => void,
 *   fix: (problem: Problem, index: number) => void,
 *   use: (words: Words, line: number) => void,
 *   known: () => {schema: object | null, dialogs: string[], rules: string[], lists: string[]},
 * }} to whom it is told
 */
export class Editor {
  constructor(/** @type {Element} */ parent, to) {
    this.to = to;
    this.readOnly = new cm.Compartment();
    const host = el("div", { class: "editor-host" });
    parent.append(host);
    const root = host.attachShadow({ mode: "open" });
    this.view = new cm.EditorView({ root, parent: root, state: this.#state("", true) });
    this.host = host;
  }

  /** The whole text. */
  get text() {
    return this.view.state.doc.toString();
  }

  /** The line of the cursor, from 1. */
  get line() {
    return this.view.state.doc.lineAt(this.view.state.selection.main.head).number;
  }

  get lines() {
    return this.text.split("\n");
  }

  /** Show another text; what was undone before is forgotten. @param {string} text @param {boolean} readOnly */
  open(text, readOnly) {
    this.view.setState(this.#state(text, readOnly));
    this.view.scrollDOM.scrollTop = 0;
    this.to.moved(1, null);
  }

  /**
   * Take over a text that came from elsewhere, so that undo brings the former one back.
   * @param {string} text @param {boolean} [tell] as if a person had written it
   */
  replace(text, tell = false) {
    const old = this.text;
    if (old === text) return;
    let from = 0;
    while (from < old.length && from < text.length && old[from] === text[from]) from++;
    let end = 0;
    while (end < old.length - from && end < text.length - from && old[old.length - 1 - end] === text[text.length - 1 - end]) end++;
    this.view.dispatch({
      changes: { from, to: old.length - end, insert: text.slice(from, text.length - end) },
      annotations: tell ? [] : [fromServer.of(true)],
      userEvent: "input.replace",
    });
  }

  /**
   * Change some places, as a person would.
   * @param {{from_line: number, from_column: number, to_line: number, to_column: number, text: string}[]} changes from 1
   */
  edit(changes) {
    const { doc } = this.view.state;
    const at = (/** @type {number} */ line, /** @type {number} */ column) => {
      const found = doc.line(Math.min(Math.max(line, 1), doc.lines));
      return Math.min(found.from + column - 1, found.to);
    };
    this.view.dispatch({
      changes: changes.map((one) => ({ from: at(one.from_line, one.from_column), to: at(one.to_line, one.to_column), insert: one.text })),
      userEvent: "input.fix",
    });
  }

  /** @param {Problem[]} problems */
  problems(problems) {
    const { doc } = this.view.state;
    this.view.dispatch({ effects: setProblems.of(problems) });
    const marks = problems.map((one) => {
      const line = doc.line(Math.min(Math.max(one.line, 1), doc.lines));
      const end = doc.line(Math.min(Math.max(one.end_line ?? one.line, line.number), doc.lines));
      const from = Math.min(line.from + Math.max((one.column ?? 1) - 1, 0), line.to);
      let to = one.end_column ? Math.min(end.from + one.end_column - 1, end.to) : line.to;
      const words = doc.sliceString(from, to).trimEnd();
      to = Math.max(from + words.length, from);
      return { from, to, severity: one.severity === "error" ? "error" : "warning", message: one.message, source: one.code };
    });
    this.view.dispatch(cm.setDiagnostics(this.view.state, marks));
  }

  /** Where Try stands now. @param {number} line from 1; 0: nowhere */
  light(line) {
    this.view.dispatch({ effects: setLit.of(line) });
  }

  /** @param {number} line from 1 @param {number} [column] from 1 @param {boolean} [focus] */
  goTo(line, column = 1, focus = true) {
    const { doc } = this.view.state;
    const at = doc.line(Math.min(Math.max(line, 1), doc.lines));
    this.view.dispatch({
      selection: { anchor: Math.min(at.from + Math.max(column, 1) - 1, at.to) },
      effects: cm.EditorView.scrollIntoView(at.from, { y: "center" }),
    });
    if (focus) this.view.focus();
  }

  /** What of the cursor's line is spoken or listened for. @returns {Words[]} */
  words() {
    return wordsOf(this.lines, this.line - 1);
  }

  #state(text, readOnly) {
    return cm.EditorState.create({
      doc: text,
      extensions: [
        this.readOnly.of([cm.EditorState.readOnly.of(readOnly), cm.EditorView.editable.of(!readOnly)]),
        readOnly ? cm.EditorView.contentAttributes.of({ tabindex: "0", "aria-readonly": "true" }) : [],
        cm.EditorView.contentAttributes.of({ "aria-label": t("editor.label"), spellcheck: "false" }),
        cm.lineNumbers(),
        cm.lintGutter(),
        this.#gutter(),
        cm.foldGutter({ openText: "⌄", closedText: "›" }),
        cm.history(),
        cm.drawSelection(),
        cm.indentOnInput(),
        cm.indentUnit.of("  "),
        cm.bracketMatching(),
        cm.closeBrackets(),
        cm.highlightActiveLine(),
        cm.highlightActiveLineGutter(),
        cm.highlightSelectionMatches(),
        cm.search({ top: true }),
        cm.EditorView.lineWrapping,
        cm.yaml(),
        theme,
        cm.autocompletion({ override: [(context) => completion(context, this.to.known())], icons: false }),
        cm.hoverTooltip((view, at) => explanation(view, at, this.to.known())),
        this.#notes(),
        litLine,
        cm.keymap.of([
          { key: "Alt-Enter", run: () => this.#useLine() },
          { key: "Mod-.", run: () => this.#fixLine() },
          // brackets, as CodeMirror has them, need a third key on many keyboards
          { key: "Alt-f", run: cm.toggleFold },
          { key: "Shift-Alt-ArrowRight", run: cm.indentMore },
          { key: "Shift-Alt-ArrowLeft", run: cm.indentLess },
          ...cm.closeBracketsKeymap, ...cm.defaultKeymap, ...cm.searchKeymap, ...cm.historyKeymap, ...cm.foldKeymap,
          ...cm.completionKeymap, ...cm.lintKeymap,
        ]),
        cm.EditorView.updateListener.of((update) => {
          if (update.docChanged && !update.transactions.some((one) => one.annotation(fromServer))) this.to.changed(this.text);
          if (update.selectionSet || update.docChanged) this.to.moved(this.line, stepAt(this.lines, this.line - 1));
        }),
        cm.EditorState.phrases.of(t("editor.phrases")),
      ],
    });
  }

  #useLine() {
    const [first] = this.words();
    if (first) this.to.use(first, this.line);
    return true;
  }

  #fixLine() {
    const [first] = this.view.state.field(this.notes).problems.filter((/** @type {Problem} */ one) => one.line === this.line && one.fixes?.length);
    if (first) this.to.fix(first, 0);
    return Boolean(first);
  }

  #gutter() {
    const said = new Mark("said", "speak", t("line.hear"));
    const phrase = new Mark("phrase", "microphone", t("line.say"));
    return cm.gutter({
      class: "cm-use",
      lineMarker: (view, block) => {
        const [first] = wordsOf(cached(view.state), view.state.doc.lineAt(block.from).number - 1);
        return first && !first.isBelow ? (first.kind === "said" ? said : phrase) : null;
      },
      lineMarkerChange: (update) => update.docChanged,
      domEventHandlers: {
        click: (view, block) => {
          const line = view.state.doc.lineAt(block.from).number;
          const [first] = wordsOf(cached(view.state), line - 1);
          if (first) this.to.use(first, line);
          return true;
        },
      },
    });
  }

  /** The messages under their lines. */
  #notes() {
    const to = this.to;
    this.notes = cm.StateField.define({
      create: () => ({ problems: /** @type {Problem[]} */ ([]), shown: cm.Decoration.none }),
      update(value, transaction) {
        for (const effect of transaction.effects)
          if (effect.is(setProblems)) return { problems: effect.value, shown: notesOf(effect.value, transaction.state, to) };
        return transaction.docChanged ? { ...value, shown: value.shown.map(transaction.changes) } : value;
      },
      provide: (field) => cm.EditorView.decorations.from(field, (value) => value.shown),
    });
    return this.notes;
  }
}

/**
 * Two texts beside each other, the differences marked.
 * @param {Element} parent @param {string} theirs @param {string} ours @param {[string, string]} labels
 */
export function compare(parent, theirs, ours, labels) {
  const host = el("div", { class: "compare-host" });
  parent.replaceChildren(host);
  const root = host.attachShadow({ mode: "open" });
  const side = (/** @type {string} */ doc, /** @type {string} */ label) => ({
    doc,
    extensions: [
      cm.EditorState.readOnly.of(true), cm.EditorView.editable.of(false), cm.lineNumbers(), cm.yaml(), theme, cm.EditorView.lineWrapping,
      cm.EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
      cm.EditorState.phrases.of(t("editor.phrases")),
    ],
  });
  return new cm.MergeView({ root, parent: root, a: side(theirs, labels[0]), b: side(ours, labels[1]), collapseUnchanged: { margin: 2, minSize: 5 }, gutter: true });
}
