import type { ChartName, PageData } from "./catalogue.ts";
import type { ChartBoard } from "./drawing/board.ts";
import { drawFailover } from "./failover/draw.ts";
import { drawLoad } from "./load/draw.ts";
import { drawPercentiles } from "./percentiles/draw.ts";
import { drawPhases } from "./phases/draw.ts";
import { drawRecall } from "./recall/draw.ts";
import { drawResources } from "./resources/draw.ts";
import { drawTimeline } from "./timeline/draw.ts";
import { drawWaits } from "./waits/draw.ts";

type Drawings = {
  readonly [Name in ChartName]: (data: NonNullable<PageData[Name]>, board: ChartBoard) => void;
};

/** How each chart of the catalogue is drawn. Runs in the browser: drawings import types of their data, and nothing else of it. */
export const drawings: Drawings = {
  failover: drawFailover,
  phases: drawPhases,
  timeline: drawTimeline,
  load: drawLoad,
  percentiles: drawPercentiles,
  recall: drawRecall,
  resources: drawResources,
  waits: drawWaits,
};
