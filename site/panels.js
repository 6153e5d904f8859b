// A panel of a live demo as SVG. No word stands among the curves: titles above, names at the right.
"use strict";
globalThis.coursePanels ??= (() => {
  const WIDTH = 480, LEFT = 74, RIGHT = 14, TOP = 70, BOTTOM = 62, NAMES = 122;
  const INK = "#333333", GREY = "#6b6b6b", PALE = "#bbbbbb", GRID = "#e6e6e6";
  const RAISED = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

  const escaped = text => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  const at = number => number.toFixed(1);

  // Return the numbers to name on an axis: decades, or multiples of 1, 2 or 5.
  function ticks([low, high], log) {
    if (log) {
      const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
      const every = Math.max(1, Math.ceil((last - first) / 5));
      const exponents = Array.from({ length: last - first + 1 }, (_, i) => first + i);
      return exponents.filter(each => each % every === 0).map(each => [10 ** each, decade(each)]);
    }
    const raw = (high - low) / 5, unit = 10 ** Math.floor(Math.log10(raw));
    const step = unit * [1, 2, 5, 10].find(each => each * unit >= raw);
    const first = Math.ceil(low / step), count = Math.floor(high / step) - first + 1;
    return Array.from({ length: count }, (_, i) => (first + i) * step)
      .map(each => [each, String(Number(each.toPrecision(6)) || 0).replace("-", "−")]);
  }

  function decade(exponent) {
    if (exponent >= -3 && exponent <= 3) return String(Number(`1e${exponent}`));
    return `10${[...String(exponent)].map(each => RAISED[each]).join("")}`;
  }

  function svg(panel, id, height = 400) {
    const right = panel.levels ? NAMES : RIGHT;
    const [wide, tall] = [WIDTH - LEFT - right, height - TOP - BOTTOM];
    const scale = ([low, high], log) => {
      const of = log ? Math.log10 : Number;
      return each => (of(each) - of(low)) / (of(high) - of(low));
    };
    const shareX = scale(panel.x, panel.xlog), shareY = scale(panel.y, panel.ylog);
    // Far outside is outside: a line may point there, and no coordinate grows without end.
    const held = share => Math.min(Math.max(share, -5), 5);
    const x = each => LEFT + wide * held(shareX(each));
    const y = each => height - BOTTOM - tall * held(shareY(each));
    const text = (px, py, words, more = "") => `<text x="${at(px)}" y="${at(py)}" ${more}>${escaped(words)}</text>`;
    const line = (x1, y1, x2, y2, color, width = 1) =>
      `<line x1="${at(x1)}" y1="${at(y1)}" x2="${at(x2)}" y2="${at(y2)}" stroke="${color}" stroke-width="${width}"/>`;
    const parts = [`<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`];
    for (const [value, name] of ticks(panel.x, panel.xlog)) {
      parts.push(line(x(value), TOP, x(value), height - BOTTOM, GRID));
      parts.push(text(x(value), height - BOTTOM + 22, name, 'text-anchor="middle"'));
    }
    for (const [value, name] of ticks(panel.y, panel.ylog)) {
      parts.push(line(LEFT, y(value), LEFT + wide, y(value), GRID));
      parts.push(text(LEFT - 8, y(value) + 6, name, 'text-anchor="end"'));
    }
    parts.push(line(LEFT, TOP, LEFT, height - BOTTOM, "#555555"));
    parts.push(line(LEFT, height - BOTTOM, LEFT + wide, height - BOTTOM, "#555555"));
    parts.push(text(LEFT + wide / 2, height - 12, panel.xlabel, 'text-anchor="middle"'));
    parts.push(`<g transform="translate(18 ${at(TOP + tall / 2)}) rotate(-90)">${text(0, 0, panel.ylabel, 'text-anchor="middle"')}</g>`);
    parts.push(text(LEFT, 26, panel.title, `font-size="21" fill="${panel.color ?? INK}"`));
    if (panel.legend) {
      parts.push(`<line x1="${LEFT}" y1="46" x2="${LEFT + 34}" y2="46" stroke="${GREY}" stroke-width="2.5" stroke-dasharray="9 6"/>`);
      parts.push(text(LEFT + 42, 52, panel.legend, `fill="${GREY}"`));
    } else parts.push(text(LEFT, 52, panel.note, `fill="${GREY}"`));
    for (const [value, name] of panel.levels ?? []) {
      parts.push(line(LEFT, y(value), LEFT + wide, y(value), GREY, 1.2));
      const words = name.split(/, | (?=training)/);
      words.forEach((each, i) => parts.push(text(LEFT + wide + 8, y(value) + 6 + 20 * i, each, `fill="${GREY}"`)));
    }
    parts.push(`<clipPath id="${id}"><rect x="${LEFT}" y="${TOP}" width="${wide}" height="${tall}"/></clipPath><g clip-path="url(#${id})">`);
    for (const [rx, ry] of panel.ellipses ?? [])
      parts.push(`<ellipse cx="${at(x(0))}" cy="${at(y(0))}" rx="${at(wide * (shareX(rx) - shareX(0)))}" ry="${at(tall * (shareY(ry) - shareY(0)))}" fill="none" stroke="${PALE}" stroke-width="1.4"/>`);
    for (const { points, color, dots, dash } of panel.lines) {
      const places = points.map(([px, py]) => `${at(x(px))},${at(y(py))}`);
      const look = dash ? ' stroke-dasharray="9 6"' : "";
      parts.push(`<polyline points="${places.join(" ")}" fill="none" stroke="${color}" stroke-width="${dots ? 1.8 : 2.8}"${look}/>`);
      if (dots) parts.push(...places.map(place => {
        const [cx, cy] = place.split(",");
        return `<circle cx="${cx}" cy="${cy}" r="${dots}" fill="${color}"/>`;
      }));
    }
    if (panel.goal) parts.push(text(x(0), y(0) + 7, "★", 'text-anchor="middle" font-size="22" fill="#000000"'));
    parts.push("</g>");
    if (panel.dot) parts.push(`<circle cx="${at(x(panel.dot[0]))}" cy="${at(y(panel.dot[1]))}" r="9" fill="${panel.dot[2]}"/>`);
    if (panel.crossed) {
      const [cx, color] = [x(panel.crossed[0]), panel.crossed[1]];
      parts.push(line(cx - 7, TOP - 8, cx + 7, TOP + 6, color, 5), line(cx - 7, TOP + 6, cx + 7, TOP - 8, color, 5));
    }
    return `<svg viewBox="0 0 ${WIDTH} ${height}" font-size="17" fill="${INK}" aria-hidden="true" focusable="false">${parts.join("")}</svg>`;
  }

  return { svg };
})();
