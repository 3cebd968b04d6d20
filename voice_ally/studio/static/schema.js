// Completion and explanation from the JSON schema of a dialog.

import { keysBeside, pathAt, stepsOf } from "./place.js";

/** @typedef {Record<string, any>} Schema */

/**
 * All schemas that a path of keys may lead to.
 * @param {Schema} root @param {(string | null)[]} path null: an item of a list
 * @returns {Schema[]}
 */
export function schemasAt(root, path) {
  let here = spread(root, root);
  path.forEach((key) => {
    here = here.flatMap((one) => {
      if (key === null) return one.items ? spread(root, one.items) : [];
      const named = one.properties?.[key];
      if (named) return spread(root, named);
      return typeof one.additionalProperties === "object" ? spread(root, one.additionalProperties) : [];
    });
  });
  return here;
}

/** A schema with its references and choices spread out. @param {Schema} root @param {Schema} one @returns {Schema[]} */
function spread(root, one) {
  if (one.$ref) {
    const target = one.$ref.replace(/^#\//, "").split("/").reduce((/** @type {any} */ at, /** @type {string} */ name) => at[name], root);
    return spread(root, target).map((each) => (one.description ? { ...each, description: one.description } : each));
  }
  const choices = one.anyOf ?? one.oneOf;
  if (!choices) return [one];
  return choices.flatMap((/** @type {Schema} */ choice) =>
    spread(root, choice).map((each) => ({ description: one.description, ...each })),
  );
}

/**
 * What a key means, or "".
 * @param {Schema} root @param {(string | null)[]} path to the key, which is its last
 */
export function meaning(root, path) {
  const found = schemasAt(root, path).map((one) => one.description).filter(Boolean);
  return [...new Set(found)].join(" ");
}

/** The examples and the choices of a value, as text. @param {Schema} root @param {(string | null)[]} path */
export function possible(root, path) {
  const found = schemasAt(root, path).flatMap((one) => one.enum ?? one.examples ?? []);
  return [...new Set(found.map(String))];
}

/**
 * What may be written at a place.
 * @param {Schema} root
 * @param {string[]} lines
 * @param {number} at index of the line
 * @param {number} column
 * @param {{dialogs: string[], rules: string[], lists: string[]}} known names of the pack
 * @returns {{from: number, options: {label: string, detail?: string, info?: string, apply?: string, type: string}[]} | null}
 *     from: the column at which the word begins
 */
export function complete(root, lines, at, column, known) {
  const before = (lines[at] ?? "").slice(0, column);
  const reference = /([<{])([\w:]*)$/.exec(before);
  const quoted = (before.match(/"/g) ?? []).length % 2 === 1;
  if (reference && quoted) {
    const names = reference[1] === "<" ? known.rules : known.lists;
    const close = reference[1] === "<" ? ">" : "}";
    return {
      from: column - reference[2].length,
      options: names.map((name) => ({ label: name, apply: name + close, type: "variable" })),
    };
  }
  if (quoted || /#/.test(before)) return null;
  const word = /[\w-]*$/.exec(before)?.[0] ?? "";
  const from = column - word.length;
  const path = pathAt(lines, at, from);
  const last = path.filter((one) => one !== null).at(-1);
  const isValue = /:\s+[\w-]*$/.test(before);
  if (last === "go" || last === "start" || (isValue && path.at(-2) === "answers"))
    return { from, options: stepsOf(lines).map((name) => ({ label: name, type: "function" })) };
  if (last === "run" || last === "detour")
    return { from, options: known.dialogs.map((name) => ({ label: name, type: "class" })) };
  const values = possible(root, path);
  if (isValue && values.length) return { from, options: values.map((value) => ({ label: value, type: "enum" })) };
  if (isValue && !/[{,]\s*[\w-]*$/.test(before)) return null;
  // beside "ask" only what a question may have, and nothing twice
  const beside = /[{,]\s*[\w-]*$/.test(before) ? [] : keysBeside(lines, at, from);
  const properties = new Map();
  for (const one of schemasAt(root, path).filter((each) => beside.every((key) => each.properties?.[key] || each.additionalProperties)))
    for (const [name, of] of Object.entries(one.properties ?? {}))
      if (!properties.has(name) && !beside.includes(name)) properties.set(name, meaning(root, [...path, name]) || of.description || one.description || "");
  return {
    from,
    options: [...properties].map(([name, info]) => ({ label: name, apply: `${name}: `, info, type: "property" })),
  };
}
