/** Of all of them; 0 of none. */
export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

/** Of all of them, to the third place behind the point, so that 0.1 + 0.2 reads as 0.3. */
export function sumOfThousandths(numbers: readonly number[]): number {
  return Math.round(sum(numbers) * 1000) / 1000;
}
