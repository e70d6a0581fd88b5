import Type, { type Static } from 'typebox';
import { ruleCatalog } from '../catalog/catalog.ts';
import { modelSchema } from './modelSchema.ts';

/** Where the published schema is found; what `--init` writes and what hovers in editors come from. */
export const schemaUrl = 'https://raw.githubusercontent.com/leakproof/leakproof/main/media/leakproof.schema.json';

const closed = { additionalProperties: false } as const;

const preset = Type.Union([Type.Literal('recommended'), Type.Literal('strict')], {
  description: 'Which rules run: recommended (default), or strict with findings that are only possible.',
});
const ruleSetting = Type.Union([
  Type.Literal('off'),
  Type.Literal('info'),
  Type.Literal('warning'),
  Type.Literal('error'),
]);
const rules = Type.Unsafe<Record<string, Static<typeof ruleSetting>>>(
  Type.Object(
    Object.fromEntries(
      ruleCatalog.map(({ id, summary }) => [id, Type.Optional({ ...ruleSetting, description: summary })]),
    ),
    {
      ...closed,
      title: 'rule',
      description: 'Severity by rule id. A rule that is named here runs whatever the preset.',
    },
  ),
);
const timeoutMs = Type.Integer({
  minimum: 1,
  description: 'The number of milliseconds that fixes write as a deadline (default 10000).',
});
const disposal = Type.Union([Type.Literal('auto'), Type.Literal('never')], {
  description: 'Whether fixes may write `using` where the environment allows it (default auto).',
});
const patterns = Type.Array(Type.String({ minLength: 1 }));

const override = Type.Object(
  {
    files: Type.Array(Type.String({ minLength: 1 }), {
      minItems: 1,
      description: 'Globs relative to this file; one without a slash matches names in every directory.',
    }),
    preset: Type.Optional(preset),
    rules: Type.Optional(rules),
    timeoutMs: Type.Optional(timeoutMs),
    disposal: Type.Optional(disposal),
  },
  { ...closed, description: 'Settings for some of the files; later ones win.' },
);

/** leakproof.jsonc: the one source of its validation, its types and its published JSON schema. */
export const configSchema = Type.Object(
  {
    $schema: Type.Optional(Type.String()),
    root: Type.Optional(
      Type.Boolean({ description: 'Stops the search for further configuration in the directories above.' }),
    ),
    preset: Type.Optional(preset),
    rules: Type.Optional(rules),
    ignore: Type.Optional({
      ...patterns,
      description: 'Files that are not analysed, in the syntax of .gitignore, relative to this file.',
    }),
    overrides: Type.Optional(Type.Array(override)),
    timeoutMs: Type.Optional(timeoutMs),
    disposal: Type.Optional(disposal),
    models: Type.Optional(Type.Array(modelSchema, { description: 'Resource models of your own libraries.' })),
  },
  { ...closed, title: 'Leakproof configuration' },
);

export type Config = Static<typeof configSchema>;
export type Settings = Pick<Config, 'preset' | 'rules' | 'timeoutMs' | 'disposal'>;
