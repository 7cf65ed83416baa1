// A small way to build elements.

/** An element: make("button", {class: "primary", type: "button"}, "text", child). */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined && value !== null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** An element holding HTML of the paper, which the server has made safe. */
export function rich(tag, attributes, safeHtml) {
  const element = make(tag, attributes);
  element.innerHTML = safeHtml;
  return element;
}
