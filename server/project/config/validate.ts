import type { Node } from 'jsonc-parser';
import semver from 'semver';
import { didYouMean } from '../nearest.ts';

/** The part of JSON Schema in which the configuration is described. */
export interface Schema {
  readonly type?: string;
  readonly title?: string;
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly format?: string;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

/** Something wrong at an offset, with what to do about it. */
export interface Problem {
  readonly offset: number;
  readonly message: string;
}

type Definitions = Readonly<Record<string, Schema>>;

/**
 * Holds a parsed document against the schema. Written by hand because people read the result: a validator's "must match
 * a schema in anyOf" tells nobody what to type.
 */
export function validate(node: Node, schema: Schema, definitions: Definitions = {}): readonly Problem[] {
  const known = { ...definitions, ...schema.$defs };
  if (schema.$ref !== undefined) return validate(node, known[schema.$ref] ?? {}, known);
  if (schema.anyOf !== undefined) return validateChoice(node, schema.anyOf, known);
  if (schema.const !== undefined && schema.const !== node.value) {
    return [{ offset: node.offset, message: `must be ${JSON.stringify(schema.const)}` }];
  }
  switch (schema.type) {
    case 'object':
      return node.type === 'object' ? validateObject(node, schema, known) : mismatch(node, 'an object');
    case 'array':
      return node.type === 'array' ? validateArray(node, schema, known) : mismatch(node, 'an array');
    case 'string':
      return node.type === 'string' ? validateString(node, schema) : mismatch(node, 'a string');
    case 'number':
    case 'null':
      return node.type === schema.type ? [] : mismatch(node, article(schema.type));
    case 'integer':
      return validateInteger(node, schema);
    case 'boolean':
      return node.type === 'boolean' ? [] : mismatch(node, 'true or false');
    default:
      return [];
  }
}

function validateObject(node: Node, schema: Schema, definitions: Definitions): readonly Problem[] {
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const property of node.children ?? []) {
    const [keyNode, valueNode] = property.children ?? [];
    if (keyNode === undefined) continue;
    const key = String(keyNode.value);
    if (seen.has(key))
      problems.push({ offset: keyNode.offset, message: `\`${key}\` is given twice; remove one of them` });
    seen.add(key);
    const valueSchema = propertySchema(key, schema);
    if (valueSchema === undefined) problems.push({ offset: keyNode.offset, message: unknownKey(key, schema) });
    else if (valueNode !== undefined) problems.push(...validate(valueNode, valueSchema, definitions));
  }
  for (const key of schema.required ?? []) {
    if (!seen.has(key)) problems.push({ offset: node.offset, message: `\`${key}\` is missing here; add it` });
  }
  return problems;
}

function propertySchema(key: string, schema: Schema): Schema | undefined {
  if (schema.properties !== undefined && Object.hasOwn(schema.properties, key)) return schema.properties[key];
  for (const [pattern, value] of Object.entries(schema.patternProperties ?? {})) {
    if (new RegExp(pattern).test(key)) return value;
  }
  return undefined;
}

function unknownKey(key: string, schema: Schema): string {
  const known = Object.keys(schema.properties ?? {});
  const noun = schema.title === 'rule' ? 'rule' : 'key';
  const hint = didYouMean(key, known);
  if (hint !== '') return `unknown ${noun} \`${key}\`${hint}`;
  if (noun === 'rule') return `unknown rule \`${key}\`; \`leakproof --rules\` lists the rules`;
  if (schema.patternProperties !== undefined) return `\`${key}\` is no index; keys are whole numbers here`;
  return `unknown key \`${key}\`; known here: ${known.filter((name) => name !== '$schema').join(', ')}`;
}

function validateArray(node: Node, schema: Schema, definitions: Definitions): readonly Problem[] {
  const items = node.children ?? [];
  if (items.length < (schema.minItems ?? 0))
    return [{ offset: node.offset, message: 'must not be empty; add an entry' }];
  return schema.items === undefined ? [] : items.flatMap((item) => validate(item, schema.items ?? {}, definitions));
}

