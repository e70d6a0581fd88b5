import Type, { type Static } from 'typebox';

const closed = { additionalProperties: false } as const;
const text = Type.String({ minLength: 1 });
const index = Type.Integer({ minimum: 0 });
const versions = Type.String({ format: 'semver-range', description: 'A semver range, such as ">=3.18.0".' });
const pattern = Type.String({
  format: 'regular-expression',
  description: 'A regular expression: its source, or /source/flags.',
});

const callback = Type.Object(
  { parameters: Type.Record(Type.String({ pattern: '^[0-9]+$' }), text) },
  { ...closed, description: 'A node-style callback: the type of each parameter, by its index.' },
);

const valueShape = Type.Cyclic(
  {
    ValueShape: Type.Union([
      Type.Object({ value: text }, { ...closed, description: 'A value of that type.' }),
      Type.Object({ type: text }, { ...closed, description: 'A type without a value.' }),
      Type.Object(
        { class: text, callable: Type.Optional(Type.Boolean()), statics: Type.Optional(text) },
        { ...closed, description: 'A class whose instances have that type.' },
      ),
      Type.Object(
        { namespace: Type.Record(Type.String(), Type.Ref('ValueShape')) },
        { ...closed, description: 'A namespace of further exports.' },
      ),
      Type.Object(
        {
          returns: Type.Optional(text),
          promise: Type.Optional(Type.Boolean()),
          callback: Type.Optional(callback),
          eventual: Type.Optional(
            Type.Literal(true, { description: 'It returns no promise and tells its failures by events.' }),
          ),
        },
        { ...closed, description: 'A function.' },
      ),
    ]),
  },
  'ValueShape',
);

const typeShape = Type.Object(
  {
    declaredAs: Type.Optional(Type.Array(Type.Object({ container: text, file: Type.Optional(text) }, closed))),
    extends: Type.Optional(text),
    lacks: Type.Optional(Type.Array(text, { description: 'Limits that look like properties and are none.' })),
    members: Type.Record(Type.String(), valueShape),
    holds: Type.Optional(Type.String({ minLength: 1, description: 'What such a stream keeps open until it ends.' })),
    endsEarly: Type.Optional(Type.String({ minLength: 1, description: 'Who can end such a stream at any time.' })),
    breaksOff: Type.Optional(Type.String({ minLength: 1, description: 'Who can break such a stream off.' })),
    awaitsEnd: Type.Optional(Type.String({ minLength: 1, description: 'What it keeps open until somebody ends it.' })),
    call: Type.Optional(valueShape),
  },
  closed,
);

const statement = Type.Optional(
  Type.Array(text, { description: 'How the SQL in its first argument starts, in lower case, e.g. "begin".' }),
);

const acquireSite = Type.Union([
  Type.Object(
    { type: text, member: text, statement },
    { ...closed, description: 'A call of a method; "statement": only with such SQL.' },
  ),
  Type.Object({ module: text, export: text }, { ...closed, description: 'A call of an exported function.' }),
  Type.Object({ global: text }, { ...closed, description: 'A call of a function that needs no import.' }),
  Type.Object({ call: text }, { ...closed, description: 'A call of a value of that type.' }),
  Type.Object({ construct: text }, { ...closed, description: 'The construction of that type.' }),
]);

const path = Type.Optional(Type.Array(text, { description: 'Where in the value the resource sits.' }));

const yields = Type.Union([
  Type.Object({ via: Type.Literal('value'), path }, closed),
  Type.Object({ via: Type.Literal('promise'), path }, closed),
  Type.Object({ via: Type.Literal('receiver') }, { ...closed, description: 'The object that the call is made on.' }),
  Type.Object({ via: Type.Literal('callback'), parameter: index, error: Type.Optional(index) }, closed),
  Type.Object({ via: Type.Literal('property'), property: text, promise: Type.Boolean() }, closed),
]);

const awaited = Type.Optional(Type.Literal(true, { description: 'It returns a promise that is worth waiting for.' }));

const events = Type.Optional(
  Type.Array(text, { description: 'Only when the first argument is one of these names, e.g. "exit".' }),
);

