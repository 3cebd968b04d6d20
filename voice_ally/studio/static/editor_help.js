// What may stand at a place in the text, and what the words there mean.

import { el } from "./dom.js";
import { pathAt } from "./place.js";
import { complete, meaning, possible } from "./schema.js";

/** @typedef {{schema: object | null, dialogs: string[], rules: string[], lists: string[]}} Known */

/** The lines of a state, split once. */
const splits = new WeakMap();
/** @returns {string[]} */
export function cached(state) {
  let lines = splits.get(state.doc);
  if (!lines) splits.set(state.doc, (lines = state.doc.toString().split("\n")));
  return lines;
}

/** What may stand here. @param {any} context of CodeMirror @param {Known} known */
export function completion(context, known) {
  const { schema, ...names } = known;
  if (!schema) return null;
  const line = context.state.doc.lineAt(context.pos);
  const found = complete(schema, cached(context.state), line.number - 1, context.pos - line.from, names);
  if (!found || (!context.explicit && !context.matchBefore(/[\w<{]$|[:{,-] $/))) return null;
  return { from: line.from + found.from, options: found.options, validFor: /^[\w-]*$/ };
}

/** What the word here means. @param {any} view @param {number} at a position @param {Known} known */
export function explanation(view, at, known) {
  const { schema } = known;
  const line = view.state.doc.lineAt(at);
  const word = [...line.text.matchAll(/[\w-]+(?=\s*:)/g)].find((one) => one.index <= at - line.from && at - line.from <= one.index + one[0].length);
  if (!schema || !word) return null;
  const path = [...pathAt(cached(view.state), line.number - 1, word.index), word[0]];
  const says = meaning(schema, path);
  const values = possible(schema, path);
  if (!says && !values.length) return null;
  return {
    pos: line.from + word.index,
    end: line.from + word.index + word[0].length,
    above: true,
    create: () => ({
      dom: el("div", { class: "explain" }, el("strong", {}, word[0]), says && el("p", {}, says),
        values.length > 0 && el("p", { class: "values" }, values.join(" · "))),
    }),
  };
}
