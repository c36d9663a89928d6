/*
 * How every sentence, table and page writes figures: nothing else turns a number into digits for people.
 *
 * - What was measured: three significant digits, and whole numbers as they are. Seconds and cores go no further than a
 *   hundredth, ratios no further than a percent.
 * - What was counted: every digit, in groups of three.
 * - A share of what was counted: a tenth of a percent. How much of a resource was used: whole percents.
 * - What a configuration predicts or sets: tenths of a second, since it is known no better.
 * - A moment: minutes, seconds and milliseconds since the recording began.
 */

import type { Micros } from "./clock.ts";
import type { Figure } from "./measurement.ts";
import { type Unit, units } from "./metric.ts";

/** A value of a metric: `1.71 s`, `22.9 s`, `0.412 ms`, `61,234 op/s`, `1 row`, `1.87×`. */
export function formatValue(value: number, unit: Unit): string {
  const described = units[unit];
  const number = formatNumber(value, "places" in described ? described.places : undefined);
  if (unit === "ratio") return `${number}×`;
  if (unit === "share") return formatPart(value);
  return `${number} ${value === 1 && "one" in described ? described.one : unit}`;
}

/** A part of one, to four places: `0.9953`. What is less than all is not said to be all. */
function formatPart(value: number): string {
  if (Number.isInteger(value)) return String(value);
  const rounded = value > 0.9999 && value < 1 ? 0.9999 : value;
  return rounded.toFixed(4);
}

/**
 * A figure of a metric: `1.71 s`, `≥ 31.2 s` where only a lower bound is known, `≤ 0.62×` where only an upper one is,
 * `1 s to 12.7 s`, `—` where withheld.
 */
export function formatFigure(figure: Figure, unit: Unit): string {
  return figureInWords(figure, (value) => formatValue(value, unit));
}

/** A figure with its numbers written by `format`; bounds that look alike are written once. */
export function figureInWords(figure: Figure, format: (value: number) => string): string {
  switch (figure.kind) {
    case "value":
      return format(figure.value);
    case "at-least":
      return `≥ ${format(figure.value)}`;
    case "between": {
      const [low, high] = [figure.low, figure.high].map(format);
      if (low === high) return format(figure.low);
      // Nothing that is measured lies below zero: such a bound says nothing.
      return figure.low === 0 ? `≤ ${high}` : `${low} to ${high}`;
    }
    case "withheld":
      return "—";
  }
}

/** A number to three significant digits, and no more than `places` behind the point; whole ones with all their digits. */
export function formatNumber(value: number, places = 3): string {
  const size = Math.abs(value);
  if (Number.isInteger(value) || size >= 99.95) return formatCount(Math.round(value));
  return value.toFixed(size >= 9.995 ? 1 : size >= 0.9995 ? 2 : places);
}

/** `61234` as `61,234`, whatever the machine's language. */
export function formatCount(count: number): string {
  const [whole = "", behind] = count.toString().split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  return behind === undefined ? grouped : `${grouped}.${behind}`;
}

/** As English lists them: "1, 2 or 3". */
export function listed(items: readonly (string | number)[], type: "and" | "or"): string {
  return lists[type].format(items.map(String));
}

/** British English has no comma before the last one. */
const lists = {
  and: new Intl.ListFormat("en-GB", { type: "conjunction" }),
  or: new Intl.ListFormat("en-GB", { type: "disjunction" }),
};

/** `1 stage`, `3 stages`, `0.50 stages`. */
export function counted(count: number, noun: string): string {
  return `${formatNumber(count, 2)} ${noun}${count === 1 ? "" : "s"}`;
}

/** Operations per second without their unit: `4,021`. */
export function formatRate(perSecond: number): string {
  return formatNumber(perSecond);
}

/** Milliseconds without their unit: `0.412`, `8.31`, `127`. */
export function formatMs(ms: number): string {
  return formatNumber(ms);
}

/** CPU time per time: `0.42`. */
export function formatCores(cores: number): string {
  return formatNumber(cores, 2);
}

/** Bytes in binary units: `1.40 GiB`. */
export function formatBytes(bytes: number): string {
  let value = Math.round(bytes);
  for (const unit of ["B", "KiB", "MiB", "GiB"]) {
    if (value < 1023.5) return `${formatNumber(value)} ${unit}`;
    value /= 1024;
  }
  return `${formatNumber(value)} TiB`;
}

/** A share of things that were counted: `40.0 %`; what is neither none nor all is not said to be. */
export function formatShare(part: number, whole: number): string {
  const percent = whole === 0 ? 0 : (100 * part) / whole;
  if (part === 0 || part === whole) return `${percent} %`;
  if (percent < 0.05) return "< 0.1 %";
  return percent >= 99.95 ? "> 99.9 %" : `${percent.toFixed(1)} %`;
}

/** How much of a resource was in use, 1 being all: `97 %`. */
export function formatUtilisation(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** What a configuration predicts or sets: `22.3 s`, `4 s`. */
export function formatSeconds(seconds: number): string {
  return `${Math.round(seconds * 10) / 10} s`;
}

/** The least and the most that a configuration predicts: `20.3-24.0 s`, `19-23 s`; `0 s` for nothing at all. */
export function formatBand(band: { readonly lowSeconds: number; readonly highSeconds: number }): string {
  if (band.highSeconds === 0) return "0 s";
  const bounds = [band.lowSeconds, band.highSeconds].map((seconds) => Math.round(seconds * 10) / 10);
  const places = bounds.every(Number.isInteger) ? 0 : 1;
  return `${bounds.map((seconds) => seconds.toFixed(places)).join("-")} s`;
}

/** A moment on the recording's clock: `3:07.250`. With fewer digits for axes: `3:07`. */
export function formatMoment(atUs: Micros, digits: 0 | 1 | 2 | 3 = 3): string {
  const unit = 10 ** (6 - digits);
  const units = Math.max(0, Math.round(atUs / unit));
  const inMinute = 60 * 10 ** digits;
  const seconds = ((units % inMinute) / 10 ** digits).toFixed(digits);
  return `${Math.floor(units / inMinute)}:${seconds.padStart(digits === 0 ? 2 : digits + 3, "0")}`;
}

/** A length of time for people: `9 min 12 s`. */
export function formatDuration(lengthUs: Micros): string {
  const seconds = Math.round(lengthUs / 1_000_000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** How likely something is by chance: `0.43`, `0.012`, `below 0.001`. */
export function formatP(p: number): string {
  return p < 0.001 ? "below 0.001" : p.toFixed(p < 0.1 ? 3 : 2);
}

/** The share of operations that were faster where one in so many was not: `99.9 %`, with as many digits as that takes. */
export function formatPercentile(oneIn: number): string {
  const decades = Math.log10(oneIn);
  const isRound = Math.abs(decades - Math.round(decades)) < 1e-9;
  const digits = isRound ? Math.max(0, Math.round(decades) - 2) : Math.max(1, Math.ceil(decades) - 1);
  return `${((1 - 1 / oneIn) * 100).toFixed(digits)} %`;
}

/** The number itself, to so many significant digits. */
export function roundedTo(value: number, digits: number): number {
  return Number(value.toPrecision(digits));
}