const stays = Type.Optional(
  Type.Literal(true, { description: 'From here on it is meant to live as long as the application.' }),
);

const withArgument = Type.Optional(Type.Literal(true, { description: 'Only with an argument.' }));

const discharge = Type.Union([
  Type.Object(
    { by: Type.Literal('method'), name: text, promise: awaited, statement, events, withArgument, stays },
    closed,
  ),
  Type.Object({ by: Type.Literal('call') }, closed),
  Type.Object({ by: Type.Literal('iteration') }, closed),
  Type.Object({ by: Type.Literal('property'), name: text }, closed),
  Type.Object(
    { by: Type.Literal('empty'), property: text, values: Type.Array(Type.Number()) },
    { ...closed, description: 'The code asks whether that property has a value that says that nothing is there.' },
  ),
  Type.Object(
    { by: Type.Literal('exhausted'), name: text, property: text },
    { ...closed, description: 'A method whose result says in that property that nothing is left.' },
  ),
  Type.Object({ by: Type.Literal('callbackParameter'), parameter: index }, closed),
  Type.Object(
    {
      by: Type.Literal('acquirer'),
      name: text,
      argument: Type.Optional(index),
      repeats: Type.Optional(Type.Array(index, { description: 'Arguments of the acquisition that it wants again.' })),
      promise: awaited,
    },
    closed,
  ),
  Type.Object(
    {
      by: Type.Literal('function'),
      module: text,
      export: text,
      argument: index,
      promise: awaited,
      more: Type.Optional(Type.String({ description: 'What a fix writes behind the resource.' })),
    },
    closed,
  ),
  Type.Object({ by: Type.Literal('acquirerClose'), name: text }, closed),
]);

const phases = ['acquire', 'connect', 'handshake', 'request', 'headers', 'body', 'idle', 'total'] as const;

const phase = Type.Union(phases.map((name) => Type.Literal(name)));

const boundOption = {
  versions: Type.Optional(versions),
  phase,
  option: Type.String({ minLength: 1, description: 'Path of the option, e.g. "timeout.request".' }),
  unit: Type.Union([Type.Literal('ms'), Type.Literal('s'), Type.Literal('date'), Type.Literal('signal')]),
  default: Type.Union([Type.Number(), Type.Literal('forever')]),
  disabledBy: Type.Optional(Type.Array(Type.Union([Type.Number(), Type.Boolean(), Type.Null()]))),
  emitsOnly: Type.Optional(Type.Literal(true, { description: 'Only an event is emitted; the wait goes on.' })),
  uncommon: Type.Optional(Type.Literal(true, { description: 'Seldom given.' })),
  carrier: Type.Optional(Type.Literal(true, { description: 'Its value is an object with bounds of its own.' })),
  ignored: Type.Optional(Type.String({ description: 'Why the library ignores it, as the end of a sentence.' })),
};

const bound = Type.Object({ at: acquireSite, argument: Type.Optional(index), ...boundOption }, closed);

