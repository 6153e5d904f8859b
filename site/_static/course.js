// What scrolls must be reachable by keyboard, and what does not scroll must not stop the tab key.
const boxes = document.querySelectorAll(
  ".scroll, .bd-article pre, div.math, .pst-scrollable-table-container"
);
const mark = (box) => {
  if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  else box.removeAttribute("tabindex");
};
const watch = new ResizeObserver((entries) => entries.forEach((entry) => mark(entry.target)));
boxes.forEach((box) => watch.observe(box));
