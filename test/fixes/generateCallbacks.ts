import { Choices } from '../controlFlow/differential/choices.ts';

/** Turns a stream of numbers into nested callbacks around a connection. The same numbers give the same program. */
export function generateCallbacks(numbers: readonly number[]): string {
  return new Generator(numbers).program();
}

class Generator {
  readonly #choices: Choices;
  #next = 0;

  constructor(numbers: readonly number[]) {
    this.#choices = new Choices(numbers);
  }

  program(): string {
    return [
      "const mysql = require('mysql');",
      'const pool = mysql.createPool({});',
      '',
      'exports.main = function (flag, finish) {',
      '  pool.getConnection((err, connection) => {',
      '    if (err) return finish(err);',
      ...this.#steps(3).map((line) => `    ${line}`),
      '  });',
      '};',
      '',
    ].join('\n');
  }

  #steps(depth: number): string[] {
    const id = this.#next++;
    switch (this.#choices.below(depth > 0 ? 6 : 1)) {
      case 1:
      case 2:
        return [
          `connection.query(${id}, (error${id}, rows${id}) => {`,
          ...[...this.#failure(id), ...this.#steps(depth - 1)].map((line) => `  ${line}`),
          '});',
        ];
      case 3:
        return [
          `if (flag(${id})) {`,
          ...this.#end(`${id}`).map((line) => `  ${line}`),
          '  return;',
          '}',
          ...this.#steps(depth - 1),
        ];
      case 4:
        return [`connection.query(${id}, (error${id}) => finish(error${id}, ${id}));`];
      case 5:
        return [
          `if (flag(${id})) {`,
          ...this.#steps(depth - 1).map((line) => `  ${line}`),
          '} else {',
          ...this.#steps(depth - 1).map((line) => `  ${line}`),
          '}',
        ];
      default:
        return this.#end(`${id}`);
    }
  }

  #failure(id: number): string[] {
    switch (this.#choices.below(3)) {
      case 0:
        return [`if (error${id}) return finish(error${id});`];
      case 1:
        return [`if (error${id}) {`, '  connection.release();', `  finish(error${id});`, '  return;', '}'];
      default:
        return [`if (error${id})`, `  return finish(error${id}); // ${id}`];
    }
  }

  #end(value: string): string[] {
    const release = ['connection.release();'];
    const finish = [`finish(null, ${value});`];
    return [[...release, ...finish], finish, [...finish, ...release]][this.#choices.below(3)] ?? finish;
  }
}
