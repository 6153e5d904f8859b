// The sliders of a demo on a page: native inputs over frames that were drawn beforehand, or over
// a picture that descent.js computes. Without scripts the still picture stands.
"use strict";
(() => {
  if (customElements.get("course-demo")) return;
  let made = 0;

  function element(tag, properties = {}, ...children) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  }
  const plain = html => html.replace(/<[^>]*>/g, "");
  const nearest = (values, value, log) => {
    const of = log ? Math.log : Number;
    const gaps = values.map(each => Math.abs(of(each) - of(value)));
    return gaps.indexOf(Math.min(...gaps));
  };

  class CourseDemo extends HTMLElement {
    connectedCallback() {
      if (this.data) return;
      this.data = JSON.parse(this.querySelector("script[type='application/json']").textContent);
      this.number = ++made;
      this.image = this.querySelector("img");
      this.sentence = this.querySelector(".demo-sentence");
      this.inputs = {};
      this.panel = element("div", { className: "demo-controls", hidden: true });
      this.panel.append(...this.data.controls.map(control => this.row(control)), this.buttons());
      this.querySelector(".demo-words").after(this.prediction(), this.panel);
      this.reset(false);
    }

    // The question comes first: the controls show when it has been answered, or passed over.
    prediction() {
      const guess = element("input", { type: "text", autocomplete: "off" });
      const form = element("form", { className: "demo-predict" },
        element("label", {}, "Your prediction: ", guess),
        element("button", { type: "submit" }, "Now show the controls"));
      form.addEventListener("submit", event => {
        event.preventDefault();
        const words = guess.value.trim();
        form.replaceWith(element("p", { className: "demo-predicted", hidden: !words }, `You predicted: ${words}`));
        this.panel.hidden = false;
        this.panel.querySelector(".demo-row:not([hidden]) input").focus();
      });
      return form;
    }

    row(control) {
      const row = control.kind === "radio" ? this.radios(control) : this.slider(control);
      row.classList.add("demo-row");
      row.hidden = control.values.length === 1;  // nothing else was drawn
      return row;
    }

    radios(control) {
      const options = control.texts.map((text, i) => {
        const input = element("input", { type: "radio", name: `demo-${this.number}-${control.name}` });
        input.addEventListener("change", () => this.move({ [control.name]: control.values[i] }));
        return { input, label: element("label", {}, input, ` ${text}`) };
      });
      this.inputs[control.name] = { show: i => { options[i].input.checked = true; } };
      return element("fieldset", {}, element("legend", {}, control.label),
        ...options.map(each => each.label));
    }

    slider(control) {
      const id = `demo-${this.number}-${control.name}`, last = control.values.length - 1;
      const range = element("input", { type: "range", id, min: 0, max: last, step: 1 });
      range.addEventListener("input", () => this.move({ [control.name]: control.values[range.value] }));
      const row = element("div", {}, element("label", { htmlFor: id }, control.label), range);
      this.inputs[control.name] = { range, show: i => { range.value = i; } };
      if (control.plays) row.append(this.player(control, range));
      if (control.ends) this.typed(control, row);
      else {
        const shown = element("output", { htmlFor: id });
        row.append(shown);
        this.inputs[control.name].tell = text => { shown.value = text; };
      }
      return row;
    }

    // A button that moves a slider by itself, from where it stands or from the start.
    player({ name, values }, range) {
      let timer;
      const atEnd = () => Number(range.value) >= values.length - 1;
      const button = element("button", { type: "button" }, "play");
      const pause = () => { clearInterval(timer); timer = 0; button.textContent = "play"; };
      const step = () => {
        if (atEnd()) return pause();
        this.move({ [name]: values[Number(range.value) + 1] });
      };
      button.addEventListener("click", () => {
        if (timer) return pause();
        if (atEnd()) this.move({ [name]: values[0] });
        button.textContent = "pause";
        timer = setInterval(step, 400);
      });
      return button;
    }

    // A box beside the slider: it takes every number where the picture is computed, else the
    // nearest one that was drawn.
    typed(control, row) {
      const box = element("input", { type: "text", inputMode: "decimal", autocomplete: "off" });
      box.setAttribute("aria-label", `${control.label}: type a number`);
      const refusal = element("span", { className: "demo-refusal" });
      refusal.setAttribute("role", "alert");
      box.addEventListener("change", () => {
        const [low, high] = control.ends, number = Number(box.value), typed = box.value.trim();
        if (typed && number >= low && number <= high) return this.move({ [control.name]: number }, true);
        refusal.textContent = typed.includes(",")
          ? "Write a point and no comma, such as 0.1; nothing has changed."
          : `Write a number from ${courseDescent.g(low, 4)} to ${courseDescent.g(high, 4)}; nothing has changed.`;
      });
      row.append(box, refusal);
      this.inputs[control.name].tell = text => { box.value = text; refusal.textContent = ""; };
    }

    buttons() {
      const button = (name, act) => {
        const made = element("button", { type: "button" }, name);
        made.addEventListener("click", act);
        return made;
      };
      return element("div", { className: "demo-buttons" },
        ...this.data.points.map(({ name, to }) => button(name, () => this.move(this.place(name, to), true))),
        button("reset", () => this.reset(true)));
    }

    // Where a named point leads from here.
    place(name, to) {
      if (this.data.live) return courseDescent.POINTS[name](this.values, this.data.live);
      return this.at(to[this.index()]);
    }

    // The values of a frame; the first control varies slowest.
    at(index) {
      const values = {};
      for (const { name, values: all } of [...this.data.controls].reverse()) {
        values[name] = all[index % all.length];
        index = Math.floor(index / all.length);
      }
      return values;
    }

    index() {
      return this.data.controls.reduce((sum, control) =>
        sum * control.values.length + this.step(control), 0);
    }

    step(control) {
      const value = this.values[control.name];
      return control.ends ? nearest(control.values, value, control.log) : control.values.indexOf(value);
    }

    reset(aloud) {
      this.tries = [];
      this.values = {};
      this.move(Object.fromEntries(this.data.controls.map(each => [each.name, each.values[each.at]])), aloud);
    }

    // Change some values, each as far as its slider goes; `aloud` where no slider tells the result.
    move(changes, aloud = false) {
      for (const control of this.data.controls) {
        if (!(control.name in changes)) continue;
        const value = changes[control.name], [low, high] = control.ends ?? [];
        this.values[control.name] = control.ends ? Math.min(Math.max(value, low), high) : value;
      }
      if (!this.data.live) this.values = this.at(this.index());
      this.sentence.setAttribute("aria-live", aloud ? "polite" : "off");
      this.render();
    }

    render() {
      const words = this.data.live ? this.compute() : this.frame();
      this.sentence.innerHTML = words;
      for (const control of this.data.controls) {
        const input = this.inputs[control.name], i = this.step(control);
        input.show(i);
        const text = control.ends ? courseDescent.g(this.values[control.name], 4) : control.texts[i];
        input.tell?.(text);
        input.range?.setAttribute("aria-valuetext", `${text}. ${plain(words)}`);
      }
    }

    frame() {
      const index = this.index(), [file, words, alt] = this.data.frames[index];
      const source = i => this.data.folder + this.data.files[this.data.frames[i]?.[0] ?? file];
      if (this.image.getAttribute("src") !== source(index)) this.image.src = source(index);
      this.image.alt = this.data.texts[alt];
      if (!this.panel.hidden) for (const i of [index - 1, index + 1]) new Image().src = source(i);
      return this.data.texts[words];
    }

    compute() {
      const { sentence, alt, panels } = courseDescent.compute(this.data.live, this.values, this.tries);
      this.tries.push({ ...this.values });
      this.picture ??= this.image.parentElement.appendChild(element("div", { className: "demo-panels" }));
      this.picture.setAttribute("role", "img");
      this.picture.setAttribute("aria-label", alt);
      this.picture.innerHTML = panels.map((panel, i) =>
        coursePanels.svg(panel, `demo-${this.number}-clip-${i}`)).join("");
      this.image.hidden = true;
      return sentence;
    }
  }
  customElements.define("course-demo", CourseDemo);
})();
