// Writes every generated file; each generator is its own script. One after the other: static imports of modules that
// await would run side by side, and the schema is built from the catalogue.
await import('./generate-version.mjs');
await import('./generate-rule-registry.mjs');
await import('./generate-rule-catalog.mjs');
await import('./generate-schema.mjs');
