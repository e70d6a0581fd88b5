import { Choices } from '../controlFlow/differential/choices.ts';

/**
 * Turns a stream of numbers into a program around acquisitions. The same numbers give the same program.
 * `JSON.parse(n)` stands for anything that may throw: few calls are expected to, but this one is.
 */
export function generateProgram(numbers: readonly number[]): string {
  return new Generator(numbers).program();
}

class Generator {
  readonly #choices: Choices;
  #next = 0;
  /** The client may be somebody else's. */
  #given = false;

  constructor(numbers: readonly number[]) {
    this.#choices = new Choices(numbers);
  }

  program(): string {
    const lines = ["const { Pool } = require('pg');", 'const pool = new Pool();', ''];
    lines.push('exports.main = async function (flag, JSON) {', ...indent(this.#shape()), '};', '');
    return lines.join('\n');
  }

  #choose(count: number): number {
    return this.#choices.below(count);
  }

  #id(): number {
    return this.#next++;
  }

  #shape(): string[] {
    switch (this.#choose(6)) {
      case 0:
        return this.#declaredBefore();
      case 1:
        return [
          `for (const round of [1, 2]) {`,
          ...indent(this.#around('client', true)),
          '}',
          `JSON.parse(${this.#id()});`,
        ];
      case 2:
        return this.#two();
      case 3:
        return this.#maybe();
      default:
        return this.#around('client', false);
    }
  }

  /** `const client = await pool.connect();` with everything behind it. */
  #around(name: string, loop: boolean): string[] {
    const before = this.#choose(3) === 0 ? [`JSON.parse(${this.#id()});`] : [];
    return [...before, `const ${name} = await pool.connect();`, ...this.#body(name, loop)];
  }

  #body(name: string, loop: boolean): string[] {
    const main = this.#statements(name, loop, 2);
    if (this.#choose(5) === 4) return [...this.#statements(name, loop, 1), ...this.#released(name)];
    const tail = this.#choose(4) === 0 ? [] : [`${name}.release();`];
    const rest = this.#choose(2) === 0 ? [`JSON.parse(${this.#id()});`] : [];
    const end = this.#choose(3) === 0 && !loop ? [`return ${this.#id()};`] : [];
    return [...main, ...tail, ...rest, ...end];
  }

  /** What is read from a client is used when it is given back. */
  #released(name: string): string[] {
    const id = this.#id();
    const read = [
      `const kept${id} = await ${name}.query(${id});`,
      `const { kept${id} } = { kept${id}: await ${name}.query(${id}) };`,
      `let kept${id} = 0;\nkept${id} = await ${name}.query(${id});`,
    ][this.#choose(3)];
    return [...(read ?? '').split('\n'), `${name}.release();`, `await JSON.parse(kept${id});`];
  }

  #declaredBefore(): string[] {
    const caught = this.#choose(2) === 0 ? ['throw error;'] : [`JSON.parse(${this.#id()});`];
    const releases = this.#choose(2) === 0;
    const inTry = this.#statements('client', false, 2);
    return [
      'let client;',
      'try {',
      ...indent(['client = await pool.connect();', ...inTry]),
      '} catch (error) {',
      ...indent(caught),
      ...(releases ? ['} finally {', ...indent(['if (flag(1) && client) client.release();'])] : []),
      '}',
    ];
  }

  #two(): string[] {
    const first = this.#statements('first', false, 1);
    const both = [...this.#statements('second', false, 1), ...this.#statements('first', false, 1)];
    return [
      'const first = await pool.connect();',
      ...first,
      'const second = await pool.connect();',
      ...both,
      ...(this.#choose(2) === 0
        ? ['first.release();', 'second.release();']
        : ['second.release();', 'first.release();']),
    ];
  }

  #maybe(): string[] {
    this.#given = true;
    return [
      `const given = flag(${this.#id()}) ? { query: async (n) => n } : undefined;`,
      'const client = given ?? (await pool.connect());',
      ...this.#statements('client', false, 1),
      ...(this.#choose(2) === 0 ? ['if (!given) client.release();'] : []),
    ];
  }

  #statements(name: string, loop: boolean, depth: number): string[] {
    const count = 1 + this.#choose(3);
    return Array.from({ length: count }, () => this.#statement(name, loop, depth)).flat();
  }

  #statement(name: string, loop: boolean, depth: number): string[] {
    const id = this.#id();
    switch (this.#choose(depth > 0 ? 12 : 6)) {
      case 0:
        return [`JSON.parse(${id});`];
      case 1:
        return [`const v${id} = await ${name}.query(${id});`, `JSON.parse(v${id});`];
      case 2:
        return [`// Number ${id}`, `await ${name}.query(${id});`];
      case 3:
        return [`await Promise.all([${id}, ${this.#id()}].map((n) => ${name}.query(n)));`];
      case 4:
        return [`const v${id} = async () => ${name}.query(${id});`, `await v${id}();`];
      case 5:
        return [`await ${name}.query(\``, `  ${id}\`);`];
      case 6:
      case 7:
        return [`if (flag(${id})) {`, ...indent(this.#leaving(name, loop, depth - 1)), '}'];
      case 8:
        return this.#tried(name, loop, depth - 1);
      case 9:
        return [`for (const i${id} of [1, 2]) {`, ...indent(this.#statements(name, true, 0)), '}'];
      case 10:
        return [`if (flag(${id})) ${name === 'client' ? `return ${name}.query(${id})` : `throw new Error('${id}')`};`];
      default:
        return [
          `if (flag(${id})) {`,
          ...indent(this.#statements(name, loop, 0)),
          '} else {',
          ...indent([`JSON.parse(${id});`]),
          '}',
        ];
    }
  }

  /** Statements that leave the function, with or without a release before. */
  #leaving(name: string, loop: boolean, depth: number): string[] {
    const before = this.#choose(2) === 0 ? this.#statements(name, loop, depth) : [];
    const released = this.#choose(2) === 0 && name === 'client' && !this.#given;
    const release = released && !before.some((line) => line.includes('release')) ? [`${name}.release();`] : [];
    const ways = [
      `return ${this.#id()};`,
      `throw new Error('${this.#id()}');`,
      loop && name === 'client' ? 'continue;' : 'return;',
    ];
    // An error thrown after the release may be caught where the client is used again.
    const way = ways[release.length > 0 ? 0 : this.#choose(ways.length)] ?? 'return;';
    return [...before, ...release, way];
  }

  #tried(name: string, loop: boolean, depth: number): string[] {
    const id = this.#id();
    const caught =
      [[`JSON.parse(${id});`], [`await ${name}.query(${id});`, 'throw error;'], ['throw error;']][this.#choose(3)] ??
      [];
    const last = this.#choose(3);
    return [
      'try {',
      ...indent(this.#statements(name, loop, depth)),
      ...(last === 1 ? [] : [`} catch (error) {`, ...indent(caught)]),
      ...(last === 0
        ? []
        : ['} finally {', ...indent([this.#choose(2) === 0 ? `JSON.parse(${id});` : `await ${name}.query(${id});`])]),
      '}',
    ];
  }
}

const indent = (lines: readonly string[]): string[] =>
  lines.map((line) => (/^ {2}\d+`/.test(line) ? line : `  ${line}`));
