import { configSchema, schemaUrl } from './schema.ts';

/** The text of media/leakproof.schema.json. */
export function publishedSchema(): string {
  const definitions: Record<string, unknown> = {};
  const root = published(configSchema, definitions) as Record<string, unknown>;
  const schema = { $schema: 'http://json-schema.org/draft-07/schema#', $id: schemaUrl, ...root, definitions };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** Editors look for definitions at the root of a schema, typebox keeps them where they are used. */
function published(value: unknown, definitions: Record<string, unknown>): unknown {
  if (Array.isArray(value)) return value.map((item) => published(item, definitions));
  if (typeof value !== 'object' || value === null) return value;
  const result: Record<string, unknown> = {};
  for (const [key, child] of Object.entries(value)) {
    if (key === '$id') continue;
    if (key === '$ref') {
      result.$ref = `#/definitions/${child}`;
    } else if (key === '$defs') {
      for (const [name, definition] of Object.entries(child as object)) {
        definitions[name] ??= published(definition, definitions);
      }
    } else {
      result[key] = published(child, definitions);
    }
  }
  return result;
}
