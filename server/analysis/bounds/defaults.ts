import ts from 'typescript';
import type { BoundOption, LibraryModel, WaitDefaults } from '../resources/model.ts';
import type { Semantics } from '../semantics/semantics.ts';
import { receiver, strip } from '../syntax/tree.ts';
import type { Options } from './options.ts';
import type { Origin } from './origins.ts';
import { type Call, isAt } from './sites.ts';

/** What the object that a wait goes through says about its end. */
export type Inherited =
  | { readonly state: 'bounded' | 'unknown' }
  /** `instance`: where the object is made, when it has options of its own. */
  | { readonly state: 'unbounded'; readonly made: MadeInstance | undefined };

/** An instance, as it is made, and what its model says of its options. */
export interface MadeInstance {
  readonly call: Call;
  readonly defaults: WaitDefaults;
}

const maxDepth = 4;

/** Bounds that are given once for many waits: to an instance, an agent, the process. */
export class Defaults {
  readonly #semantics: Semantics;
  readonly #options: Options;

  constructor(semantics: Semantics, options: Options) {
    this.#semantics = semantics;
    this.#options = options;
  }

  /** What holds for every call on the object. */
  ofReceiver(object: ts.Expression, model: LibraryModel, bounds: readonly BoundOption[]): Inherited {
    return this.#ofObject(object, model, bounds, 0);
  }

  #ofObject(object: ts.Expression, model: LibraryModel, bounds: readonly BoundOption[], depth: number): Inherited {
    if (depth > maxDepth) return { state: 'unknown' };
    if (this.#isSetLater(object, model, bounds)) return { state: 'unknown' };
    let made: MadeInstance | undefined;
    for (const origin of this.#options.origins(object)) {
      const found = this.#ofOrigin(origin, model, bounds, depth);
      if (found.state !== 'unbounded') return found;
      made ??= found.made;
    }
    return { state: 'unbounded', made };
  }

  #ofOrigin(origin: Origin, model: LibraryModel, bounds: readonly BoundOption[], depth: number): Inherited {
    if (origin.kind !== 'made') return { state: 'unknown' };
    const { node } = origin;
    const made = this.#madeBy(node);
    if (made?.defaults.carrier) {
      const carried = made.call.arguments?.[made.defaults.options];
      return carried ? this.#ofObject(carried, model, bounds, depth + 1) : { state: 'unknown' };
    }
    if (made) {
      const own = this.ofOptions(made.call.arguments?.[made.defaults.options], bounds);
      if (own !== 'absent') return { state: own };
      if (this.#isSetLater(node, model, bounds)) return { state: 'unknown' };
      const parent = ts.isCallExpression(made.call) ? receiver(made.call) : undefined;
      const inherited = parent && this.#ofObject(parent, model, bounds, depth + 1);
      return inherited && inherited.state !== 'unbounded' ? inherited : { state: 'unbounded', made };
    }
    // The library itself, as imported.
    const known = this.#semantics.inference.evaluate(node);
    return known?.kind === 'library' && known.model === model && !isCall(node)
      ? { state: 'unbounded', made: undefined }
      : isRequire(node)
        ? { state: 'unbounded', made: undefined }
        : { state: 'unknown' };
  }

  /** What options, as they are given, say of the bounds. */
  ofOptions(options: ts.Expression | undefined, bounds: readonly BoundOption[]): 'bounded' | 'absent' | 'unknown' {
    if (!options) return 'absent';
    const found = bounds.map(({ option }) => this.#options.find(options, option.split('.')).state);
    if (found.includes('present')) return 'bounded';
    return found.includes('unknown') ? 'unknown' : 'absent';
  }

  /** The instance-making call behind an expression, with what its model says of it. */
  #madeBy(node: ts.Expression): (MadeInstance & { readonly model: LibraryModel }) | undefined {
    const call = strip(node);
    if (!isCall(call)) return undefined;
    for (const model of this.#semantics.models.models) {
      for (const defaults of model.defaults ?? []) {
        if (defaults.reach === 'instance' && isAt(this.#semantics.inference, call, model, defaults.at))
          return { call, model, defaults };
      }
    }
    return undefined;
  }

  /** `api.defaults.timeout = …`, an interceptor that knows of deadlines: somewhere in the file that makes the object or uses it. */
  #isSetLater(object: ts.Expression, model: LibraryModel, bounds: readonly BoundOption[]): boolean {
    const { text } = object.getSourceFile();
    const options = bounds.map(({ option }) => option.split('.')[0] ?? option).join('|');
    for (const { assigned, hooks = [] } of model.defaults ?? []) {
      if (assigned && new RegExp(`\\.${assigned}(?:\\.\\w+)*(?:\\.|\\[['"])(?:${options})\\b`).test(text)) return true;
      for (const hook of hooks) {
        const code = text.indexOf(`.${hook}.`);
        if (code >= 0 && new RegExp(`\\b(?:${options}|AbortSignal|AbortController)\\b`).test(text.slice(code)))
          return true;
      }
    }
    return false;
  }

  /** Whether an agent, or whatever object carries bounds of its own, really has one. */
  ofCarrier(value: ts.Expression): 'bounded' | 'absent' | 'unknown' {
    const states = this.#options.origins(value).map((origin) => {
      const made = origin.kind === 'made' ? this.#madeBy(origin.node) : undefined;
      if (!made) return 'unknown';
      const carried = made.defaults.carrier && made.call.arguments?.[made.defaults.options];
      if (carried) return this.ofCarrier(carried);
      const bounds = (made.model.bounds ?? []).filter(({ at }) =>
        isAt(this.#semantics.inference, made.call, made.model, at),
      );
      return this.ofOptions(made.call.arguments?.[made.defaults.options], bounds);
    });
    if (states.includes('bounded')) return 'bounded';
    return states.includes('unknown') ? 'unknown' : 'absent';
  }
}

const isCall = (node: ts.Node): node is Call => ts.isCallExpression(node) || ts.isNewExpression(node);

function isRequire(node: ts.Expression): boolean {
  return ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'require';
}
