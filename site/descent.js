// Descent on a bowl, in the browser: the numbers of course_utils/quadratic.py, and what the demos
// of course_utils/demos/bowls.py say and show of them. Tests compare both.
"use strict";
globalThis.courseDescent ??= (() => {
  const GREY = "#6b6b6b", PALE = "#bbbbbb", RED = "#b00020";

  // A number with so many digits as Python writes it with :.3g, halves to the even digit.
  function g(x, digits = 3) {
    if (!Number.isFinite(x)) return x > 0 ? "inf" : "-inf";
    if (x === 0) return "0";
    let short = x.toExponential(digits - 1);
    const [long] = x.toExponential(100).split("e");
    const kept = long.slice(0, long.indexOf(".") + digits);
    if (/^50*$/.test(long.slice(kept.length)) && "02468".includes(kept.at(-1)))
      short = `${kept}e${short.split("e")[1]}`;
    const [mantissa, exponent] = [short.split("e")[0], Number(short.split("e")[1])];
    const trim = text => text.includes(".") ? text.replace(/\.?0+$/, "") : text;
    if (exponent >= -4 && exponent < digits)
      return trim(Number(short).toFixed(Math.max(digits - 1 - exponent, 0)));
    const sign = exponent < 0 ? "-" : "+";
    return `${trim(mantissa)}e${sign}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }

  function descend(curvatures, start, rate, momentum, steps) {
    let w = [...start], v = start.map(() => 0);
    const path = [w];
    for (let step = 0; step < steps; step++) {
      const gradient = curvatures.map((_, j) =>
        w.reduce((sum, each, i) => sum + each * (i === j ? curvatures[j] : 0), 0));
      v = v.map((each, j) => momentum * each - rate * gradient[j]);
      w = w.map((each, j) => each + v[j]);
      path.push(w);
    }
    return path.map(point => point.map(each => Number.isFinite(each) ? each : Infinity));
  }

  function bowlLoss(curvatures, w) {
    const loss = 0.5 * w.reduce((sum, each, i) => sum + each * curvatures[i] * each, 0);
    return Number.isFinite(loss) ? loss : Infinity;
  }

  const bestFixed = kappa => 2 / (1 + kappa);
  function polyak(kappa) {
    const root = Math.sqrt(kappa);
    return [4 / (root + 1) ** 2, ((root - 1) / (root + 1)) ** 2];
  }
  const RIVALS = {
    "best guarantee: 2/(λmin+λmax)": (kappa, recipe) => [bestFixed(kappa), recipe.momentum],
    "Polyak's pair": polyak,
    "no momentum, best rate": kappa => [bestFixed(kappa), 0],
  };
  // Where the buttons of the demos lead: from all values to those that change.
  const POINTS = {
    "critical: 2/λ": now => ({ learning_rate: 2 / now.curvature }),
    "just beyond": now => ({ learning_rate: 2.05 / now.curvature }),
    "critical: 2(1+β)/λmax": (now, recipe) => ({
      learning_rate: 2 * (1 + (now.momentum ?? recipe.momentum)) / now.condition_number,
    }),
  };
  for (const [name, pair] of Object.entries(RIVALS))
    POINTS[name] = (now, recipe) => {
      const [learning_rate, momentum] = pair(now.condition_number, recipe);
      return { learning_rate, momentum };
    };

  // The step from which on the loss stays below the goal, or null.
  function arrival(curvatures, recipe, [rate, momentum]) {
    const losses = descend(curvatures, recipe.start, rate, momentum, recipe.patience)
      .map(w => bowlLoss(curvatures, w));
    const last = losses.findLastIndex(loss => loss > recipe.goal * losses[0]);
    return last === losses.length - 1 ? null : last + 1;
  }

  function fate(losses) {
    const [first, last] = [losses[0], losses.at(-1)];
    return last > first
      ? `<b>Diverging</b>: the loss grew from ${g(first)} to ${g(last)}.`
      : `The loss went from ${g(first)} to <b>${g(last)}</b>.`;
  }

  const color = (recipe, rate) => {
    const [low, high] = recipe.decades;
    const share = Math.min(Math.max((Math.log10(rate) - low) / (high - low), 0), 1);
    return recipe.colors[Math.round(share * (recipe.colors.length - 1))];
  };

  function walk(recipe, curvatures, rate, momentum) {
    const path = descend(curvatures, recipe.start, rate, momentum, recipe.steps);
    const losses = path.map(w => bowlLoss(curvatures, w));
    const reach = 1.35 * Math.max(...path[0].map(Math.abs), 1e-9);
    const out = path.findIndex(w => w.some(each => Math.abs(each) > reach));
    let words = `loss after ${recipe.steps} steps: ${g(losses.at(-1))}`;
    if (out >= 0)
      words = losses.at(-1) > losses[0] ? `leaves the picture at step ${out}` : "swings far out";
    const shown = path.slice(0, out < 0 ? path.length : out + 1)
      .map(w => w.map(each => Math.min(Math.max(each, -3 * reach), 3 * reach)));
    const own = color(recipe, rate);
    const panel = {
      title: `learning rate ${g(rate)}`, color: own, note: words, x: [-reach, reach],
      alt: `Bowl, learning rate ${g(rate)}: ${words}.`, lines: [], ellipses: [],
    };
    if (curvatures.length === 1) {
      const top = bowlLoss(curvatures, [reach]);
      const axis = Array.from({ length: 121 }, (_, i) => -reach + reach * i / 60);
      const onBowl = values => values.map(w => [w, bowlLoss(curvatures, [w])]);
      Object.assign(panel, { y: [-0.05 * top, 1.55 * top], xlabel: "w", ylabel: "loss" });
      panel.lines.push({ points: onBowl(axis), color: GREY });
      panel.lines.push({ points: onBowl(shown.map(w => w[0])), color: own, dots: 6 });
    } else {
      const highest = bowlLoss(curvatures, [reach, reach]);
      panel.ellipses = [0.003, 0.02, 0.07, 0.16, 0.32, 0.6]
        .map(share => curvatures.map(each => Math.sqrt(2 * share * highest / each)));
      Object.assign(panel, { y: [-reach, reach], xlabel: "w₁", ylabel: "w₂", goal: [0, 0] });
      panel.lines.push({ points: shown, color: own, dots: 4 });
    }
    return { panel, losses };
  }

  function lossPanel(recipe, rate, losses, rival) {
    const first = losses[0], own = color(recipe, rate);
    const floor = Math.max(Math.min(...losses), 1e-12 * first) / 3, top = 30 * first;
    const out = losses.findIndex(loss => loss > top);
    const upTo = out < 0 ? losses.length : out + 1;
    const panel = {
      title: "loss by step", note: out < 0 ? "" : `out of the picture at step ${out}`,
      x: [0, recipe.steps], y: [floor, top], ylog: true, xlabel: "step", ylabel: "loss",
      alt: `Loss by step. Rate ${g(rate)}: from ${g(first, 2)} to ${g(losses.at(-1), 2)}.`,
      lines: [{ points: losses.slice(0, upTo).map((y, x) => [x, Math.min(y, 1e3 * top)]), color: own }],
    };
    if (out >= 0) panel.crossed = [out, own];
    if (rival) {
      const points = rival.losses.map((y, x) => [x, y]);
      panel.lines.unshift({ points, color: GREY, dash: true });
      panel.legend = rival.name;
    }
    return panel;
  }

  const KINDS = {
    story(recipe, { learning_rate: rate }, tries) {
      const { panel, losses } = walk(recipe, recipe.curvatures, rate, 0);
      const after = each =>
        bowlLoss(recipe.curvatures, descend(recipe.curvatures, recipe.start, each, 0, recipe.steps).at(-1));
      const seen = [...tries.map(each => each.learning_rate), rate];
      const [from, to] = [Math.log10(Math.min(...seen)), Math.log10(Math.max(...seen))];
      const here = after(rate), first = losses[0], floor = 1e-6 * first, top = 50 * first;
      const rates = Array.from({ length: 400 }, (_, i) => 10 ** (from + (to - from) * i / 399));
      const right = {
        title: `loss after ${recipe.steps} steps`, note: "grey: the rates that you have seen",
        x: [10 ** -2.6, 10 ** 0.6], y: [floor / 20, top], xlog: true, ylog: true,
        xlabel: "learning rate", ylabel: `loss after ${recipe.steps} steps`,
        alt: `Loss after ${recipe.steps} steps against learning rate: a valley with a cliff at its `
          + `right. At ${g(rate)} it is ${g(here, 2)}.`,
        lines: [{ points: rates.map(each => [each, Math.max(after(each), floor)]), color: GREY }],
        levels: [[first, "before training"], [floor, "a millionth, or less"]],
      };
      const own = color(recipe, rate);
      if (here < top) right.dot = [rate, Math.max(here, floor), own];
      else right.crossed = [rate, own];
      return { sentence: fate(losses), panels: [panel, right] };
    },

    bowl(recipe, { learning_rate: rate, curvature }) {
      const { panel, losses } = walk(recipe, [curvature], rate, 0);
      const factor = `Each step multiplies w by 1 − ηλ = <b>${g(1 - rate * curvature)}</b>. `;
      return { sentence: factor + fate(losses), panels: [panel, lossPanel(recipe, rate, losses)] };
    },

    ravine(recipe, now) {
      const { learning_rate: rate, condition_number: kappa } = now;
      const curvatures = [1, kappa], momentum = now.momentum ?? recipe.momentum;
      const { panel, losses } = walk(recipe, curvatures, rate, momentum);
      const pairs = recipe.rivals.map(name => RIVALS[name](kappa, recipe));
      const rival = {
        name: recipe.rivals.at(-1),
        losses: descend(curvatures, recipe.start, ...pairs.at(-1), recipe.steps)
          .map(w => bowlLoss(curvatures, w)),
      };
      const told = [[rate, momentum], ...pairs].map(pair => {
        const n = arrival(curvatures, recipe, pair);
        if (n === null) return `does not arrive within ${recipe.patience} steps`;
        return `${n} step${n === 1 ? "" : "s"}`;
      });
      const words = recipe.rivals.map((name, i) => `${name[0].toUpperCase()}${name.slice(1)}: ${told[i + 1]}.`);
      const sentence = [`Yours: <b>${told[0]}</b>.`, ...words].join(" ");
      return { sentence, panels: [panel, lossPanel(recipe, rate, losses, rival)] };
    },
  };

  // Return the sentence, the text for who cannot see the picture, and its panels.
  function compute(recipe, values, tries = []) {
    const shown = KINDS[recipe.kind](recipe, values, tries);
    return { ...shown, alt: shown.panels.map(panel => panel.alt).join(" ") };
  }

  return { g, descend, bowlLoss, compute, POINTS, GREY, PALE, RED };
})();