function validateString(node: Node, schema: Schema): readonly Problem[] {
  const value = String(node.value);
  if (value.length < (schema.minLength ?? 0)) return [{ offset: node.offset, message: 'must not be an empty string' }];
  if (schema.format === 'semver-range' && semver.validRange(value) === null) {
    return [{ offset: node.offset, message: `${JSON.stringify(value)} is no semver range; write one like ">=3.18.0"` }];
  }
  if (schema.format === 'regular-expression') {
    try {
      parsePattern(value);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return [{ offset: node.offset, message: `${reason}; write its source, or /source/flags` }];
    }
  }
  return [];
}

/**
 * A regular expression from its source or from /source/flags.
 * @throws SyntaxError
 */
export function parsePattern(text: string): RegExp {
  const literal = /^\/(.*)\/([a-z]*)$/s.exec(text);
  return literal === null ? new RegExp(text) : new RegExp(literal[1] ?? '', literal[2]);
}

function validateInteger(node: Node, schema: Schema): readonly Problem[] {
  if (node.type !== 'number') return mismatch(node, 'a whole number');
  if (!Number.isInteger(node.value))
    return [{ offset: node.offset, message: `must be a whole number, not ${node.value}` }];
  const minimum = schema.minimum ?? Number.NEGATIVE_INFINITY;
  return node.value < minimum ? [{ offset: node.offset, message: `must be ${minimum} or more` }] : [];
}

function validateChoice(node: Node, choices: readonly Schema[], definitions: Definitions): readonly Problem[] {
  const words = choices.flatMap((choice) => (typeof choice.const === 'string' ? choice.const : []));
  if (words.length === choices.length) {
    if (words.includes(node.value)) return [];
    const hint = node.type === 'string' ? didYouMean(node.value, words, '"') : '';
    return [{ offset: node.offset, message: `must be one of ${words.map((word) => `"${word}"`).join(', ')}${hint}` }];
  }
  if (choices.every((choice) => choice.type !== 'object')) return validateScalar(node, choices, definitions);
  if (node.type !== 'object') return mismatch(node, 'an object');
  const outcomes = choices.map((choice) => ({ choice, problems: validate(node, choice, definitions) }));
  if (outcomes.some(({ problems }) => problems.length === 0)) return [];
  const meant = outcomes.find(({ choice }) => isMeant(node, choice));
  return (
    meant?.problems ?? [
      { offset: node.offset, message: `must have one of these forms: ${choices.map(form).join(' or ')}` },
    ]
  );
}

/** A choice between plain values, such as a number or one certain word. */
function validateScalar(node: Node, choices: readonly Schema[], definitions: Definitions): readonly Problem[] {
  if (choices.some((choice) => validate(node, choice, definitions).length === 0)) return [];
  const wanted = choices.map(({ const: word, type }) => (word === undefined ? `a ${type}` : JSON.stringify(word)));
  return [{ offset: node.offset, message: `must be ${wanted.join(' or ')}` }];
}

/** Whether the object says by its tag, or by the first key of the form, which form it wants to be. */
function isMeant(node: Node, choice: Schema): boolean {
  const [key, schema] = Object.entries(choice.properties ?? {})[0] ?? [];
  const value = node.children?.find((property) => property.children?.[0]?.value === key)?.children?.[1];
  if (value === undefined || schema === undefined) return false;
  return schema.const === undefined || schema.const === value.value;
}

function form(choice: Schema): string {
  const keys = Object.entries(choice.properties ?? {}).map(([key, schema]) => {
    const shown = typeof schema.const === 'string' ? `"${key}": "${schema.const}"` : `"${key}"`;
    return choice.required?.includes(key) ? shown : `${shown}?`;
  });
  return `{ ${keys.join(', ')} }`;
}

function mismatch(node: Node, wanted: string): readonly Problem[] {
  return [{ offset: node.offset, message: `must be ${wanted}, not ${article(node.type)}` }];
}

function article(type: string): string {
  if (type === 'null') return 'null';
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}