const wait = Type.Object(
  {
    at: acquireSite,
    versions: Type.Optional(versions),
    of: Type.Union([Type.Literal('request'), Type.Literal('socket'), Type.Literal('child')]),
    kind: Type.String({ minLength: 1, description: 'In the words of a message, e.g. "request".' }),
    phases: Type.Array(phase, { description: 'What nothing ends by default.' }),
    options: Type.Array(index, { description: 'The arguments that can be its options.' }),
    bounds: Type.Array(Type.Object(boundOption, closed)),
    value: Type.Optional(
      Type.Object(
        {
          receiver: Type.Optional(Type.Literal(true)),
          awaited: Type.Optional(Type.Literal(true)),
          accepted: Type.Optional(index),
          timers: Type.Optional(Type.Array(text, { description: 'Methods that arm a timer which only emits.' })),
          armed: Type.Optional(Type.Literal(true, { description: 'Such a timer runs by default.' })),
          bounding: Type.Optional(Type.Record(Type.String(), phase)),
          ends: Type.Array(text, { description: 'Methods that end the wait.' }),
          emitsError: Type.Optional(
            Type.Union([Type.Literal('always'), Type.Literal('uncalled')], {
              description: 'A bound ends it by an `error` event; `uncalled`: where nobody is called back.',
            }),
          ),
          connected: Type.Optional(Type.Array(text, { description: 'Events after which the connection stands.' })),
          finished: Type.Optional(Type.Array(text, { description: 'Events that tell of its end.' })),
          sockets: Type.Optional(Type.Array(text, { description: 'Events whose handler gets the socket.' })),
          parts: Type.Optional(Type.Array(text, { description: 'Properties that hold the socket.' })),
          operators: Type.Optional(
            Type.Object(
              { method: text, bounding: Type.Array(text) },
              { ...closed, description: 'A method that adds to the wait, and the functions that add a bound.' },
            ),
          ),
        },
        closed,
      ),
    ),
    local: Type.Optional(Type.Array(text, { description: 'Options that only a local connection has.' })),
    hosts: Type.Optional(Type.Array(text, { description: 'Options that name the other end.' })),
    shape: Type.Optional(
      Type.Object(
        { members: Type.Array(text), events: Type.Array(text) },
        { ...closed, description: "What only the answer has, as its handler's parameter shows." },
      ),
    ),
    consequence: Type.String({ minLength: 1, description: 'Why a wait without an end hurts.' }),
    preferred: Type.Optional(Type.String({ minLength: 1, description: 'The option that a fix writes.' })),
    patienceMs: Type.Optional(
      Type.Number({ minimum: 0, description: 'How long the platform lets the other end be silent.' }),
    ),
  },
  closed,
);

const waitDefaults = Type.Object(
  {
    at: acquireSite,
    options: index,
    reach: Type.Union([Type.Literal('instance'), Type.Literal('process')]),
    carrier: Type.Optional(Type.Literal(true, { description: 'The argument is an object with bounds of its own.' })),
    assigned: Type.Optional(text),
    hooks: Type.Optional(Type.Array(text)),
    preferred: Type.Optional(Type.Array(text, { description: 'The options that a fix writes.' })),
  },
  { ...closed, description: 'A call whose options hold for later waits.' },
);

const condition = Type.Object(
  {
    argument: index,
    option: Type.Optional(text),
    equals: Type.Optional(Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()])),
    is: Type.Optional(Type.Union([Type.Literal('function'), Type.Literal('text')])),
  },
  { ...closed, description: 'What an argument of the call looks like.' },
);

const idle = Type.Object(
  { begins: Type.Array(text), ends: Type.Array(text), consequence: Type.String({ minLength: 1 }) },
  { ...closed, description: 'What is left behind when nothing is under way in it.' },
);

const told = Type.Object(
  {
    by: Type.Array(text, { description: 'Properties and methods that say where it is, e.g. "path".' }),
    itself: Type.Optional(Type.Literal(true, { description: 'The resource itself is such a text.' })),
    keeps: Type.Optional(
      Type.Object(
        {
          part: text,
          consequence: Type.String({ minLength: 1 }),
          remedy: Type.String({ minLength: 1 }),
          option: Type.Optional(Type.Object({ text: Type.String({ minLength: 1 }), unlessRead: text }, closed)),
        },
        { ...closed, description: 'What stays open although whoever knows the place can remove all else.' },
      ),
    ),
  },
  { ...closed, description: 'What tells others where the resource is.' },
);

