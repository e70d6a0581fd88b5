// Writes every generated file; each generator is its own script.
import './generate-version.mjs';
import './generate-rule-registry.mjs';
import './generate-rule-catalog.mjs';
import './generate-schema.mjs';
