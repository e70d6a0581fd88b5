import { Choices } from './choices.ts';

export type ProgramKind = 'sync' | 'async' | 'generator' | 'using';

/** What may be written at a place. */
interface Place {
  readonly kind: ProgramKind;
  /** `undefined` outside of loops; a switch takes `break` only. */
  readonly inside?: 'loop' | 'switch' | undefined;
  /** Whether a `continue` without label has a loop to go on with, through any switches. */
  readonly continues: boolean;
  readonly labels: readonly { readonly name: string; readonly loop: boolean }[];
  /** `return` is not allowed in static blocks, and would keep an executor from resolving. */
  readonly returns: boolean;
  /** `await` and `yield` belong to the function itself. */
  readonly suspends: boolean;
  /** Inside `try` or a `using` scope the rejection of a returned promise takes another way than an awaited one. */
  readonly guarded: boolean;
  readonly depth: number;
}

const maxDepth = 5;

/**
 * Writes programs whose every interesting step is a call with a number of its own: `t(7)`. The harness answers these
 * calls, lets them throw, and records them.
 */
export class ProgramWriter {
  private readonly choices: Choices;
  private next = 0;

  constructor(numbers: readonly number[]) {
    this.choices = new Choices(numbers);
  }

  program(kind: ProgramKind): string {
    const place: Place = {
      kind,
      continues: false,
      labels: [],
      returns: true,
      suspends: true,
      guarded: false,
      depth: 0,
    };
    const asynchronous = kind === 'async' || kind === 'using' ? 'async ' : '';
    const star = kind === 'generator' ? '*' : '';
    // Parameters may neither await nor yield.
    const parameterPlace = { ...place, suspends: false, depth: maxDepth - 1 };
    const parameters = this.choices.below(4) === 3 ? this.parameters(parameterPlace) : '';
    return `${asynchronous}function${star} program(${parameters}) {\n${this.statements(place, 4)}}\n`;
  }

  private parameters(place: Place): string {
    return `p = ${this.expression(place)}, { a: q = ${this.expression(place)}, b: [r = ${this.expression(place)}] = [] } = ${this.traced('ob')}`;
  }

  private traced(name: string): string {
    return `${name}(${this.next++})`;
  }

  private statements(place: Place, limit: number): string {
    let text = '';
    const count = 1 + this.choices.below(limit);
    for (let i = 0; i < count; i++) text += this.statement(place);
    return text;
  }

  /** A body that starts with a traced call: without one an endless loop could not be stopped. */
  private body(place: Place, limit = 3): string {
    return `{\n${this.traced('t')};\n${this.statements(deeper(place), limit)}}`;
  }

  private statement(place: Place): string {
    if (place.depth >= maxDepth || this.choices.exhausted) return `${this.traced('t')};\n`;
    const writers: (() => string)[] = [
      () => `${this.expression(place)};\n`,
      () => this.jump(place),
      () => this.tryStatement(place),
      () => this.ifStatement(place),
      () => this.loop(place, ''),
      () => this.tryStatement(place),
      () => this.jump(place),
      () => this.switchStatement(place),
      () => this.labelled(place),
      () => this.crossroads(place),
      () => this.declaration(place),
      () => `{\n${this.statements(deeper(place), 3)}}\n`,
      () => `x = ${this.expression(place)};\n`,
      () => `function hoisted${this.next++}() { ${this.traced('t')}; }\n`,
      () => `if (${this.condition(place)}) process.exit();\n`,
    ];
    if (place.kind === 'using')
      writers.push(
        () => this.usingStatement(place),
        () => this.usingStatement(place),
      );
    return this.choices.pick(writers)();
  }

  private jump(place: Place): string {
    const options: string[] = [`throw ${this.expression(place)};`];
    if (place.returns) options.push(`return ${this.returned(place)};`, 'return;');
    if (place.inside) options.push('break;');
    if (place.continues) options.push('continue;');
    for (const { name, loop } of place.labels) {
      options.push(`break ${name};`);
      if (loop) options.push(`continue ${name};`);
    }
    const jump = `${this.choices.pick(options)}\n`;
    return this.choices.below(3) === 0 ? jump : `if (${this.condition(place)}) ${jump}`;
  }

  private returned(place: Place): string {
    const promised = place.kind === 'async' && place.suspends && !place.guarded && this.choices.below(4) === 3;
    return promised ? this.chain(place) : this.expression(place);
  }

  private ifStatement(place: Place): string {
    const otherwise = this.choices.below(2) === 0 ? '' : ` else ${this.body(place)}`;
    return `if (${this.condition(place)}) ${this.body(place)}${otherwise}\n`;
  }

