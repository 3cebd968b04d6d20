// The studio's page: which part tells which.
//
// Rules: the text is the truth; problems, map and conversation are views of it that the server
// makes. What the server says of an older text than the one shown is not shown.

import { Drafts } from "./drafts.js";
import { Editor } from "./editor.js";
import { Line } from "./line.js";
import { Link, Lost } from "./link.js";
import { Map as Flow } from "./map.js";
import { PackList } from "./pack.js";
import { Page } from "./page.js";
import { lineOfStep } from "./place.js";
import { Problems } from "./problems.js";
import { t } from "./texts.js";
import { Voices } from "./voices.js";
import { Versions } from "./versions.js";
import { conflict, question } from "./windows.js";

/** @typedef {import("./drafts.js").Draft} Draft */

class Studio {
  constructor() {
    /** @type {Draft | null} */
    this.draft = null;
    /** @type {string | null} */
    this.step = null;
    /** What changed on disk of dialogs that are just being opened. @type {Map<string, any>} */
    this.early = new globalThis.Map();
    this.known = { schema: null, dialogs: [], rules: [], lists: [] };
    this.page = new Page({ save: () => this.save(), shown: (tab) => this.shown(tab), list: () => this.list.focus(), text: () => this.editor.view.focus() });
    const { panels } = this.page.tabs;
    this.list = new PackList(this.page.pack, { open: (name) => this.open(name), create: () => this.create() });
    this.editor = new Editor(this.page.text, {
      changed: (text) => this.draft && this.drafts.change(this.draft, text),
      moved: (_line, step) => this.moved(step),
      fix: (problem, index) => this.fix(problem, index),
      use: (words, line) => this.voices.use(words, line),
      known: () => this.known,
    });
    this.page.finish();
    this.problems = new Problems(panels.Problems, { follow: (line, column) => this.editor.goTo(line, column), fix: (problem, index) => this.fix(problem, index) });
    this.flow = new Flow(panels.Map, (node) => this.follow(node));
    this.link = new Link((message) => this.told(message), (open) => this.connected(open));
    this.drafts = new Drafts(this.link, { changed: () => this.state(), failed: (error) => this.failed(error) });
    this.voices = new Voices(this, panels);
    this.line = new Line(this.page.lineButtons, this.page.facts, { use: (words) => this.voices.use(words, this.editor.line), facts: (text) => this.voices.facts(text) });
    this.versions = new Versions(panels.History, {
      text: async (id) => (await this.ask("version", { name: this.draft?.name, version: id })).text,
      now: () => this.editor.text,
      restore: (text) => {
        this.editor.replace(text, true);
        this.page.toast(t("history.restored"));
      },
      readOnly: () => this.draft?.readOnly ?? true,
    });
    this.page.tabs.show("Problems");
    addEventListener("hashchange", () => {
      const name = decodeURIComponent(location.hash.slice(1));
      if (name !== this.draft?.name && this.known.dialogs.includes(name)) this.open(name);
    });
  }

  /** Ask the server; what it refuses is said in one line. @param {string} what @param {object} [data] */
  async ask(what, data) {
    try {
      return await this.link.ask(what, data);
    } catch (error) {
      this.failed(/** @type {Error} */ (error));
      throw error;
    }
  }

  failed(/** @type {Error} */ error) {
    if (!(error instanceof Lost)) this.page.toast(t("failed", { why: error.message }));
  }

  async connected(/** @type {boolean} */ open) {
    this.page.bar("link", open ? null : { text: t("link.lost"), bad: true });
    if (!open) return this.state();
    this.drafts.again();
    this.pack(await this.link.ask("hello"));
    if (!this.draft) await this.open(this.first);
    else await this.link.ask("open", { name: this.draft.name });
    return this.state();
  }

