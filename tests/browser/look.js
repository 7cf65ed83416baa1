// What a page may not do on the screen it is shown on: scroll sideways, put what one uses beside the screen, or under
// something else. Answers a sentence for each fault.

const faults = [];
const named = (element) => element.outerHTML.slice(0, 100);
const shown = (element) => element.checkVisibility({ visibilityProperty: true }) && element.getBoundingClientRect().width > 1;

const scroller = document.scrollingElement;
if (scroller.scrollWidth > innerWidth) {
  const wide = [...document.querySelectorAll("body *")].filter((element) => element.getBoundingClientRect().right > innerWidth + 1);
  faults.push(`scrolls sideways, ${scroller.scrollWidth} of ${innerWidth}: ${wide.slice(0, 3).map(named).join(" ")}`);
}

// What lies in a part that scrolls by itself can be brought into sight.
function scrolls(element) {
  for (let around = element.parentElement; around && around !== document.body; around = around.parentElement) {
    if (["auto", "scroll"].includes(getComputedStyle(around).overflowX)) return true;
  }
  return false;
}
for (const control of document.querySelectorAll("a[href], button, input, select, textarea, summary")) {
  if (!shown(control) || control.matches(".skip") || scrolls(control)) continue;
  const { left, right } = control.getBoundingClientRect();
  if (left < -1 || right > innerWidth + 1) faults.push(`beside the screen, ${left} to ${right}: ${named(control)}`);
}

const before = [scrollX, scrollY];
// What is laid over the page on purpose hides the page behind it.
const page = document.querySelector("dialog[open], .settings[open] .sheet") ?? document;
for (const control of page.querySelectorAll(".primary, .to-review, .tab, .option label, #submit, textarea")) {
  if (!shown(control)) continue;
  control.scrollIntoView({ block: "center", behavior: "instant" });
  const { left, right, top, bottom } = control.getBoundingClientRect();
  const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  if (!hit || !control.contains(hit)) faults.push(`covered by ${hit ? named(hit) : "nothing"}: ${named(control)}`);
}
scrollTo({ left: before[0], top: before[1], behavior: "instant" });
return faults;