  private tryStatement(place: Place): string {
    const form = this.choices.below(3);
    const guarded = { ...place, guarded: true };
    // Several ways out of one block, whose cleanups must not be taken for each other.
    const exits = this.choices.below(3) === 2 ? this.jump(guarded) + this.jump(guarded) : '';
    let text = `try {\n${exits}${this.body(guarded)}}`;
    // `guard` lets the harness stop a program in spite of its handlers.
    if (form !== 0) {
      text += ` catch (e) {\nguard(e);\n${this.statements(deeper(form === 2 ? guarded : place), 2)}}`;
    }
    if (form !== 1) text += ` finally ${this.body(place, 2)}`;
    return `${text}\n`;
  }

  private loop(place: Place, label: string): string {
    const labels = label === '' ? place.labels : [...place.labels, { name: label, loop: true }];
    const inner: Place = { ...place, inside: 'loop', continues: true, labels };
    const head = label === '' ? '' : `${label}: `;
    switch (this.choices.below(place.kind === 'async' ? 8 : 7)) {
      case 0:
        return `${head}while (${this.condition(place)}) ${this.body(inner)}\n`;
      case 1:
        return `${head}for (const z of ${this.traced('it')}) ${this.body(inner)}\n`;
      case 2:
        return `${head}do ${this.body(inner)} while (${this.condition(place)});\n`;
      case 3:
        return `${head}for (x = ${this.expression(place)}; ${this.condition(place)}; ${this.expression(place)}) ${this.body(inner)}\n`;
      case 4:
        return `${head}while (true) ${this.body(inner)}\n`;
      case 5:
        return `${head}for (const z in ${this.traced('ob')}) ${this.body(inner)}\n`;
      case 6:
        return `${head}for (;;) ${this.body(inner)}\n`;
      default:
        return place.suspends ? `${head}for await (const z of ${this.traced('it')}) ${this.body(inner)}\n` : '';
    }
  }

  private switchStatement(place: Place): string {
    const inner: Place = { ...deeper(place), inside: place.inside === 'loop' ? 'loop' : 'switch' };
    const cases = 1 + this.choices.below(3);
    const fallback = this.choices.below(cases + 2);
    let text = `switch (${this.traced('t')}) {\n`;
    for (let i = 0; i <= cases; i++) {
      if (i === fallback) text += `default:\n${this.statements(inner, 2)}`;
      if (i === cases) break;
      text += `case ${this.traced('t')}:\n${this.choices.below(3) === 2 ? '' : this.statements(inner, 2)}`;
      if (this.choices.below(2) === 1) text += 'break;\n';
    }
    return `${text}}\n`;
  }

  private labelled(place: Place): string {
    const label = `l${this.next++}`;
    if (this.choices.below(2) === 0) return this.loop(place, label);
    const labels = [...place.labels, { name: label, loop: false }];
    return `${label}: ${this.body({ ...place, labels })}\n`;
  }

  /** Many targets for the jumps out of one `try`. */
  private crossroads(place: Place): string {
    const outer = `l${this.next++}`;
    const inner = `l${this.next++}`;
    const jumps = [`break ${outer}`, `continue ${outer}`, `break ${inner}`, `continue ${inner}`];
    let exits = '';
    for (let i = 0; i < 3; i++) exits += `if (${this.traced('t')}) ${this.choices.pick(jumps)};\n`;
    const cleanup = `finally ${this.body({ ...deeper(place), inside: undefined, continues: false }, 1)}`;
    return [
      `${outer}: for (const z of ${this.traced('it')}) {\n${this.traced('t')};\n`,
      `${inner}: for (const z of ${this.traced('it')}) {\ntry {\n${exits}} ${cleanup}\n${this.traced('t')};\n}\n`,
      `${this.traced('t')};\n}\n`,
    ].join('');
  }

  private declaration(place: Place): string {
    const name = `v${this.next++}`;
    switch (this.choices.below(4)) {
      case 0:
        return `const ${name} = ${this.expression(place)};\n`;
      case 1:
        return `const { a: ${name} = ${this.expression(place)}, [${this.traced('key')}]: ${name}b = ${this.expression(place)} } = ${this.traced('ob')};\n`;
      case 2:
        return `[x = ${this.expression(place)}, { b: y = ${this.expression(place)} } = {}] = ${this.traced('arr')};\n`;
      default:
        return `({ a: x = ${this.expression(place)}, y = ${this.expression(place)} } = ${this.traced('ob')});\n`;
    }
  }

  private usingStatement(place: Place): string {
    const guarded = { ...place, guarded: true };
    const keyword = place.suspends && this.choices.below(3) === 2 ? 'await using' : 'using';
    const name = `u${this.next++}`;
    if (this.choices.below(3) === 2) {
      return `for (${keyword} ${name} of ${this.traced('disposables')}) ${this.body({ ...guarded, inside: 'loop', continues: true })}\n`;
    }
    const second = this.choices.below(2) === 1 ? `, ${name}b = ${this.traced('d')}` : '';
    return `{\n${keyword} ${name} = ${this.traced('d')}${second};\n${this.statements(deeper(guarded), 3)}}\n`;
  }

