// Making elements. Rules: text is always text (nothing is read as HTML), and no style attribute is
// written, since the server's content security policy forbids both.

/**
 * @param {string} tag
 * @param {Record<string, unknown>} [attributes] on… are listeners; true writes the bare attribute;
 *     false, null and undefined leave it out
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {HTMLElement}
 */
export function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/**
 * The same for drawings.
 * @param {string} tag
 * @param {Record<string, unknown>} [attributes]
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {SVGElement}
 */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

/** @template {Element} T @param {T} made @returns {T} */
function fill(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, String(value));
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/**
 * An icon of the sprite in index.html; words stand beside it or in the button's label.
 * @param {string} name
 */
export function icon(name) {
  return svg("svg", { class: "icon", "aria-hidden": "true", focusable: "false" }, svg("use", { href: `#icon-${name}` }));
}

/**
 * A button.
 * @param {string} label what it says
 * @param {(event: Event) => void} onclick
 * @param {{icon?: string, quiet?: boolean, bare?: boolean} & Record<string, unknown>} [more]
 *     bare: only the icon is seen, the label is read out
 */
export function button(label, onclick, more = {}) {
  const { icon: picture, quiet, bare, class: extra, ...rest } = more;
  const names = ["button", quiet && "quiet", bare && "bare", extra].filter(Boolean).join(" ");
  return el(
    "button",
    { type: "button", class: names, onclick, title: bare ? label : undefined, "aria-label": bare ? label : undefined, ...rest },
    picture && icon(picture),
    !bare && el("span", {}, label),
  );
}

/** @param {Element} parent @param {...(Node | string | null | undefined | false)} children */
export function show(parent, ...children) {
  parent.replaceChildren(...children.filter((child) => child !== null && child !== undefined && child !== false));
}

/** Let the browser keep a text as a file. @param {string} name @param {string} type @param {string} text */
export function download(name, type, text) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  el("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/**
 * Run once, at latest so many milliseconds after the first call.
 * @template {unknown[]} A
 * @param {(...args: A) => void} action
 * @param {number} wait_ms
 */
export function soon(action, wait_ms) {
  let timer = 0;
  /** @type {A} */
  let latest;
  const run = () => {
    timer = 0;
    action(...latest);
  };
  const later = (/** @type {A} */ ...args) => {
    latest = args;
    timer ||= setTimeout(run, wait_ms);
  };
  later.now = () => {
    if (!timer) return;
    clearTimeout(timer);
    run();
  };
  return later;
}