  pack(/** @type {any} */ { pack, dialogs, templates, rules, lists }) {
    Object.assign(this.known, { dialogs: dialogs.map((/** @type {any} */ one) => one.name), rules, lists });
    this.templates = templates ?? this.templates ?? [];
    this.page.where.textContent = [pack.name, pack.used_where].filter(Boolean).join(" · ");
    this.dialogs = dialogs;
    this.marks();
    this.title();
    const wanted = decodeURIComponent(location.hash.slice(1));
    this.first = dialogs.find((/** @type {any} */ one) => one.name === wanted)?.name ?? dialogs.find((/** @type {any} */ one) => !one.bundled)?.name ?? dialogs[0]?.name;
  }

  async open(/** @type {string} */ name) {
    const draft = await this.drafts.open(name);
    this.draft = draft;
    history.replaceState(null, "", `#${encodeURIComponent(name)}`);
    this.title();
    this.list.mark(name);
    this.editor.open(draft.text, draft.readOnly);
    this.page.bar("conflict", null);
    this.page.bar("own", draft.readOnly ? { text: t("own.says"), actions: [[t("own.do"), () => this.own()]] } : null);
    this.views();
    this.voices.opened(name);
    this.state();
    const early = this.early.get(name);
    this.early.delete(name);
    if (early) this.conflict(name, early);
    await this.schema(name);
    if (this.page.tabs.active === "History") this.shown("History");
  }

  /** The list, with what is unsaved as this page knows it. */
  marks() {
    this.list.show((this.dialogs ?? []).map((/** @type {any} */ one) => {
      const draft = this.drafts.all.get(one.name);
      return draft ? { ...one, unsaved: draft.text !== draft.saved } : one;
    }));
  }

  /** It may become known, or another one, after the text was opened. */
  title() {
    if (!this.draft) return;
    const { name } = this.draft;
    const title = this.list.entries.find((one) => one.name === name)?.title || name;
    this.page.title.textContent = title;
    document.title = `${title} · Voice Ally Studio`;
  }

  async schema(/** @type {string} */ name) {
    const file = name === "phrases" ? "phrases" : "dialog";
    this.schemas ??= {};
    this.schemas[file] ??= await (await fetch(`schema/${file}.schema.json`)).json();
    this.known.schema = this.schemas[file];
  }

  async own() {
    if (!this.draft) return;
    const { name } = this.draft;
    await this.ask("own", { name });
    await this.open(name);
    this.editor.view.focus();
  }

  create() {
    question({
      title: t("new.title"), label: t("new.name"), hint: t("new.hint"), action: t("new.make"),
      choice: { label: t("new.template"), options: this.templates },
    }, async (title, template) => {
      const { name } = await this.link.ask("new", { title, template });
      await this.open(name);
      this.editor.view.focus();
    });
  }

  async save() {
    const { draft } = this;
    if (!draft || draft.readOnly) return;
    this.drafts.flush();
    const { text, version } = draft;
    const answer = await this.ask("save", { name: draft.name, text, version });
    if (answer.conflict) return this.conflict(draft.name, answer.conflict);
    Object.assign(draft, { saved: text, version: answer.version });
    this.page.bar("conflict", null);
    this.page.toast(t(answer.in_use ? "save.done" : "save.unused"));
    if (this.page.tabs.active === "History") this.shown("History");
    return this.state();
  }

  /** A file was changed elsewhere. */
  conflict(/** @type {string} */ name, /** @type {{text: string, version: string}} */ theirs) {
    const draft = this.drafts.all.get(name);
    if (!draft) {
      this.early.set(name, theirs);
      return;
    }
    if (theirs.version === draft.version) return;
    const take = () => {
      Object.assign(draft, { saved: theirs.text, version: theirs.version });
      this.page.bar("conflict", null);
      if (draft === this.draft) this.editor.replace(theirs.text, true);
      else this.drafts.change(draft, theirs.text);
      this.state();
    };
    if (draft.text === draft.saved) return take();
    const keep = () => {
      Object.assign(draft, { saved: theirs.text, version: theirs.version });
      this.page.bar("conflict", null);
      this.state();
    };
    const see = () => conflict(name, theirs.text, draft.text, { keep, take });
    this.page.bar("conflict", { text: t("conflict.says", { name }), actions: [[t("conflict.see"), see]] });
    if (draft === this.draft) see();
  }

