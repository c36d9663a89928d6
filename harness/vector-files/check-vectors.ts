import type { Problem } from "../model/errors.ts";
import { counted, formatNumber } from "../model/format-value.ts";
import { distanceOf, type VectorDistance } from "../workloads/vector-distance.ts";
import { type AskedFile, LEAVE_OUT, type Matrix } from "./matrix.ts";

/**
 * Reads a file of vectors once: its SHA-256, and what is wrong with those of its first `used` rows. Numbers must be finite,
 * also as float4, which is what a `vector` holds; by cosine distance nothing is near a vector of zeros, and no index holds it.
 */
export async function checkVectors(
  matrix: Matrix,
  { where, path }: AskedFile,
  {
    used,
    distance,
  }: {
    readonly used: number;
    /** By number of the workloads' parameter. */
    readonly distance: number;
  },
): Promise<{ readonly sha256: string; readonly problems: readonly Problem[] }> {
  const { columns } = matrix;
  const notFinite = new Rows();
  const zero = new Rows();
  const sha256 = await matrix.scan(used, (from, numbers) => {
    const count = numbers.length / columns;
    for (let row = 0; row < count; row += 1) {
      let isFinite = true;
      let isZero = true;
      for (let at = row * columns; at < (row + 1) * columns; at += 1) {
        const number = Math.fround(numbers[at] ?? NaN);
        if (!Number.isFinite(number)) isFinite = false;
        if (number !== 0) isZero = false;
      }
      if (!isFinite) notFinite.add(from + row);
      if (isZero) zero.add(from + row);
    }
  });
  const problems: Problem[] = [];
  if (notFinite.count > 0)
    problems.push({
      where,
      message: `expected finite numbers alone (as float4) in ${path}, found NaN or infinity in ${notFinite.text()}.`,
      suggestion: "Leave such rows out of the file; or take only the rows before by rows.",
    });
  const { name, needsLength } = distanceOf({ distance });
  if (needsLength && zero.count > 0)
    problems.push({
      where,
      message: `expected no vector of zeros in ${path}, which has no ${name} to any other, found ${zero.text()}.`,
      suggestion: "Leave such rows out of the file, or take another distance.",
    });
  return { sha256, problems };
}

/**
 * Reads a file of ground truth once: its SHA-256, and what is wrong with what is asked of it. It must name `k` different rows
 * of the base for each of the queries; of the first few, they must be nearest first by this very distance.
 */
export async function checkGroundTruth(
  truth: Matrix,
  { where, path }: AskedFile,
  asked: {
    readonly queries: Matrix;
    readonly base: Matrix;
    /** Queries that are used. */
    readonly used: number;
    readonly k: number;
    readonly distance: number;
  },
): Promise<{ readonly sha256: string; readonly problems: readonly Problem[] }> {
  const { base, k, used } = asked;
  const { columns } = truth;
  const beyond = new Rows();
  const twice = new Rows();
  const first: number[][] = [];
  const sha256 = await truth.scan(used, (from, numbers) => {
    for (let row = 0; row < numbers.length / columns; row += 1) {
      const ids = Array.from({ length: k }, (_, at) => numbers[row * columns + at] ?? NaN);
      if (!ids.every((id) => Number.isInteger(id) && id >= 0 && id < base.rows)) beyond.add(from + row);
      else if (new Set(ids).size < k) twice.add(from + row);
      else if (from + row < QUERIES_LOOKED_AT) first[from + row] = ids;
    }
  });
  const problems: Problem[] = [];
  if (beyond.count > 0)
    problems.push({
      where,
      message: `expected ids of rows from 0 to ${formatNumber(base.rows - 1)} in ${path}, found others in ${beyond.text()}.`,
      suggestion: `Is it the ground truth of another file? ${LEAVE_OUT}`,
    });
  if (twice.count > 0)
    problems.push({
      where,
      message: `expected ${counted(k, "different row")} for each query in ${path}, found one more than once in ${twice.text()}.`,
      suggestion: LEAVE_OUT,
    });
  if (problems.length === 0) problems.push(...(await checkOrder(first, { where, path }, asked)));
  return { sha256, problems };
}

const QUERIES_LOOKED_AT = 20;
/** Float4 sums of a thousand numbers differ by less, whatever their order. */
const TOLERANCE = 1e-4;

/** Files name no distance, or one in words: what they mean shows in the order of the rows that they name. */
async function checkOrder(
  answers: readonly (readonly number[])[],
  { where, path }: AskedFile,
  { queries, base, distance }: { readonly queries: Matrix; readonly base: Matrix; readonly distance: number },
): Promise<readonly Problem[]> {
  const by = distanceOf({ distance });
  for (const [query, ids] of answers.entries()) {
    const asked = await queries.read(query, 1);
    let before = -Infinity;
    for (const id of ids) {
      const far = distanceBetween(asked, await base.read(id, 1), by);
      if (far < before - TOLERANCE * Math.max(1, Math.abs(before)))
        return [
          {
            where,
            message: `expected the rows that ${path} names to be nearest first by ${by.name}, found for query ${query} (counted from 0) row ${id} after farther ones.`,
            suggestion: `Is it the ground truth of these very files, by this distance? ${LEAVE_OUT}`,
          },
        ];
      before = far;
    }
  }
  return [];
}

function distanceBetween(one: ArrayLike<number>, other: ArrayLike<number>, by: VectorDistance): number {
  let [squares, products, ofOne, ofOther] = [0, 0, 0, 0];
  for (let at = 0; at < one.length; at += 1) {
    const [a, b] = [one[at] ?? 0, other[at] ?? 0];
    squares += (a - b) ** 2;
    products += a * b;
    ofOne += a * a;
    ofOther += b * b;
  }
  return by.between({ squares, products, ofOne, ofOther });
}

/** Rows that something is wrong with: how many, and which come first. */
class Rows {
  count = 0;
  readonly #first: number[] = [];

  add(row: number): void {
    this.count += 1;
    if (this.#first.length < 3) this.#first.push(row);
  }

  /** `row 17 (counted from 0)`, `rows 1, 5, 9 and 3 more (counted from 0)`. */
  text(): string {
    const more = this.count - this.#first.length;
    const named = this.#first.map((row) => formatNumber(row)).join(", ");
    return `${this.count === 1 ? "row" : "rows"} ${named}${more === 0 ? "" : ` and ${formatNumber(more)} more`} (counted from 0)`;
  }
}
