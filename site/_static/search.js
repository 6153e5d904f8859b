// Sphinx fetches each page it found, for the excerpt. A page opened from a folder may not fetch:
// the texts come from excerpts.js instead.
const fetchPage = window.fetch;
window.fetch = (address, ...options) => {
  const root = document.documentElement.dataset.content_root;
  const name = String(address).replace(root, "").replace(/\.html$/, "");
  const page = EXCERPTS[name];
  return page ? Promise.resolve({ text: () => page }) : fetchPage(address, ...options);
};