  private condition(place: Place): string {
    const inner = deeper(place);
    switch (this.choices.below(6)) {
      case 1:
        return `!(${this.condition(inner)})`;
      case 2:
        return `${this.traced('t')} && ${this.simple(inner)}`;
      case 3:
        return `(${this.simple(inner)} || ${this.traced('t')})`;
      case 4:
        return `(${this.traced('t')} ?? ${this.simple(inner)})`;
      case 5:
        return this.expression(inner);
      default:
        return this.traced('t');
    }
  }

  private simple(place: Place): string {
    return place.depth >= maxDepth ? this.traced('t') : `(${this.condition(place)})`;
  }

  private expression(place: Place): string {
    if (place.depth >= maxDepth || this.choices.exhausted) return this.traced('t');
    const inner = deeper(place);
    const e = () => this.expression(inner);
    const writers: (() => string)[] = [
      () => this.traced('t'),
      () => this.traced('t'),
      () => `(${e()} && ${e()})`,
      () => `(${e()} || ${e()})`,
      () => `(${e()} ?? ${e()})`,
      () => `(${this.condition(inner)} ? ${e()} : ${e()})`,
      () => `(${e()}, ${e()})`,
      () => `${this.traced('o')}?.m(${e()}).a[${this.traced('key')}]`,
      () => `(${this.traced('o')}?.m)?.(${e()})`,
      () => `(x = ${e()})`,
      () => `(${this.traced('ob')}.a ${this.choices.pick(['??=', '||=', '&&='])} ${e()})`,
      () => `(${this.traced('ob')}.a ${this.choices.pick(['??=', '||=', '&&='])} ${e()})`,
      () => `[${e()}, ...${this.traced('arr')}, ${e()}]`,
      () => `({ a: ${e()}, [${this.traced('key')}]: ${e()}, m() { ${this.traced('t')}; } })`,
      () => `tag\`\${${e()}} and \${${e()}}\``,
      () => `(${this.traced('ob')}.p = ${e()})`,
      () => `(() => ${this.literalBody(inner)})()`,
      () => `(function () ${this.literalBody(inner)}).call(this, ${e()})`,
      () =>
        `${this.traced('arr')}.${this.choices.pick(['forEach', 'map', 'filter', 'sort'])}((z) => ${this.literalBody(inner)})`,
      () => `cb(${this.next++}, ${e()}, (err) => ${this.literalBody(inner)})`,
      () =>
        `(class extends Base { static [${this.traced('key')}] = ${this.traced('t')}; static { ${this.staticBlock(inner)} } })`,
      () => `(() => ${this.traced('t')})`,
      () => `delete ${this.traced('ob')}.a`,
      () => `new Base(${e()}, typeof ${e()})`,
    ];
    if (place.suspends && (place.kind === 'async' || place.kind === 'using')) {
      const wait = () => `(await ${this.traced('a')})`;
      const chain = () => `(await ${this.chain(inner)})`;
      writers.push(wait, wait, chain, chain, chain, chain);
    }
    if (place.suspends && place.kind === 'generator') writers.push(...Array(4).fill(() => `(yield ${e()})`));
    return this.choices.pick(writers)();
  }

  private staticBlock(place: Place): string {
    return this.statements({ ...border(place), suspends: false, returns: false }, 2);
  }

  private literalBody(place: Place): string {
    return this.body({ ...border(place), suspends: false });
  }

  /** The body of a handler: an async one, a plain one, or a concise one that makes a promise of its own. */
  private handler(place: Place): string {
    switch (this.choices.below(3)) {
      case 0:
        return `() => ${this.literalBody(place)}`;
      case 1:
        return `async () => ${this.body(border(place))}`;
      default:
        return `() => ${this.traced('a')}`;
    }
  }

  private chain(place: Place): string {
    let text = this.chainBase(place);
    const links = 1 + this.choices.below(3);
    for (let i = 0; i < links; i++) text += this.link(place);
    return text;
  }

  private chainBase(place: Place): string {
    switch (this.choices.below(4)) {
      case 2:
        return `(async () => ${this.body(border(place))})()`;
      case 3:
        return `new Promise((resolve) => {\n${this.statements({ ...border(place), suspends: false, returns: false }, 2)}resolve();\n})`;
      default:
        return this.traced('a');
    }
  }

  private link(place: Place): string {
    switch (this.choices.below(7)) {
      case 0:
        return `.then(${this.handler(place)})`;
      case 1:
        return `.catch(${this.handler(place)})`;
      case 2:
        return `.finally(${this.handler(place)})`;
      case 3:
        return `.then(${this.handler(place)}, ${this.handler(place)})`;
      case 4:
        return `.then(undefined, ${this.handler(place)})`;
      case 5:
        return `.catch(h${this.next++})`;
      default:
        return `.finally(h${this.next++})`;
    }
  }
}

function deeper(place: Place): Place {
  return { ...place, depth: place.depth + 1 };
}

/** Inside a function nothing of the outside can be aimed at. */
function border(place: Place): Place {
  return { ...place, inside: undefined, continues: false, labels: [], returns: true, guarded: false };
}
