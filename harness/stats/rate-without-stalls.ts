import type { RateName } from "../model/metric.ts";
import type { OperationSecond, StageSecond } from "../model/stage.ts";
import { figureWithin, type KnownFigure } from "./figures.ts";

/** What counts of one second's operations. */
export const countedOf: Readonly<Record<RateName, (second: OperationSecond) => number>> = {
  throughput: ({ ok }) => ok,
  goodput: ({ inTime }) => inTime,
};

/** What might have counted if the client had not stood still. */
const mostOf: typeof countedOf = {
  throughput: ({ ok, cutShort = 0 }) => ok + cutShort,
  goodput: ({ ok, inTime, stalled = 0, cutShort = 0 }) => Math.min(ok, inTime + stalled) + cutShort,
};

/**
 * The rate of a closed load over these seconds, from what it was to what it would have been if its agents had not stood
 * still: of each agent its count over the time in which it did not. A client that does not look begins nothing, and the
 * cluster is not to be blamed for it.
 */
export function rateWithoutStalls(
  seconds: readonly StageSecond[],
  rate: RateName,
  counted: (operation: OperationSecond) => boolean = () => true,
): KnownFigure {
  const agents = new Map<number, { least: number; most: number; us: number; stoodStillUs: number }>();
  for (const { client, fromUs, toUs, operations } of seconds) {
    const agent = agents.get(client.agent) ?? { least: 0, most: 0, us: 0, stoodStillUs: 0 };
    agents.set(client.agent, agent);
    agent.us += toUs - fromUs;
    agent.stoodStillUs += client.stoodStillUs ?? 0;
    for (const operation of operations.filter(counted)) {
      agent.least += countedOf[rate](operation);
      agent.most += mostOf[rate](operation);
    }
  }
  const all = [...agents.values()];
  const longestUs = Math.max(...all.map(({ us }) => us));
  const least = all.reduce((sum, agent) => sum + agent.least, 0) / (longestUs / 1e6);
  const most = all.reduce((sum, agent) => {
    const actedUs = agent.us === 0 ? 0 : longestUs * (1 - agent.stoodStillUs / agent.us);
    return sum + (actedUs <= 0 ? Infinity : agent.most / (actedUs / 1e6));
  }, 0);
  return figureWithin(least, Math.max(least, most));
}
