// Where a line stands in a dialog: the keys that lead to it, and whether it is spoken or listened
// for. Goes by indentation alone, so that it also works while the YAML is half written.

/** @typedef {{path: (string | number)[], text: string, from: number, to: number, kind: "said" | "phrase", isBelow?: boolean}} Words
 *   isBelow: the words began on a line above */

const KEY = /^(?:"((?:[^"\\]|\\.)*)"|'((?:[^']|'')*)'|([^\s#"'{}[\],&*!|>%@`-][^#]*?|-[^\s#:][^#]*?))\s*:(?=\s|$)/;
const SAID = new Set(["say", "ask", "help", "confirm", "text"]);
const HEARD = new Set(["triggers", "until", "not_meant"]);

/** @param {string} line */
function indent(line) {
  return line.length - line.trimStart().length;
}

/**
 * The keys written on one line, with their columns: `- ask: "…"` has a list item and "ask".
 * @param {string} line
 * @returns {{column: number, key: string | null, after: number}[]} key null: a list item
 */
function keys(line) {
  const found = [];
  let column = indent(line);
  for (;;) {
    const rest = line.slice(column);
    const item = /^-(\s+|$)/.exec(rest);
    if (item) {
      found.push({ column, key: null, after: column + item[0].length });
      column += item[0].length;
      continue;
    }
    const match = KEY.exec(rest);
    if (match) found.push({ column, key: match[1] ?? match[2] ?? match[3], after: column + match[0].length });
    return found;
  }
}

/**
 * The path of keys to a position; list items are null.
 * @param {string[]} lines of the whole text
 * @param {number} at index of the line
 * @param {number} column
 * @returns {(string | null)[]}
 */
export function pathAt(lines, at, column) {
  const path = [];
  const line = lines[at] ?? "";
  let limit = line.trim() ? Infinity : column;
  const own = keys(line).filter((one) => one.key === null ? one.column < column : one.after <= column);
  path.unshift(...inside(line.slice(own.at(-1)?.after ?? 0, column)));
  for (const one of own.reverse()) {
    path.unshift(one.key);
    limit = one.column;
  }
  if (limit === Infinity) limit = Math.min(indent(line), column);
  for (let above = at - 1; above >= 0 && limit > 0; above--) {
    const text = lines[above];
    if (!text.trim() || text.trimStart().startsWith("#")) continue;
    for (const one of keys(text).reverse()) {
      // a list may stand as far left as the key it belongs to
      const belongs = one.column < limit || (one.column === limit && one.key !== null && /^\s*-/.test(lines[at]) && path[0] === null);
      if (!belongs) continue;
      if (one.key === null && path[0] === null && one.column === limit) continue;
      path.unshift(one.key);
      limit = one.column;
    }
  }
  return path;
}

/**
 * The keys written above in the same mapping, of which the next one would stand in this column.
 * @param {string[]} lines @param {number} at @param {number} column
 * @returns {string[]}
 */
export function keysBeside(lines, at, column) {
  const found = [];
  if (beginsItem(lines[at] ?? "", column)) return found;
  for (let above = at - 1; above >= 0; above--) {
    const line = lines[above];
    if (!line.trim() || line.trimStart().startsWith("#")) continue;
    const here = keys(line).find((one) => one.key !== null && one.column === column);
    if (here) found.push(/** @type {string} */ (here.key));
    if (indent(line) < column) break;
  }
  return found;
}

/** Does a list item begin on this line, left of the column? @param {string} line @param {number} column */
function beginsItem(line, column) {
  return keys(line).some((one) => one.key === null && one.column < column);
}

/** Keys of the open braces and brackets in what stands before the cursor. @param {string} text */
function inside(text) {
  /** @type {(string | null)[]} */
  const open = [];
  /** @type {string | null | undefined} */
  let key;
  for (let i = 0; i < text.length; i++) {
    const sign = text[i];
    if (sign === '"' || sign === "'") {
      const end = text.indexOf(sign, i + 1);
      if (end < 0) break;
      key = text.slice(i + 1, end);
      i = end;
    } else if (sign === "{" || sign === "[") {
      open.push(sign === "[" ? "[" : "{");
    } else if (sign === "}" || sign === "]") {
      while (open.length && !"{[".includes(open.pop() ?? "{")) continue;
    } else if (sign === ",") {
      while (open.length && !"{[".includes(open.at(-1) ?? "{")) open.pop();
    } else {
      const word = /^[\w-]+(?=\s*:)/.exec(text.slice(i));
      if (word && open.at(-1) === "{") {
        open.push(word[0]);
        i += word[0].length;
      }
    }
  }
  return open.filter((one) => one !== "{").map((one) => (one === "[" ? null : one));
}

