// The map of a dialog: boxes and arrows laid out by dagre and drawn as SVG, and the same as a list
// for the keyboard and for screen readers.

import { button, download, el, show, svg } from "./dom.js";
import { t } from "./texts.js";

/** @typedef {{id: string, title: string, text?: string, dialog?: string, kind?: string, reached?: boolean}} Node
 *   kind is "step", "dialog" or "end"; dialog: the name of one that it leads to */
/** @typedef {{from: string, to: string, label?: string, kind: string}} Edge
 *   kind is "answer", "silence", "unclear", "detour" or "next" */
/** @typedef {{nodes: Node[], edges: Edge[]}} Graph */

const WIDTH = 204;
const KINDS = ["answer", "silence", "unclear", "detour", "next"];

export class Map {
  /**
   * @param {HTMLElement} panel
   * @param {(node: Node) => void} follow a box was chosen
   */
  constructor(panel, follow) {
    this.follow = follow;
    this.canvas = el("div", { class: "canvas", tabindex: "0", role: "region", "aria-label": t("tab.Map") });
    this.fit = button(t("map.fit"), () => this.fit.setAttribute("aria-pressed", String(this.canvas.classList.toggle("fit"))), { class: "small", "aria-pressed": "false" });
    this.outline = el("ul", { class: "outline" });
    this.legend = el("div", { class: "legend" }, ...KINDS.map((kind) =>
      el("span", {}, svg("svg", { class: "flow", viewBox: "0 0 32 10", "aria-hidden": "true" },
        svg("path", { class: `edge ${kind}`, d: "M0 5H32" })), t(`map.${kind}`))));
    this.empty = el("p", { class: "empty" }, t("map.empty"));
    this.full = el("div", { class: "cards" },
      el("div", { class: "row no-print" }, this.fit,
        button(t("map.print"), () => window.print(), { class: "small" }),
        button(t("map.svg"), () => this.#saveSvg(), { class: "small" }),
        button(t("map.mermaid"), () => download(`${this.name}.mmd`, "text/plain", this.mermaid()), { class: "small" })),
      this.canvas, this.legend,
      el("h3", { class: "no-print" }, t("map.list")), el("div", { class: "no-print" }, this.outline));
    show(panel, this.empty, this.full);
    /** @type {Graph} */
    this.graph = { nodes: [], edges: [] };
    this.name = "map";
    this.here = "";
    this.lit = "";
    this.told = "";
    this.visible = false;
    this.stale = true;
  }

  /** @param {string} name of the dialog @param {Graph} graph */
  draw(name, graph) {
    if (this.name === name && JSON.stringify(graph) === this.told) return;
    this.name = name;
    this.graph = { ...graph, nodes: graph.nodes.map((node) => ({ ...node, title: node.kind === "end" ? t("map.end") : node.title || node.id })) };
    this.told = JSON.stringify(graph);
    this.stale = true;
    if (this.visible) this.#draw();
  }

  /** @param {boolean} visible */
  appear(visible) {
    this.visible = visible;
    if (visible && this.stale) this.#draw();
  }

  /** Which box the cursor is in. @param {string | null} id */
  mark(id) {
    this.here = id ?? "";
    this.#classes();
  }

  /** Where Try stands. @param {string | null} id */
  light(id) {
    this.lit = id ?? "";
    this.#classes();
  }

  #classes() {
    for (const [name, id] of [["here", this.here], ["lit", this.lit]]) {
      for (const box of this.full.querySelectorAll(`.${name}`)) box.classList.remove(name);
      for (const box of this.full.querySelectorAll("[data-step]"))
        if (box.getAttribute("data-step") === id) box.classList.add(name);
    }
    for (const item of this.outline.children) {
      const isHere = item.getAttribute("data-step") === this.lit;
      if (isHere) item.firstElementChild?.setAttribute("aria-current", "step");
      else item.firstElementChild?.removeAttribute("aria-current");
    }
  }

