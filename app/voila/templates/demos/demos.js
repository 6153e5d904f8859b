// The cells of the notebook as a menu and a page for each demo. A demo begins at its heading.
(() => {
  const make = (tag, text = "", more = {}) =>
    Object.assign(document.createElement(tag), { textContent: text }, more);
  const sign = (tag, text, title) => make(tag, text, { title, ariaLabel: title });
  const cells = [...document.querySelectorAll("#rendered_cells [cell-index]")];
  const demos = [];
  const main = cells[0].parentElement;
  const menu = make("ul", "", { className: "menu" });
  const intro = make(
    "p", "Choose a demo, write down what the class predicts, and only then move its sliders.",
    { className: "intro" },
  );
  for (const cell of cells) {
    const heading = cell.querySelector("h2");
    if (heading) {
      heading.querySelectorAll(".anchor-link").forEach((link) => link.remove());
      const title = heading.textContent.trim();
      const name = title.toLowerCase().replace(/\W+/g, "-").replace(/^-|-$/g, "");
      const page = make("section", "", { hidden: true, ariaLabel: title });
      demos.push({ title, page, name, prediction: predictionOf(name, page) });
      const card = make("a", "", { href: `#${name}` });
      const words = [...cell.querySelectorAll("p")].map((each) => each.textContent).join(" ");
      card.append(make("b", title), words.replace(/^.*?(?=Ask:)/s, ""));
      const item = make("li");
      item.append(card);
      menu.append(item);
    }
    cell.hidden = Boolean(cell.querySelector(".jp-MarkdownOutput, .jp-RenderedMarkdown"));
    (demos.at(-1)?.page ?? main).append(cell);
  }

  // What the class expects is written down before anything can be moved, and stays in sight.
  function predictionOf(name, page) {
    const form = make("form", "", { className: "prediction" });
    const input = make("input", "", { required: true, maxLength: 200, autocomplete: "off" });
    input.placeholder = "12 say 0.3, 9 say 1";
    const label = make("label", "The class predicts: ");
    input.id = label.htmlFor = `prediction-${name}`;
    form.append(label, input, make("button", "show the demo"));
    const keep = () => {
      const guessed = input.value.trim() !== "";
      page.classList.toggle("guessed", guessed);
      if (guessed) sessionStorage.setItem(input.id, input.value);
    };
    input.value = sessionStorage.getItem(input.id) ?? "";
    keep();
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      keep();
      input.blur();
      show();
    });
    return form;
  }

  const bar = make("header", "", { id: "bar" });
  const all = Object.assign(sign("a", "☰", "all demos"), { href: "#" });
  const choice = make("select", "", { ariaLabel: "demo" });
  choice.append(make("option", "choose a demo", { value: "" }));
  demos.forEach(({ name, title }) => choice.append(make("option", title, { value: name })));
  choice.addEventListener("change", () => { location.hash = choice.value; });
  const [before, after] = [sign("a", "‹", "the demo before"), sign("a", "›", "the next demo")];
  const shade = sign("button", "◐", "light or dark");
  const darken = (dark) => document.body.classList.toggle("dark", dark);
  darken((localStorage.getItem("dark") ?? String(matchMedia("(prefers-color-scheme: dark)").matches)) === "true");
  shade.addEventListener("click", () => localStorage.setItem("dark", darken(!document.body.classList.contains("dark"))));
  const full = sign("button", "full", "full screen");
  full.addEventListener("click", () =>
    document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen());
  const room = make("span", "", { className: "space" });
  bar.append(all, before, choice, after, room, shade, full);
  document.body.prepend(bar);
  main.prepend(intro, menu, ...demos.map(({ page }) => page));

  // The controls of a demo by their names: what they say, and how to set them.
  function controlsOf(page) {
    const found = {};
    for (const row of page.querySelectorAll(".widget-hslider")) {
      const box = row.parentElement.querySelector("input[type=text]");
      const set = (value) => { box.value = value; box.dispatchEvent(new Event("change", { bubbles: true })); };
      if (box) found[row.querySelector(".widget-label").textContent] = { value: box.value, set };
    }
    for (const row of page.querySelectorAll(".widget-toggle-buttons")) {
      const options = [...row.querySelectorAll("button")];
      const set = (value) => options.find((each) => each.textContent === value)?.click();
      const value = options.find((each) => each.classList.contains("mod-active"))?.textContent;
      found[row.querySelector(".widget-label").textContent] = { value, set };
    }
    return found;
  }

  // The address holds where the controls stand, so that a place in a demo can be kept or sent on.
  function keepAddress() {
    const demo = demos.find(({ page }) => !page.hidden);
    if (!demo) return;
    const controls = controlsOf(demo.page);
    if (demo.wanted && Object.keys(controls).length) {
      for (const [name, value] of demo.wanted) {
        if (controls[name]?.value !== value) controls[name]?.set(value);
      }
      demo.wanted = undefined;
      return;
    }
    const values = Object.entries(controls).map(([name, { value }]) => [name, value]);
    if (values.length) history.replaceState(null, "", `#${demo.name}?${new URLSearchParams(values)}`);
  }

  // Descent on a bowl is drawn here, at once; the picture of the kernel comes later and stays hidden.
  function drawing(page, at) {
    const known = page.querySelector("script[type='application/json']");
    const image = page.querySelector("img.widget-image");
    const rows = [...page.querySelectorAll(".widget-hslider")];
    if (!known || !image || !rows.every((row) => row.querySelector(".noUi-target")?.noUiSlider)) return;
    const { live, names, logs } = JSON.parse(known.textContent);
    const picture = make("div", "", { className: "demo-panels" });
    let tries = [], drawn;
    function draw() {
      const values = {};
      for (const row of rows) {
        const label = row.querySelector(".widget-label").textContent;
        const slider = row.querySelector(".noUi-target").noUiSlider, box = row.parentElement.querySelector("input");
        // The box knows the number itself, where the slider stands at the nearest step.
        const of = logs[label] ? Math.log10 : Number, place = Number(slider.get()), typed = Number(box.value);
        const exact = Math.abs(of(typed) - place) <= 0.51 * slider.options.step;
        values[names[label]] = exact ? typed : logs[label] ? 10 ** place : place;
      }
      if (drawn === (drawn = JSON.stringify(values))) return;
      const { alt, panels } = courseDescent.compute(live, values, tries);
      tries.push(values);
      picture.ariaLabel = alt;
      picture.innerHTML = panels.map((panel, i) => coursePanels.svg(panel, `drawn-${at}-${i}`, 358)).join("");
    }
    picture.setAttribute("role", "img");
    image.after(picture);
    image.hidden = true;
    page.querySelector(".fa-undo").closest("button").addEventListener("click", () => { tries = []; });
    rows.forEach((row) => row.querySelector(".noUi-target").noUiSlider.on("update.drawn", draw));
    return draw;
  }

  // A file that is dropped on a demo is as one chosen by its button, whose input ipywidgets keeps to
  // itself: a press of the button asks that input to open, which tells which one it is.
  main.addEventListener("dragover", (event) => event.preventDefault());
  main.addEventListener("drop", (event) => {
    event.preventDefault();
    const button = demos.find(({ page }) => !page.hidden)?.page.querySelector(".widget-upload");
    const { click } = HTMLInputElement.prototype;
    HTMLInputElement.prototype.click = function () {
      this.files = event.dataTransfer.files;
      this.dispatchEvent(new Event("change"));
    };
    try { button?.click(); } finally { HTMLInputElement.prototype.click = click; }
  });

  function show() {
    const [place, query] = location.hash.slice(1).split("?");
    const at = demos.findIndex(({ name }) => name === place);
    if (query && at >= 0) demos[at].wanted = [...new URLSearchParams(query)];
    demos.forEach(({ page }, index) => { page.hidden = index !== at; });
    room.replaceChildren();
    if (at >= 0) {
      const { page, prediction } = demos[at];
      if (page.classList.contains("guessed")) room.append(prediction);
      else page.prepend(prediction);
      if (!prediction.elements[0].value) prediction.elements[0].focus();
    }
    menu.hidden = intro.hidden = at >= 0;
    choice.value = demos[at]?.name ?? "";
    document.title = demos[at]?.title ?? "Demos: learning rates, by experiment";
    for (const [link, to] of [[before, at - 1], [after, at + 1]]) {
      link.toggleAttribute("aria-disabled", at < 0 || !demos[to]);
      link.href = `#${demos[to]?.name ?? ""}`;
    }
    window.dispatchEvent(new Event("resize"));  // sliders measure themselves when they are seen
    keepAddress();
  }
  // Sliders and boxes say their names, and a slider the number in its box, not the exponent.
  function name() {
    for (const handle of main.querySelectorAll(".noUi-handle")) {
      const slider = handle.closest(".widget-hslider");
      const words = slider.querySelector(".widget-label").textContent;
      const box = slider.parentElement.querySelector("input");
      const wanted = [[handle, "aria-label", words]];
      if (box) wanted.push([handle, "aria-valuetext", box.value], [box, "aria-label", box.title]);
      for (const [element, attribute, value] of wanted) {
        if (element.getAttribute(attribute) !== value) element.setAttribute(attribute, value);
      }
    }
  }
  // The buttons of a slider that plays show signs only, and change them as it plays.
  function nameSigns() {
    for (const sign of main.querySelectorAll("button:not([aria-label]) > .fa:only-child")) {
      if (!sign.parentElement.textContent.trim()) sign.parentElement.ariaLabel = sign.className.match(/fa-(\w+)/)[1];
    }
  }
  let timer;
  new MutationObserver(() => {
    nameSigns();
    clearTimeout(timer);
    timer = setTimeout(() => {  // the box follows the slider
      name();
      demos.forEach((demo, at) => demo.draw ? demo.draw() : demo.draw = drawing(demo.page, at));
      keepAddress();
    }, 100);
  }).observe(main, { subtree: true, childList: true, attributeFilter: ["aria-valuenow", "src"] });
  window.addEventListener("hashchange", show);
  show();
})();
