import ts from 'typescript';
import type { Inference } from '../inference/inference.ts';
import { strip } from '../syntax/tree.ts';
import { type Call, type ModelledWait, typeOf } from './sites.ts';

/** What the variable is called that holds the method of a request. */
const methodName = /^_*(?:(?:http|request|req|fetch)_?)?(?:method|verb)(?:_?name)?$/i;

/** `client[method](url)`: one of the methods of a client that request something, whichever it is. */
export function chosenWait(
  inference: Inference,
  call: Call,
  methods: ReadonlyMap<string, readonly ModelledWait[]>,
): ModelledWait | undefined {
  const callee = strip(call.expression);
  if (!ts.isCallExpression(call) || !ts.isElementAccessExpression(callee)) return undefined;
  const key = strip(callee.argumentExpression);
  if (ts.isStringLiteralLike(key) || ts.isNumericLiteral(key)) return undefined;
  const type = typeOf(inference, inference.evaluate(callee.expression));
  if (!type) return undefined;
  const found = new Map<string, ModelledWait>();
  for (const [name, waits] of methods) {
    const own = waits.find(
      ({ model, wait: { at, of } }) =>
        model === type.model && of === 'request' && 'member' in at && inference.models.isA(type, at.type),
    );
    if (own) found.set(name, own);
  }
  const names = namesOf(inference, key);
  const [first, ...others] = names?.map((name) => found.get(name)) ?? (isMethod(key) ? [...found.values()] : []);
  if (!first || others.some((other) => !other || other.wait.of !== first.wait.of)) return undefined;
  const all = [first, ...others].flatMap((other) => other?.wait.options ?? []);
  const options = [...new Set(all)].sort((a, b) => a - b);
  if (options.length === first.wait.options.length) return first;
  // Where the options stand differs between the methods: no fix can tell where to put one.
  const { preferred: _, ...wait } = first.wait;
  return { model: first.model, wait: { ...wait, options } };
}

function isMethod(key: ts.Expression): boolean {
  if (ts.isCallExpression(key)) {
    const callee = strip(key.expression);
    return (
      ts.isPropertyAccessExpression(callee) && callee.name.text === 'toLowerCase' && isMethod(strip(callee.expression))
    );
  }
  const name = ts.isPropertyAccessExpression(key) ? key.name.text : ts.isIdentifier(key) ? key.text : '';
  return methodName.test(name);
}

/** The texts that a name may hold, where its declaration lists them. */
function namesOf({ program }: Inference, key: ts.Expression): readonly string[] | undefined {
  if (!ts.isIdentifier(key)) return undefined;
  const [declared] = program.unitOf(key).scopes.bindingOf(key)?.declarations ?? [];
  const holder = declared?.parent;
  const type = holder && (ts.isParameter(holder) || ts.isVariableDeclaration(holder)) ? holder.type : undefined;
  const parts = type && (ts.isUnionTypeNode(type) ? [...type.types] : [type]);
  const texts = parts?.map((part) =>
    ts.isLiteralTypeNode(part) && ts.isStringLiteral(part.literal) ? part.literal.text : undefined,
  );
  return texts?.every((text) => text !== undefined) ? texts : undefined;
}
