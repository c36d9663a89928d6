import { vi } from "vitest";
import type { ChartBoard } from "./board.ts";
import type { Colours } from "./style.ts";

export const fakeColours: Colours = {
  text: "text",
  muted: "muted",
  line: "line",
  card: "card",
  writes: "writes",
  reads: "reads",
  ok: "ok",
  failed: "failed",
  unknown: "unknown",
  band: "band",
  outage: "outage",
  weak: "weak",
  hops: ["hop-1", "hop-2", "hop-3", "hop-4", "hop-5", "hop-6", "hop-7"],
};

/** A series as charts give it to ECharts, as far as tests look at it. */
export interface FakeSeries {
  readonly name?: string;
  readonly type: string;
  readonly data: readonly unknown[];
  readonly tooltip?: { readonly formatter: (hovered: object) => string };
}

/** The series that are drawn on a page without a browser, whose lists all show `chosen`. */
export function drawnSeries(draw: (board: ChartBoard) => void, chosen = ""): readonly FakeSeries[] {
  vi.stubGlobal("getComputedStyle", () => ({ fontFamily: "sans-serif" }));
  vi.stubGlobal("document", { body: {}, querySelector: () => ({ value: chosen }) });
  let series: readonly FakeSeries[] = [];
  try {
    draw({
      add: (_name, { option }) => (series = option(fakeColours).series as unknown as readonly FakeSeries[]),
      draw: () => undefined,
      zoom: () => undefined,
      onChoice: () => undefined,
    });
  } finally {
    vi.unstubAllGlobals();
  }
  return series;
}
