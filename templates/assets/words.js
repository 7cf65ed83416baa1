// The page's words, as the server wrote them into its `template` element. No text is written in a module.

const words = new Map();
for (const element of document.getElementById("words")?.content.querySelectorAll("[data-word]") ?? []) {
  words.set(element.dataset.word, element.textContent);
}

/** A message with its holes filled: say("saved", {time}). */
export function say(name, values = {}) {
  return (words.get(name) ?? name).replace(/\{(\w+)\}/g, (hole, key) => (key in values ? String(values[key]) : hole));
}

/** A message that has a form for one and a form for other numbers. */
export function count(name, n) {
  return say(n === 1 ? `${name}-one` : `${name}-other`, { n });
}
