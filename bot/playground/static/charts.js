// Charts of the data_visualization block, drawn as plain SVG: bar, line, area and pie.

import { h, s } from "./dom.js";

const WIDTH = 480;
const HEIGHT = 190;
const EDGE = { left: 44, right: 10, top: 10, bottom: 26 };
const PLOT_WIDTH = WIDTH - EDGE.left - EDGE.right;
const PLOT_HEIGHT = HEIGHT - EDGE.top - EDGE.bottom;

const colour = (index) => `var(--chart-${index % 6})`;

/** Round steps that cover 0 and every value, about four of them. */
function scale(values) {
  const top = Math.max(0, ...values);
  const low = Math.min(0, ...values);
  const rough = (top - low || 1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  // Whole numbers are counts, and nobody has half a ticket.
  const whole = values.every(Number.isInteger) && power <= 1;
  const steps = whole ? [1, 2, 5, 10] : [1, 2, 2.5, 5, 10];
  const step = Math.max(whole ? 1 : 0, steps.find((each) => each * power >= rough) * power);
  const from = Math.floor(low / step) * step;
  const to = Math.max(step, Math.ceil(top / step) * step);
  const marks = [];
  for (let mark = from; mark <= to + step / 1e6; mark += step) marks.push(mark);
  return { marks, y: (value) => EDGE.top + PLOT_HEIGHT * (1 - (value - from) / (to - from)) };
}

const short = (value) =>
  new Intl.NumberFormat("en", {
    notation: Math.abs(value) >= 10_000 ? "compact" : "standard",
    maximumFractionDigits: 2,
  }).format(value);

const said = (label, name, value) => `${label}${name ? ` · ${name}` : ""}: ${short(value)}`;

function axes({ marks, y }, categories, centre) {
  // Names that would run into each other are thinned out.
  const room = PLOT_WIDTH / categories.length;
  const longest = Math.max(...categories.map((each) => each.length));
  const every = Math.max(1, Math.ceil((longest * 6.4 + 8) / room));
  return [
    marks.map((mark) => [
      s("line", {
        x1: EDGE.left,
        x2: WIDTH - EDGE.right,
        y1: y(mark),
        y2: y(mark),
        class: mark ? "grid" : "axis",
      }),
      s(
        "text",
        { x: EDGE.left - 7, y: y(mark) + 3.5, class: "mark", "text-anchor": "end" },
        short(mark),
      ),
    ]),
    categories.map((name, index) =>
      index % every
        ? null
        : s(
            "text",
            { x: centre(index), y: HEIGHT - 8, class: "mark", "text-anchor": "middle" },
            name,
          ),
    ),
  ];
}

function readSeries({ series, axis_config: axis }) {
  const categories = axis?.categories ?? series[0]?.data.map((point) => point.label) ?? [];
  return {
    categories,
    series: series.map(({ name, data }) => ({
      name,
      values: categories.map((label) => data.find((point) => point.label === label)?.value ?? 0),
    })),
  };
}

function bars({ categories, series }) {
  const measure = scale(series.flatMap((each) => each.values));
  const room = PLOT_WIDTH / categories.length;
  const group = Math.min(room * 0.68, 46 * series.length);
  const centre = (index) => EDGE.left + room * (index + 0.5);
  const bar = (value, label, name, index, which) => {
    const width = group / series.length;
    const [top, bottom] = [measure.y(Math.max(0, value)), measure.y(Math.min(0, value))];
    const shape = {
      x: centre(index) - group / 2 + which * width + 1,
      y: top,
      width: Math.max(1, width - 2),
      height: Math.max(value ? 1.5 : 0, bottom - top),
      rx: Math.min(3, width / 4),
      style: { fill: colour(which), "--late": `${index * 25}ms` },
      class: "bar",
    };
    return s("rect", shape, s("title", {}, said(label, name, value)));
  };
  return [
    axes(measure, categories, centre),
    series.map(({ name, values }, which) =>
      values.map((value, index) => bar(value, categories[index], name, index, which)),
    ),
  ];
}

function lines({ categories, series }, filled) {
  const measure = scale(series.flatMap((each) => each.values));
  const room = categories.length > 1 ? (PLOT_WIDTH - 24) / (categories.length - 1) : 0;
  const centre = (index) => EDGE.left + 12 + (room ? room * index : (PLOT_WIDTH - 24) / 2);
  const draw = ({ name, values }, which) => {
    const path = values
      .map((value, index) => `${index ? "L" : "M"}${centre(index)} ${measure.y(value)}`)
      .join(" ");
    const floor = `L${centre(values.length - 1)} ${measure.y(0)} L${centre(0)} ${measure.y(0)} Z`;
    return s(
      "g",
      { style: { color: colour(which) } },
      filled && s("path", { d: `${path} ${floor}`, class: "area" }),
      s("path", { d: path, class: "line" }),
      values.map((value, index) =>
        s(
          "circle",
          {
            cx: centre(index),
            cy: measure.y(value),
            r: values.length > 12 ? 2 : 3.2,
            class: "dot",
          },
          s("title", {}, said(categories[index], name, value)),
        ),
      ),
    );
  };
  return [axes(measure, categories, centre), series.map(draw)];
}

function pie({ segments }) {
  const total = segments.reduce((sum, each) => sum + Math.max(0, each.value), 0) || 1;
  const [cx, cy, outer, inner] = [HEIGHT / 2, HEIGHT / 2, 84, 50];
  let turn = -Math.PI / 2;
  const slice = ({ label, value }, index) => {
    // A full circle has no arc of its own, so it stops just short of itself.
    const sweep = Math.min((Math.max(0, value) / total) * 2 * Math.PI, 2 * Math.PI - 0.0001);
    const [from, to] = [turn, turn + sweep];
    turn = to;
    const at = (radius, angle) =>
      `${cx + radius * Math.cos(angle)} ${cy + radius * Math.sin(angle)}`;
    const big = sweep > Math.PI ? 1 : 0;
    const d = `M${at(outer, from)} A${outer} ${outer} 0 ${big} 1 ${at(outer, to)} L${at(inner, to)} A${inner} ${inner} 0 ${big} 0 ${at(inner, from)} Z`;
    return s(
      "path",
      { d, class: "slice", style: { fill: colour(index) } },
      s("title", {}, said(label, "", value)),
    );
  };
  return segments.map(slice);
}

function legend(entries) {
  return h(
    "ul",
    { class: "legend" },
    entries.map(({ name, value }, index) =>
      h(
        "li",
        {},
        h("i", { style: { background: colour(index) } }),
        name,
        value === undefined ? null : h("b", {}, value),
      ),
    ),
  );
}

function shares(segments) {
  const total = segments.reduce((sum, each) => sum + Math.max(0, each.value), 0) || 1;
  return segments.map(({ label, value }) => ({
    name: label,
    value: `${short(value)} · ${Math.round((value / total) * 100)}%`,
  }));
}

function words(title, chart) {
  if (chart.type === "pie")
    return `${title}: ${chart.segments.map((each) => said(each.label, "", each.value)).join(", ")}`;
  const { categories, series } = readSeries(chart);
  const points = series.flatMap(({ name, values }) =>
    values.map((value, at) => said(categories[at], name, value)),
  );
  return `${title}: ${points.join(", ")}`;
}

/** A chart with its title, legend and, for those who cannot see it, its numbers as the label. */
export function chartFigure({ title, chart }) {
  const round = chart.type === "pie";
  const data = round ? null : readSeries(chart);
  const drawn = round
    ? pie(chart)
    : chart.type === "bar"
      ? bars(data)
      : lines(data, chart.type === "area");
  const picture = s(
    "svg",
    {
      viewBox: `0 0 ${round ? HEIGHT : WIDTH} ${HEIGHT}`,
      class: `chart ${chart.type}`,
      role: "img",
      "aria-label": words(title, chart),
    },
    drawn,
  );
  const { x_label: across, y_label: up } = chart.axis_config ?? {};
  const entries = round ? shares(chart.segments) : data.series.length > 1 ? data.series : [];
  return h(
    "figure",
    { class: `figure ${round ? "round-figure" : ""}` },
    h("figcaption", {}, title, up && h("span", { class: "small" }, up)),
    h("div", { class: "figure-body" }, picture, entries.length > 0 && legend(entries)),
    across && h("div", { class: "across small" }, across),
  );
}
