import type { Random } from "../../../../model/workload.ts";
import type { EngineLoad } from "../../engine.ts";
import { clientsOf } from "./closed-load.ts";
import type { Share } from "./open-schedule.ts";

/**
 * Which operation (by its position) comes next: by weight; or, where the clients of a closed shape keep to one each,
 * the client's. `client` is by the agent's own count.
 */
export function chooseOperation(
  { shape, client, definition }: EngineLoad,
  share: Share,
  random: Random,
): (client: number) => number {
  const weights = definition.operations.map(({ weight }) => weight);
  if (shape.kind === "open" || client.mix === "per-operation") {
    const choose = chooseByWeight(weights);
    return () => choose(random);
  }
  const divided = divideClients(weights, shape.clients);
  const own = Array.from(
    { length: clientsOf(share, shape.clients) },
    (_, index) => divided[index * share.of + share.agent - 1] ?? 0,
  );
  return (index) => own[index] ?? 0;
}

/** One operation costs no chance. */
function chooseByWeight(weights: readonly number[]): (random: Random) => number {
  if (weights.length === 1) return () => 0;
  const bounds = cumulativeShares(weights);
  return (random) => {
    const point = random();
    let index = 0;
    while (index < bounds.length - 1 && point >= (bounds[index] ?? 1)) index += 1;
    return index;
  };
}

/**
 * Which operation each of `clients` keeps to, so that every operation has its share of them to one client: client c
 * takes the operation in whose part of the whole (c + 1/2) / clients lies, in the order of a golden-ratio walk, so
 * that any few clients in a row have about the same mix.
 */
export function divideClients(weights: readonly number[], clients: number): readonly number[] {
  const bounds = cumulativeShares(weights);
  const inOrder = Array.from({ length: clients }, (_, client) => {
    const point = (client + 0.5) / clients;
    const index = bounds.findIndex((bound) => point < bound);
    return index === -1 ? bounds.length - 1 : index;
  });
  return walk(clients).map((position) => inOrder[position] ?? 0);
}

function cumulativeShares(weights: readonly number[]): readonly number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  let reached = 0;
  return weights.map((weight) => (reached += weight) / sum);
}

/** A permutation of 0..length-1 whose neighbours lie far apart: positions in the order of the fractions of k x phi. */
function walk(length: number): readonly number[] {
  const golden = (Math.sqrt(5) - 1) / 2;
  const fractions = Array.from({ length }, (_, index) => ({ index, part: (index * golden) % 1 }));
  const ranks = new Array<number>(length).fill(0);
  fractions
    .sort((one, other) => one.part - other.part)
    .forEach(({ index }, rank) => {
      ranks[index] = rank;
    });
  return ranks;
}
