// The texts that are open, and what of them the server has already.
//
// Rules: no keystroke is lost. A change is sent at once, and again whenever the connection comes
// back, until the server says that it keeps it; the page does not close over a change unsent
// without asking.

import { Lost } from "./link.js";
import { soon } from "./dom.js";

const AT_ONCE_MS = 60;

/**
 * @typedef {object} Draft
 * @property {string} name
 * @property {string} text as it is now
 * @property {string} saved as it is on disk
 * @property {string} version what the server calls the file on disk
 * @property {boolean} readOnly
 * @property {number} number of the newest change
 * @property {number} kept number of the newest change that the server keeps
 * @property {any[]} problems
 * @property {any} graph
 * @property {boolean} checked whether it was checked since it was opened
 */

export class Drafts {
  /**
   * @param {import("./link.js").Link} link
   * @param {{changed: () => void, failed: (error: Error) => void}} to
   */
  constructor(link, to) {
    this.link = link;
    this.to = to;
    /** @type {Map<string, Draft>} */
    this.all = new Map();
    this.send = soon(() => this.flush(), AT_ONCE_MS);
    // a page that is closed or sleeps gets no second chance
    for (const event of ["pagehide", "visibilitychange", "blur"]) addEventListener(event, () => this.flush());
    addEventListener("beforeunload", (event) => {
      this.flush();
      if (!this.link.isOpen && this.unsent.length) event.preventDefault();
    });
  }

  get unsent() {
    return [...this.all.values()].filter((one) => one.kept < one.number);
  }

  /** @param {string} name @returns {Promise<Draft>} */
  async open(name) {
    const known = this.all.get(name);
    if (known && known.kept < known.number) return known;
    const { text, saved, version, read_only: readOnly } = await this.link.ask("open", { name });
    const draft = known ?? { name, problems: [], graph: null, number: 0, kept: 0, checked: false };
    Object.assign(draft, { text, saved, version, readOnly });
    this.all.set(name, /** @type {Draft} */ (draft));
    return /** @type {Draft} */ (draft);
  }

  /** @param {Draft} draft @param {string} text */
  change(draft, text) {
    draft.text = text;
    draft.number++;
    this.send();
    this.to.changed();
  }

  /** Send what the server has not got. */
  flush() {
    if (!this.link.isOpen) return;
    for (const draft of this.unsent) if (draft.sent !== draft.number) this.#send(draft);
  }

  /** The connection is new: what was on its way may be lost. */
  again() {
    for (const draft of this.all.values()) draft.sent = -1;
    this.flush();
  }

  async #send(/** @type {Draft & {sent?: number}} */ draft) {
    const { number } = draft;
    draft.sent = number;
    try {
      await this.link.ask("edit", { name: draft.name, text: draft.text, number });
      draft.kept = Math.max(draft.kept, number);
      this.to.changed();
    } catch (error) {
      if (!(error instanceof Lost)) this.to.failed(/** @type {Error} */ (error));
    }
  }
}
