/** Three digits and the unit that suits: `38.2 ns`, `1.21 µs`, `164 ms`. */
export function formatNanoseconds(nanoseconds: number): string {
  const units = ["ns", "µs", "ms", "s"];
  let value = nanoseconds;
  while (value >= 1000 && units.length > 1) {
    value /= 1000;
    units.shift();
  }
  return `${value >= 100 ? value.toFixed(0) : value.toPrecision(3)} ${units[0]}`;
}