  /** A box of the map was chosen. */
  follow(/** @type {import("./map.js").Node} */ node) {
    if (node.kind === "dialog" && node.dialog) return this.open(node.dialog);
    const line = lineOfStep(this.editor.lines, node.id) + 1;
    if (line) this.editor.goTo(line);
    return undefined;
  }

  fix(/** @type {any} */ problem, /** @type {number} */ index) {
    const fix = problem.fixes[index];
    if (fix.text !== undefined) this.editor.replace(fix.text, true);
    else this.editor.edit(fix.changes);
    this.editor.view.focus();
    this.page.live.textContent = t("fix.done");
  }

  /** What the server says of itself. */
  told(/** @type {any} */ message) {
    if (message.event === "pack") this.pack(message);
    else if (message.event === "checked") this.checked(message);
    else if (message.event === "changed_on_disk") this.conflict(message.name, message);
    else this.voices.told(message);
  }

  checked(/** @type {any} */ { name, number, problems, graph }) {
    const draft = this.drafts.all.get(name);
    // 0: of what the server had already, when the page was opened or after a save
    const isNewest = number >= (draft?.number ?? 0) || (number === 0 && draft?.kept === draft?.number);
    if (!draft || !isNewest) return;
    Object.assign(draft, { problems, graph: graph ?? draft.graph, checked: true });
    if (draft === this.draft) this.views();
  }

  /** Problems and map of the text as it is. */
  views() {
    const { draft } = this;
    if (!draft) return;
    const errors = draft.problems.filter((one) => one.severity === "error").length;
    const warnings = draft.problems.length - errors;
    this.editor.problems(draft.problems);
    this.problems.show(draft.problems, draft.checked);
    this.page.tabs.badge("Problems", draft.problems.length ? String(draft.problems.length) : "", errors ? "bad" : "warn");
    const says = draft.problems.length ? t("problems.count", { errors, warnings }) : t("problems.none");
    if (draft.checked && this.page.live.textContent !== says) this.page.live.textContent = says;
    if (draft.graph) this.flow.draw(draft.name, draft.graph);
    else this.flow.draw(draft.name, { nodes: [], edges: [] });
    this.flow.mark(this.step);
  }

  moved(/** @type {string | null} */ step) {
    const changed = step !== this.step;
    this.step = step;
    this.line?.show(this.editor.words());
    if (!changed) return;
    this.flow?.mark(step);
    this.voices?.moved();
  }

  shown(/** @type {string} */ tab) {
    this.flow.appear(tab === "Map");
    this.voices?.shown(tab);
    if (tab === "History" && this.draft) {
      const { name } = this.draft;
      this.ask("history", { name }).then(({ versions }) => name === this.draft?.name && this.versions.show(versions), () => {});
    }
  }

  /** The step on which Try stands, lit in the text and on the map. */
  light(/** @type {string | null} */ step, /** @type {number | undefined} */ line) {
    this.flow.light(step);
    this.editor.light(line ?? (step ? lineOfStep(this.editor.lines, step) + 1 : 0));
  }

  /** What is saved, kept, or neither yet. */
  state() {
    const { draft } = this;
    if (!draft) return;
    const isSaved = draft.text === draft.saved;
    this.page.save.disabled = draft.readOnly || isSaved;
    const says = !this.link.isOpen ? "save.waiting" : draft.kept < draft.number ? "save.keeping" : isSaved ? "save.saved" : "save.kept";
    const text = draft.readOnly ? "" : t(says);
    if (this.page.state.textContent !== text) this.page.state.textContent = text;
    const isListed = this.list.entries.find((one) => one.name === draft.name)?.unsaved === !isSaved;
    if (!isListed) this.marks();
  }
}

new Studio();
