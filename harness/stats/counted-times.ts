/** Times below this are counted by index, in microseconds. */
const MOST_BY_INDEX = 2 ** 16;

/**
 * How often each time was measured. Millions of operations take few different times in whole microseconds, so that this
 * stays small where a list of all would not; nothing is rounded.
 */
export class CountedTimes {
  #byIndex = new Uint32Array(256);
  /** Those that are no index: long ones, and what is no whole number from 0. */
  readonly #others = new Map<number, number>();
  #count = 0;
  #ranked: Ranked | null = null;

  static from(times: Iterable<number>): CountedTimes {
    const counted = new CountedTimes();
    for (const us of times) counted.add(us);
    return counted;
  }

  add(us: number): void {
    this.#count += 1;
    this.#ranked = null;
    if (us >= 0 && us < MOST_BY_INDEX && Number.isInteger(us)) {
      if (us >= this.#byIndex.length) this.#grow(us);
      this.#byIndex[us] = (this.#byIndex[us] ?? 0) + 1;
    } else {
      this.#others.set(us, (this.#others.get(us) ?? 0) + 1);
    }
  }

  get count(): number {
    return this.#count;
  }

  /** The time of this rank in ascending order, from 1; undefined where there are not so many. */
  at(rank: number): number | undefined {
    this.#ranked ??= this.#rank();
    const { times, upTo } = this.#ranked;
    if (rank < 1) return undefined;
    let low = 0;
    let high = upTo.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((upTo[middle] ?? Infinity) < rank) low = middle + 1;
      else high = middle;
    }
    return times[low];
  }

  #rank(): Ranked {
    const counted: (readonly [us: number, count: number])[] = [...this.#others];
    this.#byIndex.forEach((count, us) => {
      if (count > 0) counted.push([us, count]);
    });
    counted.sort(([one], [other]) => one - other);
    const upTo = new Float64Array(counted.length);
    let sum = 0;
    counted.forEach(([, count], index) => (upTo[index] = sum += count));
    return { times: Float64Array.from(counted, ([us]) => us), upTo };
  }

  #grow(least: number): void {
    const grown = new Uint32Array(Math.min(MOST_BY_INDEX, Math.max(2 * this.#byIndex.length, 2 * least)));
    grown.set(this.#byIndex);
    this.#byIndex = grown;
  }
}

/** The different times in ascending order, and how many operations took each or less. */
interface Ranked {
  readonly times: Float64Array;
  readonly upTo: Float64Array;
}
