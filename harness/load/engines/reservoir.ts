import type { Random } from "../../model/workload.ts";

/** A uniform choice of at most `size` out of all that were offered (Vitter, "Random sampling with a reservoir", algorithm R). */
export class Reservoir<Item> {
  readonly #size: number;
  readonly #random: Random;
  readonly #kept: Item[] = [];
  #offered = 0;

  constructor(size: number, random: Random) {
    this.#size = size;
    this.#random = random;
  }

  /** `make` is called only when the item is kept. */
  offer(make: () => Item): void {
    this.#offered += 1;
    if (this.#kept.length < this.#size) {
      this.#kept.push(make());
      return;
    }
    const place = Math.floor(this.#random() * this.#offered);
    if (place < this.#size) this.#kept[place] = make();
  }

  get kept(): readonly Item[] {
    return this.#kept;
  }
}
