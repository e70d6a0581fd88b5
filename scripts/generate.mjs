// Writes every generated file; each generator is its own script.
import './generate-version.mjs';
import './generate-rule-catalog.mjs';
