// Elements are made here and never parsed from text: what somebody wrote can become words on a page, nothing else.

const SVG = "http://www.w3.org/2000/svg";

/** An element: attributes, `on` with its listeners, `class`, `dataset`; children are text, nodes, lists or nothing. */
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** The same in SVG. */
export function s(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [event, act] of Object.entries(value)) element.addEventListener(event, act);
    else if (name === "dataset") Object.assign(element.dataset, value);
    else if (name === "value" && "value" in element && element.tagName !== "LI") element.value = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  add(element, children);
  // A chosen option exists only after the options do.
  if ("value" in attributes && element.tagName === "SELECT") element.value = attributes.value;
  return element;
}

/** Adds text, nodes, and lists of them; skips null, undefined and false. */
export function add(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
  return element;
}

/** Puts the children in the place of what was there. */
export function put(element, ...children) {
  element.replaceChildren();
  return add(element, children);
}

let last = 0;

/** An id that no other element has. */
export function freshId(prefix = "id") {
  last += 1;
  return `${prefix}-${last}`;
}