const acquisition = Type.Object(
  {
    at: acquireSite,
    versions: Type.Optional(versions),
    yields: Type.Array(yields, {
      minItems: 1,
      description: 'Where the resource appears; the first that is used counts.',
    }),
    when: Type.Optional(Type.Array(condition, { description: 'Only calls that meet all of these acquire.' })),
    unless: Type.Optional(Type.Array(condition, { description: 'Calls that meet one of these do not.' })),
    opens: Type.Optional(Type.Array(text, { description: 'Methods by which the resource becomes open.' })),
    opensByUse: Type.Optional(Type.Array(text, { description: 'Methods whose call opens it, too.' })),
    lifetime: Type.Optional(Type.Literal('application', { description: 'Meant to live as long as the application.' })),
    onlyIfReleased: Type.Optional(
      Type.Array(text, { description: 'Only code that calls one of these on one path owes a release on all.' }),
    ),
    onlyIfKept: Type.Optional(
      Type.Literal(true, { description: 'Whoever drops the result gives it back in another way.' }),
    ),
    endsByItself: Type.Optional(Type.Literal(true, { description: 'Left alone on an ordinary path, it is no leak.' })),
    collected: Type.Optional(Type.Literal(true, { description: 'Garbage collection releases it, late.' })),
    idles: Type.Optional(Type.Literal(true, { description: 'What it holds goes soon when nobody uses it.' })),
    dropsDead: Type.Optional(Type.Literal(true, { description: 'Its pool takes a dead one out by itself.' })),
    passive: Type.Optional(Type.Literal(true, { description: 'It keeps no process alive, and ends with it.' })),
    onDisk: Type.Optional(Type.Literal(true, { description: 'All that is left behind lies on a disk.' })),
    reachedBy: Type.Optional(Type.Array(text, { description: 'Methods of what is made in it that give it.' })),
    told: Type.Optional(told),
    idle: Type.Optional(idle),
    sharedWhere: Type.Optional(pattern),
    borrowers: Type.Optional(
      Type.Array(Type.Object({ module: text, exports: Type.Array(text) }, closed), {
        description: 'Functions that only use what they get.',
      }),
    ),
    resource: Type.Optional(text),
    duty: Type.Union([
      Type.Literal('pooled'),
      Type.Literal('handle'),
      Type.Literal('transaction'),
      Type.Literal('body'),
    ]),
    kind: Type.String({ minLength: 1, description: 'In the words of a message, e.g. "pooled client".' }),
    discharges: Type.Array(discharge, { minItems: 1, description: 'What ends the duty.' }),
    preferred: discharge,
    wrong: Type.Optional(
      Type.Array(
        Type.Object(
          { name: text, because: text, effect: Type.Union([Type.Literal('holds'), Type.Literal('destroys')]) },
          closed,
        ),
      ),
    ),
    again: Type.Optional(
      Type.String({ minLength: 1, description: 'What a second release does, after "releasing it again".' }),
    ),
    disposal: Type.Optional(
      Type.Array(
        Type.Object(
          {
            versions,
            disposal: Type.Union([
              Type.Literal('none'),
              Type.Literal('sync'),
              Type.Literal('async'),
              Type.Literal('both'),
            ]),
            differs: Type.Optional(text),
          },
          closed,
        ),
      ),
    ),
    shorthand: Type.Optional(Type.Record(Type.String(), text)),
    consequence: Type.String({ minLength: 1, description: 'Why an unreleased one hurts, as a part of a message.' }),
    conventional: Type.Optional(Type.Object({ receiver: pattern, uses: Type.Array(text) }, closed)),
  },
  closed,
);

/** A resource model as users write it: the vocabulary of `analysis/resources/model.ts` in JSON. */
export const modelSchema = Type.Object(
  {
    library: Type.String({ minLength: 1, description: 'The name users know.' }),
    packages: Type.Array(Type.Object({ name: text, versions: Type.Optional(versions) }, closed), {
      minItems: 1,
      description: 'The packages whose declarations are described.',
    }),
    modules: Type.Record(Type.String(), Type.Record(Type.String(), valueShape), {
      description: 'By import specifier: what the module exports.',
    }),
    globals: Type.Optional(Type.Record(Type.String(), valueShape)),
    types: Type.Record(Type.String(), typeShape),
    acquisitions: Type.Array(acquisition),
    bounds: Type.Optional(Type.Array(bound)),
    waits: Type.Optional(Type.Array(wait)),
    defaults: Type.Optional(Type.Array(waitDefaults)),
  },
  { ...closed, description: 'How the resources of one library are acquired and released.' },
);

export type ModelJson = Static<typeof modelSchema>;
