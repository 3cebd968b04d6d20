// The small windows over the page: a question, a choice, both texts of a conflict.

import { button, el } from "./dom.js";
import { compare } from "./editor.js";
import { t } from "./texts.js";

/** @param {string} title @param {boolean} wide @param {...(Node | string | false | null)} children @returns {HTMLDialogElement} */
function opened(title, wide, ...children) {
  const made = /** @type {HTMLDialogElement} */ (el("dialog", { class: wide ? "wide" : "", "aria-labelledby": "window-title", onclose: () => made.remove() },
    el("h2", { id: "window-title" }, title), ...children));
  document.body.append(made);
  made.showModal();
  return made;
}

/**
 * Ask for a few words.
 * @param {{title: string, label: string, hint?: string, value?: string, action: string,
 *   choice?: {label: string, options: {name: string, title: string}[]}}} what
 * @param {(text: string, chosen: string) => Promise<void>} act raises what is then shown
 */
export function question(what, act) {
  const field = /** @type {HTMLInputElement} */ (el("input", { class: "field", value: what.value ?? "", required: true, autocomplete: "off", "aria-describedby": "window-wrong" }));
  const select = what.choice && /** @type {HTMLSelectElement} */ (el("select", {}, ...what.choice.options.map((one) => el("option", { value: one.name }, one.title))));
  const wrong = el("p", { class: "wrong", id: "window-wrong", role: "alert" });
  const made = opened(what.title, false, el("form", { onsubmit: async (/** @type {Event} */ event) => {
    event.preventDefault();
    try {
      await act(field.value.trim(), select ? select.value : "");
      made.close();
    } catch (error) {
      wrong.textContent = /** @type {Error} */ (error).message;
      field.focus();
    }
  } },
  el("label", {}, what.label, field, what.hint && el("span", { class: "hint" }, what.hint)),
  select && el("label", {}, what.choice.label, select), wrong,
  el("div", { class: "row" }, el("button", { type: "submit", class: "button main" }, what.action), button(t("cancel"), () => made.close(), { quiet: true }))));
  field.select();
}

/** Which keys do what. */
export function keys() {
  const made = opened(t("keys.title"), false, el("div", { class: "stack" },
    el("dl", { class: "keys" }, ...t("keys.list").flatMap((/** @type {string[]} */ [key, does]) => [el("dt", {}, el("kbd", {}, key)), el("dd", {}, does)])),
    el("div", { class: "row" }, button(t("close"), () => made.close()))));
}

/**
 * Theirs beside yours.
 * @param {string} name @param {string} theirs @param {string} mine
 * @param {{keep: () => void, take: () => void}} act
 */
export function conflict(name, theirs, mine, act) {
  document.querySelector("dialog.wide")?.remove();
  const box = el("div", {});
  const end = (/** @type {() => void} */ chosen) => () => {
    made.close();
    chosen();
  };
  const made = opened(`${t("conflict.theirs")} · ${t("conflict.mine")}`, true, el("div", { class: "stack" },
    el("p", {}, t("conflict.says", { name })), box,
    el("div", { class: "row" }, button(t("conflict.keep"), end(act.keep), { class: "main" }), button(t("conflict.take"), end(act.take)),
      button(t("conflict.later"), () => made.close(), { quiet: true }))));
  compare(box, theirs, mine, [t("conflict.theirs"), t("conflict.mine")]);
}
