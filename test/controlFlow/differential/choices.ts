/**
 * A source of decisions over a list of numbers, so that fast-check can shrink what was decided. When the list is used
 * up every decision is 0: generators put their simplest alternative first.
 */
export class Choices {
  private readonly numbers: readonly number[];
  private position = 0;

  constructor(numbers: readonly number[]) {
    this.numbers = numbers;
  }

  get exhausted(): boolean {
    return this.position >= this.numbers.length;
  }

  below(limit: number): number {
    const value = this.numbers[this.position++] ?? 0;
    return value % limit;
  }

  pick<T>(alternatives: readonly T[]): T {
    return alternatives[this.below(alternatives.length)] as T;
  }
}