/** The step a line belongs to, or null. @param {string[]} lines @param {number} at @returns {string | null} */
export function stepAt(lines, at) {
  const line = lines[at] ?? "";
  const path = pathAt(lines, at, line.length + 1);
  return path[0] === "steps" && typeof path[1] === "string" ? path[1] : null;
}

/**
 * The line where a step begins, or -1. @param {string[]} lines @param {string} step @returns {number}
 */
export function lineOfStep(lines, step) {
  return lines.findIndex((line, at) => keys(line)[0]?.key === step && pathAt(lines, at, indent(line))[0] === "steps");
}

/** The names of all steps. @param {string[]} lines @returns {string[]} */
export function stepsOf(lines) {
  const begin = lines.findIndex((line) => /^steps\s*:/.test(line));
  if (begin < 0) return [];
  const names = [];
  let column = -1;
  for (const line of lines.slice(begin + 1)) {
    if (!line.trim() || line.trimStart().startsWith("#")) continue;
    if (indent(line) === 0) break;
    if (column < 0) column = indent(line);
    const key = indent(line) === column ? keys(line)[0]?.key : null;
    if (key) names.push(key);
  }
  return names;
}

/**
 * The text written below a key, `say: |` or `say: >`, of which this line is the first or a part.
 * @param {string[]} lines @param {number} at
 * @returns {Words[]} at most one
 */
function blockAt(lines, at) {
  let limit = indent(lines[at]) + (blockSign(lines[at]) ? 1 : 0);
  for (let above = at; above >= 0 && limit > 0; above--) {
    const line = lines[above];
    if (!line.trim() || indent(line) >= limit) continue;
    limit = indent(line);
    const sign = blockSign(line);
    if (!sign) continue;
    const inner = [];
    for (const one of lines.slice(above + 1)) {
      if (one.trim() && indent(one) <= limit) break;
      inner.push(one.trim());
    }
    const from = keys(line).at(-1)?.after ?? limit;
    const path = pathAt(lines, above, from);
    const kind = kindOf(path, false);
    const text = inner.join(sign === "|" ? "\n" : " ").trim();
    return kind && text ? [{ path, text, from, to: line.length, kind, isBelow: above < at }] : [];
  }
  return [];
}

/** "|" or ">" where a text begins below this line. @param {string} line @returns {string | undefined} */
function blockSign(line) {
  const last = keys(line).at(-1);
  return last && /^\s*([|>])[-+\d]*\s*(?:#.*)?$/.exec(line.slice(last.after))?.[1];
}

/**
 * What of a line is spoken, or listened for.
 * @param {string[]} lines @param {number} at
 * @returns {Words[]}
 */
export function wordsOf(lines, at) {
  const line = lines[at] ?? "";
  if (!line.trim()) return [];
  const below = blockAt(lines, at);
  if (below.length || line.trimStart().startsWith("#")) return below;
  /** @type {Words[]} */
  const found = [];
  for (const match of line.matchAll(/"((?:[^"\\]|\\.)*)"|'((?:[^']|'')*)'/g)) {
    const text = (match[1] ?? match[2].replaceAll("''", "'")).replaceAll('\\"', '"');
    const path = pathAt(lines, at, match.index);
    const kind = kindOf(path, /^\s*:/.test(line.slice(match.index + match[0].length)));
    if (kind && text.trim()) found.push({ path, text, from: match.index, to: match.index + match[0].length, kind });
  }
  if (!found.length) {
    // words without quotes: say: Good night.
    const last = keys(line).at(-1);
    const text = last && line.slice(last.after).replace(/\s#.*$/, "").trim();
    if (text && !/^["'{[|>&*!]/.test(text)) {
      const from = line.indexOf(text, last.after);
      const kind = kindOf(pathAt(lines, at, from), false);
      if (kind) found.push({ path: pathAt(lines, at, from), text, from, to: from + text.length, kind });
    }
  }
  return found;
}

/** @param {(string | null)[]} path @param {boolean} isKey @returns {"said" | "phrase" | null} */
function kindOf(path, isKey) {
  const names = /** @type {string[]} */ (path.filter((one) => one !== null));
  const last = names.at(-1) ?? "";
  if (isKey) return last === "answers" ? "phrase" : null;
  if (HEARD.has(last)) return "phrase";
  if (names[0] === "commands") return "phrase";
  if (last === "any") return SAID.has(names.at(-2) ?? "") ? "said" : null;
  if (last === "text" && names.at(-2) !== "say") return null;
  return SAID.has(last) || names[0] === "lines" ? "said" : null;
}