  async #draw() {
    this.stale = false;
    const { nodes, edges } = this.graph;
    this.empty.hidden = nodes.length > 0;
    this.full.hidden = nodes.length === 0;
    if (!nodes.length) return;
    this.#list();
    const { Graph, layout } = await import("./vendor/dagre.js");
    if (this.graph.nodes !== nodes) return;
    const graph = new Graph({ multigraph: true });
    graph.setGraph({ rankdir: "TB", nodesep: 28, ranksep: 46, edgesep: 14, marginx: 12, marginy: 12 });
    for (const node of nodes) {
      const lines = wrapped(node.text ?? "", 28, 2);
      graph.setNode(node.id, { width: WIDTH, height: 32 + lines.length * 16, lines });
    }
    edges.forEach((edge, index) => {
      const label = short(edge.label ?? "", 22);
      graph.setEdge(edge.from, edge.to, { label, kind: edge.kind, width: label ? label.length * 6.2 + 8 : 0, height: label ? 16 : 0, labelpos: "c" }, String(index));
    });
    layout(graph);
    show(this.canvas, drawing(graph, nodes, this.name, (node) => this.follow(node)));
    this.#classes();
  }

  #list() {
    const names = new globalThis.Map(this.graph.nodes.map((node) => [node.id, node]));
    const item = (/** @type {Node} */ node) => {
      const out = this.graph.edges.filter((edge) => edge.from === node.id);
      return el("li", { "data-step": node.id },
        el("button", { type: "button", class: "link", onclick: () => this.follow(node) }, node.title),
        node.reached === false ? el("span", { class: "small soft" }, ` (${t("map.lost")})`) : null,
        out.length > 0 && el("ul", {}, ...out.map((edge) => {
          const target = names.get(edge.to);
          return el("li", {}, `${t(`map.${edge.kind}`)}${edge.label ? ` ${edge.label}` : ""} → `,
            el("button", { type: "button", class: "link", onclick: () => target && this.follow(target) }, target?.title ?? edge.to));
        })));
    };
    show(this.outline, ...this.graph.nodes.filter((node) => (node.kind ?? "step") === "step").map(item));
  }

  /** The map as Mermaid text. */
  mermaid() {
    const number = new globalThis.Map(this.graph.nodes.map((node, index) => [node.id, `s${index}`]));
    const safe = (/** @type {string} */ text) => text.replaceAll('"', "#quot;").replaceAll("\n", " ");
    const arrows = { answer: "-->", silence: "-.->", unclear: "-.->", detour: "<-.->", next: "-->" };
    return [
      "flowchart TD",
      ...this.graph.nodes.map((node) => `  ${number.get(node.id)}["${safe(node.title)}${node.text ? `<br>${safe(node.text)}` : ""}"]`),
      ...this.graph.edges.map((edge) => {
        const says = edge.label || (edge.kind === "next" ? "" : t(`map.${edge.kind}`));
        return `  ${number.get(edge.from)} ${arrows[edge.kind] ?? "-->"}${says ? `|"${safe(says)}"|` : ""} ${number.get(edge.to)}`;
      }),
      "",
    ].join("\n");
  }

  #saveSvg() {
    const drawn = this.canvas.querySelector("svg");
    if (!drawn) return;
    const copy = /** @type {SVGElement} */ (drawn.cloneNode(true));
    // in a file of its own the page's styles are missing: what is seen is written into it
    const kept = ["fill", "stroke", "stroke-width", "stroke-dasharray", "font-family", "font-size", "font-weight", "opacity"];
    const originals = drawn.querySelectorAll("*");
    copy.querySelectorAll("*").forEach((one, index) => {
      const seen = getComputedStyle(originals[index]);
      for (const name of kept) one.setAttribute(name, seen.getPropertyValue(name));
    });
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    download(`${this.name}.svg`, "image/svg+xml", new XMLSerializer().serializeToString(copy));
  }
}

/** @param {any} graph laid out @param {Node[]} nodes @param {string} name @param {(node: Node) => void} chosen */
function drawing(graph, nodes, name, chosen) {
  const { width, height } = graph.graph();
  const edges = graph.edges().map((/** @type {any} */ each) => {
    const edge = graph.edge(each);
    const points = edge.points;
    const tip = points.at(-1);
    const before = points.at(-2);
    const angle = (Math.atan2(tip.y - before.y, tip.x - before.x) * 180) / Math.PI;
    return [
      svg("path", { class: `edge ${edge.kind}`, d: curve(points) }),
      svg("path", { class: "tip", d: "M0 0L-8 -3.5L-8 3.5Z", transform: `translate(${tip.x} ${tip.y}) rotate(${angle})` }),
      edge.label && svg("rect", { class: "label-back", x: edge.x - edge.width / 2, y: edge.y - 8, width: edge.width, height: 16, rx: 4 }),
      edge.label && svg("text", { class: "label", x: edge.x, y: edge.y + 4, "text-anchor": "middle" }, edge.label),
    ];
  });
  const boxes = nodes.map((node) => {
    const box = graph.node(node.id);
    const kind = `box ${node.kind && node.kind !== "step" ? "other" : ""} ${node.reached === false ? "lost" : ""}`;
    return svg("g", { class: kind, "data-step": node.id, transform: `translate(${box.x - box.width / 2} ${box.y - box.height / 2})`, onclick: () => chosen(node) },
      svg("rect", { width: box.width, height: box.height, rx: node.kind === "end" ? box.height / 2 : 8 }),
      svg("text", { class: "name", x: 12, y: 21 }, short(node.title, 24)),
      ...box.lines.map((/** @type {string} */ line, /** @type {number} */ index) => svg("text", { class: "said", x: 12, y: 38 + index * 16 }, line)));
  });
  // the list below says the same to those who do not see it
  return svg("svg", { class: "flow", width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": t("map.picture", { name }) },
    ...edges.flat(), ...boxes);
}

/** A smooth line through points. @param {{x: number, y: number}[]} points */
function curve(points) {
  let d = `M${points[0].x} ${points[0].y}`;
  for (let i = 1; i < points.length - 1; i++) {
    const [at, next] = [points[i], points[i + 1]];
    const isLast = i === points.length - 2;
    const [x, y] = isLast ? [next.x, next.y] : [(at.x + next.x) / 2, (at.y + next.y) / 2];
    d += `Q${at.x} ${at.y} ${x} ${y}`;
  }
  return points.length === 2 ? `${d}L${points[1].x} ${points[1].y}` : d;
}

/** @param {string} text @param {number} length */
function short(text, length) {
  return text.length > length ? `${text.slice(0, length - 1).trimEnd()}…` : text;
}

/** @param {string} text @param {number} length @param {number} most lines */
function wrapped(text, length, most) {
  const lines = [];
  let rest = text.trim();
  while (rest && lines.length < most) {
    if (rest.length <= length || lines.length === most - 1) {
      lines.push(short(rest, length));
      break;
    }
    const at = rest.lastIndexOf(" ", length);
    lines.push(rest.slice(0, at > 0 ? at : length));
    rest = rest.slice(at > 0 ? at + 1 : length).trim();
  }
  return lines;
}
