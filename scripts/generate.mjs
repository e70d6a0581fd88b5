// Writes every generated file; each generator is its own script.
