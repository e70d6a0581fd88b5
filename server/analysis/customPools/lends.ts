import ts from 'typescript';
import { isTestFile } from '../contexts/places.ts';
import type { Host } from '../host.ts';
import type { References } from '../semantics/references.ts';
import { functionName, walk } from '../syntax/tree.ts';
import type { SourceUnit } from '../syntax/unit.ts';
import { customPoolsOf } from './customPools.ts';
import { exchangeOf } from './exchange.ts';

type Functions = ReadonlyMap<ts.FunctionLikeDeclaration, ts.FunctionLikeDeclaration>;

/** Without one of these words no function of a file takes back. */
const wayBack =
  /release|return_?to|to_?pool|\bput|give_?back|check_?in|\bfree|recycle|reclaim|hand_?back|relinquish|surrender/i;

/** The functions of the project that lend from a pool that counts what is out and whose way back is used: whoever calls them has to use it, too. */
export class CustomLends {
  readonly #references: References;
  readonly #host: Host;
  readonly #known = new WeakMap<SourceUnit, Functions>();

  constructor(references: References, host: Host) {
    this.#references = references;
    this.#host = host;
  }

  /** By the function that lends, the one that takes back. */
  of(unit: SourceUnit): Functions {
    let found = this.#known.get(unit);
    if (!found) {
      found = wayBack.test(unit.text) ? this.#find(unit) : new Map();
      this.#known.set(unit, found);
    }
    return found;
  }

  #find(unit: SourceUnit): Functions {
    const found = new Map<ts.FunctionLikeDeclaration, ts.FunctionLikeDeclaration>();
    for (const { lends, takesBack, counts } of customPoolsOf(unit)) {
      // A list that does not know what is lent makes another one, and memory that is lost to it is collected.
      if (!counts) continue;
      const [release, ...others] = takesBack;
      if (!release || others.length > 0 || functionName(release) === undefined || !this.#isLive(release)) continue;
      for (const lend of lends) {
        if (functionName(lend) !== undefined && !callsBack(lend) && exchangeOf(release, lend)) found.set(lend, release);
      }
    }
    return found;
  }

  /** Whether the project gives back by calling it, and in no way that a path does not show. */
  #isLive(release: ts.FunctionLikeDeclaration): boolean {
    const uses = this.#references.usesOf(release);
    if (uses === 'unknown' || uses.values.length > 0) return false;
    const isOwn = (node: ts.Node): boolean =>
      node.getSourceFile() === release.getSourceFile() && release.pos <= node.pos && node.end <= release.end;
    return uses.calls.some(({ call, unit, certain }) => certain && !isOwn(call) && !isTestFile(this.#host, unit.path));
  }
}

/** Whether a function gives what it lends to a callback: its value is something else. */
function callsBack({ body, parameters }: ts.FunctionLikeDeclaration): boolean {
  const names = new Set(parameters.map(({ name }) => name.getText()));
  let found = false;
  if (body)
    walk(body, (node) => {
      found ||= ts.isCallExpression(node) && ts.isIdentifier(node.expression) && names.has(node.expression.text);
    });
  return found;
}
